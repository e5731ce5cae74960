"""What the supplier is told: decided anew whenever the case stands otherwise, and kept when it has changed.

Decision 39 says status, reason and what is asked of the supplier in the codes of the Peppol Invoice Response; whether
anything is sent at all is part of its answer, since of some cases no word may leave the house.
"""

from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.clock import today_of
from comptroller.application.casework.watching import supplier_asked
from comptroller.domain.feel import Value

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

RESPONSE: Final = "supplier response"


def respond(run: "CaseRun", *, answer: str = "") -> None:
    """Ask decision 39 and tell its answer where it is another than before; `answer` is a person's last word."""
    if not run.knows(RESPONSE) or not run.has_document:
        return
    facts: dict[str, Value] = {
        "disposition": {"outcome": run.dossier.disposition or None},
        "matters": [str(finding.get("type") or "") for finding in run.dossier.findings],
        "short paid": bool(run.dossier.short_paid),
        "supplier asked": supplier_asked(run),
        "answer": answer,
        "decision date": today_of(run),
    }
    value: Any = run.decide(RESPONSE, facts).value
    said = value if isinstance(value, dict) else {}
    response = {
        "status": str(said.get("outcome") or "in process"),
        "code": str(said.get("code") or "IP"),
        "reason": str(said.get("reason") or "OTH"),
        "action": str(said.get("action") or "NOA"),
        "send": said.get("send") is True,
    }
    if response != run.dossier.response:
        run.dossier.response = response
        run.tell("supplier.responded", response)

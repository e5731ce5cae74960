"""A new or changed supplier record: entered by one person, in force once a second one has verified it.

It brings no bank account: an account is a change of its own, with its own call-back.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.account_change import HOURS, VERIFIER
from comptroller.application.casework.assignment import Asked, assign_role, lacks
from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.casework.release_steps import release_steps
from comptroller.application.casework.stages import ask_in_stages
from comptroller.application.reference_kinds import KINDS
from comptroller.application.reference_store import store_version
from comptroller.domain.feel import Value
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import digest

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

ACTIONS: Final[list[Value]] = ["approve", "reject"]
VERIFICATION: Final[Mapping[str, Value]] = {
    "step": "verification",
    "title": "Verify the record of",
    "role": VERIFIER,
    "hours": Decimal(HOURS),
}


def ask_for_second_person(run: "CaseRun") -> Mapping[str, Value]:
    """Ask the supplier master's second person, or as many as policy says, to look at what was entered."""
    proposal = run.dossier.proposal
    run.dossier.content_hash = digest(proposal)
    uow, lacking = run.session.uow, lacks(Duty.SUPPLIER_VERIFY, run.session.policy.pack.roles)
    asked = Asked("", run.session.now.date(), lacking, {run.dossier.enterer})
    steps = [
        {**step, "title": f"{step['title']} {proposal['name']}", "resolutions": ACTIONS}
        for step in release_steps(run, "supplier", None, otherwise=VERIFICATION)
    ]
    open_steps = ask_in_stages(run, steps, asked, lambda step, of: assign_role(uow, str(step["role"]), of))
    run.dossier.reasons = [
        {
            "code": "SUPPLIER-VERIFY-02",
            "text": f"the record of {proposal['name']} was entered and waits for a second person",
        }
    ]
    run.describe(supplier=proposal["id"], supplier_name=proposal["name"], outcome="verification")
    return {"open steps": open_steps}


def put_supplier_in_force(run: "CaseRun") -> Mapping[str, Value]:
    """Make the verified record the one in force, with the accounts that stand in it now.

    A telephone number that is new is known from today on: no change of an account before is called back on it.
    """
    session, proposal = run.session, run.dossier.proposal
    alias = f"supplier/{proposal['id']}"
    session.uow.serialize([alias])
    rows = session.uow.references([alias])[alias]
    before: dict[str, Any] = body_of(rows[0]) if rows else {}
    known = {each["number"]: each for each in before.get("telephones", ())}
    today = session.now.date().isoformat()
    numbers = [
        known.get(each["number"], {"number": each["number"], "since": today}) for each in proposal.get("telephones", ())
    ]
    body = {**proposal, "telephones": numbers, "accounts": before.get("accounts", [])}
    if not rows:
        body["created_on"] = today
    store_version(session, KINDS["supplier"], proposal["id"], body)
    run.describe(status="done", outcome="verified")
    return {}

"""Attempts against policy, told once; and the other parts of a purchase that was split, called up once.

A case is judged again and again: what it attempted is told the first time only. A split concerns several cases: it is
told by the one that completed it, and the others, which were routed by their own amount, are called up to be routed by
the sum. What was told is a balance named by the cases, so that no two of them tell it at once (INVARIANT 9).
"""

from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.milestones import mark
from comptroller.application.casework.taking import in_millionths
from comptroller.application.outbox import message_row
from comptroller.application.records import BalanceRow

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

SPLIT: Final = "split"


def tell_attempts(run: "CaseRun", outcome: Any) -> None:
    """Tell every attempt that the disposition found and that was not told before."""
    found = outcome.get("breaches")
    named = [str(each) for each in found] if isinstance(found, list) else []
    first = _is_first_of_split(run)
    for name in dict.fromkeys([*named, *([str(outcome["breach"])] if outcome.get("breach") else [])]):
        if name in run.dossier.breaches or (name == SPLIT and not first):
            continue
        run.dossier.breaches.append(name)
        told = {"class": name, "gross": run.row.gross, "currency": run.row.currency}
        mark(run, run.tell("breach.attempted", told), "breach attempted", person=run.dossier.requester, detail=name)


def _is_first_of_split(run: "CaseRun") -> bool:
    """Whether these parts meet for the first time; then the parts that wait are called up."""
    split: Any = run.outcomes.get(SPLIT)
    others = [str(case) for case in split.get("cases") or ()] if isinstance(split, dict) else []
    if not others or split.get("outcome") != "aggregate":
        return False
    parts = "\n".join(sorted({run.row.case_id, *others}))
    key = f"split/{sha256(parts.encode()).hexdigest()}"
    uow = run.session.uow
    if uow.balances([key]).get(key, 0):
        return False
    uow.update(BalanceRow(key, in_millionths(Decimal(1))))
    for case in others:
        subject = f"case/{case}"
        if uow.waiting_for("case.changed", subject):
            uow.insert(message_row(run.session, "case.changed", subject, cause=f"split with {run.row.number}"))
    return True

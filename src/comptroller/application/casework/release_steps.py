"""Which steps release a changed record, as policy says: an order's, a contract's, a supplier's."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.clock import today_of
from comptroller.application.casework.signing import answered_by
from comptroller.domain.feel import Value
from comptroller.domain.identity import Principal
from comptroller.domain.kernel.fault import Rejection, RejectionKind

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

ROUTING: Final = "record release routing"


def release_steps(
    run: "CaseRun", kind: str, commitment: Decimal | None, *, otherwise: Mapping[str, Value]
) -> Sequence[Mapping[str, Any]]:
    """Ask policy for the steps; where it names none, as versions did that had no such decision, the one of `otherwise`.

    `commitment` is what the record commits to in the group's currency; None where that is not known, or nothing.
    """
    if not run.knows(ROUTING):
        return [otherwise]
    run.facts |= {"record kind": kind, "commitment": commitment, "decision date": today_of(run)}
    outcome: Any = run.decide(ROUTING).value
    steps = outcome.get("steps") if isinstance(outcome, dict) else None
    found = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return [{**otherwise, **step} for step in found] or [otherwise]


def twice_problem(run: "CaseRun", person: Principal, _step: Mapping[str, Any]) -> Rejection | None:
    """Why this person does not sign beside others: they have answered for this record already."""
    if person.id not in answered_by(run):
        return None
    return Rejection(
        RejectionKind.FORBIDDEN,
        "TASK-TWICE-01",
        "you have answered this already; another person signs beside you",
        breach="second signature by the same person",
        subject=run.row.case_id,
    )

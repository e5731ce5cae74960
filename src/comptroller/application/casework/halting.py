"""A case that is stuck or stopped: its row says so, and afterwards again what it said before.

INVARIANT 4: only the outcome says it. The status is what has become of the case, and what is posted, released or put
in force stays so whatever happens behind it.
"""

from typing import TYPE_CHECKING, Final

from comptroller.domain.workflow import Status

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

INCIDENT: Final = "incident"
SUSPENDED: Final = "suspended"
HALTED: Final = frozenset({INCIDENT, SUSPENDED})
"""The outcomes of a case that goes on only by an operator's word."""


def say_where_it_halts(run: "CaseRun") -> None:
    """Let the outcome of the case's row follow from where its process stands."""
    halts = _halts(run)
    if halts == run.row.outcome or not (halts or run.row.outcome in HALTED):
        return
    if not halts:
        run.describe(outcome=run.dossier.outcome_before)
        run.dossier.outcome_before = ""
        return
    if run.row.outcome not in HALTED:
        run.dossier.outcome_before = run.row.outcome
    run.describe(outcome=halts)


def _halts(run: "CaseRun") -> str:
    if run.state.status is Status.SUSPENDED:
        return SUSPENDED
    is_stuck = run.state.status is Status.RUNNING and any(at.incident for at in run.state.tokens.values())
    return INCIDENT if is_stuck else ""

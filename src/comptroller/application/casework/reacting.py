"""What a case's row, tasks and waits become by an event of its process."""

from typing import TYPE_CHECKING, Final

from comptroller.application.casework.halting import say_where_it_halts
from comptroller.application.casework.milestones import mark, mark_findings
from comptroller.application.casework.waits import Awaited
from comptroller.domain import workflow
from comptroller.domain.workflow import events
from comptroller.domain.workflow.model import EndEvent

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

ENDINGS: Final = {"Cancelled": "cancelled", "Refused": "rejected"}
"""What an end event's name means where it says no `status` itself, as in versions that could not say it."""


def react(run: "CaseRun", event: workflow.Event) -> None:
    """Write the rows that follow from an event; moves that only the machine's own record needs have none."""
    match event:
        case events.NodeEntered() | events.NodeLeft() | events.JobCompleted() | events.VariablesSet():
            pass  # nearly all are one of these
        case events.TaskOffered():
            run.tasks.offer(event)
        case events.TaskWithdrawn():
            run.tasks.withdraw(event)
        case events.TimerSet() | events.CycleSet() | events.TimerCancelled():
            run.waits.take_timer(event)
        case events.MessageThrown() | events.SignalThrown():
            run.waits.throw(event)
        case events.IncidentRaised():
            run.tell("case.incident", {"node": event.node, "code": event.code, "message": event.message})
        case events.CaseEnded():
            _end(run, event)
        case events.CaseCancelled():
            run.describe(status="cancelled", outcome="cancelled")
            run.waits.stop()
            run.tasks.void_questions()
            run.tell("case.cancelled", {"reason": event.reason})
        case _ if isinstance(event, Awaited):
            run.waits.take(event)
        case _:
            pass


def _end(run: "CaseRun", event: events.CaseEnded) -> None:
    say_where_it_halts(run)
    if run.row.status == "waiting":  # ended without an effect of its own: by a person's word
        ending = _ending(run, event)
        run.describe(status=ending, outcome=ending)
    run.describe(exceptions="")
    run.waits.stop()
    run.tasks.void_questions()
    if run.row.status != "posted":  # what blocks a payment stays open until it is lifted
        mark_findings(run, run.dossier.findings, [])
    told = {"end": event.end, "name": event.name, "outcome": run.row.outcome}
    mark(run, run.tell("case.ended", told), "ended", detail=run.row.outcome)


def _ending(run: "CaseRun", event: events.CaseEnded) -> str:
    place = run.process.places.get(event.end)
    said = place.node.status if place is not None and isinstance(place.node, EndEvent) else ""
    return said or ENDINGS.get(event.name, "done")

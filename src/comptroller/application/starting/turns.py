"""Takes the turn of a timer start event: its cases are put in hand, and its row is set to the turn that follows.

What a turn begins is a row of its own, named by process, event, instant and entity: a turn begins nothing twice,
whoever dies on the way and whatever version is in force by then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from comptroller.application.caller import PACK
from comptroller.application.casework.clock import calendar_at
from comptroller.application.needs import Needs
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import OutboxRow, revised
from comptroller.application.releasing.timeline import alias_of
from comptroller.application.session import Session
from comptroller.application.starting.event import Beginning, begin_row, stream_of_process
from comptroller.application.starting.schedule import EVERY_ENTITY, Now, payload_of, timers, turn_of, waiting
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.workflow.process import CatchKind
from comptroller.domain.workflow.timing import Turn, first_turn, turn_after


@dataclass(frozen=True, slots=True)
class TakeTurn:
    """The turn of a timer start event has come."""

    row: OutboxRow

    @property
    def needs(self) -> Needs:
        """What is in force, so that it stays so meanwhile, and the row itself."""
        return Needs(keys=[alias_of(PACK)], outbox=[self.row.outbox_id])


def take_turn(session: Session, command: TakeTurn) -> dict[str, Any]:
    """Put what the turn begins in hand, and set the row to the next one by what is in force now."""
    row, now = command.row, Now(session.now, session.machine_now)
    body: Any = decode(row.payload)
    turn = turn_of(body)
    if now.tenants < turn.due:  # two clocks disagree by a moment
        session.uow.update(waiting(row, now.waits_until(turn.due)))
        return {"begun": 0}
    entities = _entities(session.uow, body["entity"])
    for entity in entities:
        beginning = Beginning(body["process"], body["event"], CatchKind.TIMER, "", instant_text(turn.due), entity)
        identifier = f"{row.outbox_id}.{instant_text(turn.due)}.{entity}"
        if session.uow.outbox(identifier) is None:
            session.uow.insert(begin_row(session, identifier, beginning))
    following = _set_next(session, row, turn, now)
    told = {"event": body["event"], "turn": turn.due, "entities": entities, "next": following and following.due}
    session.evidence.tell(stream_of_process(body["process"]), "start.turn", told)
    return {"begun": len(entities)}


def _set_next(session: Session, row: OutboxRow, turn: Turn, now: Now) -> Turn | None:
    """Set a row to the turn that follows; by another version it is counted anew, and where none has it, it is over."""
    body: Any = decode(row.payload)
    found = {(process.id, catch.id): (process, catch) for process, catch in timers(session.policy)}
    free = revised(row, attempts=0, error="", lease_owner="", lease_until=None)
    if (body["process"], body["event"]) not in found:
        session.uow.update(revised(free, status="cancelled"))
        return None
    process, catch = found[body["process"], body["event"]]
    assert catch.timing is not None
    calendar = calendar_at(session.uow, process.starts[catch.id].entity)
    is_same = process.hash == body["version"]
    following = (
        turn_after(turn, catch.timing, now.tenants, calendar)
        if is_same
        else first_turn(catch.timing, now.tenants, calendar)
    )
    free = revised(free, payload=payload_of(process, catch, following or turn))
    due = now.waits_until(following.due) if following else now.machines
    session.uow.update(revised(free, status="pending" if following else "done", not_before=due))
    return following


def _entities(uow: UnitOfWork, named: str) -> Sequence[str]:
    return [row.key for row in uow.reference_list("entity")] if named == EVERY_ENTITY else [named]

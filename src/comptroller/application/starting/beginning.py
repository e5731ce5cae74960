"""Begins the case that a start event waits for, by the version in force; once, whoever dies over it.

A case begun so has no document. What cannot be begun so is not begun: the row waits where an operator sees it, and says
why.
"""

from dataclasses import dataclass
from typing import Any

from comptroller.application.caller import SYSTEM
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.opening import begin, start
from comptroller.application.people.records import principal
from comptroller.application.records import CommandRow, OutboxRow, revised
from comptroller.application.session import Session
from comptroller.application.starting.event import KIND, VARIABLE, Beginning, on_file, once_key, stream_of_process
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, encode


@dataclass(frozen=True, slots=True)
class BeginCase:
    """A start event has happened: its case is to begin."""

    row: OutboxRow


def begin_case(session: Session, command: BeginCase) -> dict[str, Any]:
    """Begin a case by the version in force, and settle the row; what hinders it is told, and waits for a person."""
    row, body = command.row, decode(command.row.payload)
    assert isinstance(body, dict)
    beginning = Beginning.from_json(body)
    settled = revised(row, attempts=row.attempts + 1, lease_owner="", lease_until=None)
    hindrance = _hindrance(session, beginning)
    if hindrance:
        session.evidence.tell(
            stream_of_process(beginning.process), "case.not.begun", {**beginning.told, "why": hindrance}
        )
        session.uow.update(revised(settled, status="dead", error=hindrance))
        return {"case_id": "", "why": hindrance}
    begun = _begin(session, beginning)
    session.uow.update(revised(settled, status="done", error=""))
    return begun


def _begin(session: Session, beginning: Beginning) -> dict[str, Any]:
    start_event = session.policy.processes[beginning.process].starts[beginning.event]
    owner = start_event.owner
    dossier = Dossier(enterer=beginning.sender, begun={**beginning.to_json(), "owner": owner})
    about: Any = {"kind": KIND, "number": beginning.key or beginning.name, "entity": beginning.entity}
    run = begin(session, beginning.process, dossier=dossier, **about)
    run.tell("case.begun", {**beginning.told, "owner": owner})
    if start_event.once:
        kept = encode(run.row.case_id).decode()
        session.uow.insert(CommandRow(SYSTEM, once_key(beginning), "", kept, session.now))
    variables = {**(beginning.carries or {}), VARIABLE: beginning.told}
    return start(run, variables=variables, event=beginning.event)


def _hindrance(session: Session, beginning: Beginning) -> str:
    """Why a case does not begin: nobody would know whose it is or what it is to do, or it has begun; empty: it does."""
    process = session.policy.processes.get(beginning.process)
    if process is None or not any(each.id == beginning.event for each in process.begun_by):
        return f"nothing in force is begun by `{beginning.event}` of the process `{beginning.process}` any more"
    if not beginning.entity:
        return "what would begin the case names no entity, so that nobody would know whose it is"
    if not on_file(session.uow, beginning.entity):
        return f"there is no entity `{beginning.entity}` on file"
    if beginning.depth > limits.BEGUN_DEPTH_MAX:
        return f"{limits.BEGUN_DEPTH_MAX} cases have begun one another: the processes go round in a circle"
    sender = principal(session.uow, beginning.sender) if beginning.sender else None
    if beginning.sender and (sender is None or not sender.works_for(beginning.entity)):
        return f"`{beginning.sender}`, who sent the message, does not work for `{beginning.entity}`"
    begun = session.uow.command(SYSTEM, once_key(beginning)) if process.starts[beginning.event].once else None
    if begun is not None:
        return f"the case `{decode(begun.answer)}` was begun by `{beginning.name}` under this key before"
    return ""

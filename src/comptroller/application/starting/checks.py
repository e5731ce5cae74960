"""What a pack's processes need that an event begins: somebody whose the case is, and nothing that takes a document."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from comptroller.application.starting.schedule import EVERY_ENTITY
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import ConditionalDefinition, StartEvent, TimerDefinition

WITHOUT_A_DOCUMENT: Final = frozenset({"manual", "exception"})
"""Kinds of tasks that can be about a case without a document or record: services all work on one."""


def check_starts(process: Process, processes: Mapping[str, Process], roles: Collection[str]) -> Iterator[Fault]:
    """What keeps a process from being begun by its start events with a definition."""
    begun = [start for start in process.starts.values() if start.definition is not None]
    for start in begun:
        yield from _check_start(start, roles)
    if begun:
        for each in _with_called(process, processes):
            yield from _check_work(process, each)


def _check_start(start: StartEvent, roles: Collection[str]) -> Iterator[Fault]:
    if isinstance(start.definition, ConditionalDefinition):
        message = "a condition begins no case: it is looked at when a variable changes, and there is none yet"
        yield Fault("PACK-START-01", start.id, message, help="begin the process by a message, a signal or a timer")
    if start.owner not in roles:
        told = f"the role `{start.owner}` is not in the pack" if start.owner else "nobody looks after the case"
        yield Fault("PACK-START-02", start.id, told, help="name a role of the pack in the attribute `owner`")
    is_timer = isinstance(start.definition, TimerDefinition)
    if is_timer != bool(start.entity):
        message = "the clock names no entity" if is_timer else "what begins the case names its entity itself"
        help_text = f"write the attribute `entity`, `{EVERY_ENTITY}` for a case of each" if is_timer else "leave it out"
        yield Fault("PACK-START-03", start.id, message, help=help_text)
    counts = isinstance(start.definition, TimerDefinition) and start.definition.service_hours
    if counts and start.entity == EVERY_ENTITY:
        message = "service hours are those of one entity"
        yield Fault("PACK-START-03", start.id, message, help="name the entity, one start event each")


def _check_work(process: Process, each: Process) -> Iterator[Fault]:
    """A service that works on a document would find none."""
    for service in sorted(each.services):
        message = f"the service `{service}` works on a document or a record, and a case begun by an event has none"
        yield Fault("PACK-START-04", process.id, message, help="ask people, decisions and scripts, or send a message")
    for kind in sorted(each.task_kinds - WITHOUT_A_DOCUMENT):
        message = f"a task of the kind `{kind}` is about a document or a record, and a case begun by an event has none"
        kinds = " or ".join(f"`{name}`" for name in sorted(WITHOUT_A_DOCUMENT))
        yield Fault("PACK-START-04", process.id, message, help=f"ask by a task of the kind {kinds}")


def _with_called(process: Process, processes: Mapping[str, Process]) -> list[Process]:
    """The process and what it calls, directly or not."""
    found, pending = {process.id: process}, [process]
    while pending:
        for call in pending.pop().calls:
            called = processes.get(call.called)
            if called is not None and called.id not in found:
                found[called.id] = called
                pending.append(called)
    return [*found.values()]

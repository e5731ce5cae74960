"""What a pack's processes need that an event begins: somebody whose the case is, and nothing that takes a document."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from comptroller.application.casework.tasks import DIFFERENCES
from comptroller.application.starting.schedule import EVERY_ENTITY
from comptroller.domain.decisions.definitions import Definitions, texts
from comptroller.domain.decisions.requirements import behind
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import ConditionalDefinition, StartEvent, TimerDefinition
from comptroller.domain.workflow.process import Place

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


def check_answers(process: Process, processes: Mapping[str, Process], models: Sequence[Definitions]) -> Iterator[Fault]:
    """Answers that a process names, or a decision that it asks, and nobody can give on a case without a document.

    Versions that were released before it was looked for go on as they are, and do not offer them.
    """
    if not any(start.definition is not None for start in process.starts.values()):
        return
    for each in _with_called(process, processes):
        for place in each.places.values():
            yield from _of_differences(f"{each.id}/{place.node.id}", _texts_of(place))
        for name in sorted(each.decisions):
            written = (text for element in behind(name, models) for text in texts(element))
            yield from _of_differences(f"{each.id}/{name}", written)


def _of_differences(path: str, written: Iterator[str]) -> Iterator[Fault]:
    text = "\n".join(written)
    for answer in sorted(DIFFERENCES):
        if f'"{answer}"' in text:
            message = (
                f"`{answer}` settles what a document differs from its order, and a case begun by an event has none"
            )
            yield Fault("PACK-START-05", path, message, help="leave it out, or ask a decision that does not name it")


def _texts_of(place: Place) -> Iterator[str]:
    """The expressions from which what a task is about can come."""
    yield from (each.source.text for each in (*place.inputs, *place.outputs))
    if place.expression is not None:
        yield place.expression.text
    if place.instances is not None:
        yield place.instances.collection.text


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

"""What a process needs of its pack and of the platform, and does not find: decisions, services, tasks, roles, calls.

A file that stands alone is told as a warning what no pack could give it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Final

from comptroller.application.casework.opening import INVOICE_PROCESS
from comptroller.application.casework.services import ASKED_BY_SERVICE, HANDLERS
from comptroller.application.casework.tasks import ACTIONS, ASKED_BY_TASK
from comptroller.application.releasing.timeline import PROCESS as POLICY_PROCESS
from comptroller.application.starting.checks import check_answers, check_starts
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.packs.source import Source
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.calling import check_calls
from comptroller.domain.workflow.model import (
    Binding,
    EndEvent,
    MessageDefinition,
    Node,
    SendTask,
    SignalDefinition,
    ThrowEvent,
)
from comptroller.domain.workflow.process import Catch, CatchKind

TOLD_BY_PLATFORM: Final = frozenset({"case.changed", "delivery.answered"})
"""The messages that the platform itself tells a case; they have no key."""


def check_reach(process: Process, processes: Mapping[str, Process], roles: Collection[str]) -> Iterator[Fault]:
    """What a process needs of the others of its pack, and of the platform, and does not find."""
    yield from check_starts(process, processes, roles)
    yield from _check_platform(process)
    for call in process.calls:
        called = processes.get(call.called)
        if call.binding is Binding.RELEASE and called is None:
            yield Fault("PACK-CALL-01", call.id, f"the pack holds no process `{call.called}`")


def check_decisions(process: Process, decisions: Collection[str]) -> Iterator[Fault]:
    """The decisions that a process asks for and no file has."""
    for name in sorted(process.decisions - {*decisions}):
        yield Fault("PACK-DECISION-01", process.id, f"the process asks for the unknown decision `{name}`")


def check_asked(processes: Mapping[str, Process], decisions: Collection[str]) -> Iterator[Fault]:
    """What the platform will look for in a pack while its processes run, and does not find.

    Versions that were released before it was looked for go on as they are, so this is told of sources alone.
    """
    for name in sorted({INVOICE_PROCESS, POLICY_PROCESS} - processes.keys()):
        message = f"the pack has no process `{name}`"
        yield Fault("PACK-PROCESS-01", name, message, by="pack", help="`comptroller policy new` writes one")
    for process in processes.values():
        yield from _check_served(process, decisions)


def check_in_pack(process: Process, source: Source) -> Iterator[Fault]:
    """Everything that a process needs of the pack that it lies in, or is to lie in, and does not find."""
    processes = {each.id: each for each in source.processes.values()} | {process.id: process}
    roles = source.pack.roles if source.pack is not None else ()
    yield from check_reach(process, processes, roles)
    yield from check_decisions(process, source.models.keys())
    yield from _check_served(process, source.models.keys())
    yield from check_answers(process, processes, [*source.definitions.values()])
    yield from check_calls(processes)
    yield from _check_told(process, processes.values(), CatchKind.MESSAGE, CatchKind.SIGNAL)


def check_alone(process: Process) -> Iterator[Fault]:
    """What no pack could give a process, as far as its file alone shows it; warnings, since it is in no pack yet."""
    owners = {start.owner for start in process.starts.values() if start.owner}
    found = (*check_starts(process, {process.id: process}, owners), *_check_platform(process))
    yield from (replace(each, severity=Severity.WARNING) for each in found)
    yield from _check_told(process, (process,), CatchKind.MESSAGE)


def _check_platform(process: Process) -> Iterator[Fault]:
    for kind in sorted(process.task_kinds - ACTIONS.keys()):
        help_text = f"use one of {', '.join(sorted(ACTIONS))}"
        yield Fault(
            "PACK-TASK-01", process.id, f"the process offers tasks of the unknown kind `{kind}`", help=help_text
        )
    for service in sorted(process.services - HANDLERS.services.keys()):
        help_text = f"use one of {', '.join(sorted(HANDLERS.services))}"
        message = f"the process asks for the unknown service `{service}`"
        yield Fault("PACK-SERVICE-01", process.id, message, help=help_text)


def _check_served(process: Process, decisions: Collection[str]) -> Iterator[Fault]:
    served = [(f"service `{name}`", ASKED_BY_SERVICE.get(name, ())) for name in sorted(process.services)]
    served += [(f"tasks of kind `{kind}`", ASKED_BY_TASK.get(kind, ())) for kind in sorted(process.task_kinds)]
    for what, names in served:
        for name in names:
            if name not in decisions:
                message = f"the process has {what}: the platform asks decision `{name}` for it, which no file has"
                yield Fault("PACK-DECISION-06", process.id, message, by="pack", help="add the decision")


def _check_told(process: Process, processes: Collection[Process], *kinds: CatchKind) -> Iterator[Fault]:
    """What a process waits for and nobody tells: messages without a key come from the case itself or the platform."""
    told = {CatchKind.MESSAGE: set(TOLD_BY_PLATFORM), CatchKind.SIGNAL: set[str]()}
    for each in processes:
        for place in each.places.values():
            for kind, name in _tells(place.node):
                told[kind].add(name)
    catches = {each.id: each for place in process.places.values() for each in (*place.own, *place.boundary)}
    for catch in catches.values():
        if catch.kind in kinds and catch.expression is None and catch.name not in told[catch.kind]:
            yield _untold(catch)


def _tells(node: Node) -> Iterator[tuple[CatchKind, str]]:
    match node:
        case SendTask(message=name, key=""):
            yield CatchKind.MESSAGE, name
        case ThrowEvent(definition=MessageDefinition(name, "")) | EndEvent(definition=MessageDefinition(name, "")):
            yield CatchKind.MESSAGE, name
        case ThrowEvent(definition=SignalDefinition(name)) | EndEvent(definition=SignalDefinition(name)):
            yield CatchKind.SIGNAL, name
        case _:
            pass


def _untold(catch: Catch) -> Fault:
    is_signal = catch.kind is CatchKind.SIGNAL
    code = "PACK-SIGNAL-01" if is_signal else "PACK-MESSAGE-01"
    who = "no process of the pack throws" if is_signal else "neither the case nor the platform tells"
    rest = "" if is_signal else " without a key"
    help_text = (
        "throw it, or mend its name" if is_signal else "one from outside has a key: say it by the attribute `key`"
    )
    message = f"the {catch.kind.value} `{catch.name}` is awaited{rest}, which {who}"
    return Fault(code, catch.id, message, Severity.WARNING, help=help_text)

"""Processes as pictures: the versions that cases run by, and where the open cases of a version stand.

The database counts them, all of them: how many stand on a step, how long they have stood there, how many are stuck.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from comptroller.application.policy import Policy
from comptroller.application.presenting.story import kind_of_node
from comptroller.application.queries import visible_case
from comptroller.application.records import NodeCount, OpenCount
from comptroller.application.releasing.timeline import versions_in_force
from comptroller.application.session import Refused, Session
from comptroller.application.views import NodeLoad, ProcessLine, ProcessPicture
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import Process


@dataclass(frozen=True, slots=True)
class ShowProcesses:
    """Every process in force, and the earlier versions that open cases still run by."""


@dataclass(frozen=True, slots=True)
class ShowProcess:
    """One version of a process with where its open cases stand; without a version, the one in force."""

    process: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class GetProcessModel:
    """The BPMN of a process version, as it was released."""

    process: str
    version: str


@dataclass(frozen=True, slots=True)
class GetCaseModel:
    """The BPMN of the process version that a case keeps."""

    case_id: str


def show_processes(session: Session, _command: ShowProcesses) -> tuple[ProcessLine, ...]:
    """The processes by name, the version in force first."""
    cases: Counter[tuple[str, str]] = Counter()
    stuck: Counter[tuple[str, str]] = Counter()
    for each in _open_counts(session):
        cases[each.process, each.process_hash] += each.cases
        stuck[each.process, each.process_hash] += each.stuck
    in_force = {(process.id, process.hash): process.name for process in session.policy.processes.values()}
    names = {process.id: process.name for process in session.policy.processes.values()}
    lines = [
        ProcessLine(
            process=key,
            name=in_force.get((key, version)) or names.get(key, key),
            version=version,
            is_in_force=(key, version) in in_force,
            cases=cases[key, version],
            incidents=stuck[key, version],
        )
        for key, version in {*in_force, *cases}
    ]
    return tuple(sorted(lines, key=lambda line: (line.name, not line.is_in_force, line.version)))


def show_process(session: Session, command: ShowProcess) -> ProcessPicture | Refused:
    """A version's nodes with the tokens of open cases on them: how many, how long they have stood there, incidents."""
    found = _version(session, command.process, command.version)
    if isinstance(found, Refused):
        return found
    policy, process = found
    entities = session.caller.principal.entities
    loads = {each.node: each for each in session.uow.node_counts(process.id, process.hash, entities)}
    counts = [each for each in _open_counts(session) if (each.process, each.process_hash) == (process.id, process.hash)]
    return ProcessPicture(
        process=process.id,
        name=process.name,
        version=process.hash,
        is_in_force=policy.hash in versions_in_force(session),
        cases=sum(each.cases for each in counts),
        nodes=tuple(
            _load(loads.get(key), key, str(getattr(process.places[key].node, "name", "") or key), session.now)
            for key in process.places
            if key in loads or kind_of_node(process.places[key].node) == "person"
        ),
    )


def get_process_model(session: Session, command: GetProcessModel) -> bytes | Refused:
    """The bytes that were released under this hash."""
    found = _version(session, command.process, command.version)
    return found if isinstance(found, Refused) else _source(session, *found)


def get_case_model(session: Session, command: GetCaseModel) -> bytes | Refused:
    """The model that the case runs by."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    policy = session.environment.policies.version(session.uow, row.policy_hash)
    return _source(session, policy, policy.processes[row.process])


def _load(count: NodeCount | None, node: str, title: str, now: datetime) -> NodeLoad:
    """The tokens on one node, as a person reads of them."""
    if count is None:
        return NodeLoad(node, title, 0, None, None, 0, 0)
    median, ninth = (_since(at, now) for at in (count.median, count.ninth))
    return NodeLoad(node, title, count.tokens, median, ninth, count.tokens - count.known, count.stuck)


def _since(arrived: int | None, now: datetime) -> timedelta | None:
    return None if arrived is None else max(now - datetime.fromtimestamp(arrived, UTC), timedelta(0))


def _open_counts(session: Session) -> list[OpenCount]:
    """Open cases that the caller may see, by version and entity."""
    return [each for each in session.uow.open_counts() if session.caller.sees(each.entity)]


def _version(session: Session, process: str, version: str) -> tuple[Policy, Process] | Refused:
    """The policy and process of a version: the one in force, or that of an open case."""
    current = session.policy.processes.get(process)
    if current is not None and version in {"", current.hash}:
        return session.policy, current
    wanted = (process, version)
    known = next((each for each in _open_counts(session) if (each.process, each.process_hash) == wanted), None)
    if known is None:
        text = f"there is no process `{process}` in this version"
        help_text = "open the list of processes"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "PROCESS-UNKNOWN-01", text, help=help_text))
    policy = session.environment.policies.version(session.uow, known.policy_hash)
    return policy, policy.processes[process]


def _source(session: Session, policy: Policy, process: Process) -> bytes:
    row = session.uow.policy(policy.hash)
    assert row is not None  # its version was just read
    files: Any = decode(row.files)
    contents = (str(text).encode() for text in files.values())
    return next(content for content in contents if sha256(content).hexdigest() == process.hash)

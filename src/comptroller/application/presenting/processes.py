"""Processes as pictures: the versions that cases run by, and where the open cases of a version stand.

The numbers are counted from the cases themselves, newest first, up to `CASES_COUNTED_MAX`; beyond it the page says so.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from statistics import median_high
from typing import Any, Final

from comptroller.application.policy import Policy
from comptroller.application.presenting.story import kind_of_node
from comptroller.application.queries import visible_case
from comptroller.application.records import CaseRow
from comptroller.application.releasing.timeline import versions_in_force
from comptroller.application.session import Refused, Session
from comptroller.application.views import NodeLoad, ProcessLine, ProcessPicture
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.workflow import Process, State, Token

CASES_COUNTED_MAX: Final = 10_000


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
    counted: dict[tuple[str, str], list[CaseRow]] = defaultdict(list)
    for row in _open_cases(session):
        counted[row.process, row.process_hash].append(row)
    in_force = {(process.id, process.hash): process.name for process in session.policy.processes.values()}
    names = {process.id: process.name for process in session.policy.processes.values()}
    lines = [
        ProcessLine(
            process=key,
            name=in_force.get((key, version)) or names.get(key, key),
            version=version,
            is_in_force=(key, version) in in_force,
            cases=len(counted[key, version]),
            incidents=sum(_has_incident(row) for row in counted[key, version]),
        )
        for key, version in {*in_force, *counted}
    ]
    return tuple(sorted(lines, key=lambda line: (line.name, not line.is_in_force, line.version)))


def show_process(session: Session, command: ShowProcess) -> ProcessPicture | Refused:
    """A version's nodes with the tokens of open cases on them: how many, how long they have waited, incidents."""
    found = _version(session, command.process, command.version)
    if isinstance(found, Refused):
        return found
    policy, process = found
    loads: dict[str, _Load] = defaultdict(_Load)
    cases = counted = 0
    for row in _open_cases(session):
        counted += 1
        if row.process_hash == process.hash:
            cases += 1
            for token in _tokens(row):
                loads[token.node].count(row, session.now, is_incident=bool(token.incident))
    return ProcessPicture(
        process=process.id,
        name=process.name,
        version=process.hash,
        is_in_force=policy.hash in versions_in_force(session),
        cases=cases,
        is_complete=counted < CASES_COUNTED_MAX,
        nodes=tuple(
            NodeLoad(key, str(getattr(process.places[key].node, "name", "") or key), *loads[key].figures())
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


class _Load:
    """The tokens on one node."""

    def __init__(self) -> None:
        self.standing: list[timedelta] = []
        self.incidents = 0

    def count(self, row: CaseRow, now: datetime, *, is_incident: bool) -> None:
        self.standing.append(now - row.updated_at)
        self.incidents += is_incident

    def figures(self) -> tuple[int, timedelta, int]:
        """Tokens, the median time since their cases moved, incidents."""
        return len(self.standing), median_high(self.standing) if self.standing else timedelta(0), self.incidents


def _open_cases(session: Session) -> Iterator[CaseRow]:
    """The newest open cases that the caller may see."""
    after, counted = "", 0
    while counted < CASES_COUNTED_MAX:
        page = session.uow.cases(status="waiting", after=after, limit=limits.PAGE_SIZE_MAX)
        yield from (row for row in page if session.caller.sees(row.entity))
        counted += len(page)
        if len(page) < limits.PAGE_SIZE_MAX:
            return
        after = page[-1].case_id


def _version(session: Session, process: str, version: str) -> tuple[Policy, Process] | Refused:
    """The policy and process of a version: the one in force, or that of an open case."""
    current = session.policy.processes.get(process)
    if current is not None and version in {"", current.hash}:
        return session.policy, current
    row = next((row for row in _open_cases(session) if (row.process, row.process_hash) == (process, version)), None)
    if row is None:
        text = f"there is no process `{process}` in this version"
        help_text = "open the list of processes"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "PROCESS-UNKNOWN-01", text, help=help_text))
    policy = session.environment.policies.version(session.uow, row.policy_hash)
    return policy, policy.processes[process]


def _source(session: Session, policy: Policy, process: Process) -> bytes:
    row = session.uow.policy(policy.hash)
    assert row is not None  # its version was just read
    files: Any = decode(row.files)
    contents = (str(text).encode() for text in files.values())
    return next(content for content in contents if sha256(content).hexdigest() == process.hash)


def _tokens(row: CaseRow) -> Sequence[Token]:
    state: Any = decode(row.state)
    return tuple(State.from_json(state["process"]).tokens.values())


def _has_incident(row: CaseRow) -> bool:
    return any(token.incident for token in _tokens(row))

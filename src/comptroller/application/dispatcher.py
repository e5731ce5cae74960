"""The one door to every use case: authorise, open the tenant's unit of work, run the handler, keep the answer.

A command may carry a client's key: its answer is then stored with the effect, in the same transaction, and a repeat is
answered from there (INVARIANT 4). A refusal rolls everything back and is itself recorded (INVARIANT 1); where it was
an attempt to breach policy, the entry names the class. What takes long to find out is found out before the transaction
that writes (`groundwork`).
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, assert_never

from comptroller.application.caller import resolve_caller
from comptroller.application.casework.record import tell_on_case
from comptroller.application.evidence import Evidence
from comptroller.application.groundwork import ROUNDS_MAX, UNSETTLED, Groundwork, Unfounded
from comptroller.application.needs import prepare
from comptroller.application.outbox import hold
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CommandRow, MilestoneRow, OutboxRow
from comptroller.application.session import Caller, Environment, Refused, Session
from comptroller.domain.audit import Actor
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, digest, encode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind, Severity
from comptroller.domain.kernel.ids import TenantId


class Mode(StrEnum):
    """How a use case touches the store."""

    WRITE = "write"
    READ = "read"
    OWN = "own"  # opens units of work of its own once the caller is authorised: what is too long for one


@dataclass(frozen=True, slots=True)
class UseCase:
    """A command's type, the duty it takes, and the handler; any one of the duties suffices."""

    command: type
    duties: frozenset[Duty]
    handler: Callable[[Any, Any], Any]  # (session, command); in mode OWN (environment, tenant)
    mode: Mode = Mode.WRITE
    given_once: str = ""  # the member of the answer that is kept nowhere


class Turned(Exception):  # rolls the unit of work back with the refusal in hand
    """A use case refused."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.rejection.code)
        self.refused = refused


@dataclass(frozen=True, slots=True)
class Request:
    """One command of one principal, with the client's key where it gave one, and the lease under which it is done.

    `progress` is what the leased row says once the command is done: both are written, or neither.
    """

    principal: str
    command: object
    idempotency_key: str = ""
    lease: OutboxRow | None = None
    progress: str = ""


class Dispatcher:
    """Runs use cases; holds no state of its own."""

    def __init__(self, environment: Environment, use_cases: Sequence[UseCase]) -> None:
        self.environment = environment
        self.use_cases: Mapping[type, UseCase] = {use_case.command: use_case for use_case in use_cases}

    def execute(self, tenant: TenantId, request: Request) -> Any:
        """Run one use case; answers a `Rejection` or what the handler returns."""
        use_case = self.use_cases[type(request.command)]
        match use_case.mode:
            case Mode.READ:
                answer = self.environment.store.read(tenant, lambda uow: self._query(use_case, uow, request))
                return answer.rejection if isinstance(answer, Refused) else answer
            case Mode.WRITE:
                return self._write(tenant, request, _NOTHING_FOUND)
            case Mode.OWN:
                denied = self.environment.store.read(tenant, lambda uow: self._may(use_case, uow, request))
                return denied or use_case.handler(self.environment, tenant)
            case _:
                assert_never(use_case.mode)

    def execute_many(self, tenant: TenantId, requests: Sequence[Request]) -> Sequence[Any]:
        """Run several commands in one transaction; each is answered for itself. A defect leaves once all are done."""
        answers = self.try_many(tenant, requests)
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
        return answers

    def try_many(self, tenant: TenantId, requests: Sequence[Request]) -> Sequence[Any]:
        """As `execute_many`; a defect is the answer of the command that has it."""
        works = [self.bound(request, ahead=requests if request is requests[0] else ()) for request in requests]
        answers = self.environment.store.run_many(tenant, works)
        return [self._settled(tenant, request, answer) for request, answer in zip(requests, answers, strict=True)]

    def rehearse(self, tenant: TenantId, request: Request) -> Any:
        """Run a use case and forget it: the answer that the command would get now."""
        try:
            return self._rehearse(tenant, request, Groundwork(is_open=True))
        except Turned as turned:
            return turned.refused.rejection

    def bound(self, request: Request, *, ahead: Sequence[Request] = ()) -> Callable[[UnitOfWork], Any]:
        """The work of one request in a batch; the first one holds and reads for all of them."""
        use_case = self.use_cases[type(request.command)]

        def work(uow: UnitOfWork) -> Any:
            prepare(uow, [(each.principal, each.idempotency_key, each.command) for each in ahead])
            return self._work(use_case, uow, request, _NOTHING_FOUND)

        return work

    def _write(self, tenant: TenantId, request: Request, ground: Groundwork) -> Any:
        """Run a use case in a transaction that writes, with what was found out before it."""
        use_case = self.use_cases[type(request.command)]

        def work(uow: UnitOfWork) -> Any:
            return self._work(use_case, uow, request, ground)

        for _ in range(ROUNDS_MAX):
            try:
                return self.environment.store.run(tenant, work)
            except Turned as turned:
                return self._refuse(tenant, request, turned.refused)
            except Unfounded:
                ground = self._found_out(tenant, request)
        return self._refuse(tenant, request, Refused(UNSETTLED))

    def _found_out(self, tenant: TenantId, request: Request) -> Groundwork:
        """What a use case asks for as things stand now; whether it is refused, it says itself once it has that."""
        ground = Groundwork(is_open=True)
        with suppress(Turned):
            self._rehearse(tenant, request, ground)
        return Groundwork(is_open=False, found=ground.found)

    def _rehearse(self, tenant: TenantId, request: Request, ground: Groundwork) -> Any:
        use_case = self.use_cases[type(request.command)]
        return self.environment.store.rehearse(tenant, lambda uow: self._work(use_case, uow, request, ground))

    def _settled(self, tenant: TenantId, request: Request, answer: Any) -> Any:
        """What becomes of one request of a batch."""
        match answer:
            case Turned():
                return self._refuse(tenant, request, answer.refused)
            case Unfounded():
                return self._write(tenant, request, self._found_out(tenant, request))
            case _:
                return answer

    def _may(self, use_case: UseCase, uow: UnitOfWork, request: Request) -> Rejection | None:
        session = self._session(uow, request, _NOTHING_FOUND)
        return session if isinstance(session, Rejection) else _denied(use_case, session.caller)

    def _query(self, use_case: UseCase, uow: UnitOfWork, request: Request) -> Any:
        session = self._session(uow, request, Groundwork(is_open=True))
        if isinstance(session, Rejection):
            return session
        denied = _denied(use_case, session.caller)
        return denied or use_case.handler(session, request.command)

    def _work(self, use_case: UseCase, uow: UnitOfWork, request: Request, ground: Groundwork) -> Any:
        prepare(uow, [(request.principal, request.idempotency_key, request.command)])
        request_hash = ""
        if request.idempotency_key:
            request_hash = _fingerprint(request.command)
            known = _repeat(uow, request, request_hash)
            if known is not None:
                return known
        self._hold(uow, request, request.progress)
        session = self._session(uow, request, ground)
        if isinstance(session, Rejection):
            raise Turned(Refused(session))
        denied = _denied(use_case, session.caller)
        answer = (
            Refused(denied, _case_of(uow, request.command)) if denied else use_case.handler(session, request.command)
        )
        if isinstance(answer, Refused):
            raise Turned(answer)
        if request.idempotency_key:
            kept = (
                {name: value for name, value in answer.items() if name != use_case.given_once}
                if use_case.given_once
                else answer
            )
            self._keep(uow, request, request_hash, kept)
        return answer

    def _hold(self, uow: UnitOfWork, request: Request, progress: str = "") -> None:
        if request.lease is not None:
            hold(uow, request.lease, self.environment, progress=progress)

    def _session(self, uow: UnitOfWork, request: Request, ground: Groundwork) -> Session | Rejection:
        environment = self.environment
        resolved = resolve_caller(uow, environment.policies, request.principal)
        if isinstance(resolved, Rejection):
            return resolved
        caller, policy = resolved
        now = environment.clock.now(uow)
        evidence = Evidence(uow, actor=Actor(caller.id, caller.principal.kind), at=now)
        return Session(environment, uow, caller, policy, now, environment.clock.machine_now(), evidence, ground)

    def _keep(self, uow: UnitOfWork, request: Request, request_hash: str, answer: object) -> None:
        now = self.environment.clock.now(uow)
        text = encode(_answer_json(answer)).decode()
        uow.insert(CommandRow(request.principal, request.idempotency_key, request_hash, text, now))

    def _refuse(self, tenant: TenantId, request: Request, refused: Refused) -> Rejection:
        """Record a refusal in a unit of work of its own, and keep it as the answer to the client's key."""

        def record(uow: UnitOfWork) -> None:
            self._hold(uow, request)
            session = self._session(uow, request, _NOTHING_FOUND)
            if isinstance(session, Rejection):
                return  # nobody known to record it of
            data = {
                "command": type(request.command).__name__,
                "code": refused.rejection.code,
                "message": refused.rejection.message,
                "breach": refused.rejection.breach,
            }
            data |= {"task": task} if (task := getattr(request.command, "task_id", "")) else {}
            stream = f"principal/{request.principal}"
            if refused.case_id:
                seq = tell_on_case(session, refused.case_id, "command.refused", data)
            else:
                seq = session.evidence.tell(stream, "command.refused", data)
            if refused.rejection.breach:
                told = (session.now, "", "", request.principal, "", refused.rejection.code, refused.rejection.breach)
                uow.insert(MilestoneRow(refused.case_id or stream, seq, "breach attempted", *told))
            if refused.milestone:
                told = (session.now, "", "", request.principal, "", refused.rejection.code, "")
                uow.insert(MilestoneRow(refused.case_id, seq, refused.milestone, *told))
            if request.idempotency_key and refused.rejection.code != REUSED_KEY:
                request_hash = _fingerprint(request.command)
                self._keep(uow, request, request_hash, refused.rejection)

        self.environment.store.run(tenant, record)
        return refused.rejection


REUSED_KEY: Final = "COMMAND-KEY-01"

_NOTHING_FOUND: Final = Groundwork(is_open=False)

_NAMING: Final = ("request_fingerprint", "fingerprint")


def _fingerprint(command: object) -> str:
    """What makes two requests under one key the same request."""
    content = next((text for name in _NAMING if (text := getattr(command, name, None))), None) or repr(command)
    return digest([type(command).__name__, content])


def _denied(use_case: UseCase, caller: Caller) -> Rejection | None:
    """INVARIANT 2: a use case without a matching duty is refused."""
    if use_case.duties & caller.duties:
        return None
    needed = " or ".join(sorted(use_case.duties))
    return Rejection(
        RejectionKind.FORBIDDEN,
        "AUTH-DUTY-01",
        f"this takes the duty `{needed}`, which `{caller.id}` does not hold",
        help="ask someone whose role carries the duty",
        breach="agent beyond its rights" if caller.principal.kind == "agent" else "",
    )


def _case_of(uow: UnitOfWork, command: object) -> str:
    """The case of the task that a command is about: who may not act on it is told of there."""
    task = uow.task(getattr(command, "task_id", ""))
    return task.case_id if task is not None else ""


def _repeat(uow: UnitOfWork, request: Request, request_hash: str) -> Any:
    if len(request.idempotency_key) > limits.IDEMPOTENCY_KEY_CHARACTERS_MAX:
        raise Turned(
            Refused(
                Rejection(RejectionKind.INVALID, "COMMAND-KEY-02", "the idempotency key is longer than 255 characters")
            )
        )
    known = uow.command(request.principal, request.idempotency_key)
    if known is None:
        return None
    if known.request_hash != request_hash:
        raise Turned(
            Refused(
                Rejection(
                    RejectionKind.CONFLICT,
                    REUSED_KEY,
                    f"the idempotency key `{request.idempotency_key}` was used for another request",
                    help="use a new key for a new request",
                )
            )
        )
    return _answer_from_json(decode(known.answer))


def _answer_json(answer: object) -> dict[str, Any]:
    if isinstance(answer, Rejection):
        faults = [
            {"code": f.code, "path": f.path, "message": f.message, "severity": f.severity, "by": f.by, "help": f.help}
            for f in answer.faults
        ]
        body = {"kind": answer.kind, "code": answer.code, "message": answer.message, "faults": faults}
        return {"rejection": body | {"breach": answer.breach, "help": answer.help, "subject": answer.subject}}
    return {"answer": answer}


def _answer_from_json(stored: Any) -> Any:
    if "answer" in stored:
        return stored["answer"]
    body = stored["rejection"]
    faults = tuple(Fault(**{**fault, "severity": Severity(fault["severity"])}) for fault in body.pop("faults"))
    return Rejection(kind=RejectionKind(body.pop("kind")), faults=faults, **body)

"""A long job: a row of the outbox that says what is wanted and how far it has come.

It is leased like every other row, so that a worker that dies is followed by another. What it has got done is written
with each step, in the step's own transaction (`Request.progress`): whoever goes on begins behind the last step that was
committed, and nothing is done or counted twice. A job acts as the person who asked for it, with that person's duties as
they are when a step is done.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, Final, Self

from comptroller.application.lanes import JOB
from comptroller.application.outbox import outbox_row
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import OutboxRow, revised
from comptroller.application.session import Caller, Refused, Session
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text

INTAKE: Final = "intake"
MIGRATION: Final = "migration"
REPAIRS: Final = "repairs"
BACKTEST: Final = "backtest"
CORRECTION: Final = "correction"
SHADOW: Final = "shadow"
FORECAST: Final = "forecast"
WATCH: Final = "watch"
REPLAY: Final = "replay"
FIGURES: Final = "figures"

EVERYWHERE: Final = "*"
"""The entity of a job that who asked for it sees, and else those only who work for every entity."""

SEEN_BY: Final[Mapping[str, frozenset[Duty]]] = {
    INTAKE: frozenset(
        {Duty.DOCUMENT_SUBMIT, Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND, Duty.RECEIPT_RECORD, Duty.DELIVERY_READ}
    ),
    MIGRATION: frozenset({Duty.CASE_MIGRATE}),
    REPAIRS: frozenset({Duty.CASE_REPAIR, Duty.CASE_CANCEL}),
    BACKTEST: frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
    CORRECTION: frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
    SHADOW: frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
    FORECAST: frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
    WATCH: frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
    REPLAY: frozenset({Duty.AUDIT_READ, Duty.PERIOD_ATTEST, Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
    FIGURES: frozenset({Duty.AUDIT_READ, Duty.PERIOD_ATTEST, Duty.POLICY_AUTHOR, Duty.POLICY_RELEASE}),
}
"""Whose duty lets somebody see jobs of a kind: any of these."""

STOPPED_BY: Final[Mapping[str, frozenset[Duty]]] = {
    **{kind: duties - {Duty.DELIVERY_READ, Duty.AUDIT_READ} for kind, duties in SEEN_BY.items()},
    **dict.fromkeys((FORECAST, WATCH), frozenset()),
}
"""Whose duty lets somebody stop them: who only watches stops nothing, and nobody what is a control."""

SEEING: Final = frozenset[Duty]().union(*SEEN_BY.values())

FOUND: Final = "found"
"""What of a job's `told` is long: a query of the kind's own gives it."""

OVER: Final = frozenset({"done", "dead"})
"""What a job's row says when it has ended."""

_UNKNOWN: Final[Mapping[str, tuple[str, str]]] = {
    BACKTEST: ("BACKTEST-UNKNOWN-01", "there is no backtest"),
    CORRECTION: ("CORRECTION-UNKNOWN-01", "there is no correction"),
    SHADOW: ("SHADOW-UNKNOWN-01", "there is no shadow"),
    REPLAY: ("REPLAY-UNKNOWN-01", "there is no replay"),
    FIGURES: ("FIGURE-JOB-01", "there are no figures"),
}
"""How it is refused to tell what a job of a kind found, where there is none."""

_STATES: Final = {"pending": "waiting", "leased": "running", "done": "done", "dead": "given up"}


@dataclass(frozen=True, slots=True)
class Job:
    """What is wanted, and how far it has come."""

    job_id: str
    kind: str
    by: str
    asked_at: str
    entity: str
    wish: Mapping[str, Any]
    total: int  # 0 where nobody knows yet
    done: int = 0
    after: str = ""  # where to go on; the kind's own
    told: Mapping[str, Any] | None = None  # what became of it so far; the kind's own
    refused: Mapping[str, str] | None = None  # code and message, where it ended by a refusal
    ended_at: str = ""
    stops: int = 0  # how often it was stopped
    stopped_by: str = ""  # who had it stopped, where that ended it

    @classmethod
    def read(cls, row: OutboxRow) -> Self:
        """Read a job from its row."""
        payload: Any = decode(row.payload)
        return cls(**payload)

    @property
    def payload(self) -> str:
        """The job as its row holds it."""
        return encode(asdict(self)).decode()


@dataclass(frozen=True, slots=True)
class KeepJob:
    """How far a job has come: to its end, so far that others have their turn, or to where there is no more yet."""

    row: OutboxRow
    job: Job
    is_over: bool
    rests: bool = False


@dataclass(frozen=True, slots=True)
class GetJob:
    """One job with its progress."""

    job_id: str


@dataclass(frozen=True, slots=True)
class ListJobs:
    """The newest jobs, what was asked for last first."""


def begin_job(
    session: Session, job_id: str, kind: str, wish: Mapping[str, Any], *, total: int, entity: str, by: str = ""
) -> Job:
    """Write a job's row; one of this name that is there already is answered as it is, one that was stopped goes on.

    It acts as who asks for it, unless `by` says otherwise.
    """
    known = session.uow.outbox(job_id)
    if known is not None:
        return _gone_on(session, known)
    job = Job(job_id, kind, by or session.caller.id, instant_text(session.now), entity, wish, total)
    row = outbox_row(session, job_id, JOB, kind, {})
    session.uow.insert(revised(row, payload=job.payload))
    session.evidence.tell("jobs", "job.asked", {"job": job_id, "kind": kind, "total": total})
    return job


def _gone_on(session: Session, row: OutboxRow) -> Job:
    job = Job.read(row)
    if job.stopped_by:
        job = replace(job, stopped_by="", ended_at="")
        session.uow.update(revised(row, status="pending", payload=job.payload, not_before=session.machine_now))
        session.evidence.tell("jobs", "job.asked", {"job": job.job_id, "kind": job.kind, "total": job.total})
    return job


def keep_job(session: Session, command: KeepJob) -> dict[str, Any]:
    """Write how far a job has come and give it back, for a while later where it rests, or end it."""
    job, status = command.job, "pending"
    if command.is_over:
        job, status = replace(job, ended_at=instant_text(session.now)), "done"
        code = (job.refused or {}).get("code", "")
        told = {"job": job.job_id, "kind": job.kind, "done": job.done, "code": code, "stopped_by": job.stopped_by}
        session.evidence.tell("jobs", "job.ended", told)
    row = revised(command.row, status=status, payload=job.payload, attempts=0, error="")
    if command.rests:
        row = revised(row, not_before=session.machine_now + timedelta(seconds=limits.FOLLOWING_REST_S))
    session.uow.update(revised(row, lease_owner="", lease_until=None))
    return {"status": _STATES[status]}


def get_job(session: Session, command: GetJob) -> dict[str, Any] | Refused:
    """One job with its progress."""
    found = visible_job(session, command.job_id)
    return found if isinstance(found, Refused) else standing_of(session, *found)


def visible_job(session: Session, job_id: str, kind: str = "") -> tuple[Job, OutboxRow] | Refused:
    """A job, of one kind where that is asked for, and its row.

    One that the caller may not see, or of another kind, is as unknown as one that is not there.
    """
    row = session.uow.outbox(job_id)
    job = Job.read(row) if row is not None and row.kind == JOB else None
    if row is None or job is None or kind not in {"", job.kind} or not _sees(session.caller, job):
        code, text = _UNKNOWN.get(kind, ("JOB-UNKNOWN-01", "there is no job"))
        text = f"{text} `{job_id[:100]}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, code, text, help="open the list of jobs"))
    return job, row


def list_jobs(session: Session, _command: ListJobs) -> dict[str, Any]:
    """The jobs that the caller may see."""
    found = [(Job.read(row), row) for row in session.uow.jobs()]
    return {"jobs": [standing_of(session, job, row) for job, row in found if _sees(session.caller, job)]}


def stop_id(job: Job) -> str:
    """The name of the row that says that a job is to stop; a job that goes on after that has another."""
    return f"{job.job_id}.stop.{job.stops}"


def stopped_by(uow: UnitOfWork, job: Job) -> str:
    """Who wants a job to stop; empty where nobody does."""
    row = uow.outbox(stop_id(job))
    payload: Any = decode(row.payload) if row is not None else {}
    return str(payload.get("by", ""))


def standing_of(session: Session, job: Job, row: OutboxRow) -> dict[str, Any]:
    """A job in the form of the interface, with the wish to stop it."""
    answer = answer_of(job, row)
    is_stopping = row.status not in OVER and stopped_by(session.uow, job)
    return answer | {"status": "stopping"} if is_stopping else answer


def answer_of(job: Job, row: OutboxRow | None = None) -> dict[str, Any]:
    """A job in the form of the interface; one without a row yet waits."""
    state = "waiting" if row is None else _STATES[row.status]
    if state == "done":
        state = "refused" if job.refused else "stopped" if job.stopped_by else state
    return {
        "job_id": job.job_id,
        "kind": job.kind,
        "status": state,
        "asked_by": job.by,
        "asked_at": job.asked_at,
        "ended_at": job.ended_at,
        "total": job.total,
        "done": job.done,
        "stopped_by": job.stopped_by,
        "told": {name: value for name, value in (job.told or {}).items() if name != FOUND},
        "code": (job.refused or {}).get("code", ""),
        "message": (job.refused or {}).get("message", "") or (row.error if row is not None else ""),
    }


def _sees(caller: Caller, job: Job) -> bool:
    if not SEEN_BY[job.kind] & caller.duties:
        return False
    return not job.entity or caller.sees(job.entity) or (job.entity == EVERYWHERE and job.by == caller.id)

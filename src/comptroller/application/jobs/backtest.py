"""A backtest over the tenant's own cases as a job: a few cases a step, the oldest first, counted as they are decided.

Nothing is changed by it. What was counted is kept with the job, so that it goes on where it was left; asked for again,
one that was stopped goes on behind the last case that it counted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from comptroller.application.jobs.job import (
    BACKTEST,
    EVERYWHERE,
    FOUND,
    Job,
    answer_of,
    begin_job,
    standing_of,
    visible_job,
)
from comptroller.application.jobs.stepping import CASES_PAGE, Step
from comptroller.application.jobs.trying import Findings, case_told, money_told
from comptroller.application.releasing.history import Candidate, tried, versions_of, wish_since
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE
from comptroller.domain.packs.tally import GROUPS


@dataclass(frozen=True, slots=True)
class StartBacktest:
    """Have a job take the cases that were decided since a day through a candidate and the version in force."""

    candidate: Candidate
    since: str  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class TryCases:
    """A page of cases under both versions, the oldest first, from behind a case."""

    wish: Mapping[str, Any]  # `version`, `base`, and what entities have
    since: date
    after: str = ""


@dataclass(frozen=True, slots=True)
class GetBacktest:
    """The figures of a backtest as far as it has come."""

    job_id: str
    minutes: int = MINUTES_A_SIGNATURE  # what a signature takes of its giver's time


@dataclass(frozen=True, slots=True)
class ListChanged:
    """Every case of a backtest that comes out otherwise, page by page: decided again as it stands now."""

    job_id: str
    after: str = ""  # the `next` of the page before


def start_backtest(session: Session, command: StartBacktest) -> dict[str, Any] | Refused:
    """Write the job, or let the same one go on that was stopped."""
    wish = wish_since(session, command.candidate, command.since)
    if isinstance(wish, Rejection):
        return Refused(wish)
    job_id = _going_on(session, wish) or session.environment.chance.identifier(session.machine_now)
    total = sum(count.cases for count in session.uow.case_counts())
    return answer_of(begin_job(session, job_id, BACKTEST, wish, total=total, entity=EVERYWHERE))


def _going_on(session: Session, wish: dict[str, Any]) -> str:
    """The caller's own job for the same that was stopped or is not over yet."""
    for row in session.uow.jobs():
        job = Job.read(row)
        if job.kind == BACKTEST and job.by == session.caller.id and dict(job.wish) == wish:
            return job.job_id if job.stopped_by or not job.ended_at else ""
    return ""


def try_cases(session: Session, command: TryCases) -> dict[str, Any]:
    """Decide a page of cases again; `next` is where to go on, `looked_at` how many there were."""
    rows = list(session.uow.cases(after=command.after, limit=CASES_PAGE, oldest=True))
    found = list(tried(session, rows, versions_of(session, command.wish), command.since))
    return {"tried": found, "looked_at": len(rows), "next": rows[-1].case_id if rows else command.after}


def backtest_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Decide and count page after page."""
    wish = step.job.wish
    return step.through_cases(partial(TryCases, wish, date.fromisoformat(wish["since"])), _told)


def _told(job: Job, page: Mapping[str, Any]) -> dict[str, Any]:
    """What was counted before, with a page more."""
    found = Findings.of(job)
    for each in page["tried"]:
        found.add(each, each.names)
    found.keep(newest=False)
    return found.told()


def list_changed(session: Session, command: ListChanged) -> dict[str, Any] | Refused:
    """Those of the next cases that come out otherwise; `next` is where to go on, empty behind the last one counted."""
    found = visible_job(session, command.job_id, BACKTEST)
    if isinstance(found, Refused):
        return found
    job = found[0]
    rows = list(session.uow.cases(after=command.after, limit=CASES_PAGE, oldest=True)) if job.after else []
    ids = [row.case_id for row in rows]
    is_over = len(rows) < CASES_PAGE or job.after in ids
    rows = rows[: ids.index(job.after) + 1] if job.after in ids else rows
    cases = tried(session, rows, versions_of(session, job.wish), date.fromisoformat(job.wish["since"]))
    told = [case_told(each) for each in cases if each.pair.differs]
    return {"cases": told, "next": "" if is_over else ids[-1], **money_told(session)}


def get_backtest(session: Session, command: GetBacktest) -> dict[str, Any] | Refused:
    """The job, its figures in all and by group, and the cases that change."""
    found = visible_job(session, command.job_id, BACKTEST)
    if isinstance(found, Refused):
        return found
    job, told = found[0], Findings.of(found[0]).answer(session, GROUPS, command.minutes)
    return {**standing_of(session, *found), **job.wish, **told, "result": digest((job.told or {}).get(FOUND))}

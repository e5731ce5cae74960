"""A backtest over the tenant's own cases as a job: a few cases a step, the oldest first, counted as they are decided.

Nothing is changed by it. What was counted is kept with the job, so that it goes on where it was left; asked for again,
one that was stopped goes on behind the last case that it counted.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Final

from comptroller.application.jobs.job import (
    BACKTEST,
    EVERYWHERE,
    FOUND,
    GetJob,
    Job,
    answer_of,
    begin_job,
    standing_of,
    visible_job,
)
from comptroller.application.jobs.stepping import Step
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.releasing.history import SCALE, Candidate, Tried, stored_candidate, tried
from comptroller.application.releasing.release import today
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE
from comptroller.domain.packs.tally import GROUPS, Tally

PAGE: Final = 20
"""Cases that are decided again in one step: a second's work."""

CHANGED_TOLD_MAX: Final = 200
"""Cases that come out otherwise and are told one by one; the others are counted."""


@dataclass(frozen=True, slots=True)
class StartBacktest:
    """Have a job take the cases that were decided since a day through a candidate and the version in force."""

    candidate: Candidate
    since: str  # YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class TryCases:
    """A page of cases under both versions, the oldest first, from behind a case."""

    version: str
    base: str
    since: date
    after: str = ""


@dataclass(frozen=True, slots=True)
class GetBacktest:
    """The figures of a backtest as far as it has come."""

    job_id: str
    minutes: int = MINUTES_A_SIGNATURE  # what a signature takes of its giver's time


def start_backtest(session: Session, command: StartBacktest) -> dict[str, Any] | Refused:
    """Write the job, or let the same one go on that was stopped."""
    since = parse_day(command.since)
    if since is None or since > today(session):
        text = "a backtest looks back to a day, written YYYY-MM-DD"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-DAY-02", text, help="give a day that has been"))
    policy = stored_candidate(session, command.candidate)
    if isinstance(policy, Rejection):
        return Refused(policy)
    wish = {"version": policy.hash, "base": session.policy.hash, "since": since.isoformat()}
    job_id = _going_on(session, wish) or session.environment.chance.identifier(session.machine_now)
    total = sum(count.cases for count in session.uow.case_counts())
    return answer_of(begin_job(session, job_id, BACKTEST, wish, total=total, entity=EVERYWHERE))


def _going_on(session: Session, wish: dict[str, str]) -> str:
    """The caller's own job for the same that was stopped or is not over yet."""
    for row in session.uow.jobs():
        job = Job.read(row)
        if job.kind == BACKTEST and job.by == session.caller.id and dict(job.wish) == wish:
            return job.job_id if job.stopped_by or not job.ended_at else ""
    return ""


def try_cases(session: Session, command: TryCases) -> dict[str, Any]:
    """Decide a page of cases again; `next` is where to go on, `looked_at` how many there were."""
    rows = list(session.uow.cases(after=command.after, limit=PAGE, oldest=True))
    policies = session.environment.policies
    versions = policies.version(session.uow, command.base), policies.version(session.uow, command.version)
    found = list(tried(session, rows, versions, command.since))
    return {"tried": found, "looked_at": len(rows), "next": rows[-1].case_id if rows else command.after}


def backtest_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Decide and count page after page."""
    job, wish = step.job, step.job.wish
    command = TryCases(wish["version"], wish["base"], date.fromisoformat(wish["since"]))
    while True:
        page = step.ask(replace(command, after=job.after))
        if isinstance(page, Rejection):
            yield replace(job, refused={"code": page.code, "message": page.message}), True
            return
        done = job.done + page["looked_at"]
        told = _counted(dict(job.told or {}), page["tried"])
        job = replace(job, done=done, total=max(job.total, done), after=page["next"], told=told)
        is_over = page["looked_at"] < PAGE
        yield job, is_over
        if is_over:
            return


def _counted(told: dict[str, Any], found: list[Tried]) -> dict[str, Any]:
    kept = told.get(FOUND) or {"tally": Tally().facts(), "changed": [], "lacks": {}}
    tally, changed, lacks = Tally.read(kept["tally"]), list(kept["changed"]), dict(kept["lacks"])
    for each in found:
        tally.add(each.pair, each.names, each.amount)
        lacks |= {fact: lacks.get(fact, 0) + 1 for fact in each.lacks}
        if each.pair.differs and len(changed) < CHANGED_TOLD_MAX:
            changed.append(_case(each))
    whole = tally.whole()
    found_so_far = {"tally": tally.facts(), "changed": changed, "lacks": lacks}
    return {"cases": whole.cases, "changed": whole.changed, FOUND: found_so_far}


def _case(each: Tried) -> dict[str, Any]:
    return {
        "case_id": each.row.case_id,
        "number": each.row.number,
        "entity": each.row.entity,
        "supplier": each.row.supplier_name,
        "amount": each.amount,
        "before": asdict(each.pair.before),
        "after": asdict(each.pair.after),
        "decisions": list(each.decisions),
    }


def get_backtest(session: Session, command: GetBacktest) -> dict[str, Any] | Refused:
    """The job, its figures in all and by group, and the cases that change."""
    found = visible_job(session, GetJob(command.job_id))
    if isinstance(found, Refused) or found[0].kind != BACKTEST:
        text = f"there is no backtest `{command.job_id[:100]}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "BACKTEST-UNKNOWN-01", text, help="open the list of jobs"))
    job, minutes = found[0], command.minutes
    kept: Any = (job.told or {}).get(FOUND) or {"tally": Tally().facts(), "changed": [], "lacks": {}}
    tally = Tally.read(kept["tally"])
    return {
        **standing_of(session, *found),
        **job.wish,
        "minutes_a_signature": minutes,
        "currency": str(tenant_record(session.uow).get("group_currency") or ""),
        "amount_scale": SCALE,
        "figures": tally.whole(minutes).facts(),
        **{f"by_{group}": {name: sums.facts() for name, sums in tally.sums(group, minutes)} for group in GROUPS},
        "changed": kept["changed"],
        "lacks": kept["lacks"],
    }

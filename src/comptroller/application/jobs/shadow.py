"""A shadow: a candidate decides beside the version in force, for every case that is judged from now on, without effect.

It stands in no case's way: it follows behind, judgement by judgement in the order of time, and asks both versions with
what the decisions of the case were taken with. How far it has come is written with what it has counted. A case that is
judged again counts as it was judged last: what is taken out then is found by taking its earlier judgement again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from comptroller.application.caller import PACK
from comptroller.application.jobs.job import (
    EVERYWHERE,
    OVER,
    SHADOW,
    Job,
    answer_of,
    begin_job,
    standing_of,
    visible_job,
)
from comptroller.application.jobs.stepping import Step
from comptroller.application.jobs.trying import Findings
from comptroller.application.records import CaseRow, MilestoneRow, OutboxRow
from comptroller.application.releasing.following import (
    instant_of,
    judged_between,
    judgements_of,
    settled,
    taken_over,
)
from comptroller.application.releasing.history import Candidate, Tried, asked_of, stored_candidate, try_asked
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE
from comptroller.domain.packs.timeline import GROUP, Timeline

GROUPS: Final = ("unit",)
"""What cases are told apart by: what a case is judged for, and keeps, is its unit."""


@dataclass(frozen=True, slots=True)
class StartShadow:
    """Have a candidate decide beside the version in force from now on."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class TryJudged:
    """The next judgements of cases, from a watermark on, under both versions."""

    version: str
    base: str
    since: str  # instants: the first and the last of the shadow, and the watermark
    until: str
    after: str
    entity: str = ""  # whose cases alone; empty: whoever is decided by `base`


@dataclass(frozen=True, slots=True)
class GetShadow:
    """What a shadow has seen so far."""

    job_id: str
    minutes: int = MINUTES_A_SIGNATURE  # what a signature takes of its giver's time


@dataclass(frozen=True, slots=True)
class Counted:
    """A case under both versions as it was judged: counted, or counted no more."""

    tried: Tried
    unit: str
    is_taken_out: bool


def start_shadow(session: Session, command: StartShadow) -> dict[str, Any] | Refused:
    """Write the job; the caller's own for the same that is not over yet is answered as it stands."""
    found = stored_candidate(session, command.candidate)
    if isinstance(found, Rejection):
        return Refused(found)
    session.uow.serialize([SHADOW])
    running = [(job, row) for job, row in shadows(session) if row.status not in OVER]
    wish = found.wish
    same = [each for each in running if each[0].by == session.caller.id and wish.items() <= each[0].wish.items()]
    if same:
        return answer_of(*same[0])
    if len(running) >= limits.POLICY_SHADOWS_MAX:
        text = f"{len(running)} candidates decide beside the version in force already"
        return Refused(Rejection(RejectionKind.CONFLICT, "SHADOW-LIMIT-01", text, help="stop one of them first"))
    until = session.now + timedelta(days=limits.POLICY_SHADOW_DAYS_MAX)
    job_id = session.environment.chance.identifier(session.machine_now)
    session.evidence.tell("jobs", "shadow.begun", {"job": job_id, **wish, "until": instant_text(until)})
    wish |= {"since": instant_text(session.now), "until": instant_text(until)}
    return answer_of(begin_job(session, job_id, SHADOW, wish, total=0, entity=EVERYWHERE))


def shadows(session: Session) -> Iterator[tuple[Job, OutboxRow]]:
    """The shadows among the newest jobs, each with its row."""
    yield from ((Job.read(row), row) for row in session.uow.jobs() if row.target == SHADOW)


def try_judged(session: Session, command: TryJudged) -> dict[str, Any]:
    """Decide a page of judgements again; `next` is the new watermark, `ends` why there is nothing behind it."""
    since, until, after = (instant_of(text) for text in (command.since, command.until, command.after))
    timeline, ends = timeline_of(session.uow, PACK), "time"
    other = taken_over(timeline, command.entity, command.base, since)
    if other is not None and other.recorded_at < until:
        until, ends = other.recorded_at, "released" if other.version == command.version else "overtaken"
    found = judged_between(session.uow, after, min(settled(session), until))
    rows = {row.case_id: row for row in session.uow.cases_of({each.case_id for each in found.judgements})}
    counted = [
        each
        for judgement in found.judgements
        for each in _counted(session, command, timeline, rows[judgement.case_id], judgement)
    ]
    return {
        "counted": counted,
        "looked_at": len(found.judgements),
        "next": instant_text(found.watermark),
        "ends": ends if found.watermark >= until else "",
    }


def _counted(
    session: Session, command: TryJudged, timeline: Timeline, row: CaseRow, judgement: MilestoneRow
) -> Iterator[Counted]:
    """What a judgement counts for, behind the case's earlier one, which counts no more."""
    since, policies = instant_of(command.since), session.environment.policies
    versions = policies.version(session.uow, command.base), policies.version(session.uow, command.version)
    earlier = [each for each in judgements_of(session.uow, row.case_id) if since <= each.at < judgement.at]
    for each in (*earlier[-1:], judgement):
        entry = timeline.in_force(each.entity, known_at=each.at)
        is_meant = session.caller.sees(each.entity) and command.entity in {GROUP, each.entity}
        if is_meant and entry is not None and entry.version == command.base:
            asked = asked_of(session, row, until=each.at)
            tried = try_asked(session, row, versions, asked)
            yield Counted(tried, each.entity or "unknown", is_taken_out=each is not judgement)


def shadow_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Decide and count what was judged since the watermark; where there is nothing yet, the job rests."""
    job = step.job
    wish: Mapping[str, str] = job.wish
    looked_at = 1
    while looked_at:
        page = step.ask(TryJudged(**wish, after=job.after or wish["since"]))
        if isinstance(page, Rejection):
            yield replace(job, refused={"code": page.code, "message": page.message}), True
            return
        looked_at, found = page["looked_at"], Findings.of(job)
        for each in page["counted"]:
            count = found.take_out if each.is_taken_out else found.add
            count(each.tried, {"unit": each.unit})
        found.keep(newest=True)
        told = {**found.told(), "seen_until": page["next"], "ends": page["ends"]}
        job = replace(job, done=job.done + looked_at, after=page["next"], told=told)
        yield job, bool(page["ends"])


def get_shadow(session: Session, command: GetShadow) -> dict[str, Any] | Refused:
    """The job, its figures in all and by unit, and the newest cases that come out otherwise, the newest first."""
    found = visible_job(session, command.job_id, SHADOW)
    if isinstance(found, Refused):
        return found
    job, told = found[0], found[0].told or {}
    answer = Findings.of(job).answer(session, GROUPS, command.minutes)
    seen = {"seen_until": told.get("seen_until", job.wish["since"]), "ends": told.get("ends", "")}
    return {**standing_of(session, *found), **job.wish, **seen, **answer, "changed": answer["changed"][::-1]}

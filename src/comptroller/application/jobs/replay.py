"""A replay as a job: the policy in force now over cases that were posted, to find what it would not have let through.

Each posted case is decided again by the version in force for its entity, with what its decisions were asked with last,
as before anybody had signed. It is a breach where that would not have been posted, or takes signatures that were not
given. What the version that the case began with would have held as well, and a person let through, is none: somebody
answered for it. The result is as old as the job: what is released or posted since is not in it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.jobs.job import (
    EVERYWHERE,
    FOUND,
    OVER,
    REPLAY,
    Job,
    answer_of,
    begin_job,
    standing_of,
    visible_job,
)
from comptroller.application.jobs.stepping import CASES_PAGE, Step
from comptroller.application.policy import Policy
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.records import CaseRow, MilestoneRow
from comptroller.application.releasing.history import amount_of, asked_of
from comptroller.application.releasing.timeline import policy_standing
from comptroller.application.session import Refused, Session
from comptroller.domain.decisions.handing import kept
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs.backtest import Course
from comptroller.domain.packs.chain import Asked, Chain

FOUND_MAX: Final = 2_000
"""Breaches that are named."""

POSTED_WAYS: Final = frozenset({"post", "post with payment block"})
SIGNED_WAY: Final = "approve"

LACKS: Final = "left out"  # the version asks a fact that nobody recorded
UNDECIDED: Final = "undecided"


@dataclass(frozen=True, slots=True)
class StartReplay:
    """Have a job take the cases posted on the days `first` to `last` through the policy in force now."""

    first: str  # YYYY-MM-DD
    last: str
    entity: str = ""  # of one entity alone


@dataclass(frozen=True, slots=True)
class JudgePosted:
    """A page of cases, the oldest first, from behind a case, by the versions that a wish names."""

    wish: Mapping[str, Any]
    after: str = ""


@dataclass(frozen=True, slots=True)
class GetReplay:
    """What a replay has found so far."""

    job_id: str


def start_replay(session: Session, command: StartReplay) -> dict[str, Any] | Refused:
    """Write the job; the same one that the caller has under way is answered as it stands."""
    first, last = parse_day(command.first), parse_day(command.last)
    if first is None or last is None or last < first:
        text = f"`{command.first[:20]}` to `{command.last[:20]}` is no span of days, written YYYY-MM-DD"
        return Refused(Rejection(RejectionKind.INVALID, "REPLAY-SPAN-01", text, help="give the first and the last day"))
    if not session.caller.sees(command.entity or EVERYWHERE):
        text = f"you do not work for {f'`{command.entity[:80]}`' if command.entity else 'every entity'}"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "REPLAY-ENTITY-01", text, help="name one that you work for"))
    span = {"first": first.isoformat(), "last": last.isoformat()}
    wish = {**span, "entity": command.entity, "policies": policies_now(session, command.entity)}
    for row in session.uow.jobs():
        job = Job.read(row)
        if row.status not in OVER and job.kind == REPLAY and job.by == session.caller.id and dict(job.wish) == wish:
            return answer_of(job, row)
    job_id = session.environment.chance.identifier(session.machine_now)
    total = sum(count.cases for count in session.uow.case_counts())
    entity = command.entity or EVERYWHERE
    return answer_of(begin_job(session, job_id, REPLAY, wish, total=total, entity=entity))


def policies_now(session: Session, entity: str) -> dict[str, str]:
    """The version in force now for an entity, or for each one, by its hash."""
    named = [entity] if entity else [row.key for row in session.uow.reference_list("entity")]
    return {each: policy_standing(session, each).hash for each in named}


def judge_posted(session: Session, command: JudgePosted) -> dict[str, Any]:
    """Judge a page of cases again; `next` is where to go on, `looked_at` how many there were."""
    rows = session.uow.cases(after=command.after, limit=CASES_PAGE, oldest=True)
    counted: Counter[str] = Counter()
    found: list[dict[str, Any]] = []
    meant = [row for row in rows if _is_meant(session, row, command.wish["entity"])]
    told = session.uow.milestones_of([row.case_id for row in meant])
    for row in meant:
        milestones = told[row.case_id]
        posted = next((each.at for each in milestones if each.kind == "posted"), None)
        if posted is None or not _is_between(session, posted, command.wish):
            continue
        counted["posted"] += 1
        asked = asked_of(session, row)
        version = command.wish["policies"].get(row.entity, "")
        breach = _breach_of(session, row, version, asked, _given(milestones, posted))
        if breach in {LACKS, UNDECIDED}:
            counted[breach] += 1
        elif breach:
            found.append({"case_id": row.case_id, "breach": breach, "amount": amount_of(asked)})
    return {"counted": counted, "found": found, "looked_at": len(rows), "next": rows[-1].case_id if rows else ""}


def _is_meant(session: Session, row: CaseRow, entity: str) -> bool:
    is_invoice = row.process == "invoice" and row.status == "posted"
    return is_invoice and entity in {"", row.entity} and session.caller.sees(row.entity)


def _is_between(session: Session, at: datetime, wish: Mapping[str, Any]) -> bool:
    zone = ZoneInfo(str(tenant_record(session.uow).get("time_zone") or "UTC"))
    first, last = (date.fromisoformat(wish[name]) for name in ("first", "last"))
    since, until = (datetime.combine(day, time(), zone) for day in (first, last + timedelta(days=1)))
    return since <= at < until


def _given(milestones: Sequence[MilestoneRow], posted: datetime) -> Counter[str]:
    """How often each step was signed before the posting, signatures that fell left out."""
    given: Counter[str] = Counter()
    for each in milestones:
        if each.at <= posted and each.kind == "task signed" and each.detail.startswith("approve "):
            given[each.detail.removeprefix("approve ")] += 1
        elif each.at <= posted and each.kind == "signature voided":
            given[each.detail] -= 1
    return given


def _breach_of(session: Session, row: CaseRow, version: str, asked: Mapping[str, Asked], given: Counter[str]) -> str:
    """What a version would not have let through; empty for nothing."""
    if not version:
        return LACKS
    policy, own = (session.environment.policies.version(session.uow, each) for each in (version, row.policy_hash))
    chain = Chain.of(own.processes[row.process], policy.models)
    if chain.lacks(asked):
        return LACKS
    outcomes = _outcomes(chain, asked)
    course = Course.of(outcomes)
    if course.undecided:
        return UNDECIDED
    if course.way == SIGNED_WAY:
        missing = _wanted(outcomes) - given
        return f"signature missing: {', '.join(sorted(missing))}" if missing else ""
    if course.way in POSTED_WAYS or course.way == _own_way(own, row, asked):
        return ""
    return course.breach or f"would not be posted: {course.way or 'nothing decided'}"


def _own_way(own: Policy, row: CaseRow, asked: Mapping[str, Asked]) -> str:
    """The way that the version gives the case that it began with: what a person let through of it is answered for."""
    return Course.of(_outcomes(Chain.of(own.processes[row.process], own.models), asked)).way


def _outcomes(chain: Chain, asked: Mapping[str, Asked]) -> dict[str, Any]:
    return {name: kept(name, outcome) for name, outcome in chain.decide_again(asked).items()}


def _wanted(outcomes: Mapping[str, Any]) -> Counter[str]:
    """How often each step is to be signed."""
    routing: Any = outcomes.get("approval routing")
    steps = routing.get("steps") or () if isinstance(routing, Mapping) else ()
    return Counter({str(step.get("step")): int(step.get("signatures") or 1) for step in steps})


def replay_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Judge page after page, and keep what was found."""
    return step.through_cases(partial(JudgePosted, step.job.wish), _told)


def _told(job: Job, page: Mapping[str, Any]) -> dict[str, Any]:
    """What was found before, with a page more."""
    told = dict(job.told or {"posted": 0, "breaches": 0, LACKS: 0, UNDECIDED: 0, FOUND: []})
    told |= {name: told[name] + page["counted"].get(name, 0) for name in ("posted", LACKS, UNDECIDED)}
    told["breaches"] += len(page["found"])
    told[FOUND] = [*told[FOUND], *page["found"]][:FOUND_MAX]
    return told


def get_replay(session: Session, command: GetReplay) -> dict[str, Any] | Refused:
    """The job, what it counted, and the breaches with their cases; amounts in minor units of the group's currency."""
    found = visible_job(session, command.job_id, REPLAY)
    if isinstance(found, Refused):
        return found
    job = found[0]
    return {**standing_of(session, *found), **job.wish, "found": list((job.told or {}).get(FOUND, ()))}


def newest_replay(session: Session, first: date, last: date, entity: str) -> Job | None:
    """The replay that was asked for last and came to its end, of what was posted on these days, of an entity or all.

    What is posted after a replay is not in it: days that had not come yet when it ended need not be covered. None where
    there is none among the newest jobs.
    """
    for row in session.uow.jobs():
        job = Job.read(row)
        if job.kind != REPLAY or row.status != "done" or job.refused or job.stopped_by or not job.told:
            continue
        covers = job.wish["first"] <= first.isoformat() and job.wish["last"] >= min(last.isoformat(), job.ended_at[:10])
        if covers and job.wish["entity"] in {"", entity}:
            return job
    return None

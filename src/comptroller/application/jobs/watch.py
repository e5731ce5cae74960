"""A version that came in force is held against its forecast, and the way back proposed where it goes otherwise.

It follows behind the cases that begin under the version, as a shadow does, and counts how each came out when it was
judged first. Where a figure leaves its band, a rollback is put before people, once: the machine proposes, and signs
nothing. How far the watch has come and that it has proposed are written with what it did.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from comptroller.application.caller import PACK
from comptroller.application.casework.record import stream_of, tell_on_case
from comptroller.application.jobs.forecast import added, kept_forecast, way_of
from comptroller.application.jobs.job import Job
from comptroller.application.jobs.stepping import Step
from comptroller.application.notices.requesting import request_notices
from comptroller.application.people.records import holders, principal
from comptroller.application.records import CaseRow
from comptroller.application.releasing.following import (
    instant_of,
    judged_between,
    judgements_of,
    settled,
    taken_over,
)
from comptroller.application.releasing.release import KIND
from comptroller.application.releasing.requests import RollBackPolicy, proposal_of, roll_back_policy
from comptroller.application.releasing.timeline import alias_of, timeline_of
from comptroller.application.releasing.watching import watch_id
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import Duty, Principal
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.notices import NoticeKind
from comptroller.domain.packs.forecast import Forecast, Seen
from comptroller.domain.packs.timeline import GROUP


@dataclass(frozen=True, slots=True)
class CountLive:
    """The next cases that began under a version and were judged first, from a watermark on, by the way of each."""

    case_id: str  # of the request that put it in force
    version: str
    entity: str  # for whom; empty: the group
    since: str  # instants: the first and the last of the watch, and the watermark
    until: str
    after: str


@dataclass(frozen=True, slots=True)
class ProposeRollback:
    """Ask people for the version that was in force before one that does not do what was forecast."""

    case_id: str  # of the request that put it in force
    version: str
    entity: str
    reason: str


def count_live(session: Session, command: CountLive) -> dict[str, Any]:
    """Count a page of judgements; `next` is the new watermark, `ends` why there is nothing behind it."""
    since, until, after = (instant_of(text) for text in (command.since, command.until, command.after))
    policy, ends = session.environment.policies.version(session.uow, command.version), "time"
    other = taken_over(timeline_of(session.uow, PACK), command.entity, command.version, since)
    if other is not None and other.recorded_at < until:
        until, ends = other.recorded_at, "overtaken"
    found = judged_between(session.uow, after, min(settled(session), until))
    rows = {row.case_id: row for row in session.uow.cases_of({each.case_id for each in found.judgements})}
    ways: dict[str, int] = {}
    for each in found.judgements:
        row = rows[each.case_id]
        is_meant = row.policy_hash == command.version and command.entity in {GROUP, row.entity}
        if is_meant and each == judgements_of(session.uow, row.case_id)[0]:
            way = way_of(session, row, policy, each.at) or ""
            ways[way] = ways.get(way, 0) + 1
    return {
        "ways": ways,
        "looked_at": len(found.judgements),
        "next": instant_text(found.watermark),
        "ends": ends if found.watermark >= until else "",
        "forecasts": forecasts_of(session, command.case_id),
    }


def forecasts_of(session: Session, case_id: str) -> list[Forecast]:
    """What was forecast of a request's version; nothing as long as the forecast is not made."""
    forecast = kept_forecast(session.uow, case_id)
    return [Forecast.read(each) for each in forecast[1]["figures"]] if forecast else []


def watch_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Count what was judged since the watermark and hold it against the forecast; rest where nothing is new."""
    job = step.job
    wish: Mapping[str, str] = job.wish
    while not (job.told or {}).get("reason"):
        page = step.ask(CountLive(**wish, after=job.after or wish["since"]))
        if isinstance(page, Rejection):
            yield _refused(job, page), True
            return
        ways = added((job.told or {"ways": {}})["ways"], page["ways"])
        left = [seen for seen in (each.seen(ways) for each in page["forecasts"]) if seen.leaves]
        told = {"request": wish["case_id"], "ways": ways, "cases": sum(ways.values())}
        told |= {"seen_until": page["next"], "ends": page["ends"]}
        job = replace(job, done=job.done + page["looked_at"], after=page["next"], told=told)
        if left:
            job = replace(job, told=told | {"ends": "left", "reason": words(left)})
        else:
            yield job, bool(page["ends"])
            if not page["looked_at"]:
                return
    yield _proposed(step, job), True


def _proposed(step: Step, job: Job) -> Job:
    """Propose the way back; whoever goes on with the job behind that is given the same answer."""
    told: Any = job.told
    command = ProposeRollback(job.wish["case_id"], job.wish["version"], job.wish["entity"], told["reason"])
    answer = step.do(command, job, key=f"{job.job_id}-rollback")
    refused = isinstance(answer, Rejection)
    return _refused(job, answer) if refused else replace(job, told=told | {"rollback": answer["case_id"]})


def _refused(job: Job, rejection: Rejection) -> Job:
    return replace(job, refused={"code": rejection.code, "message": rejection.message})


def forecast_told(session: Session, case_id: str) -> dict[str, Any]:
    """What is forecast of a request's version, and what was seen of it so far; None for what there is not yet."""
    kept, row = kept_forecast(session.uow, case_id), session.uow.outbox(watch_id(case_id))
    live = None if row is None else Job.read(row).told or {"ways": {}, "cases": 0, "ends": ""}
    return {"forecast": kept[1] if kept else None, "live": live}


def words(left: Sequence[Seen]) -> str:
    """What was forecast of the first figure that left its band, what was seen, and which others left theirs."""
    seen, *others = left
    band, open_ = (f"{percent(of.low)} to {percent(of.high)} %" for of in (seen.forecast.band, seen.interval))
    share = percent(Decimal(seen.hits) / seen.cases)
    first = f"{seen.forecast.rule.figure}: forecast {band} of the cases, seen {share} % of {seen.cases}, hence {open_}"
    return f"{first}; and {', '.join(each.forecast.rule.figure for each in others)}" if others else first


def percent(share: Decimal) -> Decimal:
    """A share in percent, to a tenth."""
    return (share * 100).quantize(Decimal("0.1"))


def propose_rollback(session: Session, command: ProposeRollback) -> dict[str, Any] | Refused:
    """Open the request, where the version is still in force and nobody has asked for the way back already."""
    session.uow.serialize([alias_of(PACK), stream_of(command.case_id)])
    timeline = timeline_of(session.uow, PACK)
    if command.version not in {each.version for each in (timeline.in_force(command.entity), *timeline.trials) if each}:
        return {"case_id": ""}
    asked = next(_asked(session, command), None)
    back = RollBackPolicy(command.reason, command.entity)
    answer: Any = {"case_id": asked.case_id} if asked else roll_back_policy(session, back)
    if isinstance(answer, Refused):
        return answer
    people = request_notices(session, _proposers(session, command), NoticeKind.ROLLBACK, case_id=answer["case_id"])
    told = {"version": command.version, "reason": command.reason, "rollback": answer["case_id"], "told": people}
    tell_on_case(session, command.case_id, "policy.forecast.left", told)
    return {"case_id": answer["case_id"]}


def _proposers(session: Session, command: ProposeRollback) -> list[Principal]:
    """Who may propose changes of the entity's policy, and who wrote this one; who signs is told by the task."""
    row, uow = session.uow.case(command.case_id), session.uow
    assert row is not None  # the watch was begun with it
    authors = [principal(uow, author) for author in proposal_of(row)["authors"]]
    roles = (key for key, role in session.policy.pack.roles.items() if Duty.POLICY_PROPOSE in role.duties)
    return [*(each for each in authors if each), *(each for key in roles for each in holders(uow, key, row.entity))]


def _asked(session: Session, command: ProposeRollback) -> Iterator[CaseRow]:
    """The requests that wait to take a version's place by the one before it."""
    for row in session.uow.cases(kind=KIND, status="waiting", limit=limits.PAGE_SIZE_MAX):
        view = proposal_of(row)
        ended = view.get("ends") or view["base"]
        if view["rollback"] and (ended, view["entity"]) == (command.version, command.entity):
            yield row

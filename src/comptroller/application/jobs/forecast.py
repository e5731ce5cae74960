"""A forecast as a job: what a version would have made of the newest cases on record, kept beside its request.

What counts is how a case came out when it was judged first: what people mended since is no part of a forecast, as
nobody has mended yet what comes in next. Cases for which the version asks a fact that nobody recorded are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from comptroller.application.caller import PACK, SYSTEM
from comptroller.application.casework.record import tell_on_case
from comptroller.application.jobs.job import Job
from comptroller.application.jobs.stepping import Step
from comptroller.application.policy import Policy
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import AttachmentRow, CaseRow
from comptroller.application.releasing.following import PAGE, instant_of, judgements_of
from comptroller.application.releasing.history import asked_of
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.domain.decisions.handing import kept
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.packs.backtest import Course
from comptroller.domain.packs.chain import Chain
from comptroller.domain.packs.forecast import Forecast, Rule
from comptroller.domain.packs.timeline import GROUP

NAME: Final = "forecast.json"
"""What the forecast is called beside its request."""


@dataclass(frozen=True, slots=True)
class CountWays:
    """A page of cases, the newest first, from behind a case, by the way that a version gives each."""

    version: str
    base: str
    entity: str  # whose cases alone; empty: whoever is decided by `base`
    since: str  # instants between which they were judged first
    until: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class KeepForecast:
    """Put a forecast beside the request that it is made for."""

    case_id: str
    forecast: Mapping[str, Any]


def count_ways(session: Session, command: CountWays) -> dict[str, Any]:
    """Decide a page of cases again, as each was judged first; `next` is where to go on."""
    rows = session.uow.cases(after=command.after, limit=PAGE)
    since, until = instant_of(command.since), instant_of(command.until)
    policy = session.environment.policies.version(session.uow, command.version)
    timeline, ways, left_out = timeline_of(session.uow, PACK), dict[str, int](), 0
    for row in rows:
        judgements = judgements_of(session.uow, row.case_id)
        entry = timeline.in_force(row.entity, known_at=until)
        is_meant = command.entity in {GROUP, row.entity} and entry is not None and entry.version == command.base
        if not is_meant or not judgements or not since <= judgements[0].at < until:
            continue
        way = way_of(session, row, policy, judgements[0].at)
        if way is None:
            left_out += 1
        else:
            ways[way] = ways.get(way, 0) + 1
    return {"ways": ways, "left_out": left_out, "looked_at": len(rows), "next": rows[-1].case_id if rows else ""}


def way_of(session: Session, row: CaseRow, policy: Policy, at: datetime) -> str | None:
    """The way that a version gives a case as it was judged at an instant; None where it asks what nobody recorded."""
    process = session.environment.policies.version(session.uow, row.policy_hash).processes[row.process]
    chain, asked = Chain.of(process, policy.models), asked_of(session, row, until=at)
    if chain.lacks(asked):
        return None
    return Course.of({name: kept(name, outcome) for name, outcome in chain.decide_again(asked).items()}).way


def added(counted: Mapping[str, int], more: Mapping[str, int]) -> dict[str, int]:
    """Cases by way, with some more."""
    return {way: counted.get(way, 0) + more.get(way, 0) for way in sorted({*counted, *more})}


def forecast_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Count page after page, then keep what that lets expect."""
    job, wish = step.job, step.job.wish
    command = CountWays(wish["version"], wish["base"], wish["entity"], wish["since"], wish["until"])
    is_over = False
    while not is_over:
        page = step.ask(replace(command, after=job.after))
        if not isinstance(page, Rejection):
            told = dict(job.told or {"request": wish["case_id"], "ways": {}, "left_out": 0})
            told |= {"ways": added(told["ways"], page["ways"]), "left_out": told["left_out"] + page["left_out"]}
            job = replace(job, done=job.done + page["looked_at"], after=page["next"] or job.after, told=told)
            is_over = page["looked_at"] < PAGE or job.done >= limits.FORECAST_CASES_MAX
            page = step.do(KeepForecast(wish["case_id"], _forecast(job)), job) if is_over else page
        if isinstance(page, Rejection):
            job, is_over = replace(job, refused={"code": page.code, "message": page.message}), True
        yield job, is_over


def _forecast(job: Job) -> dict[str, Any]:
    told: Any = job.told
    figures = [Forecast.of(Rule.kept(rule), told["ways"]).facts() for rule in job.wish["rules"]]
    about = {name: job.wish[name] for name in ("version", "base", "entity", "since", "until")}
    return {**about, **told, "cases": sum(told["ways"].values()), "figures": figures}


def keep_forecast(session: Session, command: KeepForecast) -> dict[str, Any]:
    """Keep the forecast beside the case, by its digest; one that is there already is that."""
    content = encode({"forecast": command.forecast})
    digest = sha256(content).hexdigest()
    if kept_forecast(session.uow, command.case_id) is None:
        told = {"digest": digest, "cases": command.forecast["cases"], "left_out": command.forecast["left_out"]}
        tell_on_case(session, command.case_id, "policy.forecast", told)
        more = (content, session.now, session.caller.id)
        session.uow.insert(AttachmentRow(command.case_id, digest, NAME, "application/json", *more))
    return {"digest": digest}


def kept_forecast(uow: UnitOfWork, case_id: str) -> tuple[str, dict[str, Any]] | None:
    """The digest of a request's forecast, and what it says."""
    found = [row for row in uow.attachments(case_id) if row.name == NAME and row.added_by == SYSTEM]
    content: Any = decode(found[0].content) if found else None
    return (found[0].digest, content["forecast"]) if found else None

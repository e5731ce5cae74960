"""A change of policy as a case of its own: its check, its signatures, its day, its review.

What is signed is the candidate as it was checked, against the version that it takes the place of, for its day: the
hash of all that is what a signature binds (INVARIANT 5). Who wrote or proposed it never signs, and nobody signs twice:
policy itself is asked, the version in force, never the candidate. Another release in between sends the case back:
nobody signed a change of that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from comptroller.application.caller import SYSTEM
from comptroller.application.casework.assignment import Asked, assign_role, lacks
from comptroller.application.casework.signing import refusal_of
from comptroller.application.casework.stages import ask_in_stages
from comptroller.application.people.held_together import newly_together
from comptroller.application.people.records import principal
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.records import AttachmentRow
from comptroller.application.releasing.backtested import backtests_of
from comptroller.application.releasing.checks import assessed
from comptroller.application.releasing.correction import correction
from comptroller.application.releasing.overrides import (
    Bearing,
    Versions,
    bring,
    difference_of,
    keep,
    settle,
)
from comptroller.application.releasing.scope import Scope
from comptroller.application.releasing.sources import stored_files
from comptroller.application.releasing.timeline import alias_of, timeline_of
from comptroller.application.releasing.watching import begin_forecast, begin_watch
from comptroller.application.session import Session
from comptroller.application.starting.in_force import bring_in_force
from comptroller.domain.controls.quorum import Quorum
from comptroller.domain.feel import Value
from comptroller.domain.identity import Duty, Principal, duties_of
from comptroller.domain.kernel.canonical_json import digest, encode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.packs.assessment import Assessment
from comptroller.domain.packs.timeline import GROUP, InForce, Timeline, Way

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

KIND: Final = "policy_release"
ROUTING: Final = "policy release routing"
EVIDENCE: Final = "release evidence"
MAY_RELEASE: Final = "may release policy"
FREEZE: Final = "freeze window"
"""The decision that says whether policy is frozen on a day, until when, and why."""
FROZEN: Final = "POLICY-FROZEN-01"
CHECK_AGAIN: Final = "check again"
RELEASE: Final = "release"
SCHEDULED: Final = "scheduled"
IN_FORCE: Final = "in force"
OVERTAKEN: Final = "another version was put in force in between: propose the change anew on it"
BACKTESTS: Final = "backtests"
"""The part of the evidence that backtests are."""

RELEASER: Final = "policy-releaser"
UNNAMED: Final[Mapping[str, Value]] = {
    "step": "release",
    "title": "Release",
    "role": RELEASER,
    "signatures": Decimal(2),
    "hours": Decimal(16),
}
"""The step where policy names none: it could never be mended by a change that nobody is asked to sign."""

UNNAMED_TEXT: Final = (
    f"policy names nobody who signs this change: two people of the role {RELEASER} are asked; where they are fewer, "
    "give the role to somebody who did not write it"
)

STOPS_TOLD_MAX: Final = 20
"""Reasons that the case itself tells; the rest is in its evidence."""


# ---- services of the process ---------------------------------------------------------------------------------------


def check_version(run: "CaseRun") -> Mapping[str, Value]:
    """Hold the candidate against what is in force now, and keep what was found beside the case."""
    proposal = run.dossier.proposal
    void_signatures(run, "the version is checked again")
    if not _builds_on_what_is_in_force(run):
        return _send_back(run, "overtaken", [OVERTAKEN])
    assessment, bearing = _assess(run), _bearing(run)
    keep(run.session, bearing.brought)
    backtests = backtests_of(run.session, proposal)
    found = {**assessment.evidence(), **bearing.evidence(), **_reach(run, bearing), **_of_people(run)}
    found |= {BACKTESTS: backtests} if backtests else {}
    proposal["evidence"] = _keep(run, found)
    proposal["changes"] = {"decisions": list(assessment.changes.decisions), "parts": list(assessment.changes.parts)}
    proposal["undecided"] = list(assessment.undecided)
    proposal["entities"] = [each.to_json() for each in bearing.brought]
    proposal["checked_at"] = instant_text(run.session.now)
    run.dossier.content_hash = content_hash(proposal)
    untried = untriable(assessment.changes.parts) if is_trial(proposal) else ()
    stops = (*bearing.stops, *assessment.stops, *untried)
    told = {"version": proposal["version"], "base": proposal["base"], "content": run.dossier.content_hash}
    run.tell("policy.checked", {**told, "evidence": proposal["evidence"], "stops": len(stops)})
    if stops and not proposal["rollback"]:
        return _send_back(run, "unsound", stops)
    run.facts = {
        "changed decisions": list(assessment.changes.decisions),
        "changed parts": list(assessment.changes.parts),
        "valid from": _wanted_day(run),
        "emergency": proposal["emergency"],
        "rollback": proposal["rollback"],
        "backtested cases": Decimal(max((each["cases"] for each in backtests), default=0)),
        "decision date": today(run.session),
    }
    lacking = _lacking(run)
    if lacking:
        return _send_back(run, "unsound", lacking)
    begin_forecast(run)
    return {"sound": True}


def _lacking(run: "CaseRun") -> list[str]:
    """What policy wants to have seen before anybody is asked, where it says so; a rollback is stopped by nothing."""
    if run.dossier.proposal["rollback"] or not run.knows(EVIDENCE):
        return []
    outcome = run.decide(EVIDENCE).value
    told = outcome if isinstance(outcome, Mapping) else {}
    return [] if told.get("outcome") == "enough" else [str(told.get("text") or f"`{EVIDENCE}` does not call it enough")]


def route_policy(run: "CaseRun", outcome: Any) -> Mapping[str, Value]:
    """Ask as many people as policy says, side by side; nobody who wrote or proposed it."""
    proposal, now = run.dossier.proposal, today(run.session)
    text = str(outcome.get("text") or "")
    run.dossier.reasons = [{"code": str(outcome.get("reason") or ""), "text": text}]
    run.describe(outcome=RELEASE)
    steps = outcome.get("steps") or ()
    if not steps:
        steps = (UNNAMED,)
        run.dossier.reasons.append({"code": "POLICY-SIGNERS-01", "text": UNNAMED_TEXT})
    proposal["signatures"] = sum(Quorum.of(step).needed for step in steps)
    wanted, earliest = _wanted_day(run), outcome.get("earliest")
    counts_from = earliest if isinstance(earliest, date) else wanted
    if proposal.get("undecided") and proposal["signatures"] > 1:
        run.dossier.reasons.append({"code": "POLICY-UNDECIDED-01", "text": _counted_as_changed(proposal["undecided"])})
    if counts_from > wanted:
        run.dossier.reasons.append({"code": FROZEN, "text": _put_off(run, counts_from)})
    starts = max(counts_from, now)
    proposal["starts"] = starts.isoformat()
    proposal["counts_from"] = counts_from.isoformat()
    return {
        "open steps": _asked(run, steps),
        "decision taken": "",
        "review": outcome.get("review") is True,
        "waits": starts > now,
        "waiting until": instant_text(datetime.combine(starts, datetime.min.time(), _zone(run.session))),
    }


def _counted_as_changed(decisions: Iterable[str]) -> str:
    """Why decisions count as changed of which that is not proved: who signs is decided by what may be, not what is."""
    named = ", ".join(decisions)
    return f"whether these decide otherwise could not be decided, so they count as changed: {named}"


def _put_off(run: "CaseRun", earliest: date) -> str:
    """Why a change does not count from the day that was asked for, until when that is so, and what can be done."""
    wanted, model = _wanted_day(run), run.session.policy.models.get(FREEZE)
    told: Any = model.decide(FREEZE, {"valid from": wanted}, run.session.now).value if model is not None else None
    frozen = told if isinstance(told, dict) and told.get("outcome") == "frozen" else {}
    why = f": {frozen['text']}" if frozen.get("text") else ""
    until = f" until {frozen['until'].isoformat()}" if isinstance(frozen.get("until"), date) else ""
    return (
        f"policy is frozen on {wanted.isoformat()}{until}{why}; once it is signed it counts from "
        f"{earliest.isoformat()}; what cannot wait is withdrawn and proposed as an emergency"
    )


def put_policy_in_force(run: "CaseRun") -> Mapping[str, Value]:
    """Add the version to the timeline, where what it builds on is still in force and its signers still may sign."""
    session, proposal, given = run.session, run.dossier.proposal, run.dossier.signatures
    session.uow.serialize([alias_of(proposal["pack"])])
    if not _builds_on_what_is_in_force(run):
        return {**_send_back(run, "overtaken", [OVERTAKEN]), "in effect": False}
    if not (_entities_stand(run) and all(_still_releases(run, each.person) for each in given)):
        return {"in effect": False, "decision taken": CHECK_AGAIN}
    valid_from = date.fromisoformat(proposal.get("counts_from") or proposal["valid_from"])
    way = Way.ROLLBACK if proposal["rollback"] else Way.EMERGENCY if proposal["emergency"] else Way.RELEASE
    group = proposal.get("group", "")
    is_own = bool(proposal["entity"])
    entry = InForce(
        version="" if is_own and proposal["version"] == group else proposal["version"],
        entity=proposal["entity"],
        valid_from=valid_from,
        recorded_at=session.now,
        recorded_by=given[-1].person,
        signed_by=tuple(each.person for each in given),
        case_id=run.row.case_id,
        way=way,
        title=proposal["title"],
        base=group if is_own else "",
    )
    timeline = timeline_of(session.uow, proposal["pack"])
    told: dict[str, Any] = {"entities": proposal.get("entities", [])}
    if is_trial(proposal):
        entries = _trial(timeline, entry, proposal)
        told |= {"way": Way.TRIAL.value, "begin": proposal["begin"], "share": proposal["share"]}
    else:
        entries = [entry, *(_entry_of(entry, each) for each in proposal.get("entities", ()))]
        told["ends"] = [] if is_own else sorted({each.version for each in timeline.trials})
    bring_in_force(session.environment, session.uow, session.evidence, proposal["pack"], *entries)
    run.tell("policy.put.in.force", {**entry.to_json(), **told})
    begin_watch(run)
    run.describe(status="waiting" if proposal["emergency"] else "done", outcome=IN_FORCE)
    step = {"step": "review", "title": "Review the emergency change", "role": RELEASER, "hours": Decimal(40)}
    return {"in effect": True, "decision taken": "", "open steps": _asked(run, [step])}


def _trial(timeline: Timeline, entry: InForce, proposal: Mapping[str, Any]) -> list[InForce]:
    """The entries of a trial: of the group or of the entities that begin, each with what it overrides.

    Where somebody was on trial who is not any more, everybody has first what stands beside it.
    """
    group = timeline.standing()
    assert group is not None  # the trial builds on it
    own = {each["entity"]: each["version"] for each in proposal["entities"]}
    scope = dict.fromkeys([*(proposal["begin"] or [GROUP]), *own])
    more: Any = {"way": Way.TRIAL, "base": group.version, "share": proposal["share"]}
    entries = [replace(entry, entity=each, version=own.get(each) or entry.version, **more) for each in scope]
    entries[1:] = [replace(each, title="") for each in entries[1:]]  # all are told in one entry of the log
    if proposal["begin"] and {each.entity for each in timeline.trials} - scope.keys():
        about: Any = {name: getattr(entry, name) for name in ("recorded_at", "recorded_by", "signed_by", "case_id")}
        entries.insert(0, replace(group, valid_from=entry.valid_from, title="", **about))
    return entries


def is_trial(proposal: Mapping[str, Any]) -> bool:
    """Whether a version is to count for some cases only."""
    return "share" in proposal


def untriable(parts: Iterable[str]) -> tuple[str, ...]:
    """Why a version cannot be on trial: what is not of a case counts for everybody at once."""
    return tuple(
        f"{part} count for everybody at once: no share of the cases can try them"
        for part in parts
        if part in {"roles", "parameters", "processes"}
    )


def _entry_of(group: InForce, brought: Mapping[str, Any]) -> InForce:
    """What an entity gets by a release of the group: in force with it, from the day on which its own counts."""
    day = max(date.fromisoformat(brought["valid_from"]), group.valid_from)
    about: Any = {"entity": brought["entity"], "version": brought["version"], "base": group.version}
    return replace(group, **about, valid_from=day, way=Way.MERGE, title="")


def refuse_policy(run: "CaseRun") -> Mapping[str, Value]:
    """End without effect: somebody said no, or nobody may say yes."""
    keep_end(run, run.session.caller.id)
    run.describe(status="rejected", outcome="rejected")
    return {}


def object_to_policy(run: "CaseRun") -> Mapping[str, Value]:
    """Record that who looked at an emergency change afterwards does not stand by it."""
    text = "the review does not stand by it: roll it back, or propose what is to take its place"
    run.dossier.reasons = [{"code": "POLICY-REVIEW-01", "text": text}]
    run.describe(status="done", outcome="objected")
    return {}


def keep_end(run: "CaseRun", by: str) -> None:
    """Remember when a request ended without effect, and by whose act."""
    run.dossier.proposal["ended"] = {"at": instant_text(run.session.now), "by": by}


def describe_scheduled(run: "CaseRun") -> None:
    """Say of a request that everybody has signed that it waits for its day alone."""
    is_asked = any(task.status == "open" for task in run.session.uow.case_tasks(run.row.case_id))
    if run.row.outcome == RELEASE and not is_asked:
        run.describe(outcome=SCHEDULED)


def _send_back(run: "CaseRun", outcome: str, stops: Iterable[str]) -> Mapping[str, Value]:
    told = list(stops)
    run.dossier.reasons = [{"code": "POLICY-CHECK-01", "text": text} for text in told[:STOPS_TOLD_MAX]]
    keep_end(run, SYSTEM)
    run.tell("policy.sent.back", {"outcome": outcome, "stops": [text[:500] for text in told[:STOPS_TOLD_MAX]]})
    run.describe(status="returned", outcome=outcome)
    return {"sound": False}


def _asked(run: "CaseRun", steps: Iterable[Mapping[str, Any]]) -> list[Value]:
    signed = {given.person for given in run.dossier.signatures}
    barred = {*run.dossier.proposal["authors"], *signed}
    lacking = lacks(Duty.POLICY_RELEASE, run.session.policy.pack.roles)
    asked = Asked(run.row.entity, today(run.session), lacking, barred)
    titled = [{**step, "title": f"{step['title']}: {run.dossier.proposal['title']}"} for step in steps]
    uow = run.session.uow
    return ask_in_stages(run, titled, asked, lambda step, of: assign_role(uow, str(step["role"]), of))


# ---- signing -------------------------------------------------------------------------------------------------------


def may_release_policy(run: "CaseRun", person: Principal, step: Mapping[str, Any]) -> Rejection | None:
    """Ask policy whether this person may release this change; anything but a plain yes refuses."""
    run.facts = {
        "authors": list(run.dossier.proposal["authors"]),
        "step": {"step": str(step.get("step")), "role": step.get("role")},
        "signer": {
            "id": person.id,
            "kind": person.kind.value,
            "active": person.active,
            "roles": list(person.roles),
            "works for entity": person.works_for(run.row.entity),
            "has signed": any(given.person == person.id for given in run.dossier.signatures),
        },
        "decision date": today(run.session),
    }
    return refusal_of(run, run.decide(MAY_RELEASE).value, "release", "POLICY-SIGN-08")


def still_stands(run: "CaseRun") -> bool:
    """Whether what is signed is still a change of what is in force, with all that backtests found by then.

    A review looks at what has happened already.
    """
    return run.row.outcome == IN_FORCE or (_builds_on_what_is_in_force(run) and not backtested_since(run))


def backtested_since(run: "CaseRun") -> bool:
    """Whether a backtest has ended since the check, and nobody has signed without it."""
    proposal = run.dossier.proposal
    found = backtests_of(run.session, proposal)
    is_known = not found or proposal["evidence"].get(BACKTESTS) == digest({BACKTESTS: found})
    return not (is_known or run.dossier.signatures)


def void_signatures(run: "CaseRun", reason: str) -> None:
    """Let fall every signature given so far."""
    for signature in run.dossier.signatures:
        run.tell("signature.voided", {"step": signature.step, "person": signature.person, "reason": reason})
    run.dossier.signatures, run.dossier.against = [], []


def _still_releases(run: "CaseRun", person: str) -> bool:
    found = principal(run.session.uow, person)
    if found is None or person in run.dossier.proposal["authors"] or not found.works_for(run.row.entity):
        return False
    return Duty.POLICY_RELEASE in duties_of(found, run.session.policy.pack.roles)


# ---- what a request consists of ------------------------------------------------------------------------------------


def content_hash(proposal: Mapping[str, Any]) -> str:
    """What a release signs: which version in the place of which, for whom, from when, on what evidence."""
    names = ("version", "base", "pack", "entity", "title", "valid_from", "emergency", "rollback", "authors", "evidence")
    of_entities = [name for name in ("group", "entities", "begin", "share", "ends") if name in proposal]
    return digest({name: proposal[name] for name in (*names, *of_entities)})


def _builds_on_what_is_in_force(run: "CaseRun") -> bool:
    """Whether it is a change of what is in force, and of an entity's on the version of the group that is."""
    proposal, timeline = run.dossier.proposal, timeline_of(run.session.uow, run.dossier.proposal["pack"])
    entry, group = timeline.standing(proposal["entity"]), timeline.standing()
    builds_on = (proposal["base"], proposal.get("group", proposal["base"]))
    return entry is not None and group is not None and (entry.version, group.version) == builds_on


def _entities_stand(run: "CaseRun") -> bool:
    """Whether the versions of entities that a change of the group's was merged with are theirs still."""
    proposal = run.dossier.proposal
    if proposal["entity"] or "ends" in proposal:
        return True
    timeline = timeline_of(run.session.uow, proposal["pack"])
    overriding = timeline.overriding(_wanted_day(run), let_go=proposal["rollback"])
    found = [each for each in overriding if _is_meant(proposal, each.entity)]
    merged = [(each["entity"], each["valid_from"], each["was"]) for each in proposal.get("entities", ())]
    return merged == [(each.entity, each.valid_from.isoformat(), each.version) for each in found]


def _assess(run: "CaseRun") -> Assessment:
    uow, proposal = run.session.uow, run.dossier.proposal
    base, candidate = stored_files(uow, proposal["base"]), stored_files(uow, proposal["version"])
    if base is None or candidate is None:
        raise LookupError(f"a version of request `{run.row.case_id}` is not in the store")
    return assessed(run.session, base, candidate)


def _bearing(run: "CaseRun") -> Bearing:
    """What the version means for entities; a rollback is stopped by none of them."""
    session, proposal = run.session, run.dossier.proposal
    files = stored_files(session.uow, proposal["version"])
    assert files is not None  # it was stored with the request
    if proposal["entity"]:
        return Bearing(difference_of(session, proposal["group"], files))
    policy, since = session.environment.policies.version(session.uow, proposal["version"]), _wanted_day(run)
    if "ends" in proposal:
        return Bearing()
    if proposal["rollback"]:
        return settle(session, policy, files, since)
    scope = Scope(keep=tuple(proposal.get("keep", ())), take=tuple(proposal.get("take", ())))
    found = bring(session, policy, files, since, scope.answers).brought
    return Bearing(brought=tuple(each for each in found if _is_meant(proposal, each.entity)))


def _is_meant(proposal: Mapping[str, Any], entity: str) -> bool:
    """Whether an entity gets anything by a version of the group: it is for all, or begins with this one."""
    return not proposal.get("begin") or entity in proposal["begin"]


def _reach(run: "CaseRun", bearing: Bearing) -> dict[str, Any]:
    """What a version that counts from a day in the past would have decided otherwise since then."""
    since, session = _wanted_day(run), run.session
    if since >= today(session):
        return {}
    candidate = session.environment.policies.version(session.uow, run.dossier.proposal["version"])
    versions = Versions(candidate, run.dossier.proposal["entity"], bearing.own)
    return {"correction": correction(session, versions, since)}


def _of_people(run: "CaseRun") -> dict[str, Any]:
    """Who would hold duties that belong apart once the version counts, and does not now; roles are the group's."""
    session, proposal = run.session, run.dossier.proposal
    if proposal["entity"]:
        return {}
    found = newly_together(
        session.uow, session.policy.apart, session.environment.policies.version(session.uow, proposal["version"]).apart
    )
    return {"people": found} if found else {}


def _keep(run: "CaseRun", parts: Mapping[str, Any]) -> dict[str, str]:
    """Keep each part of what was found beside the case, by its digest."""
    session, kept = run.session, dict[str, str]()
    known = {row.digest for row in session.uow.attachments(run.row.case_id)}
    for name, found in parts.items():
        content = encode({name: found})
        kept[name] = sha256(content).hexdigest()
        if kept[name] not in known:
            row = AttachmentRow(
                run.row.case_id, kept[name], f"{name}.json", "application/json", content, session.now, session.caller.id
            )
            session.uow.insert(row)
    return kept


def _wanted_day(run: "CaseRun") -> date:
    return date.fromisoformat(run.dossier.proposal["valid_from"])


def today(session: Session) -> date:
    """The calendar day at the tenant."""
    return session.now.astimezone(_zone(session)).date()


def _zone(session: Session) -> ZoneInfo:
    return ZoneInfo(str(tenant_record(session.uow).get("time_zone") or "UTC"))

"""What can be asked of changes of policy: propose a version, go back to the one before, withdraw, and look.

A proposal stores the version whole and opens a case on it; that it is stored puts nothing in force. A version that does
not compile is refused with its faults, as a caller's error; what its tables and examples show is found by the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.caller import PACK
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.opening import begin, start
from comptroller.application.casework.resuming import resume_case
from comptroller.application.people.held_together import newly_together
from comptroller.application.policy import Policy
from comptroller.application.records import CaseRow
from comptroller.application.releasing.checks import assessed, compiled
from comptroller.application.releasing.correction import correction
from comptroller.application.releasing.overrides import (
    Versions,
    bearing_of,
    keep,
    settle,
    settle_one,
)
from comptroller.application.releasing.release import IN_FORCE, KIND, keep_end, today, untriable
from comptroller.application.releasing.scope import (
    EVERYBODY,
    Scope,
    candidate_on_trial,
    no_say,
    not_for,
    out_of_bounds,
)
from comptroller.application.releasing.sources import store_files, stored_files
from comptroller.application.releasing.states import states_of
from comptroller.application.releasing.timeline import PROCESS, timeline_of
from comptroller.application.session import Refused, Session
from comptroller.domain import workflow
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.packs import content_hash
from comptroller.domain.packs.lint import BINDINGS
from comptroller.domain.packs.timeline import GROUP, Timeline

FAULTS_TOLD_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """What a version would be found to change, and what would stop it; nothing is kept."""

    files: Mapping[str, bytes] = field(repr=False)
    scope: Scope = EVERYBODY


@dataclass(frozen=True, slots=True)
class CorrectPolicy:
    """What a version would have decided otherwise since a day; nothing is kept."""

    files: Mapping[str, bytes] = field(repr=False)
    since: str  # YYYY-MM-DD
    entity: str = ""  # whose version it would have been; empty: the group's


@dataclass(frozen=True, slots=True)
class ProposePolicy:
    """Put a version before those who may release it."""

    title: str
    files: Mapping[str, bytes] = field(repr=False)
    valid_from: str = ""  # a day; empty: as soon as it is signed
    emergency: bool = False
    authors: tuple[str, ...] = ()  # who else wrote it: none of them signs
    scope: Scope = EVERYBODY
    drafted: Mapping[str, str] = field(default_factory=dict)  # `draft`, since when (`at`) and `by` whom it was written

    @property
    def fingerprint(self) -> list[Any]:
        """What makes two requests the same request."""
        about = [self.title, content_hash(self.files), self.valid_from, str(self.emergency)]
        return [*about, list(self.authors), repr(self.scope)]


@dataclass(frozen=True, slots=True)
class FollowGroup:
    """Have an entity decide as the group does again."""

    entity: str
    title: str
    valid_from: str = ""  # a day; empty: as soon as it is signed


@dataclass(frozen=True, slots=True)
class RollBackPolicy:
    """Put the version that was in force before this one before somebody who may release it."""

    reason: str
    entity: str = ""  # whose; empty: the group's


@dataclass(frozen=True, slots=True)
class WithdrawPolicy:
    """Take one's own proposal back while it waits."""

    case_id: str
    reason: str


def check_policy(session: Session, command: CheckPolicy) -> dict[str, Any] | Refused:
    """Hold files against the version in force."""
    files, scope = command.files, command.scope
    base = _in_force(session, scope.entity)
    refused = unfit(files) or not_for(session, scope.entity)
    if refused is not None:
        return Refused(refused)
    before = stored_files(session.uow, base)
    assert before is not None
    assessment = assessed(session, before, files)
    policy = compiled(session, files)
    bearing = bearing_of(session, files, scope.entity, today(session), scope.answers)
    faults = policy if not isinstance(policy, Policy) else assessment.faults
    untried = untriable(assessment.changes.parts) if scope.is_trial else ()
    found = (*(_fault_text(fault) for fault in faults), *assessment.stops, *bearing.stops, *untried)
    stops = list(dict.fromkeys(found))
    told = {"version": content_hash(files), "base": base, "is_sound": not stops, "stops": stops}
    apart = policy.apart if isinstance(policy, Policy) and not scope.entity else session.policy.apart
    people = newly_together(session.uow, session.policy.apart, apart)
    return {**told, **assessment.evidence(), "overrides": bearing.to_json(), "people": people}


def past_day(session: Session, text: str) -> date | Rejection:
    """The day that is looked back to, written YYYY-MM-DD; refused where it has not been."""
    day = parse_day(text)
    if day is not None and day <= today(session):
        return day
    said = f"`{text[:20]}` is no day that has been, written YYYY-MM-DD"
    return Rejection(RejectionKind.INVALID, "POLICY-DAY-02", said, help="give the day to look back to")


def correct_policy(session: Session, command: CorrectPolicy) -> dict[str, Any] | Refused:
    """Take recorded decisions again by files that are no version yet."""
    refused = not_for(session, command.entity) or unfit(command.files)
    since = refused or past_day(session, command.since)
    if isinstance(since, Rejection):
        return Refused(since)
    policy = compiled(session, command.files)
    if not isinstance(policy, Policy):
        return Refused(faulty(policy))
    own = {} if command.entity else settle(session, policy, command.files, since).own
    return {"version": policy.hash, **correction(session, Versions(policy, command.entity, own), since)}


def propose_policy(session: Session, command: ProposePolicy) -> dict[str, Any] | Refused:
    """Store the version, and open the case that checks it and has it signed."""
    files, now, scope = command.files, today(session), command.scope
    valid_from = parse_day(command.valid_from) if command.valid_from else now
    refused = words_of(command.title, "title") or unfit(files) or no_say(session, scope.entity)
    if refused is None and (valid_from is None or (command.emergency and (valid_from != now or scope.is_trial))):
        text = "a change counts from a day, written YYYY-MM-DD; an emergency counts at once, and for every case"
        refused = Rejection(RejectionKind.INVALID, "POLICY-DAY-01", text, help="give `valid_from`, or leave it out")
    if refused is None and valid_from is not None:
        refused = out_of_bounds(session, scope, content_hash(files), valid_from, now)
    if refused is not None or valid_from is None:
        assert refused is not None
        return Refused(refused)
    policy, base = compiled(session, files), _in_force(session, scope.entity)
    if not isinstance(policy, Policy):
        return Refused(faulty(policy))
    unknown = _unknown_versions(session, policy)
    if unknown:
        text = f"decisions are bound to versions that are not stored: {', '.join(unknown)}"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-BINDING-01", text, help="name a version by its hash"))
    if policy.pack.key != PACK or policy.hash == base:
        what = "is another pack" if policy.pack.key != PACK else "is in force already: nothing is changed"
        return Refused(Rejection(RejectionKind.INVALID, "POLICY-SAME-01", f"this {what}"))
    store_files(session.uow, policy, files, at=session.now, by=session.caller.id)
    about: dict[str, Any] = {"keep": list(scope.keep), "take": list(scope.take), "emergency": command.emergency}
    if command.drafted:
        about["drafted"] = dict(command.drafted)
    if scope.is_trial:
        about |= {"begin": sorted(set(scope.begin)), "share": scope.share}
    return _open(
        session,
        policy.hash,
        title=command.title.strip(),
        entity=scope.entity,
        valid_from=valid_from,
        authors=(session.caller.id, *command.authors),
        about=about,
    )


def follow_group(session: Session, command: FollowGroup) -> dict[str, Any] | Refused:
    """Propose the group's version for an entity that has its own: what it overrides ends with it."""
    refused = not_for(session, command.entity)
    if refused is None and not command.entity:
        refused = Rejection(RejectionKind.INVALID, "POLICY-ENTITY-04", "an entity follows the group: name one")
    files = stored_files(session.uow, session.policy.hash)
    assert files is not None  # it is in force
    if refused is not None:
        return Refused(refused)
    return propose_policy(session, ProposePolicy(command.title, files, command.valid_from, scope=Scope(command.entity)))


def roll_back_policy(session: Session, command: RollBackPolicy) -> dict[str, Any] | Refused:
    """Open the case that puts back what was in force before: one signature, at once."""
    refused = no_say(session, command.entity) or words_of(command.reason, "reason")
    if refused is not None:
        return Refused(refused)
    timeline = timeline_of(session.uow, PACK)
    if not command.entity and timeline.trials:
        return _end_trial(session, candidate_on_trial(session, timeline), command.reason.strip())
    before = timeline.before(command.entity)
    version = "" if before is None else before.version
    if before is not None and before.entity:
        back = settle_one(session, before)
        keep(session, [back])
        version = back.version or session.policy.hash
    if version in {"", _in_force(session, command.entity)}:
        message = "nothing was in force before this version"
        return Refused(Rejection(RejectionKind.CONFLICT, "POLICY-BACK-01", message))
    return _open(
        session,
        version,
        title=f"Back to version {version[:12]}: {command.reason.strip()}",
        entity=command.entity,
        valid_from=today(session),
        authors=(session.caller.id,),
        about={"rollback": True},
    )


def _end_trial(session: Session, version: str, reason: str) -> dict[str, Any] | Refused:
    """Open the case that ends the trial: what stands beside it is put in force once more, for everybody."""
    return _open(
        session,
        session.policy.hash,
        title=f"End the trial of version {version[:12]}: {reason}",
        entity=GROUP,
        valid_from=today(session),
        authors=(session.caller.id,),
        about={"rollback": True, "ends": version},
    )


def _open(
    session: Session,
    version: str,
    *,
    title: str,
    entity: str,
    valid_from: date,
    authors: tuple[str, ...],
    about: Mapping[str, Any],
) -> dict[str, Any] | Refused:
    if PROCESS not in session.policy.processes:
        message = f"the version in force has no process `{PROCESS}`, by which policy is changed"
        return Refused(Rejection(RejectionKind.CONFLICT, "POLICY-PROCESS-01", message, help="found the tenant anew"))
    proposal: dict[str, Any] = {
        "title": title,
        "pack": PACK,
        "entity": entity,
        "version": version,
        "base": _in_force(session, entity),
        "group": session.policy.hash,
        "valid_from": valid_from.isoformat(),
        "emergency": False,
        "rollback": False,
        "keep": [],
        "take": [],
        **about,
        "authors": list(dict.fromkeys(authors)),
    }
    dossier = Dossier(requester=session.caller.id, enterer=session.caller.id, proposal=proposal)
    run = begin(session, PROCESS, kind=KIND, number=version[:12], dossier=dossier)
    run.describe(entity=entity)
    run.tell("policy.proposed", {**proposal, "reason": title, "by": session.caller.id})
    answer = start(run)
    return {**answer, "request": request_view(run.row, timeline_of(session.uow, PACK))}


def withdraw_policy(session: Session, command: WithdrawPolicy) -> dict[str, Any] | Refused:
    """End a case that waits; what is in force already is rolled back instead."""
    row = _request(session, command.case_id)
    if row is None:
        return Refused(unknown_request(command.case_id))
    refused = words_of(command.reason, "reason")
    run = resume_case(session, row)
    if refused is None and session.caller.id not in run.dossier.proposal["authors"]:
        message = "who proposed a change withdraws it"
        refused = Rejection(RejectionKind.FORBIDDEN, "POLICY-WITHDRAW-01", message, subject=row.case_id)
    if refused is None and (run.row.status != "waiting" or run.row.outcome == IN_FORCE or run.dossier.effects):
        message = f"the request does not wait any more: {run.row.outcome}"
        refused = Rejection(RejectionKind.CONFLICT, "POLICY-WITHDRAW-02", message, subject=row.case_id)
    if refused is not None:
        return Refused(refused, row.case_id)
    words = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    run.tell("policy.withdrawn", {"reason": words})
    keep_end(run, session.caller.id)
    refusal = run.send(workflow.Cancel(words))
    if refusal is not None:
        return Refused(refusal, row.case_id)
    run.close()
    return answer_of(run)


def proposal_of(row: CaseRow) -> dict[str, Any]:
    """What a request proposes."""
    state: Any = decode(row.state)
    return dict(state["dossier"]["proposal"])


def request_view(row: CaseRow, timeline: Timeline) -> dict[str, Any]:
    """A request as it is told, with how far it has come."""
    state: Any = decode(row.state)
    dossier = state["dossier"]
    states = states_of(row, timeline)
    return {
        "case_id": row.case_id,
        "status": row.status,
        "outcome": row.outcome,
        "state": states[-1].state.value,
        "states": [each.to_json() for each in states],
        "requested_at": row.received_at,
        **dossier["proposal"],
        "content_hash": dossier.get("content_hash", ""),
        "signatures": dossier.get("signatures", []),
        "reasons": dossier.get("reasons", []),
    }


def unknown_request(case_id: str) -> Rejection:
    """There is no such request, or none that the caller may see."""
    return Rejection(RejectionKind.NOT_FOUND, "POLICY-UNKNOWN-01", f"there is no request `{case_id}`")


def _request(session: Session, case_id: str) -> CaseRow | None:
    row = session.uow.case(case_id)
    return row if row is not None and row.process == PROCESS and session.caller.sees(row.entity) else None


def _in_force(session: Session, entity: str) -> str:
    entry = timeline_of(session.uow, PACK).standing(entity)
    assert entry is not None  # without one there is no caller
    return entry.version


def unfit(files: Mapping[str, bytes]) -> Rejection | None:
    """Whether this is no set of files that a pack can consist of."""
    faults = [
        Fault("POLICY-FILE-01", path, "a file of a pack has a plain relative path and is text in UTF-8", by="pack")
        for path, content in files.items()
        if not _is_plain(path) or not _is_text(content)
    ]
    size = sum(len(content) for content in files.values())
    if faults or not files or size > limits.DOCUMENT_BYTES_MAX:
        text = faults[0].message if faults else "a pack has between one byte and 10 MiB of files"
        return Rejection(RejectionKind.INVALID, "POLICY-FILE-01", text, tuple(faults[:FAULTS_TOLD_MAX]))
    return None


def _unknown_versions(session: Session, policy: Policy) -> list[str]:
    """The decisions that are bound to a version that nobody stored."""
    bindings = {name: model.policy(name).binding for name, model in policy.models.items()}
    return [
        name for name, binding in bindings.items() if binding not in BINDINGS and session.uow.policy(binding) is None
    ]


def faulty(faults: tuple[Fault, ...]) -> Rejection:
    """The pack does not compile."""
    count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
    message = f"the pack has {count}: {faults[0].message}"
    return Rejection(RejectionKind.INVALID, "POLICY-FAULT-01", message, faults[:FAULTS_TOLD_MAX])


def _is_plain(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return str(PurePosixPath(path)) == path and not path.startswith("/") and ".." not in parts and parts[0] != "demo"


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False


def _fault_text(fault: Fault) -> str:
    return f"{fault.code} {fault.path}: {fault.message}"

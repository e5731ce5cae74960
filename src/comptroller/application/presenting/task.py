"""What the person who looks is asked, and who else signs."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from comptroller.application.act import SETTLING
from comptroller.application.acting.resolving import MAY_RESOLVE, is_asked, resolution_facts
from comptroller.application.acting.undoing import acts_under_way
from comptroller.application.casework.approval_steps import approval_steps
from comptroller.application.casework.clock import today_at
from comptroller.application.presenting.signing_limits import asked_limit, judged
from comptroller.application.presenting.words import ACTION_TITLES, Names, action_title, task_title
from comptroller.application.records import CaseRow, DecisionRow, TaskRow
from comptroller.application.releasing.timeline import policy_of
from comptroller.application.session import Session
from comptroller.application.views import (
    ActionView,
    LimitView,
    OtherTask,
    QuorumView,
    SignatureState,
    SignerView,
    TaskView,
)
from comptroller.domain.identity import Authority
from comptroller.domain.identity.duty import DUTY_OF
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant

FORMS: Final = {"park": "park", "call back": "call-back"}
"""Actions that take more than a reason: each has a form of its own."""


SIGNED: Final = frozenset({"approval", "release", "payment", "policy"})
"""The tasks that are answered by a signature."""


def task_view(
    session: Session,
    names: Names,
    case: CaseRow,
    tasks: Sequence[TaskRow],
    *,
    reason: str,
    problem: str,
    chosen: str = "",
    limits: Mapping[str, LimitView],
) -> TaskView | None:
    """The open task that was chosen, or concerns this person most: their own, else one that they may only see."""
    task = concerning(session, case, tasks, chosen)
    if task is None:
        return None
    detail: Any = decode(task.detail)
    refusal = _refusal(session, names, case, task)
    actions = tuple(
        ActionView(
            action,
            action_title(action),
            not off,
            off,
            needs_reason=action != "approve" and action not in FORMS,
            key=ACTION_TITLES.get(action, ("", ""))[1],
            address=f"/cases/{case.case_id}/acts/{FORMS[action]}?task={task.task_id}" if action in FORMS else "",
        )
        for action in (["call back"] if detail["item"].get("call back") is True else detail["actions"])
        for off in (
            _no_authority(session)
            if action in SETTLING
            else refusal or _not_theirs(session, names, case, task, action),
        )
    )
    asked = str(detail["item"].get("question") or "")
    behalf = names.on_behalf(detail["item"].get("chain") or (), "")
    return TaskView(
        task_id=task.task_id,
        kind=task.kind,
        title=names.told(task_title(task)),
        why=names.told(str(detail.get("why") or "")),
        content_hash=task.content_hash,
        due=task.due,
        actions=actions,
        who="you" + behalf if is_mine(session, case, task) else names.person_or_role(task.person, task.role) + behalf,
        reason=reason,
        problem=problem,
        limit=limits.get(task.task_id, LimitView()),
        text=session.uow.private_texts([asked]).get(asked, "These words were erased.") if asked else "",
        others=tuple(
            OtherTask(
                each.task_id,
                names.told(task_title(each)),
                "you" if is_mine(session, case, each) else names.person_or_role(each.person, each.role),
            )
            for each in sorted(tasks, key=lambda each: each.due)
            if each.status == "open" and each.task_id != task.task_id
        ),
    )


def concerning(session: Session, case: CaseRow, tasks: Sequence[TaskRow], chosen: str = "") -> TaskRow | None:
    """The open task that was chosen, or the person's own, or the one that is due first."""
    found = [task for task in tasks if task.status == "open"]
    return min(
        found,
        key=lambda task: (task.task_id != chosen, not is_mine(session, case, task), task.due),
        default=None,
    )


def _no_authority(session: Session) -> str:
    """Accepting a difference takes an authority of its own, whoever has the task."""
    granted = any(each.authority is Authority.VARIANCE for each in session.caller.principal.limits)
    return "" if granted else "accepting a difference takes an authority for variances, which you do not hold"


def _not_theirs(session: Session, names: Names, case: CaseRow, task: TaskRow, action: str) -> str:
    """Why policy keeps a way out of an exception for others; it is asked again, and recorded, when somebody acts."""
    policy = policy_of(session, case)
    if not is_asked(policy, task) or not case.document:
        return ""
    facts = resolution_facts(
        session.caller.principal, case.entity, task, action, today_at(session.uow, case.entity, session.now)
    )
    verdict = policy.models[MAY_RESOLVE].decide(MAY_RESOLVE, facts, session.now).value
    if not isinstance(verdict, dict):
        return "policy could not decide whether you may"
    return "" if verdict.get("outcome") == "yes" else names.told(str(verdict.get("text") or ""))


def is_mine(session: Session, case: CaseRow, task: TaskRow) -> bool:
    """Whether a task is asked of the person who looks, by name or by a role."""
    caller = session.caller
    if task.person:
        return task.person == caller.id
    return task.role in caller.principal.roles and caller.sees(case.entity)


def _refusal(session: Session, names: Names, case: CaseRow, task: TaskRow) -> str:
    """Why the buttons are off, in the words of the one who reads them; the server decides again when they are used."""
    caller = session.caller
    if task.task_id in acts_under_way(session):
        return "an answer to this is on its way"
    state: Any = decode(case.state)
    dossier = state["dossier"]
    if task.kind == "approval" and caller.id == dossier.get("requester"):
        return "you requested this invoice"
    if caller.id in (dossier.get("proposal") or {}).get("authors", ()):
        return "you wrote or proposed this change of policy"
    if task.kind in {*SIGNED, "verification"} and caller.id == dossier.get("enterer"):
        return "you entered this"
    if task.kind == "approval" and any(given["person"] == caller.id for given in dossier.get("signatures", ())):
        return "you have signed this case already"
    if task.kind == "approval" and any(given["person"] == caller.id for given in dossier.get("against", ())):
        return "you have said no to this case already"
    if DUTY_OF[task.kind] not in caller.duties and not is_mine(session, case, task):
        return f"this is for {names.person_or_role(task.person, task.role)}"
    if not is_mine(session, case, task):
        return f"this was asked of {names.person_or_role(task.person, task.role)}"
    return ""


def limited(
    session: Session,
    case: CaseRow,
    tasks: Sequence[TaskRow],
    wanted: Sequence[dict[str, Any]],
    decisions: Sequence[DecisionRow],
) -> dict[str, LimitView]:
    """What carries each approval, by task or by step to come: as it was judged when given, else as the limit stands."""
    given = tuple(judged(session, decisions).values())
    found = {
        str(later.get("step")): asked_limit(session, case, later, str(later.get("person") or "")) for later in wanted
    }
    for task in tasks:
        if task.kind == "approval" and task.closed_at is not None and task.status == "done":
            found[task.task_id] = next(
                (by.limit for by in reversed(given) if by.person == task.closed_by and by.at <= task.closed_at),
                LimitView(),
            )
        elif task.kind == "approval" and task.status == "open":
            found[task.task_id] = asked_limit(session, case, _item(task), task.person)
    return found


def signer_views(
    names: Names,
    dossier: dict[str, Any],
    tasks: Sequence[TaskRow],
    wanted: Sequence[dict[str, Any]],
    limits: Mapping[str, LimitView],
) -> tuple[SignerView, ...]:
    """The steps of the approval: signed, asked for, fallen, and still to come of the steps `wanted`.

    What was taken back before anybody answered is not told.
    """
    signed = {(given["step"], given["person"]): given for given in dossier.get("signatures", ())}
    views = []
    asked = [task for task in tasks if task.kind in SIGNED and task.status != "void"]
    for number, task in enumerate(sorted(asked, key=lambda task: (task.offered_at, task.task_id)), start=1):
        detail: Any = decode(task.detail)
        step = str(detail["item"].get("step") or "release")
        signature = signed.get((step, task.closed_by))
        stands = signature is not None and task.status == "done" and signature["content_hash"] == task.content_hash
        person = task.closed_by if task.status == "done" else task.person
        item, by = detail["item"], limits.get(task.task_id, LimitView())
        views.append(
            SignerView(
                step=number,
                title=str(detail["item"].get("title") or task.title),
                person=names.acting(person, task.role, item.get("chain") or (), str(item.get("stands for") or "")),
                state=_state(task, stands=stands),
                why=names.told(str(detail.get("why") or "")),
                at=(parse_instant(signature["at"]) if stands and signature else task.closed_at),
                due=task.due,
                limit=by,
            )
        )
    if any(task.status == "open" for task in asked):
        known = {str(_item(task).get("step")) for task in asked if task.status == "open"} | {step for step, _ in signed}
        for later in wanted:
            if str(later.get("step")) not in known:
                by = limits.get(str(later.get("step")), LimitView())
                views.append(_later(names, len(views) + 1, later, by))
    return tuple(views)


def quorum_views(
    names: Names, dossier: dict[str, Any], tasks: Sequence[TaskRow], wanted: Sequence[dict[str, Any]]
) -> tuple[QuorumView, ...]:
    """The steps that need more than one signature, as far as they are."""
    return tuple(
        QuorumView(
            step.title,
            step.quorum.needed,
            step.asked,
            tuple(names.person(each) for each in step.signed),
            tuple(names.person(each) for each in step.against),
            tuple(names.person_or_role(person, role) for person, role in step.missing),
            step.is_carried,
        )
        for step in approval_steps(dossier, tasks, wanted)
        if not step.quorum.is_one
    )


def _item(task: TaskRow) -> dict[str, Any]:
    detail: Any = decode(task.detail)
    return dict(detail["item"])


def _later(names: Names, number: int, step: dict[str, Any], by: LimitView) -> SignerView:
    return SignerView(
        step=number,
        title=str(step.get("title") or ""),
        person=names.acting(
            str(step.get("person") or ""),
            str(step.get("role") or ""),
            step.get("chain") or (),
            str(step.get("stands for") or ""),
        ),
        state=SignatureState.LATER,
        why=names.told(str(step.get("why") or "")),
        limit=by,
    )


def _state(task: TaskRow, *, stands: bool) -> SignatureState:
    match task.status, task.action:
        case "open", _:
            return SignatureState.OPEN
        case "done", "approve":
            return SignatureState.SIGNED if stands else SignatureState.VOID
        case _:
            return SignatureState.REJECTED

"""Acting on a task: approve, reject, send back, resolve.

INVARIANT 5: an action names the hash of the fields that its person was shown; when they have changed, it is stale and
nothing happens. INVARIANT 6: whoever requested, entered, ordered or received does not sign, and nobody signs twice.
Everything a signature rests on is read and decided again in the same unit of work before it counts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from comptroller.application.acting.asking import answer_question
from comptroller.application.acting.bulk import refuse_together
from comptroller.application.acting.holding import is_theirs, may_see, refuse_suspended, whose
from comptroller.application.acting.links_used import USED, refuse_used
from comptroller.application.acting.resolving import may_resolve
from comptroller.application.acting.sending_back import let_fall, refuse_step
from comptroller.application.acting.undoing import DELAYED, put_off, refuse_second, undo_seconds
from comptroller.application.acting.variances import Difference, difference_of, may_accept, settle
from comptroller.application.casework.account_change import (
    NOT_REACHED,
    CallBack,
    call_back_problem,
    enterer_problem,
    keep_call_back,
)
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.assignment import duty_of_task
from comptroller.application.casework.clock import calendar_of, today_of
from comptroller.application.casework.dossier import SignatureGiven
from comptroller.application.casework.material_change import keep_shown
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.order_change import release_problem
from comptroller.application.casework.order_lines import lines_taken_off
from comptroller.application.casework.release_steps import twice_problem
from comptroller.application.casework.resuming import call_up, resume_case
from comptroller.application.casework.routing import answered, ask_others
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.signing import controls_still_pass, ensure_facts, may_sign, recorded_outcomes
from comptroller.application.casework.stages import SIGNED, asked_in_turn, step_of
from comptroller.application.casework.tasks import DIFFERENCES
from comptroller.application.casework.watching import ESCALATION, ask_policy, parked, plan_look
from comptroller.application.payments.proposal import CHECK_AGAIN, may_release, still_ready
from comptroller.application.records import OutboxRow, TaskRow, revised
from comptroller.application.releasing.release import describe_scheduled, may_release_policy, still_stands
from comptroller.application.session import Refused, Session
from comptroller.domain import workflow
from comptroller.domain.documents.lexical import text_problem
from comptroller.domain.identity import Principal
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.instant import instant_text, parse_day


@dataclass(frozen=True, slots=True)
class ActOnTask:
    """One person's answer to a task."""

    task_id: str
    action: str
    content_hash: str
    reason: str = ""
    call_back: CallBack | None = None  # where the task asks for one
    until: str = ""  # a day; of `park` alone
    to: str = ""  # an earlier step, of `send back` alone; else it goes to who corrects the document
    together: bool = False  # with others, of which each must have been opened
    link: str = ""  # the key of a mail's link by which it came: good for one answer


@dataclass(frozen=True, slots=True)
class CarryOutAct:
    """The time has passed in which a person could take an act back."""

    row: OutboxRow


def act_on_task(session: Session, command: ActOnTask) -> dict[str, Any] | Refused:
    """Carry out a person's answer, put it off while it can be taken back, or refuse it with the reason."""
    return _act(session, command, undo_s=undo_seconds(session))


def judged_anew(answer: dict[str, Any]) -> Rejection | None:
    """What a caller is told whose signature did not count because the controls say something else by now."""
    if answer.get("applied", True):
        return None
    text = "the controls no longer say what they said when you were asked; the case was judged anew"
    return Rejection(RejectionKind.CONFLICT, "SIGN-RECHECK-01", text, subject=answer["case_id"])


def carry_out_act(session: Session, command: CarryOutAct) -> dict[str, Any] | Refused:
    """Carry out what was put off, as the person who gave it; everything is checked as if it were given now."""
    row, payload = command.row, decode(command.row.payload)
    assert isinstance(payload, dict)
    words = str(payload["reason"])
    reason = session.uow.private_texts([words]).get(words, "") if words else ""
    given = ActOnTask(
        row.target,
        str(payload["action"]),
        str(payload["content_hash"]),
        reason,
        until=str(payload["until"]),
        to=str(payload.get("to") or ""),
        together=payload.get("together") is True,
    )
    session.uow.update(revised(row, status="done", lease_owner="", lease_until=None))
    return _act(session, given, undo_s=0)


def _act(session: Session, command: ActOnTask, *, undo_s: int) -> dict[str, Any] | Refused:
    task = session.uow.task(command.task_id)
    case = session.uow.case(task.case_id) if task else None
    if task is None or case is None or not may_see(session, task, case):
        return Refused(Rejection(RejectionKind.NOT_FOUND, "TASK-UNKNOWN-01", f"there is no task `{command.task_id}`"))
    run = resume_case(session, case)
    task = session.uow.task(command.task_id) or task  # as it stands now that nobody else holds the case
    refused = refuse_suspended(run) or _form(task, command) or _stale(run, task, command) or _unfit(run, task, command)
    if refused is None and command.action not in SETTLING:
        refused = may_answer(run, task) or may_resolve(run, task, command.action)
    if refused is None and run.row.kind == "order_change" and command.action == "approve":
        session.uow.serialize([f"order/{run.row.number}"])
        refused = lines_taken_off(session.uow, run.dossier.proposal)
    refused = refused or refuse_second(session, task)
    is_delayed = bool(undo_s) and task.kind in DELAYED and command.action != "park"  # which can be put aside again
    if refused is None and is_delayed and command.action in DIFFERENCES:
        found = _difference(run, task, command)
        refused = found if isinstance(found, Rejection) else None
    if refused is not None:
        return Refused(refused, case.case_id)
    if command.link:
        run.tell(USED, {"task": task.task_id, "link": command.link, "action": command.action})
    if is_delayed:
        return put_off(run, task, command, undo_s)
    if task.kind in {"approval", "release", "payment", "policy"} and command.action == "approve":
        return _sign(run, task, command)
    if task.kind == "verification":
        return _verify(run, task, command)
    match command.action:
        case "answer" if task.kind == "question":  # of any other task it is an answer like all, and the case moves on
            return answer_question(run, task, command.reason)
        case "park":
            return _park(run, task, command)
        case "send back" if command.to:
            return _send_to_step(run, task, command)
        case action if action in DIFFERENCES:
            return _settle(run, task, command)
        case _:
            return _answer(run, task, command)


MAY_RELEASE: Final[Mapping[str, Callable[[CaseRun, Principal, Mapping[str, Any]], Rejection | None]]] = {
    "payment": may_release,
    "policy": may_release_policy,
}
"""How policy is asked about a person who releases, by kind of task."""

OF_RECORDS: Final[Mapping[str, Callable[[CaseRun, Principal, Mapping[str, Any]], Rejection | None]]] = {
    "release": release_problem,
    "verification": twice_problem,
}
"""What bars a person who did not enter a changed record from signing it, by kind of task."""

STILL_STANDS: Final[Mapping[str, Callable[[CaseRun], bool]]] = {"payment": still_ready, "policy": still_stands}
"""Whether what was put before a person who releases is still what would be put there now."""

SETTLING: Final = frozenset({"accept variance"})
"""Actions that take an authority of their own instead of the task's: who has the task is often who may not."""


def _form(task: TaskRow, command: ActOnTask) -> Rejection | None:
    allowed = _detail(task)["actions"]
    if command.action not in allowed:
        return Rejection(
            RejectionKind.INVALID,
            "TASK-ACTION-01",
            f"`{command.action}` is no action of this task",
            help=f"use one of {', '.join(allowed)}",
        )
    if command.to and command.action != "send back":
        message = "`to` is for sending back to an earlier step alone"
        return Rejection(RejectionKind.INVALID, "TASK-SEND-02", message, help="leave `to` out")
    if len(command.reason) > limits.REASON_CHARACTERS_MAX:
        return Rejection(RejectionKind.INVALID, "TASK-REASON-02", "the reason is longer than 2,000 characters")
    problem = text_problem(command.reason)
    if problem is not None:
        return Rejection(RejectionKind.INVALID, "TASK-REASON-03", f"the reason: {problem[1]}", help=problem[2])
    if command.action != "approve" and not command.reason.strip():
        return Rejection(
            RejectionKind.INVALID, "TASK-REASON-01", f"`{command.action}` needs a reason", help="say why, in a sentence"
        )
    return None


def _stale(run: CaseRun, task: TaskRow, command: ActOnTask) -> Rejection | None:
    if task.status != "open":
        what = f"{task.closed_by} answered it: {task.action}" if task.status == "done" else "it was taken back"
        return Rejection(
            RejectionKind.CONFLICT, "TASK-CLOSED-01", f"the task is no longer open: {what}", subject=run.row.case_id
        )
    if command.content_hash != task.content_hash:
        return Rejection(
            RejectionKind.CONFLICT,
            "TASK-STALE-01",
            "what you saw is not what is to be signed now",
            breach="stale hash",
            subject=run.row.case_id,
            help="open the case again and look at it before you act",
        )
    return None


def _unfit(run: CaseRun, task: TaskRow, command: ActOnTask) -> Rejection | None:
    """Why a link is used up, the case cannot be sent to that step, or the task not be approved together with others."""
    if command.link:
        return refuse_used(run.session, run.row.case_id, command.link)
    if command.to:
        return refuse_step(_route(run), run.dossier, command.to)
    return refuse_together(task, opened=was_opened(run, task)) if command.together else None


def may_answer(run: CaseRun, task: TaskRow) -> Rejection | None:
    """Whether the task is this caller's. For signatures the rule that bars a person is told before whose task it is."""
    caller = run.session.caller
    own_entry = enterer_problem(run) if task.kind == "verification" else None
    if own_entry is not None:
        return own_entry
    duty = duty_of_task(task.kind, _detail(task)["item"])
    if duty not in caller.duties:
        return Rejection(
            RejectionKind.FORBIDDEN,
            "TASK-DUTY-01",
            f"this takes the duty `{duty}`, which you do not hold",
            breach="agent beyond its rights" if caller.principal.kind == "agent" else "over own limit",
        )
    if task.kind == "approval":
        barred = may_sign(run, caller.principal, _detail(task)["item"], opened=was_opened(run, task))
        if barred is not None:
            return barred
    elif task.kind in MAY_RELEASE:
        barred = MAY_RELEASE[task.kind](run, caller.principal, _detail(task)["item"])
        if barred is not None:
            return barred
    elif caller.id in run.barred and task.kind in {"release", "exception"} and _is_control_clearing(task):
        return Rejection(
            RejectionKind.FORBIDDEN,
            "TASK-OWN-01",
            "you requested, entered, ordered or received on this case, so somebody else decides here",
            breach="own request or benefit",
        )
    elif task.kind in OF_RECORDS:
        barred = OF_RECORDS[task.kind](run, caller.principal, _detail(task)["item"])
        if barred is not None:
            return barred
    if is_theirs(run, task):
        return None
    return Rejection(RejectionKind.FORBIDDEN, "TASK-OTHER-01", f"the task is {whose(task)}'s", breach="over own limit")


def was_opened(run: CaseRun, task: TaskRow) -> bool:
    """Whether the caller had the case before them after the task was offered."""
    if task.opened_at is None:
        return False
    return any(
        milestone.kind == "task opened" and milestone.task == task.task_id and milestone.person == run.session.caller.id
        for milestone in run.session.uow.milestones(run.row.case_id)
    )


def _is_control_clearing(task: TaskRow) -> bool:
    return task.kind == "release" or _detail(task)["item"].get("type") == "duplicate"


def _sign(run: CaseRun, task: TaskRow, command: ActOnTask) -> dict[str, Any]:
    """Count a signature if the controls still say what they said when it was asked for; else judge the case anew."""
    if task.kind == "approval" and not controls_still_pass(run, task):
        run.tell("task.not.signed", {"task": task.task_id, "reason": "the controls no longer say what they said"})
        call_up(run)
        run.close()
        return answer_of(run) | {"applied": False}
    if task.kind in STILL_STANDS and not STILL_STANDS[task.kind](run):
        return _check_run_again(run, task)
    shown = keep_shown(run, run.outcomes["approval routing"]) if task.kind == "approval" else ""
    given = _given(run, task, shown=shown)
    run.dossier.signatures.append(given)
    if task.kind == "approval":
        ask_others(run, task, given)
    step, stands_for, chain = given.step, given.stands_for, given.chain
    told: dict[str, Any] = {
        "step": step,
        "gross": run.row.gross,
        "currency": run.row.currency,
        "stands_for": stands_for,
    }
    told |= {"chain": list(chain)} if chain else {}
    told |= {"together": True} if command.together else {}
    return _finish(run, task, command, told)


def _given(run: CaseRun, task: TaskRow, *, shown: str = "") -> SignatureGiven:
    """The caller's answer to a step, bound to what they were shown."""
    item = _detail(task)["item"]
    return SignatureGiven(
        step_of(item),
        run.session.caller.id,
        task.content_hash,
        instant_text(run.session.now),
        opened=was_opened(run, task),
        stands_for=str(item.get("stands for") or ""),
        shown=shown,
        chain=tuple(item.get("chain") or ()),
    )


def _check_run_again(run: CaseRun, task: TaskRow) -> dict[str, Any]:
    """Take back what is asked and check anew what was to be released: it is no longer what was shown."""
    reason = "what is to be released is no longer what was shown"
    run.tell("task.not.signed", {"task": task.task_id, "reason": reason})
    for each in asked_in_turn(run, task.token, int(_detail(task)["instance"])):
        run.tasks.void(each)
    _complete(run, task, CHECK_AGAIN)
    run.close()
    return answer_of(run) | {"applied": False}


def _verify(run: CaseRun, task: TaskRow, command: ActOnTask) -> dict[str, Any] | Refused:
    """Settle a change of the supplier master; of an account only with a call to a number known before the change."""
    if _detail(task)["item"].get("call back") is True:
        problem = call_back_problem(run, command.action, command.call_back)
        if problem is not None or command.call_back is None:
            assert problem is not None
            return Refused(problem, run.row.case_id)
        keep_call_back(run, command.action, command.call_back)
        if command.action == NOT_REACHED:
            run.close()
            return answer_of(run) | {"applied": True}
    elif command.action == "approve":
        run.dossier.signatures.append(_given(run, task))
    elif command.action == "reject":
        run.dossier.against.append(_given(run, task))
    return _finish(run, task, command, {"about": "verification"})


def _park(run: CaseRun, task: TaskRow, command: ActOnTask) -> dict[str, Any] | Refused:
    """Put a task aside until a day, at most as far off as policy lets it; it stays with who has it."""
    if run.has_document:
        ensure_facts(run)
    day, today = parse_day(command.until), today_of(run)
    verdict = ask_policy(run, task) if run.knows(ESCALATION) else {}
    most = verdict.get("park days")
    last = today + timedelta(days=int(most)) if isinstance(most, Decimal) else today
    if day is None or not today < day <= last:
        message = f"a task is put aside until a day after today and at the latest {last.isoformat()}"
        return Refused(Rejection(RejectionKind.INVALID, "TASK-PARK-01", message, help="give `until` as YYYY-MM-DD"))
    session, calendar = run.session, calendar_of(run)
    until = datetime.combine(day, calendar.opens, calendar.zone)
    reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    seq = run.tell("task.parked", {"task": task.task_id, "until": command.until, "reason": reason})
    mark(run, seq, "task parked", person=session.caller.id, task=task.task_id, detail=command.until)
    session.uow.update(plan_look(run, parked(task, until), verdict, at=until))
    run.close()
    return answer_of(run) | {"applied": True}


def _settle(run: CaseRun, task: TaskRow, command: ActOnTask) -> dict[str, Any] | Refused:
    """Accept a difference by authority, or claim it back; then all controls run again."""
    found = _difference(run, task, command)
    if isinstance(found, Rejection):
        return Refused(found, run.row.case_id)
    settle(run, found, short=command.action == "short pay")
    return _finish(run, task, command, {"about": found.kind})


def _difference(run: CaseRun, task: TaskRow, command: ActOnTask) -> Difference | Rejection:
    """The difference that the caller may settle so, or why not."""
    found = difference_of(run, task)
    refused = may_accept(run, found) if command.action == "accept variance" else None
    if refused is None and found is None:
        message = "there is no difference to the order that could be claimed back"
        refused = Rejection(RejectionKind.CONFLICT, "VARIANCE-NONE-02", message, subject=run.row.case_id)
    if refused is not None or found is None:
        assert refused is not None
        return refused
    return found


def _answer(run: CaseRun, task: TaskRow, command: ActOnTask) -> dict[str, Any]:
    item = _detail(task)["item"]
    if item.get("type") == "duplicate" and command.action not in {"reject", "cancel"}:
        compared = recorded_outcomes(run).get("duplicate", {}).get("case")
        run.dossier.cleared += [str(compared)] if compared else []
    if task.kind in SIGNED and command.action == "reject":
        run.dossier.against.append(_given(run, task))
    return _finish(run, task, command, {"about": str(item.get("type") or item.get("step") or "")})


def _send_to_step(run: CaseRun, task: TaskRow, command: ActOnTask) -> dict[str, Any]:
    """Have an earlier step asked again: its signatures and those that rest on them fall, the rest is taken back."""
    route = _route(run)
    _close(run, task, command, {"about": command.to, "to": command.to})
    fallen = let_fall(run, route, command.to)
    call_up(run)
    run.close()
    return answer_of(run) | {"applied": True, "fallen": [{"step": each.step, "person": each.person} for each in fallen]}


def _route(run: CaseRun) -> dict[str, Any]:
    """The route as it was decided last."""
    return recorded_outcomes(run).get("approval routing") or {}


def _close(run: CaseRun, task: TaskRow, command: ActOnTask, told: dict[str, Any]) -> None:
    """Mark the task as answered, and tell who answered what."""
    session = run.session
    reason = session.evidence.withhold(command.reason.strip(), salt=session.environment.chance.salt())
    entry = {"task": task.task_id, "action": command.action, "content_hash": task.content_hash, "reason": reason}
    seq = run.tell("task.signed" if "step" in told else "task.answered", {**entry, **told})
    kind = "task signed" if "step" in told else f"{'exception' if task.kind == 'exception' else 'task'} answered"
    about = f"{command.action} {told.get('step') or told.get('about') or ''}".rstrip()
    mark(run, seq, kind, person=session.caller.id, task=task.task_id, detail=about)
    run.tasks.close(task, command.action, by=session.caller.id, at=session.now)


def _finish(run: CaseRun, task: TaskRow, command: ActOnTask, told: dict[str, Any]) -> dict[str, Any]:
    _close(run, task, command, told)
    taken = answered(run, task, command.action)
    if taken is not None:
        _complete(run, task, taken)
    if task.kind == "policy":
        describe_scheduled(run)
    run.close()
    return answer_of(run) | {"applied": True}


def _complete(run: CaseRun, task: TaskRow, taken: str) -> None:
    """Tell the process what came of a task."""
    outputs = {"decision taken": taken, "resolution": taken}
    refused = run.send(workflow.CompleteTask(task.token, int(_detail(task)["instance"]), outputs))
    if refused is not None:
        raise RuntimeError(f"an open task was refused by its process: {refused.message}")


def _detail(task: TaskRow) -> dict[str, Any]:
    detail = decode(task.detail)
    assert isinstance(detail, dict)
    return detail

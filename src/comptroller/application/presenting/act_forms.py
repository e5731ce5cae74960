"""The forms of what is done on a case beside answering its task with a reason."""

from dataclasses import dataclass, replace
from typing import Any, Final

from comptroller.application.acting.asking import SUPPLIER
from comptroller.application.acting.blocking import CAUSES
from comptroller.application.acting.handing import HANDED_OVER
from comptroller.application.casework.account_change import GENUINE, NOT_GENUINE, NOT_REACHED, PAYEE_CHECKS
from comptroller.application.people.records import on_file
from comptroller.application.presenting.acting import side_acts, signed_steps
from comptroller.application.presenting.task import concerning, task_view
from comptroller.application.presenting.words import Names, summary_of, task_title
from comptroller.application.queries import visible_case
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.session import Refused, Session
from comptroller.application.views.forms import FieldGroup, FieldKind, FieldView, FormView, LinkView
from comptroller.domain.identity import PrincipalKind, duties_of
from comptroller.domain.identity.duty import DUTY_OF
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

ACTS: Final = ("ask", "reassign", "cancel", "block", "lift", "attach", "park", "call-back", "send-back", "withdraw")
"""What has a form of its own on a case."""

_TITLES: Final = {
    "ask": ("Ask about it", "Ask"),
    "reassign": ("Hand the task over", "Hand over"),
    "cancel": ("Cancel the case", "Cancel the case"),
    "block": ("Block the payment", "Block"),
    "lift": ("Lift the payment block", "Lift"),
    "attach": ("Attach a file", "Attach"),
    "park": ("Put the task aside", "Put aside"),
    "call-back": ("Record the call to the supplier", "Record the call"),
    "send-back": ("Have an earlier step asked again", "Send back"),
    "withdraw": ("Withdraw the change of policy", "Withdraw"),
}
_LEADS: Final = {
    "ask": "The task stays with you. Who is asked finds the question in their queue; what the supplier says you write "
    "down yourself, and until then the clocks of the case stand still.",
    "reassign": "A task goes sideways or up, never down, and never to somebody with a hand in what is asked.",
    "cancel": "What the case held of orders and budgets is free again. It cannot be taken up a second time.",
    "block": "What is posted is not paid until somebody whom policy names has lifted the block.",
    "lift": "What the block guards is checked again first: the account, the lists of sanctions.",
    "attach": "A file changes nothing that is decided; it is kept as evidence.",
    "park": "The task stays with you and comes back on that day, at the latest when policy says so.",
    "send-back": "Its signatures fall, and those of the steps behind it, which rest on them; a step that is asked "
    "beside it keeps its own. Who is asked again is told.",
    "withdraw": "The request ends without effect, and nobody is asked to sign it any more. What was found is kept.",
    "call-back": "Call a number that was on file before the account was changed, never one from the message that "
    "asked for the change.",
}
_REASON: Final = FieldView("reason", "Reason", FieldKind.WORDS)


@dataclass(frozen=True, slots=True)
class ShowActForm:
    """The form of one act on a case, about one of its tasks or blocks."""

    case_id: str
    act: str
    task_id: str = ""
    block_id: str = ""


def show_act_form(session: Session, command: ShowActForm) -> FormView | Refused:
    """The form with its choices, and why it is off for who may not."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    tasks = session.uow.case_tasks(case.case_id)
    needs_task = command.act in {"ask", "reassign", "park", "call-back", "send-back"}
    task = next((each for each in tasks if each.task_id == command.task_id), None)
    if needs_task and not command.task_id:
        task = concerning(session, case, tasks)
        command = replace(command, task_id=task.task_id if task else "")
    if command.act not in ACTS or (needs_task and task is None):
        message = "there is no such thing to be done here"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "ACT-UNKNOWN-01", message), case.case_id)
    names = Names(session)
    title, button = _TITLES[command.act]
    here = f"/cases/{case.case_id}"
    hidden = (
        ("task", command.task_id),
        ("block", command.block_id),
        ("content_hash", task.content_hash if task else ""),
    )
    about = ", ".join(filter(None, (case.number or "Without number", case.supplier_name or case.supplier)))
    return FormView(
        title=title,
        action=f"{here}/acts/{command.act}",
        button=button,
        groups=(FieldGroup("", _fields(session, command, case, task)),),
        back=LinkView("Back to the case", f"{here}?task={command.task_id}" if command.task_id else here),
        lead=_LEADS[command.act],
        facts=(
            ("Case", about),
            ("State", summary_of(case)),
            *((("Task", names.told(task_title(task))),) if task else ()),
        ),
        hidden=tuple(each for each in hidden if each[1]),
        refusal=_off(session, names, command, case, tasks),
        has_file=command.act == "attach",
    )


def _off(session: Session, names: Names, command: ShowActForm, case: CaseRow, tasks: Any) -> str:
    """Why the form is off for who looks."""
    if command.act in {"park", "call-back"}:
        view = task_view(session, names, case, tasks, reason="", problem="", chosen=command.task_id, limits={})
        wanted = "park" if command.act == "park" else "call back"
        found = next((each for each in view.actions if each.action == wanted), None) if view else None
        return found.refusal if found is not None else "the task is not open for that any more"
    if command.act == "attach":
        return ""
    acts = side_acts(session, case, tasks, chosen=command.task_id)
    found_act = next((each for each in acts if each.key == command.act), None)
    return found_act.refusal if found_act is not None else "as the case stands, this is not done, or not by you"


def _fields(session: Session, command: ShowActForm, case: CaseRow, task: TaskRow | None) -> tuple[FieldView, ...]:
    match command.act:
        case "ask":
            people = _people(session, case.entity)
            options = (("", "Choose"), (SUPPLIER, "The supplier"), *people)
            return (
                FieldView("to", "Whom", FieldKind.CHOICE, options=options),
                FieldView("text", "Question", FieldKind.WORDS),
            )
        case "reassign":
            assert task is not None
            options = (("", "Choose"), *_people(session, case.entity, kind=task.kind, without=task.person))
            return (FieldView("person", "To", FieldKind.CHOICE, options=options), _REASON)
        case "block":
            causes = tuple((each, each.capitalize()) for each in CAUSES)
            every = "Every open item of the supplier"
            return (
                FieldView("cause", "Cause", FieldKind.CHOICE, options=causes),
                FieldView("all_of_supplier", every, FieldKind.TICK, required=False),
                _REASON,
            )
        case "attach":
            hint = "PDF, picture, text, mail, XML or JSON, up to 10 MiB"
            return (FieldView("file", "File", FieldKind.FILE, hint=hint),)
        case "send-back":
            return (FieldView("to", "To", FieldKind.CHOICE, options=(("", "Choose"), *_signed(session, case))), _REASON)
        case "park":
            return (FieldView("until", "Until", FieldKind.DAY), _REASON)
        case "call-back":
            return _call_back(session, case)
        case _:
            return (_REASON,)


def _signed(session: Session, case: CaseRow) -> tuple[tuple[str, str], ...]:
    """The steps that can be asked again, with who signed them."""
    names = Names(session)
    return tuple(
        (step.step, f"{step.title} ({', '.join(names.person(each) for each in step.signed)})")
        for step in signed_steps(session, case)
    )


def _call_back(session: Session, case: CaseRow) -> tuple[FieldView, ...]:
    state: Any = decode(case.state)
    alias = f"account-change/{state['dossier'].get('proposal', {}).get('change', '')}"
    rows = session.uow.references([alias])[alias]
    change: Any = decode(rows[0].body) if rows else {}
    known = tuple((number, number) for number in change.get("known_numbers", ()))
    results = (
        ("", "Choose"),
        (GENUINE, "They confirmed the change: genuine"),
        (NOT_GENUINE, "They know nothing of it: not genuine"),
        (NOT_REACHED, "Nobody was reached"),
    )
    hint = "" if known else "No number was on file before the change, so nobody can be called back."
    checks = (("", "Not asked"), *((each, each.capitalize()) for each in PAYEE_CHECKS))
    return (
        FieldView("number", "Number called", FieldKind.CHOICE, options=(("", "Choose"), *known), hint=hint),
        FieldView("spoken_to", "Who answered", required=False, hint="Empty only if nobody was reached"),
        FieldView("at", "When", FieldKind.MOMENT),
        FieldView("payee_check", "What the bank says of the holder", FieldKind.CHOICE, options=checks, required=False),
        FieldView("result", "Result", FieldKind.CHOICE, options=results),
        _REASON,
    )


def _people(session: Session, entity: str, *, kind: str = "", without: str = "") -> tuple[tuple[str, str], ...]:
    """Who can be chosen, by name: active people of the entity, with the duty where a kind of task is handed over."""
    if kind and kind not in HANDED_OVER:
        return ()
    roles, found = session.policy.pack.roles, []
    for person in on_file(session.uow):
        if not person.active or person.kind is not PrincipalKind.PERSON:
            continue
        if person.id in {session.caller.id if not kind else "", without} or not person.works_for(entity):
            continue
        if not kind or DUTY_OF[kind] in duties_of(person, roles):
            titles = ", ".join(roles[role].name for role in person.roles if role in roles)
            found.append((person.id, f"{person.name} ({titles})" if titles else person.name))
    return tuple(sorted(found, key=lambda each: each[1]))

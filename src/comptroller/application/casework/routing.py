"""Who is asked to sign a document now, who later, and what each answer makes of its step.

Policy's route is a list of steps; a step may need several signatures of its role, and steps of one stage are asked side
by side. The first stage that is not signed is asked, each of its people by a task of their own; when it is through, the
controls run again and the next one is. Whoever is asked in one place is not asked in another, and nobody's signature
counts twice, also not by a stand-in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import Asked, Assignee, assign_members, assign_step, standing
from comptroller.application.casework.attempts import SPLIT
from comptroller.application.casework.dossier import SignatureGiven
from comptroller.application.casework.material_change import sort_signatures
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.moving import asked_of, give
from comptroller.application.casework.signing import signature_stands
from comptroller.application.casework.stages import SIGNED, answered_in_turn, carried, given_on, item_of
from comptroller.application.records import TaskRow
from comptroller.domain import workflow
from comptroller.domain.controls.quorum import Carried, Quorum
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money
from comptroller.domain.workflow.model import UserTask

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

ASKED_NOW: Final = "asked now"
"""The member of an open step that says that its turn has come."""

NOT_NEEDED: Final = "not needed"
"""What the process is told of a task whose step was carried without it."""

GIVEN: Final = "given"
"""What the process is told of an answer that leaves its step open."""


def route_approval(run: "CaseRun", outcome: Any) -> Mapping[str, Value]:
    """Find the people of the route, and let fall the signatures that no longer count.

    A signature counts while policy finds no change in the fields that it was given on that voids it, and its signer may
    still sign. A no counts while those fields are the same.
    """
    run.dossier.content_hash = run.hash_of_fields(outcome)
    for fallen, reason in sort_signatures(run, outcome):
        void_signature(run, fallen, reason)
    run.dossier.against = [each for each in run.dossier.against if each.content_hash == run.dossier.content_hash]
    steps = list(outcome.get("steps") or ())
    for step in steps:
        for signature in given_on(run, step):
            if not signature_stands(run, signature, step):
                void_signature(run, signature, "the signer may no longer sign")
    wanted = [step for step in steps if len(given_on(run, step)) < Quorum.of(step).needed]
    open_steps: list[Value] = []
    named: set[str] = set()
    for step in wanted:
        asked = asked_of(run, step)
        found = list(_people(run, step, replace(asked, barred={*asked.barred, *named})))
        named |= {person for each in found for person in (each.person, *each.chain) if person}
        more: dict[str, Any] = {"part of": _part_of(run), ASKED_NOW: _is_beside(wanted[0], step)}
        open_steps += [{**step, **standing(each), "why": each.why, **more} for each in found]
    run.facts["open steps"] = open_steps
    return {"open steps": open_steps}


def answered(run: "CaseRun", task: TaskRow, action: str) -> str | None:
    """What the process is told when somebody has answered a task: of one that signs, what it makes of its step.

    Where the step is carried, what was asked of others for it is taken back; where it is still open, the process of an
    approval is told no more than that the answer was given, and one that hears of a stage as a whole nothing.
    """
    if task.kind != "approval":
        return answered_in_turn(run, task, action) if task.kind in SIGNED else action
    item = item_of(task)
    if action not in {"approve", "reject"} or _asks_in_turn(run, task):
        return action
    beside = [each for each in _open(run, task) if item_of(each).get("step") == item.get("step")]
    match carried(run, item, left=len(beside)):
        case Carried.YES:
            for each in beside:
                _take_back(run, each)
            return "approve"
        case Carried.NO:
            return "reject"
        case Carried.OPEN:
            return GIVEN


def _asks_in_turn(run: "CaseRun", task: TaskRow) -> bool:
    """Whether the case's process asks one person after another, as versions did that knew no stages.

    Such a process hears every answer as it is given: each of a group is asked, and one no ends it.
    """
    node = run.process.places[task.node].node
    return isinstance(node, UserTask) and node.instances is not None and node.instances.sequential


def ask_others(run: "CaseRun", task: TaskRow, given: SignatureGiven) -> None:
    """Ask somebody else where who has just signed, or by whose delegation, was to sign another step as well."""
    for other in _open(run, task):
        if other.person not in given.people:
            continue
        item = item_of(other)
        found = assign_step(run.session.uow, item, asked_of(run, item, other), cost_centre_owner=run.cost_centre_owner)
        give(run, other, found, "task.reassigned", "who was asked has signed another step")


def _people(run: "CaseRun", step: dict[str, Any], asked: Asked) -> Iterator[Assignee]:
    """Whom an open step is asked of: one person or group, or so many of its role as there are."""
    quorum, uow = Quorum.of(step), run.session.uow
    if quorum.is_one:
        yield assign_step(uow, step, asked, cost_centre_owner=run.cost_centre_owner)
        return
    missing = quorum.needed - len(given_on(run, step))
    yield from assign_members(uow, str(step.get("role") or ""), asked, missing=missing)


def _is_beside(first: dict[str, Any], step: dict[str, Any]) -> bool:
    """Whether a step is asked together with the first that is open."""
    return step is first or (bool(step.get("stage")) and step.get("stage") == first.get("stage"))


def _open(run: "CaseRun", task: TaskRow) -> list[TaskRow]:
    """The other approvals that the case waits for."""
    tasks = run.session.uow.case_tasks(run.row.case_id)
    return [
        each for each in tasks if each.kind == "approval" and each.status == "open" and each.task_id != task.task_id
    ]


def _take_back(run: "CaseRun", task: TaskRow) -> None:
    """Take a task back that its step does not need any more."""
    run.tasks.void(task)
    detail: Any = decode(task.detail)
    outputs = {"decision taken": NOT_NEEDED, "resolution": NOT_NEEDED}
    refused = run.send(workflow.CompleteTask(task.token, int(detail["instance"]), outputs))
    if refused is not None:
        raise RuntimeError(f"an open task was refused by its process: {refused.message}")


def void_signature(run: "CaseRun", signature: SignatureGiven, reason: str) -> None:
    """Let a signature fall, and tell why."""
    run.dossier.signatures.remove(signature)
    about = {"content_hash": signature.content_hash, "gross": run.row.gross, "currency": run.row.currency}
    told = {"step": signature.step, "person": signature.person, "reason": reason, **about}
    mark(run, run.tell("signature.voided", told), "signature voided", person=signature.person, detail=signature.step)


def _part_of(run: "CaseRun") -> str:
    """The purchase that the document is a part of, in a few words for whoever is asked; empty where it is one alone."""
    split: Any = run.outcomes.get(SPLIT) or {}
    crossed = split.get("crossed") if split.get("outcome") == "aggregate" else None
    if not crossed:
        return ""
    others = ", ".join(str(other.get("number") or other.get("case")) for other in crossed["others"])
    return f"part of a purchase of {Money(crossed['total'], run.context.group_currency)} with {others}"

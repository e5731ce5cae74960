"""The tasks of a case: rows that people find in their queue, opened and closed by the events of the machine."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.assignment import (
    Asked,
    Assignee,
    assign_role,
    assign_step,
    duty_of_task,
    has_holder,
    lacks,
    standing,
)
from comptroller.application.casework.clock import calendar_of, today_of
from comptroller.application.casework.milestones import mark
from comptroller.application.casework.moving import asked_of
from comptroller.application.casework.stages import asked_in_turn, items_of
from comptroller.application.casework.watching import ESCALATION, ask_policy, plan_look
from comptroller.application.notices.requesting import request_task_notices
from comptroller.application.people.records import everybody, holders, principal
from comptroller.application.records import TaskRow, revised
from comptroller.domain.controls.service_hours import after_service_hours
from comptroller.domain.decisions.explanation import json_value
from comptroller.domain.identity import Duty, Principal
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.notices import NoticeKind
from comptroller.domain.workflow import events

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

ACTIONS: Final = {
    "approval": ("approve", "reject", "send back"),
    "release": ("approve", "reject"),
    "payment": ("approve", "reject"),
    "policy": ("approve", "reject"),
    "verification": ("approve", "reject"),
    "exception": ("resolve", "reject", "cancel"),
    "correction": ("resubmit", "cancel"),
    "keying": ("cancel",),  # else it is answered by keying the document
    "manual": ("done",),
}
"""What each kind of task can be answered with, unless its item allows less."""

DIFFERENCES: Final = frozenset({"accept variance", "short pay"})
"""Answers that settle a difference between a document and its order."""

ASKED_BY_TASK: Final[Mapping[str, tuple[str, ...]]] = {
    "approval": ("approval routing", "disposition", "material change", "may sign"),
    "payment": ("may release",),
    "policy": ("may release policy",),
}
"""The decisions that are asked again before an answer to a kind of task counts."""

CONCERNED: Final = {
    "buyer": "created the order",
    "receiver": "received on the order",
    "requester": "requested this",
    "cost-centre-owner": "owns the cost centre",
}
"""Why an exception comes to the person of a role whom the case is about."""

HOURS: Final = {
    "approval": 16,
    "release": 16,
    "verification": 16,
    "payment": 8,
    "policy": 16,
    "exception": 24,
    "correction": 24,
    "keying": 24,
    "manual": 24,
}
"""Service hours where policy names none."""


class TaskBook:
    """The tasks of the case that is being run."""

    def __init__(self, run: "CaseRun") -> None:
        self._run = run

    def offer(self, event: events.TaskOffered) -> None:
        """Put what a process asks in one turn before a person or a role, or before several side by side."""
        for place, item in enumerate(items_of(self._item(event))):
            self._offer(event, item, place)

    def _offer(self, event: events.TaskOffered, item: dict[str, Any], place: int) -> None:
        run = self._run
        assignee = self._assignee(event.kind, item)
        if event.kind == "approval":
            item |= standing(assignee)
        hours = int(item.get("hours") or HOURS.get(event.kind, 24))
        due = after_service_hours(run.session.now, hours, calendar_of(run))
        detail: dict[str, Any] = {
            "item": item,
            "hours": hours,
            "why": assignee.why,
            "actions": self._answers(event.kind, item),
            "instance": event.instance,
        }
        row = TaskRow(
            task_id=task_id_of(run.row.case_id, event.token, event.instance, place),
            case_id=run.row.case_id,
            kind=event.kind,
            node=event.node,
            token=event.token,
            title=str(item.get("title") or item.get("text") or self._name(event) or event.kind),
            role=assignee.role,
            person=assignee.person,
            content_hash=run.dossier.content_hash,
            offered_at=run.session.now,
            due=due,
            status="open",
            opened_at=None,
            closed_at=None,
            closed_by="",
            action="",
            detail=encode(detail).decode(),
        )
        if run.knows(ESCALATION):
            row = plan_look(run, row, ask_policy(run, row))
        run.session.uow.insert(row)
        seq = run.tell(
            "task.offered",
            {
                "task": row.task_id,
                "kind": row.kind,
                "role": row.role,
                "person": row.person,
                "due": due,
                "content_hash": row.content_hash,
                "step": str(item.get("step") or item.get("type") or ""),
            },
        )
        about = str(item.get("step") or item.get("type") or "")
        mark(run, seq, "task offered", person=row.person, task=row.task_id, detail=f"{row.kind} {about}".rstrip())
        if row.kind == "exception":
            mark(run, seq, "exception assigned", person=row.person, task=row.task_id, detail=about)
        self.tell_people(row, NoticeKind.OFFERED)

    def tell_people(self, row: TaskRow, kind: NoticeKind) -> None:
        """Have everybody told outside the page who is asked by a task."""
        request_task_notices(self._run.session, self._run.row, row, kind, self._run.tell)

    def withdraw(self, event: events.TaskWithdrawn) -> None:
        """Take back what was asked in a turn: it is no longer asked for."""
        for row in asked_in_turn(self._run, event.token, event.instance):
            self.void(row)

    def void(self, row: TaskRow) -> None:
        """Mark a task as one that is no longer asked for."""
        run = self._run
        run.session.uow.update(revised(row, status="void", closed_at=run.session.now))
        mark(run, run.tell("task.withdrawn", {"task": row.task_id}), "task withdrawn", task=row.task_id)

    def follow(self) -> None:
        """Have the open tasks stand where their tokens stand in the version that the case was taken over to."""
        run, tokens = self._run, self._run.state.tokens
        for row in run.session.uow.case_tasks(run.row.case_id):
            if row.status == "open" and row.kind != "question" and row.token in tokens:
                run.session.uow.update(revised(row, node=tokens[row.token].node))

    def void_questions(self) -> None:
        """Take back the questions of a case that has ended."""
        run = self._run
        for row in run.session.uow.case_tasks(run.row.case_id):
            if row.kind == "question" and row.status == "open":
                self.void(row)

    def close(self, row: TaskRow, action: str, *, by: str, at: datetime) -> None:
        """Mark a task as answered."""
        self._run.session.uow.update(revised(row, status="done", closed_at=at, closed_by=by, action=action))

    def _name(self, event: events.TaskOffered) -> str:
        """What a manual task is called in the process: there is nothing else that says what is to be done."""
        place = self._run.process.places.get(event.node)
        return place.node.name if place is not None and event.kind == "manual" else ""

    @staticmethod
    def _item(event: events.TaskOffered) -> dict[str, Any]:
        item = json_value(event.item)
        return item if isinstance(item, dict) else {}

    def _assignee(self, kind: str, item: dict[str, Any]) -> Assignee:
        run = self._run
        if kind == "approval" and item.get("asked now") is True:
            chain = tuple(str(each) for each in item.get("chain") or ())
            return Assignee(item["role"], item["person"], item["why"], item["stands for"], chain)
        if kind == "approval":  # a step behind others is found again when its turn comes: people come and go
            owner = run.cost_centre_owner
            return assign_step(run.session.uow, item, asked_of(run, item), cost_centre_owner=owner)
        if kind in {"release", "payment", "policy", "verification"}:
            return Assignee(item.get("role") or "", item.get("person") or "", item.get("why") or "")
        if kind == "manual":
            return Assignee(item.get("role") or self._owner, item.get("person") or "", item.get("why") or "")
        if kind == "correction":
            return Assignee("ap-clerk", run.dossier.enterer, "entered the document")
        if kind == "keying":
            return self._keyer()
        uow, barred = run.session.uow, self.barred_from(str(item.get("type") or ""))
        asked = Asked(run.row.entity, today_of(run), self._lacks(duty_of_task(kind, item)), barred)
        role, backup = str(item.get("owner") or self._owner), str(item.get("backup") or "")
        concerned = self._concerned(role)
        person = principal(uow, concerned) if concerned else None
        if person is not None and asked.fits(person) and not person.is_absent(asked.on):
            return Assignee(role, concerned, CONCERNED[role])
        if backup and not has_holder(uow, role, asked) and has_holder(uow, backup, asked):
            found = assign_role(uow, backup, asked)
            return replace(found, why=f"{found.why}; nobody of {role} can be asked")
        return assign_role(uow, role, asked)

    def _answers(self, kind: str, item: dict[str, Any]) -> list[str]:
        """What a task can be answered with; where there is no document, none of its differences can be settled.

        There nothing but an answer moves the case either, and putting a task aside is none.
        """
        usual, named = list(ACTIONS.get(kind, ())), item.get("resolutions")
        allowed = [str(each) for each in named if each] if isinstance(named, list) else []
        if self._run.has_document:
            return allowed or usual
        fitting = [each for each in allowed if each not in DIFFERENCES]
        return fitting if {*fitting} - {"park"} else [*usual, *fitting]

    @property
    def _owner(self) -> str:
        """The role that looks after the case; the operator where nothing names one."""
        return str(self._run.dossier.begun.get("owner") or "operator")

    def _lacks(self, duty: Duty) -> Callable[[Principal], str]:
        return lacks(duty, self._run.session.policy.pack.roles)

    def barred_from(self, kind: str) -> set[str]:
        """Who is not asked to clear an exception of a kind: who made what is in question."""
        run = self._run
        if kind == "duplicate":
            return run.barred
        if kind == "credit note":
            return {run.dossier.enterer}
        supplier = run.context.supplier if kind == "bank details" and run.has_document else None
        return {account.changed_by for account in supplier.accounts if account.changed_by} if supplier else set()

    def _keyer(self) -> Assignee:
        """Who handed the document in, where that is a clerk; else a clerk of the entity, or of any."""
        run = self._run
        uow, entity = run.session.uow, run.row.entity
        clerks = holders(uow, "ap-clerk", entity) or everybody(uow, "ap-clerk")
        if run.dossier.enterer in {clerk.id for clerk in clerks}:
            return Assignee("ap-clerk", run.dossier.enterer, "handed the document in")
        if entity or not clerks:
            return assign_role(uow, "ap-clerk", Asked(entity, today_of(run), self._lacks(Duty.DOCUMENT_KEY)))
        return Assignee("ap-clerk", clerks[0].id, "the document says to no program whom it is for")

    def _concerned(self, role: str) -> str:
        """The one among a role's holders whom this case is about already."""
        run, person = self._run, ""
        if run.material is None:
            return person
        order = run.context.order
        match role:
            case "buyer" if order is not None:
                person = order.created_by
            case "receiver" if run.context.receipts:
                person = run.context.receipts[-1].received_by
            case "requester":
                person = run.dossier.requester
            case "cost-centre-owner":
                person = run.cost_centre_owner
            case _:
                pass
        return person if person and principal(run.session.uow, person) is not None else ""


def task_id_of(case_id: str, token: str, instance: int, place: int = 0) -> str:
    """A task's id: a token is one visit of one node, so the id is never used again; `place` is that in its turn."""
    return f"{case_id}-{token}-{instance}" + (f"-{place}" if place else "")

"""What can be asked: cases, their story, their decisions, the queue. Each answer is plain data for any entry point.

A caller sees the cases of the entities that the caller works for; another's case is as unknown as one that never was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from comptroller.application.casework.answer import waiting
from comptroller.application.casework.approval_steps import approval_steps, wanted_steps
from comptroller.application.casework.decision_record import is_same, read_record, take_again
from comptroller.application.casework.record import stream_of
from comptroller.application.notices.wishes import OWN_KINDS
from comptroller.application.payment_blocks import block_view
from comptroller.application.records import CaseRow, EntryRow, JournalLineRow, JournalRow, TaskRow
from comptroller.application.search.finding import find_cases
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import Duty
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

TASKS_LOOKED_AT_MAX: Final = 2_000
"""Open tasks that a page looks at for those that its reader works for."""


@dataclass(frozen=True, slots=True)
class GetCase:
    """One case as it stands."""

    case_id: str


@dataclass(frozen=True, slots=True)
class GetTimeline:
    """A case's story, oldest first."""

    case_id: str


@dataclass(frozen=True, slots=True)
class GetDecisions:
    """Every decision taken on a case, with its explanation."""

    case_id: str


@dataclass(frozen=True, slots=True)
class GetOriginal:
    """A document's bytes as received."""

    case_id: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ListCases:
    """Cases, newest first, page by page."""

    status: str = ""
    entity: str = ""
    after: str = ""
    limit: int = 50
    query: str = ""


@dataclass(frozen=True, slots=True)
class ListTasks:
    """Open tasks: the caller's own and those of the caller's roles, or everybody's."""

    everyone: bool = False
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListDeliveries:
    """Deliveries to outside systems and people."""

    status: str = ""
    after: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListReference:
    """The records of a kind in force."""

    kind: str


def get_case(session: Session, command: GetCase) -> dict[str, Any] | Refused:
    """A case with its document, reasons, tasks, signatures and journals."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    uow = session.uow
    state: Any = decode(row.state)
    dossier = state["dossier"]
    document = uow.document(row.document) if row.document else None
    tasks = uow.case_tasks(row.case_id)
    return {
        **case_summary(row),
        "reasons": dossier.get("reasons", []),
        "exceptions": dossier.get("findings", []),
        "payment_block": dossier.get("payment_block", ""),
        "requester": dossier.get("requester", ""),
        "enterer": dossier.get("enterer", ""),
        "signatures": dossier.get("signatures", []),
        "approval_steps": [
            {
                "step": step.step,
                "title": step.title,
                "stage": step.stage,
                "needed": step.quorum.needed,
                "one_no_ends_it": step.quorum.one_no_ends_it,
                "asked": step.asked,
                "signed": step.signed,
                "against": step.against,
                "missing": [person or role for person, role in step.missing],
            }
            for step in approval_steps(dossier, tasks, wanted_steps(state["process"]))
        ],
        "supplier_response": dossier.get("response"),
        "attachments": [
            {
                "digest": each.digest,
                "name": each.name,
                "media_type": each.media_type,
                "bytes": len(each.content),
                "added_by": each.added_by,
                "added_at": each.added_at,
            }
            for each in uow.attachments(row.case_id)
        ],
        "content_hash": dossier.get("content_hash", ""),
        "proposal": dossier.get("proposal"),
        "policy_hash": row.policy_hash,
        "process_hash": row.process_hash,
        "document": None
        if document is None
        else {
            "digest": document.digest,
            "media_type": document.media_type,
            "profile": document.profile,
            "received_by": document.received_by,
            "canonical": decode(document.canonical),
            "faults": [
                dict(zip(("code", "path", "message", "severity", "by", "help"), fault, strict=True))
                for fault in _list(document.faults)
            ],
        },
        "documents": [
            {
                "digest": kept.digest,
                "media_type": kept.media_type,
                "bytes": len(kept.original),
                "received_at": kept.received_at,
                "received_by": kept.received_by,
                "in_force": kept.digest == row.document,
            }
            for kept in uow.case_documents(row.case_id)
        ],
        "waiting_for": [waiting(task) for task in tasks if task.status == "open"],
        "tasks": [task_view(session, task) for task in tasks],
        "payment_blocks": _blocks(session, row.case_id),
        "journals": [journal_view(journal, lines) for journal, lines in uow.journals(row.case_id)],
        "deliveries": [
            {
                "outbox_id": d.outbox_id,
                "connector": d.target,
                "status": d.status,
                "attempts": d.attempts,
                "error": d.error,
            }
            for d in uow.case_outbox(row.case_id)
            if d.kind == "delivery"
        ],
    }


def _blocks(session: Session, case_id: str) -> list[dict[str, Any]]:
    blocks = session.uow.payment_blocks(case_id=case_id)
    texts = session.uow.private_texts([block.reason for block in blocks])
    return [block_view(block, texts.get(block.reason, "")) for block in blocks]


def get_timeline(session: Session, command: GetTimeline) -> list[dict[str, Any]] | Refused:
    """Every entry of the case's stream, with the words that may still be told."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    entries = session.uow.stream(stream_of(row.case_id))
    told = [_entry(entry) for entry in entries]
    texts = session.uow.private_texts([item["data"].get("reason") or "" for item in told])
    for item in told:
        if item["data"].get("reason") in texts:
            item["reason_text"] = texts[item["data"]["reason"]]
    return told


def get_decisions(session: Session, command: GetDecisions) -> list[dict[str, Any]] | Refused:
    """Every decision taken on the case, oldest first."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    answers = []
    for decision in session.uow.decisions(row.case_id):
        record = read_record(decision)
        again = take_again(session.uow, session.environment.policies, decision)
        answers.append(
            {
                "seq": decision.seq,
                "decision": decision.decision,
                "model": decision.model_hash,
                "outcome": decode(decision.outcome),
                "reproduced": is_same(decision, again),
                "explanation": [step.to_json() for step in again.explanation],
                **record,
            }
        )
    return answers


def get_original(session: Session, command: GetOriginal) -> dict[str, Any] | Refused:
    """The bytes as received, with their media type: of a document that a person keyed, those it was keyed from."""
    row = visible_case(session, command.case_id)
    if isinstance(row, Refused):
        return row
    state: Any = decode(row.state)
    wanted = command.digest or state["dossier"].get("transcribed") or row.document
    for document in session.uow.case_documents(row.case_id):
        if document.digest == wanted:
            return {"media_type": document.media_type, "content": document.original, "digest": document.digest}
    return Refused(Rejection(RejectionKind.NOT_FOUND, "DOCUMENT-UNKNOWN-01", "the case has no such document"))


def list_cases(session: Session, command: ListCases) -> dict[str, Any]:
    """A page of the cases that the caller may see."""
    limit = min(max(command.limit, 1), limits.PAGE_SIZE_MAX)
    if command.query.strip():
        return _found_cases(session, command, limit)
    entities = session.caller.among(command.entity)
    rows = session.uow.cases(status=command.status, entities=entities, after=command.after, limit=limit)
    return {"cases": [case_summary(row) for row in rows], "next": rows[-1].case_id if len(rows) == limit else ""}


def _found_cases(session: Session, command: ListCases, limit: int) -> dict[str, Any]:
    """A page of what a search finds that the caller may see."""
    found = find_cases(session.uow, command.query)
    if command.after:
        found = found[found.index(command.after) + 1 :] if command.after in found else ()
    fitting = (
        row
        for start in range(0, len(found), limit)
        for row in session.uow.cases_of(found[start : start + limit])
        if session.caller.sees(row.entity) and command.status in {"", row.status} and command.entity in {"", row.entity}
    )
    rows = list(islice(fitting, limit + 1))
    page = rows[:limit]
    return {"cases": [case_summary(row) for row in page], "next": page[-1].case_id if len(rows) > limit else ""}


def list_tasks(session: Session, command: ListTasks) -> dict[str, Any]:
    """A page of open tasks; everybody's only for who may list all cases.

    It is filled with what the caller works for, so far as it is found among `TASKS_LOOKED_AT_MAX` tasks.
    """
    limit = min(max(command.limit, 1), limits.PAGE_SIZE_MAX)
    caller, after, looked_at = session.caller, command.after, 0
    own: Any = {"person": caller.id, "roles": caller.principal.roles}
    whose = {} if command.everyone and Duty.CASE_LIST in caller.duties else own
    found: list[dict[str, Any]] = []
    while looked_at < TASKS_LOOKED_AT_MAX:
        rows = session.uow.open_tasks(**whose, after=after, limit=limit)
        cases = {case.case_id: case for case in session.uow.cases_of(dict.fromkeys(row.case_id for row in rows))}
        for row in rows:
            case, after, looked_at = cases.get(row.case_id), row.task_id, looked_at + 1
            if case is not None and (caller.sees(case.entity) or row.person == caller.id):
                found.append({**task_view(session, row), "case": case_summary(case)})
            if len(found) == limit:
                return {"tasks": found, "next": after}
        if len(rows) < limit:
            return {"tasks": found, "next": ""}
    return {"tasks": found, "next": after}


def list_deliveries(session: Session, command: ListDeliveries) -> dict[str, Any]:
    """A page of deliveries with their state: what waits, what failed and why."""
    limit = min(max(command.limit, 1), limits.PAGE_SIZE_MAX)
    rows = session.uow.deliveries(status=command.status, after=command.after, limit=limit)
    return {
        "deliveries": [
            {
                "outbox_id": row.outbox_id,
                "case_id": row.case_id,
                "connector": row.target,
                "status": row.status,
                "attempts": row.attempts,
                "not_before": row.not_before,
                "error": row.error,
            }
            for row in rows
        ],
        "next": rows[-1].outbox_id if len(rows) == limit else "",
    }


def list_reference(session: Session, command: ListReference) -> dict[str, Any]:
    """The records of a kind, newest versions; what a person keeps for themselves is no reference data of others."""
    rows = () if command.kind in OWN_KINDS else session.uow.reference_list(command.kind)
    return {"records": [{"key": row.key, "version": row.version, "body": decode(row.body)} for row in rows]}


def visible_case(session: Session, case_id: str) -> CaseRow | Refused:
    """A case that the caller may see."""
    row = session.uow.case(case_id)
    if row is not None and (session.caller.sees(row.entity) or _has_task(session, case_id)):
        return row
    return Refused(Rejection(RejectionKind.NOT_FOUND, "CASE-UNKNOWN-01", f"there is no case `{case_id}`"))


def _has_task(session: Session, case_id: str) -> bool:
    return any(task.person == session.caller.id for task in session.uow.case_tasks(case_id))


def case_summary(row: CaseRow) -> dict[str, Any]:
    """The line of a case in a list."""
    return {
        "case_id": row.case_id,
        "kind": row.kind,
        "status": row.status,
        "outcome": row.outcome,
        "entity": row.entity,
        "supplier": row.supplier,
        "supplier_name": row.supplier_name,
        "number": row.number,
        "currency": row.currency,
        "net": row.net,
        "gross": row.gross,
        "exception_types": [name for name in row.exceptions.split(",") if name],
        "received_at": row.received_at,
        "updated_at": row.updated_at,
    }


def task_view(session: Session, row: TaskRow) -> dict[str, Any]:
    """A task with what may be done about it."""
    detail: Any = decode(row.detail)
    return {
        "task_id": row.task_id,
        "case_id": row.case_id,
        "kind": row.kind,
        "title": row.title,
        "role": row.role,
        "person": row.person,
        "why": detail.get("why", ""),
        "item": detail.get("item", {}),
        "actions": detail.get("actions", []),
        "content_hash": row.content_hash,
        "offered_at": row.offered_at,
        "due": row.due,
        "overdue": row.status == "open" and row.due < session.now,
        "status": row.status,
        "action": row.action,
        "closed_by": row.closed_by,
        "closed_at": row.closed_at,
    }


def journal_view(journal: JournalRow, lines: Sequence[JournalLineRow]) -> dict[str, Any]:
    """A posted journal with its lines."""
    return {
        "journal_id": journal.journal_id,
        "entity": journal.entity,
        "period": journal.period,
        "posted_at": journal.posted_at,
        "currency": journal.currency,
        "rate": journal.rate,
        "text": journal.text,
        "payment_block": journal.payment_block,
        "lines": [
            {
                "account": line.account,
                "cost_centre": line.cost_centre,
                "amount": line.amount,
                "local_amount": line.local_amount,
                "text": line.text,
            }
            for line in lines
        ],
    }


def _entry(entry: EntryRow) -> dict[str, Any]:
    body: Mapping[str, Any] = _object(entry.body)
    return {
        "seq": entry.seq,
        "at": entry.at,
        "type": entry.type,
        "actor": body["actor"],
        "data": dict(body["data"]),
        "hash": entry.leaf_hash.hex(),
    }


def _object(text: bytes) -> Mapping[str, Any]:
    body = decode(text)
    assert isinstance(body, dict)
    return body


def _list(text: str) -> list[Any]:
    body = decode(text)
    assert isinstance(body, list)
    return body

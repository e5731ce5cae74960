"""The story of a case and its way through the process, told from its audit entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from comptroller.application.presenting.words import Names
from comptroller.application.records import EntryRow
from comptroller.application.session import Session
from comptroller.application.views import (
    ActorKind,
    NodeView,
    ProcessView,
    Progress,
    Standing,
    TimelineItem,
    standing_of,
)
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask, EndEvent, ReceiveTask, ServiceTask, StartEvent, UserTask

TITLES: Final = {
    "document.received": "Document received",
    "document.corrected": "Corrected document received",
    "decision.taken": "Decided",
    "task.offered": "Asked",
    "task.signed": "Signed",
    "task.answered": "Answered",
    "task.withdrawn": "Task taken back",
    "task.escalated": "Task moved up",
    "task.not.signed": "Signature not counted",
    "signature.voided": "Signature fell",
    "balance.reserved": "Balance held",
    "journal.posted": "Posted to the ledger",
    "delivery.requested": "Delivery put in hand",
    "delivery.accepted": "Delivery accepted",
    "delivery.failed": "Delivery failed",
    "delivery.retried": "Delivery sent again",
    "supplier.answered": "Supplier answered",
    "requester.answered": "Requester answered",
    "breach.attempted": "Breach attempt",
    "command.refused": "Refused",
    "case.ended": "Case ended",
    "case.cancelled": "Case cancelled",
    "case.incident": "Incident",
    "order.amended": "Order amended",
}
"""The entries that people read; the moves of the machine are told by the process tab."""

_STANDING: Final = {
    "task.signed": Standing.PASSED,
    "journal.posted": Standing.PASSED,
    "delivery.accepted": Standing.PASSED,
    "task.offered": Standing.WAITING,
    "signature.voided": Standing.STOPPED,
    "delivery.failed": Standing.STOPPED,
    "breach.attempted": Standing.STOPPED,
    "command.refused": Standing.STOPPED,
    "case.incident": Standing.STOPPED,
}

_ACTORS: Final = {"person": ActorKind.PERSON, "agent": ActorKind.AGENT}


def timeline(session: Session, names: Names, entries: Sequence[EntryRow]) -> tuple[TimelineItem, ...]:
    """The entries that people read, oldest first, with the words that may still be told."""
    bodies: list[tuple[EntryRow, Any]] = [(entry, decode(entry.body)) for entry in entries if entry.type in TITLES]
    texts = session.uow.private_texts([body["data"].get("reason") or "" for _, body in bodies])
    return tuple(_item(names, entry, body, texts) for entry, body in bodies)


def _item(names: Names, entry: EntryRow, body: Mapping[str, Any], texts: Mapping[str, str]) -> TimelineItem:
    data, actor = body["data"], body["actor"]
    verdict = data.get("outcome") if isinstance(data.get("outcome"), dict) else {}
    is_rule = entry.type == "decision.taken"
    standing = standing_of(str(verdict.get("outcome"))) if is_rule else _STANDING.get(entry.type, Standing.NEUTRAL)
    title = f"{TITLES[entry.type]}: {data['decision']}" if is_rule else TITLES[entry.type]
    return TimelineItem(
        seq=entry.seq,
        at=entry.at,
        actor="policy" if is_rule else names.person(actor["id"]),
        actor_kind=ActorKind.RULE if is_rule else _ACTORS.get(actor["kind"], ActorKind.SYSTEM),
        title=title,
        text=_text(names, entry.type, data, texts),
        reason=str(verdict.get("reason") or data.get("code") or ""),
        standing=standing,
        entry_hash=entry.leaf_hash.hex(),
    )


def _text(names: Names, kind: str, data: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    match kind:
        case "decision.taken":
            verdict = data.get("outcome") or {}
            return f"{verdict.get('outcome', '')}. {verdict.get('text', '')}".strip(". ")
        case "task.offered" | "task.escalated":
            return names.person_or_role(data.get("person", ""), data.get("role", ""))
        case "task.signed" | "task.answered":
            said = texts.get(data.get("reason") or "", "")
            return f"{data.get('action')}: {said}" if said else str(data.get("action"))
        case "signature.voided":
            return f"{names.person(data.get('person', ''))}: {data.get('reason', '')}"
        case "command.refused":
            breach = f" Breach attempt: {data['breach']}." if data.get("breach") else ""
            return f"{data.get('message', '')}.{breach}"
        case "breach.attempted":
            return str(data.get("class", ""))
        case "journal.posted":
            return f"{data.get('journal')}, period {data.get('period')}"
        case "delivery.requested" | "delivery.accepted" | "delivery.failed" | "delivery.retried":
            return f"{data.get('connector')}"
        case "document.received" | "document.corrected":
            return f"{data.get('number')}, {data.get('currency')} {data.get('gross')}"
        case _:
            return ""


def process_view(process: Process, entries: Sequence[EntryRow], state: Mapping[str, Any]) -> ProcessView:
    """The nodes on the case's way: where it was and when, where it is, what may come."""
    seen: dict[str, datetime] = {}
    for entry in entries:
        if entry.type == "process.advanced":
            body: Any = decode(entry.body)
            moves = (event.split(" ") for event in body["data"]["events"] if isinstance(event, str))
            seen |= {move[2]: entry.at for move in moves if move[0] == "NodeLeft"}
    here = {token["node"] for token in state.get("tokens", ())}
    nodes = []
    for key, place in process.places.items():
        kind = _kind(place.node)
        if kind:
            progress = Progress.HERE if key in here else Progress.DONE if key in seen else Progress.AHEAD
            title = str(getattr(place.node, "name", "") or key)
            nodes.append(NodeView(title, kind, progress, at=seen.get(key)))
    return ProcessView(process.name, process.hash, tuple(nodes))


def _kind(node: object) -> str:
    match node:
        case StartEvent():
            return "start"
        case EndEvent():
            return "end"
        case BusinessRuleTask():
            return "rule"
        case UserTask():
            return "person"
        case ReceiveTask():
            return "wait"
        case ServiceTask():
            return "service"
        case _:
            return ""

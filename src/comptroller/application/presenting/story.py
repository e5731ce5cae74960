"""The story of a case and its way through the process, told from its audit entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.changes import changed_fields
from comptroller.application.presenting.words import ACTION_DONE, Names, begun_words, decision_title, verdict_of
from comptroller.application.records import EntryRow
from comptroller.application.session import Session
from comptroller.application.views import (
    ActorKind,
    NodeView,
    ProcessView,
    Progress,
    Standing,
    TimelineItem,
)
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money, parse_decimal
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.model import BusinessRuleTask, EndEvent, ReceiveTask, ServiceTask, StartEvent, UserTask

TITLES: Final = {
    "document.received": "Document received",
    "answer.link.used": "Answered from a link in a mail",
    "document.corrected": "Corrected document received",
    "document.keyed": "Document keyed",
    "case.begun": "Begun by an event",
    "case.repaired": "Repaired by an operator",
    "facts.gathered": "Facts read again",
    "decision.taken": "Decided",
    "task.offered": "Asked",
    "task.opened": "Opened",
    "task.signed": "Signed",
    "task.answered": "Answered",
    "task.withdrawn": "Task taken back",
    "task.escalated": "Task moved up",
    "task.reminded": "Reminded",
    "task.claimed": "Task taken",
    "task.released": "Task given back",
    "task.reassigned": "Task handed over",
    "task.parked": "Put aside",
    "task.act.given": "Answer given, can be taken back",
    "task.act.undone": "Answer taken back",
    "question.asked": "Question",
    "question.answered": "Answer",
    "comment.added": "Comment",
    "attachment.added": "Attachment",
    "variance.accepted": "Variance accepted",
    "variance.claimed": "Difference claimed back",
    "case.laid.aside": "Laid aside",
    "case.migrated": "Moved to another version of its process",
    "policy.followed": "Judged by its company's own policy from now on",
    "supplier.responded": "Supplier told",
    "task.not.signed": "Signature not counted",
    "message.refused": "A message of who works for other entities, not heard",
    "signature.voided": "Signature fell",
    "balance.reserved": "Balance held",
    "journal.posted": "Posted to the ledger",
    "delivery.requested": "Delivery put in hand",
    "delivery.accepted": "Delivery accepted",
    "delivery.failed": "Delivery failed",
    "delivery.retried": "Delivery sent again",
    "supplier.answered": "Supplier answered",
    "requester.answered": "Requester answered",
    "notice.sent": "Told by message",
    "notice.failed": "Message failed",
    "notice.withheld": "Nobody told by message",
    "breach.attempted": "Breach attempt",
    "command.refused": "Refused",
    "case.ended": "Case ended",
    "case.cancelled": "Case cancelled",
    "case.incident": "Incident",
    "order.amended": "Order amended",
    "payment.blocked": "Payment blocked",
    "payment.lift.asked": "Lifting of the block asked for",
    "payment.unblocked": "Payment block lifted",
    "account.called.back": "Supplier called back",
    "account.verified": "Account verified",
    "account.reversed": "Change of account reversed",
    "policy.proposed": "Change of policy proposed",
    "policy.checked": "Version checked",
    "policy.forecast": "Forecast made",
    "policy.not.forecast": "Not forecast",
    "policy.forecast.left": "Live figures left the forecast",
    "policy.sent.back": "Sent back to the author",
    "policy.put.in.force": "Put in force",
    "policy.withdrawn": "Withdrawn by the author",
}
"""The entries that people read; the moves of the machine are told by the process tab."""

_UNTOLD: Final = {
    "process.advanced": "Moved on in the process",
    "waiting.changed": "Waits for somebody else",
    "exception.opened": "Exception opened",
    "exception.closed": "Exception closed",
    "case.changed": "Called up by a change",
    "delivery.answered": "Delivery answered",
    "notice.requested": "Message put in hand",
    "digest.requested": "Daily digest put in hand",
    "reference.changed": "Master data changed",
    "key.issued": "API key issued",
    "key.revoked": "API key revoked",
    "absence.recorded": "Absence put down",
    "absence.ended": "Absence ended",
    "delegation.recorded": "Stand-in named",
    "delegation.ended": "Delegation ended",
}
"""The entries that only the log lists."""


def entry_title(entry: EntryRow) -> str:
    """What an audit entry tells, in words."""
    if entry.type == "facts.gathered":
        return "Facts read"
    if entry.type == "decision.taken":
        body: Any = decode(entry.body)
        return f"Decided: {decision_title(body['data']['decision'])}"
    return TITLES.get(entry.type) or _UNTOLD.get(entry.type) or entry.type.replace(".", " ").capitalize()


_STANDING: Final = {
    "task.signed": Standing.PASSED,
    "journal.posted": Standing.PASSED,
    "delivery.accepted": Standing.PASSED,
    "task.offered": Standing.WAITING,
    "signature.voided": Standing.STOPPED,
    "delivery.failed": Standing.STOPPED,
    "notice.failed": Standing.STOPPED,
    "breach.attempted": Standing.STOPPED,
    "command.refused": Standing.STOPPED,
    "case.incident": Standing.STOPPED,
}

_BY_POLICY: Final = {"facts.gathered", "task.offered", "balance.reserved", "journal.posted", "case.ended"}
"""What policy does in the unit of work of whoever set the case moving."""

_ACTORS: Final = {"person": ActorKind.PERSON, "agent": ActorKind.AGENT}


def timeline(session: Session, names: Names, entries: Sequence[EntryRow]) -> tuple[TimelineItem, ...]:
    """The entries that people read, oldest first, with the words that may still be told."""
    bodies: list[tuple[EntryRow, Any]] = [(entry, decode(entry.body)) for entry in entries if entry.type in TITLES]
    texts = session.uow.private_texts([body["data"].get("reason") or "" for _, body in bodies])
    items, references = [], frozenset[str]()
    for entry, body in bodies:
        changed = ""
        if entry.type == "facts.gathered":
            read = frozenset(body["data"].get("references", ()))
            changed = (
                "; ".join(_reference(session.uow, names, text) for text in sorted(read - references))
                if references
                else ""
            )
            references = read
        if entry.type in {"facts.gathered", "decision.taken"} and not (changed or body["data"].get("outcome")):
            continue  # the same facts again, or a decision about nothing
        items.append(_item(names, entry, body, texts, changed))
    return tuple(items)


def _reference(uow: UnitOfWork, names: Names, text: str) -> str:
    """Name a record and what its version changed: `supplier S05 (Helios), version 2: name from ... to ...`."""
    record, _, version = text.partition(" version ")
    kind, _, key = record.partition("/")
    bodies: dict[str, Any] = {str(row.version): decode(row.body) for row in uow.reference_versions(kind, key)}
    before, after = bodies.get(str(int(version or 0) - 1)), bodies.get(version)
    changed = changed_fields(before, after) if before and after else ""
    title = f"{kind.replace('-', ' ')} {names.told(key)}, version {version}"
    return f"{title}: {changed}" if changed else title


def _item(
    names: Names, entry: EntryRow, body: Mapping[str, Any], texts: Mapping[str, str], changed: str
) -> TimelineItem:
    data, actor = body["data"], body["actor"]
    verdict = data.get("outcome") if isinstance(data.get("outcome"), dict) else {}
    is_rule = entry.type == "decision.taken"
    word, standing = "", _STANDING.get(entry.type, Standing.NEUTRAL)
    title, amount = TITLES[entry.type], parse_decimal(str(data.get("gross") or data.get("amount") or ""))
    if is_rule:
        word, standing = verdict_of(data["decision"], str(verdict.get("outcome") or "done"))
        title = f"{decision_title(data['decision'])}: {word}"
    by_policy = is_rule or entry.type in _BY_POLICY
    return TimelineItem(
        seq=entry.seq,
        at=entry.at,
        actor="Policy" if by_policy else names.person(actor["id"]),
        actor_kind=ActorKind.RULE if by_policy else _ACTORS.get(actor["kind"], ActorKind.SYSTEM),
        title=title,
        text=changed
        or _notice_text(names, entry.type, data)
        or (begun_words(data) if entry.type == "case.begun" else "")
        or _act_text(names, entry.type, data, texts)
        or _text(names, entry.type, data, texts),
        amount=Money(amount, data["currency"]) if amount is not None and data.get("currency") else None,
        reason=str(verdict.get("reason") or data.get("code") or ""),
        standing=standing,
        entry_hash=entry.leaf_hash.hex(),
    )


def _notice_text(names: Names, kind: str, data: Mapping[str, Any]) -> str:
    if not kind.startswith("notice."):
        return ""
    return str(data.get("why") or f"{names.person(str(data.get('person', '')))}, by {data.get('channel')}")


def _act_text(names: Names, kind: str, data: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    """What people did beside answering, with their words."""
    said = texts.get(str(data.get("reason") or ""), "")
    match kind:
        case "task.reassigned" if data.get("text"):  # not by a person: who had it is not there, or is back
            return _said(f"to {names.person_or_role(data.get('person', ''), data.get('role', ''))}", str(data["text"]))
        case "question.asked" | "task.reassigned":
            return _said(f"to {names.person(str(data.get('to') or data.get('person') or ''))}", said)
        case "question.answered" | "comment.added" | "attachment.added" | "case.laid.aside" | "case.migrated":
            return said
        case "task.parked":
            return _said(f"until {data.get('until')}", said)
        case "payment.blocked" | "payment.unblocked" | "payment.lift.asked":
            return _said(str(data.get("cause") or ""), said)
        case "variance.accepted" | "variance.claimed":
            return f"{data.get('type')} of line {data.get('line')}"
        case "supplier.responded":
            return f"{data.get('status')} ({data.get('code')})"
        case "account.called.back":
            return str(data.get("result") or "")
        case _:
            return ""


def _text(names: Names, kind: str, data: Mapping[str, Any], texts: Mapping[str, str]) -> str:
    match kind:
        case "decision.taken":
            verdict = data.get("outcome")
            if isinstance(verdict, list):
                return ", ".join(str(item.get("type") or "") for item in verdict if isinstance(item, dict))
            return names.told(str(verdict.get("text") or "")) if isinstance(verdict, dict) else ""
        case "task.offered" | "task.escalated" | "task.reminded" | "task.released":
            return names.person_or_role(data.get("person", ""), data.get("role", ""))
        case "task.opened":
            return "shown for the first time to who is asked"
        case "task.signed" | "task.answered":
            said, done = texts.get(data.get("reason") or "", ""), str(data.get("action"))
            done = ACTION_DONE.get(done, done) + names.on_behalf(data.get("chain") or (), "")
            return f"{done}: {said}" if said else done
        case "signature.voided":
            return names.told(f"{names.person(data.get('person', ''))}: {data.get('reason', '')}")
        case "command.refused":
            breach = f" Breach attempt: {data['breach']}." if data.get("breach") else ""
            return names.told(f"{data.get('message', '')}.{breach}")
        case "breach.attempted" | "policy.not.forecast" | "policy.forecast.left":
            return str(data.get("class") or data.get("why") or data.get("reason") or "")
        case "journal.posted":
            return f"period {data.get('period')}"
        case "delivery.requested" | "delivery.accepted" | "delivery.failed" | "delivery.retried":
            return f"{data.get('connector')}"
        case "document.received" | "document.corrected" | "document.keyed":
            return _document(data, texts.get(data.get("reason") or "", ""))
        case _:
            return ""


def _document(data: Mapping[str, Any], words: str) -> str:
    """The number of a document and how it came; of one whose lines a person named, which they are."""
    if not data.get("lines"):
        return _said(_arrival(str(data.get("number") or ""), data.get("arrival") or {}), words)
    named = (f"line {place} is {line or 'none'}" for place, line in data["lines"].items())
    return _said(f"lines of the order named: {', '.join(named)}", words)


def _arrival(number: str, arrival: Mapping[str, Any]) -> str:
    """The number of a document, and since when its channel had it where that says so."""
    since = arrival.get("received_at")
    there = f"by {arrival.get('channel')}, there since {since[:10]}" if since else ""
    return ", ".join(part for part in (number, there) if part)


def _said(about: str, words: str) -> str:
    return f"{about}: {words}" if words else about


def process_view(process: Process, entries: Sequence[EntryRow], state: Mapping[str, Any]) -> ProcessView:
    """The nodes in the case's order: where it was and when, where it is, what may still come."""
    seen: dict[str, datetime] = {}
    for entry in entries:
        if entry.type == "process.advanced":
            body: Any = decode(entry.body)
            moves = (event.split(" ") for event in body["data"]["events"] if isinstance(event, str))
            for move in moves:
                if move[0] == "NodeLeft":
                    seen.pop(move[2], None)  # a node left again stands where it was left last
                    seen[move[2]] = entry.at
    here = {token["node"] for token in state.get("tokens", ())}
    own = [key for key in seen if key in process.places]  # a called process has nodes of its own
    order = [*own, *(key for key in process.places if key not in seen)]
    nodes: dict[Progress, list[NodeView]] = {progress: [] for progress in Progress}
    ahead = Progress.AHEAD if here else Progress.SKIPPED
    titles = set()
    for key in order:
        place = process.places[key]
        kind, title = kind_of_node(place.node), str(getattr(place.node, "name", "") or key)
        progress = Progress.HERE if key in here else Progress.DONE if key in seen else ahead
        if kind and (progress is not ahead or title not in titles):
            nodes[progress].append(NodeView(title, kind, progress, at=seen.get(key), node=key))
        titles.add(title)
    return ProcessView(process.name, process.hash, tuple(node for group in nodes.values() for node in group))


def kind_of_node(node: object) -> str:
    """What a node is for people who look at it; empty where it only directs."""
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

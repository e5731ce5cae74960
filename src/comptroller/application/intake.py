"""Taking in what comes by mail, from a folder or as a table of many documents: kept whole, told part by part.

What came in is registered before anything in it is read, so that nothing that arrived can vanish: what could not be
read is listed as failed until somebody looks. Each document in it is handed in as any other, under a key made of the
intake and its place, so that doing it again after a crash does nothing twice (INVARIANT 4). Nothing that came in is
ever run, opened in another program or answered by itself.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Final

from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.intake_records import FinishIntake, Incoming, RegisterIntake, attempt, has_failed
from comptroller.application.ports.surroundings import ReadDocument
from comptroller.application.purchase import TakePurchase
from comptroller.application.session import Environment
from comptroller.application.submit import Arrival, SubmitDocument
from comptroller.domain.documents.model import DocumentKind, Invoice
from comptroller.domain.documents.purchase import PurchaseDocument
from comptroller.domain.kernel.fault import Fault, Rejection
from comptroller.domain.kernel.ids import TenantId

LOG: Final = logging.getLogger(__name__)

MAIL: Final = "message/rfc822"
NOT_READ: Final = "MAIL-PART-01"
"""The fault of a part of a mail that may hold documents and is not looked into."""


@dataclass(frozen=True, slots=True)
class Part:
    """One document inside of what came in, or the fault that takes its place."""

    name: str
    original: bytes = b""
    media_type: str = ""
    read: ReadDocument | None = None
    purchase: PurchaseDocument | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class _Unread:
    """What stands for a document that no reader was asked about."""

    faults: tuple[Fault, ...]
    kind: DocumentKind = DocumentKind.UNKNOWN
    profile: str = ""
    invoice: Invoice | None = None
    media_type: str = ""
    to_key: bool = False


def take_in(dispatcher: Dispatcher, tenant: TenantId, principal: str, incoming: Incoming) -> Any:
    """Take in one message or file; answers what became of each part, or why it was turned down as a whole.

    What has failed before and comes again is taken in again, without the parts that had been taken in.

    A defect of ours in one of them is its failure alone: it is registered as failed and logged, and the next is read.
    """
    registered = dispatcher.execute(tenant, Request(principal, RegisterIntake(incoming)))
    if isinstance(registered, Rejection) or registered["status"] != "open":
        return registered
    intake_id: str = registered["intake_id"]
    try:
        earlier = registered["results"]
        results = [
            handed_in(
                lambda command, key: dispatcher.execute(tenant, Request(principal, command, key)),
                incoming,
                f"{intake_id}{attempt(earlier)}",
                place,
                part,
            )
            if place >= len(earlier) or has_failed(earlier[place])
            else earlier[place]
            for place, part in enumerate(parts_of(dispatcher.environment, incoming, registered["mapping"]))
        ]
    except Exception:  # a poisonous one must not keep the others out; it is logged and shown as failed
        LOG.exception("intake %s could not be read", intake_id)
        message = "reading it failed by a defect of ours; the log of the process says where"
        results = [_result(incoming.name, code="INTAKE-DEFECT-01", message=message)]
    return dispatcher.execute(tenant, Request(principal, FinishIntake(intake_id, tuple(results))))


def take_in_later(dispatcher: Dispatcher, tenant: TenantId, principal: str, incoming: Incoming) -> Any:
    """Keep what came in and have a job take it in; answers the record, with `job_id` where it is not done yet."""
    return dispatcher.execute(tenant, Request(principal, RegisterIntake(incoming, later=True)))


def came_in_before(environment: Environment, found: Mapping[str, Any]) -> Incoming:
    """What came in as `GetIntake` tells it, under the key that it was known by."""
    told = {"name": found["name"], "channel": found["channel"], "entity": found["entity"], "mapping": found["mapping"]}
    if found["media_type"] == MAIL:
        incoming = incoming_mail(environment, found["content"], **told)
    else:
        incoming = incoming_file(found["content"], media_type=found["media_type"], **told)
    return replace(incoming, received_at=found["received_at"])


def handed_in(
    ask: Callable[[object, str], Any], incoming: Incoming, turn: str, place: int, part: Part
) -> dict[str, Any]:
    """Hand in one part by a command under a key of its own; answers what became of it, the same for a repeat.

    `turn` is the id of what came in, and the number of the attempt behind it where it is not the first.
    """
    if part.faults:
        first = part.faults[0]
        where = f" ({first.path})" if first.path else ""
        return _result(part.name, code=first.code, message=f"{first.message}{where}")
    arrival = Arrival(
        channel=incoming.channel,
        sender=incoming.sender,
        verified=incoming.verified,
        source=turn.partition("/")[0],
        part=part.name,
        mapping=incoming.mapping,
        entity=incoming.entity,
        received_at=incoming.received_at,
    )
    command = SubmitDocument(part.original, part.media_type, part.read or _Unread(()), arrival)
    if part.purchase is not None:
        wanted: object = TakePurchase(part.purchase, fingerprint(part.original))
    else:
        wanted = command
    answer = ask(wanted, f"intake/{turn}/{place}")
    if isinstance(answer, Rejection):
        return _result(part.name, case_id=answer.subject, code=answer.code, message=answer.message)
    if "record" in answer:
        outcome = "brought in" if answer.get("changed") else answer.get("outcome") or "unchanged"
        return _result(part.name, case_id=answer.get("case_id", ""), outcome=outcome, record=answer["record"])
    return _result(part.name, case_id=answer["case_id"], status=answer["status"], outcome=answer["outcome"])


def _result(part: str, **told: str) -> dict[str, Any]:
    return {"part": part, **{name: value for name, value in told.items() if value}}


def parts_of(environment: Environment, incoming: Incoming, mapping: Mapping[str, Any] | None) -> Iterator[Part]:
    """The documents in what came in, in their order."""
    if incoming.media_type == MAIL:
        for attachment in environment.open_mail(incoming.original).attachments:
            if attachment.not_read:
                message = f"`{attachment.name[:80]}` was not looked into: {attachment.not_read}"
                yield Part(
                    attachment.name,
                    faults=(Fault(NOT_READ, "", message, by="mail", help="ask for its documents unpacked"),),
                )
                continue
            yield from _documents(environment, attachment.name, attachment.content, attachment.media_type, mapping)
        return
    yield from _documents(environment, incoming.name, incoming.original, incoming.media_type, mapping)


def _documents(
    environment: Environment, name: str, content: bytes, media_type: str, mapping: Mapping[str, Any] | None
) -> Iterator[Part]:
    """The documents of a file: the rows of a table by the mapping, else the file itself."""
    purchase = environment.read_purchase(content)
    if isinstance(purchase, PurchaseDocument):
        yield Part(name, content, media_type, purchase=purchase)
        return
    if purchase is not None:
        yield Part(name, faults=purchase)
        return
    if not environment.tables.is_table(content, media_type):
        yield Part(name, content, media_type, environment.read_document(content, media_type))
        return
    if mapping is None:
        message = f"`{name[:80]}` is a table, and no mapping says which column is what"
        yield Part(name, faults=(Fault("TABLE-MAPPING-01", "", message, by="table", help="name a mapping"),))
        return
    documents, faults = environment.tables.read(content, mapping)
    for fault in faults:
        yield Part(name, faults=(fault,))
    for document in documents:
        rows = f"{document.rows[0]}-{document.rows[-1]}" if len(document.rows) > 1 else str(document.rows[0])
        yield Part(f"{name} rows {rows}"[:200], document.original, document.media_type, document.read)


def fingerprint(content: bytes) -> str:
    """What names a file that has no identifier of its own."""
    return sha256(content).hexdigest()


def incoming_mail(
    environment: Environment, content: bytes, *, name: str, channel: str = "mail", entity: str = "", mapping: str = ""
) -> Incoming:
    """A mail as it comes in: known by its Message-ID, or by its bytes where it has none."""
    mail = environment.open_mail(content)
    key = mail.message_id or fingerprint(content)
    return Incoming(channel, key, name, MAIL, content, mail.sender, mail.verified, entity, mapping)


def incoming_file(
    content: bytes, *, name: str, media_type: str, channel: str, entity: str = "", mapping: str = ""
) -> Incoming:
    """A file as it comes in, known by its bytes."""
    return Incoming(channel, fingerprint(content), name, media_type, content, entity=entity, mapping=mapping)

"""What a case is found by: its numbers, its supplier, its amounts, the text of its lines, what people said about it.

The index is written behind the case, by the worker, so that nobody who hands a document in waits for it; it follows
from the case alone, and writing it again changes nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.casework.record import stream_of
from comptroller.application.outbox import outbox_row
from comptroller.application.records import CaseRow, OutboxRow, revised
from comptroller.application.search.words import amount_words, beginnings, words_of
from comptroller.application.session import Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import parse_decimal
from comptroller.domain.notices import without_accounts

INDEX: Final = "index"
"""The kind of outbox rows that end here."""

NUMBER, ORDER, SUPPLIER, AMOUNT, LINE, SAID = 32, 16, 8, 4, 2, 1
"""How much it counts where a word stands; the best place of a word does."""

_FIELDS: Final = {
    "number": NUMBER,
    "order_number": ORDER,
    "contract": ORDER,
    "sales_order": ORDER,
    "receipt_number": ORDER,
    "despatch_number": ORDER,
    "project": LINE,
    "buyer_reference": LINE,
    "notes": LINE,
}
_LINE_FIELDS: Final = {
    "order_number": ORDER,
    **dict.fromkeys(("name", "description", "item_id", "buyer_item_id", "note"), LINE),
}
"""The fields of a canonical document whose words count; its bank details are not among them (INVARIANT 11)."""


@dataclass(frozen=True, slots=True)
class IndexCase:
    """Have a case found by what it holds now."""

    row: OutboxRow


def request_index(session: Session, case_id: str, seq: int) -> None:
    """Have a case's words written behind it; `seq` is of the entry that changed what it holds."""
    identifier = f"index.{case_id}.{seq}"
    session.uow.insert(outbox_row(session, identifier, INDEX, "", {}, case_id=case_id))


def index_case(session: Session, command: IndexCase) -> dict[str, Any]:
    """Write a case's words."""
    case = session.uow.case(command.row.case_id)
    words = case_words(session, case) if case is not None else {}
    if case is not None:
        session.uow.index_case(case.case_id, words)
    session.uow.update(revised(command.row, status="done", lease_owner="", lease_until=None))
    return {"words": len(words)}


def case_words(session: Session, case: CaseRow) -> dict[str, int]:
    """The words by which a case is found, each with its weight; the weightiest where there are too many."""
    found: dict[str, int] = {}
    places = sorted(_places(session, case), key=lambda place: -place[0])
    for weight, word in places:
        for beginning in beginnings(word):
            if beginning not in found:
                if len(found) >= limits.SEARCH_WORDS_MAX:
                    return found
                found[beginning] = weight
    return found


def _places(session: Session, case: CaseRow) -> Iterator[tuple[int, str]]:
    for weight, text in ((NUMBER, case.number), (SUPPLIER, case.supplier_name), (SUPPLIER, case.supplier)):
        yield from ((weight, word) for word in words_of(text))
    yield NUMBER, case.case_id
    for amount in (case.net, case.gross):
        if amount is not None:
            yield from ((AMOUNT, word) for word in amount_words(amount))
    for document in session.uow.case_documents(case.case_id):
        yield from _of_document(decode(document.canonical) if document.canonical else {})
    for text in _said(session, case.case_id):
        yield from ((SAID, word) for word in words_of(without_accounts(text)))


def _of_document(document: Any) -> Iterator[tuple[int, str]]:
    """The words of a canonical document: its numbers and orders, its seller, and what its lines say."""
    if not isinstance(document, dict):  # nothing could be read, and nobody has keyed it yet
        return
    yield from _of_fields(document, _FIELDS)
    yield from _of_fields(document.get("seller") or {}, {"name": SUPPLIER})
    for line in document.get("lines") or ():
        yield from _of_fields(line, _LINE_FIELDS)
        amount = parse_decimal(str(line.get("net_amount") or ""))
        if amount is not None:
            yield from ((LINE, word) for word in amount_words(amount))


def _of_fields(record: Any, fields: Mapping[str, int]) -> Iterator[tuple[int, str]]:
    for name, weight in fields.items():
        value = record.get(name) or ()
        for text in (value,) if isinstance(value, str) else value:
            yield from ((weight, word) for word in words_of(without_accounts(str(text))))


def _said(session: Session, case_id: str) -> list[str]:
    """What people gave as their reasons, as far as it is still kept."""
    bodies: list[Any] = [decode(entry.body) for entry in session.uow.stream(stream_of(case_id))]
    commitments = [str(body["data"].get("reason") or "") for body in bodies]
    wanted = [commitment for commitment in commitments if commitment]
    return list(session.uow.private_texts(wanted).values()) if wanted else []

"""The form for keying a document beside its original: plain fields in, the canonical JSON form out.

What the paper states is keyed as it stands, right or wrong; only the sums that a canonical document needs beside them
(the breakdown of the VAT, the sum of the lines) are made of what was keyed, so that the rules judge the paper and not
the typist's arithmetic. Faults come back to the field that they are about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, fields, is_dataclass
from decimal import Decimal
from itertools import count, pairwise
from typing import Any, Final

from comptroller.application.presenting.codes import ONE_UNIT, UNITS
from comptroller.application.presenting.reading import label_of
from comptroller.application.views import OriginalView
from comptroller.domain.documents.code_lists import CREDIT_NOTE_TYPES
from comptroller.domain.documents.difference import differences
from comptroller.domain.documents.model import Invoice
from comptroller.domain.documents.page_values import folded, is_iban
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import MINOR_UNITS, decimal_text, parse_decimal, round_money

LINES_SHOWN: Final = 3
LINES_MAX: Final = 200
CUSTOMIZATION: Final = "urn:cen.eu:en16931:2017"

Form = Mapping[str, str]

PLACES: Final[Mapping[str, str]] = {
    "number": "/number",
    "type_code": "/type_code",
    "issue_date": "/issue_date",
    "due_date": "/due_date",
    "delivery_date": "/delivery_date",
    "currency": "/currency",
    "order_number": "/order_number",
    "accounting_reference": "/accounting_reference",
    "buyer_reference": "/buyer_reference",
    "payment_terms": "/payment_terms",
    "seller_name": "/seller/name",
    "seller_vat_id": "/seller/vat_id",
    "seller_registration": "/seller/legal_registration/value",
    "seller_line_1": "/seller/address/line_1",
    "seller_post_code": "/seller/address/post_code",
    "seller_city": "/seller/address/city",
    "seller_country": "/seller/address/country",
    "account": "/payments/0/account",
    "net": "/totals/net",
    "tax": "/totals/tax",
    "gross": "/totals/gross",
}
"""Field -> its place in the canonical form."""

LINE_PLACES: Final[Mapping[str, str]] = {
    "name": "/name",
    "quantity": "/quantity",
    "unit": "/unit",
    "price": "/net_price",
    "net": "/net_amount",
    "category": "/tax/code",
    "rate": "/tax/rate",
    "order_line": "/order_line",
}
"""Part of a line -> its place in the line."""

TYPES: Final = (
    ("380", "380 invoice"),
    ("381", "381 credit note"),
    ("384", "384 corrected invoice"),
    ("386", "386 prepayment invoice"),
    ("389", "389 self-billed invoice"),
    ("326", "326 partial invoice"),
)
"""Codes of UNTDID 1001 that are offered; a document of another one keeps it."""

UNIT_CODES: Final = {word: code for words in (ONE_UNIT, UNITS) for code, word in words.items()}
"""Units are keyed in words; one that has none here by its code."""

LINE_TEXTS: Final = frozenset({"name", "unit", "category", "order_line"})
"""What is kept as it was typed; the rest are numbers."""


@dataclass(frozen=True, slots=True)
class KeyingView:
    """The form as it is shown: what was typed, what is wrong with each field, the entities to choose from."""

    case_id: str
    title: str
    typed: Form
    lines: int
    original: OriginalView
    entities: tuple[tuple[str, str], ...]  # key, name
    units: tuple[str, ...] = tuple(UNITS.values())
    source: str = ""  # the profile of the data from which fields are filled; empty: none of them was read
    notes: Mapping[str, str] = field(default_factory=dict)  # of a field that was read: what the data says
    taken_over: tuple[tuple[str, str], ...] = ()  # what was read beside: its name, its value
    types: tuple[tuple[str, str], ...] = TYPES
    problems: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    refusal: str = ""


def typed_of(invoice: Invoice | None, entity: str) -> dict[str, str]:
    """The form filled with what was read or keyed before."""
    if invoice is None:
        return {"currency": "EUR", "type_code": "380", "entity": entity}
    seller, totals = invoice.seller, invoice.totals
    address = seller.address if seller is not None else None
    typed: dict[str, Any] = {
        "entity": entity,
        "number": invoice.number,
        "type_code": invoice.type_code or "380",
        "issue_date": invoice.issue_date,
        "due_date": invoice.due_date,
        "delivery_date": invoice.delivery_date,
        "currency": invoice.currency,
        "order_number": invoice.order_number,
        "accounting_reference": invoice.accounting_reference,
        "buyer_reference": invoice.buyer_reference,
        "payment_terms": invoice.payment_terms,
        "seller_name": seller.name if seller else "",
        "seller_vat_id": seller.vat_id if seller else "",
        "seller_registration": seller.legal_registration.value if seller and seller.legal_registration else "",
        "seller_line_1": address.line_1 if address else "",
        "seller_post_code": address.post_code if address else "",
        "seller_city": address.city if address else "",
        "seller_country": address.country if address else "",
        "account": invoice.payments[0].account if invoice.payments else "",
        "net": totals.net,
        "tax": totals.tax,
        "gross": totals.gross,
        "exemption": next((row.exemption_reason for row in invoice.tax_breakdown if row.exemption_reason), ""),
    }
    for number, line in enumerate(invoice.lines[:LINES_MAX], start=1):
        typed |= {
            f"line-{number}-name": line.name,
            f"line-{number}-quantity": line.quantity,
            f"line-{number}-unit": UNITS.get(line.unit, line.unit),
            f"line-{number}-price": line.net_price,
            f"line-{number}-net": line.net_amount,
            f"line-{number}-category": line.tax.code if line.tax else "",
            f"line-{number}-rate": line.tax.rate if line.tax else None,
            f"line-{number}-order_line": line.order_line,
        }
    return {name: _text(value) for name, value in typed.items() if value not in (None, "")}


def _text(value: Any) -> str:
    return decimal_text(value) if isinstance(value, Decimal) else str(value)


def buyer_of(entity: Mapping[str, Any]) -> dict[str, Any]:
    """An own entity's record as the buyer of a document."""
    buyer: dict[str, Any] = {name: entity[name] for name in ("name", "vat_id") if entity.get(name)}
    address = dict(entity.get("address") or {})
    if entity.get("city"):
        address.setdefault("city", entity["city"])
    if entity.get("country"):
        address.setdefault("country", entity["country"])
    return buyer | ({"address": address} if address else {})


def line_numbers(typed: Form) -> list[int]:
    """The lines in which something was typed, in order."""
    return [
        number for number in range(1, LINES_MAX + 1) if any(typed.get(f"line-{number}-{part}") for part in LINE_PLACES)
    ]


def to_document(typed: Form, buyer: Mapping[str, Any], read: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The canonical JSON form of what was typed; an empty field is left out.

    `read` is the document that the form was filled with, in the canonical form too: what it says and the form has no
    field for stays as it is.
    """
    before = {} if read is None else read
    document: dict[str, Any] = deepcopy({key: value for key, value in before.items() if key not in _MADE_ANEW})
    document |= {"kind": "credit_note" if typed.get("type_code") in CREDIT_NOTE_TYPES else "invoice"}
    document |= {"customization": CUSTOMIZATION} | ({"buyer": dict(buyer)} if buyer else {})
    for name, place in PLACES.items():
        value = (
            _number(typed[name]) if name in {"net", "tax", "gross"} and name in typed else typed.get(name, "").strip()
        )
        _put(document, place, folded(value) if name == "account" and is_iban(folded(value)) else value)
    document["lines"] = list(_lines(typed, before.get("lines", ())))
    document["tax_breakdown"] = _breakdown(document, before, typed.get("exemption", "").strip())
    if document.get("totals", {}).get("net"):
        document["totals"] |= _made_totals(document, before)
    for payment in document.get("payments", ()):
        payment.setdefault("means_code", "58")
    if _account(document) != _account(before):  # it is of another bank, and of another holder perhaps
        _put(document, "/payments/0/bank", "")
        _put(document, "/payments/0/account_name", "")
    return document


_MADE_ANEW: Final = ("kind", "customization", "buyer", "lines", "tax_breakdown")
_STATED: Final = ("net", "tax", "gross")


def _account(document: Mapping[str, Any]) -> str:
    payments = document.get("payments") or [{}]
    return str(payments[0].get("account", ""))


def _lines(typed: Form, before: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The lines as typed, each on what was read of it; lines beyond those that the form has stay as they were read."""
    used = {str(line.get("id", "")) for line in before}
    for place, number in enumerate(line_numbers(typed), start=1):
        line: dict[str, Any] = dict(deepcopy(before[number - 1])) if number <= len(before) else {}
        for part, where in LINE_PLACES.items():
            value = typed.get(f"line-{number}-{part}", "").strip()
            if part == "unit":
                value = UNIT_CODES.get(value.lower(), value)
            _put(line, where, value if part in LINE_TEXTS or not value else _number(value))
        if "id" not in line:
            line["id"] = next(str(free) for free in count(place) if str(free) not in used)
            used.add(line["id"])
        yield line
    yield from (dict(line) for line in before[LINES_MAX:])


def _made_totals(document: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, str]:
    """The sum of the lines and the amount due: as they were read, unless what they are made of was typed otherwise."""
    totals, read = document["totals"], before.get("totals", {})
    made: dict[str, str] = {}
    if not (read.get("line_net") and not before.get("lines") and _is_same(totals, read, ("net",))):
        made["line_net"] = _sum(document["lines"]) or totals["net"]
    if not (read.get("payable") and _is_same(totals, read, ("gross",))):
        gross, prepaid, rounding = (parse_decimal(totals.get(name, "")) for name in ("gross", "prepaid", "rounding"))
        due = None if gross is None else gross - (prepaid or 0) + (rounding or 0)
        made["payable"] = totals.get("gross", totals["net"]) if due is None else decimal_text(due)
    return made


def _is_same(one: Mapping[str, Any], other: Mapping[str, Any], names: Iterable[str]) -> bool:
    """Whether amounts are the same, however many decimals they are written with."""
    return all(parse_decimal(one.get(name, "")) == parse_decimal(other.get(name, "")) for name in names)


def _put(target: dict[str, Any], place: str, value: str) -> None:
    """Set a value at a JSON Pointer, making what lies on the way; a number on the way is a list's first member.

    An empty value takes away what stands there, and what is empty then.
    """
    *way, last = place.strip("/").split("/")
    holders: list[tuple[Any, Any]] = []
    here: Any = target
    for step, after in pairwise([*way, last]):
        key: Any = int(step) if step.isdigit() else step
        if not value and not (isinstance(here, list) or key in here):
            return
        if not isinstance(here, list) and key not in here:
            here[key] = [{}] if after.isdigit() else {}
        holders.append((here, key))
        here = here[key]
    if value:
        here[last] = value
        return
    here.pop(last, None)
    for holder, key in reversed(holders):
        if not holder[key]:
            del holder[key]


def _number(value: str) -> str:
    """A number as people write it: `1.234,56`, `1,234.56` and `1 234.56` are one; what is none stays as typed."""
    plain = value.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    if "," in plain and "." in plain:
        decimal, thousands = (",", ".") if plain.rindex(",") > plain.rindex(".") else (".", ",")
        plain = plain.replace(thousands, "").replace(decimal, ".")
    elif plain.count(",") == 1:
        plain = plain.replace(",", ".")
    return plain if parse_decimal(plain) is not None else value.strip()


def _breakdown(document: Mapping[str, Any], before: Mapping[str, Any], exemption: str) -> list[dict[str, Any]]:
    """The VAT by category and rate, as it was read where nothing that it is made of was typed otherwise.

    Else it is made of the lines, allowances and charges; with one category and rate the tax is the one stated, right
    or wrong.
    """
    sums, read = _sums(document), list(before.get("tax_breakdown", ()))
    totals, reasons = before.get("totals", {}), [row.get("exemption_reason", "") for row in read]
    is_as_read = _is_same(document.get("totals", {}), totals, _STATED) and exemption in (*reasons, "")
    if read and is_as_read and (not before.get("lines") or sums == _sums(before)):
        return read
    currency, stated = str(document.get("currency", "")), document.get("totals", {}).get("tax", "")
    rows = []
    for (code, percent), net in sums.items():
        amount = stated
        if (len(sums) > 1 or not stated) and percent is not None and currency in MINOR_UNITS:
            amount = decimal_text(round_money(net * percent / 100, currency))
        row: dict[str, Any] = {"taxable_amount": decimal_text(net), "category": {"code": code}}
        row |= {"tax_amount": amount} if amount else {}
        row["category"] |= {} if percent is None else {"rate": decimal_text(percent)}
        row |= {"exemption_reason": exemption} if exemption and code in {"E", "AE", "K", "G", "O"} else {}
        rows.append(row)
    return rows


def _sums(document: Mapping[str, Any]) -> dict[tuple[str, Decimal | None], Decimal]:
    """What is taxed by category and rate: lines and charges less allowances."""
    sums: dict[tuple[str, Decimal | None], Decimal] = {}
    entries = document.get("allowances_charges", ())
    amounts = [(line, line.get("net_amount", ""), 1) for line in document.get("lines", ())]
    amounts += [(entry, entry.get("amount", ""), 1 if entry.get("is_charge") else -1) for entry in entries]
    for part, amount, sign in amounts:
        key = (part.get("tax", {}).get("code", ""), parse_decimal(part.get("tax", {}).get("rate", "")))
        sums[key] = sums.get(key, Decimal(0)) + sign * (parse_decimal(amount) or Decimal(0))
    return sums


def _sum(lines: Iterable[Mapping[str, Any]]) -> str:
    amounts = [parse_decimal(line.get("net_amount", "")) for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return decimal_text(sum(known, Decimal(0))) if known else ""


def types_for(code: str) -> tuple[tuple[str, str], ...]:
    """The types to choose from, a document's own among them."""
    return TYPES if not code or code in dict(TYPES) else ((code, code), *TYPES)


def notes_of(header: Invoice, typed: Form, faults: Iterable[Fault]) -> dict[str, str]:
    """What the data says of each field that was read of it: contradicted by the page, typed otherwise, or neither."""
    read = {name: value for name, value in typed_of(header, "").items() if name not in _NOT_READ}
    by_place = {place: name for name, place in PLACES.items()} | {"/payments": "account"}
    shown = {by_place.get(fault.path): fault.message for fault in faults if fault.code.startswith("PDF-TEXT-")}
    return {
        name: shown.get(name)
        or ("read from the data" if _is_read(typed.get(name, ""), value) else f"the data says `{value}`")
        for name, value in read.items()
    }


_NOT_READ: Final = ("entity",)


def _is_read(typed: str, value: str) -> bool:
    return typed.strip() == value or _number(typed) == value or (is_iban(value) and folded(typed) == value)


def taken_over(header: Invoice) -> Iterator[tuple[str, str]]:
    """What was read and has no field of the form: it goes with the document as it is."""
    filled = {*PLACES.values(), "/kind", "/customization"}
    for found in differences(Invoice(), header):
        for path, value in _leaves(found.path, found.after):
            if path not in filled:
                yield label_of(path), _text(value)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if is_dataclass(value):
        for part in fields(value):
            yield from _leaves(f"{path}/{part.name}", getattr(value, part.name))
    elif isinstance(value, tuple):
        for place, part in enumerate(value):
            yield from _leaves(f"{path}/{place}", part)
    elif value not in (None, ""):
        yield path, value


def problems_of(faults: Iterable[Fault], typed: Form) -> dict[str, str]:
    """What is wrong with each field, by its name; a fault about a place without a field has no entry here."""
    by_place = {place: name for name, place in PLACES.items()}
    for place, number in enumerate(line_numbers(typed)):
        by_place |= {f"/lines/{place}{where}": f"line-{number}-{part}" for part, where in LINE_PLACES.items()}
    told: dict[str, str] = {}
    for fault in faults:
        name = by_place.get(fault.path)
        if name is not None:
            told.setdefault(name, fault.message)
    return told

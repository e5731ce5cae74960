"""The form for keying a document beside its original: plain fields in, the canonical JSON form out.

What the paper states is keyed as it stands, right or wrong; only the sums that a canonical document needs beside them
(the breakdown of the VAT, the sum of the lines) are made of what was keyed, so that the rules judge the paper and not
the typist's arithmetic. Faults come back to the field that they are about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from comptroller.application.presenting.codes import ONE_UNIT, UNITS
from comptroller.application.views import OriginalView
from comptroller.domain.documents.model import Invoice
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


def to_document(typed: Form, buyer: Mapping[str, Any]) -> dict[str, Any]:
    """The canonical JSON form of what was typed; an empty field is left out."""
    kind = "credit_note" if typed.get("type_code") == "381" else "invoice"
    document: dict[str, Any] = {"kind": kind, "customization": CUSTOMIZATION, "buyer": dict(buyer)}
    for name, place in PLACES.items():
        value = (
            _number(typed[name]) if name in {"net", "tax", "gross"} and name in typed else typed.get(name, "").strip()
        )
        if value:
            _put(document, place, value)
    lines = [_line(typed, number, place) for place, number in enumerate(line_numbers(typed), start=1)]
    document["lines"] = lines
    document["tax_breakdown"] = _breakdown(document, lines, typed.get("exemption", "").strip())
    net = document.get("totals", {}).get("net")
    if net:
        document["totals"] |= {"line_net": _sum(lines) or net, "payable": document["totals"].get("gross", net)}
    for payment in document.get("payments", ()):
        payment["means_code"] = "58"
    return document


def _line(typed: Form, number: int, place: int) -> dict[str, Any]:
    line: dict[str, Any] = {"id": str(place)}
    for part, where in LINE_PLACES.items():
        value = typed.get(f"line-{number}-{part}", "").strip()
        if part == "unit":
            value = UNIT_CODES.get(value.lower(), value)
        if value:
            _put(line, where, value if part in LINE_TEXTS else _number(value))
    return line


def _put(target: dict[str, Any], place: str, value: str) -> None:
    """Set a value at a JSON Pointer, making what lies on the way; a number on the way is a list's only member."""
    *way, last = place.strip("/").split("/")
    for step, after in pairwise([*way, last]):
        if step.isdigit():
            continue
        target = target.setdefault(step, [{}])[0] if after.isdigit() else target.setdefault(step, {})
    target[last] = value


def _number(value: str) -> str:
    """A number as people write it: `1.234,56`, `1,234.56` and `1 234.56` are one; what is none stays as typed."""
    plain = value.strip().replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("'", "")
    if "," in plain and "." in plain:
        decimal, thousands = (",", ".") if plain.rindex(",") > plain.rindex(".") else (".", ",")
        plain = plain.replace(thousands, "").replace(decimal, ".")
    elif plain.count(",") == 1:
        plain = plain.replace(",", ".")
    return plain if parse_decimal(plain) is not None else value.strip()


def _breakdown(document: Mapping[str, Any], lines: Iterable[Mapping[str, Any]], exemption: str) -> list[dict[str, Any]]:
    """The VAT by category and rate; with one of them the tax is the one stated, right or wrong."""
    sums: dict[tuple[str, str], Decimal] = {}
    for line in lines:
        tax, net = line.get("tax", {}), parse_decimal(line.get("net_amount", "")) or Decimal(0)
        key = (tax.get("code", ""), tax.get("rate", ""))
        sums[key] = sums.get(key, Decimal(0)) + net
    currency, stated = str(document.get("currency", "")), document.get("totals", {}).get("tax", "")
    rows = []
    for (code, rate), net in sums.items():
        percent = parse_decimal(rate)
        amount = stated
        if (len(sums) > 1 or not stated) and percent is not None and currency in MINOR_UNITS:
            amount = decimal_text(round_money(net * percent / 100, currency))
        row: dict[str, Any] = {"taxable_amount": decimal_text(net), "category": {"code": code}}
        row |= {"tax_amount": amount} if amount else {}
        row["category"] |= {"rate": rate} if rate else {}
        row |= {"exemption_reason": exemption} if exemption and code in {"E", "AE", "K", "G", "O"} else {}
        rows.append(row)
    return rows


def _sum(lines: Iterable[Mapping[str, Any]]) -> str:
    amounts = [parse_decimal(line.get("net_amount", "")) for line in lines]
    known = [amount for amount in amounts if amount is not None]
    return decimal_text(sum(known, Decimal(0))) if known else ""


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

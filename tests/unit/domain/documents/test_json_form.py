"""The JSON form: exact round trips, and every unreadable value told with its JSON Pointer."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptroller.domain.documents.json_form import from_json, parse, to_json
from comptroller.domain.documents.kinds import Document
from comptroller.domain.documents.model import (
    Address,
    AllowanceCharge,
    BankAccount,
    DocumentKind,
    Identifier,
    Invoice,
    Line,
    Order,
    OrderLine,
    Party,
    Period,
    Receipt,
    ReceiptLine,
    Supplier,
    TaxCategory,
    TaxSubtotal,
    Totals,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=12)
AMOUNTS = st.decimals(min_value=-(10**15), max_value=10**15, places=4) | st.just(Decimal("0.000000000000000001"))
DAYS = st.dates(min_value=date(1900, 1, 1))
TAXES = st.builds(TaxCategory, TEXTS, st.none() | AMOUNTS)
ENTRIES = st.builds(
    AllowanceCharge, st.booleans(), st.none() | AMOUNTS, tax=st.none() | TAXES, reason=TEXTS, reason_code=TEXTS
)
PARTIES = st.builds(
    Party,
    name=TEXTS,
    identifiers=st.lists(st.builds(Identifier, TEXTS, TEXTS), max_size=2).map(tuple),
    vat_id=TEXTS,
    address=st.none() | st.builds(Address, country=TEXTS, city=TEXTS),
)
LINES = st.builds(
    Line,
    id=TEXTS,
    name=TEXTS,
    quantity=st.none() | AMOUNTS,
    net_amount=st.none() | AMOUNTS,
    tax=st.none() | TAXES,
    period=st.none() | st.builds(Period, st.none() | DAYS, st.none() | DAYS),
    allowances_charges=st.lists(ENTRIES, max_size=2).map(tuple),
)
INVOICES = st.builds(
    Invoice,
    kind=st.sampled_from([DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE]),
    number=TEXTS,
    issue_date=st.none() | DAYS,
    currency=TEXTS,
    notes=st.lists(TEXTS, max_size=2).map(tuple),
    seller=st.none() | PARTIES,
    totals=st.builds(Totals, line_net=st.none() | AMOUNTS, payable=st.none() | AMOUNTS),
    tax_breakdown=st.lists(st.builds(TaxSubtotal, AMOUNTS, AMOUNTS, TAXES), max_size=2).map(tuple),
    allowances_charges=st.lists(ENTRIES, max_size=2).map(tuple),
    lines=st.lists(LINES, max_size=3).map(tuple),
)
ORDERS = st.builds(
    Order,
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    DAYS,
    TEXTS,
    st.lists(st.builds(OrderLine, TEXTS, TEXTS, AMOUNTS, TEXTS, AMOUNTS, serialised=st.booleans())).map(tuple),
)
RECEIPTS = st.builds(
    Receipt, TEXTS, TEXTS, DAYS, TEXTS, st.lists(st.builds(ReceiptLine, TEXTS, AMOUNTS, TEXTS), max_size=3).map(tuple)
)
SUPPLIERS = st.builds(
    Supplier,
    TEXTS,
    TEXTS,
    TEXTS,
    accounts=st.lists(st.builds(BankAccount, TEXTS, changed_on=st.none() | DAYS), max_size=2).map(tuple),
    payment_days=st.integers(-(2**31), 2**31),
    status=TEXTS,
    discount_percent=AMOUNTS,
)


def read_text(kind: type[Document], text: str) -> tuple[Document | None, list[tuple[str, str]]]:
    value, faults = parse(text)
    assert faults == ()
    document, faults = from_json(kind, value)
    return document, [(fault.code, fault.path) for fault in faults]


@given(INVOICES | ORDERS | RECEIPTS | SUPPLIERS)
@settings(max_examples=150)
def test_what_is_written_is_read_back_equal(document: Invoice | Order | Receipt | Supplier) -> None:
    text = json.dumps(to_json(document))

    read, faults = read_text(type(document), text)  # type: ignore[type-var]  # one of the four, never a mixture

    assert (read, faults) == (document, [])


def test_digits_survive_as_written() -> None:
    invoice, faults = read_text(Invoice, '{"totals": {"net": 0.10, "tax": "1.900", "gross": 1E+3, "payable": -0}}')

    assert faults == []
    assert invoice is not None
    assert list(map(str, (invoice.totals.net, invoice.totals.tax, invoice.totals.gross))) == ["0.10", "1.900", "1E+3"]
    assert to_json(invoice)["totals"] == {"net": "0.10", "tax": "1.900", "gross": "1000", "payable": "0"}


def test_nothing_empty_is_written() -> None:
    assert to_json(Invoice(number="7")) == {"kind": "invoice", "number": "7", "totals": {}}


@pytest.mark.parametrize(
    ("text", "code", "path"),
    [
        pytest.param('{"numbr": "1"}', "JSON-KEY-01", "/numbr", id="a misspelt key"),
        pytest.param('{"a/b~c": 1}', "JSON-KEY-01", "/a~1b~0c", id="a key that the pointer must escape"),
        pytest.param('{"number": "1", "number": "2"}', "JSON-KEY-02", "/number", id="a key that occurs twice"),
        pytest.param('{"number": 1}', "JSON-TYPE-01", "/number", id="a number for a text"),
        pytest.param('{"notes": "x"}', "JSON-TYPE-01", "/notes", id="a text for a list"),
        pytest.param('{"notes": [null]}', "JSON-TYPE-01", "/notes/0", id="null in a list"),
        pytest.param('{"seller": []}', "JSON-TYPE-01", "/seller", id="a list for an object"),
        pytest.param('{"totals": {"net": true}}', "JSON-TYPE-01", "/totals/net", id="a boolean for an amount"),
        pytest.param('{"totals": {"net": NaN}}', "JSON-TYPE-01", "/totals/net", id="not a number"),
        pytest.param('{"totals": {"net": -Infinity}}', "JSON-TYPE-01", "/totals/net", id="minus infinity"),
        pytest.param('{"totals": {"net": "NaN"}}', "DOC-DECIMAL-01", "/totals/net", id="not a number, as a text"),
        pytest.param('{"totals": {"net": 1e400}}', "DOC-DECIMAL-01", "/totals/net", id="1e400"),
        pytest.param('{"totals": {"net": 1e-400}}', "DOC-DECIMAL-01", "/totals/net", id="1e-400"),
        pytest.param(
            '{"totals": {"net": 1e99999999999999999999}}', "JSON-TYPE-01", "/totals/net", id="beyond any decimal"
        ),
        pytest.param(f'{{"totals": {{"net": {"9" * 5000}}}}}', "DOC-DECIMAL-01", "/totals/net", id="5,000 digits"),
        pytest.param('{"totals": {"net": "1e5"}}', "DOC-DECIMAL-01", "/totals/net", id="an exponent in a text"),
        pytest.param('{"issue_date": "2026-02-30"}', "DOC-DATE-01", "/issue_date", id="30 February"),
        pytest.param('{"issue_date": 20260228}', "JSON-TYPE-01", "/issue_date", id="a number for a day"),
        pytest.param('{"kind": "offer"}', "DOC-CODE-01", "/kind", id="a kind out of the list"),
        pytest.param('{"lines": [{}, {"net_amount": "x"}]}', "DOC-DECIMAL-01", "/lines/1/net_amount", id="in a line"),
        pytest.param(
            '{"allowances_charges": [{"amount": "1"}]}',
            "JSON-KEY-03",
            "/allowances_charges/0",
            id="an allowance or charge that does not say which",
        ),
        pytest.param('{"attachments": [{"size": 1.5}]}', "JSON-TYPE-01", "/attachments/0/size", id="half a byte"),
        pytest.param('{"number": "a\\u0000b"}', "DOC-TEXT-02", "/number", id="null character"),
        pytest.param('{"number": "\\ud800"}', "DOC-TEXT-02", "/number", id="lone surrogate"),
        pytest.param(f'{{"number": "{"x" * 20_001}"}}', "DOC-TEXT-01", "/number", id="a text too long"),
        pytest.param(f'{{"lines": [{"{}," * 10_000}{{}}]}}', "DOC-LINES-01", "/lines", id="10,001 lines"),
    ],
)
def test_a_fault_names_its_place(text: str, code: str, path: str) -> None:
    invoice, faults = read_text(Invoice, text)

    assert invoice is not None
    assert faults == [(code, path)]


def test_one_fault_never_hides_another_and_reading_goes_on() -> None:
    text = (
        '{"x": 1, "number": "7", "issue_date": "?", "lines": [{"id": "1", "quantity": "?", "y": 1}], "currency": "EUR"}'
    )

    invoice, faults = read_text(Invoice, text)

    assert invoice is not None
    assert (invoice.number, invoice.currency, invoice.lines[0].id) == ("7", "EUR", "1")
    assert [path for _, path in faults] == ["/x", "/issue_date", "/lines/0/quantity", "/lines/0/y"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("{", "JSON-SYNTAX-01", id="cut off"),
        pytest.param("", "JSON-SYNTAX-01", id="empty"),
        pytest.param(b"\xff\xfe{\x00}\x00", "JSON-ENCODING-01", id="UTF-16"),
        pytest.param(b'{"number": "\xe4"}', "JSON-ENCODING-01", id="Latin-1"),
        pytest.param("[" * 100_000, "JSON-DEPTH-01", id="100,000 levels"),
        pytest.param('{"a": .5}', "JSON-SYNTAX-01", id="a number that JSON does not have"),
    ],
)
def test_what_is_no_json_is_one_fault(text: bytes | str, code: str) -> None:
    value, faults = parse(text)

    assert value is None
    assert [fault.code for fault in faults] == [code]


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse(b'\xef\xbb\xbf{"number": "7"}') == ({"number": "7"}, ())


def test_a_binary_floating_point_number_is_refused() -> None:
    _, faults = from_json(Invoice, {"totals": {"net": 9.4}})

    assert [fault.message for fault in faults] == ["a binary floating-point number stands where a decimal belongs"]


def test_a_record_without_what_it_is_about_is_none() -> None:
    order, faults = from_json(Order, {"number": "PO-1", "order_date": "?", "lines": [{"id": "1", "quantity": "1"}]})

    assert order is None
    assert [(fault.code, fault.path) for fault in faults] == [
        ("DOC-DATE-01", "/order_date"),
        ("JSON-KEY-03", "/lines/0"),
        ("JSON-KEY-03", "/lines/0"),
        ("JSON-KEY-03", "/lines/0"),
        ("JSON-KEY-03", ""),
        ("JSON-KEY-03", ""),
        ("JSON-KEY-03", ""),
        ("JSON-KEY-03", ""),
    ]

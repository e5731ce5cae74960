"""An outside ledger's extract: read by a mapping, every fault with its line."""

from decimal import Decimal
from typing import Any

import pytest

from comptroller.adapters.ledger_extract import Mapped, read_extract, read_mapping
from comptroller.adapters.ledger_extract.suggesting import suggest

MAPPING: dict[str, Any] = {
    "columns": {"account": "Konto", "number": "Beleg", "date": "Datum", "amount": "Betrag", "text": "Text"},
    "payables": ["1600"],
    "delimiter": ";",
    "decimal": ",",
    "date_format": "%d.%m.%Y",
}
FILE = (
    "Konto;Beleg;Datum;Betrag;Text\n"
    "1600;RE-1;27.03.2026;-1.190,00;Nordkupfer\n"
    "5000;RE-1;27.03.2026;1.000,00;copper\n"
    "1600;GS-2;27.03.2026;119,00;credit\n"
)


def mapped(**changes: Any) -> Mapped:
    found = read_mapping(MAPPING | changes)
    assert isinstance(found, Mapped)
    return found


def test_rows_on_payables_accounts_are_documents_with_what_is_owed_positive() -> None:
    documents, faults = read_extract(FILE.encode(), mapped())
    assert faults == ()
    assert [(each.place, each.number, each.amount, each.text) for each in documents] == [
        ("line 2", "RE-1", Decimal("1190.00"), "Nordkupfer"),
        ("line 4", "GS-2", Decimal("-119.00"), "credit"),
    ]
    assert {each.day.isoformat() for each in documents if each.day} == {"2026-03-27"}


def test_a_ledger_that_writes_what_is_owed_positive() -> None:
    documents, _ = read_extract(FILE.encode(), mapped(credit_is="positive"))
    assert [each.amount for each in documents] == [Decimal("-1190.00"), Decimal("119.00")]


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        pytest.param(FILE.replace("-1.190,00", "much").encode(), "EXTRACT-AMOUNT-01", "/2", id="no amount"),
        pytest.param(FILE.replace("27.03.2026;119", "2026;119").encode(), "EXTRACT-DATE-01", "/4", id="no day"),
        pytest.param(FILE.replace("Beleg;", "Number;").encode(), "EXTRACT-COLUMN-01", "", id="no such column"),
        pytest.param(FILE.encode("utf-16"), "EXTRACT-TEXT-01", "", id="another encoding"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(content: bytes, code: str, path: str) -> None:
    _, faults = read_extract(content, mapped())
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]


@pytest.mark.parametrize(
    ("mapping", "codes"),
    [
        pytest.param([], ["EXTRACT-MAPPING-01"], id="no object"),
        pytest.param({"columns": {"number": "n", "amount": "a", "vat": "v"}}, ["EXTRACT-MAPPING-02"], id="unknown"),
        pytest.param({"columns": {"number": "n"}}, ["EXTRACT-MAPPING-03"], id="no amount"),
        pytest.param(MAPPING | {"decimal": 1}, ["EXTRACT-MAPPING-04"], id="no text"),
        pytest.param(MAPPING | {"credit_is": "left"}, ["EXTRACT-MAPPING-05"], id="no side"),
        pytest.param(MAPPING | {"payables": "1600"}, ["EXTRACT-MAPPING-06"], id="no list"),
    ],
)
def test_a_mapping_s_faults_are_told(mapping: object, codes: list[str]) -> None:
    found = read_mapping(mapping)
    assert isinstance(found, tuple)
    assert [fault.code for fault in found] == codes


SUGGESTED: dict[str, tuple[str, dict[str, Any]]] = {
    "a German ledger": (
        "Konto;Beleg;Datum;Betrag\n1600;RE-1;27.03.2026;-1.190,00\n5000;RE-1;27.03.2026;1.000,00\n",
        {"delimiter": ";", "decimal": ",", "date_format": "%d.%m.%Y", "payables": ["1600"], "credit_is": "negative"},
    ),
    "an English one that writes what is owed without a minus": (
        "Document,Posting date,Amount\nRE-1,2026-03-27,1190.00\n",
        {"delimiter": ",", "decimal": ".", "date_format": "%Y-%m-%d", "payables": [], "credit_is": "positive"},
    ),
    "one with the minus behind": ("Number\tAmount\nRE-1\t1,190.00-\n", {"delimiter": "\t", "credit_is": "negative"}),
    "one whose heads say nothing": ("A;B\n1;2\n", {"columns": {}}),
    "nothing": ("", {"columns": {}}),
}


@pytest.mark.parametrize(("text", "expected"), SUGGESTED.values(), ids=SUGGESTED)
def test_how_an_extract_is_written_is_suggested(text: str, expected: dict[str, Any]) -> None:
    body = suggest(text.encode(), {"1600"}).body
    assert {name: body[name] for name in expected} == expected


def test_suggestion_reads_what_it_was_made_of() -> None:
    body = dict(suggest(FILE.encode(), {"1600"}).body)
    found = read_mapping(body)
    assert isinstance(found, Mapped)
    documents, faults = read_extract(FILE.encode(), found)
    assert (faults, [each.amount for each in documents]) == ((), [Decimal("1190.00"), Decimal("-119.00")])


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"a;b\n\x00", b'a;"' + b"x" * 200_000], ids=["a mark", "a zero", "huge"]
)
def test_what_is_no_extract_is_no_defect(content: bytes) -> None:
    assert suggest(content).body["columns"] == {}
    _, faults = read_extract(content, mapped(encoding="latin-1"))
    assert faults

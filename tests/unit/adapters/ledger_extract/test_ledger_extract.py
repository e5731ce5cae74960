"""An outside ledger's extract: read by a mapping, every fault with its line."""

from decimal import Decimal
from typing import Any

import pytest

from comptroller.adapters.ledger_extract import Mapped, read_extract, read_mapping

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

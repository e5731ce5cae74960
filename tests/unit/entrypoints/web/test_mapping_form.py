"""The form of a mapping: its words are whole, its file comes back as it went, what is wrong finds its field."""

from base64 import b64encode
from zlib import compress

import pytest

from comptroller.application.presenting.mapping_words import GROUPS, LABELS
from comptroller.domain.documents.table_fields import FIELDS
from comptroller.domain.documents.table_mapping import mapping_of
from comptroller.domain.kernel.fault import Fault
from comptroller.entrypoints.web.mapping_form import (
    billed_to,
    notes_of,
    problems_of,
    record_of,
    style_fields,
    typed_of,
)
from comptroller.entrypoints.web.packing import FILE_BYTES_MAX, pack, unpack

RECORD = {
    "columns": {"number": "No", "line.net_amount": "Net"},
    "constants": {"currency": "EUR"},
    "decimals": "comma",
    "days": "DD.MM.YYYY",
    "head_row": "3",
    "name": "Helios",
}


def test_every_field_has_its_words_once() -> None:
    assert set(LABELS) == set(FIELDS)
    names = [field.name for group in GROUPS for field in group.fields]
    assert len(names) == len(set(names))


def test_record_comes_back_from_the_form_that_shows_it() -> None:
    assert record_of(typed_of(RECORD)) == RECORD
    assert not isinstance(mapping_of(RECORD), tuple)


def test_columns_are_asked_for_where_none_is_chosen() -> None:
    assert "columns" not in record_of({"column-number": "", "decimals": "comma"})


def test_every_style_can_be_chosen() -> None:
    choices = {field.name: {value for value, _ in field.options} for field in style_fields({}, (), {})}
    for name in ("decimals", "days", "encoding", "separator"):
        for value in choices[name]:
            assert not isinstance(mapping_of({**RECORD, name: value}), tuple)


def test_sheet_is_chosen_of_a_book_and_the_separator_of_a_text() -> None:
    assert [field.name for field in style_fields({}, ("March", "April"), {})][-1] == "sheet"
    assert {"separator", "encoding"} <= {field.name for field in style_fields({}, (), {})}


def test_file_comes_back_as_it_went() -> None:
    content = bytes(range(256)) * 100
    assert unpack(pack(content)) == content


@pytest.mark.parametrize(
    "text",
    ["", "no base64!", b64encode(b"not pressed").decode(), pack(b"a" * 100)[:-8], pack(b"a" * (FILE_BYTES_MAX + 1))],
    ids=["nothing", "no base64", "not pressed", "cut", "larger than it may be when it is unpacked"],
)
def test_what_was_tampered_with_is_no_file(text: str) -> None:
    assert unpack(text) == b""


def test_company_says_whom_the_invoices_are_billed_to_where_nothing_else_does() -> None:
    company = {"name": "Brennhof", "vat_id": "DE1", "address": {"city": "Hamburg", "country": "DE"}}
    typed = {"column-buyer.name": "Customer", "constant-buyer.address.city": "Altona"}
    assert billed_to(typed, company) == {
        **typed,
        "constant-buyer.vat_id": "DE1",
        "constant-buyer.address.country": "DE",
    }


@pytest.mark.parametrize(
    ("fault", "where"),
    [
        (Fault("MAPPING-COLUMN-03", "/columns/number", ""), "column-number"),
        (Fault("MAPPING-COLUMN-04", "/constants/currency", ""), "constant-currency"),
        (Fault("TABLE-COLUMN-01", "/columns/line.name", ""), "column-line.name"),
        (Fault("MAPPING-FIELD-02", "/head_row", ""), "head_row"),
        (Fault("TABLE-SHEET-01", "", ""), "sheet"),
        (Fault("TABLE-ENCODING-01", "", ""), "encoding"),
        (Fault("TABLE-HEAD-01", "row 9", ""), "head_row"),
        (Fault("SHEET-BOOK-01", "", ""), "file"),
    ],
)
def test_fault_of_the_mapping_finds_its_field(fault: Fault, where: str) -> None:
    assert list(problems_of([fault])) == [where]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("row 3, column Net", "line.net_amount"),
        ("/lines/12/net_amount", "line.net_amount"),
        ("/lines/0", "line.tax_category"),
        ("/seller", "seller.address.country"),
        ("/currency", "currency"),
        ("/payments/0/account", "payment.account"),
        ("/tax_breakdown", None),
    ],
)
def test_fault_of_an_invoice_finds_the_field_that_it_concerns(path: str, field: str | None) -> None:
    faults = [{"severity": "error", "path": path, "message": "it is wrong"}] * 2
    notes = notes_of(faults, {"line.net_amount": "Net"})
    assert notes == ({} if field is None else {field: "it is wrong (and 1 more)"})


def test_bomb_is_not_unpacked_further_than_a_file_may_be() -> None:
    assert unpack(b64encode(compress(b"0" * 100_000_000)).decode()) == b""

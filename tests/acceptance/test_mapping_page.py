"""A clerk says on a page which column of a table is what, sees the invoices, saves that and hands the file in."""

from re import findall
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Company
from tests.acceptance.test_intake import MAPPING, TABLE
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token

from comptroller.entrypoints.web.mapping_form import typed_of
from comptroller.entrypoints.web.packing import pack

CLERK: Final = "tomasz.zielinski"
TYPED: Final = typed_of(MAPPING)


def build(client: TestClient, key: str = "new", table: str = TABLE, **typed: str) -> Any:
    form = {"form_token": token(client), "packed": pack(table.encode()), "file_name": "march.csv", **TYPED, **typed}
    return client.post(f"/mappings/{key}", data=form)


def chosen(page: str, field: str) -> str:
    """The column that is chosen for a field."""
    (select,) = findall(rf'(?s)id="column-{field}".*?</select>', page)
    return str((findall(r"<option selected>([^<]*)<", select) or [""])[0])


def test_table_that_no_mapping_reads_is_shown_by_its_columns_with_a_suggestion(new_company: Company) -> None:
    client = signed_in(new_company, CLERK)
    files = {"file": ("march.csv", TABLE.encode(), "application/vnd.ms-excel")}
    page = client.post("/intake", data={"form_token": token(client)}, files=files)
    assert page.status_code == 200
    assert (chosen(page.text, "number"), chosen(page.text, "line.net_amount")) == ("No", "Net")
    assert "Windows" in page.text
    assert new_company.read(lambda uow: (uow.intake_list("open"), uow.intake_list("failed"))) == ([], [])


def test_invoices_are_seen_and_nothing_is_kept(new_company: Company) -> None:
    client = signed_in(new_company, CLERK)
    before = new_company.read(lambda uow: (uow.unsequenced_count(), len(uow.reference_list("mapping"))))
    page = build(client)
    assert page.status_code == 200
    assert ("T-1" in page.text, "T-2" in page.text, "nothing is wrong with them" in page.text) == (True, True, True)
    after = new_company.read(lambda uow: (uow.unsequenced_count(), len(uow.reference_list("mapping"))))
    assert after == before


def test_cell_that_is_wrong_is_told_at_the_field_of_its_column(new_company: Company) -> None:
    page = build(signed_in(new_company, CLERK), table=TABLE.replace("20.03.2026", "31.02.2026")).text
    (note,) = findall(r'(?s)id="issue_date-note">(.*?)</p>', page)
    assert "31.02.2026" in note
    assert "2 with faults" in page


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"column-number": ""}, "number", "which column holds the number"),
        ({"constant-issue_date": "2026-03-27"}, "issue_date", "take the column or the text, not both"),
        ({"column-due_date": "Fällig"}, "due_date", "no column is headed"),
        ({"head_row": "many"}, "head_row", "no number from 1 to 100"),
        ({"encoding": "utf-16"}, "encoding", "not written in utf-16"),
    ],
    ids=["no number", "a column and a text", "a column that is not there", "no row", "other letters"],
)
def test_fault_stands_beside_its_field_and_what_was_typed_is_kept(
    new_company: Company, typed: dict[str, str], field: str, told: str
) -> None:
    answer = build(signed_in(new_company, CLERK), **typed, do="save", name="March tables")
    assert answer.status_code == 422
    (problem,) = findall(rf'(?s)id="{field}-problem">(.*?)</p>', answer.text)
    assert told in problem.casefold()
    assert 'value="Helios Facility Services GmbH"' in answer.text
    assert {row.key for row in new_company.read(lambda uow: uow.reference_list("mapping"))} == {"helios", "quadrat"}


def test_company_is_chosen_for_all(new_company: Company) -> None:
    without = {name: "" for name in TYPED if name.startswith("constant-buyer.")}
    page = build(signed_in(new_company, CLERK), **without, company="DE").text
    assert 'value="Brennhof GmbH"' in page
    assert "nothing is wrong with them" in page


def test_mapping_is_saved_and_the_file_handed_in_under_it(new_company: Company) -> None:
    client = signed_in(new_company, CLERK)
    answer = build(client, do="hand in", name="Helios Services")
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).text
    assert len(set(findall(r"/cases/([0-9a-z]{26})", page))) == 2
    record = new_company.record("mapping", "helios-services")
    assert (record["columns"], record["name"]) == (MAPPING["columns"], "Helios Services")
    assert "Helios Services" in client.get("/intake").text


@pytest.mark.parametrize("name", ["", "new", "***"])
def test_mapping_needs_a_name(new_company: Company, name: str) -> None:
    answer = build(signed_in(new_company, CLERK), do="save", name=name)
    assert (answer.status_code, 'id="name-problem"' in answer.text) == (422, True)


def test_mapping_that_somebody_else_changed_meanwhile_is_not_overwritten(new_company: Company) -> None:
    client, clerk = signed_in(new_company, CLERK), new_company.person(CLERK)
    assert build(client, do="save", name="March tables").headers["Location"] == "/mappings/march-tables"
    assert 'value="EUR"' in client.get("/mappings/march-tables").text
    changed = new_company.record("mapping", "march-tables") | {"decimals": "point"}
    assert clerk.put("mapping", "march-tables", changed).status_code == 200
    stale = build(client, "march-tables", version="1", do="save", name="Helios", **{"constant-currency": "GBP"})
    assert (stale.status_code, "was changed since you opened it" in stale.text) == (409, True)
    assert 'value="GBP"' in stale.text
    again = build(client, do="save", name="March tables")
    assert (again.status_code, "already" in again.text) == (409, True)
    assert new_company.record("mapping", "march-tables") == changed


def test_who_hands_in_and_maps_nothing_is_told_to_choose_a_mapping(new_company: Company) -> None:
    client = signed_in(new_company, "lena.vogt")
    files = {"file": ("march.csv", TABLE.encode(), "text/csv")}
    answer = client.post("/intake", data={"form_token": token(client)}, files=files)
    assert (answer.status_code, 'id="mapping-problem"' in answer.text) == (422, True)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("march.pdf", b"%PDF", "neither a CSV nor an XLSX file"),
        ("march.csv", b"a" * (2 * 1024 * 1024 + 1), "larger than 2 MiB"),
        ("march.csv", b" ", "the file is empty"),
        ("march.xlsx", b"PK\x03\x04 no book", "not a book in the format XLSX"),
    ],
    ids=["no table", "too large", "empty", "no book"],
)
def test_file_that_shows_no_columns_is_told_beside_it(
    new_company: Company, name: str, content: bytes, told: str
) -> None:
    client = signed_in(new_company, CLERK)
    answer = client.post("/mappings/new", data={"form_token": token(client)}, files={"file": (name, content, "")})
    assert answer.status_code == 422
    (problem,) = findall(r'(?s)id="file-problem">(.*?)</p>', answer.text)
    assert told.casefold() in problem.casefold()

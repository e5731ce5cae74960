"""An outside ledger is compared on the page by its extract: what went round the cases is listed, nothing is kept."""

from re import findall
from typing import Any, Final

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token

HEADS: Final = "Konto;Beleg;Buchungsdatum;Betrag;Buchungstext\n"
ROWS: Final = (
    "1600;NK-2026-0311;27.03.2026;-11.186,00;Nordkupfer\n"
    "5000;NK-2026-0311;27.03.2026;9.400,00;Copper\n"
    "1600;FG-88120;27.03.2026;-18.000,00;Ferrum\n"
    "1600;STRANGE-1;26.03.2026;-5,00;Grau & Söhne\n"
)


def compare(client: TestClient, content: bytes | None = None, name: str = "ledger.csv", **typed: str) -> Any:
    data = {"form_token": token(client), "entity": "DE", "period": "2026-03", **typed}
    files = {} if content is None else {"file": (name, content, "text/csv")}
    return client.post("/ledger/extract", data=data, files=files)


def section(page: str, title: str) -> str:
    (found,) = findall(rf"(?s)<h2>{title}</h2>(.*?)</section>", page)
    return str(found)


def sent_back(page: str) -> dict[str, str]:
    """What the form would send if it were sent again as it stands."""
    hidden = dict(findall(r'<input type="hidden" name="(packed|file_name)" value="([^"]*)"', page))
    for name, select in findall(r'(?s)<select id="([^"]+)".*?>(.*?)</select>', page):
        hidden[name] = (findall(r'<option value="([^"]*)" selected', select) or [""])[0]
    return hidden | {"payables": (findall(r'name="payables" value="([^"]*)"', page) or [""])[0]}


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_extract_is_read_as_it_is_written_and_compared(shared_company: Company, encoding: str) -> None:
    client = signed_in(shared_company, "samuel.grant")
    page = compare(client, (HEADS + ROWS).encode(encoding))
    assert page.status_code == 200
    assert "2 of 3" in page.text
    bypass = section(page.text, "Posted without a case")
    assert ("STRANGE-1" in bypass, "Söhne" in bypass, "NK-2026-0311" in bypass) == (True, True, False)
    differing = section(page.text, "Differs from its case")
    assert (shared_company.case_of("D02") in differing, "445.00" in differing) == (True, True)
    assert shared_company.case_of("D05") in section(page.text, "A case, and no posting")


def test_file_goes_along_so_that_a_choice_is_mended_without_choosing_it_again(shared_company: Company) -> None:
    client = signed_in(shared_company, "samuel.grant")
    first = compare(client, (HEADS.replace("Beleg", "Vorgang") + ROWS).encode())
    assert (first.status_code, 'id="column-number-problem"' in first.text) == (422, True)
    again = sent_back(first.text)
    assert again["column-amount"] == "Betrag"
    page = compare(client, None, "", **{**again, "column-number": "Vorgang"})
    assert (page.status_code, "STRANGE-1" in section(page.text, "Posted without a case")) == (200, True)


@pytest.mark.parametrize(
    ("content", "name", "beside", "told"),
    [
        (None, "", "file", "choose the extract"),
        (b"PK\x03\x04", "ledger.xlsx", "file", "save its sheet as CSV"),
        ((HEADS + ROWS.replace("-5,00", "much")).encode(), "l.csv", "column-amount", "line 5: “much” is no amount"),
        ((HEADS + ROWS.replace("26.03.2026", "26.13.2026")).encode(), "l.csv", "column-date", "line 5"),
        ((HEADS + 'x;"' + "a" * 200_000 + '"\n').encode(), "l.csv", "file", "no row of heads"),
    ],
    ids=["no file", "a book", "no amount", "no day", "no CSV"],
)
def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_is_compared(
    shared_company: Company, content: bytes | None, name: str, beside: str, told: str
) -> None:
    page = compare(signed_in(shared_company, "samuel.grant"), content, name)
    assert page.status_code == 422
    (problem,) = findall(rf'(?s)id="{beside}-problem">(.*?)</p>', page.text)
    assert told.casefold() in problem.replace("<q>", "“").replace("</q>", "”").casefold()
    assert "Posted without a case" not in page.text


def test_ledger_of_another_entity_is_not_compared(shared_company: Company) -> None:
    page = compare(signed_in(shared_company, "samuel.grant"), (HEADS + ROWS).encode(), entity="XX")
    assert (page.status_code, 'id="entity-problem"' in page.text) == (404, True)

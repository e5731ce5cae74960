"""Drafts of policy by their pages: begun, written in the grid and in a spreadsheet, told, refused when stale, ended."""

import json
from io import BytesIO
from re import search, sub
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook
from tests.acceptance.company import Company
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_saved_searches import token
from tests.acceptance.versions import CHECKED, INVOICE, exchange, put_in_force

from comptroller.application.releasing.drafts import Draft, read_draft

pytestmark = pytest.mark.embedded

AUTHOR, READER, NOBODY = "ivo.marek", "clara.weiss", "lena.vogt"
TOLERANCE = ("price-tolerance-over", "price-tolerance-estimated", "price-tolerance-under")
NOTED = ("AP-10.1", "group-controller", "2025-01-01", "", "noted")


def begun(client: TestClient, key: str = "price-tolerance") -> str:
    answer = client.post("/drafts", data={"form_token": token(client), "title": "Dearer tolerances", "key": key})
    assert answer.status_code == 303, answer.text
    found = search(r"^/drafts/([^/]+)/policies/(.*)$", answer.headers["location"])
    assert found is not None
    assert found[2] == key
    return found[1]


def cells(company: Company, draft: str) -> list[dict[str, Any]]:
    """The rows of the price tolerance as the grid sends them back unchanged."""
    page = signed_in(company, AUTHOR).get(f"/drafts/{draft}/policies/price-tolerance").text
    rows = []
    for identifier in TOLERANCE:
        line = page[page.index(f'data-rule="{identifier}"') :]
        line = line[: line.index("</tr>")]
        texts = [part.split("</td>")[0] for part in line.split("<td")[1:-1]]
        plain = [search(r">(?:<code>)?(.*?)(?:</code>)?$", sub(r"<wbr>|</?span[^>]*>", "", text)) for text in texts]
        rows.append(
            {"id": identifier, "before": identifier, "cells": [unescaped(found[1]) for found in plain if found]}
        )
    return rows


def unescaped(text: str) -> str:
    for written, sign in (("&#34;", '"'), ("&gt;", ">"), ("&lt;", "<"), ("&#39;", "'"), ("&amp;", "&")):
        text = text.replace(written, sign)
    return text


def sent(client: TestClient, draft: str, rows: object, *, way: str = "rows", version: int = 1) -> Any:
    form = {"form_token": token(client), "version": str(version), "rows": json.dumps(rows)}
    return client.post(f"/drafts/{draft}/policies/price-tolerance/{way}", data=form)


def kept(company: Company, draft: str) -> Draft:
    alias = f"policy-draft/{draft}"
    (row,) = company.read(lambda uow: uow.references([alias])[alias])
    return read_draft(row)


def test_rows_are_checked_kept_and_told_and_nothing_is_in_force(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    rows = cells(company, draft)
    rows[0]["cells"][4] = "20.00"
    checked = sent(client, draft, rows, way="check").json()
    assert (checked["cells"], kept(company, draft).version) == ([], 1)
    answer = sent(client, draft, rows).json()
    assert (answer["version"], answer["rows"]) == (2, list(TOLERANCE))
    homes = "/policies", f"/drafts/{draft}/policies"
    before, after = (client.get(f"{home}/price-tolerance/model").text for home in homes)
    assert after == before.replace(">10.00<", ">20.00<", 1)
    told = client.get(f"/drafts/{draft}").text
    assert "price-tolerance-over" in told
    assert "<del><code>10.00</code></del> <ins><code>20.00</code></ins>" in told


def test_a_column_is_renamed_and_nothing_else_of_the_file_changes(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    page = client.get(f"/drafts/{draft}/policies/price-tolerance").text
    head = json.loads(unescaped(page[page.index('data-head="') + 11 :].split('"')[0]))
    assert head["columns"][0]["name"] == "over or under"
    head["columns"][0]["name"] = "above or below"
    form = {"form_token": token(client), "version": "1", "rows": json.dumps(cells(company, draft))}
    address = f"/drafts/{draft}/policies/price-tolerance/rows"
    assert client.post(address, data={**form, "head": json.dumps(head)}).json()["version"] == 2
    homes = "/policies", f"/drafts/{draft}/policies"
    before, after = (client.get(f"{home}/price-tolerance/model").text for home in homes)
    assert after == before.replace('label="over or under"', 'label="above or below"', 1)
    for wrong in ({**head, "policy": "LAST"}, {"columns": 1}):
        assert client.post(address, data={**form, "version": "2", "head": json.dumps(wrong)}).status_code == 422


def test_what_is_written_wrongly_is_told_at_its_cell(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    rows = cells(company, draft)
    rows[1]["cells"][0] = '"ov'
    rows.append({"id": "", "before": "", "cells": ["-", "null", "-", "-", "", "3", "250.00", *NOTED]})
    checked = sent(client, draft, rows, way="check").json()
    assert [(fault[0], fault[1], fault[3]) for fault in checked["cells"]] == [(1, 0, True), (3, 4, True)]


def test_a_save_that_did_not_see_the_newest_one_is_refused(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    rows = cells(company, draft)
    rows[0]["cells"][4] = "20.00"
    assert sent(client, draft, rows).status_code == 200
    rows[0]["cells"][4] = "30.00"
    stale = sent(client, draft, rows, version=1)
    assert (stale.status_code, stale.json()["code"]) == (409, "POLICY-DRAFT-04")
    assert ">20.00<" in kept(company, draft).files["decisions/line-match.dmn"]


def test_a_draft_is_its_authors_to_write_and_everybodys_with_the_duty_to_read(company: Company) -> None:
    draft = begun(signed_in(company, AUTHOR))
    reader, nobody = signed_in(company, READER), signed_in(company, NOBODY)
    rows = cells(company, draft)
    assert reader.get(f"/drafts/{draft}").status_code == 200
    assert sent(reader, draft, rows).status_code == 403
    assert nobody.get(f"/drafts/{draft}").status_code == 403
    page = reader.get(f"/drafts/{draft}/policies/price-tolerance").text
    assert 'id="edit"' not in page


def test_the_book_comes_back_changed(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    book = load_workbook(BytesIO(client.get(f"/drafts/{draft}/policies/price-tolerance/tables").content))
    sheet = book["price tolerance"]
    (cell,) = [
        each for row in sheet.iter_rows() for each in row if each.value == "250.00" and row[0].value.endswith("over")
    ]
    cell.value = "300.00"
    changed = BytesIO()
    book.save(changed)
    form = {"form_token": token(client), "version": "1"}
    address = f"/drafts/{draft}/policies/price-tolerance/book"
    assert client.post(address, data=form, files={"book": ("t.xlsx", changed.getvalue())}).status_code == 303
    assert ">300.00<" in kept(company, draft).files["decisions/line-match.dmn"]
    refused = client.post(address, data={**form, "version": "2"}, files={"book": ("t.xlsx", b"no book")})
    assert (refused.status_code, "not a book" in refused.text) == (422, True)


def test_a_draft_that_says_what_is_in_force_changes_nothing_and_one_that_is_ended_is_written_no_more(
    company: Company,
) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    rows = cells(company, draft)
    sent(client, draft, rows)
    assert kept(company, draft).files == {}
    version = kept(company, draft).version
    assert client.post(f"/drafts/{draft}/end", data={"form_token": token(client)}).status_code == 303
    assert draft not in client.get("/policies").text
    assert sent(client, draft, rows, version=version + 1).status_code == 409


@pytest.mark.parametrize("rows", ["[", [{"id": "x"}], [{"id": 3, "before": "", "cells": []}], {}])
def test_what_are_no_rows_is_refused(company: Company, rows: object) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    form = {"form_token": token(client), "version": "1", "rows": rows if isinstance(rows, str) else json.dumps(rows)}
    assert client.post(f"/drafts/{draft}/policies/price-tolerance/rows", data=form).status_code == 422


@pytest.mark.parametrize("address", ["/drafts/none", "/drafts/none/policies", "/policies/none", "/policies/none/model"])
def test_what_there_is_not_is_told(company: Company, address: str) -> None:
    assert signed_in(company, AUTHOR).get(address).status_code == 404


def test_trying_a_decision_tells_its_rule_and_leaves_no_trace(company: Company) -> None:
    client = signed_in(company, READER)
    page = client.get("/policies/variance-verdict?example=0").text
    assert 'data-fired="variance-largest variance-yes"' in page
    form = {"form_token": token(client), "example": "0", "fact/signer/kind": "agent"}
    tried = client.post("/policies/variance-verdict/trial", data=form).text
    assert 'data-fired="variance-no-person"' in tried


def test_a_draft_is_proposed_and_its_request_bars_its_author(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    rows = cells(company, draft)
    rows[1]["cells"][4] = "12.00"
    sent(client, draft, rows)
    form = {"form_token": token(client), "version": "2", "title": "Ten euro more"}
    answer = client.post(f"/drafts/{draft}/propose", data=form)
    assert answer.status_code == 303, answer.text
    case = answer.headers["location"]
    listed = client.get("/policies?show=changing").text
    assert f'href="{case}">Asked for: Ten euro more' in listed
    assert 3 <= listed.count("data-row") < client.get("/policies").text.count("data-row")
    assert f'href="/drafts/{draft}">In a draft by Ivo Marek' in listed
    assert kept(company, draft).case_id == case.removeprefix("/cases/")
    assert client.get(case).status_code == 200
    request = company.person(AUTHOR).get(f"/policy/requests/{case.removeprefix('/cases/')}")
    assert request["authors"] == [AUTHOR]
    assert [each["state"] for each in request["states"]][:3] == ["draft", "proposed", "checked"]
    assert f'href="{case}"' in client.get(f"/drafts/{draft}").text


def test_a_draft_follows_the_version_in_force_where_both_do_not_say_the_same_anew(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft, other = begun(client), begun(client)
    for key, value in ((draft, "20.00"), (other, "30.00")):
        rows = cells(company, key)
        rows[0]["cells"][4] = value
        sent(client, key, rows)
    put_in_force(
        company,
        {
            "pack.toml": exchange(('version = "2026.2"', 'version = "2026.3"')),
            "decisions/line-match.dmn": exchange(("<text>500.00</text>", "<text>400.00</text>")),  # another table of it
        },
    )
    form = {"form_token": token(client), "version": "2"}
    assert client.post(f"/drafts/{draft}/propose", data=form).status_code == 409
    assert client.post(f"/drafts/{draft}/renew", data=form).status_code == 303
    assert "which is in force." in client.get(f"/drafts/{draft}").text
    (merged,) = kept(company, draft).files.values()
    assert ("<text>20.00</text>" in merged, "<text>400.00</text>" in merged) == (True, True)
    dearer = exchange(("<text>10.00</text>", "<text>20.00</text>"))
    put_in_force(company, {"decisions/line-match.dmn": dearer})
    refused = client.post(f"/drafts/{other}/renew", data=form)
    assert (refused.status_code, "POLICY-DRAFT-07" in refused.text) == (409, True)
    assert "price tolerance" in refused.text
    listed = client.get("/policies").text
    assert all(f"<code>{key[-6:]}</code>" in listed for key in (draft, other))  # both have one title


def test_accounts_are_changed_in_their_lines(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    before = client.get(f"/drafts/{draft}/parameters").text
    assert 'name="account/accounts.expense/grounds keeping" value="4260"' in before
    form = {"form_token": token(client), "version": "1", "account/accounts/bank": "1201"}
    expense = {"account/accounts.expense/grounds keeping": "4251"}
    assert client.post(f"/drafts/{draft}/parameters", data={**form, **expense}).status_code == 303
    told = client.get(f"/drafts/{draft}").text
    for line in ('-bank = "1200"', '+bank = "1201"', '-"grounds keeping" = "4260"', '+"grounds keeping" = "4251"'):
        assert line in unescaped(told)
    wrong = {**form, "version": "2", "account/accounts/bank": 'x" y'}
    assert client.post(f"/drafts/{draft}/parameters", data=wrong).status_code == 422


EXAMPLES, LATE = "examples/late-payment-rates.yaml", "decisions/late-payment.dmn"


def test_an_example_is_written_anew_with_the_rate_that_it_shows(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client, "late-payment-rates")
    model = client.get(f"/drafts/{draft}/policies/late-payment-rates/model").text
    dearer = {"file": ("late-payment.dmn", model.replace("<text>3.75</text>", "<text>4.00</text>"))}
    form = {"form_token": token(client), "version": "1"}
    assert client.post(f"/drafts/{draft}/files/{LATE}", data=form, files=dearer).status_code == 303
    told = client.get(f"/drafts/{draft}").text
    assert f"/drafts/{draft}/files/{EXAMPLES}#wrong" in told
    address = f"/drafts/{draft}/files/{EXAMPLES}"
    page = client.get(address).text
    assert "1 of its " in page
    text = unescaped(page[page.index("<textarea") :].split(">\n", 1)[1].split("</textarea>")[0])
    shown = text.replace("1/reference rate: 3.75", "1/reference rate: 4.00").replace("\n", "\r\n")  # as a browser sends
    assert client.post(address, data={**form, "version": "2", "text": shown}).status_code == 303
    assert "examples come out as expected" in client.get(address).text
    assert kept(company, draft).files[EXAMPLES] == text.replace("1/reference rate: 3.75", "1/reference rate: 4.00")
    assert "Nothing would send its request back" in client.get(f"/drafts/{draft}?check=yes").text


def test_what_would_stop_a_request_is_told_before_it_is_proposed(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    address, form = f"/drafts/{draft}/files/invariants.toml", {"form_token": token(client), "version": "1"}
    assert client.post(address, data={**form, "text": "[x]\ntitle = 'no more'"}).status_code == 303
    assert "PACK-INVARIANT" in client.get(address).text
    assert "Its request would be sent back" in client.get(f"/drafts/{draft}?check=yes").text


def test_what_is_no_file_of_the_pack_is_not_written(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft, form = begun(client), {"form_token": token(client), "version": "1"}
    for path in ("none.md", "../pack.toml"):
        assert client.post(f"/drafts/{draft}/files/{path}", data={**form, "text": "x"}).status_code == 404
    bytes_only = {"file": ("README.md", b"\xff\xfe\x00")}
    refused = client.post(f"/drafts/{draft}/files/README.md", data=form, files=bytes_only)
    assert (refused.status_code, "POLICY-DRAFT-08" in refused.text) == (422, True)
    assert signed_in(company, READER).get(f"/drafts/{draft}/files").status_code == 200
    read = signed_in(company, READER).post(f"/drafts/{draft}/files/README.md", data={**form, "text": "x"})
    assert read.status_code == 403


def test_a_limit_is_another_one_from_a_day_on(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client, "largest-variance")
    listed = client.get(f"/drafts/{draft}/parameters").text
    address = f"/drafts/{draft}/policies/largest-variance/rows/variance-largest/from"
    assert address in listed
    form = client.get(address).text
    assert ('name="cell/1" value="5000.00"' in form, 'name="cell/0"' in form) == (True, False)
    values = {"form_token": token(client), "version": "1", "cell/1": "6000.00", "cell/2": "10", "text": "Dearer steel."}
    for wrong, told in (
        ({"day": "2026-01-01"}, "the day lies from 2\N{NO-BREAK SPACE}jan\N{NO-BREAK SPACE}2026 on"),
        ({"day": "soon"}, "the day lies"),
        ({"day": "2026-07-01", "cell/1": "6000,"}, "found"),
    ):
        refused = client.post(address, data={**values, **wrong})
        assert refused.status_code == 422, refused.text
        assert "aria-invalid" in refused.text
        assert told in refused.text.lower()
    answer = client.post(address, data={**values, "day": "2026-07-01"})
    assert answer.headers["location"] == f"/drafts/{draft}/policies/largest-variance#rule-2"
    written = kept(company, draft).files["decisions/variance-authority.dmn"]
    ended, begun_then = '[date("2026-01-01")..date("2026-06-30")]', '&gt;= date("2026-07-01")'
    for text in (ended, "5000.00", "2026-06-30", begun_then, "6000.00"):
        assert f"<text>{text}</text>" in written, text
    assert '<rule id="variance-largest-2026-07">' in written
    told_there = client.get(f"/drafts/{draft}").text
    assert "from 1\N{NO-BREAK SPACE}Jul\N{NO-BREAK SPACE}2026" in told_there


def test_a_process_is_brought_back_compared_and_proposed(company: Company) -> None:
    client = signed_in(company, AUTHOR)
    draft = begun(client)
    address, raw = f"/drafts/{draft}/files/{INVOICE}", f"/drafts/{draft}/raw"
    before = client.get(f"{raw}/before/{INVOICE}").text
    form = {"form_token": token(client), "version": "1"}
    assert client.post(address, data=form, files={"file": ("b.bpmn", before.replace('targetRef="', 'targetRef="no-'))})
    assert "panel stopped" in client.get(f"/drafts/{draft}").text
    looked_at = {"file": ("b.bpmn", CHECKED(before))}
    assert client.post(address, data={**form, "version": "2"}, files=looked_at).status_code == 303
    assert client.get(f"{raw}/after/{INVOICE}").text == CHECKED(before)
    for page in (client.get(f"/drafts/{draft}").text, client.get(address).text):
        assert "<strong>Look again</strong> is new: a service task: facts.gather; leads to Post to ledger" in page
        assert f'data-model="{raw}/before/{INVOICE}"' in page
        assert "&#34;node&#34;: &#34;look-again&#34;, &#34;state&#34;: &#34;added&#34;" in page
    answer = client.post(f"/drafts/{draft}/propose", data={**form, "version": "3", "title": "Look again"})
    assert answer.status_code == 303, answer.text
    request = answer.headers["location"]
    assert "<strong>Look again</strong> is new" in client.get(request).text
    files = [client.get(f"{request}/files/{side}/{INVOICE}").text for side in ("before", "after")]
    assert files == [before, CHECKED(before)]
    for missing in (f"{request}/files/after/none", f"{raw}/after/none", f"{raw}/between/{INVOICE}"):
        assert client.get(missing).status_code in {404, 422}
    elsewhere = company.case_of("D11")
    assert client.get(f"/cases/{elsewhere}/files/after/{INVOICE}").status_code == 404

"""The page of a case in words: what stands there for an approver and for an auditor, without a browser."""

from datetime import timedelta
from typing import Any

import pytest
from lxml import html
from tests.acceptance.company import TENANT, Company, demo_bytes
from tests.acceptance.test_keying import KEYED, key
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_storyline import corrected
from tests.unit.adapters.pdf.making import make_pdf

from comptroller.application.records import revised

pytestmark = pytest.mark.embedded


def parsed(text: str) -> Any:
    return html.fromstring(text)


def page(company: Company, person: str, document: str, /, **query: str) -> Any:
    """The page of a demonstration document's case."""
    return page_of(company, person, company.case_of(document), **query)


def page_of(company: Company, person: str, case: str, /, **query: str) -> Any:
    """The page of a case."""
    answer = signed_in(company, person).get(f"/cases/{case}", params=query)
    assert answer.status_code == 200, answer.text
    return parsed(answer.text)


def words(*elements: Any) -> str:
    """What a reader reads, spaces made one."""
    return " ".join(" ".join(element.text_content() for element in elements).split())


def facts(document: Any) -> dict[str, str]:
    """The facts of the head, by their terms."""
    (head,) = document.find_class("case-head")
    return {words(fact.find("dt")): words(fact.find("dd")) for fact in head.xpath(".//dl/div")}


@pytest.mark.parametrize(
    ("document", "head", "net", "rate"),
    [
        pytest.param(
            "D17",
            "BL-4410 GBP 48,000.00 = EUR 55,680.00 gross",
            "GBP 48,000.00 = EUR 55,680.00",
            "1.1600 EUR for 1 GBP, demo table, 1 Mar 2026",
            id="pounds at the rate of the month",
        ),
        pytest.param(
            "D30",
            "AP-33017 GBP 4,320.00 = EUR 5,011.20 gross",
            "GBP 3,600.00 = EUR 4,176.00",
            "1.1600 EUR for 1 GBP, demo table, 1 Mar 2026",
            id="gross is not net",
        ),
        pytest.param("D03", "FG-88131 EUR 15,470.00 gross", "EUR 13,000.00", None, id="the group's own currency"),
    ],
)
def test_other_currencies_stand_beside_the_groups(
    company: Company, document: str, head: str, net: str, rate: str | None
) -> None:
    shown = page(company, "samuel.grant", document)
    told = facts(shown)
    assert words(*shown.xpath("//h1")) == head
    assert (told["Net"], told.get("EUR at the rate")) == (net, rate)


def test_a_discount_is_told_with_what_it_is_worth_a_year(company: Company) -> None:
    """Two percent for twenty days: 2 / 98 x 365 / 20."""
    due = facts(page(company, "samuel.grant", "D01"))["Due"].replace("\u00a0", " ")
    assert due == "19 Apr 2026 2 % discount until 30 Mar 2026, worth 37.24 % a year"


PARTS = [
    pytest.param("D14", "D15", "AV-2026-32 (EUR 24,400.00)", id="the part that was there first"),
    pytest.param("D15", "D14", "AV-2026-31 (EUR 24,600.00)", id="the part that made it a split"),
]


@pytest.mark.parametrize(("document", "other", "told"), PARTS)
def test_each_part_of_a_split_names_the_others_and_the_sum(
    company: Company, document: str, other: str, told: str
) -> None:
    shown = page(company, "chloe.martin", document)
    (panel,) = shown.xpath("//section[@aria-label='A purchase in parts']")
    assert f"Part of a purchase of EUR 49,000.00 with {told}. Each stays below the limit of EUR 25,000.00" in words(
        panel
    )
    assert panel.xpath(".//a/@href")[0] == f"/cases/{company.case_of(other)}"
    assert "Recorded as an attempt" in words(panel)


def test_what_is_bought_whole_says_nothing_of_parts(company: Company) -> None:
    assert page(company, "samuel.grant", "D11").xpath("//section[@aria-label='A purchase in parts']") == []


def test_the_queue_says_which_of_its_rows_are_parts(company: Company) -> None:
    queue = parsed(signed_in(company, "chloe.martin").get("/queue").text)
    rows = {words(*row.find_class("row")): words(row) for row in queue.xpath("//tr[@data-row]")}
    assert "Part of a purchase of EUR 49,000.00 with AV-2026-32" in rows["AV-2026-31"]
    assert "Part of a purchase of EUR 49,000.00 with AV-2026-31" in rows["AV-2026-32"]


# ---- the original and the data --------------------------------------------------------------------------------------


def reading(document: Any) -> list[str]:
    """What the page says of how the data came from the original, point by point."""
    (section,) = document.xpath("//section[@aria-label='The data and the original']")
    return [words(point) for point in section.xpath("./ul/li")]


def changes(document: Any) -> list[tuple[str, ...]]:
    """What is not used as it was first said: what, the first value, the one that is used."""
    for head in document.xpath("//span[@class='word']"):  # stands in the cell where the heads are too far away
        head.drop_tree()
    rows = document.xpath("//table[@class='changed']/tbody/tr")
    return [tuple(words(cell) for cell in row) for row in rows]


def total(document: Any, name: str) -> str:
    """What stands at a total of the document."""
    return next(words(row.find("dd")) for row in document.xpath("//dl[@class='totals']/div") if name in words(row))


def hybrid(number: str, shown: str) -> bytes:
    """A PDF with an invoice of EUR 18,445.00 in it whose page shows a total."""
    xml = demo_bytes("D02").replace(b"FG-88120", number.encode())
    return make_pdf([f"Rechnung Nr. {number}", f"Gesamtbetrag EUR {shown}"], {"factur-x.xml": xml})


def test_a_document_that_is_used_as_it_came_says_so(company: Company) -> None:
    assert reading(page(company, "samuel.grant", "D03")) == [
        "The data is as the document gives it: nothing was keyed, computed or corrected"
    ]


def test_what_a_table_does_not_state_is_marked_where_it_stands(company: Company) -> None:
    shown = page(company, "samuel.grant", "D07")
    assert reading(shown) == ["Sum of the lines and net are computed from the lines: the document does not state them"]
    assert (total(shown, "Net"), total(shown, "Gross")) == ("EUR 8,200.00 computed, not stated", "EUR 9,758.00")


def test_a_keyed_document_names_who_keyed_it(company: Company) -> None:
    assert key(company, "tomasz.zielinski", company.case_of("D49"), KEYED).status_code == 200
    (told,) = reading(page(company, "lena.vogt", "D49"))
    assert told.startswith("Keyed by Tomasz Zielinski, ")
    assert "no program read this document. Compare it with the original" in told


def test_a_correction_of_the_supplier_is_marked_with_what_was_said_before(company: Company) -> None:
    assert company.person("tomasz.zielinski").submit(corrected()).status_code == 201
    shown = page(company, "hannah.petrov", "D17")
    (told,) = reading(shown)
    assert told.startswith("10 values are not used as first said: corrected by a later document, handed in by Tomasz")
    assert changes(shown)[:2] == [
        ("Gross", "GBP 48,000.00", "GBP 51,000.00"),
        ("Net", "GBP 48,000.00", "GBP 51,000.00"),
    ]
    assert ("Type", "380 (invoice)", "384 (corrected invoice)") in changes(shown)
    assert total(shown, "Gross") == "GBP 51,000.00 was GBP 48,000.00"
    line = words(*shown.xpath("//table[@class='lines']/tbody"))
    assert "Quantity of line 1 was 160" in line
    assert "Net of line 1 was GBP 48,000.00" in line


def test_each_document_of_a_corrected_case_can_be_taken_away(company: Company) -> None:
    company.person("tomasz.zielinski").submit(corrected())
    addresses = page(company, "samuel.grant", "D17").xpath("//a[contains(@href, '/original?digest=')]/@href")
    contents = [signed_in(company, "samuel.grant").get(address).content for address in addresses]
    assert contents == [demo_bytes("D17"), corrected()]


def test_a_page_that_contradicts_its_data_is_told_at_the_total(company: Company) -> None:
    held = company.person("tomasz.zielinski").submit(hybrid("FG-88122", "1.844,50"), "application/pdf").json()
    shown = page_of(company, "tomasz.zielinski", held["case_id"])
    assert reading(shown) == ["The page shows the total 1.844,50, the data EUR 18,445.00 Rule PDF-TEXT-02"]
    assert total(shown, "Gross") == "EUR 18,445.00 the page shows another one"


def test_what_is_keyed_over_a_reading_is_told_with_both_values(company: Company) -> None:
    held = company.person("tomasz.zielinski").submit(hybrid("FG-88122", "1.844,50"), "application/pdf").json()
    typed = KEYED | {"number": "FG-88122", "totals": KEYED["totals"] | {"gross": "1844.50"}}
    assert key(company, "tomasz.zielinski", held["case_id"], typed, reason="as the page says").status_code == 200
    shown = page_of(company, "samuel.grant", held["case_id"])
    assert "not used as first read: keyed by Tomasz Zielinski" in reading(shown)[0]
    assert changes(shown)[0] == ("Gross", "EUR 18,445.00", "EUR 1,844.50")
    (account,) = [change for change in changes(shown) if change[0] == "Account to be paid"]
    assert account == ("Account to be paid", "DE68 … 2002", "DE26 … 7017")


def header_only(number: str) -> bytes:
    """A PDF whose data has the header of D02, in the profile BASIC WL, and no lines."""
    before, _, rest = demo_bytes("D02").decode().partition("<ram:IncludedSupplyChainTradeLineItem>")
    xml = before + rest.rpartition("</ram:IncludedSupplyChainTradeLineItem>")[2]
    xml = xml.replace("urn:cen.eu:en16931:2017", "urn:factur-x.eu:1p0:basicwl").replace("FG-88120", number)
    return make_pdf([f"Rechnung Nr. {number}", "Gesamtbetrag EUR 18.445,10"], {"factur-x.xml": xml.encode()})


def test_header_that_a_program_read_fills_the_form_and_stays_beside_what_is_keyed(company: Company) -> None:
    held = company.person("tomasz.zielinski").submit(header_only("FG-88123"), "application/pdf").json()
    browser, address = signed_in(company, "tomasz.zielinski"), f"/cases/{held['case_id']}/key"
    shown = parsed(browser.get(address).text)
    (form,) = shown.find_class("keyed")
    filled = {name: value for name, value in form.form_values() if value}
    assert (held["outcome"], filled["number"], filled["gross"], filled["entity"]) == (
        "to key",
        "FG-88123",
        "18445.00",
        "DE",
    )
    assert filled["account"] == "DE68200990010004402002"
    assert words(shown.get_element_by_id("number-read")) == "Read from the data"
    assert "The page shows the total 18.445,10" in words(shown.get_element_by_id("gross-read"))
    assert "seller electronic address value" in words(shown.find_class("more")[0])

    line = dict(
        zip(("name", "quantity", "unit", "price", "net"), ("Pump housing", "50", "H87", "310", "15500"), strict=True)
    )
    typed = filled | {f"line-1-{part}": value for part, value in line.items()}
    typed |= {"line-1-category": "S", "line-1-rate": "19", "line-1-order_line": "1", "gross": "18445.10"}
    assert browser.post(address, data=typed, follow_redirects=False).status_code == 303

    entries = company.person("samuel.grant").get(f"/cases/{held['case_id']}/timeline")["entries"]
    (told,) = [entry for entry in entries if entry["type"] == "document.keyed"]
    assert told["data"]["otherwise"] == ["/totals/gross", "/totals/payable"]
    case = company.person("samuel.grant").get(f"/cases/{held['case_id']}")
    assert [fault["path"] for fault in case["document"]["faults"] if fault["code"] == "KEYED-READ-01"] == told["data"][
        "otherwise"
    ]
    assert case["document"]["canonical"]["seller"]["electronic_address"]["value"] == "debitoren@ferrum-guss.example"
    beside = page_of(company, "lena.vogt", held["case_id"])
    assert "a program read the header of this document, its lines were keyed" in reading(beside)[0]
    assert changes(beside) == [
        ("Gross", "EUR 18,445.00", "EUR 18,445.10"),
        ("Payable", "EUR 18,445.00", "EUR 18,445.10"),
    ]


@pytest.mark.parametrize(
    ("document", "term", "value"),
    [
        pytest.param("D03", "Tax inclusive amount", "15470.00 EUR", id="UBL"),
        pytest.param("D02", "Grand total amount", "18445.00", id="CII"),
        pytest.param("D17", "Gross", "48000.00", id="JSON"),
        pytest.param("D07", "Brutto", "9.758,00", id="the rows of a table"),
    ],
)
def test_original_stands_beside_the_data_in_its_own_words(
    company: Company, document: str, term: str, value: str
) -> None:
    shown = page(company, "samuel.grant", document, document="both")
    (original,) = shown.find_class("outline")
    rows = {words(row.find("th")): words(row.find("td")) for row in original.xpath(".//tr[td]")}
    assert rows[term] == value
    assert len(shown.find_class("totals")) == 1


def test_pages_of_a_pdf_stand_beside_the_data(company: Company) -> None:
    shown = page(company, "samuel.grant", "D29", document="both")
    assert [image.get("alt") for image in shown.xpath("//div[@class='scans']/img")] == ["Page 1 of 1 of the original"]
    assert len(shown.find_class("totals")) == 1


def test_original_marks_what_is_used_otherwise(company: Company) -> None:
    misdated = demo_bytes("D03").replace(b"FG-88131", b"FG-88124").replace(b">2026-04-19<", b">19.04.2026<")
    held = company.person("tomasz.zielinski").submit(misdated, "application/xml").json()
    typed = KEYED | {"number": "FG-88124"}
    assert key(company, "tomasz.zielinski", held["case_id"], typed, reason="it says so below").status_code == 200
    shown = page_of(company, "samuel.grant", held["case_id"], document="both")
    marked = {words(row.find("th")): words(row.find("td")) for row in shown.xpath("//tr[@class='differs']")}
    assert marked["Tax inclusive amount"].startswith("15470.00 EUR")
    assert "Order reference / ID" in marked
    assert not any("FG-88124" in value for value in marked.values())


# ---- what the page leads with ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "rows"),
    [
        pytest.param(
            "D05",
            [
                ("Ordered", "500 kg", "9.40"),
                ("Received", "515 kg", ""),
                ("Invoiced before", "0 kg", ""),
                ("This invoice", "515 kg", "9.40"),
                ("Left of the receipt", "0 kg", "the order's"),
                ("Over the order", "+15 kg +3 % EUR +141.00"),
            ],
            id="more than was ordered",
        ),
        pytest.param(
            "D06",
            [
                ("Ordered", "200 pieces", "84.50"),
                ("Received", "120 pieces", ""),
                ("Invoiced before", "0 pieces", ""),
                ("This invoice", "120 pieces", "84.50"),
                ("Left of the receipt", "0 pieces", "the order's"),
                ("Left of the order", "80 pieces"),
            ],
            id="a part of the order",
        ),
        pytest.param(
            "D35",
            [
                ("Ordered", "50 pieces", "306.00"),
                ("Received", "45 pieces", ""),
                ("Invoiced before FG-88120 50 pieces", "50 pieces", ""),
                ("This credit note", "5 pieces", "310.00"),
                ("Left to credit", "0 pieces", ""),
            ],
            id="a credit note is not compared with the order's price",
        ),
        pytest.param(
            "D48",
            [
                ("Ordered", "2 boxes", "540.00"),
                ("Received", "2 boxes", ""),
                ("Invoiced before", "0 boxes", ""),
                ("This invoice 24 pieces at GBP 45.00; 1 box = 12 pieces", "2 boxes", "540.00"),
                ("Left of the receipt", "0 boxes", "the order's"),
                ("Left of the order", "0 boxes"),
            ],
            id="another unit",
        ),
        pytest.param(
            "D50b",
            [
                ("Ordered", "700 kg", "9.40"),
                ("Received", "500 kg", ""),
                ("Invoiced before NK-2026-0330 400 kg", "400 kg", ""),
                ("This invoice", "300 kg", "9.40"),
                ("Over the receipt", "+200 kg +200 % EUR +1,880.00", "the order's"),
                ("Left of the order", "0 kg"),
            ],
            id="others took before",
        ),
    ],
)
def test_match_tells_what_was_ordered_received_invoiced_and_is_left(
    company: Company, document: str, rows: list[tuple[str, ...]]
) -> None:
    shown = page(company, "samuel.grant", document).xpath("//section[@class='match']//tbody/tr")
    assert [tuple(words(cell) for cell in row) for row in shown] == rows


def test_blanket_order_is_compared_by_its_ceiling(company: Company) -> None:
    rows = page(company, "sofia.marchetti", "D08").xpath("//section[@class='match']//tr")
    assert [tuple(words(cell) for cell in row) for row in rows] == [
        ("Ceiling", "EUR 60,000.00"),
        ("Taken before", "EUR 57,500.00"),
        ("This document", "EUR 4,300.00"),
        ("Over the ceiling", "EUR +1,800.00"),
    ]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        pytest.param("D11", "45.1 % off the EUR 2,150.00", id="off its agreement"),
        pytest.param("D14", "Each stays below the limit of EUR 25,000.00, together they pass it", id="in parts"),
        pytest.param("D30", "payment blocked The account was changed 7 days ago", id="a payment that is blocked"),
    ],
)
def test_what_a_signer_must_know_is_not_folded_away(company: Company, document: str, told: str) -> None:
    (body,) = page(company, "samuel.grant", document).xpath("//*[@id='case-body']")
    for folded in body.xpath(".//details"):
        folded.drop_tree()
    assert words(body).count(told) == 1  # above the document or among the controls, and said once


@pytest.mark.parametrize(
    ("document", "counts"),
    [
        pytest.param("D48", "21 passed 0 tolerated 7 not applicable 0 not run", id="all of them ran"),
        pytest.param("D50b", "1 to settle 19 passed 0 tolerated 8 not applicable 0 not run", id="one to settle"),
    ],
)
def test_controls_are_counted_by_how_they_came_out_and_each_opens(company: Company, document: str, counts: str) -> None:
    (shown,) = page(company, "samuel.grant", document).find_class("counts")
    assert words(*shown.xpath(".//summary")) == counts
    for part in shown.xpath("./details"):
        number = int(words(*part.xpath("./summary//strong")))
        assert len(part.xpath("./ul/li")) == max(number, 1)  # none is said in words


def test_what_a_signer_must_know_stands_above_the_document(company: Company) -> None:
    (panel,) = page(company, "lena.vogt", "D11").xpath("//section[@aria-label='To know before signing']")
    assert "Recurring agreement: not as agreed" in words(panel)
    assert "45.1 % off the EUR 2,150.00 of agreement AG-2025-0062, band 10 %." in words(panel)
    assert page(company, "samuel.grant", "D03").xpath("//section[@aria-label='To know before signing']") == []


def test_case_about_a_record_has_a_page_without_a_document(company: Company) -> None:
    order = company.record("order", "PO-2026-0103")
    order["lines"][0]["price"] = "325.00"
    amended = company.person("jonas.adler").put("order", "PO-2026-0103", order).json()
    shown = page_of(company, "lena.vogt", amended["case_id"], document="both")
    assert "Line 1 price from EUR 306.00 to EUR 325.00" in words(*shown.find_class("plainlist"))
    assert shown.xpath("//nav[@aria-label='Document as']") == []


# ---- what an auditor takes from it ---------------------------------------------------------------------------------


def rows_of(document: Any, region: str) -> list[str]:
    """The rows of a table of the evidence, as they read."""
    return [
        " ".join(" ".join(row.itertext()).split()) for row in document.xpath(f"//*[@aria-labelledby='{region}']//tr")
    ][1:]


def test_auditor_sees_what_fell_on_what_it_was_measured_and_the_journal_in_the_ledgers_currency(
    company: Company,
) -> None:
    for submitted, signer in ((b"", "hannah.petrov"), (corrected(), "hannah.petrov"), (b"", "nadia.okafor")):
        if submitted:
            assert company.person("tomasz.zielinski").submit(submitted).status_code == 201
        assert company.person(signer).act(company.task("D17"), "approve").status_code == 200
    people = [
        words(row) for row in page(company, "samuel.grant", "D17", tab="people").xpath("//ol[@class='signers']/li")
    ]
    assert ["EUR 55,680.00, needs no limit" in people[0], "EUR 59,160.00, needs no limit" in people[1]] == [True, True]
    evidence = page(company, "samuel.grant", "D17", tab="evidence")
    fell, again, last = rows_of(evidence, "signatures")
    assert "measured EUR 55,680.00; the step needs no limit Other duties: entered by Tomasz Zielinski" in fell
    assert "GBP 48,000.00 became GBP 51,000.00" in fell
    assert ("the step needs no limit" in again, "the step needs no limit" in last) == (True, False)
    assert rows_of(evidence, "journal-1")[-1] == "1600 Beacon Legal LLP BL-4410-1 51,000.00 59,160.00"
    assert "at 1.16 EUR for 1 GBP" in words(evidence)


def test_auditor_sees_a_settled_difference_with_its_reason_its_files_who_was_refused_and_all_journals(
    company: Company,
) -> None:
    jonas, case = company.person("jonas.adler"), f"/v1/cases/{company.case_of('D03')}"
    assert jonas.act(company.task("D03"), "accept variance", "the supplier is right").status_code == 403
    pdf = {"Content-Type": "application/pdf"}
    put = jonas.client.post(f"{case}/attachments", params={"name": "letter.pdf"}, headers=pdf, content=b"%PDF-1.7")
    assert put.status_code == 201
    assert jonas.act(company.task("D03"), "short pay", "the order says 306.00").status_code == 200
    evidence = page(company, "samuel.grant", "D03", tab="evidence")
    (settled,) = rows_of(evidence, "variances")
    assert settled.startswith("Price of line 1 EUR 760.00 6.21 % PO-2026-0103, version 1 Paid short Jonas Adler")
    assert settled.endswith("the order says 306.00")
    (refused,) = rows_of(evidence, "refused")
    assert refused.startswith("Jonas Adler")
    assert refused.endswith("You created the order: amend it, or obtain a credit note")
    assert rows_of(evidence, "files")[0].startswith("letter.pdf")
    assert "all postings of this case" in words(evidence)
    assert len(evidence.find_class("journal")) == 2


# ---- limits and budgets ---------------------------------------------------------------------------------------------


def test_signer_sees_the_amount_that_is_measured_and_the_limit_that_carries_it(company: Company) -> None:
    (signers,) = page(company, "hannah.petrov", "D17").xpath("//section[@aria-labelledby='brief-signers']")
    assert "Hannah Petrov is asked for EUR 55,680.00, needs no limit: owns the cost centre" in words(signers)
    assert "Nadia Okafor is next for EUR 55,680.00, limit EUR 1,000,000.00: holds the role" in words(signers)
    (asked,) = page(company, "elif.demir", "D45").xpath("//*[@class='asked']")
    assert ", limit EUR 150,000.00 Asked of you: owns the cost centre" in words(asked)


@pytest.mark.parametrize(
    ("document", "figures"),
    [
        pytest.param(
            "D17",
            {
                "Cost centre": "DE-3000",
                "Budget EUR": "400,000.00",
                "Taken EUR": "51,000.00",
                "This EUR": "55,680.00",
                "Left EUR": "293,320.00",
            },
            id="bought without an order",
        ),
        pytest.param("D03", {}, id="the order took it"),
    ],
)
def test_budget_is_told_in_figures(company: Company, document: str, figures: dict[str, str]) -> None:
    told = page(company, "samuel.grant", document).xpath("//dl[@class='budget']/div")
    assert {words(each.find("dt")): words(each.find("dd")) for each in told} == figures


def test_euro_invoice_of_an_entity_that_books_pounds_is_told_in_both(company: Company) -> None:
    head = facts(page(company, "samuel.grant", "D46"))
    assert head["GBP at the rate"].startswith("1.1600 EUR for 1 GBP, demo table")
    assert " = GBP " in head["Net"]


# ---- what is offered ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "document", "offered"),
    [
        pytest.param("samuel.grant", "D03", ["Open the order"], id="an auditor only reads"),
        pytest.param("karim.benali", "D50b", ["Open the order", "Record a receipt"], id="who receives"),
    ],
)
def test_acts_on_the_order_are_offered_to_whose_they_are(
    company: Company, person: str, document: str, offered: list[str]
) -> None:
    shown = page(company, person, document)
    (links,) = shown.xpath("//section[@id='tabs']/p[@class='links']")
    assert [words(link) for link in links.iter("a")] == offered
    assert ("Record a receipt" in words(*shown.find_class("exceptions"))) is ("Record a receipt" in offered)


@pytest.mark.parametrize("document", ["D21", "D22"])
def test_an_act_that_a_task_offers_is_offered_once(company: Company, document: str) -> None:
    (bar,) = page(company, "priya.nair", document).find_class("actions")
    assert words(bar.find_class("buttons")[0], *bar.find_class("beside")).count("Cancel the case") == 1


def test_an_invoice_of_the_same_sum_is_found_however_many_of_its_supplier_came_since(company: Company) -> None:
    like = company.read(lambda uow: uow.case(company.case_of("D04")))
    assert like is not None
    newer = [
        revised(like, case_id=f"newer{number}", received_at=like.received_at + timedelta(days=number), version=1)
        for number in range(1, 60)
    ]
    company.platform.environment.store.run(TENANT, lambda uow: uow.insert(*newer))
    (first, *others) = page(company, "samuel.grant", "D01").xpath("//section[@aria-labelledby='brief-earlier']//li")
    assert words(first).startswith("NK 2026 0311 EUR 11,186.00 same sum")
    assert [each.xpath(".//a/@href") for each in others] == [[f"/cases/newer{number}"] for number in range(59, 55, -1)]

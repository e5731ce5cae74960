"""A clerk who has never mapped a table does it on the phone, without script, and hands the file in."""

from typing import Final

from playwright.sync_api import expect
from tests.browser.conftest import Visit
from tests.browser.places import findings
from tests.browser.site import CLERK, Site

TABLE: Final = (
    "No;Date;Item;Hours;Price;Net;Gross\n"
    "T-101;20.03.2026;Cleaning of the hall;10;50,00;500,00;595,00\n"
    "T-102;31.02.2026;Windows;2;40,00;80,00;95,20\n"
)
SAME_FOR_ALL: Final = {
    "Currency": "EUR",
    "Supplier": "Helios Facility Services GmbH",
    "Supplier's VAT id": "DE999940552",
    "Supplier's country": "DE",
    "Unit": "HUR",
    "VAT category": "S",
    "VAT rate in percent": "19",
}


def test_clerk_maps_a_table_and_hands_it_in(busy_site: Site, visit: Visit) -> None:
    page = visit(busy_site, CLERK, "/intake", width=390, script=False)
    page.get_by_label("File").set_input_files({"name": "march.csv", "mimeType": "", "buffer": TABLE.encode()})
    page.get_by_role("button", name="Hand in").tap()
    expect(page.get_by_role("status").get_by_text("2 with faults")).to_be_visible()
    expect(page.get_by_label("Invoice number: column")).to_have_value("No")
    page.get_by_label("All are billed to").select_option("Brennhof GmbH")
    for label, text in SAME_FOR_ALL.items():
        page.get_by_label(f"{label}: the same for all", exact=True).fill(text)
    page.get_by_label("Quantity: column").select_option("Hours")
    page.get_by_role("button", name="See the invoices").first.tap()
    expect(page.get_by_role("status").get_by_text("1 with faults")).to_be_visible()
    expect(page.get_by_role("group", name="Invoice date").get_by_text("31.02.2026")).to_be_visible()
    expect(page.get_by_label("Currency: the same for all")).to_have_value("EUR")
    page.get_by_role("button", name="Save and hand in the file").tap()
    expect(page.get_by_role("alert")).to_contain_text("1 field needs another look: Name of the mapping")
    page.get_by_label("Name of the mapping").fill("Helios by the hour")
    page.get_by_role("button", name="Save and hand in the file").tap()
    expect(page.get_by_role("link", name="T-101")).to_be_visible()
    expect(page.get_by_text("Helios by the hour")).to_be_visible()
    page.goto("/mappings/helios-by-the-hour")
    expect(page.get_by_label("Unit: the same for all")).to_have_value("HUR")


def test_page_with_an_open_table_is_for_everybody(site: Site, visit: Visit) -> None:
    page = visit(site, CLERK, "/mappings/new")
    page.get_by_label("Table (CSV, XLSX)").set_input_files(
        {"name": "march.csv", "mimeType": "", "buffer": TABLE.encode()}
    )
    page.get_by_role("button", name="See the columns").click()
    expect(page.get_by_role("heading", name="march.csv")).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == []

"""A PDF that shows another invoice than its data says: nobody signs for what the page does not show."""

from tests.acceptance.company import Company, demo_bytes
from tests.unit.adapters.pdf.making import make_pdf


def test_pdf_that_contradicts_its_data_is_held_for_the_clerk(new_company: Company) -> None:
    xml = demo_bytes("D02").replace(b"FG-88120", b"FG-88121")
    honest = make_pdf(["Rechnung Nr. FG-88121", "Gesamtbetrag EUR 18.445,00"], {"factur-x.xml": xml})
    altered = make_pdf(
        ["Rechnung Nr. FG-88122", "Gesamtbetrag EUR 1.844,50"],
        {"factur-x.xml": xml.replace(b"FG-88121", b"FG-88122")},
    )
    clerk = new_company.person("tomasz.zielinski")

    held, taken = (clerk.submit(content, "application/pdf").json() for content in (altered, honest))

    assert (held["status"], held["outcome"]) == ("waiting", "exception")
    assert [reason["text"] for reason in held["reasons"] if reason["code"] == "AP-DOCUMENT-04"] == [
        "the document has a fault: the page shows the total `1.844,50`, the data EUR 18,445.00"
    ]
    assert "tomasz.zielinski" in {waiting["person_or_role"] for waiting in held["waiting_for"]}
    assert "AP-DOCUMENT-04" not in {reason["code"] for reason in taken["reasons"]}


def test_profile_without_lines_is_keyed_and_not_rejected(new_company: Company) -> None:
    header = demo_bytes("D02").partition(b"<ram:IncludedSupplyChainTradeLineItem>")[0]
    rest = demo_bytes("D02").rpartition(b"</ram:IncludedSupplyChainTradeLineItem>")[2]
    profile = header.partition(b"<ram:GuidelineSpecifiedDocumentContextParameter>")[2]
    name = profile.partition(b"<ram:ID>")[2].partition(b"<")[0]
    xml = (header + rest).replace(name, b"urn:factur-x.eu:1p0:basicwl")

    answer = (
        new_company.person("tomasz.zielinski").submit(make_pdf(files={"factur-x.xml": xml}), "application/pdf").json()
    )

    assert (answer["status"], answer["outcome"]) == ("waiting", "to key")

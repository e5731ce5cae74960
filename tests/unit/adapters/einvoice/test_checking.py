"""`document check`: both engines, their faults merged by code and place, in a closed shape."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.unit.adapters.einvoice.samples import CANONICAL, CII, UBL, as_credit_note

from comptroller.adapters.einvoice import Engine, check, check_to_take_in
from comptroller.adapters.einvoice.checking import merge
from comptroller.adapters.einvoice.standard import check_standard
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.model import DocumentKind
from comptroller.domain.kernel.fault import Fault, Severity

WRONG_PAYABLE = UBL.replace(">1096.00<", ">1096.01<")
TOTALS = "/Invoice/cac:LegalMonetaryTotal[1]"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(UBL, id="UBL invoice"),
        pytest.param(as_credit_note(UBL), id="UBL credit note"),
        pytest.param(CII, id="CII"),
        pytest.param(json.dumps(to_json(CANONICAL)), id="JSON"),
    ],
)
@pytest.mark.parametrize("engine", Engine)
def test_a_valid_invoice_has_no_faults(text: str, engine: Engine) -> None:
    result = check(text.encode(), engine=engine)

    assert result.faults == ()


@pytest.mark.parametrize(
    ("engine", "by"),
    [
        pytest.param("standard", ["standard"], id="standard"),
        pytest.param("canonical", ["canonical"], id="canonical"),
        pytest.param("both", ["standard"], id="both: told once, in the standard's words"),
    ],
)
def test_a_fault_that_both_engines_find_is_told_once(engine: str, by: list[str]) -> None:
    faults = check(WRONG_PAYABLE.encode(), engine=engine).faults

    assert [(fault.code, fault.path, fault.by) for fault in faults] == [("BR-CO-16", TOTALS, name) for name in by]


def test_the_printed_shape_is_closed() -> None:
    printed = check(WRONG_PAYABLE.encode(), engine="canonical").to_json("a.xml")

    assert printed == {
        "file": "a.xml",
        "kind": "invoice",
        "number": "GW-2026-17",
        "currency": "EUR",
        "totals": {"line": "990.00", "net": "1005.00", "tax": "190.95", "gross": "1195.95", "payable": "1096.01"},
        "faults": [
            {
                "code": "BR-CO-16",
                "path": TOTALS,
                "message": "the amount due (BT-115) is wrong: 1096.01, calculated 1096.00",
                "severity": "error",
                "by": "canonical",
            }
        ],
    }


def test_what_cannot_be_read_is_printed_in_the_same_shape() -> None:
    printed = check(b"").to_json("a.xml")

    assert (printed["kind"], printed["number"], printed["currency"]) == ("unknown", None, None)
    assert printed["totals"] == {"line": None, "net": None, "tax": None, "gross": None, "payable": None}


def test_a_schema_failure_never_skips_the_rules() -> None:
    bare = UBL.replace("<cbc:ID>GW-2026-17</cbc:ID>", "")

    found = {(fault.code, fault.path) for fault in check(bare.encode(), engine="standard").faults}

    assert ("BR-02", "/Invoice") in found
    assert any(code == "XML-SCHEMA-01" for code, _ in found)


def test_a_value_that_the_rules_cannot_calculate_with_does_not_hide_other_faults() -> None:
    text = WRONG_PAYABLE.replace(">1005.00<", ">a lot<", 1).replace("<cbc:ID>GW-2026-17</cbc:ID>", "<cbc:ID/>")

    faults = check(text.encode()).faults

    codes = {fault.code for fault in faults}
    assert {"DOC-DECIMAL-01", "XML-SCHEMA-02", "DOC-RULES-01", "BR-02", "BR-CO-16"} <= codes
    assert [fault.severity for fault in faults if fault.code == "DOC-RULES-01"] == [Severity.INFORMATION]


def test_an_element_that_occurs_twice_does_not_hide_other_faults() -> None:
    payable = '<cbc:PayableAmount currencyID="EUR">1096.00</cbc:PayableAmount>'
    text = UBL.replace(payable, payable * 2).replace("<cbc:ID>GW-2026-17</cbc:ID>", "<cbc:ID/>")

    codes = {fault.code for fault in check(text.encode(), engine="standard").faults}

    assert {"XML-SCHEMA-01", "DOC-RULES-01", "BR-02"} <= codes


def test_an_unreadable_value_is_not_also_told_as_missing() -> None:
    faults = check(UBL.replace(">2026-03-02<", ">today<").encode(), engine="canonical").faults

    assert [(fault.code, fault.path) for fault in faults] == [("DOC-DATE-01", "/Invoice/cbc:IssueDate[1]")]


def test_places_of_the_canonical_engine_are_the_documents_own() -> None:
    text = CII.replace("<ram:LineID>1</ram:LineID>", "").replace('"EM">ap@', '"">ap@')

    places = {fault.code: fault.path for fault in check(text.encode(), engine="canonical").faults}

    trade = "/rsm:CrossIndustryInvoice/rsm:SupplyChainTradeTransaction[1]"
    assert places == {
        "BR-21": f"{trade}/ram:IncludedSupplyChainTradeLineItem[1]/ram:AssociatedDocumentLineDocument[1]/ram:LineID[1]",
        "BR-63": f"{trade}/ram:ApplicableHeaderTradeAgreement[1]/ram:BuyerTradeParty[1]"
        "/ram:URIUniversalCommunication[1]/ram:URIID[1]",
    }


def test_places_count_headings_as_the_document_does() -> None:
    name = "ram:IncludedSupplyChainTradeLineItem"
    heading = (
        f"<{name}><ram:AssociatedDocumentLineDocument><ram:LineStatusReasonCode>GROUP</ram:LineStatusReasonCode>"
        f"</ram:AssociatedDocumentLineDocument></{name}>"
    )
    text = CII.replace(f"<{name}>", f"{heading}<{name}>", 1).replace("<ram:Name>Casting</ram:Name>", "")

    faults = check(text.encode(), engine="canonical").faults

    (place,) = [fault.path for fault in faults if fault.code == "BR-25"]
    assert f"/{name}[2]/" in place


@pytest.mark.parametrize("engine", ["standard", "both"])
def test_a_document_too_large_for_the_published_rules_is_checked_by_our_own(engine: str) -> None:
    line = "<cac:InvoiceLine><cbc:ID>1</cbc:ID></cac:InvoiceLine>"
    text = UBL.replace("</Invoice>", line * 1_200 + "</Invoice>")

    faults = check(text.encode(), engine=engine).faults

    assert [fault.severity for fault in faults if fault.code == "DOC-RULES-03"] == [Severity.WARNING]
    assert {fault.by for fault in faults if fault.code == "BR-26"} == {"canonical"}
    assert any(fault.code == "XML-SCHEMA-03" for fault in faults)


def test_json_is_checked_by_our_own_rules_whatever_the_engine() -> None:
    faults = check(b'{"number": "7"}', engine="standard").faults

    assert ("BR-03", "/issue_date", "canonical") in [(fault.code, fault.path, fault.by) for fault in faults]


def test_rules_of_factur_x_are_warnings_under_another_specification() -> None:
    xrechnung = CII.replace(
        "urn:cen.eu:en16931:2017<", "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0<"
    )
    unused = xrechnung.replace(
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE999940302</ram:ID></ram:SpecifiedTaxRegistration>',
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE999940302</ram:ID></ram:SpecifiedTaxRegistration>'
        '<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">1</ram:ID></ram:SpecifiedTaxRegistration>',
    )

    assert check(xrechnung.encode()).faults == ()
    assert {(fault.code[:7], fault.severity) for fault in check(unused.encode()).faults} == {
        ("FX-SCH-", Severity.WARNING)
    }


def test_many_threads_share_the_one_that_owns_the_rules() -> None:
    root = read_xml(WRONG_PAYABLE.encode())
    assert not isinstance(root, tuple)

    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = list(pool.map(lambda _: check_standard(root), range(24)))

    assert {tuple(fault.code for fault in answer) for answer in answers} == {("BR-CO-16",)}


def fault(by: str, path: str, message: str = "m", code: str = "BR-02") -> Fault:
    return Fault(code, path, message, by=by)


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        pytest.param([fault("standard", "/a"), fault("canonical", "/a")], [0], id="same place"),
        pytest.param([fault("standard", "/a"), fault("canonical", "/a/b")], [0], id="inside the standard's place"),
        pytest.param([fault("standard", "/a/b"), fault("canonical", "/a")], [0], id="around the standard's place"),
        pytest.param([fault("standard", "/a"), fault("canonical", "/ab")], [0, 1], id="beside it"),
        pytest.param([fault("standard", "/ab"), fault("canonical", "/a")], [0, 1], id="a name that starts alike"),
        pytest.param([fault("standard", "/a"), fault("canonical", "/a", code="BR-03")], [0, 1], id="another code"),
        pytest.param([fault("standard", "/a"), fault("standard", "/a/b")], [0, 1], id="one engine, two places"),
        pytest.param([fault("standard", "/a"), fault("standard", "/a", "n")], [0, 1], id="one engine, two messages"),
        pytest.param([fault("standard", "/a"), fault("standard", "/a")], [0], id="one engine, word for word"),
    ],
)
def test_faults_merge_by_code_and_place(found: list[Fault], kept: list[int]) -> None:
    assert list(merge(found)) == [found[index] for index in kept]


@pytest.mark.parametrize("profile", ["urn:factur-x.eu:1p0:minimum", "urn:factur-x.eu:1p0:basicwl"])
def test_a_profile_without_lines_is_to_be_keyed_and_no_false_errors_are_computed(profile: str) -> None:
    at = CII.index("<ram:IncludedSupplyChainTradeLineItem>")
    end = CII.rindex("</ram:IncludedSupplyChainTradeLineItem>") + len("</ram:IncludedSupplyChainTradeLineItem>")
    name = (
        CII.partition("<ram:GuidelineSpecifiedDocumentContextParameter>")[2].partition("<ram:ID>")[2].partition("<")[0]
    )
    content = (CII[:at] + CII[end:]).replace(name, profile).encode()

    result = check(content, engine=Engine.CANONICAL)

    assert [(fault.code, fault.severity) for fault in result.faults] == [("DOC-PROFILE-01", Severity.INFORMATION)]
    assert result.to_key
    assert result.invoice is not None
    assert result.invoice.number == CANONICAL.number
    taken = check_to_take_in(content)
    assert taken.invoice is not None
    assert (taken.kind, taken.invoice.kind, taken.to_key) == (DocumentKind.UNKNOWN, DocumentKind.UNKNOWN, True)
    assert taken.invoice.number == CANONICAL.number

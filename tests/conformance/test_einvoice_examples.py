"""Every example invoice of five outside kits: read, and its totals the ones that a few XPaths take from the XML.

`einvoice_explained.txt` lists what is otherwise and why (file, what, reason; tab-separated): a file that is no invoice
format read here, or a total that differs from the kit's derived `truth.json`. An explanation that is no longer needed
fails, too.
"""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from comptroller.adapters.einvoice import check, read
from comptroller.domain.kernel.fault import Severity

pytestmark = pytest.mark.conformance

ROOT: Final = os.environ.get("CONFORMANCE_DATA", "")
KIT: Final = Path(ROOT) / "einvoice"
MISSING: Final = pytest.param("", marks=pytest.mark.skip(reason="CONFORMANCE_DATA names no directory"))
KITS: Final = ("en16931", "peppol_bis3", "xrechnung_testsuite", "mustang", "oca_edi")
EXPLAINED: Final = {
    (file, what): why
    for file, what, why in (
        line.split("\t") for line in Path(__file__).with_name("einvoice_explained.txt").read_text().splitlines() if line
    )
}

_TAX_UBL: Final = "/*/*[local-name()='TaxTotal']/*[local-name()='TaxAmount']"
_SUM: Final = "//*[local-name()='SpecifiedTradeSettlementHeaderMonetarySummation']/*[local-name()='{}']"
_CURRENCY_UBL: Final = "string(/*/*[local-name()='DocumentCurrencyCode'])"
_CURRENCY_CII: Final = "string(//*[local-name()='InvoiceCurrencyCode'])"
TOTALS: Final = {
    "ubl": {
        "line": "/*/*[local-name()='LegalMonetaryTotal']/*[local-name()='LineExtensionAmount']",
        "net": "/*/*[local-name()='LegalMonetaryTotal']/*[local-name()='TaxExclusiveAmount']",
        "tax": f"{_TAX_UBL}[@currencyID={_CURRENCY_UBL}]",
        "gross": "/*/*[local-name()='LegalMonetaryTotal']/*[local-name()='TaxInclusiveAmount']",
        "payable": "/*/*[local-name()='LegalMonetaryTotal']/*[local-name()='PayableAmount']",
    },
    "cii": {
        "line": _SUM.format("LineTotalAmount"),
        "net": f"{_SUM.format('TaxBasisTotalAmount')}[not(@currencyID) or @currencyID={_CURRENCY_CII}]",
        "tax": f"{_SUM.format('TaxTotalAmount')}[not(@currencyID) or @currencyID={_CURRENCY_CII}]",
        "gross": f"{_SUM.format('GrandTotalAmount')}[not(@currencyID) or @currencyID={_CURRENCY_CII}]",
        "payable": _SUM.format("DuePayableAmount"),
    },
}
_OLD_SUM: Final = "//*[local-name()='ApplicableSupplyChainTradeSettlement']/*[local-name()='{}']".format(
    "SpecifiedTradeSettlementMonetarySummation"
)
TOTALS["zugferd 1"] = {
    name: f"{_OLD_SUM}/*[local-name()='{element}']"
    for name, element in {
        "line": "LineTotalAmount",
        "net": "TaxBasisTotalAmount",
        "tax": "TaxTotalAmount",
        "gross": "GrandTotalAmount",
        "payable": "DuePayableAmount",
    }.items()
}
SYNTAXES: Final = {"CrossIndustryInvoice": "cii", "CrossIndustryDocument": "zugferd 1"}
TRUTH_NAMES: Final = {"line": "line_sum", "net": "net", "tax": "tax", "gross": "gross", "payable": "payable"}


def examples() -> Iterator[str]:
    """Every XML file of the kits but the sets of small tests and what is there to configure the kit."""
    for kit in KITS:
        for path in sorted((KIT / kit).rglob("*")):
            name = path.relative_to(KIT)
            is_test_set = "unit" in str(name.parent) or name.parent.parts[-2:] == ("test", "cii")
            if path.suffix.lower() == ".xml" and not is_test_set and path.name != "buildconfig.xml":
                yield str(name)


def all_or_skip(names: Iterator[str]) -> list[object]:
    return list(names) if ROOT else [MISSING]


def derived_totals(file: str) -> dict[str, Decimal | None]:
    root = etree.parse(KIT / file).getroot()
    syntax = SYNTAXES.get(etree.QName(root).localname, "ubl")
    totals: dict[str, Decimal | None] = {}
    for name, path in TOTALS[syntax].items():
        found = root.xpath(path)
        assert isinstance(found, list)
        texts = {str(each.text).strip() for each in found if isinstance(each, etree._Element)}
        totals[name] = Decimal(texts.pop()) if len(texts) == 1 else None
    return totals


def printed_totals(file: str) -> dict[str, Decimal | None]:
    totals = check((KIT / file).read_bytes(), engine="canonical").to_json(file)["totals"]
    assert isinstance(totals, dict)
    return {name: None if text is None else Decimal(text) for name, text in totals.items()}


@pytest.mark.parametrize("file", all_or_skip(examples()))
def test_every_example_is_read_or_its_refusal_is_explained(file: str) -> None:
    result = read((KIT / file).read_bytes())

    assert (result.invoice is None) is ((file, "unread") in EXPLAINED)


@pytest.mark.parametrize("file", all_or_skip(name for name in examples() if (name, "unread") not in EXPLAINED))
def test_totals_are_those_of_the_xml(file: str) -> None:
    assert printed_totals(file) == derived_totals(file)


def test_totals_are_those_of_the_kit_or_the_difference_is_explained() -> None:
    if not ROOT:
        pytest.skip("CONFORMANCE_DATA names no directory")
    differences = set()
    compared = 0
    for truth in json.loads((KIT / "truth.json").read_text()):
        file = truth["file"]
        if Path(file).suffix.lower() != ".xml" or (file, "unread") in EXPLAINED:
            continue
        totals = printed_totals(file)
        compared += 1
        for name, key in TRUTH_NAMES.items():
            if totals[name] != (None if truth[key] is None else Decimal(truth[key])):
                differences.add((file, name))

    assert compared > 200
    assert differences == {key for key in EXPLAINED if key[1] in TRUTH_NAMES}


@pytest.mark.parametrize("file", all_or_skip(name for name in examples() if name.startswith("xrechnung_testsuite")))
def test_a_valid_xrechnung_has_no_errors_or_they_are_explained(file: str) -> None:
    faults = check((KIT / file).read_bytes()).faults

    errors = {fault.code for fault in faults if fault.severity is Severity.ERROR}
    assert errors == {what for name, what in EXPLAINED if name == file}

"""ZUGFeRD 1 (2014) as CII: the same thoughts under older names, so it is renamed and read as its successor.

ZUGFeRD 1 is older than EN 16931 and no profile of it: what the standard's own artefacts say of one means nothing. Its
own schema checks its form, and the canonical rules what its profile has a place for (`zugferd1_profiles`).
"""

from calendar import monthrange
from datetime import date
from typing import Final

from lxml import etree

from comptroller.adapters.einvoice.xpath import CII, PREFIXES

ROOT: Final = "{urn:ferd:CrossIndustryDocument:invoice:1p0}CrossIndustryDocument"

_NAMESPACES: Final = {
    "urn:ferd:CrossIndustryDocument:invoice:1p0": CII,
    "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12": PREFIXES["ram"],
    "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:15": PREFIXES["udt"],
}
_NAMES: Final = {
    "CrossIndustryDocument": "CrossIndustryInvoice",
    "SpecifiedExchangedDocumentContext": "ExchangedDocumentContext",
    "HeaderExchangedDocument": "ExchangedDocument",
    "SpecifiedSupplyChainTradeTransaction": "SupplyChainTradeTransaction",
    "ApplicableSupplyChainTradeAgreement": "ApplicableHeaderTradeAgreement",
    "ApplicableSupplyChainTradeDelivery": "ApplicableHeaderTradeDelivery",
    "ApplicableSupplyChainTradeSettlement": "ApplicableHeaderTradeSettlement",
    "SpecifiedSupplyChainTradeAgreement": "SpecifiedLineTradeAgreement",
    "SpecifiedSupplyChainTradeDelivery": "SpecifiedLineTradeDelivery",
    "SpecifiedSupplyChainTradeSettlement": "SpecifiedLineTradeSettlement",
    "DeliveryNoteReferencedDocument": "DespatchAdviceReferencedDocument",
    "ApplicablePercent": "RateApplicablePercent",
}
_SUM: Final = "SpecifiedTradeSettlementMonetarySummation"
_HEADER: Final = "ApplicableSupplyChainTradeSettlement"
_WRITTEN: Final = {new: old for old, new in _NAMES.items()} | {
    "IssuerAssignedID": "ID",
    "FormattedIssueDateTime": "IssueDateTime",
    "SpecifiedTradeSettlementHeaderMonetarySummation": _SUM,
    "SpecifiedTradeSettlementLineMonetarySummation": _SUM,
}
_DAY: Final = 10
_MONTH: Final = "610"  # UNTDID 2379: CCYYMM
_WEEK: Final = "616"  # CCYYWW


def translate(root: etree._Element) -> etree._Element:
    """Write a ZUGFeRD 1 invoice as a Cross Industry Invoice, element by element and in the same order."""
    renamed = _renamed(root, "")
    number = 0
    for line in renamed.iter(_ram("IncludedSupplyChainTradeLineItem")):
        if _is_mere_text(line):
            etree.SubElement(_document_of(line), _ram("LineStatusReasonCode")).text = "INFORMATION"
        else:
            number += 1
            _number(_document_of(line), number)
    return renamed


def as_written(place: str) -> str:
    """A place of the translated invoice by the names of ZUGFeRD 1, as the document has it.

    >>> as_written("/rsm:CrossIndustryInvoice/rsm:ExchangedDocument[1]/ram:ID[1]")
    '/rsm:CrossIndustryDocument/rsm:HeaderExchangedDocument[1]/ram:ID[1]'
    """
    return "/".join(_step_as_written(step) for step in place.split("/"))


def _step_as_written(step: str) -> str:
    prefix, colon, rest = step.partition(":")
    name, bracket, position = rest.partition("[")
    return f"{prefix}{colon}{_WRITTEN.get(name, name)}{bracket}{position}"


def _document_of(line: etree._Element) -> etree._Element:
    document = line.find(_ram("AssociatedDocumentLineDocument"))
    return etree.SubElement(line, _ram("AssociatedDocumentLineDocument")) if document is None else document


def _number(document: etree._Element, number: int) -> None:
    """Give a line its place as its identifier: ZUGFeRD 1 lets it go without one."""
    if document.find(_ram("LineID")) is None:
        etree.SubElement(document, _ram("LineID")).text = str(number)


def _renamed(element: etree._Element, parent: str) -> etree._Element:
    namespace, _, name = str(element.tag)[1:].partition("}")
    made = etree.Element(
        f"{{{_NAMESPACES.get(namespace, namespace)}}}{_name(name, parent)}",
        {str(name): str(value) for name, value in element.attrib.items()},
    )
    day = _day_of_period(element, parent)
    made.text = day or element.text
    if day:
        made.set("format", "102")
    for child in element:
        if child.tag == f"{{{namespace}}}IssueDateTime" and name.endswith("ReferencedDocument"):
            made.append(_formatted_day(child))
        else:
            made.append(_renamed(child, name))
    return made


def _name(name: str, parent: str) -> str:
    if name == _SUM:
        return f"SpecifiedTradeSettlement{'Header' if parent == _HEADER else 'Line'}MonetarySummation"
    if name == "ID" and parent.endswith("ReferencedDocument"):
        return "IssuerAssignedID"
    return _NAMES.get(name, name)


def _formatted_day(element: etree._Element) -> etree._Element:
    """A reference's day, which stands there as an instant."""
    formatted = etree.Element(_ram("FormattedIssueDateTime"))
    day = etree.SubElement(formatted, f"{{{PREFIXES['qdt']}}}DateTimeString", {"format": "102"})
    day.text = (element.text or "").strip()[:_DAY].replace("-", "")
    return formatted


def _day_of_period(element: etree._Element, parent: str) -> str:
    """The first or last day of a month (format 610) or week (616), as which a period may begin or end; else empty."""
    form, text = element.get("format"), (element.text or "").strip()
    is_start = parent == "StartDateTime"
    if form not in (_MONTH, _WEEK) or not (is_start or parent == "EndDateTime") or not _is_year_and_part(text):
        return ""
    year, part = int(text[:4]), int(text[4:])
    try:
        if form == _WEEK:
            day = date.fromisocalendar(year, part, 1 if is_start else 7)
        else:
            day = date(year, part, 1 if is_start else monthrange(year, part)[1])
    except ValueError:  # a month 13, a week 60
        return ""
    return f"{day:%Y%m%d}"


def _is_year_and_part(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit()  # four digits of the year, two of its part


def _is_mere_text(line: etree._Element) -> bool:
    """Whether a line bills nothing: ZUGFeRD 1 writes notes between lines as lines of their own."""
    return line.find(f".//{_ram('BilledQuantity')}") is None and line.find(f".//{_ram('LineTotalAmount')}") is None


def _ram(name: str) -> str:
    return f"{{{PREFIXES['ram']}}}{name}"

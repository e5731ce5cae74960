"""What each document of the kit says, read by a few XPaths and nothing of the product: the oracle's own eyes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from lxml import etree


@dataclass(frozen=True, slots=True)
class PartyRead:
    """A seller or buyer as written."""

    name: str
    vat_id: str  # without spaces and punctuation
    country: str


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line as written."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal  # for one unit
    order_line: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file of the kit."""

    name: str  # its path below the kit
    content: bytes
    number: str
    issue_date: str
    currency: str
    seller: PartyRead
    buyer: PartyRead
    accounts: tuple[str, ...]
    order: str
    cost_centre: str
    gross: Decimal
    payable: Decimal
    is_credit_note: bool
    lines: tuple[LineRead, ...]


_PARTY_UBL: Final = "/*/cac:Accounting{}Party/cac:Party/"
_PARTY_CII: Final = "//ram:ApplicableHeaderTradeAgreement/ram:{}TradeParty/"
_SUM: Final = "//ram:SpecifiedTradeSettlementHeaderMonetarySummation/ram:"
PATHS: Final[Mapping[str, Mapping[str, str]]] = {
    "ubl": {
        "number": "/*/cbc:ID",
        "issue_date": "/*/cbc:IssueDate",
        "currency": "/*/cbc:DocumentCurrencyCode",
        "seller.name": _PARTY_UBL.format("Supplier") + "cac:PartyLegalEntity/cbc:RegistrationName",
        "seller.vat_id": _PARTY_UBL.format("Supplier") + "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID",
        "seller.country": _PARTY_UBL.format("Supplier") + "cac:PostalAddress/cac:Country/cbc:IdentificationCode",
        "buyer.name": _PARTY_UBL.format("Customer") + "cac:PartyLegalEntity/cbc:RegistrationName",
        "buyer.vat_id": _PARTY_UBL.format("Customer") + "cac:PartyTaxScheme[cac:TaxScheme/cbc:ID='VAT']/cbc:CompanyID",
        "buyer.country": _PARTY_UBL.format("Customer") + "cac:PostalAddress/cac:Country/cbc:IdentificationCode",
        "accounts": "/*/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID",
        "order": "/*/cac:OrderReference/cbc:ID",
        "cost_centre": "/*/cbc:AccountingCost",
        "gross": "/*/cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount",
        "payable": "/*/cac:LegalMonetaryTotal/cbc:PayableAmount",
        "lines": "/*/cac:InvoiceLine|/*/cac:CreditNoteLine",
        "line.name": "cac:Item/cbc:Name",
        "line.quantity": "cbc:InvoicedQuantity|cbc:CreditedQuantity",
        "line.price": "cac:Price/cbc:PriceAmount",
        "line.base": "cac:Price/cbc:BaseQuantity",
        "line.order_line": "cac:OrderLineReference/cbc:LineID",
    },
    "cii": {
        "number": "/*/rsm:ExchangedDocument/ram:ID",
        "issue_date": "/*/rsm:ExchangedDocument/ram:IssueDateTime/udt:DateTimeString",
        "currency": "//ram:InvoiceCurrencyCode",
        "seller.name": _PARTY_CII.format("Seller") + "ram:Name",
        "seller.vat_id": _PARTY_CII.format("Seller") + "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
        "seller.country": _PARTY_CII.format("Seller") + "ram:PostalTradeAddress/ram:CountryID",
        "buyer.name": _PARTY_CII.format("Buyer") + "ram:Name",
        "buyer.vat_id": _PARTY_CII.format("Buyer") + "ram:SpecifiedTaxRegistration/ram:ID[@schemeID='VA']",
        "buyer.country": _PARTY_CII.format("Buyer") + "ram:PostalTradeAddress/ram:CountryID",
        "accounts": "//ram:PayeePartyCreditorFinancialAccount/ram:IBANID",
        "order": "//ram:ApplicableHeaderTradeAgreement/ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID",
        "cost_centre": "//ram:ApplicableHeaderTradeSettlement/ram:ReceivableSpecifiedTradeAccountingAccount/ram:ID",
        "gross": _SUM + "GrandTotalAmount",
        "payable": _SUM + "DuePayableAmount",
        "lines": "//ram:IncludedSupplyChainTradeLineItem",
        "line.name": "ram:SpecifiedTradeProduct/ram:Name",
        "line.quantity": "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity",
        "line.price": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount",
        "line.base": "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:BasisQuantity",
        "line.order_line": "ram:SpecifiedLineTradeAgreement/ram:BuyerOrderReferencedDocument/ram:LineID",
    },
}
NAMESPACES: Final = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
CREDIT_NOTE_TYPES: Final = frozenset({"381", "396", "532"})


def read_kit(kit: Path) -> list[Document]:
    """Every document of the kit, by name."""
    return [_read(path, path.relative_to(kit).as_posix()) for path in sorted(kit.rglob("*.xml"))]


def _read(path: Path, name: str) -> Document:
    content = path.read_bytes()
    root = etree.fromstring(content)
    syntax = "cii" if str(root.tag).endswith("}CrossIndustryInvoice") else "ubl"
    paths = PATHS[syntax]
    types = "string(/*/rsm:ExchangedDocument/ram:TypeCode)"
    is_credit_note = str(root.tag).endswith("}CreditNote") or _text(root, types) in CREDIT_NOTE_TYPES
    day = _first(root, paths["issue_date"])
    return Document(
        name=name,
        content=content,
        number=_first(root, paths["number"]),
        issue_date=day if "-" in day else f"{day[:4]}-{day[4:6]}-{day[6:]}",
        currency=_first(root, paths["currency"]),
        seller=_party(root, paths, "seller"),
        buyer=_party(root, paths, "buyer"),
        accounts=tuple(filter(None, _all(root, paths["accounts"]))),
        order=_first(root, paths["order"]),
        cost_centre=_first(root, paths["cost_centre"]),
        gross=Decimal(_first(root, paths["gross"])),
        payable=Decimal(_first(root, paths["payable"])),
        is_credit_note=is_credit_note,
        lines=tuple(_line(line, paths) for line in _nodes(root, paths["lines"])),
    )


def _party(root: Any, paths: Mapping[str, str], which: str) -> PartyRead:
    vat_id = "".join(filter(str.isalnum, _first(root, paths[f"{which}.vat_id"])))
    return PartyRead(_first(root, paths[f"{which}.name"]), vat_id, _first(root, paths[f"{which}.country"]))


def _line(line: Any, paths: Mapping[str, str]) -> LineRead:
    (quantity,) = _nodes(line, paths["line.quantity"])
    base = Decimal(_first(line, paths["line.base"]) or 1)
    return LineRead(
        name=_first(line, paths["line.name"]),
        quantity=Decimal(str(quantity.text)),
        unit=str(quantity.get("unitCode")),
        price=Decimal(_first(line, paths["line.price"])) / base,
        order_line=_first(line, paths["line.order_line"]),
    )


def _nodes(node: Any, path: str) -> list[Any]:
    found = node.xpath(path, namespaces=NAMESPACES)
    assert isinstance(found, list)
    return found


def _all(node: Any, path: str) -> Iterator[str]:
    return (str(found.text or "").strip() for found in _nodes(node, path))


def _first(node: Any, path: str) -> str:
    return next(_all(node, path), "")


def _text(node: Any, path: str) -> str:
    return str(node.xpath(path, namespaces=NAMESPACES))

"""What the profiles of ZUGFeRD 1 carry, and so what an invoice in one of them can be asked for.

ZUGFeRD 1 is older than EN 16931: a rule that asks for a field which a profile has no place for says nothing about an
invoice in it. BASIC has no prices, no VAT by line, no categories of VAT, no terms and no amount due; the sums of its
allowances and charges stand without their entries. COMFORT and EXTENDED have all of them.

# SOURCE: ZUGFeRD 1.0, technical supplement of 25 June 2014: the profiles, field by field, and the examples to them.
"""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Final

from lxml import etree

from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import ZERO

BASIC: Final = "urn:ferd:crossindustrydocument:invoice:1p0:basic"

_RAM: Final = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:12"
_VAT: Final = "VAT"

_NOT_IN_BASIC: Final = frozenset(
    {
        "BR-26",  # prices
        "BR-47",  # categories of VAT; the rate is there
        "BR-49",  # the means of payment; the account is there
        "BR-CO-04",  # VAT by line
        "BR-CO-25",  # terms and the day when it is due
    }
)
_OF_VAT: Final = frozenset({"BR-47", "BR-48", "BR-CO-04", "BR-CO-17"})
_SUMS: Final = {"BR-CO-11": False, "BR-CO-12": True}  # rule -> whether it is about charges
_NOT_IN_ANY: Final = frozenset(
    {
        "BR-CL-19",  # reasons are taken from another list, UNTDID 4465
        "BR-CO-26",  # no identifier is asked for; that a seller who charges VAT names its tax id is policy's
    }
)
_AMOUNT_DUE: Final = "BR-CO-16"


def settled(invoice: Invoice) -> Invoice:
    """Read an invoice as ZUGFeRD 1 means it: what BASIC leaves out, and allowances in the sign of their sum.

    Without a place for payments made before, all of the total is due. The older examples write an allowance with or
    without its sign; the sum, which goes into the total, says which is meant.
    """
    totals = invoice.totals
    if _is_basic(invoice) and totals.payable is None and totals.prepaid is None:
        totals = replace(totals, payable=totals.gross)
    entries = [
        replace(entry, amount=-entry.amount)
        if entry.amount is not None and _is_turned(invoice, is_charge=entry.is_charge)
        else entry
        for entry in invoice.allowances_charges
    ]
    return replace(invoice, totals=totals, allowances_charges=tuple(entries))


def _is_basic(invoice: Invoice) -> bool:
    return invoice.customization.strip().lower() == BASIC


def _is_turned(invoice: Invoice, *, is_charge: bool) -> bool:
    """Whether the entries add up to their sum with the other sign."""
    stated = invoice.totals.charges if is_charge else invoice.totals.allowances
    amounts = [entry.amount or ZERO for entry in invoice.allowances_charges if entry.is_charge is is_charge]
    return bool(stated) and sum(amounts, Decimal(0)) == -stated  # type: ignore[operator]  # None is not true


def other_taxes(root: etree._Element) -> tuple[Fault, ...]:
    """Tell the taxes of an invoice that are no VAT, as the one on insurance: no rule knows how to book them."""
    rows = root.iterfind(f".//{{{_RAM}}}ApplicableSupplyChainTradeSettlement/{{{_RAM}}}ApplicableTradeTax")
    kinds = dict.fromkeys((row.findtext(f"{{{_RAM}}}TypeCode") or "").strip() for row in rows)
    return tuple(
        Fault(
            "DOC-TAX-01",
            "/tax_breakdown",
            f"the tax `{kind[:40]}` is no VAT: it is part of the cost and not deducted"
            if kind
            else "a tax does not say that it is VAT (TypeCode)",
            by="reader",
            help="have it booked by hand; only VAT is judged and booked by itself",
        )
        for kind in kinds
        if kind.upper() != _VAT
    )


def asked(invoice: Invoice, faults: Iterable[Fault]) -> list[Fault]:
    """Keep the findings of the rules that an invoice's profile can be asked."""
    return [fault for fault in faults if not _is_beyond(invoice, fault)]


def _is_beyond(invoice: Invoice, fault: Fault) -> bool:
    code, totals = fault.code, invoice.totals
    if code in _NOT_IN_ANY:
        return True
    if code == _AMOUNT_DUE:  # a correction: nothing is due from the one who gets money back
        return totals.payable == ZERO and totals.gross is not None and totals.gross < ZERO
    if code in _OF_VAT and _is_of_other_tax(invoice, fault.path):
        return True
    if not _is_basic(invoice):
        return False
    if code in _SUMS:
        return all(entry.is_charge is not _SUMS[code] for entry in invoice.allowances_charges)
    return code in _NOT_IN_BASIC


def _is_of_other_tax(invoice: Invoice, path: str) -> bool:
    """Whether a row of the breakdown, or a line, is under a tax that is no VAT."""
    _, part, place, *_ = f"{path}//".split("/")
    if part == "tax_breakdown" and place.isdigit():
        return invoice.tax_breakdown[int(place)].category is None
    return part == "lines" and all(row.category is None for row in invoice.tax_breakdown)

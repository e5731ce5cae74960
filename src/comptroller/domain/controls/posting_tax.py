"""The VAT of a journal: what is charged, what the buyer owes, and what may not be deducted of either."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from comptroller.domain.controls.journal_shapes import Accounts, Entry, TaxPosting, UnbalancedJournal
from comptroller.domain.controls.tax import tax_of
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import ZERO

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class NonDeductible:
    """The entries of the VAT, and how much of it is a cost; `account` takes what no expense bears."""

    entries: tuple[Entry, ...]
    not_deductible: Decimal
    account: str


@dataclass(frozen=True, slots=True)
class _Vat:
    """One amount of VAT, in the document's currency, and how much of it is deducted."""

    kind: str
    amount: Decimal
    deducted: Decimal
    owed: bool  # by the buyer, who books it both ways


def taxes(invoice: Invoice, accounts: Accounts, tax: TaxPosting) -> NonDeductible:
    """Book the VAT; raises `UnbalancedJournal` where the buyer owes it and no rate is known."""
    entries: list[Entry] = []
    for vat in _vat(invoice, tax):
        entries.append(Entry(accounts.input_tax, "", vat.deducted, f"input VAT{vat.kind}"))
        if vat.owed:
            entries.append(Entry(accounts.output_tax, "", -vat.amount, f"output VAT{vat.kind}"))
    return NonDeductible(tuple(entries), not_deductible(invoice, tax), accounts.price_difference)


def not_deductible(invoice: Invoice, tax: TaxPosting) -> Decimal:
    """Say how much of the VAT is a cost, in the document's currency; raises `UnbalancedJournal` as `taxes` does."""
    return sum((vat.amount - vat.deducted for vat in _vat(invoice, tax)), ZERO)


def _vat(invoice: Invoice, tax: TaxPosting) -> Iterator[_Vat]:
    for row in invoice.tax_breakdown:
        code = row.category.code if row.category is not None else ""
        charged = row.tax_amount or ZERO
        yield _Vat(f" {code}".rstrip(), charged, _deducted(charged, tax, invoice.currency), owed=False)
    if tax.self_assess:
        if tax.rate is None or invoice.totals.net is None:
            raise UnbalancedJournal("the buyer owes the tax, but no rate is known")
        owed = tax_of(invoice.totals.net, tax.rate, invoice.currency)
        yield _Vat(f", {_kind_of(invoice)}", owed, _deducted(owed, tax, invoice.currency), owed=True)


def _deducted(amount: Decimal, tax: TaxPosting, currency: str) -> Decimal:
    return amount if tax.deductible_percent == _WHOLE else tax_of(amount, tax.deductible_percent, currency)


def _kind_of(invoice: Invoice) -> str:
    """How the tax comes to be owed by the buyer: by an acquisition of goods from the union, else by reverse charge."""
    codes = {row.category.code for row in invoice.tax_breakdown if row.category is not None}
    return "acquisition" if codes == {"K"} else "reverse charge"

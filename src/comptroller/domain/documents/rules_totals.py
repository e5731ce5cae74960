"""The arithmetic of the document: sums of lines, allowances, charges and tax, and no amount finer than a cent.

What may be missing (allowances, charges, VAT, prepayment, rounding) counts as zero; a missing total is not calculated
with.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from comptroller.domain.documents import code_lists
from comptroller.domain.documents.findings import Findings
from comptroller.domain.documents.model import AllowanceCharge, Invoice, Totals
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.money import ZERO, round_to

_PLACES: Final = 2  # SOURCE: EN 16931-1, 6.5.2: totals have at most two decimals, in every currency
_EXPONENT_MIN: Final = -_PLACES
_ROUNDABLE_DIGITS_MAX: Final = limits.DECIMAL_DIGITS_MAX - _PLACES - 1


def rounded(value: Decimal) -> Decimal:
    """Round to cents; a product beyond the digits of the context is left as it is, no total can equal it anyway."""
    return round_to(value, _PLACES) if value.adjusted() < _ROUNDABLE_DIGITS_MAX else value


def has_cents(value: Decimal | None) -> bool:
    """Whether an amount has at most two decimals, as written."""
    if value is None:
        return True
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= _EXPONENT_MIN


def check_totals(invoice: Invoice, findings: Findings) -> None:
    """Check the totals and what they are made of."""
    totals = invoice.totals
    findings.require(totals.line_net, "BR-12", "/totals/line_net")
    findings.require(totals.net, "BR-13", "/totals/net")
    findings.require(totals.gross, "BR-14", "/totals/gross")
    findings.require(totals.payable, "BR-15", "/totals/payable")
    if invoice.accounting_currency and totals.tax_in_accounting_currency is None:
        findings.add("BR-53", "/totals")
    for index, entry in enumerate(invoice.allowances_charges):
        _check_allowance_charge(entry, f"/allowances_charges/{index}", findings)
    _check_line_sum(invoice, findings)
    _check_allowance_sums(invoice, findings)
    _check_net(totals, findings)
    _check_tax(invoice, findings)
    _check_payable(totals, findings)
    _check_decimals(totals, findings)


def _check_allowance_charge(entry: AllowanceCharge, path: str, findings: Findings) -> None:
    codes = (
        ("BR-36", "BR-37", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06")
        if entry.is_charge
        else ("BR-31", "BR-32", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02")
    )
    no_amount, no_category, *others = codes
    findings.require(entry.amount, no_amount, f"{path}/amount")
    if entry.tax is None or not entry.tax.code:
        findings.add(no_category, path)
    elif entry.tax.code not in code_lists.TAX_CATEGORIES:
        findings.add("BR-CL-17", f"{path}/tax", f"`{entry.tax.code[:40]}`")
    check_reason_and_cents(entry, path, others, findings)


def check_reason_and_cents(entry: AllowanceCharge, path: str, codes: Sequence[str], findings: Findings) -> None:
    """Check what allowances and charges of lines and of the whole document have in common, under their four codes."""
    no_reason, no_reason_either, amount_decimals, base_decimals = codes
    if not (entry.reason or entry.reason_code):
        findings.add(no_reason, path)
        findings.add(no_reason_either, path)
    if not entry.is_charge and entry.reason_code and entry.reason_code not in code_lists.ALLOWANCE_REASONS:
        findings.add("BR-CL-19", path, f"`{entry.reason_code[:40]}`")
    if not has_cents(entry.amount):
        findings.add(amount_decimals, path)
    if not has_cents(entry.base_amount):
        findings.add(base_decimals, path)


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum((amount for amount in amounts if amount is not None), ZERO)


def _expect(code: str, given: Decimal | None, calculated: Decimal, findings: Findings) -> None:
    if given is not None and given != calculated:
        findings.add(code, "/totals", f"{given:f}, calculated {calculated:f}")


def _check_line_sum(invoice: Invoice, findings: Findings) -> None:
    calculated = rounded(_sum(line.net_amount for line in invoice.lines))
    _expect("BR-CO-10", invoice.totals.line_net, calculated, findings)


def _check_allowance_sums(invoice: Invoice, findings: Findings) -> None:
    for code, given, is_charge in (
        ("BR-CO-11", invoice.totals.allowances, False),
        ("BR-CO-12", invoice.totals.charges, True),
    ):
        entries = [entry.amount for entry in invoice.allowances_charges if entry.is_charge is is_charge]
        if given is None and entries:
            findings.add(code, "/totals", f"missing, calculated {rounded(_sum(entries)):f}")
        else:
            _expect(code, given, rounded(_sum(entries)), findings)


def _check_net(totals: Totals, findings: Findings) -> None:
    if totals.line_net is not None:
        calculated = totals.line_net - (totals.allowances or ZERO) + (totals.charges or ZERO)
        _expect("BR-CO-13", totals.net, rounded(calculated), findings)


def _check_tax(invoice: Invoice, findings: Findings) -> None:
    totals = invoice.totals
    if not invoice.tax_breakdown:
        findings.add("BR-CO-18", "/tax_breakdown")
    elif totals.tax is not None:
        calculated = rounded(_sum(row.tax_amount for row in invoice.tax_breakdown))
        _expect("BR-CO-14", totals.tax, calculated, findings)
    if totals.net is not None:
        _expect("BR-CO-15", totals.gross, rounded(totals.net + (totals.tax or ZERO)), findings)


def _check_payable(totals: Totals, findings: Findings) -> None:
    if totals.gross is not None:
        calculated = totals.gross - (totals.prepaid or ZERO) + (totals.rounding or ZERO)
        _expect("BR-CO-16", totals.payable, rounded(calculated), findings)


def _check_decimals(totals: Totals, findings: Findings) -> None:
    for code, amount in (
        ("BR-DEC-09", totals.line_net),
        ("BR-DEC-10", totals.allowances),
        ("BR-DEC-11", totals.charges),
        ("BR-DEC-12", totals.net),
        ("BR-DEC-13", totals.tax),
        ("BR-DEC-14", totals.gross),
        ("BR-DEC-15", totals.tax_in_accounting_currency),
        ("BR-DEC-16", totals.prepaid),
        ("BR-DEC-17", totals.rounding),
        ("BR-DEC-18", totals.payable),
    ):
        if not has_cents(amount):
            findings.add(code, "/totals")

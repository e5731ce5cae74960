"""The VAT category rules: ten rules a category, the same ten questions with another answer each.

`_FAMILIES` holds the answers: which tax identifiers the parties need, what the rate may be, whether a reason of
exemption is wanted, whether rows are told apart by rate. What only one category asks is a function of its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from comptroller.domain.documents import code_lists
from comptroller.domain.documents.findings import Findings
from comptroller.domain.documents.model import Invoice, Party, TaxCategory, TaxSubtotal
from comptroller.domain.documents.rules_totals import has_cents, rounded
from comptroller.domain.kernel.money import ZERO

_SLACK: Final = Decimal(
    1
)  # SOURCE: the published artefacts let taxable and tax amounts deviate by one unit of currency
_SLACK_WITHOUT_TAX: Final = Decimal("0.5")
_PERCENT: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class _Parties:
    """Which tax identifiers are given."""

    seller_vat: bool
    seller_other: bool
    agent_vat: bool
    buyer_vat: bool
    buyer_registration: bool


@dataclass(frozen=True, slots=True)
class _Family:
    """What a VAT category asks for."""

    code: str  # UNTDID 5305
    letters: str  # in the rules' codes
    parties_fit: Callable[[_Parties], bool]
    rate_fits: Callable[[Decimal | None], bool]
    is_taxed: bool  # tax = base x rate, one row a rate; otherwise no tax and one row in all
    wants_reason: bool


def _seller_known(parties: _Parties) -> bool:
    return parties.seller_vat or parties.seller_other or parties.agent_vat


def _seller_and_buyer_known(parties: _Parties) -> bool:
    return _seller_known(parties) and (parties.buyer_vat or parties.buyer_registration)


def _seller_has_vat(parties: _Parties) -> bool:
    return parties.seller_vat or parties.agent_vat


def _both_have_vat(parties: _Parties) -> bool:
    return _seller_has_vat(parties) and parties.buyer_vat


def _nobody_has_vat(parties: _Parties) -> bool:
    return not (parties.seller_vat or parties.agent_vat or parties.buyer_vat)


def _positive(rate: Decimal | None) -> bool:
    return rate is not None and rate > ZERO


def _not_negative(rate: Decimal | None) -> bool:
    return rate is not None and rate >= ZERO


def _zero(rate: Decimal | None) -> bool:
    return rate is not None and rate == ZERO


def _absent(rate: Decimal | None) -> bool:
    return rate is None


_FAMILIES: Final = {
    family.code: family
    for family in (
        _Family("S", "S", _seller_known, _positive, is_taxed=True, wants_reason=False),
        _Family("Z", "Z", _seller_known, _zero, is_taxed=False, wants_reason=False),
        _Family("E", "E", _seller_known, _zero, is_taxed=False, wants_reason=True),
        _Family("AE", "AE", _seller_and_buyer_known, _zero, is_taxed=False, wants_reason=True),
        _Family("K", "IC", _both_have_vat, _zero, is_taxed=False, wants_reason=True),
        _Family("G", "G", _seller_has_vat, _zero, is_taxed=False, wants_reason=True),
        _Family("O", "O", _nobody_has_vat, _absent, is_taxed=False, wants_reason=True),
        _Family("L", "AF", _seller_known, _not_negative, is_taxed=True, wants_reason=False),
        _Family("M", "AG", _seller_known, _not_negative, is_taxed=True, wants_reason=False),
    )
}


@dataclass(frozen=True, slots=True)
class _Use:
    """A category where it is used: on a line, an allowance or a charge, with what it adds to the taxable amount."""

    tax: TaxCategory
    path: str
    parties_rule: str
    rate_rule: str
    amount: Decimal


def check_vat(invoice: Invoice, findings: Findings, *, tax_slack_inclusive: bool = False) -> None:
    """Check the VAT breakdown and every use of a VAT category."""
    uses = list(_uses(invoice))
    rows = [(index, row, row.category) for index, row in enumerate(invoice.tax_breakdown)]
    for index, row, _ in rows:
        path = f"/tax_breakdown/{index}"
        _check_row(row, path, findings)
        _check_tax_amount(row, path, tax_slack_inclusive, findings)
    used = {use.tax.code for use in uses}
    declared = {category.code for _, _, category in rows if category is not None}
    parties = _parties(invoice)
    for code in sorted(used | declared):
        family = _FAMILIES.get(code)
        if family is None:
            continue
        own_uses = [use for use in uses if use.tax.code == code]
        own_rows = [(f"/tax_breakdown/{i}", row) for i, row, cat in rows if cat is not None and cat.code == code]
        _check_breakdown(family, own_uses, len(own_rows), findings)
        _check_uses(family, own_uses, parties, findings)
        for path, row in own_rows:
            _check_taxable(family, row, own_uses, path, findings)
            _check_tax_of_row(family, row, path, findings)
    if "K" in declared:
        _check_intra_community(invoice, findings)
    if "O" in declared:
        _check_not_subject(declared, uses, findings)
    if "B" in used | declared:
        _check_split_payment(invoice, used | declared, findings)


def _uses(invoice: Invoice) -> Iterator[_Use]:
    for index, line in enumerate(invoice.lines):
        if line.tax is not None:
            yield _Use(line.tax, f"/lines/{index}/tax", "02", "05", line.net_amount or ZERO)
    for index, entry in enumerate(invoice.allowances_charges):
        if entry.tax is not None:
            path = f"/allowances_charges/{index}/tax"
            amount = entry.amount or ZERO
            if entry.is_charge:
                yield _Use(entry.tax, path, "04", "07", amount)
            else:
                yield _Use(entry.tax, path, "03", "06", -amount)


def _parties(invoice: Invoice) -> _Parties:
    seller, buyer, agent = (party or Party() for party in (invoice.seller, invoice.buyer, invoice.tax_representative))
    return _Parties(
        seller_vat=bool(seller.vat_id),
        seller_other=bool(seller.tax_registration),
        agent_vat=bool(agent.vat_id),
        buyer_vat=bool(buyer.vat_id),
        buyer_registration=buyer.legal_registration is not None,
    )


def _check_row(row: TaxSubtotal, path: str, findings: Findings) -> None:
    findings.require(row.taxable_amount, "BR-45", f"{path}/taxable_amount")
    findings.require(row.tax_amount, "BR-46", f"{path}/tax_amount")
    if not has_cents(row.taxable_amount):
        findings.add("BR-DEC-19", path)
    if not has_cents(row.tax_amount):
        findings.add("BR-DEC-20", path)
    category = row.category
    if category is None or not category.code:
        findings.add("BR-47", path)
    elif category.code not in code_lists.TAX_CATEGORIES:
        findings.add("BR-CL-17", path, f"`{category.code[:40]}`")
    rate = None if category is None else category.rate
    if rate is None and (category is None or category.code != "O"):
        findings.add("BR-48", path)


def _check_tax_amount(row: TaxSubtotal, path: str, slack_inclusive: bool, findings: Findings) -> None:  # noqa: FBT001 - one of two artefacts
    rate = None if row.category is None else row.category.rate
    calculated = _tax(row.taxable_amount, rate)
    if row.tax_amount is None or calculated is None:
        return
    deviation = abs(abs(row.tax_amount) - calculated)
    slack = _SLACK if rate else _SLACK_WITHOUT_TAX
    if deviation > slack or (deviation == slack and not slack_inclusive):
        findings.add("BR-CO-17", path, f"{row.tax_amount:f}, calculated {calculated:f}")


def _tax(taxable: Decimal | None, rate: Decimal | None) -> Decimal | None:
    """The tax on an amount, without its sign; None when the amount is missing but the rate says that there is tax."""
    if not rate:
        return ZERO
    return None if taxable is None else rounded(abs(taxable) * rate / _PERCENT)


def _check_breakdown(family: _Family, uses: list[_Use], rows: int, findings: Findings) -> None:
    fits = (rows > 0) == bool(uses) if family.is_taxed else rows == 1
    if not fits:
        findings.add(f"BR-{family.letters}-01", "/tax_breakdown", f"{len(uses)} uses, {rows} rows")


def _check_uses(family: _Family, uses: list[_Use], parties: _Parties, findings: Findings) -> None:
    if not family.parties_fit(parties):
        for rule in sorted({use.parties_rule for use in uses}):
            findings.add(f"BR-{family.letters}-{rule}", "")
    for use in uses:
        if not family.rate_fits(use.tax.rate):
            rate = "no rate" if use.tax.rate is None else f"{use.tax.rate:f}"
            findings.add(f"BR-{family.letters}-{use.rate_rule}", use.path, rate)


def _check_taxable(family: _Family, row: TaxSubtotal, uses: list[_Use], path: str, findings: Findings) -> None:
    rate = None if row.category is None else row.category.rate
    if row.taxable_amount is None or (family.is_taxed and rate is None):
        return
    own = [use.amount for use in uses if not family.is_taxed or use.tax.rate == rate]
    calculated = sum(own, ZERO)
    deviation = abs(row.taxable_amount - calculated)
    if not own or not (deviation < _SLACK if family.is_taxed else rounded(deviation) == ZERO):
        findings.add(f"BR-{family.letters}-08", path, f"{row.taxable_amount:f}, calculated {calculated:f}")


def _check_tax_of_row(family: _Family, row: TaxSubtotal, path: str, findings: Findings) -> None:
    if row.tax_amount is not None:
        rate = row.category.rate if row.category is not None and family.is_taxed else None
        calculated = _tax(row.taxable_amount, rate)
        deviation = ZERO if calculated is None else abs(abs(row.tax_amount) - calculated)
        if deviation >= _SLACK if family.is_taxed else deviation > ZERO:
            findings.add(f"BR-{family.letters}-09", path, f"{row.tax_amount:f}, calculated {calculated:f}")
    has_reason = bool(row.exemption_reason or row.exemption_reason_code)
    if has_reason is not family.wants_reason:
        findings.add(f"BR-{family.letters}-10", path)


def _check_intra_community(invoice: Invoice, findings: Findings) -> None:
    period = invoice.period
    has_period = period is not None and (period.start is not None or period.end is not None)
    if invoice.delivery_date is None and not has_period and not invoice.tax_point_code:
        findings.add("BR-IC-11", "/delivery_date")
    if invoice.delivery_address is None or not invoice.delivery_address.country:
        findings.add("BR-IC-12", "/delivery_address")


def _check_not_subject(declared: set[str], uses: list[_Use], findings: Findings) -> None:
    if declared != {"O"}:
        findings.add("BR-O-11", "/tax_breakdown")
    for rule, code in (("02", "BR-O-12"), ("03", "BR-O-13"), ("04", "BR-O-14")):
        if any(use.parties_rule == rule and use.tax.code != "O" for use in uses):
            findings.add(code, "/lines" if rule == "02" else "/allowances_charges")


def _check_split_payment(invoice: Invoice, codes: set[str], findings: Findings) -> None:
    addresses = [party.address for party in (invoice.seller, invoice.buyer, invoice.tax_representative) if party]
    countries = {address.country for address in (*addresses, invoice.delivery_address) if address and address.country}
    if countries - {"IT"}:
        findings.add("BR-B-01", "")
    if "S" in codes:
        findings.add("BR-B-02", "")

"""What every line must say, and what its own figures must add up to."""

from decimal import Decimal

from comptroller.domain.documents import code_lists
from comptroller.domain.documents.findings import Findings
from comptroller.domain.documents.model import AllowanceCharge, Invoice, Line
from comptroller.domain.documents.rules_totals import check_reason_and_cents, has_cents, rounded
from comptroller.domain.kernel.money import ZERO

_LINE_SLACK = Decimal("0.02")  # what the network profiles of EN 16931 allow between a line and its price


def check_lines(invoice: Invoice, findings: Findings) -> None:
    """Check each line by itself."""
    if not invoice.lines:
        findings.add("BR-16", "/lines")
    for index, line in enumerate(invoice.lines):
        path = f"/lines/{index}"
        _check_presence(line, path, findings)
        _check_item(line, path, findings)
        _check_period(line, path, findings)
        for place, entry in enumerate(line.allowances_charges):
            _check_allowance_charge(entry, f"{path}/allowances_charges/{place}", findings)
        _check_amount(line, path, findings)


def _check_presence(line: Line, path: str, findings: Findings) -> None:
    findings.require(line.id, "BR-21", f"{path}/id")
    findings.require(line.quantity, "BR-22", f"{path}/quantity")
    findings.require(line.unit, "BR-23", f"{path}/unit")
    findings.require(line.net_amount, "BR-24", f"{path}/net_amount")
    findings.require(line.name, "BR-25", f"{path}/name")
    findings.require(line.net_price, "BR-26", f"{path}/net_price")
    if line.tax is None or not line.tax.code:
        findings.add("BR-CO-04", path)
    elif line.tax.code not in code_lists.TAX_CATEGORIES:
        findings.add("BR-CL-18", f"{path}/tax", f"`{line.tax.code[:40]}`")
    if line.net_price is not None and line.net_price < ZERO:
        findings.add("BR-27", f"{path}/net_price")
    if line.gross_price is not None and line.gross_price < ZERO:
        findings.add("BR-28", f"{path}/gross_price")


def _check_item(line: Line, path: str, findings: Findings) -> None:
    if line.standard_item_id is not None:
        findings.require(line.standard_item_id.scheme, "BR-64", f"{path}/standard_item_id")
    for place, classification in enumerate(line.classifications):
        findings.require(classification.scheme, "BR-65", f"{path}/classifications/{place}")
    for place, attribute in enumerate(line.attributes):
        if not (attribute.name and attribute.value):
            findings.add("BR-54", f"{path}/attributes/{place}")
    if line.origin_country and line.origin_country not in code_lists.COUNTRIES:
        findings.add("BR-CL-15", f"{path}/origin_country", f"`{line.origin_country[:40]}`")


def _check_period(line: Line, path: str, findings: Findings) -> None:
    if line.period is None:
        return
    start, end = line.period.start, line.period.end
    if start is None and end is None:
        findings.add("BR-CO-20", f"{path}/period")
    elif start is not None and end is not None and end < start:
        findings.add("BR-30", f"{path}/period", f"{start} to {end}")


def _check_allowance_charge(entry: AllowanceCharge, path: str, findings: Findings) -> None:
    codes = (
        ("BR-43", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28")
        if entry.is_charge
        else ("BR-41", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25")
    )
    no_amount, *others = codes
    findings.require(entry.amount, no_amount, f"{path}/amount")
    check_reason_and_cents(entry, path, others, findings)


def _check_amount(line: Line, path: str, findings: Findings) -> None:
    if line.net_amount is None:
        return
    if not has_cents(line.net_amount):
        findings.add("BR-DEC-23", path)
    if line.quantity is None or line.net_price is None:
        return
    if line.price_base_quantity is not None and line.price_base_quantity <= 0:
        findings.add("DOC-PRICE-01", path)
        return
    base = line.price_base_quantity or Decimal(1)
    wanted = line.quantity * line.net_price / base
    for entry in line.allowances_charges:
        amount = entry.amount or ZERO
        wanted += amount if entry.is_charge else -amount
    if abs(rounded(wanted) - line.net_amount) > _LINE_SLACK:
        findings.add("DOC-LINE-01", path, f"{line.net_amount:f}, calculated {rounded(wanted):f}")

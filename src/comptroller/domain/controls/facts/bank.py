"""The account that would be paid, beside the master's."""

from comptroller.domain.controls import numbers
from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.controls.facts.supplier import older_records
from comptroller.domain.documents.model import BankAccount, Invoice, Supplier


def bank_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State whether the account to be paid is the master's, and how it stands."""
    supplier = context.supplier
    stated = stated_account(invoice)
    account = _master_account(supplier, stated)
    older = older_records(supplier, context.twins) if supplier is not None else None
    seller, payee = invoice.seller, invoice.payee
    paid_account = numbers.identifier(account.account) if account is not None else ""
    return {
        "account stated": bool(stated),
        "account matches": None if supplier is None else bool(stated) and account is not None,
        "account changed": account.changed_on if account is not None else None,
        "account changed before": None if account is None else account.changed_on is not None,
        "account verified": None
        if account is None
        else bool(account.verified_by) and account.verified_by != account.changed_by,
        "account country": _account_country(stated or paid_account),
        "payee differs": payee is not None and bool(payee.name) and (seller is None or payee.name != seller.name),
        "assignment notice": context.assignment_notice,
        "payee verification": (account.payee_check or None) if account is not None else None,
        "employees with the account": None
        if context.employees_with_account is None
        else [*context.employees_with_account],
        "shared with": None
        if older is None
        else [
            twin.id
            for twin in older
            if paid_account and any(numbers.identifier(other.account) == paid_account for other in twin.accounts)
        ],
    }


def stated_account(invoice: Invoice) -> str:
    """Read the account that the invoice asks to be paid to (BT-84); empty when it names none.

    A direct debit asks for no payment, whatever account it names.
    """
    accounts = (payment.account for payment in invoice.payments if payment.means_code not in _DIRECT_DEBITS)
    return next((numbers.identifier(account) for account in accounts if account), "")


_DIRECT_DEBITS = frozenset({"49", "59"})
"""UNTDID 4461: direct debit, SEPA direct debit."""


def paid_account(invoice: Invoice, supplier: Supplier | None) -> str:
    """Read the account that would be paid: the invoice's, else the only one of the master; empty where neither says."""
    stated = stated_account(invoice)
    account = _master_account(supplier, stated)
    return stated or (numbers.identifier(account.account) if account is not None else "")


def _master_account(supplier: Supplier | None, stated: str) -> BankAccount | None:
    """Pick the master's account that would be paid: the stated one, or the only one when the invoice states none."""
    if supplier is None:
        return None
    if stated:
        return next((account for account in supplier.accounts if numbers.identifier(account.account) == stated), None)
    return supplier.accounts[0] if len(supplier.accounts) == 1 else None


def _account_country(account: str) -> str | None:
    """Read the country of an IBAN; "none" for an account that is no IBAN, None for no account."""
    if not account:
        return None
    is_iban = len(account) >= 15 and account[:2].isalpha() and account[2:4].isdigit()
    return account[:2] if is_iban else "none"

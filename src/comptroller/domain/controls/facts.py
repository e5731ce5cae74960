"""The facts of an invoice under the names that the decision tables use.

One flat mapping serves every decision of the accounts-payable pack. Amounts named "value" and `amount` are in the
group's currency, unrounded; all others are in the document's. Percentages are sizes. None means: not known.

Document   `document kind` (invoice, credit note), `document type` (BT-3), `document number`, `currency`, `net`, `tax`,
           `gross`, `amount` (what authority is measured on: the size of the net in group currency), `preceding count`,
           `document charges` (sum at document level), `order number` ("" for none), `missing content` (list of text),
           `faults` (list of {code, severity, by, path, message})
Dates      `issue date`, `tax date`, `order date`, `posting date`, `decision date`; `period open`
Entity     `entity`, `entity country`, `group rate`
Supplier   `supplier`, `supplier country`, `supplier status`, `onboarding complete`, `purchasing block`,
           `supplier payment block`, `block reason`, `probation limit`, `contract end`, `older records` (ids of older
           supplier records with the same VAT id or account), `category`
Bank       `account stated`, `account matches`, `account changed` (date), `account changed before`, `account verified`,
           `account country`, `payee differs`, `assignment notice`, `shared with` (ids of older records)
Candidates `candidates`: list of {case, number, relation, `same supplier`, `same vat id`, `same account`,
           `same entity`, `same currency`, `same gross`, `same kind`, state, later, cleared}
Order      `order known`, `order status`, `order type`, `order match`, `order released`, `order supplier same`,
           `order entity same`, `order currency same`
Lines      `lines`: list of {line, known, group, serialised, `unit same`, quantity, net, difference, side (over, under,
           none), percent, value, received, available, `over receipt`, `over receipt percent`, `over receipt value`,
           `over order`, `over order percent`, `over order value`}
Tax        `tax rows`: list of {category, rate, taxable, amount, difference, exempt}; `seller vat same`,
           `buyer vat same`, `seller registered`
People     `requester`, `enterer`, `orderer`, `cost centre` ("" for none), `receivers` (list), `signed steps` (list of
           step keys)
"""

from datetime import date
from decimal import Decimal

from comptroller.domain.controls import numbers
from comptroller.domain.controls.context import Candidate, InvoiceContext
from comptroller.domain.controls.matching import LineMatch, match_lines
from comptroller.domain.controls.tax import tax_rows
from comptroller.domain.documents.model import BankAccount, Invoice, Supplier
from comptroller.domain.kernel.money import CONTEXT, ZERO

FactValue = None | bool | str | Decimal | date | list["FactValue"] | dict[str, "FactValue"]
"""What a fact may be: a subset of the values of FEEL."""

Facts = dict[str, FactValue]


def invoice_facts(invoice: Invoice, context: InvoiceContext, matches: tuple[LineMatch, ...] | None = None) -> Facts:
    """State every fact of an invoice that a decision may ask for; `matches` saves measuring the lines twice."""
    return {
        **_document_facts(invoice, context),
        **_supplier_facts(context),
        **_bank_facts(invoice, context),
        **_order_facts(invoice, context),
        **_tax_facts(invoice, context),
        "candidates": _candidate_facts(invoice, context),
        "lines": [_line_facts(match) for match in (match_lines(invoice, context) if matches is None else matches)],
        "requester": context.requester,
        "enterer": context.enterer,
        "orderer": context.order.created_by if context.order is not None else "",
        "receivers": [*dict.fromkeys(receipt.received_by for receipt in context.receipts or ())],
        "cost centre": context.cost_centre,
        "signed steps": [signature.step for signature in context.signatures],
    }


def authority_amount(invoice: Invoice, context: InvoiceContext) -> Decimal | None:
    """Measure what authority is asked for: the size of the net amount (BT-109) in the group's currency, unrounded."""
    net = invoice.totals.net
    if net is None or context.rate is None:
        return None
    return CONTEXT.multiply(abs(net), context.rate)


def stated_account(invoice: Invoice) -> str:
    """Read the account that the invoice asks to be paid to (BT-84); empty when it names none.

    A direct debit asks for no payment, whatever account it names.
    """
    accounts = (payment.account for payment in invoice.payments if payment.means_code not in _DIRECT_DEBITS)
    return next((numbers.identifier(account) for account in accounts if account), "")


_DIRECT_DEBITS = frozenset({"49", "59"})
"""UNTDID 4461: direct debit, SEPA direct debit."""


def _document_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    faults = context.faults
    charges = ZERO
    for item in invoice.allowances_charges:
        if item.is_charge and item.amount is not None:
            charges = CONTEXT.add(charges, item.amount)
    return {
        "document kind": "credit note" if invoice.is_credit_note else "invoice",
        "document type": invoice.type_code or None,
        "document number": invoice.number or None,
        "currency": invoice.currency or None,
        "net": invoice.totals.net,
        "tax": invoice.totals.tax,
        "gross": invoice.totals.gross,
        "amount": authority_amount(invoice, context),
        "preceding count": Decimal(len(invoice.preceding)),
        "document charges": charges,
        "order number": invoice.order_number,
        "missing content": _missing(invoice),
        "faults": None
        if faults is None
        else [
            {
                "code": fault.code,
                "severity": fault.severity.value,
                "by": fault.by,
                "path": fault.path,
                "message": fault.message,
            }
            for fault in faults
        ],
        "issue date": invoice.issue_date,
        "tax date": invoice.tax_date,
        "order date": context.order.order_date if context.order is not None else None,
        "posting date": context.posting_date,
        "decision date": context.today,
        "period open": context.period_open,
        "entity": context.entity.code if context.entity is not None else None,
        "entity country": context.entity.country if context.entity is not None else None,
        "group rate": context.rate,
    }


def _missing(invoice: Invoice) -> list[FactValue]:
    """List the legal content that is absent, in the words of the tables."""
    seller, buyer, totals = invoice.seller, invoice.buyer, invoice.totals
    present = (
        ("number", bool(invoice.number)),
        ("issue date", invoice.issue_date is not None),
        ("seller tax id", seller is not None and bool(seller.vat_id or seller.tax_registration)),
        ("buyer name", buyer is not None and bool(buyer.name)),
        ("buyer VAT id", buyer is not None and bool(buyer.vat_id)),
        ("delivery date", (invoice.delivery_date or invoice.tax_point or invoice.period) is not None),
        ("line total", totals.line_net is not None),
        ("net total", totals.net is not None),
        ("gross total", totals.gross is not None),
        ("payable", totals.payable is not None),
    )
    return [name for name, there in present if not there]


def _supplier_facts(context: InvoiceContext) -> Facts:
    supplier = context.supplier
    if supplier is None:
        return dict.fromkeys(_SUPPLIER_FACTS)
    older = _older(supplier, context.twins)
    return {
        "supplier": supplier.id,
        "supplier country": supplier.country or None,
        "supplier status": supplier.status or None,
        "onboarding complete": supplier.onboarding_complete,
        "purchasing block": supplier.purchasing_block,
        "supplier payment block": supplier.payment_block,
        "block reason": supplier.block_reason,
        "probation limit": supplier.probation_limit,
        "contract end": supplier.contract_end,
        "older records": None if older is None else [twin.id for twin in older],
        "category": supplier.category or None,
    }


_SUPPLIER_FACTS = (
    "supplier",
    "supplier country",
    "supplier status",
    "onboarding complete",
    "purchasing block",
    "supplier payment block",
    "block reason",
    "probation limit",
    "contract end",
    "older records",
    "category",
)


def _older(supplier: Supplier, twins: tuple[Supplier, ...] | None) -> list[Supplier] | None:
    """Keep the twins that were there first: of two records for one supplier only the later is in question."""
    if twins is None:
        return None
    own = (supplier.created_on or date.min, supplier.id)
    return [twin for twin in twins if (twin.created_on or date.min, twin.id) < own]


def _bank_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    supplier = context.supplier
    stated = stated_account(invoice)
    account = _master_account(supplier, stated)
    older = _older(supplier, context.twins) if supplier is not None else None
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
        "shared with": None
        if older is None
        else [
            twin.id
            for twin in older
            if paid_account and any(numbers.identifier(other.account) == paid_account for other in twin.accounts)
        ],
    }


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


def _candidate_facts(invoice: Invoice, context: InvoiceContext) -> FactValue:
    if context.candidates is None:
        return None
    account = stated_account(invoice)
    vat_id = numbers.identifier(invoice.seller.vat_id) if invoice.seller is not None else ""
    if context.supplier is not None:
        vat_id = numbers.identifier(context.supplier.vat_id) or vat_id
    return [
        {
            "case": candidate.case_id,
            "number": candidate.number,
            "relation": numbers.relation(invoice.number, candidate.number),
            "same supplier": context.supplier is not None and candidate.supplier == context.supplier.id,
            "same vat id": bool(vat_id) and numbers.identifier(candidate.vat_id) == vat_id,
            "same account": bool(account) and numbers.identifier(candidate.account) == account,
            "same entity": context.entity is not None and candidate.entity == context.entity.code,
            "same currency": candidate.currency == invoice.currency,
            "same gross": _same(candidate.gross, invoice.totals.gross),
            "same kind": (candidate.type_code in CREDIT_NOTE_TYPES) == invoice.is_credit_note,
            "state": candidate.status or None,
            "later": _is_later(candidate, context),
            "cleared": candidate.case_id in context.cleared,
        }
        for candidate in context.candidates
    ]


CREDIT_NOTE_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""SOURCE: UNTDID 1001, the codes that EN 16931 reads as credit notes."""


def _same(one: Decimal | None, other: Decimal | None) -> bool | None:
    return None if one is None or other is None else one == other


def _is_later(candidate: Candidate, context: InvoiceContext) -> bool:
    """Tell whether the other case came after this one; when that is not known it counts as the earlier."""
    if candidate.received_at is None or context.received_at is None:
        return False
    return candidate.received_at > context.received_at


def _order_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    order = context.order
    if order is None:
        return {**dict.fromkeys(_ORDER_FACTS), "order known": False}
    return {
        "order known": True,
        "order status": order.status or None,
        "order type": order.order_type or None,
        "order match": order.match or None,
        "order released": bool(order.released_by) and order.released_by != order.created_by,
        "order supplier same": context.supplier is not None and order.supplier == context.supplier.id,
        "order entity same": context.entity is not None and order.entity == context.entity.code,
        "order currency same": order.currency == invoice.currency,
    }


_ORDER_FACTS = (
    "order known",
    "order status",
    "order type",
    "order match",
    "order released",
    "order supplier same",
    "order entity same",
    "order currency same",
)


def _line_facts(match: LineMatch) -> FactValue:
    line, order_line = match.line, match.order_line
    difference, receipt, order = match.price_difference, match.over_receipt, match.over_order
    side = None
    if difference is not None:
        side = "none" if difference == 0 else "over" if difference > 0 else "under"
    return {
        "line": line.id or None,
        "known": order_line is not None,
        "group": order_line.material_group or None if order_line is not None else None,
        "serialised": order_line.serialised if order_line is not None else None,
        "unit same": line.unit == order_line.unit if order_line is not None and line.unit else None,
        "quantity": match.quantity,
        "net": line.net_amount,
        "difference": difference,
        "side": side,
        "percent": match.price_percent,
        "value": match.price_value,
        "received": match.received,
        "available": match.available,
        "over receipt": receipt.quantity if receipt is not None else None,
        "over receipt percent": receipt.percent if receipt is not None else None,
        "over receipt value": receipt.value if receipt is not None else None,
        "over order": order.quantity if order is not None else None,
        "over order percent": order.percent if order is not None else None,
        "over order value": order.value if order is not None else None,
    }


def _tax_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    seller_vat = numbers.identifier(invoice.seller.vat_id) if invoice.seller is not None else ""
    buyer_vat = numbers.identifier(invoice.buyer.vat_id) if invoice.buyer is not None else ""
    supplier, entity = context.supplier, context.entity
    master_vat = numbers.identifier(supplier.vat_id) if supplier is not None else ""
    return {
        "tax rows": [
            {
                "category": row.category,
                "rate": row.rate,
                "taxable": row.taxable,
                "amount": row.amount,
                "difference": row.difference,
                "exempt": row.exemption_stated,
            }
            for row in tax_rows(invoice)
        ],
        "seller vat same": seller_vat == master_vat if supplier is not None and seller_vat else None,
        "buyer vat same": buyer_vat == numbers.identifier(entity.vat_id) if entity is not None and buyer_vat else None,
        "seller registered": bool(master_vat) if supplier is not None else None,
    }

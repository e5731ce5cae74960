"""The other cases that may be the same document."""

from decimal import Decimal

from comptroller.domain.controls import numbers
from comptroller.domain.controls.context import Candidate, InvoiceContext
from comptroller.domain.controls.facts.bank import stated_account
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.documents.model import Invoice


def candidate_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """Tell of each candidate how it relates to this document."""
    return {"candidates": _candidates(invoice, context)}


def _candidates(invoice: Invoice, context: InvoiceContext) -> FactValue:
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

"""The other cases that may be the same document."""

from decimal import Decimal

from comptroller.domain.controls import numbers, similarity
from comptroller.domain.controls.context import Candidate, InvoiceContext
from comptroller.domain.controls.facts.bank import stated_account
from comptroller.domain.controls.facts.document_types import CREDIT_NOTE_TYPES
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.controls.marks import line_marks, period_text
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.money import CONTEXT


def candidate_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """Tell of each candidate how it relates to this document."""
    if context.candidates is None:
        return {"candidates": None}
    gross = invoice.totals.gross
    times = Decimal(1 + sum(gross is not None and candidate.gross == gross for candidate in context.candidates))
    return {
        "candidates": [_candidate(invoice, context, candidate) | {"times": times} for candidate in context.candidates]
    }


def _candidate(invoice: Invoice, context: InvoiceContext, candidate: Candidate) -> Facts:
    days = None
    if candidate.issue_date is not None and invoice.issue_date is not None:
        days = Decimal(abs((candidate.issue_date - invoice.issue_date).days))
    period = period_text(invoice)
    return {
        "case": candidate.case_id,
        "number": candidate.number,
        "relation": numbers.relation(invoice.number, candidate.number),
        **supplier_relation(invoice, context, candidate),
        "same entity": context.entity is not None and candidate.entity == context.entity.code,
        "same currency": candidate.currency == invoice.currency,
        "same gross": _same(candidate.gross, invoice.totals.gross),
        "same net": _same(candidate.net, invoice.totals.net),
        "days": days,
        "same kind": (candidate.type_code in CREDIT_NOTE_TYPES) == invoice.is_credit_note,
        "document type": candidate.type_code or None,
        "same period": period == candidate.period if period and candidate.period else None,
        "line overlap": _line_overlap(invoice, candidate),
        "order line overlap": _order_line_overlap(invoice, candidate),
        "source": candidate.source,
        "same source": candidate.source == "AP",
        "one file": False,
        "same batch": None,
        "same requester": context.requester == candidate.requester
        if context.requester and candidate.requester
        else None,
        "credit": invoice.is_credit_note,
        "state": candidate.status or None,
        "later": _is_later(candidate, context),
        "cleared": candidate.case_id in context.cleared,
    }


def supplier_relation(invoice: Invoice, context: InvoiceContext, candidate: Candidate) -> Facts:
    """Tell why the other document's supplier may be this one's: the strongest reason, and how the names relate."""
    supplier, seller = context.supplier, invoice.seller
    account = stated_account(invoice)
    vat_id = numbers.identifier(seller.vat_id) if seller is not None else ""
    name = seller.name if seller is not None else ""
    group = ""
    if supplier is not None:
        vat_id = numbers.identifier(supplier.vat_id) or vat_id
        name, group = supplier.name, supplier.corporate_group
    names = similarity.relation(name, candidate.supplier_name)
    relation = None
    if supplier is not None and candidate.supplier == supplier.id:
        relation = "same"
    elif vat_id and numbers.identifier(candidate.vat_id) == vat_id:
        relation = "same VAT id"
    elif account and numbers.identifier(candidate.account) == account:
        relation = "same account"
    elif group and candidate.group == group:
        relation = "same group"
    elif names is not None:
        relation = "other" if names == "different" else "similar name"
    elif supplier is not None and candidate.supplier:
        relation = "other"
    return {"supplier relation": relation, "names": names}


def _line_overlap(invoice: Invoice, candidate: Candidate) -> Decimal | None:
    """The share of this document's lines, in percent, that the other one has too: same name and net."""
    marks = line_marks(invoice)
    if candidate.lines is None or not marks:
        return None
    theirs = [(mark.name, mark.net) for mark in candidate.lines]
    shared = 0
    for mark in marks:
        if (mark.name, mark.net) in theirs:
            theirs.remove((mark.name, mark.net))
            shared += 1
    return CONTEXT.divide(Decimal(100 * shared), Decimal(len(marks)))


def _order_line_overlap(invoice: Invoice, candidate: Candidate) -> bool | None:
    """Whether both bill a line of one order; None where the other's lines are not known."""
    if candidate.lines is None:
        return None
    theirs = {mark.order_line for mark in candidate.lines if mark.order_line}
    return any(mark.order_line in theirs for mark in line_marks(invoice) if mark.order_line)


def _same(one: Decimal | None, other: Decimal | None) -> bool | None:
    return None if one is None or other is None else one == other


def _is_later(candidate: Candidate, context: InvoiceContext) -> bool:
    """Tell whether the other case came after this one; when that is not known it counts as the earlier."""
    if candidate.received_at is None or context.received_at is None:
        return False
    return candidate.received_at > context.received_at

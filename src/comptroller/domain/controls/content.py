"""What a signer is shown, and the hash that a signature binds.

A person signs fields, not bytes: supplier, number, dates, amounts, lines, account, cost centre, and why the document
came to them. The same fields give the same hash whatever format the document came in; one changed field gives another
hash, and `changes` names it, so that a signature falls with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts import stated_account
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.canonical_json import Json, digest


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs from what was signed; None where a side did not have it."""

    field: str
    old: Json
    new: Json


def shown_fields(invoice: Invoice, context: InvoiceContext, route_reason: str) -> dict[str, Json]:
    """Collect the fields of an approval, in the order in which they are shown."""
    supplier, totals = context.supplier, invoice.totals
    seller = invoice.seller
    return {
        "entity": context.entity.code if context.entity is not None else "",
        "supplier": supplier.id if supplier is not None else "",
        "supplier name": supplier.name if supplier is not None else (seller.name if seller is not None else ""),
        "kind": invoice.kind.value,
        "type": invoice.type_code,
        "number": invoice.number,
        "issue date": invoice.issue_date,
        "tax date": invoice.tax_date,
        "due date": invoice.due_date,
        "order": invoice.order_number,
        "preceding invoices": [preceding.number for preceding in invoice.preceding],
        "requester": context.requester,
        "cost centre": context.cost_centre,
        "currency": invoice.currency,
        "net": totals.net,
        "tax": totals.tax,
        "gross": totals.gross,
        "payable": totals.payable,
        "account": stated_account(invoice),
        "payee": invoice.payee.name if invoice.payee is not None else "",
        "lines": [
            {
                "line": line.id,
                "name": line.name,
                "quantity": line.quantity,
                "unit": line.unit,
                "price": line.net_price,
                "net": line.net_amount,
                "cost centre": line.accounting_reference,
            }
            for line in invoice.lines
        ],
        "route": route_reason,
    }


def content_hash(fields: Mapping[str, Json]) -> str:
    """Hash the fields shown: SHA-256 of their canonical JSON, in lower-case hexadecimal."""
    return digest(dict(fields))


def changes(signed: Mapping[str, Json], now: Mapping[str, Json]) -> tuple[Change, ...]:
    """Name every field that is not what was signed; numbers and dates compare as they are written.

    Both sides may come from `shown_fields` or, read back, from stored canonical JSON.
    """
    names = [*signed, *(name for name in now if name not in signed)]
    return tuple(
        Change(name, signed.get(name), now.get(name))
        for name in names
        if (name in signed) != (name in now) or digest(signed.get(name)) != digest(now.get(name))
    )

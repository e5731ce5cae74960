"""The contract or blanket order that a document counts against: its days, its ceiling, its prices."""

from datetime import date
from decimal import Decimal, localcontext

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.documents.model import Invoice, Line, Order
from comptroller.domain.documents.purchasing import Contract, ListedPrice
from comptroller.domain.kernel.money import CONTEXT, round_money


def ceiling_facts(invoice: Invoice, context: InvoiceContext) -> Facts:
    """State what the document counts against; `contract source` is `none` where it names nothing of the kind."""
    facts: Facts = dict.fromkeys(_FACTS)
    facts["contract claim"] = invoice.totals.net
    facts["listed prices"] = []
    order, ceiling = context.order, context.ceiling
    if order is not None and order.order_type == "blanket":
        return facts | _blanket(invoice, context, order)
    if ceiling is None:
        return facts | {"contract source": "none"}
    if ceiling.contract is None:
        named = order is not None and order.order_type == "framework"
        return facts | {"contract source": "unknown" if named else "none"}
    return facts | _contract(invoice, context, ceiling.contract, ceiling.taken)


_FACTS = (
    "contract source",
    "contract number",
    "contract released",
    "contract active",
    "contract supplier same",
    "contract entity same",
    "contract currency same",
    "contract starts",
    "contract ends",
    "contract day",
    "days after contract",
    "contract ceiling",
    "contract consumed",
    "contract claim",
    "call-off allowed",
    "prices indexed",
    "listed prices",
)


def _blanket(invoice: Invoice, context: InvoiceContext, order: Order) -> Facts:
    ceiling = context.ceiling
    return {
        "contract source": "blanket order",
        "contract number": order.number,
        "contract released": bool(order.released_by) and order.released_by != order.created_by,
        "contract active": order.status == "open",
        "contract supplier same": context.supplier is not None and order.supplier == context.supplier.id,
        "contract entity same": context.entity is not None and order.entity == context.entity.code,
        "contract currency same": order.currency == invoice.currency,
        "contract starts": order.valid_from or order.order_date,
        "contract ends": order.valid_to,
        "contract day": invoice.tax_date,
        "days after contract": _days_after(order.valid_to, context),
        "contract ceiling": order.ceiling,
        "contract consumed": _consumed(order.consumed, ceiling.taken if ceiling is not None else None),
        "call-off allowed": True,
        "prices indexed": False,
    }


def _contract(invoice: Invoice, context: InvoiceContext, contract: Contract, taken: Decimal | None) -> Facts:
    order = context.order
    day = order.order_date if order is not None else invoice.tax_date
    return {
        "contract source": "contract",
        "contract number": contract.number,
        "contract released": bool(contract.released_by) and contract.released_by != contract.created_by,
        "contract active": contract.status == "active",
        "contract supplier same": context.supplier is not None and contract.supplier == context.supplier.id,
        "contract entity same": context.entity is not None and contract.entity == context.entity.code,
        "contract currency same": contract.currency == invoice.currency,
        "contract starts": contract.valid_from,
        "contract ends": contract.valid_to,
        "contract day": day,
        "days after contract": _days_after(contract.valid_to, context),
        "contract ceiling": contract.ceiling,
        "contract consumed": _consumed(contract.consumed, taken),
        "call-off allowed": contract.call_off,
        "prices indexed": contract.indexed,
        "listed prices": [_listed(line, invoice, context, contract, day) for line in invoice.lines]
        if contract.prices
        else [],
    }


def _consumed(before: Decimal, taken: Decimal | None) -> Decimal | None:
    return None if taken is None else CONTEXT.add(before, taken)


def _days_after(end: date | None, context: InvoiceContext) -> FactValue:
    """How long after the end the document came: a supplier's own delivery date alone reaches no ended contract."""
    return None if end is None else Decimal((context.today - end).days)


def _listed(line: Line, invoice: Invoice, context: InvoiceContext, contract: Contract, day: date | None) -> FactValue:
    """State one line beside the price list: what it bills over what the list would have billed, in group currency."""
    item = _item(line, context.order)
    listed = next((price for price in contract.prices if _is_price_of(price, item, line.unit, day)), None)
    if listed is None or line.quantity is None or line.net_amount is None:
        return {"line": line.id or None, "listed": listed is not None, "over": None, "value": None}
    with localcontext(CONTEXT):
        expected = round_money(listed.price * line.quantity / listed.base_quantity, invoice.currency)
        over = line.net_amount - expected
        value = over * context.rate if context.rate is not None else None
    return {"line": line.id or None, "listed": True, "over": over, "value": value}


def _item(line: Line, order: Order | None) -> str:
    ordered = next((each for each in order.lines if each.id == line.order_line), None) if order is not None else None
    return (ordered.item if ordered is not None else "") or line.buyer_item_id or line.item_id


def _is_price_of(price: ListedPrice, item: str, unit: str, day: date | None) -> bool:
    if price.item != item or price.unit != unit or day is None:
        return False
    return (price.valid_from or day) <= day <= (price.valid_to or day)

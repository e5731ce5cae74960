"""UBL 2.1 Order, OrderChange, OrderCancellation, DespatchAdvice and ReceiptAdvice to documents of purchasing.

# SOURCE: Peppol BIS Ordering 3, Advanced Ordering 3, Despatch Advice 3; UNCL 1229 for the status of a changed line.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from comptroller.adapters.einvoice.node import Node
from comptroller.adapters.einvoice.ubl import read_party
from comptroller.adapters.einvoice.values import Values
from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.documents.model import Party
from comptroller.domain.documents.purchase import PurchaseDocument, PurchaseKind
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import CONTEXT, decimal_text

_UBL: Final = "{urn:oasis:names:specification:ubl:schema:xsd:"
DELETED: Final = "2"
_RECEIVED: Final = "cbc:ReceivedQuantity"
OTHERS: Final = ("OrderResponse", "OrderResponseSimple", "ApplicationResponse", "Catalogue", "RequestForQuotation")
"""Documents of purchasing that say nothing which invoices are matched with."""


def read_purchase(data: bytes) -> PurchaseDocument | tuple[Fault, ...] | None:
    """Read a document of purchasing; None when the bytes are none, faults when it is one that is not taken in."""
    if b"ubl:schema:xsd:" not in data[:8192]:
        return None
    root = read_xml(data)
    if isinstance(root, tuple):
        return None  # whoever reads invoices says what is wrong with it
    namespace, _, name = str(root.tag).partition("}")
    if namespace != f"{_UBL}{name}-2":
        return None
    reader = _READERS.get(name)
    if reader is not None:
        return reader(Node(root))
    if name not in OTHERS:
        return None
    message = f"a document of the kind `{name}` says nothing that invoices are matched with"
    return (Fault("PURCHASE-KIND-01", f"/{name}", message, by="reader", help="send orders and receipts"),)


def is_purchase_root(tag: str) -> bool:
    """Whether a root is one of purchasing that is taken in."""
    namespace, _, name = tag.partition("}")
    return name in _READERS and namespace == f"{_UBL}{name}-2"


def _order(root: Node) -> PurchaseDocument:
    return _any_order(root, PurchaseKind.ORDER)


def _change(root: Node) -> PurchaseDocument:
    return _any_order(root, PurchaseKind.ORDER_CHANGE)


def _any_order(root: Node, kind: PurchaseKind) -> PurchaseDocument:
    values = Values()
    number = values.text(root, "cbc:ID")
    is_change = kind is PurchaseKind.ORDER_CHANGE
    order = values.text(root, "cac:OrderReference/cbc:ID") if is_change else number
    issued = values.day(root, "cbc:IssueDate")
    items = _lines(values, root, "cac:OrderLine")
    found = [item for line in items for item in line.findall("cac:LineItem")]
    removed = tuple(values.text(i, "cbc:ID") for i in found if values.text(i, "cbc:LineStatusCode") == DELETED)
    kept = [item for item in found if values.text(item, "cbc:LineStatusCode") != DELETED]
    _tell_twice(values, kept)
    currency = values.text(root, "cbc:DocumentCurrencyCode") or values.text(root, "cbc:PricingCurrencyCode")
    body: dict[str, Any] = {
        "number": order,
        "currency": currency or next(iter(values.currencies), ""),
        "order_date": issued.isoformat() if issued else "",
        "contract": values.text(root, "cac:Contract/cbc:ID"),
        "lines": [_order_line(values, item) for item in kept],
    }
    until = values.day(root, "cac:ValidityPeriod/cbc:EndDate")
    if until is not None:
        body["valid_to"] = until.isoformat()
    incoterm = values.text(root, "cac:DeliveryTerms/cbc:ID")
    return PurchaseDocument(
        kind,
        number,
        order,
        read_party(values, root.find("cac:SellerSupplierParty/cac:Party")),
        read_party(values, root.find("cac:BuyerCustomerParty/cac:Party")),
        values.text(root, "cbc:CustomerReference"),
        {name: value for name, value in (body | {"incoterm": incoterm}).items() if value not in ("", [])},
        removed,
        tuple(values.faults),
    )


def _order_line(values: Values, item: Node) -> dict[str, Any]:
    quantity = _quantity(values, item, "cbc:Quantity")
    price, net = values.amount(item, "cac:Price/cbc:PriceAmount"), values.amount(item, "cbc:LineExtensionAmount")
    base = values.decimal(item, "cac:Price/cbc:BaseQuantity")
    count = values.decimal_in(quantity)
    is_estimated = price is None
    if price is None and net is not None and count:
        price = CONTEXT.divide(net, count)
    product = item.find("cac:Item")
    description = values.text(product, "cbc:Description").split("\n")[0]
    line = {
        "id": values.text(item, "cbc:ID"),
        "name": values.text(product, "cbc:Name") or description or "?",
        "quantity": decimal_text(count or Decimal(0)),
        "unit": values.attribute(quantity, "unitCode"),
        "price": decimal_text(price or Decimal(0)),
        "item": values.text(product, "cac:BuyersItemIdentification/cbc:ID"),
        "cost_centre": values.text(item, "cbc:AccountingCost"),
    }
    extra: dict[str, Any] = {"price_base_quantity": decimal_text(base)} if base else {}
    extra |= {"price_estimated": True} if is_estimated else {}
    return {name: value for name, value in line.items() if value or name in {"id", "unit"}} | extra


def _cancellation(root: Node) -> PurchaseDocument:
    values = Values()
    return PurchaseDocument(
        PurchaseKind.ORDER_CANCELLATION,
        values.text(root, "cbc:ID"),
        values.text(root, "cac:OrderReference/cbc:ID"),
        *_parties(values, root, "cac:SellerSupplierParty", "cac:BuyerCustomerParty"),
        "",
        {"status": "cancelled"},
        (),
        tuple(values.faults),
    )


def _despatch(root: Node) -> PurchaseDocument:
    return _delivery(root, PurchaseKind.DESPATCH_ADVICE, "cac:DespatchLine", "cbc:DeliveredQuantity")


def _receipt(root: Node) -> PurchaseDocument:
    return _delivery(root, PurchaseKind.RECEIPT_ADVICE, "cac:ReceiptLine", _RECEIVED)


def _delivery(root: Node, kind: PurchaseKind, lines: str, quantity: str) -> PurchaseDocument:
    values = Values()
    issued = values.day(root, "cbc:IssueDate")
    found = _lines(values, root, lines)
    order = values.text(root, "cac:OrderReference/cbc:ID") or next(
        (name for line in found if (name := values.text(line, "cac:OrderLineReference/cac:OrderReference/cbc:ID"))), ""
    )
    _tell_other_orders(values, found, order)
    name = "received_on" if kind is PurchaseKind.RECEIPT_ADVICE else "despatched_on"
    body: dict[str, Any] = {
        "number": values.text(root, "cbc:ID"),
        "order": order,
        name: issued.isoformat() if issued else "",
        "lines": [_delivered(values, line, quantity) for line in found],
    }
    return PurchaseDocument(
        kind,
        body["number"],
        order,
        *_parties(values, root, _SELLER[kind], _BUYER[kind]),
        "",
        body,
        (),
        tuple(values.faults),
    )


_SELLER: Final = {
    PurchaseKind.DESPATCH_ADVICE: "cac:DespatchSupplierParty",
    PurchaseKind.RECEIPT_ADVICE: "cac:DespatchSupplierParty",
}
_BUYER: Final = {
    PurchaseKind.DESPATCH_ADVICE: "cac:DeliveryCustomerParty",
    PurchaseKind.RECEIPT_ADVICE: "cac:DeliveryCustomerParty",
}


def _delivered(values: Values, line: Node, path: str) -> dict[str, Any]:
    """A line with what was kept of it: what was received and rejected goes back, and is not to be paid."""
    quantity = _quantity(values, line, path)
    count = values.decimal_in(quantity) or Decimal(0)
    rejected = values.decimal(line, "cbc:RejectedQuantity") if path == _RECEIVED else None
    return {
        "order_line": values.text(line, "cac:OrderLineReference/cbc:LineID"),
        "quantity": decimal_text(CONTEXT.subtract(count, rejected) if rejected else count),
        "unit": values.attribute(quantity, "unitCode"),
    }


def _quantity(values: Values, line: Node, path: str) -> Node | None:
    """The element of a line's quantity; that there is none is told, since nothing is not meant by it."""
    quantity = line.find(path)
    if quantity is None or not quantity.text:
        message = f"line `{values.text(line, 'cbc:ID')[:40]}` says no quantity"
        values.refuse(line, "PURCHASE-LINE-01", message, "write the quantity, of a change the one that applies now")
    return quantity


def _tell_twice(values: Values, items: list[Node]) -> None:
    """Tell lines of one order that have one number: the second would take the place of the first."""
    known: set[str] = set()
    for item in items:
        number = values.text(item, "cbc:ID")
        if number in known:
            message = f"the order has the line `{number[:40]}` twice"
            values.refuse(item, "PURCHASE-LINE-02", message, "give each line a number of its own")
        known.add(number)


def _tell_other_orders(values: Values, lines: list[Node], order: str) -> None:
    """Tell lines of other orders: a record of what was delivered is about one."""
    for line in lines:
        other = values.text(line, "cac:OrderLineReference/cac:OrderReference/cbc:ID")
        if other and other != order:
            message = f"a line is of order `{other[:40]}`, the document of `{order[:40]}`"
            values.refuse(line, "PURCHASE-ORDER-02", message, "send one document an order")


def _parties(values: Values, root: Node, seller: str, buyer: str) -> tuple[Party | None, Party | None]:
    return (
        read_party(values, root.find(f"{seller}/cac:Party")),
        read_party(values, root.find(f"{buyer}/cac:Party")),
    )


def _lines(values: Values, root: Node, path: str) -> list[Node]:
    found = root.findall(path)
    if len(found) > limits.DOCUMENT_LINES_MAX:
        message = f"{len(found)} lines; at most {limits.DOCUMENT_LINES_MAX} are read"
        values.refuse(found[limits.DOCUMENT_LINES_MAX], "DOC-LINES-01", message, "split the document")
        return []
    return found


_Reader = Callable[[Node], PurchaseDocument]
_READERS: Final[dict[str, _Reader]] = {
    "Order": _order,
    "OrderChange": _change,
    "OrderCancellation": _cancellation,
    "DespatchAdvice": _despatch,
    "ReceiptAdvice": _receipt,
}

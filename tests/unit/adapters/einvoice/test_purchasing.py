import pytest

from comptroller.adapters.einvoice import read_purchase
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.model import Order
from comptroller.domain.documents.purchase import PurchaseDocument, PurchaseKind

NAMES = (
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" '
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"'
)
PARTY = (
    "<cac:{role}><cac:Party><cac:PartyTaxScheme><cbc:CompanyID>{vat}</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID>"
    "</cac:TaxScheme></cac:PartyTaxScheme><cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>"
    "</cac:PartyLegalEntity></cac:Party></cac:{role}>"
)


def document(kind: str, *parts: str) -> bytes:
    """A UBL document of a kind."""
    body = "".join(parts)
    return f'<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" {NAMES}>{body}</{kind}>'.encode()


def parties(seller: str = "SellerSupplierParty", buyer: str = "BuyerCustomerParty") -> str:
    """The two parties of the demonstration."""
    return PARTY.format(role=buyer, vat="DE999942304", name="Brennhof GmbH") + PARTY.format(
        role=seller, vat="DE999940106", name="Nordkupfer Handel GmbH"
    )


def order_line(number: str, quantity: str, price: str, status: str = "") -> str:
    """One line of an order or its change."""
    status = f"<cbc:LineStatusCode>{status}</cbc:LineStatusCode>" if status else ""
    priced = f"<cac:Price><cbc:PriceAmount currencyID='EUR'>{price}</cbc:PriceAmount></cac:Price>" if price else ""
    return (
        f"<cac:OrderLine><cac:LineItem><cbc:ID>{number}</cbc:ID>{status}"
        f"<cbc:Quantity unitCode='KGM'>{quantity}</cbc:Quantity>"
        f"<cbc:LineExtensionAmount currencyID='EUR'>100</cbc:LineExtensionAmount>{priced}"
        "<cac:Item><cbc:Name>Copper tube</cbc:Name></cac:Item></cac:LineItem></cac:OrderLine>"
    )


HEAD = "<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2026-03-02</cbc:IssueDate>"
CURRENCY = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"
REFERENCE = "<cac:OrderReference><cbc:ID>PO-9</cbc:ID></cac:OrderReference>"
ORDER = document("Order", HEAD.format(number="PO-9"), CURRENCY, parties(), order_line("1", "500", "9.40"))
CHANGE = document(
    "OrderChange",
    HEAD.format(number="CH-1"),
    CURRENCY,
    REFERENCE,
    parties(),
    order_line("1", "600", "9.50", "3"),
    order_line("2", "1", "5", "1"),
)
RECEIPT = document(
    "ReceiptAdvice",
    HEAD.format(number="GR-9"),
    REFERENCE,
    parties("DespatchSupplierParty", "DeliveryCustomerParty"),
    "<cac:ReceiptLine><cbc:ID>1</cbc:ID><cbc:ReceivedQuantity unitCode='KGM'>400</cbc:ReceivedQuantity>"
    "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference></cac:ReceiptLine>",
)
DESPATCH = document(
    "DespatchAdvice",
    HEAD.format(number="DN-9"),
    REFERENCE,
    parties("DespatchSupplierParty", "DeliveryCustomerParty"),
    "<cac:DespatchLine><cbc:ID>1</cbc:ID><cbc:DeliveredQuantity unitCode='KGM'>400</cbc:DeliveredQuantity>"
    "<cac:OrderLineReference><cbc:LineID>1</cbc:LineID></cac:OrderLineReference></cac:DespatchLine>",
)
CANCELLATION = document("OrderCancellation", HEAD.format(number="CA-1"), REFERENCE, parties())


def read(data: bytes) -> PurchaseDocument:
    found = read_purchase(data)
    assert isinstance(found, PurchaseDocument)
    return found


def test_order_is_read_to_the_body_of_its_record() -> None:
    found = read(ORDER)

    assert (found.kind, found.order, found.faults) == (PurchaseKind.ORDER, "PO-9", ())
    assert (found.seller and found.seller.vat_id, found.buyer and found.buyer.name) == ("DE999940106", "Brennhof GmbH")
    made, faults = from_json(Order, {**found.body, "supplier": "S01", "entity": "DE", "created_by": "x"})
    assert made is not None
    assert faults == ()
    assert [(str(line.quantity), line.unit, str(line.price)) for line in made.lines] == [("500", "KGM", "9.40")]


def test_line_without_a_price_is_estimated_from_its_amount() -> None:
    found = read(document("Order", HEAD.format(number="PO-9"), CURRENCY, parties(), order_line("1", "50", "")))
    assert [(line["price"], line["price_estimated"]) for line in found.body["lines"]] == [("2", True)]


def test_change_names_its_order_and_the_lines_it_takes_away() -> None:
    gone = document("OrderChange", HEAD.format(number="CH-1"), REFERENCE, order_line("1", "1", "1", "2"))
    assert (read(gone).kind, read(gone).order, read(gone).removed) == (PurchaseKind.ORDER_CHANGE, "PO-9", ("1",))


def test_despatch_is_no_receipt() -> None:
    assert (read(DESPATCH).kind, read(RECEIPT).kind) == (PurchaseKind.DESPATCH_ADVICE, PurchaseKind.RECEIPT_ADVICE)
    assert "received_on" not in read(DESPATCH).body
    assert read(RECEIPT).body["lines"] == [{"order_line": "1", "quantity": "400", "unit": "KGM"}]


def test_what_was_rejected_is_not_received() -> None:
    rejected = b"<cbc:RejectedQuantity unitCode='KGM'>30.5</cbc:RejectedQuantity><cac:OrderLineReference>"
    found = read(RECEIPT.replace(b"<cac:OrderLineReference>", rejected))
    assert [line["quantity"] for line in found.body["lines"]] == ["369.5"]


OTHER = b"<cbc:LineID>1</cbc:LineID><cac:OrderReference><cbc:ID>PO-8</cbc:ID></cac:OrderReference>"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(CHANGE.replace(b"<cbc:Quantity unitCode='KGM'>600</cbc:Quantity>", b""), "LINE-01", id="a change"),
        pytest.param(RECEIPT.replace(b">400<", b"><"), "LINE-01", id="a receipt of nothing said"),
        pytest.param(CHANGE.replace(b"<cbc:ID>2<", b"<cbc:ID>1<"), "LINE-02", id="a number of a line twice"),
        pytest.param(RECEIPT.replace(b"<cbc:LineID>1</cbc:LineID>", OTHER), "ORDER-02", id="a line of another order"),
    ],
)
def test_what_would_be_lost_or_taken_for_another_is_told(content: bytes, code: str) -> None:
    assert [fault.code for fault in read(content).faults] == [f"PURCHASE-{code}"]


def test_what_says_nothing_to_match_with_is_refused_by_code() -> None:
    found = read_purchase(document("OrderResponse", HEAD.format(number="1")))
    assert isinstance(found, tuple)
    assert [fault.code for fault in found] == ["PURCHASE-KIND-01"]


def test_what_is_no_document_of_purchasing_is_left_to_others() -> None:
    assert [read_purchase(data) for data in (b"", b"{}", b"%PDF-1.7", document("Invoice"), b"<a/>")] == [None] * 5


def test_quantity_that_is_no_number_is_a_fault_with_its_place() -> None:
    (fault,) = read(document("Order", HEAD.format(number="1"), order_line("1", "many", "1"))).faults
    assert fault.code == "DOC-DECIMAL-01"
    assert fault.path.endswith("/cbc:Quantity[1]")

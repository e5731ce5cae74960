"""What a document takes of limited things, all of it at once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.controls.situations import ORDER, context, invoice, line, receipt

from comptroller.domain.controls.balances import claims
from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.purchase_context import CeilingTaken, Original, RecurringSupply
from comptroller.domain.documents.model import Invoice
from comptroller.domain.documents.purchasing import Agreement, Contract, Dispute

BLANKET = replace(ORDER, order_type="blanket", ceiling=Decimal(60000), lines=())
CONTRACT = Contract("C-1", "S01", "DE", "EUR", date(2025, 1, 1), "sofia.marchetti", ceiling=Decimal(60000))
AGREEMENT = Agreement("AG-1", "S01", "DE", "EUR", date(2025, 1, 1), ("EL-1",), "elif.demir", amount=Decimal(2150))
DISPUTE = Dispute("DS-1", "S01", "NK-1", "price", Decimal(100), "EUR", "jonas.adler", date(2026, 3, 20))
ORIGINAL = Original("case-1", "NK-1", "posted", "EUR", Decimal(9400), Decimal(0), Decimal(0))
BILL = invoice(line("4300.00", "1"), order="")
CREDIT = invoice(line("47.00", "5"), kind="credit_note")
ADVANCE = replace(invoice(line("30000.00", "1")), type_code="386")
FINAL = invoice(line("9400.00", "1000"))
FINAL = replace(FINAL, totals=replace(FINAL.totals, prepaid=Decimal("1190.00")))
RETURNED = (receipt("50"), replace(receipt("-5"), kind="return"))


def amounts(**taken: str) -> dict[str, Decimal]:
    return {name: Decimal(amount) for name, amount in taken.items()}


@pytest.mark.parametrize(
    ("document", "around", "posting", "taken"),
    [
        pytest.param(
            FINAL, context(), True, {"order-line/PO-1/1": "1000", "advance/PO-1/cleared": "1190.00"}, id="order"
        ),
        pytest.param(BILL, context(order=None), True, {}, id="nothing that is limited"),
        pytest.param(BILL, context(order=BLANKET), True, {"ceiling/order/PO-1": "4300.00"}, id="a blanket order"),
        pytest.param(
            BILL,
            context(order=None, ceiling=CeilingTaken(CONTRACT, "C-1", Decimal(0))),
            True,
            {"ceiling/contract/C-1": "4300.00"},
            id="a contract",
        ),
        pytest.param(
            BILL,
            context(order=None, ceiling=CeilingTaken(None, "C-9", Decimal(0))),
            True,
            {},
            id="a contract not on file",
        ),
        pytest.param(
            BILL,
            context(order=None, recurring=RecurringSupply(AGREEMENT, None, "2026-02", False)),
            False,
            {"period/AG-1/2026-02": "1"},
            id="a period of an agreement",
        ),
        pytest.param(
            CREDIT,
            context(original=ORIGINAL, receipts=RETURNED, taken={"order-line/PO-1/1": Decimal(50)}),
            True,
            {"order-line/PO-1/1": "-5", "credited/case-1": "47.00"},
            id="a return",
        ),
        pytest.param(
            CREDIT,
            context(original=replace(ORIGINAL, disputes=(DISPUTE,))),
            True,
            {"credited/case-1": "47.00", "disputed/case-1": "47.00"},
            id="a dispute gives no quantity back",
        ),
        pytest.param(
            ADVANCE,
            context(),
            False,
            {"advance/PO-1/asked": "35700.00", "advance/PO-1/net": "30000.00"},
            id="an advance",
        ),
        pytest.param(
            ADVANCE,
            context(),
            True,
            {"advance/PO-1/open": "35700.00", "advance/PO-1/net": "30000.00", "advance/PO-1/tax": "5700.00"},
            id="an advance that is posted opens",
        ),
    ],
)
def test_claims(document: Invoice, around: InvoiceContext, posting: bool, taken: dict[str, str]) -> None:
    assert claims(document, around, posting=posting) == amounts(**taken)

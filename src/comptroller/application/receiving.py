"""The receiver's own hand: a receipt is recorded once, then only inspected, reversed, or followed by a return.

What was received is what invoices are paid for, so that a recorded quantity never changes: a mistake is reversed, with
a reason, and recorded anew. Nobody receives on an order that they created.
"""

from collections.abc import Mapping
from typing import Any, Final

from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import parse_decimal

KINDS: Final = ("receipt", "withdrawal", "return")


def own_receipt(session: Session, body: dict[str, Any]) -> Rejection | None:
    """Check a receipt that a person brings in, and put in what they may not say of themselves."""
    person, uow = session.caller.id, session.uow
    order = uow.references([f"order/{body['order']}"])[f"order/{body['order']}"]
    known = uow.references([f"receipt/{body['number']}"])[f"receipt/{body['number']}"]
    ordered_by = _plain(order[0].body).get("created_by") if order else ""
    if ordered_by == person:
        return Rejection(
            RejectionKind.FORBIDDEN,
            "REFERENCE-DUTY-01",
            "who created the order does not receive on it",
            breach="forbidden duty pair",
            help="ask the goods receiver to record the receipt",
        )
    body["received_by"] = person
    problem = _kind(body)
    if problem is None and known:
        before = _plain(known[0].body)
        body["received_by"] = before["received_by"]
        problem = _change(before, body)
    return problem


def _kind(body: Mapping[str, Any]) -> Rejection | None:
    kind = body.get("kind", "receipt")
    if kind not in KINDS:
        return _invalid("RECEIPT-KIND-01", f"`{kind}` is no kind of receipt", f"say {', '.join(KINDS)}")
    quantities = [parse_decimal(str(line["quantity"])) for line in body["lines"]]
    if any(quantity is None or (quantity >= 0) == (kind == "return") for quantity in quantities):
        return _invalid(
            "RECEIPT-QUANTITY-01",
            "a return has negative quantities, every other receipt positive ones",
            "mend the signs",
        )
    if kind == "return" and not str(body.get("reason") or "").strip():
        return _invalid("RECEIPT-REASON-01", "a return says why", "give a `reason`")
    return None


def _change(before: Mapping[str, Any], body: Mapping[str, Any]) -> Rejection | None:
    """What was received stays: only the inspection, the end of the supply, and a reversal may be added."""
    if before.get("status") == "reversed":
        return _invalid("RECEIPT-CHANGE-01", "the receipt is reversed", "record what came under a new number")
    if _received(before) != _received(body):
        return _invalid(
            "RECEIPT-CHANGE-02", "what was received does not change", "reverse the receipt and record it anew"
        )
    if body.get("status") == "reversed" and not str(body.get("reason") or "").strip():
        return _invalid("RECEIPT-REASON-02", "a reversal says why", "give a `reason`")
    return None


def _received(body: Mapping[str, Any]) -> list[Any]:
    lines = [(line["order_line"], parse_decimal(str(line["quantity"])), line["unit"]) for line in body["lines"]]
    return [body["order"], body["received_on"], body.get("kind", "receipt"), lines]


def _plain(text: str) -> dict[str, Any]:
    body = decode(text)
    assert isinstance(body, dict)
    return body


def _invalid(code: str, message: str, help_text: str) -> Rejection:
    return Rejection(RejectionKind.INVALID, code, message, help=help_text)

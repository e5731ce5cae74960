"""Settling a difference to the order: accepted by authority, or paid short with a debit note.

Accepting takes separate authority, measured on the variance and on the revised order (decision 33), and is refused to
who ordered or received. Paying short accepts nothing: the invoice is booked as it came, and the difference is claimed
back in a journal of its own. Both are bound to this document and this version of the order, and all controls run again.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from comptroller.application.casework.gathering.purchasing import order_version
from comptroller.application.casework.order_change import order_total
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.signing import ensure_facts
from comptroller.application.records import TaskRow
from comptroller.domain.controls.matching import LineMatch, match_lines
from comptroller.domain.feel import Value
from comptroller.domain.identity import Authority, limit_for
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import CONTEXT, ZERO, round_money


@dataclass(frozen=True, slots=True)
class Difference:
    """One line's difference to the order: its size in group currency, in percent, and signed in the document's."""

    kind: str  # price, quantity
    line: str
    value: Decimal
    percent: Decimal
    amount: Decimal


def difference_of(run: CaseRun, task: TaskRow) -> Difference | None:
    """The difference that an exception is about, measured now; None where there is none any more, or no document."""
    if not run.has_document:
        return None
    ensure_facts(run)
    detail: Any = decode(task.detail)
    kind, line = str(detail["item"].get("type") or ""), str(detail["item"].get("line") or "")
    for match in match_lines(run.invoice, run.context):
        if match.line.id == line:
            measured = {"price": _of_price(match, line), "quantity": _of_quantity(run, match, line)}
            return measured.get(kind)
    return None


def _of_price(match: LineMatch, line: str) -> Difference | None:
    value, percent, amount = match.price_value, match.price_percent, match.price_difference
    if value is None or percent is None or amount is None or amount <= 0:
        return None
    return Difference("price", line, value, percent, amount)


def _of_quantity(run: CaseRun, match: LineMatch, line: str) -> Difference | None:
    over, order_line = match.over_receipt, match.order_line
    if over is None or over.value is None or over.quantity <= 0 or order_line is None:
        return None
    with localcontext(CONTEXT):
        amount = round_money(over.quantity * order_line.price, run.invoice.currency)
    return Difference("quantity", line, over.value, over.percent or ZERO, amount)


def may_accept(run: CaseRun, found: Difference | None) -> Rejection | None:
    """Ask decision 33 whether the caller may accept a difference; anything but a plain yes refuses."""
    order = run.context.order if found is not None else None
    if found is None or order is None:
        message = "there is no difference to the order that could be accepted"
        return Rejection(RejectionKind.CONFLICT, "VARIANCE-NONE-01", message, subject=run.row.case_id)
    verdict: Any = run.decide("variance authority", _facts(run, found, order_total(order))).value
    verdict = verdict if isinstance(verdict, dict) else {}
    if verdict.get("outcome") == "may accept":
        return None
    return Rejection(
        RejectionKind.FORBIDDEN,
        str(verdict.get("reason") or "AP-VARIANCE-90"),
        str(verdict.get("text") or "policy cannot establish that you may accept the variance"),
        breach=str(verdict.get("breach") or ""),
        subject=run.row.case_id,
    )


def _facts(run: CaseRun, found: Difference, total: Decimal) -> dict[str, Value]:
    person, today = run.session.caller.principal, run.context.today
    order = run.context.order
    category = (order.category if order else "") or (run.context.supplier.category if run.context.supplier else "")
    with localcontext(CONTEXT):
        revised = (total + found.amount) * (run.context.rate or ZERO)
    return {
        "signer": {
            "id": person.id,
            "kind": person.kind.value,
            "active": person.active,
            "works for entity": person.works_for(run.row.entity),
            "variance limit": limit_for(person, Authority.VARIANCE, category, today),
            "commitment limit": limit_for(person, Authority.COMMITMENT, category, today),
        },
        "variance": {
            "type": found.kind,
            "value": found.value,
            "percent": found.percent,
            "order total": revised if run.context.rate is not None else None,
        },
    }


def settle(run: CaseRun, found: Difference, *, short: bool) -> None:
    """Keep that a difference is settled, for this document and this version of its order."""
    order = run.context.order
    settled = {
        "type": found.kind,
        "line": found.line,
        "value": str(found.value),
        "person": run.session.caller.id,
        "document": run.row.document,
        "order": order_version(run.session.uow, order.number) if order else "",
    }
    run.dossier.accepted = [
        each for each in run.dossier.accepted if (each["type"], each["line"]) != (found.kind, found.line)
    ]
    run.dossier.accepted.append(settled)
    kept = [each for each in run.dossier.short_paid if (each["type"], each["line"]) != (found.kind, found.line)]
    run.dossier.short_paid = [*kept, {**settled, "amount": str(found.amount)}] if short else kept
    told = {**settled, "percent": found.percent, "amount": found.amount, "currency": run.invoice.currency}
    run.tell("variance.claimed" if short else "variance.accepted", told)

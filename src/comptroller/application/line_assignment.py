"""Which lines of its order a document bills, where the document does not say so: a person names them.

That is a correction of the document like any other: the original and every earlier reading stay, what the person named
is a document of its own, in force from then on, and all controls run on it. Nothing is taken over from a suggestion by
itself. Who named the lines entered them: that person does not sign (INVARIANT 6).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from comptroller.application.act import may_answer
from comptroller.application.acting.holding import refuse_suspended
from comptroller.application.casework.answer import answer_of
from comptroller.application.casework.dossier import Dossier
from comptroller.application.casework.gathering import order_numbers
from comptroller.application.casework.gathering.reading import order_of, receipts_of, taken_of
from comptroller.application.casework.indexing import index_case
from comptroller.application.casework.resuming import call_up, resume_case
from comptroller.application.casework.run import CaseRun
from comptroller.application.casework.taking_up import document_in_force
from comptroller.application.keying import FoundBeside, finish_keyed, keyed_task, put_in_force
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.queries import visible_case
from comptroller.application.records import CaseRow
from comptroller.application.session import Refused, Session
from comptroller.application.submit import Received, the_same
from comptroller.domain.controls.line_suggestion import Suggestion, suggested_lines
from comptroller.domain.controls.matching import balance_key, received_quantity
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.model import DocumentKind, Invoice, Line, Order, OrderLine
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.kernel.money import CONTEXT, ZERO

BY: Final = "order"
JSON: Final = "application/json"
NO_LINES: Final = "the document names no order on file whose lines it could bill"


@dataclass(frozen=True, slots=True)
class GetOrderLines:
    """The lines of the order of a case, beside the lines of its document."""

    case_id: str


@dataclass(frozen=True, slots=True)
class AssignOrderLines:
    """Which order line each line of a document bills: by the line's place from 1; empty: none of the order's."""

    case_id: str
    document: str  # the digest of the document in force, as it was shown
    lines: Mapping[str, str]
    reason: str = ""


def get_order_lines(session: Session, command: GetOrderLines) -> dict[str, Any] | Refused:
    """Both sides: what is ordered, received, invoiced by others and open; what is billed, and a suggestion for each."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    invoice, order = _document_and_order(session.uow, case)
    suggested = suggested_lines(invoice, order) if order is not None else {}
    return {
        "case_id": case.case_id,
        "document": case.document,
        "order": order.number if order is not None else "",
        "currency": order.currency if order is not None else "",
        "waits": case.status == "waiting",
        "lines": [_billed(place, line, suggested.get(place)) for place, line in enumerate(invoice.lines, start=1)],
        "order_lines": list(_ordered(session.uow, case, order)) if order is not None else [],
    }


def assign_order_lines(session: Session, command: AssignOrderLines) -> dict[str, Any] | Refused:
    """Put the document with its lines named in force, and run all controls on it."""
    case = visible_case(session, command.case_id)
    if isinstance(case, Refused):
        return case
    run = resume_case(session, case)
    invoice, order = _document_and_order(session.uow, run.row)
    refused = refuse_suspended(run) or _stale(run, command) or _without(run, order)
    if refused is not None or order is None:
        assert refused is not None
        return Refused(refused, case.case_id)
    wrong = tuple(_faults(invoice, order, command.lines))
    if wrong:
        return Refused(Rejection(RejectionKind.INVALID, wrong[0].code, wrong[0].message, wrong, help=wrong[0].help))
    named = replace(invoice, lines=tuple(_named(invoice, order, command.lines)))
    if named == invoice:
        message = "the lines name these lines of the order already"
        return Refused(Rejection(RejectionKind.CONFLICT, "LINE-ASSIGN-05", message, subject=case.case_id), case.case_id)
    return _take(run, command, named)


def _take(run: CaseRun, command: AssignOrderLines, named: Invoice) -> dict[str, Any] | Refused:
    session, case_id = run.session, run.row.case_id
    document = session.uow.document(run.row.document)
    assert document is not None
    # what was found wrong with it stays wrong
    read = FoundBeside(DocumentKind(run.row.kind), document.profile, named, run.faults)
    received = Received(encode(to_json(named)), JSON, read)  # type: ignore[arg-type]  # plain JSON values by contract
    known = session.uow.document(received.fingerprint)
    if known is not None and known.case_id != case_id:
        return Refused(the_same(known), case_id)
    task = keyed_task(session, run)
    task = task if task is not None and may_answer(run, task) is None else None
    lines = {str(place): line.order_line for place, line in enumerate(named.lines, start=1)}
    put_in_force(run, received, command.reason, lines=lines, **({"task": task.task_id} if task is not None else {}))
    if task is not None:
        return finish_keyed(run, task)
    if not call_up(run):
        message = "the case waits for nothing that a named line could change"
        return Refused(Rejection(RejectionKind.CONFLICT, "LINE-ASSIGN-04", message, subject=case_id), case_id)
    run.close()
    index_case(run)
    return answer_of(run)


def _stale(run: CaseRun, command: AssignOrderLines) -> Rejection | None:
    case_id = run.row.case_id
    if run.row.status != "waiting":
        message = "the case does not wait any more; its lines stay as they were judged"
        return Rejection(RejectionKind.CONFLICT, "LINE-ASSIGN-03", message, subject=case_id)
    if command.document != run.row.document:
        message = "the document of the case is another one by now"
        again = "look at its lines again"
        return Rejection(RejectionKind.CONFLICT, "LINE-ASSIGN-02", message, subject=case_id, help=again)
    return None


def _without(run: CaseRun, order: Order | None) -> Rejection | None:
    if order is not None:
        return None
    help_text = "a blanket order is taken by its ceiling; where the order's number is missing, correct the document"
    return Rejection(RejectionKind.CONFLICT, "LINE-ASSIGN-01", NO_LINES, subject=run.row.case_id, help=help_text)


def _document_and_order(uow: UnitOfWork, case: CaseRow) -> tuple[Invoice, Order | None]:
    """The document in force and the order that it names, where it is matched line by line."""
    invoice = document_in_force(uow, case)[0] or Invoice()
    numbers = order_numbers(invoice)
    order = order_of(uow.references([f"order/{number}" for number in numbers]), numbers)
    return invoice, order if order is not None and order.order_type != "blanket" else None


def _faults(invoice: Invoice, order: Order, lines: Mapping[str, str]) -> Iterator[Fault]:
    places, known = {str(place) for place in range(1, len(invoice.lines) + 1)}, {line.id for line in order.lines}
    for place, wanted in lines.items():
        if place not in places:
            message = f"the document has no line at place `{place[:40]}`"
            yield Fault("LINE-ASSIGN-06", f"/lines/{place}", message, by=BY, help="count its lines from 1")
        elif wanted and wanted not in known:
            message = f"order {order.number} has no line `{wanted[:40]}`"
            yield Fault("LINE-ASSIGN-07", f"/lines/{place}", message, by=BY, help="name a line of the order, or none")


def _named(invoice: Invoice, order: Order, lines: Mapping[str, str]) -> Iterator[Line]:
    """The lines with the order lines that were named; a line that is not among them stays as it is."""
    number = "" if invoice.order_number == order.number else order.number
    for place, line in enumerate(invoice.lines, start=1):
        wanted = lines.get(str(place))
        if wanted is None or wanted == line.order_line:
            yield line
        else:
            yield replace(line, order_line=wanted, order_number=number if wanted else line.order_number)


def _billed(place: int, line: Line, suggestion: Suggestion | None) -> dict[str, Any]:
    numbers = [line.item_id, line.buyer_item_id, line.standard_item_id.value if line.standard_item_id else ""]
    return {
        "place": place,
        "line": line.id,
        "item": next((number for number in numbers if number), ""),
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.net_price,
        "net": line.net_amount,
        "order_line": line.order_line,
        "suggestion": None
        if suggestion is None
        else {"order_line": suggestion.order_line, "same": list(suggestion.why)},
    }


def _ordered(uow: UnitOfWork, case: CaseRow, order: Order) -> Iterator[dict[str, Any]]:
    state: Any = decode(case.state)
    taken = taken_of(uow, order, Dossier.from_json(state["dossier"])) or {}
    alias = f"order-receipts/{order.number}"
    receipts = receipts_of(uow.references([alias]), order) or ()
    for line in order.lines:
        invoiced = taken.get(balance_key(order.number, line.id), ZERO)
        yield _order_line(line) | {
            "received": received_quantity(order, line, receipts),
            "invoiced": invoiced.normalize(CONTEXT),  # without the places in which balances are counted
            "open": (line.quantity - invoiced).normalize(CONTEXT),
        }


def _order_line(line: OrderLine) -> dict[str, Any]:
    return {
        "order_line": line.id,
        "item": line.item,
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "price": line.price,
        "price_base_quantity": line.price_base_quantity,
    }

"""The form by which a clerk says which lines of the order a document bills, with both sides in sight."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from comptroller.application.line_assignment import NO_LINES, GetOrderLines, get_order_lines
from comptroller.application.presenting.codes import UNITS
from comptroller.application.presenting.purchasing import number_cell
from comptroller.application.records import CaseRow
from comptroller.application.session import Refused, Session
from comptroller.application.views import MatchView, SideAct, Standing
from comptroller.application.views.forms import (
    CellText,
    FieldGroup,
    FieldKind,
    FieldView,
    FormView,
    LinkView,
    TableView,
)
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.money import decimal_text

NONE_OF_THEM = ("", "No line of the order")


@dataclass(frozen=True, slots=True)
class ShowLineAssignment:
    """The form for naming the order line of each line of a case's document."""

    case_id: str


def show_line_assignment(session: Session, command: ShowLineAssignment) -> FormView | Refused:
    """Both sides of the comparison; a suggestion stands beside its line and is never chosen by itself."""
    found = get_order_lines(session, GetOrderLines(command.case_id))
    if isinstance(found, Refused):
        return found
    here, currency, ordered = f"/cases/{command.case_id}", found["currency"], found["order_lines"]
    options = (NONE_OF_THEM, *((line["order_line"], _option(line, currency)) for line in ordered))
    return FormView(
        title="Which lines of the order are billed?",
        action=f"{here}/order-lines",
        button="Name the lines",
        back=LinkView("Back to the case", here),
        lead="The document itself stays as it came. What you name is a correction beside it: all controls run again, "
        "and you do not sign this document.",
        facts=(("Order", found["order"]),) if found["order"] else (),
        links=(
            LinkView("The original beside the data", f"{here}?document=both"),
            *((LinkView("Open the order", f"/orders/{found['order']}"),) if found["order"] else ()),
        ),
        groups=(
            *(_group(line, options, currency) for line in found["lines"]),
            FieldGroup("Why", (FieldView("reason", "Reason", FieldKind.WORDS, required=False),)),
        ),
        tables=(_order_table(ordered, currency),),
        hidden=(("document", found["document"]),),
        refusal=_off(found),
    )


def _off(found: dict[str, Any]) -> str:
    if not found["waits"]:
        return "the case does not wait any more; its lines stay as they were judged"
    return "" if found["order"] else NO_LINES


def naming_act(session: Session, case: CaseRow, match: MatchView | None) -> tuple[SideAct, ...]:
    """The way to the form, where lines of a waiting document are off their order, for who may name them."""
    off = match is not None and any(line.standing is not Standing.PASSED for line in match.lines)
    if not off or case.status != "waiting" or Duty.DOCUMENT_KEY not in session.caller.duties:
        return ()
    return (SideAct("order-lines", "Name the lines of the order", f"/cases/{case.case_id}/order-lines"),)


def _option(line: dict[str, Any], currency: str) -> str:
    return f"{line['order_line']}: {line['name']}, {_much(line['open'], line['unit'])} open, {currency} {line['price']}"


def _names(line: dict[str, Any]) -> tuple[str, ...]:
    return (f"line {line['order_line']}", *((f"item {line['item']}",) if line["item"] else ()))


def _much(quantity: Decimal | None, unit: str) -> str:
    return f"{decimal_text(quantity) if quantity is not None else '?'} {UNITS.get(unit, unit)}".rstrip()


def _group(line: dict[str, Any], options: tuple[tuple[str, str], ...], currency: str) -> FieldGroup:
    price = f" at {currency} {line['price']}" if line["price"] is not None else ""
    item = f"item {line['item']}, " if line["item"] else ""
    told = f"Billed: {item}{_much(line['quantity'], line['unit'])}{price}."
    suggestion = line["suggestion"]
    if suggestion is not None:
        told += f" Suggestion, not chosen: line {suggestion['order_line']} (same {', '.join(suggestion['same'])})."
    choice = FieldView(
        f"line-{line['place']}",
        "Line of the order",
        FieldKind.CHOICE,
        value=line["order_line"],
        options=options,
        hint=told,
        required=False,
        wide=True,
    )
    return FieldGroup(f"Line {line['place']}: {line['name']}", (choice,))


def _order_table(ordered: list[dict[str, Any]], currency: str) -> TableView:
    rows = tuple(
        (
            CellText(line["name"], sub=", ".join(_names(line))),
            number_cell(line["quantity"], line["unit"]),
            number_cell(line["received"], line["unit"]),
            number_cell(line["invoiced"], line["unit"]),
            number_cell(line["open"], line["unit"]),
            CellText(value=line["price"], currency=currency, is_number=True),
        )
        for line in ordered
    )
    columns = ("Item", "Ordered", "Received", "Invoiced by others", "Open", "Price")
    return TableView("Lines of the order", columns, rows, "No line.")

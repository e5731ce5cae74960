"""Orders and receipts: looked at, amended, recorded, reversed."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.amending import AmendRecord
from comptroller.application.presenting.orders import ShowOrder
from comptroller.application.presenting.purchasing import ShowReceiptForm
from comptroller.application.reference import PutReference
from comptroller.application.views.forms import FormView
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.forms import EMPTY, Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.order_form import amendment_of, line_places, rows_of
from comptroller.entrypoints.web.visitor import Door, Visitor

BESIDE: Final = {
    "RECEIPT-KIND-01": "kind",
    "RECEIPT-REASON-01": "reason",
    "RECEIPT-REASON-02": "reason",
}


def add_purchasing_pages(app: FastAPI, door: Door) -> None:
    """Put purchasing beside the other pages."""
    pages = PurchasingPages(door)
    order = "/orders/{key:key}"
    routes: list[tuple[str, Callable[..., object], str]] = [
        (order, pages.order, "GET"),
        (order, pages.amend_order, "POST"),
        (f"{order}/receipts/new", pages.new_receipt, "GET"),
        (f"{order}/receipts/new", pages.record_receipt, "POST"),
        (f"{order}/receipts/{{receipt:key}}", pages.receipt, "GET"),
        (f"{order}/receipts/{{receipt:key}}", pages.reverse_receipt, "POST"),
    ]
    for path, endpoint, method in routes:
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


class PurchasingPages:
    """The pages of purchasing."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def order(self, request: Request, key: str) -> Response:
        """An order, with the form that amends it."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowOrder(key)))

    def new_receipt(self, request: Request, key: str) -> Response:
        """The form for a receipt."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowReceiptForm(key)))

    def receipt(self, request: Request, key: str, receipt: str) -> Response:
        """A receipt on file, with the form that reverses it."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowReceiptForm(key, receipt)))

    async def amend_order(self, request: Request, key: str) -> Response:
        """Amend an order; it waits for its release."""
        return await self._sent(request, lambda visitor, sent: self._amend(visitor, key, sent))

    async def record_receipt(self, request: Request, key: str) -> Response:
        """Record a receipt."""
        return await self._sent(request, lambda visitor, sent: self._record(visitor, key, sent))

    async def reverse_receipt(self, request: Request, key: str, receipt: str) -> Response:
        """Reverse a receipt."""
        return await self._sent(request, lambda visitor, sent: self._reverse(visitor, key, receipt, sent))

    async def _sent(self, request: Request, act: Callable[[Visitor, Sent], Response]) -> Response:
        sent = await form_of(request)
        return await run_in_threadpool(act, self._door.acting(request, sent.form_token), sent)

    def _amend(self, visitor: Visitor, key: str, sent: Sent) -> Response:
        typed, rows = sent.typed, rows_of(sent.typed)
        is_more = bool(typed.pop("more", ""))
        view: FormView = visitor.need(ShowOrder(key, rows + 1 if is_more else max(rows, 1)))
        if is_more:
            return form_page(visitor, view.filled({**_proposed(view), **typed}))
        command = amendment_of(view, key, typed)
        answer = visitor.ask(command)
        if isinstance(answer, Rejection):
            return _refused(visitor, view, typed, answer, line_places(view, typed))
        case = answer.get("case_id")
        return RedirectResponse(f"/cases/{case}" if case else view.action, 303)

    def _record(self, visitor: Visitor, key: str, sent: Sent) -> Response:
        view: FormView = visitor.need(ShowReceiptForm(key))
        typed = sent.typed
        units = {each.name: each.unit for group in view.groups for each in group.fields if each.unit}
        lines: list[dict[str, Any]] = []
        for name, unit in units.items():
            line = name.removeprefix("line-").removesuffix("-quantity")
            if typed.get(name):
                entry = {"order_line": line, "quantity": typed[name], "unit": unit}
                lines.append(entry | ({"final": True} if typed.get(f"line-{line}-final") else {}))
        if not lines:
            wrong = {next(iter(units), ""): "say how much came on at least one line"}
            return form_page(visitor, view.filled(typed, wrong), 422)
        body: dict[str, Any] = {
            "number": typed.get("number", ""),
            "order": key,
            "received_on": typed.get("received_on", ""),
            "received_by": visitor.session.person,
            "kind": typed.get("kind", "receipt"),
            "lines": lines,
        }
        if typed.get("reason"):
            body["reason"] = typed["reason"]
        answer = visitor.ask(PutReference("receipt", body["number"], body))
        if isinstance(answer, Rejection):
            names = [f"line-{line['order_line']}-quantity" for line in lines]
            return _refused(visitor, view, typed, answer, names)
        return RedirectResponse(f"/orders/{key}", 303)

    def _reverse(self, visitor: Visitor, key: str, receipt: str, sent: Sent) -> Response:
        view: FormView = visitor.need(ShowReceiptForm(key, receipt))
        version = sent.typed.get("version", "")
        fields = {"status": "reversed", "reason": sent.typed.get("reason", "").strip()}
        seen = int(version) if version.isascii() and version.isdigit() else 0
        answer = visitor.ask(AmendRecord("receipt", receipt, seen, fields))
        if isinstance(answer, Rejection):
            return _refused(visitor, view, sent.typed, answer)
        return RedirectResponse(f"/orders/{key}", 303)


def _proposed(view: FormView) -> dict[str, str]:
    """What a form proposes for the fields that it did not have before."""
    return {each.name: each.value for group in view.groups for each in group.fields if each.name.startswith("new-")}


def _refused(
    visitor: Visitor, view: FormView, typed: dict[str, str], rejection: Rejection, lines: Sequence[str] = ()
) -> Response:
    """The form again: faults beside the fields that they name, the rest above."""
    problems: dict[str, str] = {}
    names = {each.name for group in view.groups for each in group.fields}
    for fault in rejection.faults:
        parts = fault.path.strip("/").split("/")
        name = parts[0]
        if name == "lines" and len(parts) > 1 and parts[1].isdigit() and int(parts[1]) < len(lines):
            place = lines[int(parts[1])]
            name = place if place in names else f"{place}-{parts[-1]}"
        if name in names:
            problems.setdefault(name, fault.message if typed.get(name) else EMPTY)
    if rejection.code == "RECEIPT-QUANTITY-01" and lines:
        problems[lines[0]] = rejection.message
    if rejection.code in BESIDE:
        problems[BESIDE[rejection.code]] = rejection.message
    status = int(STATUS[rejection.kind])
    if problems:
        return form_page(visitor, view.filled(typed, problems, help=rejection.help), status)
    return form_page(visitor, typed_of(view, typed, rejection), status)

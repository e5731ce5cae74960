"""The pages about suppliers: the list, and one supplier with all that is known of it."""

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.amending import ChangeAccount
from comptroller.application.clearances import ClearScreening
from comptroller.application.presenting.master_data import ShowAccountForm, ShowClearanceForm
from comptroller.application.presenting.supplier import ShowSupplier, ShowSuppliers
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field, Text, Told
from comptroller.entrypoints.web.forms import form_of, form_page, typed_of
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Visitor


def add_supplier_pages(app: FastAPI, door: Door) -> None:
    """Put the suppliers beside the other pages."""
    pages = SupplierPages(door)
    app.add_api_route("/suppliers", pages.suppliers, methods=["GET"], include_in_schema=False)
    for part, shown, sent in (
        ("account", pages.account, pages.change_account),
        ("clearance", pages.clearance, pages.clear),
    ):
        app.add_api_route(f"/suppliers/{{key:key}}/{part}", shown, methods=["GET"], include_in_schema=False)
        app.add_api_route(f"/suppliers/{{key:key}}/{part}", sent, methods=["POST"], include_in_schema=False)
    app.add_api_route("/suppliers/{key:key}", pages.supplier, methods=["GET"], include_in_schema=False)


class SupplierPages:
    """The list and the page of one."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def suppliers(self, request: Request, q: Text = "") -> Response:
        """The suppliers under a filter."""
        visitor = self._door.visitor(request)
        return html("suppliers.html", visitor.chrome("suppliers"), visitor.need(ShowSuppliers(q)))

    def supplier(self, request: Request, key: str) -> Response:
        """One supplier."""
        visitor = self._door.visitor(request)
        return html("supplier.html", visitor.chrome("suppliers"), visitor.need(ShowSupplier(key)))

    def account(self, request: Request, key: str) -> Response:
        """The form by which a changed account is entered."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowAccountForm(key)))

    async def change_account(self, request: Request, key: str) -> Response:
        """Enter a changed account; its case waits for the call-back."""
        sent = await form_of(request)
        return await run_in_threadpool(self._change, self._door.acting(request, sent.form_token), key, sent.typed)

    @staticmethod
    def _change(visitor: Visitor, key: str, typed: dict[str, str]) -> Response:
        given = (typed.get(name, "") for name in ("number", "account", "source", "requested_on", "replaces"))
        answer = visitor.ask(ChangeAccount(key, *given))
        if isinstance(answer, Rejection):
            view = visitor.need(ShowAccountForm(key))
            problems = {fault.path.strip("/"): fault.message for fault in answer.faults}
            filled = view.filled(typed, problems) if problems else typed_of(view, typed, answer)
            return form_page(visitor, filled, int(STATUS[answer.kind]))
        case = answer.get("case_id")
        return RedirectResponse(f"/cases/{case}" if case else f"/suppliers/{key}", 303)

    def clearance(self, request: Request, key: str) -> Response:
        """The screening in force, and the form that clears it."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowClearanceForm(key)))

    def clear(
        self,
        request: Request,
        key: str,
        list_version: Told = "",
        until: Told = "",
        reason: Told = "",
        form_token: Field = "",
    ) -> Response:
        """Clear it until a day."""
        visitor = self._door.acting(request, form_token)
        answer = visitor.ask(ClearScreening(key, list_version, until, reason))
        if isinstance(answer, Rejection):
            beside = {"SCREENING-UNTIL-01": "until", "SCREENING-REASON-01": "reason"}.get(answer.code, "")
            view = typed_of(visitor.need(ShowClearanceForm(key)), {"until": until, "reason": reason}, answer, beside)
            return form_page(visitor, view, int(STATUS[answer.kind]))
        return RedirectResponse(f"/suppliers/{key}/clearance", 303)

"""Payment runs: what is ready is shown first, proposed second, released by others, confirmed as the bank says."""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.payments.commands import ConfirmPayment, ProposePayments, run_of
from comptroller.application.presenting.payments import (
    ShowConfirmationForm,
    ShowPaymentRun,
    ShowPayments,
    run_tables,
)
from comptroller.application.views.forms import FormView
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field, Told, Value
from comptroller.entrypoints.web.forms import form_page, typed_of
from comptroller.entrypoints.web.visitor import Door


def add_payment_pages(app: FastAPI, door: Door) -> None:
    """Put payment runs beside the other pages."""
    pages = PaymentPages(door)
    app.add_api_route("/payments", pages.payments, methods=["GET"], include_in_schema=False)
    app.add_api_route("/payments", pages.propose, methods=["POST"], include_in_schema=False)
    app.add_api_route("/payments/{run:key}", pages.run, methods=["GET"], include_in_schema=False)
    confirmation = "/payments/{payment:key}/confirmation"
    app.add_api_route(confirmation, pages.confirmation, methods=["GET"], include_in_schema=False)
    app.add_api_route(confirmation, pages.confirm, methods=["POST"], include_in_schema=False)


class PaymentPages:
    """The runs, and what is proposed."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def payments(self, request: Request, after: Value = "", oldest: bool = False) -> Response:  # noqa: FBT001, FBT002 - a part of the address
        """The runs, page by page, and the form that asks what is ready."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowPayments(after, oldest)))

    def run(self, request: Request, run: str) -> Response:
        """One run."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowPaymentRun(run)))

    def confirmation(self, request: Request, payment: str) -> Response:
        """One payment, and the form for what the bank did with it."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowConfirmationForm(payment)))

    def confirm(
        self,
        request: Request,
        payment: str,
        outcome: Told = "",
        on: Told = "",
        reference: Told = "",
        form_token: Field = "",
    ) -> Response:
        """Record what the bank did."""
        visitor = self._door.acting(request, form_token)
        answer = visitor.ask(ConfirmPayment(payment, outcome, on, reference.strip()))
        if isinstance(answer, Rejection):
            typed = {"outcome": outcome, "on": on, "reference": reference}
            beside = "on" if answer.code == "PAY-CONFIRM-03" else ""
            beside = next((fault.path.strip("/") for fault in answer.faults), beside)
            view = typed_of(visitor.need(ShowConfirmationForm(payment)), typed, answer, beside)
            return form_page(visitor, view, int(STATUS[answer.kind]))
        return RedirectResponse(f"/payments/{run_of(payment)}", 303)

    def propose(
        self,
        request: Request,
        entity: Told = "",
        currency: Told = "",
        pay_on: Told = "",
        seen: Told = "",
        form_token: Field = "",
    ) -> Response:
        """Show what is ready; once that was seen, propose it."""
        visitor = self._door.acting(request, form_token)
        command = ProposePayments(entity, currency.strip().upper(), pay_on)
        answer = visitor.ask(command) if seen else visitor.rehearse(command)
        view: FormView = visitor.need(ShowPayments())
        if isinstance(answer, Rejection):
            typed = {"entity": entity, "currency": currency, "pay_on": pay_on}
            beside = "pay_on" if answer.code == "PAY-PROPOSE-01" else ""
            return form_page(visitor, typed_of(view, typed, answer, beside), int(STATUS[answer.kind]))
        if seen:
            return RedirectResponse(f"/payments/{answer['case_id']}", 303)
        run = answer["run"]
        given = (("entity", entity), ("currency", currency), ("pay_on", pay_on), ("seen", "yes"))
        shown = replace(
            view,
            title="What is ready to be paid",
            button="Propose this run",
            groups=(),
            hidden=given,
            facts=(("Pay on", run["pay_on"]), ("In all", f"{run['currency']} {run['total']}")),
            tables=run_tables(run),
        )
        return form_page(visitor, shown)

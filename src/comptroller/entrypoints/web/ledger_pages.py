"""The ledger as pages: trial balance, open items, ageing, journals, what must agree; each number leads to its items."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals
from comptroller.application.ledger.attesting import AttestPeriod, ShowAttestation
from comptroller.application.ledger.comparing import CompareLedger
from comptroller.application.ledger.reading import (
    ListJournals,
    ListLedgers,
    ListOpenItems,
    ShowAgeing,
    ShowTrialBalance,
)
from comptroller.application.ledger.reconciling import ReconcileLedger
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.web.addresses import Field, Told, Value
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

SHOWN: Final = {
    "balance": "Trial balance",
    "open": "Open items",
    "ageing": "Ageing",
    "journals": "Journals",
    "checks": "What must agree",
    "month-end": "Month end",
    "coverage": "Coverage",
}
"""What of a ledger can be looked at, in the order of the tabs."""


def add_ledger_pages(app: FastAPI, door: Door) -> None:
    """Put the ledger beside the other pages."""
    pages = LedgerPages(door)
    app.add_api_route("/ledger", pages.ledger, methods=["GET"], include_in_schema=False)
    app.add_api_route("/ledger/month-end", pages.book, methods=["POST"], include_in_schema=False)
    app.add_api_route("/ledger/attestation", pages.attest, methods=["POST"], include_in_schema=False)


class LedgerPages:
    """The pages of the ledger."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def ledger(
        self,
        request: Request,
        entity: Value = "",
        view: Value = "balance",
        period: Value = "",
        account: Value = "",
        supplier: Value = "",
        after: Value = "",
    ) -> Response:
        """One view of one entity's ledger."""
        visitor = self._door.visitor(request)
        return self._page(visitor, entity, view, period, account=account, supplier=supplier, after=after)

    @staticmethod
    def _page(
        visitor: Visitor,
        entity: str,
        view: str,
        period: str,
        *,
        account: str = "",
        supplier: str = "",
        after: str = "",
        booked: str = "",
    ) -> Response:
        entities = _entities(visitor)
        if not entities:
            text = "there is no entity whose ledger you may see"
            raise Turned(visitor, Rejection(RejectionKind.NOT_FOUND, "LEDGER-ENTITY-01", text))
        chosen = entity or next(iter(entities))
        shown = view if view in SHOWN else "balance"
        commands: dict[str, object] = {
            "balance": ShowTrialBalance(chosen, period),
            "open": ListOpenItems(chosen, supplier),
            "ageing": ShowAgeing(chosen),
            "journals": ListJournals(chosen, period, account, after),
            "checks": ReconcileLedger(chosen),
            "month-end": PlanAccruals(chosen, period or _this_month(visitor)),
            "coverage": CompareLedger(chosen, period),
        }
        page: dict[str, Any] = {
            "shown": shown,
            "tabs": SHOWN,
            "entities": entities,
            "entity": chosen,
            "period": period,
            "account": account,
            "supplier": supplier,
            "answer": visitor.need(commands[shown]),
            "booked": booked,
        }
        if shown == "month-end":
            plan = page["answer"]
            page["refusal"] = _refusal(visitor, BookAccruals(chosen, plan["period"], plan["content_hash"]))
            seen = page["to_attest"] = visitor.need(ShowAttestation(chosen, plan["period"]))
            page["attest_refusal"] = _refusal(visitor, AttestPeriod(chosen, plan["period"], seen["content_hash"]))
        return html("ledger.html", visitor.chrome("ledger"), page)

    def book(
        self,
        request: Request,
        entity: Told = "",
        period: Told = "",
        content_hash: Told = "",
        form_token: Field = "",
    ) -> Response:
        """Book the accruals that were seen; the plan as it stands now is shown where it has changed."""
        visitor = self._door.acting(request, form_token)
        answer = visitor.need(BookAccruals(entity, period, content_hash))
        done = f"{len(answer['booked'])} booked, {len(answer['turned'])} turned"
        return self._page(visitor, entity, "month-end", period, booked=done)

    def attest(
        self,
        request: Request,
        entity: Told = "",
        period: Told = "",
        content_hash: Told = "",
        note: Told = "",
        form_token: Field = "",
    ) -> Response:
        """Attest the figures that were seen."""
        visitor = self._door.acting(request, form_token)
        visitor.need(AttestPeriod(entity, period, content_hash, note))
        return self._page(visitor, entity, "month-end", period)


def _refusal(visitor: Visitor, command: object) -> str:
    """Why the visitor cannot do this now; empty where nothing is against it."""
    tried = visitor.rehearse(command)
    return tried.message if isinstance(tried, Rejection) else ""


def _entities(visitor: Visitor) -> dict[str, str]:
    """The entities whose ledgers the visitor may see: key and name."""
    return {each["entity"]: str(each["name"]) for each in visitor.need(ListLedgers())["ledgers"]}


def _this_month(visitor: Visitor) -> str:
    chrome = visitor.chrome("ledger")
    return f"{chrome.now:%Y-%m}"

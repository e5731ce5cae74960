"""A candidate over the tenant's own cases: those of the past in a backtest, those to come in a shadow.

Either is begun from a draft or a request; its page has the figures as far as it has come.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.jobs import shadow
from comptroller.application.jobs.backtest import GetBacktest, ListChanged, StartBacktest
from comptroller.application.jobs.shadow import GetShadow, StartShadow
from comptroller.application.releasing.history import Candidate
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.backtest import FIGURES, Unit
from comptroller.domain.packs.tally import GROUPS
from comptroller.entrypoints.web import spreadsheet
from comptroller.entrypoints.web.addresses import Told
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.sheets import sheet
from comptroller.entrypoints.web.spreadsheet import changed_pages
from comptroller.entrypoints.web.visitor import Door

LISTED: Final = 20
"""Rows of each group that are shown, the largest change first."""


def add_backtest_pages(app: FastAPI, door: Door) -> None:
    """Put the page of a backtest beside the others."""

    def start(
        request: Request,
        version: Told = "",
        draft: Told = "",
        entity: Told = "",
        since: Told = "",
        form_token: Told = "",
    ) -> Response:
        """Have a job do it, and go to its page."""
        visitor = door.acting(request, form_token)
        job = visitor.need(StartBacktest(Candidate(version, draft, entity=entity), since))
        return RedirectResponse(f"/backtests/{job['job_id']}", 303)

    def backtest(request: Request, job_id: str) -> Response:
        """What would have come out otherwise, so far."""
        visitor = door.visitor(request)
        return html("backtest.html", visitor.chrome("policies"), _view(visitor.need(GetBacktest(job_id)), GROUPS))

    def taken_away(request: Request, job_id: str, form: str) -> Response:
        """Every case that comes out otherwise, as a file for a spreadsheet."""
        visitor = door.visitor(request)
        visitor.need(GetBacktest(job_id))
        pages = changed_pages(lambda after: visitor.need(ListChanged(job_id, after)))
        return sheet(visitor, form, "backtest", spreadsheet.CHANGED, pages)

    def begin(
        request: Request, version: Told = "", draft: Told = "", entity: Told = "", form_token: Told = ""
    ) -> Response:
        """Have a candidate decide beside the version in force, and go to the page of that."""
        visitor = door.acting(request, form_token)
        job = visitor.need(StartShadow(Candidate(version, draft, entity=entity)))
        return RedirectResponse(f"/shadows/{job['job_id']}", 303)

    def beside(request: Request, job_id: str) -> Response:
        """What comes out otherwise of the cases that were judged meanwhile."""
        visitor = door.visitor(request)
        answer: dict[str, Any] = visitor.need(GetShadow(job_id))
        instants = {name: parse_instant(answer[name]) for name in ("since", "until", "seen_until")}
        return html("shadow.html", visitor.chrome("policies"), _view(answer, shadow.GROUPS) | instants)

    app.add_api_route("/backtests", start, methods=["POST"], include_in_schema=False)
    app.add_api_route("/backtests/{job_id:key}.{form:sheet}", taken_away, methods=["GET"], include_in_schema=False)
    app.add_api_route("/backtests/{job_id:key}", backtest, methods=["GET"], include_in_schema=False)
    app.add_api_route("/shadows", begin, methods=["POST"], include_in_schema=False)
    app.add_api_route("/shadows/{job_id:key}", beside, methods=["GET"], include_in_schema=False)


def _view(answer: dict[str, Any], groups: Sequence[str]) -> dict[str, Any]:
    return {
        "answer": answer,
        "figures": _figures(answer),
        "groups": [_group(answer, name) for name in groups],
        "listed": LISTED,
        "most_moved": max((abs(move["amount"]) for move in answer["moves"]), default=0),
        "whole": lambda minor: Decimal(minor).scaleb(-answer["amount_scale"]),
    }


def _figures(answer: dict[str, Any]) -> list[tuple[str, Decimal, Decimal]]:
    """Each figure under the version in force and under the candidate; money in whole units of the currency."""
    before, after = answer["figures"]["before"], answer["figures"]["after"]
    counted_in = {Unit.MINUTES: f"{answer['minutes_a_signature']} minutes a signature", Unit.MONEY: answer["currency"]}
    scale = answer["amount_scale"]
    return [
        (
            ", ".join(filter(None, (title, counted_in.get(unit)))),
            _value(before[name], unit, scale),
            _value(after[name], unit, scale),
        )
        for name, (title, unit) in FIGURES.items()
    ]


def _value(value: Any, unit: Unit, scale: int) -> Decimal:
    if unit is Unit.MINUTES:
        return (Decimal(value) / 60).quantize(Decimal("0.1"))
    return Decimal(value).scaleb(-scale).quantize(Decimal(1)) if unit is Unit.MONEY else Decimal(value)


def _group(answer: dict[str, Any], name: str) -> dict[str, Any]:
    """The parts of a group in which something changes, with the largest amount, against which bars are drawn."""
    parts = [{"name": part, **sums} for part, sums in answer[f"by_{name}"].items() if sums["changed"]]
    parts.sort(key=lambda each: (-abs(each["changed_amount"]), -each["changed"], each["name"]))
    most = max((abs(each["changed_amount"]) for each in parts), default=0)
    return {"title": {"period": "month"}.get(name, name), "parts": parts[:LISTED], "most": most}

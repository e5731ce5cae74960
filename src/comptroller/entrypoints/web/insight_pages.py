"""The figures as pages: all of them at a glance, and one with what tells it apart and the cases that it counts."""

from datetime import date
from typing import Any, Final

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.figures.model import By
from comptroller.application.figures.returns import ShowReturn
from comptroller.application.figures.show import ShowFigures
from comptroller.application.jobs.replay import StartReplay
from comptroller.application.presenting.insight import ShowCasesNamed, ShowInsight
from comptroller.domain.kernel.instant import parse_day
from comptroller.entrypoints.web.addresses import Told, Value
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door

CASES_SHOWN: Final = 50
DENOMINATOR: Final = "denominator"
LEAKAGE: Final = "breach-leakage"
"""The figure that a replay of policy is for."""


def add_insight_pages(app: FastAPI, door: Door) -> None:
    """Put the figures beside the other pages."""
    pages = InsightPages(door)
    app.add_api_route("/insight", pages.figures, methods=["GET"], include_in_schema=False)
    app.add_api_route("/insight/return", pages.returns, methods=["GET"], include_in_schema=False)
    app.add_api_route("/insight/replays", pages.replay, methods=["POST"], include_in_schema=False)
    app.add_api_route("/insight/{figure:key}", pages.figure, methods=["GET"], include_in_schema=False)


class InsightPages:
    """The figures, and one of them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def figures(self, request: Request, first: Value = "", last: Value = "", entity: Value = "") -> Response:
        """Every figure of a span of days."""
        visitor = self._door.visitor(request)
        answer = visitor.need(ShowInsight(_day(first), _day(last), entity))
        return html("insight.html", visitor.chrome("insight"), answer)

    def returns(self, request: Request, first: Value = "", last: Value = "", entity: Value = "") -> Response:
        """What the platform returns on what it costs, against what was measured before."""
        visitor = self._door.visitor(request)
        answer = visitor.need(ShowReturn(_day(first), _day(last), entity))
        return html("return.html", visitor.chrome("insight"), {"answer": answer, "entity": entity})

    def replay(
        self, request: Request, first: Told = "", last: Told = "", entity: Told = "", form_token: Told = ""
    ) -> Response:
        """Have a job replay policy over what was posted, and go to where it is listed."""
        self._door.acting(request, form_token).need(StartReplay(first, last, entity))
        return RedirectResponse("/jobs", 303)

    def figure(
        self,
        request: Request,
        figure: str,
        first: Value = "",
        last: Value = "",
        entity: Value = "",
        by: Value = By.PART,
        group: Value = "",
        of: Value = "",
    ) -> Response:
        """One figure by what tells it apart, and the cases of it or of one group, or `of` its denominator."""
        visitor = self._door.visitor(request)
        answer: dict[str, Any] = visitor.need(ShowFigures(_day(first), _day(last), entity, figure, by))
        found = answer["figures"][0]
        shown = next((row for row in found["rows"] if row["group"] == group), found) if group else found
        counted = shown["denominator_cases" if of == DENOMINATOR else "cases"]
        cases = visitor.need(ShowCasesNamed(tuple(counted[:CASES_SHOWN])))
        page = {
            "answer": answer,
            "figure": found,
            "by": by,
            "ways": [each.value for each in By if each],
            "group": group,
            "entity": entity,
            "cases": cases,
            "more": max(len(counted) - CASES_SHOWN, 0),
            "may_replay": figure == LEAKAGE and answer["may_replay"],
            "of": of if of == DENOMINATOR else "",
            "most": max((abs(row["value"]) for row in found["rows"] if row["value"] is not None), default=0),
        }
        return html("figure.html", visitor.chrome("insight"), page)


def _day(text: str) -> date | None:
    return parse_day(text) if text else None

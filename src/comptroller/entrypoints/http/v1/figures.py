"""The route of the figures: what each is, how much, and the cases that it counts."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from comptroller.application.figures.show import ShowFigures
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.schemas import DECIMAL, NUMBER, TEXT
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1.ledger_schemas import answer

Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9._-]{0,64}$")]
First = Annotated[date | None, Query(alias="from", description="the first day; the first of this month")]
Last = Annotated[date | None, Query(alias="to", description="the last day; today")]

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["figures"])

_TOLD = {
    "value": {"type": ["string", "null"], "format": "decimal"},
    "numerator": DECIMAL,
    "samples": NUMBER,
    "cases": {"type": "array", "items": TEXT},
    "denominator_cases": {"type": "array", "items": TEXT},
}
_FIGURE = {
    "type": "object",
    "properties": {
        "figure": TEXT,
        "title": TEXT,
        "kind": TEXT,
        "unit": TEXT,
        "numerator_is": TEXT,
        "denominator_is": TEXT,
        "exclusions": TEXT,
        "rows": {"type": "array", "items": {"type": "object", "properties": {"group": TEXT, **_TOLD}}},
        **_TOLD,
    },
    "required": ["figure", "title", "kind", "unit", "value", "numerator", "samples", "cases", "rows"],
}
FIGURES = answer(
    200,
    "the figures",
    {
        "type": "object",
        "properties": {
            "from": TEXT,
            "to": TEXT,
            "time_zone": TEXT,
            "calendar": TEXT,
            "currency": TEXT,
            "figures": {"type": "array", "items": _FIGURE},
        },
        "required": ["from", "to", "time_zone", "calendar", "currency", "figures"],
    },
)


@router.get("/figures", responses=FIGURES)
def show_figures(
    caller: Caller, first: First = None, last: Last = None, entity: Word = "", figure: Word = "", by: Word = ""
) -> Response:
    """The figures of a span of days: numerator, denominator, exclusions, zone, calendar, and the cases of each."""
    return json_response(caller.run(ShowFigures(first, last, entity, figure, by)))

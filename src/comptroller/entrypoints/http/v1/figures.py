"""The route of the figures: what each is, how much, and the cases that it counts."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import Response

from comptroller.application.figures.returns import ShowReturn
from comptroller.application.figures.show import ShowFigures
from comptroller.application.jobs.measuring import GetMeasured, StartMeasuring
from comptroller.application.jobs.replay import GetReplay, StartReplay
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.schemas import DECIMAL, NUMBER, TEXT
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1.job_schemas import JOB_ACCEPTED, JOB_MEMBERS
from comptroller.entrypoints.http.v1.jobs import JobId
from comptroller.entrypoints.http.v1.later import accepted
from comptroller.entrypoints.http.v1.ledger_schemas import answer
from comptroller.entrypoints.http.v1.routes import JsonObject

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
        "note": TEXT | {"description": "how old what it rests on is, and what is not measured"},
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
            "may_replay": {"type": "boolean", "description": "whether the caller may start a replay"},
            "figures": {"type": "array", "items": _FIGURE},
        },
        "required": ["from", "to", "time_zone", "calendar", "currency", "figures"],
    },
)


_BOUNDS: Final = {name: {"type": ["string", "null"], "format": "decimal"} for name in ("value", "low", "high")}
_PART: Final = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("part", "unit", "method", "figure", "lacking"), TEXT),
        **_BOUNDS,
        "actual": {"type": ["string", "null"], "format": "decimal"},
        "counted": {"type": "boolean", "description": "in the sum of its dimension"},
        "baselines": {"type": "array", "items": {"type": "object"}},
    },
    "required": ["part", "unit", "method", "value", "low", "high", "lacking"],
}
RETURN: Final = answer(
    200,
    "the return by dimension; what has no baseline is not measured and says what would measure it",
    {
        "type": "object",
        "properties": {
            **dict.fromkeys(("from", "to", "time_zone", "currency", "entity"), TEXT),
            "dimensions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "dimension": TEXT,
                        **_BOUNDS,
                        "complete": {"type": "boolean"},
                        "parts": {"type": "array", "items": _PART},
                    },
                },
            },
        },
        "required": ["from", "to", "time_zone", "currency", "dimensions"],
    },
)
REPLAY: Final = answer(
    200,
    "the replay as far as it has come",
    {
        "type": "object",
        "properties": {
            **JOB_MEMBERS,
            "first": TEXT,
            "last": TEXT,
            "entity": TEXT,
            "policies": {"type": "object", "additionalProperties": TEXT, "description": "the version of each entity"},
            "found": {
                "type": "array",
                "items": {"type": "object", "properties": {"case_id": TEXT, "breach": TEXT, "amount": NUMBER}},
            },
        },
        "required": ["job_id", "status", "first", "last", "found"],
        "additionalProperties": True,
    },
)


SPAN_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": dict.fromkeys(("from", "to", "entity"), TEXT),
                    "required": ["from", "to"],
                }
            }
        },
    }
}
MEASURED: Final = answer(
    200,
    "each figure that can be added, by month and in all, as far as they are computed",
    {
        "type": "object",
        "properties": {
            **JOB_MEMBERS,
            **dict.fromkeys(("first", "last", "entity"), TEXT),
            "figures": {"type": "array", "items": {"type": "object"}},
        },
        "required": ["job_id", "status", "first", "last", "figures"],
        "additionalProperties": True,
    },
)


@router.post("/figures/measurements", status_code=202, openapi_extra=SPAN_BODY, responses=JOB_ACCEPTED)
def start_measuring(caller: Caller, body: JsonObject) -> Response:
    """Have a job compute the figures `from` a day `to` a day, of one `entity` or all: too long for one answer."""
    command = StartMeasuring(text_of(body, "from"), text_of(body, "to"), text_of(body, "entity", required=False))
    started: Any = caller.run(command)
    return accepted(started, f"/v1/figures/measurements/{started['job_id']}")


@router.get("/figures/measurements/{job_id}", responses=MEASURED)
def get_measured(caller: Caller, job_id: JobId) -> Response:
    """The figures of a long span, by month and in all; the cases of a month are those of its own figures."""
    return json_response(caller.run(GetMeasured(job_id)))


@router.get("/figures/return", responses=RETURN)
def show_return(caller: Caller, first: First = None, last: Last = None, entity: Word = "") -> Response:
    """The return on investment of a span of days, held against the baselines on file."""
    return json_response(caller.run(ShowReturn(first, last, entity)))


@router.post("/figures/replays", status_code=202, openapi_extra=SPAN_BODY, responses=JOB_ACCEPTED)
def start_replay(caller: Caller, body: JsonObject) -> Response:
    """Have a job take the cases posted `from` a day `to` a day, of one `entity` or all, through the policy in force."""
    command = StartReplay(text_of(body, "from"), text_of(body, "to"), text_of(body, "entity", required=False))
    started: Any = caller.run(command)
    return accepted(started, f"/v1/figures/replays/{started['job_id']}")


@router.get("/figures/replays/{job_id}", responses=REPLAY)
def get_replay(caller: Caller, job_id: JobId) -> Response:
    """What policy would not have let through, as far as it has come; amounts in minor units of the group's currency."""
    return json_response(caller.run(GetReplay(job_id)))


@router.get("/figures", responses=FIGURES)
def show_figures(
    caller: Caller, first: First = None, last: Last = None, entity: Word = "", figure: Word = "", by: Word = ""
) -> Response:
    """The figures of a span of days: numerator, denominator, exclusions, zone, calendar, and the cases of each."""
    return json_response(caller.run(ShowFigures(first, last, entity, figure, by)))

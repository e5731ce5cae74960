"""The routes of people: who somebody is now, absences, and who stands in."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response

from comptroller.application.people.absences import EndAbsence, RecordAbsence
from comptroller.application.people.delegations import INVOICES, EndDelegation, RecordDelegation
from comptroller.application.people.held_together import ListHeldTogether
from comptroller.application.people.query import GetPerson
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import flag_of, list_of, text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import people_schemas
from comptroller.entrypoints.http.v1.routes import JsonObject, Name

router = APIRouter(prefix="/v1/people", responses=schemas.PROBLEMS, tags=["people"])
apart = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["people"])

_UNPLANNED: Final = "unplanned"


@apart.get("/duty-conflicts", responses=people_schemas.HELD)
def list_held_together(caller: Caller) -> Response:
    """Who holds duties that one principal must not hold together, by which roles, and what could come of it."""
    return json_response(caller.run(ListHeldTogether()))


@router.get("/{person}", responses=people_schemas.PERSON)
def get_person(caller: Caller, person: Name) -> Response:
    """Who somebody is now: roles, entities, manager, absences, and who stands in."""
    return json_response(caller.run(GetPerson(person)))


@router.post(
    "/{person}/absences", status_code=201, openapi_extra=people_schemas.ABSENCE_BODY, responses=people_schemas.KEPT
)
def record_absence(caller: Caller, person: Name, body: JsonObject) -> Response:
    """Put down that a person is away: planned, or from today on."""
    start, until = text_of(body, "from"), text_of(body, "until")
    return json_response(caller.run(RecordAbsence(person, start, until, planned=not flag_of(body, _UNPLANNED))), 201)


@router.post("/{person}/absences/{key}/end", responses=people_schemas.ENDED)
def end_absence(caller: Caller, person: Name, key: Name) -> Response:
    """End an absence now; what a stand-in has not signed goes back."""
    return json_response(caller.run(EndAbsence(person, key)))


@router.post(
    "/{person}/delegations",
    status_code=201,
    openapi_extra=people_schemas.DELEGATION_BODY,
    responses=people_schemas.KEPT,
)
def record_delegation(caller: Caller, person: Name, body: JsonObject) -> Response:
    """Put down who stands in for a person, within which bounds; it never makes either's own authority higher."""
    command = RecordDelegation(
        person,
        text_of(body, "to"),
        text_of(body, "from"),
        text_of(body, "until"),
        list_of(body, "categories"),
        list_of(body, "entities"),
        text_of(body, "amount", required=False),
        flag_of(body, "may_pass_on"),
        list_of(body, "kinds") or (INVOICES,),
    )
    return json_response(caller.run(command), 201)


@router.post("/{person}/delegations/{key}/end", responses=people_schemas.ENDED)
def end_delegation(caller: Caller, person: Name, key: Name) -> Response:
    """End a delegation now; what the delegate has by it and has not signed goes back, or up."""
    return json_response(caller.run(EndDelegation(person, key)))

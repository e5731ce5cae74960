"""The pages about people: who is there, one person, and the forms of absences and stand-ins."""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.people.absences import EndAbsence, RecordAbsence
from comptroller.application.people.delegations import INVOICES, EndDelegation, RecordDelegation
from comptroller.application.presenting.people import (
    ShowAbsenceForm,
    ShowDelegationForm,
    ShowEnding,
    ShowPeople,
    ShowPerson,
)
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field
from comptroller.entrypoints.web.forms import form_of, form_page, typed_of
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

BESIDE: Final = {
    "PEOPLE-DAYS-01": "until",
    "PEOPLE-DAYS-02": "until",
    "PEOPLE-DAYS-03": "from",
    "PEOPLE-DAYS-04": "until",
    "PEOPLE-DAYS-05": "from",
    "PEOPLE-DELEGATE-01": "to",
    "PEOPLE-DELEGATE-02": "to",
    "PEOPLE-DELEGATE-03": "to",
    "PEOPLE-DELEGATE-04": "to",
    "PEOPLE-DELEGATE-05": "entity",
    "PEOPLE-DELEGATE-06": "amount",
    "PEOPLE-DELEGATE-07": "to",
    "PEOPLE-DELEGATE-08": "amount",
    "PEOPLE-DELEGATE-09": "to",
}
"""The field that a refusal stands beside."""


def add_people_pages(app: FastAPI, door: Door) -> None:
    """Put the people beside the other pages."""
    pages = PeoplePages(door)
    one = "/people/{person:key}"
    for path, endpoint, method in (
        ("/people", pages.people, "GET"),
        (f"{one}/absences", pages.absence, "GET"),
        (f"{one}/absences", pages.record_absence, "POST"),
        (f"{one}/delegations", pages.delegation, "GET"),
        (f"{one}/delegations", pages.record_delegation, "POST"),
        (f"{one}/{{kind}}/{{record}}", pages.ending, "GET"),
        (f"{one}/{{kind}}/{{record}}", pages.end, "POST"),
        (one, pages.person, "GET"),
    ):
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


class PeoplePages:
    """The list, the page of one, and the forms."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def people(self, request: Request) -> Response:
        """Everybody who works here."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowPeople()))

    def person(self, request: Request, person: str) -> Response:
        """One person."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowPerson(person)))

    def absence(self, request: Request, person: str) -> Response:
        """The form of an absence."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowAbsenceForm(person)))

    async def record_absence(self, request: Request, person: str) -> Response:
        """Put an absence down."""
        sent = await form_of(request)
        visitor, typed = self._door.acting(request, sent.form_token), sent.typed
        planned = "unplanned" not in typed
        command = RecordAbsence(person, typed.get("from", ""), typed.get("until", ""), planned=planned)
        return await run_in_threadpool(self._keep, visitor, person, ShowAbsenceForm(person), command, typed)

    def delegation(self, request: Request, person: str) -> Response:
        """The form of a delegation."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowDelegationForm(person)))

    async def record_delegation(self, request: Request, person: str) -> Response:
        """Put a delegation down."""
        sent = await form_of(request)
        visitor, typed = self._door.acting(request, sent.form_token), sent.typed
        entity = typed.get("entity", "")
        command = RecordDelegation(
            person,
            typed.get("to", ""),
            typed.get("from", ""),
            typed.get("until", ""),
            tuple(each.strip() for each in typed.get("categories", "").split(",") if each.strip()),
            (entity,) if entity else (),
            typed.get("amount", "").strip(),
            "may_pass_on" in typed,
            (INVOICES, "release") if "releases" in typed else (INVOICES,),
        )
        return await run_in_threadpool(self._keep, visitor, person, ShowDelegationForm(person), command, typed)

    @staticmethod
    def _keep(visitor: Visitor, person: str, form: Any, command: object, typed: dict[str, str]) -> Response:
        view = visitor.need(form)
        answer = visitor.ask(command)
        if isinstance(answer, Rejection):
            filled = typed_of(view, typed, answer, BESIDE.get(answer.code, ""))
            return form_page(visitor, filled, int(STATUS[answer.kind]))
        return RedirectResponse(f"/people/{person}", 303)

    def ending(self, request: Request, person: str, kind: str, record: str) -> Response:
        """What would end."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowEnding(person, kind, record)))

    def end(self, request: Request, person: str, kind: str, record: str, form_token: Field = "") -> Response:
        """End an absence or a delegation now."""
        visitor = self._door.acting(request, form_token)
        visitor.need(ShowEnding(person, kind, record))
        command = EndAbsence(person, record) if kind == "absences" else EndDelegation(person, record)
        answer = visitor.ask(command)
        if isinstance(answer, Rejection):
            raise Turned(visitor, answer)
        return RedirectResponse(f"/people/{person}", 303)

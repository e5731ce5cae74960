"""The calendar of releases: the changes of policy that were asked for, and what was in force from which day."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.presenting.policies.releases import ShowReleases
from comptroller.application.presenting.policies.rollback import ShowRollback
from comptroller.application.releasing.requests import RollBackPolicy
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Text, Told, Value
from comptroller.entrypoints.web.forms import form_page, typed_of
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door


def add_release_pages(app: FastAPI, door: Door) -> None:
    """Put the calendar beside the other pages."""
    pages = ReleasePages(door)
    for path, endpoint, method in (
        ("/releases", pages.releases, "GET"),
        ("/releases/rollback", pages.rollback, "GET"),
        ("/releases/rollback", pages.roll_back, "POST"),
    ):
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


class ReleasePages:
    """What is asked for and what was released, and the way back."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def releases(self, request: Request, month: Text = "") -> Response:
        """What is asked for, and what was released."""
        visitor = self._door.visitor(request)
        return html("releases.html", visitor.chrome("policies"), visitor.need(ShowReleases(month)))

    def rollback(self, request: Request, entity: Value = "") -> Response:
        """The form that asks for the version before."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowRollback(entity)))

    def roll_back(self, request: Request, reason: Told = "", entity: Told = "", form_token: Told = "") -> Response:
        """Ask for it, and go to the request."""
        visitor = self._door.acting(request, form_token)
        answer = visitor.ask(RollBackPolicy(reason, entity))
        if isinstance(answer, Rejection):
            beside = "reason" if answer.code.startswith("WORDS-") else ""
            view = typed_of(visitor.need(ShowRollback(entity)), {"reason": reason}, answer, beside)
            return form_page(visitor, view, int(STATUS[answer.kind]))
        return RedirectResponse(f"/cases/{answer['case_id']}", 303)

"""The calendar of releases: the changes of policy that were asked for, and what was in force from which day."""

from datetime import date

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.presenting.policies.calendar import ShowCalendar
from comptroller.application.presenting.policies.overrides import ShowOverrides
from comptroller.application.presenting.policies.rollback import ShowRollback
from comptroller.application.presenting.policies.states import STANDING_OF_STATE
from comptroller.application.releasing.queries import ListPolicyRequests, ListPolicyVersions
from comptroller.application.releasing.requests import RollBackPolicy
from comptroller.application.releasing.states import PolicyState
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.timeline import BEGINNING
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
        asked = visitor.need(ListPolicyRequests())["requests"]
        released = visitor.need(ListPolicyVersions())["versions"]
        view = {
            "asked": [
                {
                    **each,
                    "day": date.fromisoformat(each.get("starts") or each["valid_from"]),
                    "summary": each["state"].capitalize(),
                    "standing": STANDING_OF_STATE[PolicyState(each["state"])],
                    "last": {**each["states"][-1], "since": parse_instant(each["states"][-1]["since"])},
                }
                for each in asked
            ],
            "released": [
                {**each, "day": day if (day := date.fromisoformat(each["valid_from"])) != BEGINNING else None}
                for each in released
            ],
            "calendar": visitor.need(ShowCalendar(month)),
            "overrides": visitor.need(ShowOverrides()),
            "on_trial": any(each["way"] == "trial" and each["in_force"] for each in released),
            "can_go_back": not visitor.need(ShowRollback()).refusal,
        }
        return html("releases.html", visitor.chrome("policies"), view)

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

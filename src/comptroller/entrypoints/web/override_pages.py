"""The pages of an entity that decides otherwise than its group: what it says otherwise, and the way back to it."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.presenting.policies.overrides import ShowFollowing, ShowOverride
from comptroller.application.releasing.requests import FollowGroup
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Told
from comptroller.entrypoints.web.forms import form_page, typed_of
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door


def add_override_pages(app: FastAPI, door: Door) -> None:
    """Put them beside the calendar of releases."""

    def override(request: Request, entity: str) -> Response:
        """What an entity says otherwise than the group."""
        visitor = door.visitor(request)
        return html("override.html", visitor.chrome("policies"), visitor.need(ShowOverride(entity)))

    def following(request: Request, entity: str) -> Response:
        """The form that asks that it follows the group again."""
        visitor = door.visitor(request)
        return form_page(visitor, visitor.need(ShowFollowing(entity)))

    def follow(
        request: Request, entity: str, title: Told = "", valid_from: Told = "", form_token: Told = ""
    ) -> Response:
        """Ask for it, and go to the request."""
        visitor = door.acting(request, form_token)
        answer = visitor.ask(FollowGroup(entity, title, valid_from))
        if isinstance(answer, Rejection):
            beside = "title" if answer.code.startswith("WORDS-") else "valid_from" if "-DAY-" in answer.code else ""
            typed = {"title": title, "valid_from": valid_from}
            view = typed_of(visitor.need(ShowFollowing(entity)), typed, answer, beside)
            return form_page(visitor, view, int(STATUS[answer.kind]))
        return RedirectResponse(f"/cases/{answer['case_id']}", 303)

    app.add_api_route("/overrides/{entity:key}", override, methods=["GET"], include_in_schema=False)
    app.add_api_route("/overrides/{entity:key}/follow", following, methods=["GET"], include_in_schema=False)
    app.add_api_route("/overrides/{entity:key}/follow", follow, methods=["POST"], include_in_schema=False)

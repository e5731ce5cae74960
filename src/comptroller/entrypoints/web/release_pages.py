"""The calendar of releases: the changes of policy that were asked for, and what was in force from which day."""

from datetime import date

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.presenting.words import OUTCOME_TITLES, STANDING_OF_OUTCOME
from comptroller.application.releasing.queries import ListPolicyRequests, ListPolicyVersions
from comptroller.application.views import Standing
from comptroller.domain.packs.timeline import BEGINNING
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door


def add_release_pages(app: FastAPI, door: Door) -> None:
    """Put the calendar beside the other pages."""

    def releases(request: Request) -> Response:
        """What is asked for, and what was released."""
        visitor = door.visitor(request)
        asked = visitor.need(ListPolicyRequests())["requests"]
        released = visitor.need(ListPolicyVersions())["versions"]
        view = {
            "asked": [
                {
                    **each,
                    "day": date.fromisoformat(each.get("starts") or each["valid_from"]),
                    "summary": OUTCOME_TITLES.get(each["outcome"], each["outcome"]),
                    "standing": STANDING_OF_OUTCOME.get(each["outcome"], Standing.NEUTRAL),
                }
                for each in asked
            ],
            "released": [
                {**each, "day": day if (day := date.fromisoformat(each["valid_from"])) != BEGINNING else None}
                for each in released
            ],
        }
        return html("releases.html", visitor.chrome("policies"), view)

    app.add_api_route("/releases", releases, methods=["GET"], include_in_schema=False)

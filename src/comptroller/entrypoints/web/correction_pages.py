"""Looking back: what a version would have decided otherwise since a day, and what was in force, as known then."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.jobs.correction import StartCorrection
from comptroller.application.presenting.policies.correction import ShowCorrection
from comptroller.application.presenting.policies.in_force import ShowInForce
from comptroller.application.releasing.history import Candidate
from comptroller.application.views.corrections import CorrectionView
from comptroller.entrypoints.web import spreadsheet
from comptroller.entrypoints.web.addresses import Told, Value
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.sheets import sheet
from comptroller.entrypoints.web.visitor import Door


def add_correction_pages(app: FastAPI, door: Door) -> None:
    """Put them beside the pages of drafts, requests and releases."""

    def start(
        request: Request,
        version: Told = "",
        draft: Told = "",
        entity: Told = "",
        since: Told = "",
        form_token: Told = "",
    ) -> Response:
        """Have a job list it, and go to its page."""
        visitor = door.acting(request, form_token)
        job = visitor.need(StartCorrection(Candidate(version, draft, entity=entity), since))
        return RedirectResponse(f"/corrections/{job['job_id']}", 303)

    def correction(request: Request, job_id: str) -> Response:
        """The decisions that would have been others, as far as the job has come."""
        visitor = door.visitor(request)
        return html("correction.html", visitor.chrome("policies"), visitor.need(ShowCorrection(job_id)))

    def taken_away(request: Request, job_id: str, form: str) -> Response:
        """The same as a file for a spreadsheet, with what is only worded otherwise."""
        visitor = door.visitor(request)
        view: CorrectionView = visitor.need(ShowCorrection(job_id))
        return sheet(visitor, form, "correction", spreadsheet.CORRECTED, (*view.decisions, *view.reworded))

    def in_force(
        request: Request, on: Value = "", known_at: Value = "", entity: Value = "", decision: Value = ""
    ) -> Response:
        """What counted on a day, as known at a moment, and one of its decisions."""
        visitor = door.visitor(request)
        view = visitor.need(ShowInForce(on, known_at, entity, decision))
        return html("in-force.html", visitor.chrome("policies"), view)

    for path, endpoint, method in (
        ("/corrections", start, "POST"),
        ("/corrections/{job_id:key}.{form:sheet}", taken_away, "GET"),
        ("/corrections/{job_id:key}", correction, "GET"),
        ("/releases/in-force", in_force, "GET"),
    ):
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)

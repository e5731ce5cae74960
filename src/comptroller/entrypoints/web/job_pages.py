"""Long jobs: how far each has come, and what became of it."""

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.jobs.stopping import StopJob
from comptroller.application.presenting.jobs import ShowJobs
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.web.addresses import Field, Told
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Visitor


def add_job_pages(app: FastAPI, door: Door) -> None:
    """Put the list of jobs beside the other pages."""

    def jobs(request: Request) -> Response:
        """The newest jobs that the visitor's duties are about."""
        return _page(door.visitor(request))

    def stop(request: Request, job: Told = "", reason: Told = "", form_token: Field = "") -> Response:
        """Have a job begin nothing more."""
        visitor = door.acting(request, form_token)
        answer = visitor.ask(StopJob(job, reason))
        return _page(visitor, answer, 422) if isinstance(answer, Rejection) else RedirectResponse("/jobs", 303)

    app.add_api_route("/jobs", jobs, methods=["GET"], include_in_schema=False)
    app.add_api_route("/jobs", stop, methods=["POST"], include_in_schema=False)


def _page(visitor: Visitor, refusal: Rejection | None = None, status: int = 200) -> Response:
    page = {"jobs": visitor.need(ShowJobs()), "refusal": refusal}
    return html("jobs.html", visitor.chrome("jobs"), page, status)

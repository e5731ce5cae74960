"""The routes of long jobs: how far each has come. One is begun where its work is asked for: `Prefer: respond-async`."""

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from comptroller.application.jobs.job import GetJob, ListJobs
from comptroller.application.jobs.stopping import StopJob
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import job_schemas
from comptroller.entrypoints.http.v1.routes import JsonObject

JobId = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,100}$", max_length=100)]
router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["jobs"])


@router.get("/jobs", responses=job_schemas.JOBS)
def list_jobs(caller: Caller) -> Response:
    """The newest 200 long jobs, what was asked for last first: those that the caller's duties are about."""
    return json_response(caller.run(ListJobs()))


@router.get("/jobs/{job_id}", responses=job_schemas.JOB)
def get_job(caller: Caller, job_id: JobId) -> Response:
    """One long job: how far it has come, and what became of it."""
    return json_response(caller.run(GetJob(job_id)))


@router.post("/jobs/{job_id}/stop", openapi_extra=job_schemas.STOP_BODY, responses=job_schemas.JOB)
def stop_job(caller: Caller, job_id: JobId, body: JsonObject) -> Response:
    """Have a job begin nothing more: what is done stays, and the job tells how far it came."""
    return json_response(caller.run(StopJob(job_id, text_of(body, "reason"))))

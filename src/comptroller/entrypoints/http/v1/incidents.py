"""The routes of the operator: what is stuck, by cause, and its repair, case by case or many at once."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import Response

from comptroller.application.jobs.repairs import StartRepairs
from comptroller.application.repairing import ListIncidents, RepairCase
from comptroller.application.repairing_many import Chosen, FindChosen, RepairCases, repair_cases
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of
from comptroller.entrypoints.http.problems import Problem, json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import incident_schemas, job_schemas
from comptroller.entrypoints.http.v1.later import Prefer, accepted, is_async
from comptroller.entrypoints.http.v1.routes import JsonObject, Name

ProcessName = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
Part = Annotated[str, Query(max_length=200, pattern=r"^[^\x00]*$")]
PageSize = Annotated[int, Query(ge=1, le=limits.PAGE_SIZE_MAX)]

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["incidents"])


@router.get("/incidents", responses=incident_schemas.INCIDENTS)
def list_incidents(caller: Caller) -> Response:
    """What is stuck: process, version, step and code with the number of cases, the oldest cause first."""
    return json_response(caller.run(ListIncidents()))


@router.get("/incidents/cases", responses=incident_schemas.CASES)
def list_cases(
    caller: Caller,
    process: ProcessName,
    version: Part = "",
    node: Part = "",
    code: Part = "",
    entity: Part = "",
    after: Part = "",
    limit: PageSize = limits.PAGE_SIZE_MAX,
) -> Response:
    """The cases of a cause that the caller works for, the newest first, page by page; without `code` the open ones."""
    chosen = Chosen((), process, version, node, code, entity)
    return json_response(caller.run(FindChosen(chosen, after, limit)))


@router.post(
    "/cases/{case_id}/repairs", openapi_extra=incident_schemas.REPAIR_BODY, responses=incident_schemas.REPAIRED
)
def repair(caller: Caller, case_id: Name, body: JsonObject, dry_run: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """Retry, skip, move back, correct, suspend or resume a case; `dry_run` says what it would do."""
    return json_response(caller.run(_command(case_id, body), rehearse=dry_run))


@router.post(
    "/incidents/repairs",
    openapi_extra=incident_schemas.MANY_BODY,
    responses=incident_schemas.MANY_REPAIRED | job_schemas.JOB_ACCEPTED,
)
def repair_many(
    caller: Caller,
    body: JsonObject,
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    prefer: Prefer = "",
) -> Response:
    """Repair cases by name, by process, version and step, or by cause, each by itself, at most 200 at once.

    `dry_run` says of each what it would do. With `Prefer: respond-async` a job does it, or tries it.
    """
    wish = RepairCases(
        _chosen(body),
        text_of(body, "kind"),
        text_of(body, "reason"),
        text_of(body, "to_node", required=False),
        _variables(body),
        dry_run,
    )
    if is_async(prefer):
        started: Any = caller.run(StartRepairs(wish))
        return accepted(started)
    after = text_of(body, "after", required=False)
    answer = repair_cases(caller.dispatcher, caller.tenant, caller.principal, wish, after=after)
    if isinstance(answer, Rejection):
        raise Problem(answer)
    return json_response(answer)


def _chosen(body: dict[str, Any]) -> Chosen:
    named = body.get("case_ids")
    case_ids = tuple(str(each) for each in named) if isinstance(named, list) else ()
    narrowed = (text_of(body, name, required=False) for name in ("process", "version", "node", "code", "entity"))
    return Chosen(case_ids, *narrowed)


def _variables(body: dict[str, Any]) -> dict[str, Any]:
    variables = body.get("variables")
    return variables if isinstance(variables, dict) else {}


def _command(case_id: str, body: dict[str, Any]) -> RepairCase:
    return RepairCase(
        case_id,
        text_of(body, "kind"),
        text_of(body, "reason"),
        text_of(body, "token", required=False),
        text_of(body, "to_node", required=False),
        _variables(body),
    )

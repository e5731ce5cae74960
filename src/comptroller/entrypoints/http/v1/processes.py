"""The routes of processes: their versions, and the move of running cases from one to another."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from comptroller.application.jobs.migration import StartMigration
from comptroller.application.migrating.bulk import MigrateCases, migrate_cases
from comptroller.application.migrating.case import MigrateCase
from comptroller.application.migrating.plan import PlanMigration
from comptroller.application.migrating.versions import ListVersions, Move
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of, texts_of
from comptroller.entrypoints.http.problems import Problem, json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import job_schemas, process_schemas
from comptroller.entrypoints.http.v1.later import Prefer, accepted, is_async
from comptroller.entrypoints.http.v1.routes import JsonObject, Name

ProcessId = Annotated[str, Path(pattern=r"^[A-Za-z_][A-Za-z0-9._-]{0,99}$", max_length=100)]
PolicyHash = Annotated[str, Query(pattern=r"^([0-9a-f]{64})?$", description="The hash of a policy version.")]
Leaving = Annotated[str, Query(alias="from", pattern=r"^[0-9a-f]{64}$", description="The policy version that is left.")]
Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9._:-]{0,200}$")]
PageSize = Annotated[int, Query(ge=1, le=limits.PAGE_SIZE_MAX)]

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["processes"])


@router.get("/processes/{process}/versions", responses=process_schemas.VERSIONS)
def list_versions(caller: Caller, process: ProcessId) -> Response:
    """The version in force and those that open cases run by, each with how many."""
    return json_response(caller.run(ListVersions(process)))


@router.get("/processes/{process}/migration", responses=process_schemas.PLAN)
def plan(
    caller: Caller, process: ProcessId, leaving: Leaving, to: PolicyHash = "", entity: Word = "", node: Word = ""
) -> Response:
    """What moving the open cases of a version to another would come to, by the mapping that goes without saying."""
    return json_response(caller.run(PlanMigration(Move(process, leaving, to, None, entity, node))))


@router.post(
    "/processes/{process}/migration",
    openapi_extra=process_schemas.BULK_BODY,
    responses=process_schemas.PROGRESS | job_schemas.JOB_ACCEPTED,
)
def migrate_many(
    caller: Caller,
    process: ProcessId,
    body: JsonObject,
    limit: PageSize = 50,
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    prefer: Prefer = "",
) -> Response:
    """Move the open cases of a version, each for itself, at most `limit` of them; what stays is told with its reason.

    With `Prefer: respond-async` a job moves them all, or tries them all. Those that are stuck behind their posting are
    among them.

    `dry_run` tries each and forgets it. Exchange `from` and `to` and turn the mapping round to take cases back.
    """
    move = Move(
        process,
        text_of(body, "from"),
        text_of(body, "to", required=False),
        texts_of(body, "nodes"),
        text_of(body, "entity", required=False),
        text_of(body, "node", required=False),
    )
    if is_async(prefer):
        started: Any = caller.run(StartMigration(move, text_of(body, "reason"), dry_run))
        return accepted(started)
    after = text_of(body, "after", required=False)
    wish = MigrateCases(move, text_of(body, "reason"), limit, after, is_trial=dry_run)
    answer = migrate_cases(caller.dispatcher, caller.tenant, caller.principal, wish)
    if isinstance(answer, Rejection):
        raise Problem(answer)
    return json_response(answer)


@router.post(
    "/cases/{case_id}/migration", openapi_extra=process_schemas.MIGRATE_BODY, responses=process_schemas.MIGRATED
)
def migrate(
    caller: Caller,
    case_id: Name,
    body: JsonObject,
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Response:
    """Have one case go on by another version of its process; without `to`, by the one in force."""
    command = MigrateCase(
        case_id, text_of(body, "reason"), text_of(body, "to", required=False), texts_of(body, "nodes")
    )
    answer: Any = caller.run(command, rehearse=dry_run)
    return json_response(answer)

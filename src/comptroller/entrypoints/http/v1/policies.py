"""The routes of policy: its versions, and the requests by which they are changed and whose tasks are signed as any."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.jobs.backtest import GetBacktest, ListChanged, StartBacktest
from comptroller.application.jobs.correction import GetCorrection, StartCorrection
from comptroller.application.jobs.shadow import GetShadow, StartShadow
from comptroller.application.releasing.history import Candidate
from comptroller.application.releasing.queries import (
    GetPolicyRequest,
    GetPolicyVersion,
    ListOverrides,
    ListPolicyRequests,
    ListPolicyVersions,
)
from comptroller.application.releasing.requests import (
    CheckPolicy,
    CorrectPolicy,
    FollowGroup,
    ProposePolicy,
    RollBackPolicy,
    WithdrawPolicy,
)
from comptroller.application.releasing.scope import Scope
from comptroller.application.studio.recording import RecordExample
from comptroller.domain.kernel import limits
from comptroller.domain.packs.backtest import MINUTES_A_SIGNATURE
from comptroller.domain.packs.timeline import WHOLE
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import flag_of, list_of, number_of, read_object, text_of, texts_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import job_schemas, policy_schemas
from comptroller.entrypoints.http.v1.jobs import JobId
from comptroller.entrypoints.http.v1.later import accepted
from comptroller.entrypoints.http.v1.routes import JsonObject

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", max_length=100)]
Hash = Annotated[str, Query(pattern=r"^([0-9a-f]{64})?$", description="The hash of a version.")]
Day = Annotated[str, Query(pattern=r"^[0-9-]{0,10}$", description="YYYY-MM-DD.")]
Entity = Annotated[str, Query(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$", description="For whom; the group else.")]
Moment = Annotated[str, Query(max_length=40, description="RFC 3339, with its offset.")]
Named = Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Entry = Annotated[int, Query(ge=0, le=2**31 - 1, description="The entry of the case's story; 0: the latest.")]
Minutes = Annotated[int, Query(ge=0, le=1440, description="What a signature takes of its giver's time.")]
After = Annotated[str, Query(pattern=r"^[A-Za-z0-9._:-]{0,200}$", description="the `next` of the page before")]
PageSize = Annotated[int, Query(ge=1, le=limits.PAGE_SIZE_MAX)]


async def _with_files(request: Request) -> dict[str, Any]:
    return await read_object(request, text_max=limits.DOCUMENT_BYTES_MAX)


WithFiles = Annotated[dict[str, Any], Depends(_with_files)]

router = APIRouter(prefix="/v1/policy", responses=schemas.PROBLEMS, tags=["policy"])


@router.get("/versions", responses=policy_schemas.VERSIONS)
def list_versions(caller: Caller) -> Response:
    """What was put in force when, by whose signature, and since when it counts."""
    return json_response(caller.run(ListPolicyVersions()))


@router.get("/overrides", responses=policy_schemas.OVERRIDES)
def list_overrides(caller: Caller, entity: Entity = "") -> Response:
    """The entities that decide otherwise than the group, and in what; of one that is named also what that means."""
    return json_response(caller.run(ListOverrides(entity)))


@router.get("/files", responses=policy_schemas.VERSION)
def get_files(caller: Caller, version: Hash = "", on: Day = "", known_at: Moment = "", entity: Entity = "") -> Response:
    """The files of a version: by its hash, of what counted on a day as known at a moment, or of what counts now."""
    return json_response(caller.run(GetPolicyVersion(version, on, known_at, entity)))


@router.post("/check", openapi_extra=policy_schemas.FILES_BODY, responses=policy_schemas.CHECKED)
def check(caller: Caller, body: WithFiles) -> Response:
    """Hold files against the version in force: findings, examples, what is decided otherwise. Nothing is kept.

    With an `entity` they are to be its version, and may differ from the group's only in what it may override.
    """
    return json_response(caller.run(CheckPolicy(_files(body), _scope(body))))


@router.post("/correction", openapi_extra=policy_schemas.CORRECTION_BODY, responses=policy_schemas.CORRECTION)
def correct(caller: Caller, body: WithFiles) -> Response:
    """Recorded decisions since a day that the files would have taken otherwise, with their cases. Nothing is kept.

    It looks at the newest 2,000 cases; a job of `/corrections` looks at all.
    """
    return json_response(caller.run(CorrectPolicy(_files(body), text_of(body, "since"), _entity(body))))


@router.get("/examples", responses=policy_schemas.EXAMPLE)
def record_example(caller: Caller, case: Named, decision: Named, seq: Entry = 0) -> Response:
    """A decision of a case as an example of a pack: the latest, or that of an entry. Texts are stand-ins."""
    return json_response(caller.run(RecordExample(case, decision, seq)))


@router.post(
    "/backtests", status_code=202, openapi_extra=policy_schemas.BACKTEST_BODY, responses=job_schemas.JOB_ACCEPTED
)
def start_backtest(caller: Caller, body: WithFiles) -> Response:
    """Have a job take the cases decided since a day through a `version`, a `draft` or `files`, and what is in force.

    Asked for again, a backtest that was stopped goes on.
    """
    started: Any = caller.run(StartBacktest(_candidate(body), text_of(body, "since")))
    return accepted(started, f"/v1/policy/backtests/{started['job_id']}")


@router.get("/backtests/{job_id}", responses=policy_schemas.BACKTEST)
def get_backtest(caller: Caller, job_id: JobId, minutes: Minutes = MINUTES_A_SIGNATURE) -> Response:
    """The figures of a backtest as far as it has come, and the cases that come out otherwise."""
    return json_response(caller.run(GetBacktest(job_id, minutes)))


@router.get("/backtests/{job_id}/changes", responses=policy_schemas.CHANGED)
def list_changed(caller: Caller, job_id: JobId, after: After = "") -> Response:
    """Every case of a backtest that comes out otherwise, page by page from behind `next`; each is decided again."""
    return json_response(caller.run(ListChanged(job_id, after)))


@router.post(
    "/corrections", status_code=202, openapi_extra=policy_schemas.BACKTEST_BODY, responses=job_schemas.JOB_ACCEPTED
)
def start_correction(caller: Caller, body: WithFiles) -> Response:
    """Have a job list each decision since a day that a `version`, a `draft` or `files` would have taken otherwise."""
    started: Any = caller.run(StartCorrection(_candidate(body), text_of(body, "since")))
    return accepted(started, f"/v1/policy/corrections/{started['job_id']}")


@router.get("/corrections/{job_id}", responses=policy_schemas.CORRECTION_JOB)
def get_correction(caller: Caller, job_id: JobId) -> Response:
    """The decisions that would have been others as far as the job has come, with their cases and amounts."""
    return json_response(caller.run(GetCorrection(job_id)))


@router.post("/shadows", status_code=202, openapi_extra=policy_schemas.SHADOW_BODY, responses=job_schemas.JOB_ACCEPTED)
def start_shadow(caller: Caller, body: WithFiles) -> Response:
    """Have a `version`, a `draft` or `files` decide beside the version in force from now on, without effect on a case.

    It is a long job: stopped like every other, and over by itself once another version is in force.
    """
    started: Any = caller.run(StartShadow(_candidate(body)))
    return accepted(started, f"/v1/policy/shadows/{started['job_id']}")


@router.get("/shadows/{job_id}", responses=policy_schemas.SHADOW)
def get_shadow(caller: Caller, job_id: JobId, minutes: Minutes = MINUTES_A_SIGNATURE) -> Response:
    """What a candidate has decided beside the version in force so far, and the newest cases that come out otherwise."""
    return json_response(caller.run(GetShadow(job_id, minutes)))


@router.get("/requests", responses=policy_schemas.REQUESTS)
def list_requests(caller: Caller, limit: PageSize = 50) -> Response:
    """Changes of policy that were asked for, newest first."""
    return json_response(caller.run(ListPolicyRequests(limit)))


@router.post("/requests", status_code=201, openapi_extra=policy_schemas.PROPOSE_BODY, responses=policy_schemas.OPENED)
def propose(caller: Caller, body: WithFiles) -> Response:
    """Store a version and put it before those who may release it; one that fails its checks comes back at once.

    With an `entity` it is that entity's. A version of the group is merged with what entities override; where both
    changed a part, `keep` and `take` say whose counts: `FR:price tolerance`, or all of `FR`. With `begin` or a `share`
    below 100 it counts for some entities, or for so many percent of the cases that begin, until it is released to all.
    """
    command = ProposePolicy(
        text_of(body, "title"),
        _files(body),
        text_of(body, "valid_from", required=False),
        flag_of(body, "emergency"),
        scope=_scope(body),
    )
    return json_response(caller.run(command), 201)


@router.post(
    "/follow-group", status_code=201, openapi_extra=policy_schemas.FOLLOW_BODY, responses=policy_schemas.OPENED
)
def follow_group(caller: Caller, body: JsonObject) -> Response:
    """Ask that an entity decides as the group does again: what it overrides ends with it."""
    command = FollowGroup(text_of(body, "entity"), text_of(body, "title"), text_of(body, "valid_from", required=False))
    return json_response(caller.run(command), 201)


@router.get("/requests/{request_id}", responses=policy_schemas.REQUEST)
def get_request(caller: Caller, request_id: Name) -> Response:
    """A request: what it changes, on what evidence, who signed, who is asked."""
    return json_response(caller.run(GetPolicyRequest(request_id)))


@router.post(
    "/requests/{request_id}/withdrawal",
    openapi_extra=policy_schemas.REASON_BODY,
    responses=policy_schemas.WITHDRAWN,
)
def withdraw(caller: Caller, request_id: Name, body: JsonObject) -> Response:
    """Take one's own request back while it waits."""
    return json_response(caller.run(WithdrawPolicy(request_id, text_of(body, "reason"))))


@router.post("/rollback", status_code=201, openapi_extra=policy_schemas.ROLLBACK_BODY, responses=policy_schemas.OPENED)
def roll_back(caller: Caller, body: JsonObject) -> Response:
    """Ask for the version before the one in force, the group's or an `entity`'s: one signature, at once."""
    return json_response(caller.run(RollBackPolicy(text_of(body, "reason"), _entity(body))), 201)


def _entity(body: dict[str, Any]) -> str:
    return text_of(body, "entity", required=False)


def _scope(body: dict[str, Any]) -> Scope:
    keep, take, begin = (list_of(body, name) for name in ("keep", "take", "begin"))
    return Scope(_entity(body), keep, take, begin, number_of(body, "share", WHOLE))


def _candidate(body: dict[str, Any]) -> Candidate:
    version, draft = (text_of(body, name, required=False) for name in ("version", "draft"))
    return Candidate(version, draft, _files(body), _entity(body))


def _files(body: dict[str, Any]) -> dict[str, bytes]:
    return {path: text.encode() for path, text in (texts_of(body, "files") or {}).items()}

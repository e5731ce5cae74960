"""The routes of version 1: each reads its form, runs one use case, and writes the answer."""

import base64
import binascii
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from comptroller.application.access import IssueApiKey
from comptroller.application.act import ActOnTask
from comptroller.application.catalogue import VerifyAudit
from comptroller.application.delivery import RetryDelivery
from comptroller.application.dispatcher import Request as Command
from comptroller.application.queries import (
    GetCase,
    GetDecisions,
    GetOriginal,
    GetTimeline,
    ListCases,
    ListDeliveries,
    ListReference,
    ListTasks,
)
from comptroller.application.reference import PutReference
from comptroller.application.submit import SubmitDocument
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import read_bytes, read_object, text_of
from comptroller.entrypoints.http.problems import STATUS, Problem, json_response, problem_body
from comptroller.entrypoints.http.security import Caller, Calling

MEDIA_TYPES: Final = frozenset({"application/xml", "text/xml", "application/json"})

_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._:+ -]{0,199}$"
Name = Annotated[str, Path(pattern=_NAME, max_length=200)]
Filter = Annotated[str, Query(pattern=r"^[A-Za-z0-9._: -]{0,200}$")]
PageSize = Annotated[int, Query(ge=1, le=limits.PAGE_SIZE_MAX)]

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS)


async def _body(request: Request) -> bytes:
    return await read_bytes(request)


async def _object(request: Request) -> dict[str, Any]:
    return await read_object(request)


async def _batch(request: Request) -> dict[str, Any]:
    return await read_object(request, limits.BATCH_BYTES_MAX)


Body = Annotated[bytes, Depends(_body)]
JsonObject = Annotated[dict[str, Any], Depends(_object)]


@router.post("/documents", status_code=201, openapi_extra=schemas.DOCUMENT_BODY, responses=schemas.ANSWER)
def submit(caller: Caller, request: Request, content: Body, dry_run: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """Hand a document in: UBL or CII as XML, or the canonical form as JSON. `dry_run` says what would happen."""
    answer = caller.run(_submission(caller, content, _media_type(request)), rehearse=dry_run)
    return json_response(answer, 200 if dry_run else 201)


def _media_type(request: Request) -> str:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in MEDIA_TYPES:
        raise Problem(
            Rejection(
                RejectionKind.UNSUPPORTED,
                "BODY-TYPE-01",
                f"`{media_type}` is no media type of a document",
                help=f"send one of {', '.join(sorted(MEDIA_TYPES))}",
            )
        )
    return media_type


def _submission(caller: Calling, content: bytes, media_type: str) -> SubmitDocument:
    return SubmitDocument(content, media_type, caller.dispatcher.environment.read_document(content, media_type))


@router.post("/documents:batch", openapi_extra=schemas.BATCH_BODY, responses=schemas.BATCH_ANSWER)
async def submit_batch(caller: Caller, body: Annotated[dict[str, Any], Depends(_batch)]) -> Response:
    """Hand many documents in at once, in one transaction; each is answered for itself, in order."""
    documents = body.get("documents")
    if not isinstance(documents, list) or not 1 <= len(documents) <= limits.BATCH_DOCUMENTS_MAX:
        message = f"`documents` must be a list of 1 to {limits.BATCH_DOCUMENTS_MAX} documents"
        raise Problem(Rejection(RejectionKind.INVALID, "BATCH-SIZE-01", message))
    return await run_in_threadpool(_run_batch, caller, documents)


def _run_batch(caller: Calling, documents: list[Any]) -> Response:
    commands = []
    for position, document in enumerate(documents):
        content, media_type = _batch_document(document, position)
        command = _submission(caller, content, media_type)
        key = f"{caller.idempotency_key}/{position}" if caller.idempotency_key else ""
        commands.append(Command(caller.principal, command, key))
    answers = caller.dispatcher.execute_many(caller.tenant, commands)
    return json_response({"results": [_result(answer) for answer in answers]})


def _batch_document(document: Any, position: int) -> tuple[bytes, str]:
    """One document of a batch: base64 content with its media type."""
    problem = Rejection(
        RejectionKind.INVALID,
        "BATCH-DOCUMENT-01",
        f"document {position} needs `media_type` and base64 `content`",
        help=f"`media_type` is one of {', '.join(sorted(MEDIA_TYPES))}",
    )
    if not isinstance(document, dict) or document.get("media_type") not in MEDIA_TYPES:
        raise Problem(problem)
    try:
        return base64.b64decode(text_of(document, "content"), validate=True), document["media_type"]
    except (binascii.Error, ValueError) as error:
        raise Problem(problem) from error


def _result(answer: Any) -> dict[str, Any]:
    if isinstance(answer, Rejection):
        return {"status_code": int(STATUS[answer.kind]), "problem": problem_body(answer)}
    return {"status_code": 201, "answer": answer}


@router.get("/cases", responses=schemas.OBJECT)
def list_cases(
    caller: Caller, status: Filter = "", entity: Filter = "", after: Filter = "", limit: PageSize = 50
) -> Response:
    """Cases that the caller may see, newest first."""
    return json_response(caller.run(ListCases(status, entity, after, limit)))


@router.get("/cases/{case_id}", responses=schemas.OBJECT)
def get_case(caller: Caller, case_id: Name) -> Response:
    """One case: document, reasons, tasks, signatures, journals."""
    return json_response(caller.run(GetCase(case_id)))


@router.get("/cases/{case_id}/timeline", responses=schemas.LIST)
def get_timeline(caller: Caller, case_id: Name) -> Response:
    """The case's story: who acted, what they saw, which rule hit."""
    return json_response({"entries": caller.run(GetTimeline(case_id))})


@router.get("/cases/{case_id}/decisions", responses=schemas.LIST)
def get_decisions(caller: Caller, case_id: Name) -> Response:
    """Every decision taken on the case, with inputs, rules and outcome."""
    return json_response({"decisions": caller.run(GetDecisions(case_id))})


@router.get("/cases/{case_id}/original", responses=schemas.ORIGINAL)
def get_original(caller: Caller, case_id: Name) -> Response:
    """The document in force, byte for byte as received."""
    found: Any = caller.run(GetOriginal(case_id))
    headers = {
        "Content-Disposition": f'attachment; filename="{found["digest"]}"',
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{found["digest"]}"',
    }
    return Response(found["content"], 200, headers, media_type=found["media_type"])


@router.get("/tasks", responses=schemas.OBJECT)
def list_tasks(caller: Caller, everyone: bool = False, after: Filter = "", limit: PageSize = 50) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """The caller's open tasks and those of the caller's roles."""
    return json_response(caller.run(ListTasks(everyone, after, limit)))


@router.post("/tasks/{task_id}/actions", openapi_extra=schemas.ACTION_BODY, responses=schemas.ANSWER_200)
def act(caller: Caller, task_id: Name, body: JsonObject) -> Response:
    """Answer a task. 409 when what was shown has changed, 403 with a code when the caller may not."""
    command = ActOnTask(
        task_id,
        text_of(body, "action"),
        text_of(body, "content_hash", required=False),
        text_of(body, "reason", required=False),
    )
    answer: Any = caller.run(command)
    if not answer.get("applied", True):
        text = "the controls no longer say what they said when you were asked; the case was judged anew"
        raise Problem(Rejection(RejectionKind.CONFLICT, "SIGN-RECHECK-01", text, subject=answer["case_id"]))
    return json_response(answer)


@router.put("/reference/{kind}/{key}", openapi_extra=schemas.REFERENCE_BODY, responses=schemas.OBJECT)
def put_reference(caller: Caller, kind: Name, key: Name, body: JsonObject) -> Response:
    """Bring in a reference record, whole; a buyer's amended order first waits for its release."""
    return json_response(caller.run(PutReference(kind, key, body)))


@router.get("/reference/{kind}", responses=schemas.OBJECT)
def list_reference(caller: Caller, kind: Name) -> Response:
    """The records of a kind in force."""
    return json_response(caller.run(ListReference(kind)))


@router.post("/people/{person}/keys", status_code=201, responses=schemas.OBJECT_201)
def issue_key(caller: Caller, person: Name) -> Response:
    """Make an API key for a principal; it is shown this once."""
    return json_response(caller.run(IssueApiKey(person)), 201)


@router.get("/deliveries", responses=schemas.OBJECT)
def list_deliveries(caller: Caller, status: Filter = "") -> Response:
    """Deliveries to outside systems, with what failed and why."""
    return json_response(caller.run(ListDeliveries(status)))


@router.post("/deliveries/{outbox_id}/retry", openapi_extra=schemas.RETRY_BODY, responses=schemas.OBJECT)
def retry(caller: Caller, outbox_id: Name, body: JsonObject) -> Response:
    """Send a delivery again that waits for a person, under the same key."""
    return json_response(caller.run(RetryDelivery(outbox_id, text_of(body, "reason"))))


@router.get("/audit/verification", responses=schemas.OBJECT)
def verify_audit(caller: Caller) -> Response:
    """Recompute the tenant's whole audit log and say whether it holds."""
    report: Any = caller.run(VerifyAudit())
    return json_response(report.to_json())

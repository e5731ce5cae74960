"""The routes of version 1: each reads its form, runs one use case, and writes the answer."""

import base64
from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from comptroller.application.access import IssueApiKey
from comptroller.application.act import ActOnTask, judged_anew
from comptroller.application.clearances import ClearScreening
from comptroller.application.delivery import RetryDelivery
from comptroller.application.dispatcher import Request as Command
from comptroller.application.intake import MAIL, incoming_file, incoming_mail, take_in, take_in_later
from comptroller.application.intake_records import GetIntake, ListIntake
from comptroller.application.keying import KeyDocument
from comptroller.application.payment_blocks import LiftPaymentBlock, ListPaymentBlocks
from comptroller.application.ports.intake import TYPES
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
from comptroller.application.responding import GetResponse
from comptroller.application.submit import Arrival, SubmitDocument
from comptroller.application.verification import VerifyAudit
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import (
    call_back_of,
    media_type_of,
    read_document,
    read_object,
    text_of,
)
from comptroller.entrypoints.http.problems import STATUS, Problem, json_response, problem_body
from comptroller.entrypoints.http.security import Caller, Calling, key_at
from comptroller.entrypoints.http.v1.job_schemas import INTAKE_ACCEPTED
from comptroller.entrypoints.http.v1.later import Prefer, accepted, is_async
from comptroller.entrypoints.media_types import MEDIA_TYPES, refused_media_type

_KEY: Final = r"^[^\s/\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_NAME: Final = r"^[A-Za-z0-9][A-Za-z0-9._:+ -]{0,199}$"
Name = Annotated[str, Path(pattern=_NAME, max_length=200)]
Key = Annotated[str, Path(pattern=_KEY, max_length=200, description="Of the record; a `/` in it may stay as it is.")]
Filter = Annotated[str, Query(pattern=r"^[A-Za-z0-9._: -]{0,200}$")]
Reason = Annotated[str, Query(max_length=limits.REASON_CHARACTERS_MAX, pattern=r"^[^\x00-\x1f\x7f]*$")]
FileName = Annotated[str, Query(max_length=200, pattern=r"^[^/\\\x00-\x1f\x7f]*$")]
PageSize = Annotated[int, Query(ge=1, le=limits.PAGE_SIZE_MAX)]

KEYED_TYPE: Final = "application/json"
INTAKE_TYPES: Final = MEDIA_TYPES | frozenset(TYPES.values()) | {MAIL}

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS)


async def _body(request: Request) -> bytes:
    return await read_document(request)


async def _object(request: Request) -> dict[str, Any]:
    return await read_object(request)


async def _batch(request: Request) -> dict[str, Any]:
    return await read_object(request, limits.BATCH_BYTES_MAX, text_max=limits.BATCH_BYTES_MAX)


Body = Annotated[bytes, Depends(_body)]
JsonObject = Annotated[dict[str, Any], Depends(_object)]


@router.post("/documents", status_code=201, openapi_extra=schemas.DOCUMENT_BODY, responses=schemas.ANSWER)
def submit(
    caller: Caller,
    request: Request,
    content: Body,
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a query parameter
    clearance: Filter = "",
) -> Response:
    """Hand a document in: UBL or CII as XML, a PDF, or the canonical form as JSON.

    `dry_run` says what would happen; `clearance` is the number under which a state's platform cleared the document.
    """
    command = replace(_submission(caller, content, _media_type(request)), arrival=Arrival(clearance=clearance))
    answer = caller.run(command, rehearse=dry_run)
    return json_response(answer, 200 if dry_run else 201)


def _media_type(request: Request) -> str:
    media_type = media_type_of(request.headers.get("content-type", ""))
    refused = refused_media_type(media_type)
    if refused is not None:
        raise Problem(refused)
    return media_type


def _submission(caller: Calling, content: bytes, media_type: str) -> SubmitDocument:
    return SubmitDocument(content, media_type, caller.dispatcher.environment.read_document(content, media_type))


@router.post("/documents:batch", openapi_extra=schemas.BATCH_BODY, responses=schemas.BATCH_ANSWER)
async def submit_batch(caller: Caller, body: Annotated[dict[str, Any], Depends(_batch)]) -> Response:
    """Hand many documents in at once, in one transaction; each is answered for itself, in order."""
    documents = body.get("documents")
    if not isinstance(documents, list) or not 1 <= len(documents) <= limits.BATCH_DOCUMENTS_MAX:
        message = f"`documents` must be a list of 1 to {limits.BATCH_DOCUMENTS_MAX} documents"
        raise Problem(_misfit("BATCH-SIZE-01", "/documents", message, "send what is more in another batch"))
    return await run_in_threadpool(_run_batch, caller, documents)


def _run_batch(caller: Calling, documents: list[Any]) -> Response:
    """What has the form of a document goes in together; what has not is answered at its place."""
    forms = [_batch_document(caller, document, f"/documents/{place}") for place, document in enumerate(documents)]
    commands = [
        Command(caller.principal, form, key_at(place, caller.idempotency_key))
        for place, form in enumerate(forms)
        if not isinstance(form, Rejection)
    ]
    answers = iter(caller.dispatcher.execute_many(caller.tenant, commands) if commands else ())
    results = [_result(form if isinstance(form, Rejection) else next(answers)) for form in forms]
    return json_response({"results": results})


def _batch_document(caller: Calling, document: Any, path: str) -> SubmitDocument | Rejection:
    """One document of a batch: base64 content with its media type."""
    if not isinstance(document, dict):
        document = {}
    media_type, content = document.get("media_type"), document.get("content")
    if not isinstance(media_type, str) or not isinstance(content, str):
        message = "a document of a batch needs `media_type` and base64 `content`"
        return _misfit("BATCH-DOCUMENT-01", path, message, f"`media_type` is one of {', '.join(sorted(MEDIA_TYPES))}")
    refused = refused_media_type(media_type, f"{path}/media_type")
    if refused is not None:
        return refused
    try:
        return _submission(caller, base64.b64decode(content, validate=True), media_type)
    except ValueError:
        message = "the content is not base64"
        return _misfit(
            "BATCH-DOCUMENT-02", f"{path}/content", message, "send the document's bytes as base64 (RFC 4648)"
        )


def _misfit(code: str, path: str, message: str, help: str) -> Rejection:  # noqa: A002 - the rejection's own field
    fault = Fault(code, path, message, by="reader", help=help)
    return Rejection(RejectionKind.INVALID, code, message, (fault,), help=help)


def _result(answer: Any) -> dict[str, Any]:
    if isinstance(answer, Rejection):
        return {"status_code": int(STATUS[answer.kind]), "problem": problem_body(answer)}
    return {"status_code": 201, "answer": answer}


@router.post(
    "/intake", status_code=201, openapi_extra=schemas.INTAKE_BODY, responses=schemas.INTAKE_ANSWER | INTAKE_ACCEPTED
)
def take_in_file(
    caller: Caller,
    request: Request,
    content: Body,
    name: FileName = "",
    mapping: Filter = "",
    entity: Filter = "",
    prefer: Prefer = "",
) -> Response:
    """Take in a table of documents by a saved mapping, a mail, or any document; answers what became of each part.

    With `Prefer: respond-async` it is kept and a job takes it in.
    """
    media_type = media_type_of(request.headers.get("content-type", ""))
    if media_type not in INTAKE_TYPES:
        what_to_do = f"send one of {', '.join(sorted(INTAKE_TYPES))}"
        raise Problem(Rejection(RejectionKind.UNSUPPORTED, "BODY-TYPE-01", "this is not taken in", help=what_to_do))
    environment = caller.dispatcher.environment
    if media_type == MAIL:
        incoming = incoming_mail(environment, content, name=name or "mail.eml", entity=entity, mapping=mapping)
    else:
        told = {"channel": "file", "media_type": media_type, "entity": entity, "mapping": mapping}
        incoming = incoming_file(content, name=name or "file", **told)
    take = take_in_later if is_async(prefer) else take_in
    answer = take(caller.dispatcher, caller.tenant, caller.principal, incoming)
    if isinstance(answer, Rejection):
        raise Problem(answer)
    if "job_id" in answer:
        return accepted(answer)
    return json_response(answer, 201)


@router.get("/intake/{intake_id}/original", responses=schemas.INTAKE_ORIGINAL, response_class=Response)
def get_intake(caller: Caller, intake_id: Name) -> Response:
    """A message or file byte for byte as it came in."""
    found: Any = caller.run(GetIntake(intake_id))
    headers = {
        "Content-Disposition": f'attachment; filename="{found["digest"]}"',
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{found["digest"]}"',
    }
    return Response(found["content"], 200, headers, media_type=found["media_type"])


@router.get("/intake", responses=schemas.INTAKE_LIST)
def list_intake(caller: Caller, status: Literal["failed", "open", "done"] = "failed") -> Response:
    """What came in and could not be dealt with: each with its parts and what is wrong with them."""
    return json_response(caller.run(ListIntake(status)))


@router.get("/cases", responses=schemas.CASES)
def list_cases(
    caller: Caller,
    status: Filter = "",
    entity: Filter = "",
    after: Filter = "",
    limit: PageSize = 50,
    q: Filter = "",
) -> Response:
    """Cases that the caller may see, newest first; those that all words of `q` are found in, the best first."""
    return json_response(caller.run(ListCases(status, entity, after, limit, q)))


@router.get("/cases/{case_id}", responses=schemas.CASE_WHOLE)
def get_case(caller: Caller, case_id: Name) -> Response:
    """One case: document, reasons, tasks, signatures, journals."""
    return json_response(caller.run(GetCase(case_id)))


@router.get("/cases/{case_id}/timeline", responses=schemas.TIMELINE)
def get_timeline(caller: Caller, case_id: Name) -> Response:
    """The case's story: who acted, what they saw, which rule hit."""
    return json_response({"entries": caller.run(GetTimeline(case_id))})


@router.get("/cases/{case_id}/decisions", responses=schemas.DECISIONS)
def get_decisions(caller: Caller, case_id: Name) -> Response:
    """Every decision taken on the case, with inputs, rules and outcome."""
    return json_response({"decisions": caller.run(GetDecisions(case_id))})


@router.get("/cases/{case_id}/original", responses=schemas.ORIGINAL, response_class=Response)
def get_original(caller: Caller, case_id: Name) -> Response:
    """The document in force, byte for byte as received."""
    found: Any = caller.run(GetOriginal(case_id))
    headers = {
        "Content-Disposition": f'attachment; filename="{found["digest"]}"',
        "X-Content-Type-Options": "nosniff",
        "ETag": f'"{found["digest"]}"',
    }
    return Response(found["content"], 200, headers, media_type=found["media_type"])


@router.get("/cases/{case_id}/response", responses=schemas.RESPONSE, response_class=Response)
def get_response(caller: Caller, case_id: Name) -> Response:
    """What the supplier would be told now: a UBL ApplicationResponse (Peppol Invoice Response 3); nothing is sent."""
    found: Any = caller.run(GetResponse(case_id))
    headers = {"Content-Disposition": f'attachment; filename="{found["name"]}"', "X-Content-Type-Options": "nosniff"}
    return Response(found["content"], 200, headers, media_type="application/xml")


@router.post("/cases/{case_id}/document", openapi_extra=schemas.KEYED_BODY, responses=schemas.ACT_ANSWER)
def key_document(
    caller: Caller,
    case_id: Name,
    content: Body,
    reason: Reason = "",
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Response:
    """Key what the original of a case shows, or correct what was read of it, in the canonical form beside it."""
    read = caller.dispatcher.environment.read_document(content, KEYED_TYPE)
    command = KeyDocument(content, KEYED_TYPE, read, case_id=case_id, reason=reason)
    return json_response(caller.run(command, rehearse=dry_run))


@router.get("/tasks", responses=schemas.TASKS)
def list_tasks(caller: Caller, everyone: bool = False, after: Filter = "", limit: PageSize = 50) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """The caller's open tasks and those of the caller's roles."""
    return json_response(caller.run(ListTasks(everyone, after, limit)))


@router.post("/tasks/{task_id}/actions", openapi_extra=schemas.ACTION_BODY, responses=schemas.ACT_ANSWER)
def act(caller: Caller, task_id: Name, body: JsonObject) -> Response:
    """Answer a task. 409 when what was shown has changed, 403 with a code when the caller may not."""
    command = ActOnTask(
        task_id,
        text_of(body, "action"),
        text_of(body, "content_hash", required=False),
        text_of(body, "reason", required=False),
        call_back_of(body),
        text_of(body, "until", required=False),
        text_of(body, "to", required=False),
    )
    answer: Any = caller.run(command)
    refused = judged_anew(answer)
    if refused is not None:
        raise Problem(refused)
    return json_response(answer)


@router.post("/suppliers/{supplier}/clearance", openapi_extra=schemas.CLEARANCE_BODY, responses=schemas.RECORD_STORED)
def clear_screening(caller: Caller, supplier: Name, body: JsonObject) -> Response:
    """Clear a possible match with a list of sanctions until a day; compliance alone."""
    command = ClearScreening(supplier, text_of(body, "list_version"), text_of(body, "until"), text_of(body, "reason"))
    return json_response(caller.run(command))


@router.get("/payment-blocks", responses=schemas.PAYMENT_BLOCKS)
def list_payment_blocks(caller: Caller, supplier: Filter = "") -> Response:
    """The blocks on payments of a supplier's documents, open and lifted, with their reasons."""
    return json_response(caller.run(ListPaymentBlocks(supplier)))


@router.post("/payment-blocks/{block_id}/lift", openapi_extra=schemas.RETRY_BODY, responses=schemas.LIFTED)
def lift_payment_block(caller: Caller, block_id: Name, body: JsonObject) -> Response:
    """Lift a block; refused while what it guards still speaks against the payment."""
    return json_response(caller.run(LiftPaymentBlock(block_id, text_of(body, "reason"))))


@router.put("/reference/{kind}/{key:path}", openapi_extra=schemas.REFERENCE_BODY, responses=schemas.RECORD_STORED)
def put_reference(caller: Caller, kind: Name, key: Key, body: JsonObject) -> Response:
    """Bring in a reference record, whole; a buyer's amended order first waits for its release."""
    return json_response(caller.run(PutReference(kind, key, body)))


@router.get("/reference/{kind}", responses=schemas.RECORDS)
def list_reference(caller: Caller, kind: Name) -> Response:
    """The records of a kind in force."""
    return json_response(caller.run(ListReference(kind)))


@router.post("/people/{person}/keys", status_code=201, responses=schemas.KEY)
def issue_key(caller: Caller, person: Name) -> Response:
    """Make an API key for a principal; it is shown this once."""
    return json_response(caller.run(IssueApiKey(person)), 201)


@router.get("/deliveries", responses=schemas.DELIVERIES)
def list_deliveries(caller: Caller, status: Filter = "", after: Filter = "", limit: PageSize = 50) -> Response:
    """A page of deliveries to outside systems, with what failed and why."""
    return json_response(caller.run(ListDeliveries(status, after, limit)))


@router.post("/deliveries/{outbox_id}/retry", openapi_extra=schemas.RETRY_BODY, responses=schemas.RETRIED)
def retry(caller: Caller, outbox_id: Name, body: JsonObject) -> Response:
    """Send a delivery again that waits for a person, under the same key."""
    return json_response(caller.run(RetryDelivery(outbox_id, text_of(body, "reason"))))


@router.get("/audit/verification", responses=schemas.VERIFICATION)
def verify_audit(caller: Caller) -> Response:
    """Recompute the tenant's whole audit log and say whether it holds."""
    report: Any = caller.run(VerifyAudit())
    return json_response(report.to_json())

"""The routes of what people do on cases and tasks beside answering them."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.acting.asking import AskQuestion
from comptroller.application.acting.blocking import PlaceBlock
from comptroller.application.acting.cancelling import CancelCase
from comptroller.application.acting.handing import ClaimTask, ReassignTask
from comptroller.application.acting.remarks import AddComment, AttachFile, GetAttachment
from comptroller.application.acting.undoing import UndoAct
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import flag_of, media_type_of, read_document, text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import act_schemas
from comptroller.entrypoints.http.v1.routes import JsonObject, Name

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["acts"])


async def _body(request: Request) -> bytes:
    return await read_document(request)


Body = Annotated[bytes, Depends(_body)]
FileName = Annotated[str, Query(min_length=1, max_length=200, description="Shown beside the case.")]
_DOWNLOAD: Final = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}


@router.post("/tasks/{task_id}/undo", responses=act_schemas.CASE_STANDING)
def undo(caller: Caller, task_id: Name) -> Response:
    """Take one's answer back while it has had no effect; where the tenant gives no time for that, there never is."""
    return json_response(caller.run(UndoAct(task_id)))


@router.post("/tasks/{task_id}/claim", responses=act_schemas.CASE_STANDING)
def claim(caller: Caller, task_id: Name) -> Response:
    """Take a task that lies with a role, so that nobody else works on it."""
    return json_response(caller.run(ClaimTask(task_id)))


@router.post("/tasks/{task_id}/reassign", openapi_extra=act_schemas.REASSIGN_BODY, responses=act_schemas.CASE_STANDING)
def reassign(caller: Caller, task_id: Name, body: JsonObject) -> Response:
    """Hand a task to another person: sideways or up, never to who is barred on the case."""
    return json_response(caller.run(ReassignTask(task_id, text_of(body, "person"), text_of(body, "reason"))))


@router.post(
    "/tasks/{task_id}/questions",
    status_code=201,
    openapi_extra=act_schemas.QUESTION_BODY,
    responses=act_schemas.QUESTION_ASKED,
)
def ask(caller: Caller, task_id: Name, body: JsonObject) -> Response:
    """Ask a person, or the `supplier`, about a task; answered by the action `answer` of the question's own task."""
    return json_response(caller.run(AskQuestion(task_id, text_of(body, "to"), text_of(body, "text"))), 201)


@router.post(
    "/cases/{case_id}/comments", status_code=201, openapi_extra=act_schemas.TEXT_BODY, responses=act_schemas.COMMENTED
)
def comment(caller: Caller, case_id: Name, body: JsonObject) -> Response:
    """Put words beside a case."""
    return json_response(caller.run(AddComment(case_id, text_of(body, "text"))), 201)


@router.post(
    "/cases/{case_id}/attachments",
    status_code=201,
    openapi_extra=act_schemas.ATTACHMENT_BODY,
    responses=act_schemas.ATTACHED,
)
def attach(caller: Caller, request: Request, case_id: Name, name: FileName, content: Body) -> Response:
    """Put a file beside a case: the body as it is, its media type as the header says."""
    media_type = media_type_of(request.headers.get("content-type", ""))
    return json_response(caller.run(AttachFile(case_id, name, media_type, content)), 201)


@router.get("/cases/{case_id}/attachments/{digest}", responses=act_schemas.ATTACHMENT, response_class=Response)
def get_attachment(caller: Caller, case_id: Name, digest: Name) -> Response:
    """A file of a case, byte for byte, as a download."""
    found: Any = caller.run(GetAttachment(case_id, digest))
    headers = {"Content-Disposition": f'attachment; filename="{found["digest"]}"', **_DOWNLOAD}
    return Response(found["content"], 200, headers, media_type=found["media_type"])


@router.post("/cases/{case_id}/cancel", openapi_extra=act_schemas.REASON_BODY, responses=act_schemas.CASE_STANDING)
def cancel(caller: Caller, case_id: Name, body: JsonObject) -> Response:
    """Lay a waiting case aside."""
    return json_response(caller.run(CancelCase(case_id, text_of(body, "reason"))))


@router.post(
    "/cases/{case_id}/blocks", status_code=201, openapi_extra=act_schemas.BLOCK_BODY, responses=act_schemas.BLOCK_PLACED
)
def place_block(caller: Caller, case_id: Name, body: JsonObject) -> Response:
    """Stop the payment of a posted case, or of every open item of its supplier."""
    command = PlaceBlock(
        case_id, text_of(body, "cause"), text_of(body, "reason"), all_of_supplier=flag_of(body, "all_of_supplier")
    )
    return json_response(caller.run(command), 201)

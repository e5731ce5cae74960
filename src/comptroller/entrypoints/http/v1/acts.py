"""The routes of what people do on cases and tasks beside answering them."""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.act import ActOnTask, judged_anew
from comptroller.application.acting.asking import AskQuestion
from comptroller.application.acting.blocking import PlaceBlock
from comptroller.application.acting.bulk import ReviewApprovals, Shown, sums_of
from comptroller.application.acting.cancelling import CancelCase
from comptroller.application.acting.handing import ClaimTask, ReassignTask, ReleaseTask
from comptroller.application.acting.remarks import AddComment, AttachFile, GetAttachment
from comptroller.application.acting.undoing import UndoAct
from comptroller.application.line_assignment import AssignOrderLines, GetOrderLines
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import flag_of, media_type_of, read_document, text_of, texts_of
from comptroller.entrypoints.http.problems import STATUS, Problem, json_response, problem_body
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import act_schemas
from comptroller.entrypoints.http.v1.routes import JsonObject, Name

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["acts"])


async def _body(request: Request) -> bytes:
    return await read_document(request)


Body = Annotated[bytes, Depends(_body)]
FileName = Annotated[str, Query(min_length=1, max_length=200, description="Shown beside the case.")]
_DOWNLOAD: Final = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}


@router.post("/tasks:approve", openapi_extra=act_schemas.TOGETHER_BODY, responses=act_schemas.APPROVED_TOGETHER)
def approve_together(
    caller: Caller,
    body: JsonObject,
    dry_run: bool = False,  # noqa: FBT001, FBT002 - a query parameter
) -> Response:
    """Approve several tasks, each of them opened by the caller as it stands now; each is answered for itself, in order.

    What has changed since, or was not opened, is left out and told. `dry_run` sums up what would be approved.
    """
    review: Any = caller.run(ReviewApprovals(tuple(_shown(body))), rehearse=True)
    approved, results = [], []
    for place, each in enumerate(review.items):
        answer: Any = each.left_out
        if not dry_run:
            act = ActOnTask(each.shown.task_id, "approve", each.shown.content_hash, together=True)
            answer = caller.attempt(act, place)
            answer = answer if isinstance(answer, Rejection) else judged_anew(answer) or answer
        if not isinstance(answer, Rejection):
            approved.append(each)
        results.append({"task_id": each.shown.task_id, "case_id": each.case_id, **_result(answer)})
    sums = [{"currency": each.currency, "gross": each.amount} for each in sums_of(tuple(approved))]
    return json_response({"count": len(approved), "sums": sums, "results": results})


def _shown(body: dict[str, Any]) -> Iterator[Shown]:
    items = body.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= limits.APPROVED_TOGETHER_MAX:
        message = f"`items` must be a list of 1 to {limits.APPROVED_TOGETHER_MAX} tasks"
        raise Problem(
            Rejection(RejectionKind.INVALID, "TASK-BULK-03", message, help="approve what is more after these")
        )
    for item in items:
        if not isinstance(item, dict):
            message = "each item is an object with `task_id` and `content_hash`"
            raise Problem(
                Rejection(RejectionKind.INVALID, "TASK-BULK-04", message, help="as `GET /v1/tasks` shows them")
            )
        yield Shown(text_of(item, "task_id"), text_of(item, "content_hash"))


def _result(answer: Any) -> dict[str, Any]:
    if isinstance(answer, Rejection):
        return {"status_code": int(STATUS[answer.kind]), "problem": problem_body(answer)}
    return {"status_code": 200, "answer": answer}


@router.post("/tasks/{task_id}/undo", responses=act_schemas.CASE_STANDING)
def undo(caller: Caller, task_id: Name) -> Response:
    """Take one's answer back while it has had no effect; where the tenant gives no time for that, there never is."""
    return json_response(caller.run(UndoAct(task_id)))


@router.post("/tasks/{task_id}/claim", responses=act_schemas.CASE_STANDING)
def claim(caller: Caller, task_id: Name) -> Response:
    """Take a task that lies with a role, so that nobody else works on it."""
    return json_response(caller.run(ClaimTask(task_id)))


@router.post("/tasks/{task_id}/release", responses=act_schemas.CASE_STANDING)
def release(caller: Caller, task_id: Name) -> Response:
    """Give a task that was taken from a role back to everybody who holds the role."""
    return json_response(caller.run(ReleaseTask(task_id)))


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


@router.get("/cases/{case_id}/order-lines", responses=act_schemas.ORDER_LINES)
def get_order_lines(caller: Caller, case_id: Name) -> Response:
    """The lines of the order that a case's document names, beside the document's own, with a suggestion for each."""
    return json_response(caller.run(GetOrderLines(case_id)))


@router.post(
    "/cases/{case_id}/order-lines", openapi_extra=act_schemas.ORDER_LINES_BODY, responses=act_schemas.CASE_STANDING
)
def assign_order_lines(caller: Caller, case_id: Name, body: JsonObject, dry_run: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """Name the order line of each line of a waiting document: a correction of it, on which all controls run again."""
    command = AssignOrderLines(
        case_id, text_of(body, "document"), texts_of(body, "lines") or {}, text_of(body, "reason", required=False)
    )
    return json_response(caller.run(command, rehearse=dry_run))


@router.post(
    "/cases/{case_id}/blocks", status_code=201, openapi_extra=act_schemas.BLOCK_BODY, responses=act_schemas.BLOCK_PLACED
)
def place_block(caller: Caller, case_id: Name, body: JsonObject) -> Response:
    """Stop the payment of a posted case, or of every open item of its supplier."""
    command = PlaceBlock(
        case_id, text_of(body, "cause"), text_of(body, "reason"), all_of_supplier=flag_of(body, "all_of_supplier")
    )
    return json_response(caller.run(command), 201)

"""What is done on a case beside answering its task: each act is a form of its own, so that a phone and a reader without
script have it too. What is wrong comes back beside the field, with everything that was typed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.act import ActOnTask
from comptroller.application.acting.asking import AskQuestion
from comptroller.application.acting.blocking import PlaceBlock
from comptroller.application.acting.cancelling import CancelCase
from comptroller.application.acting.handing import ClaimTask, ReassignTask, ReleaseTask
from comptroller.application.acting.remarks import AddComment, AttachFile, GetAttachment
from comptroller.application.acting.undoing import UndoAct
from comptroller.application.casework.account_change import CallBack
from comptroller.application.payment_blocks import LiftPaymentBlock
from comptroller.application.presenting.act_forms import ShowActForm
from comptroller.application.presenting.case import ShowCase
from comptroller.application.releasing.requests import WithdrawPolicy
from comptroller.application.views import CaseTab
from comptroller.application.views.forms import FormView
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field, Told, Value
from comptroller.entrypoints.web.forms import Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.pages import HEADERS, html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

BESIDE: Final = {
    "TASK-PARK-01": "until",
    "TASK-SEND-01": "to",
    "TASK-REASON-01": "reason",
    "TASK-REASON-02": "reason",
    "TASK-REASON-03": "reason",
    "QUESTION-TO-01": "to",
    "QUESTION-SILENT-01": "to",
    "TASK-REASSIGN-01": "person",
    "TASK-REASSIGN-02": "person",
    "TASK-REASSIGN-03": "person",
    "TASK-REASSIGN-04": "person",
    "TASK-REASSIGN-05": "person",
    "BLOCK-CAUSE-01": "cause",
    "BLOCK-REASON-01": "reason",
    "ACCOUNT-CALL-01": "number",
    "ACCOUNT-CALL-02": "number",
    "ACCOUNT-CALL-03": "spoken_to",
    "ACCOUNT-CALL-04": "at",
    "ACCOUNT-CALL-05": "payee_check",
    "ATTACHMENT-TYPE-01": "file",
    "ATTACHMENT-SIZE-01": "file",
    "ATTACHMENT-COUNT-01": "file",
}
"""The field that a refusal stands beside."""


def add_act_pages(app: FastAPI, door: Door) -> None:
    """Put the acts beside the pages of cases."""
    pages = ActPages(door)
    here = "/cases/{case_id:key}"
    routes: list[tuple[str, Callable[..., object], str]] = [
        (f"{here}/acts/{{act}}", pages.form, "GET"),
        (f"{here}/acts/claim", pages.claim, "POST"),
        (f"{here}/acts/release", pages.release, "POST"),
        (f"{here}/acts/undo", pages.undo, "POST"),
        (f"{here}/acts/comment", pages.comment, "POST"),
        (f"{here}/acts/{{act}}", pages.act, "POST"),
        (f"{here}/attachments/{{digest}}", pages.attachment, "GET"),
    ]
    for path, endpoint, method in routes:
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


class ActPages:
    """The forms, and what becomes of them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def form(self, request: Request, case_id: str, act: str, task: Value = "", block: Value = "") -> Response:
        """One act's form."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowActForm(case_id, act, task, block)))

    async def act(self, request: Request, case_id: str, act: str) -> Response:
        """Do it, or show what is wrong."""
        sent = await form_of(request)
        visitor = self._door.acting(request, sent.form_token)
        return await run_in_threadpool(self._do, visitor, case_id, act, sent)

    def _do(self, visitor: Visitor, case_id: str, act: str, sent: Sent) -> Response:
        typed = sent.typed
        view: FormView = visitor.need(ShowActForm(case_id, act, typed.get("task", ""), typed.get("block", "")))
        answer = visitor.ask(_command(visitor, case_id, act, sent))
        if isinstance(answer, Rejection):
            words = "text" if act == "ask" else "file" if act == "attach" else "reason"
            beside = words if answer.code.startswith("WORDS-") else BESIDE.get(answer.code, "")
            return form_page(visitor, typed_of(view, typed, answer, beside), int(STATUS[answer.kind]))
        if act in {"park", "call-back", "send-back"}:
            return RedirectResponse("/queue", 303)
        tab = "conversation" if act in {"ask", "attach"} else "timeline"
        return RedirectResponse(f"/cases/{case_id}?tab={tab}#tabs", 303)

    def claim(self, request: Request, case_id: str, task: Value = "", form_token: Field = "") -> Response:
        """Take a role's task."""
        visitor = self._door.acting(request, form_token)
        visitor.need(ClaimTask(task))
        return RedirectResponse(f"/cases/{case_id}?task={task}", 303)

    def release(self, request: Request, case_id: str, task: Value = "", form_token: Field = "") -> Response:
        """Give a task back to the role it was taken from."""
        visitor = self._door.acting(request, form_token)
        visitor.need(ReleaseTask(task))
        return RedirectResponse(f"/cases/{case_id}?task={task}", 303)

    def undo(self, request: Request, case_id: str, task: Value = "", form_token: Field = "") -> Response:
        """Take an answer back that has had no effect yet."""
        visitor = self._door.acting(request, form_token)
        visitor.need(UndoAct(task))
        return RedirectResponse(f"/cases/{case_id}?task={task}", 303)

    def comment(self, request: Request, case_id: str, text: Told = "", form_token: Field = "") -> Response:
        """Put words beside a case."""
        visitor = self._door.acting(request, form_token)
        answer = visitor.ask(AddComment(case_id, text))
        if isinstance(answer, Rejection) and answer.kind is RejectionKind.INVALID:
            view = visitor.need(ShowCase(case_id, CaseTab.CONVERSATION, refused=answer))
            return html("case.html", visitor.chrome("cases"), view, int(STATUS[answer.kind]))
        if isinstance(answer, Rejection):
            raise Turned(visitor, answer)
        return RedirectResponse(f"/cases/{case_id}?tab=conversation#tabs", 303)

    def attachment(self, request: Request, case_id: str, digest: str) -> Response:
        """A file of a case, as a download."""
        found = self._door.visitor(request).need(GetAttachment(case_id, digest))
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{found["digest"][:12]}"'}
        return Response(found["content"], 200, headers, media_type=found["media_type"])


def _command(visitor: Visitor, case_id: str, act: str, sent: Sent) -> object:
    """What the form asks for; the act is one of those that have a form."""
    typed = sent.typed
    task, reason, hash_seen = typed.get("task", ""), typed.get("reason", ""), typed.get("content_hash", "")
    match act:
        case "ask":
            return AskQuestion(task, typed.get("to", ""), typed.get("text", ""))
        case "reassign":
            return ReassignTask(task, typed.get("person", ""), reason)
        case "cancel":
            return CancelCase(case_id, reason)
        case "withdraw":
            return WithdrawPolicy(case_id, reason)
        case "block":
            return PlaceBlock(case_id, typed.get("cause", ""), reason, all_of_supplier="all_of_supplier" in typed)
        case "lift":
            return LiftPaymentBlock(typed.get("block", ""), reason)
        case "attach":
            file = sent.files.get("file")
            name, media_type, content = file or ("", "", b"")
            return AttachFile(case_id, name, media_type, content)
        case "send-back":
            return ActOnTask(task, "send back", hash_seen, reason, to=typed.get("to") or "none chosen")
        case "park":
            return ActOnTask(task, "park", hash_seen, reason, until=typed.get("until", ""))
        case _:
            call = CallBack(
                typed.get("number", ""),
                typed.get("spoken_to", ""),
                _moment(typed.get("at", ""), visitor.chrome("").time_zone),
                typed.get("payee_check", ""),
            )
            return ActOnTask(task, typed.get("result", ""), hash_seen, reason, call)


def _moment(text: str, zone: str) -> datetime:
    """A moment as a browser writes it, in the company's zone; what is none is long past, so that it is refused."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)

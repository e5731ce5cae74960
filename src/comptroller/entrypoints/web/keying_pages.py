"""The page where a person keys a document, or corrects what was read of it, beside the original."""

from typing import Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.keying import KeyDocument
from comptroller.application.presenting.keying import KeyingForm, ShowKeyingForm
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.keying import (
    LINES_MAX,
    LINES_SHOWN,
    KeyingView,
    buyer_of,
    line_numbers,
    problems_of,
    to_document,
    typed_of,
)
from comptroller.entrypoints.web.originals import in_sight
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Visitor

FIELDS_MAX: Final = 2_000
JSON: Final = "application/json"


def add_keying_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the form beside the pages of cases."""
    pages = KeyingPages(door, dispatcher)
    path = "/cases/{case_id:key}/key"
    app.add_api_route(path, pages.key, methods=["GET"], include_in_schema=False)
    app.add_api_route(path, pages.keyed, methods=["POST"], include_in_schema=False)


class KeyingPages:
    """The form, and what becomes of it."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def key(self, request: Request, case_id: str) -> Response:
        """The form for keying a document, or correcting what was read of it, beside the original."""
        visitor = self._door.visitor(request)
        form: KeyingForm = visitor.need(ShowKeyingForm(case_id))
        case = form.case
        typed = typed_of(case.document if case.document.number else None, case.entity)
        return _keying(visitor, form, typed)

    async def keyed(self, request: Request, case_id: str) -> Response:
        """Take what was keyed; what is wrong with it comes back beside the field, with everything that was typed."""
        form = await request.form(max_fields=FIELDS_MAX)
        typed = {name: value for name, value in form.items() if isinstance(value, str) and value}
        visitor = self._door.acting(request, typed.pop("form_token", ""))
        return await run_in_threadpool(self._take_keyed, visitor, case_id, typed)

    def _take_keyed(self, visitor: Visitor, case_id: str, typed: dict[str, str]) -> Response:
        form: KeyingForm = visitor.need(ShowKeyingForm(case_id))
        if typed.pop("more", ""):
            return _keying(visitor, form, typed, more=LINES_SHOWN)
        content = encode(to_document(typed, buyer_of(form.entities.get(typed.get("entity", ""), {}))))
        read = self._dispatcher.environment.read_document(content, JSON)
        answer = visitor.ask(KeyDocument(content, JSON, read, case_id=case_id, reason=typed.get("reason", "")))
        if isinstance(answer, Rejection):
            return _keying(visitor, form, typed, rejection=answer, status=int(STATUS[answer.kind]))
        return RedirectResponse(f"/cases/{case_id}", 303)


def _keying(
    visitor: Visitor,
    form: KeyingForm,
    typed: dict[str, str],
    *,
    more: int = 0,
    rejection: Rejection | None = None,
    status: int = 200,
) -> Response:
    case = form.case
    faults = rejection.faults if rejection is not None else ()
    problems = problems_of(faults, typed)
    view = KeyingView(
        case_id=case.case_id,
        title=case.task.title if case.task is not None else "Key the document",
        typed=typed,
        lines=min(max(len(line_numbers(typed)) + 1, LINES_SHOWN) + more, LINES_MAX),
        original=in_sight(case.original, form.original),
        entities=tuple((key, str(body.get("name") or key)) for key, body in form.entities.items()),
        problems=problems,
        faults=tuple(fault for fault in faults if fault.message not in problems.values()),
        refusal=rejection.message if rejection is not None and not faults else "",
    )
    return html("keying.html", visitor.chrome("cases"), view, status)

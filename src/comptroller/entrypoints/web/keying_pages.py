"""The page where a person keys a document, or corrects what was read of it, beside the original."""

from collections.abc import Mapping
from typing import Any, Final, cast

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.keying import KeyDocument
from comptroller.application.presenting.keying import KeyingForm, ShowKeyingForm
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.keying import (
    LINES_MAX,
    LINES_SHOWN,
    KeyingView,
    buyer_of,
    line_numbers,
    notes_of,
    problems_of,
    taken_over,
    to_document,
    typed_of,
    types_for,
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
        is_read = case.document.number or form.header is not None
        return _keying(visitor, form, typed_of(case.document if is_read else None, case.entity))

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
        read: Any = to_json(form.case.document) if form.case.document != Invoice() else {}
        content = encode(to_document(typed, _buyer(form, typed.get("entity", "")), read))
        checked = self._dispatcher.environment.read_document(content, JSON)
        answer = visitor.ask(KeyDocument(content, JSON, checked, case_id=case_id, reason=typed.get("reason", "")))
        if isinstance(answer, Rejection):
            return _keying(visitor, form, typed, rejection=answer, status=int(STATUS[answer.kind]))
        return RedirectResponse(f"/cases/{case_id}", 303)


def _buyer(form: KeyingForm, entity: str) -> Mapping[str, Any]:
    """Who is billed: as the document says, unless a person chose another entity than the one that it is for."""
    document = form.case.document
    if document.buyer is not None and entity == form.case.entity:
        written: Any = to_json(document)
        return cast("Mapping[str, Any]", written["buyer"])
    return buyer_of(form.entities.get(entity, {}))


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
        types=types_for(typed.get("type_code", "")),
        **_told_of_header(form, typed),
        faults=tuple(fault for fault in faults if fault.message not in problems.values()),
        refusal=rejection.message if rejection is not None and not faults else "",
    )
    return html("keying.html", visitor.chrome("cases"), view, status)


def _told_of_header(form: KeyingForm, typed: Mapping[str, str]) -> dict[str, Any]:
    if form.header is None:
        return {}
    return {
        "source": form.header.customization,
        "notes": notes_of(form.header, typed, form.header_faults),
        "taken_over": tuple(taken_over(form.header)),
    }

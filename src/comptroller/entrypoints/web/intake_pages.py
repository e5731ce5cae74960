"""Handing in a file on a page, and what became of it."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.intake import MAIL, came_in_before, incoming_file, incoming_mail, take_in, take_in_later
from comptroller.application.intake_records import GetIntake, Incoming
from comptroller.application.ports.intake import TYPES
from comptroller.application.presenting.intake import ShowIntake, ShowTakenIn
from comptroller.application.presenting.mappings import NEW, ShowMapping
from comptroller.application.session import Environment
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.forms import Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.mapping_pages import TABLES, looked_at, page_of
from comptroller.entrypoints.web.pages import HEADERS
from comptroller.entrypoints.web.visitor import Door, Visitor

KINDS: Final = {**TYPES, ".eml": MAIL}
"""What a file is taken for, by the end of its name: browsers do not agree on what they call a table."""


AT_ONCE_BYTES_MAX: Final = 256 * 1024
"""A table up to this size is taken in while its sender waits, a larger one by a job."""


def add_intake_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the intake beside the other pages."""
    pages = IntakePages(door, dispatcher)
    app.add_api_route("/intake", pages.intake, methods=["GET"], include_in_schema=False)
    app.add_api_route("/intake", pages.hand_in, methods=["POST"], include_in_schema=False)
    app.add_api_route("/intake/{intake:key}", pages.taken_in, methods=["GET"], include_in_schema=False)
    app.add_api_route("/intake/{intake:key}", pages.again, methods=["POST"], include_in_schema=False)
    app.add_api_route("/intake/{intake:key}/original", pages.original, methods=["GET"], include_in_schema=False)


class IntakePages:
    """The form, and the page of what came in."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def intake(self, request: Request) -> Response:
        """The form, and what could not be dealt with."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowIntake()))

    def taken_in(self, request: Request, intake: str) -> Response:
        """What became of a file."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowTakenIn(intake)))

    def original(self, request: Request, intake: str) -> Response:
        """The file byte for byte as it came in."""
        found = self._door.visitor(request).need(GetIntake(intake))
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{found["digest"][:12]}"'}
        return Response(found["content"], 200, headers, media_type=found["media_type"])

    async def again(self, request: Request, intake: str) -> Response:
        """Take in again what of a file has failed."""
        sent = await form_of(request)
        return await run_in_threadpool(self._take_again, self._door.acting(request, sent.form_token), intake)

    def _take_again(self, visitor: Visitor, intake: str) -> Response:
        found = visitor.need(GetIntake(intake))
        answer = self._taken(visitor, came_in_before(self._dispatcher.environment, found))
        if isinstance(answer, Rejection):
            return form_page(visitor, typed_of(visitor.need(ShowTakenIn(intake)), {}, answer), int(STATUS[answer.kind]))
        return _became_of(answer)

    async def hand_in(self, request: Request) -> Response:
        """Take a file in."""
        sent = await form_of(request)
        return await run_in_threadpool(self._take, self._door.acting(request, sent.form_token), sent)

    def _take(self, visitor: Visitor, sent: Sent) -> Response:
        problem = file_problem(sent)
        if problem:
            view = visitor.need(ShowIntake())
            return form_page(visitor, view.filled(sent.typed, {"file": problem}), 422)
        incoming = incoming_of(self._dispatcher.environment, sent)
        if not incoming.mapping and incoming.media_type in TABLES.values():
            return self._columns_of(visitor, sent)
        answer = self._taken(visitor, incoming)
        if isinstance(answer, Rejection):
            beside = "mapping" if answer.code == "MAPPING-UNKNOWN-01" else ""
            view = typed_of(visitor.need(ShowIntake()), sent.typed, answer, beside)
            return form_page(visitor, view, int(STATUS[answer.kind]))
        return _became_of(answer)

    def _taken(self, visitor: Visitor, incoming: Incoming) -> Any:
        is_long = incoming.media_type in TABLES.values() and len(incoming.original) > AT_ONCE_BYTES_MAX
        take = take_in_later if is_long else take_in
        return take(self._dispatcher, visitor.session.tenant, visitor.session.person, incoming)

    @staticmethod
    def _columns_of(visitor: Visitor, sent: Sent) -> Response:
        """A table that no mapping reads is shown by its columns to who may map it."""
        known = visitor.ask(ShowMapping(NEW))
        if isinstance(known, Rejection):
            problem = {"mapping": "choose the mapping by which the table is read; who keys documents can build one"}
            return form_page(visitor, visitor.need(ShowIntake()).filled(sent.typed, problem), 422)
        built = looked_at(visitor, known, Sent("", {}, sent.files))
        return page_of(visitor, known, built, 422 if "file" in built.problems else 200)


def _became_of(answer: Mapping[str, Any]) -> Response:
    return RedirectResponse("/jobs" if "job_id" in answer else f"/intake/{answer['intake_id']}", 303)


def file_problem(sent: Sent) -> str:
    """What is wrong with the file that was sent; empty where it can be read."""
    if "file" not in sent.files:
        return "choose a file"
    name, _, content = sent.files["file"]
    if _kind(name) not in KINDS:
        return f"`{name[:80]}` is none of these: {', '.join(kind[1:].upper() for kind in KINDS)}"
    if not content:
        return "the file is empty"
    if len(content) > limits.DOCUMENT_BYTES_MAX:
        return f"the file is larger than {limits.DOCUMENT_BYTES_MAX // 1024**2} MiB; split it"
    return ""


def _kind(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def incoming_of(environment: Environment, sent: Sent) -> Incoming:
    """What was sent as the intake takes it."""
    name, _, content = sent.files["file"]
    told = {"entity": sent.typed.get("entity", ""), "mapping": sent.typed.get("mapping", "")}
    media_type = KINDS[_kind(name)]
    if media_type == MAIL:
        return incoming_mail(environment, content, name=name, **told)
    return incoming_file(content, name=name, media_type=media_type, channel="file", **told)

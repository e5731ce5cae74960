"""Contracts, recurring agreements, schedules and budgets: looked at, entered and changed, each as a dated record."""

from collections.abc import Callable
from typing import Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.amending import ChangeRecord
from comptroller.application.presenting.record_forms import ShowAgreements, ShowRecordForm, path_of
from comptroller.application.record_specs import SPECS, row_count, row_names
from comptroller.application.views.forms import FormView
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.forms import EMPTY, Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.visitor import Door, Visitor

NEW: Final = "new"


def add_record_pages(app: FastAPI, door: Door) -> None:
    """Put what is agreed and budgeted beside the other pages."""
    pages = RecordPages(door)
    routes: list[tuple[str, Callable[..., object], str]] = [("/agreements", pages.agreements, "GET")]
    for kind, path in (
        ("contract", "/contracts/{key:key}"),
        ("agreement", "/agreements/{key:key}"),
        ("schedule", "/agreements/{key:key}/schedule"),
        ("budget", "/budgets/{key:key}"),
        ("budget", "/budgets/{entity:key}/{centre:key}/{year:key}"),
    ):
        routes += [(path, pages.shown(kind), "GET"), (path, pages.changed(kind), "POST")]
    for path, endpoint, method in routes:
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


class RecordPages:
    """The list, and a page for each record of four kinds."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def agreements(self, request: Request) -> Response:
        """What is agreed and budgeted."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowAgreements()))

    def shown(self, kind: str) -> Callable[..., Response]:
        """The page of a record of this kind, or of a new one."""

        def show(request: Request) -> Response:
            visitor = self._door.visitor(request)
            return form_page(visitor, visitor.need(ShowRecordForm(kind, _key(request))))

        return show

    def changed(self, kind: str) -> Callable[..., object]:
        """Enter or change a record of this kind."""

        async def change(request: Request) -> Response:
            sent = await form_of(request)
            visitor = self._door.acting(request, sent.form_token)
            return await run_in_threadpool(_change, visitor, kind, _key(request), sent)

        return change


def _key(request: Request) -> str:
    """The key of the record that the address names; empty for a new one."""
    key = "/".join(request.path_params.values())
    return "" if key == NEW else key


def _change(visitor: Visitor, kind: str, key: str, sent: Sent) -> Response:
    spec, typed = SPECS[kind], sent.typed
    is_more, rows = bool(typed.pop("more", "")), row_count(spec, typed)
    view: FormView = visitor.need(ShowRecordForm(kind, key, rows + 1 if is_more else rows))
    if is_more:
        return form_page(visitor, view.filled({**_new_row(view, rows), **typed}))
    version = typed.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else 0
    answer = visitor.ask(ChangeRecord(kind, key, seen, typed))
    if isinstance(answer, Rejection):
        problems = _problems(view, answer, row_names(spec, typed), typed)
        filled = view.filled(typed, problems, help=answer.help) if problems else typed_of(view, typed, answer)
        return form_page(visitor, filled, int(STATUS[answer.kind]))
    case = answer.get("case_id")
    return RedirectResponse(f"/cases/{case}" if case else path_of(kind, str(answer["key"])), 303)


def _new_row(view: FormView, rows: int) -> dict[str, str]:
    """What a row proposes that the form did not have before."""
    fields = [each for group in view.groups for each in group.fields]
    return {each.name: each.value for each in fields if f"-{rows + 1}-" in each.name}


def _problems(view: FormView, rejection: Rejection, rows: list[str], typed: dict[str, str]) -> dict[str, str]:
    """Each fault beside the field that it names."""
    names = {each.name for group in view.groups for each in group.fields}
    problems: dict[str, str] = {}
    for fault in rejection.faults:
        part, *rest = fault.path.strip("/").split("/")
        name = ".".join([part, *rest])
        if len(rest) > 1 and rest[0].isdigit() and int(rest[0]) < len(rows):
            name = f"{rows[int(rest[0])]}-{rest[1]}"
        if name in names:
            problems.setdefault(name, fault.message if typed.get(name) else EMPTY)
    if rejection.code == "REFERENCE-STALE-01" and "number" in names:
        problems["number"] = rejection.message
    return problems

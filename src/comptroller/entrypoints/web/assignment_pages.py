"""The page where a clerk says which lines of the order a document bills."""

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.line_assignment import AssignOrderLines
from comptroller.application.presenting.line_assignment import ShowLineAssignment
from comptroller.application.views.forms import FormView
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.forms import Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.visitor import Door, Visitor

PATH = "/cases/{case_id:key}/order-lines"


def add_assignment_pages(app: FastAPI, door: Door) -> None:
    """Put the form beside the pages of cases."""
    pages = AssignmentPages(door)
    app.add_api_route(PATH, pages.form, methods=["GET"], include_in_schema=False)
    app.add_api_route(PATH, pages.assign, methods=["POST"], include_in_schema=False)


class AssignmentPages:
    """The form, and what becomes of it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def form(self, request: Request, case_id: str) -> Response:
        """The lines of the document with the order's lines to choose from."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowLineAssignment(case_id)))

    async def assign(self, request: Request, case_id: str) -> Response:
        """Take what was named; what is wrong with it comes back beside the line."""
        sent = await form_of(request)
        return await run_in_threadpool(self._take, self._door.acting(request, sent.form_token), case_id, sent)

    def _take(self, visitor: Visitor, case_id: str, sent: Sent) -> Response:
        view: FormView = visitor.need(ShowLineAssignment(case_id))
        typed = sent.typed
        places = [
            each.name.removeprefix("line-")
            for group in view.groups
            for each in group.fields
            if each.name.startswith("line-")
        ]
        lines = {place: typed.get(f"line-{place}", "") for place in places}
        answer = visitor.ask(AssignOrderLines(case_id, typed.get("document", ""), lines, typed.get("reason", "")))
        if isinstance(answer, Rejection):
            wrong = {f"line-{fault.path.rpartition('/')[2]}": fault.message for fault in answer.faults}
            status = int(STATUS[answer.kind])
            shown = view.filled(typed, wrong, help=answer.help) if wrong else typed_of(view, typed, answer)
            return form_page(visitor, shown, status)
        return RedirectResponse(f"/cases/{case_id}", 303)

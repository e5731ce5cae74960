"""Processes as diagrams: which versions there are, and where the open cases of one stand."""

from typing import Final

from fastapi import FastAPI
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.presenting.processes import (
    GetCaseModel,
    GetProcessModel,
    ShowProcess,
    ShowProcesses,
)
from comptroller.entrypoints.web.addresses import Value
from comptroller.entrypoints.web.diagrams import Heat, Measure
from comptroller.entrypoints.web.pages import HEADERS, html
from comptroller.entrypoints.web.visitor import Door

BPMN: Final = "application/xml"


def add_process_pages(app: FastAPI, door: Door) -> None:
    """Put the processes beside the other pages."""
    pages = ProcessPages(door)
    for path, endpoint in (
        ("/processes", pages.processes),
        ("/processes/{process:key}", pages.process),
        ("/processes/{process:key}/model", pages.model),
        ("/cases/{case_id:key}/model", pages.case_model),
    ):
        app.add_api_route(path, endpoint, methods=["GET"], include_in_schema=False)


class ProcessPages:
    """The list of processes, one of them, and the models that the diagrams are drawn from."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def processes(self, request: Request) -> Response:
        """Every process, and the versions that open cases run by."""
        visitor = self._door.visitor(request)
        return html("processes.html", visitor.chrome("processes"), visitor.need(ShowProcesses()))

    def process(self, request: Request, process: str, version: Value = "", by: Value = "") -> Response:
        """One version as a diagram with the open cases on it by a measure, and all of them as a table."""
        visitor = self._door.visitor(request)
        picture = visitor.need(ShowProcess(process, version))
        measure = Measure(by) if by in set(Measure) else Measure.CASES
        page = {"of": picture, "heat": Heat(picture, measure)}
        return html("process.html", visitor.chrome("processes"), page)

    def model(self, request: Request, process: str, version: Value = "") -> Response:
        """A version's BPMN."""
        return _bpmn(self._door.visitor(request).need(GetProcessModel(process, version)))

    def case_model(self, request: Request, case_id: str) -> Response:
        """The BPMN of the version that a case keeps."""
        return _bpmn(self._door.visitor(request).need(GetCaseModel(case_id)))


def _bpmn(model: bytes) -> Response:
    return Response(model, media_type=BPMN, headers=HEADERS)

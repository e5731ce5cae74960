"""Files of policy byte for byte: what a draft or a request changes, as it was and as it is to be."""

from typing import Annotated, Literal

from fastapi import FastAPI, Path
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.application.studio.raw import GetDraftFile, GetRequestFile
from comptroller.entrypoints.web.pages import HEADERS
from comptroller.entrypoints.web.visitor import Door

Side = Annotated[Literal["before", "after"], Path()]


def add_raw_pages(app: FastAPI, door: Door) -> None:
    """Put the files beside the pages that show them."""

    def of_draft(request: Request, draft: str, side: Side, path: str) -> Response:
        """A file of a draft."""
        return _file(path, door.visitor(request).need(GetDraftFile(draft, path, side == "before")))

    def of_request(request: Request, case_id: str, side: Side, path: str) -> Response:
        """A file of a version that is asked for."""
        return _file(path, door.visitor(request).need(GetRequestFile(case_id, path, side == "before")))

    app.add_api_route("/drafts/{draft:key}/raw/{side}/{path:path}", of_draft, methods=["GET"], include_in_schema=False)
    app.add_api_route(
        "/cases/{case_id:key}/files/{side}/{path:path}", of_request, methods=["GET"], include_in_schema=False
    )


def _file(path: str, content: bytes) -> Response:
    media_type = "application/xml" if path.endswith((".bpmn", ".dmn")) else "text/plain; charset=utf-8"
    name = "".join(
        letter for letter in path.rpartition("/")[2] if letter.isascii() and (letter.isalnum() or letter in "._-")
    )
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)

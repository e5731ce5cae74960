"""What goes wrong outside of a page's own answer, as a page for who asked with a browser.

The HTTP interface answers the same failures with problem documents; a request that does not ask for HTML, or that is
addressed to the interface, still gets those.
"""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from comptroller.application.ports.store import Conflict, Unavailable
from comptroller.application.views import Chrome, ErrorView
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.pages import html

Handler = Callable[[Request, Exception], Awaitable[Response]]
ChromeOf = Callable[[Request], Chrome]

_TITLES: Final[Mapping[RejectionKind, str]] = {
    RejectionKind.FORBIDDEN: "You may not do this",
    RejectionKind.NOT_FOUND: "Not here",
    RejectionKind.CONFLICT: "Something has changed",
    RejectionKind.UNAUTHENTICATED: "Not signed in",
    RejectionKind.UNAVAILABLE: "Not now",
}

_WORDS: Final[Mapping[str, str]] = {
    "AUTH-DUTY-01": "your role does not include this",
    "CASE-UNKNOWN-01": "there is no such case among those that you may see",
    "TASK-UNKNOWN-01": "there is no such task among those that you may see",
}
"""Refusals whose own words name keys that mean nothing to who followed a link."""

_PAGES: Final[Mapping[type[Exception], ErrorView]] = {
    RequestValidationError: ErrorView(
        422, "This address is not understood", "a part of it has a form that no page has", "FORM-REQUEST-01"
    ),
    Conflict: ErrorView(
        503, "Not now", "too many others changed the same case at once; nothing was done", "STORE-BUSY-01", "try again"
    ),
    Unavailable: ErrorView(
        503, "Not now", "too much is going on at once; nothing was done", "STORE-BUSY-02", "try again in a few seconds"
    ),
    Exception: ErrorView(
        500, "Something of ours failed", "nothing was done", "DEFECT-01", "try again, and tell the operator if it stays"
    ),
}
_MISSING: Final = ErrorView(404, "Not here", "there is no page at this address", "HTTP-PATH-01")


def error_view(rejection: Rejection) -> ErrorView:
    """A refusal, in the words of the one who reads it."""
    recorded = " The attempt is recorded." if rejection.breach else ""
    return ErrorView(
        int(STATUS[rejection.kind]),
        _TITLES.get(rejection.kind, "This did not work"),
        f"{_WORDS.get(rejection.code, rejection.message)}.{recorded}",
        rejection.code,
        rejection.help,
        rejection.faults,
        rejection.subject,
    )


def add_failure_pages(app: FastAPI, chrome_of: ChromeOf) -> None:
    """Put a page before each of the interface's handlers, for those who asked with a browser."""
    handlers: dict[Any, Any] = app.exception_handlers
    for kind, view in _PAGES.items():
        app.add_exception_handler(kind, _paged(partial(_always, view), handlers[kind], chrome_of))
    app.add_exception_handler(HTTPException, _paged(_of_http, handlers[HTTPException], chrome_of))


def _always(view: ErrorView, _error: Exception) -> ErrorView:
    return view


def _of_http(error: Exception) -> ErrorView | None:
    return _MISSING if isinstance(error, HTTPException) and error.status_code == 404 else None


def _paged(view_of: Callable[[Exception], ErrorView | None], problem: Handler, chrome_of: ChromeOf) -> Handler:
    async def answer(request: Request, error: Exception) -> Response:
        view = view_of(error)
        document = await problem(request, error)  # which also tells the operator of a defect
        if view is None or not _is_for_browser(request):
            return document
        page = html("error.html", chrome_of(request), view, view.status)
        if "Retry-After" in document.headers:
            page.headers["Retry-After"] = document.headers["Retry-After"]
        return page

    return answer


def _is_for_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")

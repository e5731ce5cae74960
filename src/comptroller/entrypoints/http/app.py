"""The web process: routes, problems for everything that goes wrong, health, and the embedded worker."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from comptroller.adapters.keys import KeyFileError
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.ports.store import Conflict, SealBroken, Unavailable
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.entrypoints.http.problems import Problem, json_response, problem_response
from comptroller.entrypoints.http.schemas import PROBLEMS, STANDING
from comptroller.entrypoints.http.v1 import (
    acts,
    figures,
    incidents,
    jobs,
    ledger,
    messages,
    payments,
    people,
    policies,
    processes,
)
from comptroller.entrypoints.http.v1.routes import router

LOG = logging.getLogger("comptroller.http")

_CODES: Final = {
    404: ("HTTP-PATH-01", "there is nothing at this address", "see /docs for the addresses"),
    405: ("HTTP-METHOD-01", "this address does not take this method", "see the header `Allow`, and /docs"),
}

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def make_app(dispatcher: Dispatcher, *, lifespan: Lifespan | None = None) -> FastAPI:
    """The HTTP application over these use cases; `lifespan` runs what lives beside it."""
    app = FastAPI(
        title="Comptroller",
        version="1",
        description="Policy decides, the right people sign, the effect happens once, the evidence remains.",
        openapi_url="/openapi.json",
        redoc_url=None,
        lifespan=lifespan or _nothing_beside,
    )
    app.state.dispatcher = dispatcher
    app.include_router(router)
    app.include_router(acts.router)
    app.include_router(ledger.router)
    app.include_router(figures.router)
    app.include_router(incidents.router)
    app.include_router(messages.router)
    app.include_router(jobs.router)
    app.include_router(payments.router)
    app.include_router(policies.router)
    app.include_router(people.router)
    app.include_router(people.apart)
    app.include_router(processes.router)
    for path, endpoint, summary in (
        ("/health", _health, "The process lives"),
        ("/ready", _ready, "The process can reach its database"),
    ):
        app.add_api_route(path, endpoint, tags=["operation"], summary=summary, responses=STANDING | PROBLEMS)
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_form)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Conflict, _on_conflict)
    app.add_exception_handler(Unavailable, _on_unavailable)
    app.add_exception_handler(Exception, _on_defect)
    return app


@asynccontextmanager
async def _nothing_beside(_app: FastAPI) -> AsyncIterator[None]:
    yield


def _health() -> Response:
    return json_response({"status": "ok"})


def _ready(request: Request) -> Response:
    dispatcher: Dispatcher = request.app.state.dispatcher
    return json_response({"status": "ok", "tenants": len(dispatcher.environment.store.tenants())})


async def _on_problem(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error.rejection)


async def _on_form(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = tuple(
        Fault("FORM-FIELD-01", "/" + "/".join(str(part) for part in problem["loc"]), problem["msg"].lower(), by="form")
        for problem in error.errors()
    )
    message = f"the request has {len(faults)} fault{'' if len(faults) == 1 else 's'} in its form"
    help_ = "mend what the faults name; /docs says what this address takes"
    return problem_response(Rejection(RejectionKind.INVALID, "FORM-REQUEST-01", message, faults, help=help_))


async def _on_http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    otherwise = ("HTTP-REQUEST-01", str(error.detail).lower(), "see /docs for what this address takes")
    code, message, help_ = _CODES.get(error.status_code, otherwise)
    rejection = Rejection(RejectionKind.INVALID, code, message, help=help_)
    response = problem_response(rejection, HTTPStatus(error.status_code))
    response.headers.update(error.headers or {})
    return response


async def _on_conflict(_request: Request, _error: Exception) -> Response:
    text = "too many others changed the same case at once; nothing was done"
    return _not_now(Rejection(RejectionKind.UNAVAILABLE, "STORE-BUSY-01", text, help="try again"), after_s=1)


async def _on_unavailable(request: Request, error: Exception) -> Response:
    LOG.warning("no connection to the database for %s %s", request.method, request.url.path, exc_info=error)
    help_ = "try again, a change under the same Idempotency-Key"
    return _not_now(Rejection(RejectionKind.UNAVAILABLE, "STORE-BUSY-02", str(error), help=help_), after_s=5)


def _not_now(rejection: Rejection, *, after_s: int) -> Response:
    response = problem_response(rejection)
    response.headers["Retry-After"] = str(after_s)
    return response


_DEFECTS: Final[Mapping[type[Exception], tuple[str, str, str]]] = {
    KeyFileError: ("KEY-FILE-01", "a key of the tenant is missing or damaged", "bring it back from its backup"),
    SealBroken: (
        "STORE-SEAL-01",
        "a stored value is not as it was written",
        "keep the database as it is, and find out",
    ),
}
"""Failures that an operator can tell apart: code, what is wrong, what to do."""


async def _on_defect(request: Request, error: Exception) -> Response:
    LOG.error("defect at %s %s", request.method, request.url.path, exc_info=error)
    code, text, help_ = _DEFECTS.get(type(error), ("DEFECT-01", "something of ours failed", "tell the operator"))
    rejection = Rejection(RejectionKind.UNAVAILABLE, code, f"{text}; nothing was done", help=help_)
    return problem_response(rejection, HTTPStatus.INTERNAL_SERVER_ERROR)

"""Refusals and faults as problem documents (RFC 9457): a code, a sentence, what to do, every fault with its path."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi.responses import Response

from comptroller.domain.kernel.canonical_json import encode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind

MEDIA_TYPE: Final = "application/problem+json"

STATUS: Final[Mapping[RejectionKind, HTTPStatus]] = {
    RejectionKind.INVALID: HTTPStatus.UNPROCESSABLE_ENTITY,
    RejectionKind.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    RejectionKind.FORBIDDEN: HTTPStatus.FORBIDDEN,
    RejectionKind.NOT_FOUND: HTTPStatus.NOT_FOUND,
    RejectionKind.CONFLICT: HTTPStatus.CONFLICT,
    RejectionKind.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    RejectionKind.UNSUPPORTED: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RejectionKind.UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
}


class Problem(Exception):
    """Leaves a route with a refusal; the application's handler writes the response."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.rejection = rejection


def problem_body(rejection: Rejection, status: HTTPStatus | None = None) -> dict[str, Any]:
    """The members of a problem document; its status is the response's own."""
    status = status or STATUS[rejection.kind]
    body: dict[str, Any] = {
        "type": f"urn:comptroller:problem:{rejection.code}",
        "title": status.phrase,
        "status": int(status),
        "code": rejection.code,
        "detail": rejection.message,
    }
    if rejection.help:
        body["help"] = rejection.help
    if rejection.subject:
        body["case_id"] = rejection.subject
    if rejection.faults:
        body["faults"] = [fault_body(fault) for fault in rejection.faults]
    return body


def fault_body(fault: Fault) -> dict[str, str]:
    """One fault, with its path."""
    return {
        "code": fault.code,
        "path": fault.path,
        "message": fault.message,
        "severity": fault.severity,
        "by": fault.by,
        "help": fault.help,
    }


def problem_response(rejection: Rejection, status: HTTPStatus | None = None) -> Response:
    """A problem document as a response; `status` where the kind of refusal does not say it."""
    status = status or STATUS[rejection.kind]
    headers = {"WWW-Authenticate": "Bearer"} if rejection.kind is RejectionKind.UNAUTHENTICATED else None
    return Response(encode(problem_body(rejection, status)), int(status), headers, media_type=MEDIA_TYPE)


def json_response(value: Any, status: int = 200) -> Response:
    """An answer: decimals as strings, instants in RFC 3339."""
    return Response(encode(value), status, media_type="application/json")

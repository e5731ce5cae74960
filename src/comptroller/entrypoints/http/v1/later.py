"""Asking for a job in place of an answer: `Prefer: respond-async`, for every route whose work may be long."""

from typing import Annotated, Any

from fastapi import Header
from fastapi.responses import Response

from comptroller.entrypoints.http.problems import json_response

Prefer = Annotated[
    str,
    Header(max_length=200, description="`respond-async` (RFC 7240): a job does it; the answer is 202 and its address"),
]


def is_async(prefer: str) -> bool:
    """Whether a client would rather have a job do it than wait (RFC 7240, section 4.1)."""
    return any(wish.partition(";")[0].strip().lower() == "respond-async" for wish in prefer.split(","))


def accepted(answer: dict[str, Any], place: str = "") -> Response:
    """The answer of what a job does: where its progress is told; a `place` of its own is no matter of preference."""
    headers = {"Location": place or f"/v1/jobs/{answer['job_id']}"}
    if not place:
        headers["Preference-Applied"] = "respond-async"
    made = json_response(answer, 202)
    made.headers.update(headers)
    return made

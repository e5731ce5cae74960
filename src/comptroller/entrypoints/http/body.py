"""Reads request bodies: bounded, exact, and with every oddity told before it can reach the store."""

import json
import re
from decimal import Decimal
from typing import Any, Final

from starlette.requests import Request

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.kernel.money import parse_decimal
from comptroller.entrypoints.http.problems import Problem

_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


async def read_bytes(request: Request, size_max: int = limits.DOCUMENT_BYTES_MAX) -> bytes:
    """The whole body, refused as soon as it grows over the limit."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > size_max:
            raise Problem(
                Rejection(
                    RejectionKind.TOO_LARGE,
                    "BODY-SIZE-01",
                    f"the body is larger than {size_max // (1024 * 1024)} MiB",
                    help="send less at once",
                )
            )
        chunks.append(chunk)
    return b"".join(chunks)


async def read_object(request: Request, size_max: int = limits.DOCUMENT_BYTES_MAX) -> dict[str, Any]:
    """The body as a JSON object: decimals exact, no repeated keys, no characters that cannot be stored."""
    return parse_object(await read_bytes(request, size_max))


def parse_object(content: bytes) -> dict[str, Any]:
    """Read a JSON object; anything else is a problem with its place."""
    try:
        value = json.loads(
            content,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_number,
            object_pairs_hook=_object,
        )
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _refused("JSON-SYNTAX-01", f"the body is not JSON: {error}") from error
    except RecursionError as error:
        raise _refused("JSON-DEPTH-01", "the body is nested too deeply") from error
    if not isinstance(value, dict):
        raise _refused("JSON-SHAPE-01", "the body is not a JSON object")
    _inspect(value, "", 0)
    return value


def text_of(body: dict[str, Any], name: str, *, required: bool = True) -> str:
    """A text member of a body."""
    value = body.get(name, "" if not required else None)
    if not isinstance(value, str) or (required and not value):
        raise _refused("JSON-MEMBER-01", f"`{name}` must be a text", f"/{name}")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _refused("JSON-KEY-01", "a key occurs twice in one object")
    return value


def _number(text: str) -> Decimal:
    value = parse_decimal(text)
    if value is None:
        raise _refused("JSON-NUMBER-01", f"`{text[:40]}` is no plain decimal within the limits")
    return value


def _inspect(value: Any, path: str, depth: int) -> None:
    if depth > limits.JSON_DEPTH_MAX:
        raise _refused("JSON-DEPTH-01", "the body is nested too deeply", path)
    match value:
        case str():
            if _UNSTORABLE.search(value) or len(value) > limits.TEXT_CHARACTERS_MAX:
                raise _refused("JSON-TEXT-01", "a text holds control characters or is too long", path)
        case dict():
            for key, item in value.items():
                _inspect(key, path, depth + 1)
                _inspect(item, f"{path}/{key}", depth + 1)
        case list():
            for position, item in enumerate(value):
                _inspect(item, f"{path}/{position}", depth + 1)
        case _:
            pass


def _refused(code: str, message: str, path: str = "") -> Problem:
    fault = Fault(code, path, message, by="reader")
    return Problem(Rejection(RejectionKind.INVALID, code, message, (fault,)))

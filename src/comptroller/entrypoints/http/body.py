"""Reads request bodies: bounded, exact, and with every oddity told before it can reach the store."""

import json
import re
from decimal import Decimal
from typing import Any, Final

from starlette.requests import Request

from comptroller.application.casework.account_change import CallBack
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import parse_decimal
from comptroller.entrypoints.http.problems import Problem
from comptroller.entrypoints.media_types import unsupported

BY: Final = "reader"

NUMBER_MAX: Final = 2**31
"""Beyond any whole number that a body asks for."""

_UNSTORABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


async def read_document(request: Request) -> bytes:
    """A document as sent; one that is too large gets the code that every other door gives it."""
    return await _read_bytes(request, limits.DOCUMENT_BYTES_MAX, "DOC-SIZE-01")


async def read_object(
    request: Request, size_max: int = limits.DOCUMENT_BYTES_MAX, *, text_max: int = limits.TEXT_CHARACTERS_MAX
) -> dict[str, Any]:
    """The body as a JSON object: decimals exact, no repeated keys, no characters that cannot be stored."""
    media_type = media_type_of(request.headers.get("content-type", "application/json"))
    if media_type != "application/json":
        raise Problem(unsupported(media_type, "send the body as application/json"))
    return parse_object(await _read_bytes(request, size_max, "BODY-SIZE-01"), text_max=text_max)


async def _read_bytes(request: Request, size_max: int, code: str) -> bytes:
    """The whole body, refused as soon as it grows over the limit."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > size_max:
            message = f"the body is larger than {size_max // (1024 * 1024)} MiB"
            what_to_do = "send less at once; move attachments out of a document"
            fault = Fault(code, "", message, by=BY, help=what_to_do)
            raise Problem(Rejection(RejectionKind.TOO_LARGE, code, message, (fault,), help=what_to_do))
        chunks.append(chunk)
    return b"".join(chunks)


def media_type_of(header: str) -> str:
    """A media type without its parameters."""
    return header.partition(";")[0].strip().lower()


def parse_object(content: bytes, *, text_max: int = limits.TEXT_CHARACTERS_MAX) -> dict[str, Any]:
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
        raise _refused("JSON-SYNTAX-01", f"the body is not JSON: {error}", help="send one JSON object") from error
    except RecursionError as error:
        raise _too_deep() from error
    if not isinstance(value, dict):
        raise _refused("JSON-SHAPE-01", "the body is not a JSON object", help="send one JSON object")
    _inspect(value, "", 0, text_max)
    return value


def text_of(body: dict[str, Any], name: str, *, required: bool = True) -> str:
    """A text member of a body."""
    value = body.get(name, "" if not required else None)
    if not isinstance(value, str) or (required and not value):
        raise _refused("JSON-MEMBER-01", f"`{name}` must be a text", f"/{name}", help=f"send `{name}` as a JSON string")
    return value


def flag_of(body: dict[str, Any], name: str) -> bool:
    """A truth value of a body; false where it is not there."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        message = f"`{name}` must be true or false"
        raise _refused("JSON-MEMBER-04", message, f"/{name}", help=f"send `{name}` as true or false")
    return value


def number_of(body: dict[str, Any], name: str, otherwise: int) -> int:
    """A whole number of a body."""
    value = body.get(name, Decimal(otherwise))
    if not isinstance(value, Decimal) or value != value.to_integral_value() or abs(value) > NUMBER_MAX:
        message = f"`{name}` must be a whole number"
        raise _refused("JSON-MEMBER-07", message, f"/{name}", help=f"send `{name}` as a JSON number without a fraction")
    return int(value)


def texts_of(body: dict[str, Any], name: str) -> dict[str, str] | None:
    """An object of texts in a body; None where it is not there."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        message = f"`{name}` must be an object of texts"
        raise _refused("JSON-MEMBER-05", message, f"/{name}", help=f"send `{name}` as a JSON object of strings")
    return value


def list_of(body: dict[str, Any], name: str) -> tuple[str, ...]:
    """A list of texts of a body; an empty one where it is not there."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        message = f"`{name}` must be a list of texts"
        raise _refused("JSON-MEMBER-06", message, f"/{name}", help=f"send `{name}` as a JSON list of strings")
    return tuple(value)


def call_back_of(body: dict[str, Any]) -> CallBack | None:
    """The call to a supplier that a body tells of, if it does."""
    told = body.get("call_back")
    if told is None:
        return None
    if not isinstance(told, dict):
        raise _refused("JSON-MEMBER-02", "`call_back` must be an object", "/call_back", help="send a JSON object")
    at = parse_instant(text_of(told, "at"))
    if at is None:
        raise _refused("JSON-MEMBER-03", "`at` is no instant with an offset", "/call_back/at", help="send RFC 3339")
    return CallBack(
        text_of(told, "number"),
        text_of(told, "spoken_to", required=False),
        at,
        text_of(told, "payee_check", required=False),
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _refused("JSON-KEY-02", "a key occurs twice in one object", help="keep one of the two values")
    return value


def _number(text: str) -> Decimal:
    value = parse_decimal(text)
    if value is None:
        message = f"`{text[:40]}` is no plain decimal within the limits"
        raise _refused("JSON-NUMBER-01", message, help="write a plain decimal such as 1234.50")
    return value


def _inspect(value: Any, path: str, depth: int, text_max: int) -> None:
    if depth > limits.JSON_DEPTH_MAX:
        raise _too_deep(path)
    match value:
        case str():
            if _UNSTORABLE.search(value) or len(value) > text_max:
                message = "a text holds control characters or is too long"
                raise _refused(
                    "JSON-TEXT-01", message, path, help=f"send at most {text_max} characters, none of them a control"
                )
        case dict():
            for key, item in value.items():
                _inspect(key, path, depth + 1, text_max)
                step = key.replace("~", "~0").replace("/", "~1")
                _inspect(item, f"{path}/{step}", depth + 1, text_max)
        case list():
            for position, item in enumerate(value):
                _inspect(item, f"{path}/{position}", depth + 1, text_max)
        case _:
            pass


def _too_deep(path: str = "") -> Problem:
    return _refused(
        "JSON-DEPTH-01", "the body is nested too deeply", path, help="no body that is read here nests so deep"
    )


def _refused(code: str, message: str, path: str = "", *, help: str) -> Problem:  # noqa: A002 - the rejection's own field
    fault = Fault(code, path, message, by=BY, help=help)
    return Problem(Rejection(RejectionKind.INVALID, code, message, (fault,), help=help))

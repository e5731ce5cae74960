"""The OpenAPI parts that are written by hand, because bodies are read exactly and not by a model of floats."""

from typing import Any, Final

from comptroller.domain.kernel import limits

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
DECIMAL: Final[Schema] = {"type": "string", "pattern": r"^-?\d{1,18}(\.\d{1,16})?$", "description": "exact, as text"}


def _content(schema: Schema, media_type: str = "application/json") -> Schema:
    return {"content": {media_type: {"schema": schema}}}


def _object(members: Schema, required: tuple[str, ...] = (), *, more: bool = True) -> Schema:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": more}


def _answer(status: int, description: str, schema: Schema) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": description, **_content(schema)}}


FAULT: Final = _object(dict.fromkeys(("code", "path", "message", "severity", "by", "help"), TEXT), ("code", "message"))

PROBLEM: Final = _object(
    {
        "type": TEXT,
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT,
        "detail": TEXT,
        "help": TEXT,
        "case_id": TEXT,
        "faults": {"type": "array", "items": FAULT},
    },
    ("type", "title", "status", "code", "detail"),
)

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"description": description, **_content(PROBLEM, "application/problem+json")}
    for status, description in {
        400: "not a request that can be read",
        401: "no valid API key",
        403: "the caller may not; the code says why",
        404: "there is no such thing for this caller",
        405: "no such method here",
        409: "stale, already done, or the same as something else",
        413: "too large",
        415: "not a media type of this route",
        422: "understood and refused; faults with their paths",
        503: "try again later",
    }.items()
}

WAITING: Final = _object({"task_id": TEXT, "person_or_role": TEXT, "due": TEXT}, ("task_id", "person_or_role", "due"))

CASE_ANSWER: Final = _object(
    {
        "case_id": TEXT,
        "status": TEXT,
        "outcome": TEXT,
        "reasons": {"type": "array", "items": _object({"code": TEXT, "text": TEXT}, ("code", "text"))},
        "waiting_for": {"type": "array", "items": WAITING},
    },
    ("case_id", "status", "outcome", "reasons", "waiting_for"),
)

ANSWER: Final = _answer(201, "the case as it stands", CASE_ANSWER) | _answer(200, "a dry run's answer", CASE_ANSWER)
ANSWER_200: Final = _answer(200, "the case as it stands", CASE_ANSWER)
OBJECT: Final = _answer(200, "the answer", _object({}))
OBJECT_201: Final = _answer(201, "what was made", _object({}))
LIST: Final = _answer(200, "the list", _object({}))
BATCH_ANSWER: Final = _answer(
    200,
    "one result a document, in order",
    _object(
        {"results": {"type": "array", "items": _object({"status_code": {"type": "integer"}}, ("status_code",))}},
        ("results",),
    ),
)
ORIGINAL: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "the bytes as received", "content": {"application/octet-stream": {}}}
}


def _body(schema: Schema, *others: str) -> Schema:
    content: Schema = {"application/json": {"schema": schema}}
    content |= {media_type: {"schema": {"type": "string"}} for media_type in others}
    return {"requestBody": {"required": True, "content": content}}


DOCUMENT_BODY: Final = _body(
    _object(
        {"number": TEXT, "currency": TEXT, "totals": _object({"net": DECIMAL, "gross": DECIMAL, "payable": DECIMAL})}
    ),
    "application/xml",
)
BATCH_BODY: Final = _body(
    _object(
        {
            "documents": {
                "type": "array",
                "minItems": 1,
                "maxItems": limits.BATCH_DOCUMENTS_MAX,
                "items": _object(
                    {
                        "media_type": {"enum": ["application/json", "application/xml", "text/xml"]},
                        "content": {"type": "string", "contentEncoding": "base64"},
                    },
                    ("media_type", "content"),
                ),
            }
        },
        ("documents",),
    )
)
ACTION_BODY: Final = _body(_object({"action": TEXT, "content_hash": TEXT, "reason": TEXT}, ("action",)))
REFERENCE_BODY: Final = _body(_object({}))
RETRY_BODY: Final = _body(_object({"reason": {"type": "string", "minLength": 1}}, ("reason",)))

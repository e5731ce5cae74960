"""The OpenAPI parts that are written by hand, because bodies are read exactly and not by a model of floats."""

from typing import Any, Final

from comptroller.application.casework.account_change import PAYEE_CHECKS
from comptroller.application.intake import MAIL
from comptroller.application.ports.intake import TYPES
from comptroller.domain.kernel import limits
from comptroller.entrypoints.media_types import MEDIA_TYPES

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer"}
FLAG: Final[Schema] = {"type": "boolean"}
INSTANT: Final[Schema] = {"type": "string", "format": "date-time", "description": "RFC 3339 in UTC"}
DECIMAL: Final[Schema] = {
    "type": "string",
    "pattern": rf"^-?[0-9]{{1,{limits.AMOUNT_INTEGER_DIGITS_MAX}}}(\.[0-9]{{1,{limits.DECIMAL_DIGITS_MAX}}})?$",
    "description": "exact, as text",
}


def _content(schema: Schema, media_type: str = "application/json") -> Schema:
    return {"content": {media_type: {"schema": schema}}}


def _object(members: Schema, required: tuple[str, ...] = (), *, more: bool = True) -> Schema:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": more}


def _answer(status: int, description: str, schema: Schema) -> dict[int | str, dict[str, Any]]:
    return {status: {"description": description, **_content(schema)}}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _record(members: Schema) -> Schema:
    """An object that always has these members; later versions may add some."""
    return _object(members, tuple(members))


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

_RETRY: Final[Schema] = {"Retry-After": {"schema": NUMBER, "description": "seconds to wait before trying again"}}

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": description,
        **_content(PROBLEM, "application/problem+json"),
        **({"headers": _RETRY} if status == 503 else {}),
    }
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
        500: "a defect of ours; nothing was done",
        503: "try again later",
    }.items()
}

WAITING: Final = _object({"task_id": TEXT, "person_or_role": TEXT, "due": TEXT}, ("task_id", "person_or_role", "due"))

_REASONS: Final = _list(_record({"code": TEXT, "text": TEXT}))

CASE_ANSWER: Final = _record(
    {"case_id": TEXT, "status": TEXT, "outcome": TEXT, "reasons": _REASONS, "waiting_for": _list(WAITING)}
)
_SUMMARY: Final[Schema] = {
    **dict.fromkeys("case_id kind status outcome entity supplier supplier_name number currency".split(), TEXT),
    "net": _or_null(DECIMAL),
    "gross": _or_null(DECIMAL),
    "exception_types": _list(TEXT),
    "received_at": INSTANT,
    "updated_at": INSTANT,
}
TASK: Final = _record(
    {
        **dict.fromkeys(
            "task_id case_id kind title role person status content_hash action closed_by why".split(), TEXT
        ),
        "actions": _list(TEXT),
        "offered_at": INSTANT,
        "due": _or_null(INSTANT),
        "closed_at": _or_null(INSTANT),
        "overdue": FLAG,
    }
)
DOCUMENT: Final = _record(
    {
        **dict.fromkeys("digest media_type profile received_by".split(), TEXT),
        "canonical": _or_null(_object({})),  # null: nothing is read of it yet, it waits to be keyed
        "faults": _list(FAULT),
    }
)
APPROVAL_STEP: Final = _record(
    {
        **dict.fromkeys("step title stage".split(), TEXT),
        **dict.fromkeys("needed asked".split(), NUMBER),
        "one_no_ends_it": FLAG,
        **dict.fromkeys("signed against missing".split(), _list(TEXT)),
    }
)
CASE: Final = _record(
    {
        **_SUMMARY,
        **dict.fromkeys("requester enterer payment_block content_hash policy_hash process_hash".split(), TEXT),
        "reasons": _REASONS,
        "exceptions": _list(_object({})),
        "signatures": _list(_object({"person": TEXT}, ("person",))),
        "approval_steps": _list(APPROVAL_STEP),
        "document": _or_null(DOCUMENT),
        "waiting_for": _list(WAITING),
        "tasks": _list(TASK),
        "journals": _list(_object({})),
        "deliveries": _list(_object({})),
        "attachments": _list(_object({"digest": TEXT, "name": TEXT, "media_type": TEXT, "bytes": NUMBER})),
        "supplier_response": _or_null(_object({"status": TEXT, "code": TEXT, "reason": TEXT, "action": TEXT})),
    }
)
ENTRY: Final = _record(
    {"seq": NUMBER, "at": INSTANT, "type": TEXT, "actor": _object({}), "data": _object({}), "hash": TEXT}
)
DECISION: Final = _record(
    {"seq": NUMBER, "decision": TEXT, "inputs": _object({}), "rules": _list(TEXT), "reproduced": FLAG, "policy": TEXT}
)
DELIVERY: Final = _record(
    {**dict.fromkeys("outbox_id case_id connector status error".split(), TEXT), "attempts": NUMBER}
)
RECORD: Final = _record({"key": TEXT, "version": NUMBER, "body": _object({})})
STORED: Final = _record({"kind": TEXT, "key": TEXT, "version": NUMBER, "changed": FLAG})


INTAKE: Final = _record(
    {
        **dict.fromkeys("intake_id channel sender verified name media_type digest status".split(), TEXT),
        "received_at": INSTANT,
        "results": _list(_object(dict.fromkeys("part case_id status outcome code message".split(), TEXT), ("part",))),
    }
)


def _page(name: str, item: Schema) -> dict[int | str, dict[str, Any]]:
    return _answer(
        200, "a page of the list; `next` asks for the one behind it", _record({name: _list(item), "next": TEXT})
    )


def _whole(name: str, item: Schema) -> dict[int | str, dict[str, Any]]:
    return _answer(200, "the list", _record({name: _list(item)}))


ANSWER: Final = _answer(201, "the case as it stands", CASE_ANSWER) | _answer(200, "a dry run's answer", CASE_ANSWER)
ACT_ANSWER: Final = _answer(200, "the case as it stands", CASE_ANSWER)
CASE_WHOLE: Final = _answer(200, "the case", CASE)
CASES: Final = _page("cases", _record(_SUMMARY))
TASKS: Final = _page("tasks", TASK)
TIMELINE: Final = _whole("entries", ENTRY)
DECISIONS: Final = _whole("decisions", DECISION)
RECORDS: Final = _whole("records", RECORD)
DELIVERIES: Final = _page("deliveries", DELIVERY)
RECORD_STORED: Final = _answer(
    200, "the version in force, or the case in which an amendment waits", {"anyOf": [STORED, CASE_ANSWER]}
)
KEY: Final = _answer(201, "the key, shown this once", _record({"api_key": TEXT, "principal": TEXT}))
RETRIED: Final = _answer(200, "it waits for the worker", _record({"state": TEXT}))
VERIFICATION: Final = _answer(
    200,
    "whether the log is whole",
    _record({"ok": FLAG, "size": NUMBER, "unsequenced": NUMBER, "root": TEXT, "tenant": TEXT}),
)
STANDING: Final = _answer(200, "it does", _object({"status": TEXT, "tenants": NUMBER}, ("status",)))
BATCH_ANSWER: Final = _answer(
    200,
    "one result a document, in order",
    _record(
        {
            "results": _list(
                _object({"status_code": NUMBER, "answer": CASE_ANSWER, "problem": PROBLEM}, ("status_code",))
            )
        }
    ),
)


def _bytes(*media_types: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {
            "description": "the bytes as received",
            "content": {media_type: {} for media_type in sorted(media_types)},
            "headers": {"ETag": {"schema": TEXT, "description": "the document's SHA-256"}},
        }
    }


ORIGINAL: Final = _bytes(*MEDIA_TYPES, TYPES[".csv"])
"""A document that stood in a table is its rows under their heads."""

INTAKE_ORIGINAL: Final = _bytes(*MEDIA_TYPES, *TYPES.values(), MAIL)


def _body(schema: Schema, *others: str) -> Schema:
    content: Schema = {"application/json": {"schema": schema}}
    content |= {media_type: {"schema": {"type": "string"}} for media_type in others}
    return {"requestBody": {"required": True, "content": content}}


PAYMENT_BLOCK: Final = _record(
    {
        **dict.fromkeys(("block_id", "case_id", "supplier", "cause", "text", "status"), TEXT),
        "placed_at": INSTANT,
        **dict.fromkeys(("placed_by", "asked_by"), TEXT),
        "lifted_at": _or_null(INSTANT),
        "lifted_by": TEXT,
    }
)
PAYMENT_BLOCKS: Final = _answer(200, "blocks, oldest first", _record({"blocks": _list(PAYMENT_BLOCK)}))
LIFTED: Final = _answer(
    200, "lifted, or a second person is asked", _object({"block_id": TEXT, "lifted": FLAG}, ("block_id", "lifted"))
)

CANONICAL: Final = _object(
    {"number": TEXT, "currency": TEXT, "totals": _object({"net": DECIMAL, "gross": DECIMAL, "payable": DECIMAL})}
)
RESPONSE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "the response as it would be sent", "content": {"application/xml": {}}}
}
INTAKE_ANSWER: Final = _answer(201, "what became of each part", INTAKE)
INTAKE_LIST: Final = _whole("intake", INTAKE)
INTAKE_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {media_type: {"schema": {"type": "string"}} for media_type in (*sorted(TYPES.values()), MAIL)},
    }
}
KEYED_BODY: Final = _body(CANONICAL)
DOCUMENT_BODY: Final = _body(
    CANONICAL,
    *sorted(MEDIA_TYPES - {"application/json"}),
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
                        "media_type": {"enum": sorted(MEDIA_TYPES)},
                        "content": {"type": "string", "contentEncoding": "base64"},
                    },
                    ("media_type", "content"),
                ),
            }
        },
        ("documents",),
    )
)
CALL_BACK: Final = _object(
    {"number": TEXT, "spoken_to": TEXT, "at": INSTANT, "payee_check": {"enum": list(PAYEE_CHECKS)}}, ("number", "at")
)
ACTION_BODY: Final = _body(
    _object(
        {"action": TEXT, "content_hash": TEXT, "reason": TEXT, "call_back": CALL_BACK, "until": TEXT, "to": TEXT},
        ("action",),
    )
)
CLEARANCE_BODY: Final = _body(
    _object(dict.fromkeys(("list_version", "until", "reason"), TEXT), ("list_version", "until", "reason"))
)
REFERENCE_BODY: Final = _body(_object({}))
RETRY_BODY: Final = _body(_object({"reason": {"type": "string", "minLength": 1}}, ("reason",)))

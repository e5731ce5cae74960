"""The OpenAPI parts of what people do on cases and tasks."""

from typing import Any, Final

from comptroller.application.acting.blocking import CAUSES
from comptroller.application.acting.remarks import MEDIA_TYPES
from comptroller.domain.kernel import limits
from comptroller.entrypoints.http.schemas import CASE_ANSWER, DECIMAL, FLAG, NUMBER, PROBLEM, TEXT
from comptroller.entrypoints.http.v1.ledger_schemas import answer

Schema = dict[str, Any]

WORDS: Final[Schema] = {"type": "string", "minLength": 1}


def _object(members: Schema, required: tuple[str, ...]) -> Schema:
    return {"type": "object", "properties": members, "required": list(required), "additionalProperties": True}


def _record(members: Schema) -> Schema:
    return _object(members, tuple(members))


def _body(members: Schema, *required: str) -> Schema:
    content = {"application/json": {"schema": _object(members, required)}}
    return {"requestBody": {"required": True, "content": content}}


REASON_BODY: Final = _body({"reason": WORDS}, "reason")
TEXT_BODY: Final = _body({"text": WORDS}, "text")
QUESTION_BODY: Final = _body({"to": WORDS, "text": WORDS}, "to", "text")
REASSIGN_BODY: Final = _body({"person": WORDS, "reason": WORDS}, "person", "reason")
BLOCK_BODY: Final = _body(
    {"cause": {"enum": list(CAUSES)}, "reason": WORDS, "all_of_supplier": FLAG}, "cause", "reason"
)
TOGETHER_BODY: Final = _body(
    {
        "items": {
            "type": "array",
            "minItems": 1,
            "maxItems": limits.APPROVED_TOGETHER_MAX,
            "items": _object({"task_id": WORDS, "content_hash": WORDS}, ("task_id", "content_hash")),
            "description": "the tasks as they were shown",
        }
    },
    "items",
)
ORDER_LINES_BODY: Final = _body(
    {
        "document": {**WORDS, "description": "the digest of the document in force, as it was shown"},
        "lines": {
            "type": "object",
            "additionalProperties": TEXT,
            "description": "the order line by the place of the document's line, from 1; empty: none of the order's",
        },
        "reason": TEXT,
    },
    "document",
    "lines",
)
ATTACHMENT_BODY: Final[Schema] = {
    "requestBody": {
        "required": True,
        "content": {media_type: {"schema": {"type": "string"}} for media_type in sorted(MEDIA_TYPES)},
    }
}

_RESULT: Final = _object(
    {"task_id": TEXT, "case_id": TEXT, "status_code": NUMBER, "answer": _object({}, ()), "problem": PROBLEM},
    ("task_id", "case_id", "status_code"),
)
APPROVED_TOGETHER: Final = answer(
    200,
    "what was approved, or with `dry_run` would be, and one result a task",
    _record(
        {
            "count": NUMBER,
            "sums": {"type": "array", "items": _record({"currency": TEXT, "gross": DECIMAL})},
            "results": {"type": "array", "items": _RESULT},
        }
    ),
)
CASE_STANDING: Final = answer(200, "the case as it stands", CASE_ANSWER)
QUESTION_ASKED: Final = answer(201, "the case as it stands", CASE_ANSWER)
COMMENTED: Final = answer(201, "the comment's place in the case's story", _record({"case_id": TEXT, "seq": NUMBER}))
ATTACHED: Final = answer(201, "the attachment's digest", _record({"case_id": TEXT, "digest": TEXT, "added": FLAG}))
ATTACHMENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "the file as it was put there",
        "content": {media_type: {} for media_type in sorted(MEDIA_TYPES)},
    }
}
_BLOCK: Final = _record(dict.fromkeys("block_id case_id number cause".split(), TEXT))
BLOCK_PLACED: Final = answer(
    201, "every item that is stopped, with its block", _record({"blocks": {"type": "array", "items": _BLOCK}})
)
_OR_NOTHING: Final[Schema] = {"type": ["string", "null"]}
_SUGGESTION: Final = _record({"order_line": TEXT, "same": {"type": "array", "items": TEXT}})
_BILLED: Final = _record(
    {
        "place": NUMBER,
        **dict.fromkeys("line item name unit order_line".split(), TEXT),
        **dict.fromkeys("quantity price net".split(), _OR_NOTHING),
        "suggestion": {"anyOf": [_SUGGESTION, {"type": "null"}]},
    }
)
_ORDERED: Final = _record(
    {
        **dict.fromkeys("order_line item name unit".split(), TEXT),
        **dict.fromkeys("quantity price price_base_quantity invoiced open".split(), DECIMAL),
        "received": _OR_NOTHING,
    }
)
ORDER_LINES: Final = answer(
    200,
    "both sides, with what is open on each line of the order",
    _record(
        {
            **dict.fromkeys("case_id document order currency".split(), TEXT),
            "waits": FLAG,
            "lines": {"type": "array", "items": _BILLED},
            "order_lines": {"type": "array", "items": _ORDERED},
        }
    ),
)

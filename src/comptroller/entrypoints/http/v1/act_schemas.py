"""The OpenAPI parts of what people do on cases and tasks."""

from typing import Any, Final

from comptroller.application.acting.blocking import CAUSES
from comptroller.application.acting.remarks import MEDIA_TYPES
from comptroller.entrypoints.http.schemas import CASE_ANSWER, FLAG, NUMBER, TEXT
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
ATTACHMENT_BODY: Final[Schema] = {
    "requestBody": {
        "required": True,
        "content": {media_type: {"schema": {"type": "string"}} for media_type in sorted(MEDIA_TYPES)},
    }
}

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

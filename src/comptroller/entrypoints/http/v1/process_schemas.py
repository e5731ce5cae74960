"""The OpenAPI parts of processes and of moving cases between their versions."""

from typing import Any, Final

from comptroller.entrypoints.http.schemas import CASE_ANSWER, FLAG, NUMBER, TEXT
from comptroller.entrypoints.http.v1.ledger_schemas import answer

Schema = dict[str, Any]


def _record(members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": True}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def _body(members: Schema, *required: str) -> Schema:
    schema = {"type": "object", "properties": members, "required": list(required), "additionalProperties": True}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


_WORDS: Final[Schema] = {"type": "string", "minLength": 1}
_NODES: Final[Schema] = {"type": "object", "additionalProperties": _WORDS}
_VERSION: Final = _record({"policy": TEXT, "process": TEXT, "version": TEXT, "is_in_force": FLAG})
_NODE: Final[Schema] = dict.fromkeys("node name kind".split(), TEXT)
_REASONS: Final = _list(
    _record({**dict.fromkeys("code node message".split(), TEXT), "cases": NUMBER, "of": _list(TEXT)})
)

MIGRATE_BODY: Final = _body({"reason": _WORDS, "to": TEXT, "nodes": _NODES}, "reason")
BULK_BODY: Final = _body(
    {"reason": _WORDS, "from": _WORDS, "nodes": _NODES, **dict.fromkeys("to entity node after".split(), TEXT)},
    "reason",
    "from",
)
VERSIONS: Final = answer(
    200,
    "the versions of a process",
    _record(
        {
            "process": TEXT,
            "name": TEXT,
            "versions": _list(_VERSION | {"properties": {**_VERSION["properties"], "cases": NUMBER}}),
        }
    ),
)
PLAN: Final = answer(
    200,
    "what the move would come to",
    _record(
        {
            "process": TEXT,
            "name": TEXT,
            "from": _VERSION,
            "to": _VERSION,
            "nodes": _list(_record({**_NODE, "to": TEXT})),
            "targets": _list(_record({**_NODE, "is_new": FLAG})),
            "cases": NUMBER | {"description": "all open cases of the version"},
            "looked_at": NUMBER | {"description": "the newest of them, which `can` and `cannot` are of"},
            "can": NUMBER,
            "cannot": _REASONS,
            "is_complete": FLAG,
        }
    ),
)
MIGRATED: Final = answer(200, "the case as it stands, and what it left and went to", CASE_ANSWER)
PROGRESS: Final = answer(
    200,
    "what became of the cases; where there are more, `next` is where to go on; `of_each` tells each of a dry run",
    _record({"cases": NUMBER, "migrated": NUMBER, "stayed": NUMBER, "cannot": _REASONS, "next": TEXT}),
)

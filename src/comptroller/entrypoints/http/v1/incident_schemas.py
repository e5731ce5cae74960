"""What the operator's routes take and give, for the OpenAPI document."""

from typing import Any, Final

from comptroller.application.repairing import RepairKind
from comptroller.application.repairing_many import KINDS
from comptroller.entrypoints.http.v1.act_schemas import CASE_STANDING
from comptroller.entrypoints.http.v1.ledger_schemas import answer

Schema = dict[str, Any]

_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_CAUSE: Final[Schema] = {"process": _TEXT, "version": _TEXT, "node": _TEXT, "code": _TEXT}
_REPAIR: Final[Schema] = {
    "kind": {"enum": list(RepairKind)},
    "reason": _TEXT,
    "token": _TEXT,
    "to_node": {**_TEXT, "description": "move back: where to"},
    "variables": {"type": "object", "description": "correct: what the process declares to be correctable"},
}


def _body(members: Schema, *required: str) -> Schema:
    schema = {"type": "object", "properties": members, "required": list(required)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


REPAIR_BODY: Final = _body(_REPAIR, "kind", "reason")
MANY_BODY: Final = _body(
    {
        "case_ids": _list(_TEXT) | {"maxItems": 200, "description": "cases by name; else by process"},
        **_CAUSE,
        "entity": _TEXT,
        **{name: schema for name, schema in _REPAIR.items() if name != "token"},
        "kind": {"enum": list(KINDS)},
        "after": {**_TEXT, "description": "go on behind this case: `next` of the answer before"},
    },
    "kind",
    "reason",
)
REPAIRED: Final = CASE_STANDING
INCIDENTS: Final = answer(
    200,
    "the causes, the oldest first: how many cases each has, and in `case_ids` the newest 200 of them",
    {
        "type": "object",
        "properties": {
            "incidents": _list(
                {
                    "type": "object",
                    "properties": {
                        **_CAUSE,
                        "message": _TEXT,
                        "cases": _COUNT,
                        "since": _TEXT,
                        "case_ids": _list(_TEXT),
                    },
                }
            )
        },
    },
)
CASES: Final = answer(
    200,
    "a page of cases; `next` is the case to go on behind, empty where that were all",
    {"type": "object", "properties": {"cases": _list(_TEXT), "next": _TEXT}, "required": ["cases", "next"]},
)
MANY_REPAIRED: Final = answer(
    200,
    "what became of each case, or would become of it",
    {
        "type": "object",
        "properties": {
            "repaired": _COUNT,
            "next": {**_TEXT, "description": "where to go on; empty where that were all"},
            "cases": _list(
                {
                    "type": "object",
                    "properties": {
                        "case_id": _TEXT,
                        "status": _TEXT,
                        "outcome": _TEXT,
                        "code": _TEXT,
                        "message": _TEXT,
                    },
                }
            ),
        },
    },
)

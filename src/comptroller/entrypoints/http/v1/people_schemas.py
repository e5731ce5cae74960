"""The OpenAPI parts of people."""

from typing import Any, Final

from comptroller.entrypoints.http.schemas import FLAG, TEXT
from comptroller.entrypoints.http.v1.ledger_schemas import answer

Schema = dict[str, Any]

_DAY: Final[Schema] = {"type": "string", "format": "date"}
_TEXTS: Final[Schema] = {"type": "array", "items": {"type": "string", "minLength": 1}}
_WORD: Final[Schema] = {"type": "string", "minLength": 1}


def _record(members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": True}


def _body(members: Schema, *required: str) -> Schema:
    schema = {"type": "object", "properties": members, "required": list(required), "additionalProperties": True}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


ABSENCE_BODY: Final = _body({"from": _DAY, "until": _DAY, "unplanned": FLAG}, "from", "until")
DELEGATION_BODY: Final = _body(
    {
        "to": _WORD,
        "from": _DAY,
        "until": _DAY,
        "categories": _TEXTS,
        "entities": _TEXTS,
        "amount": {"type": "string"},
        "may_pass_on": FLAG,
        "kinds": _TEXTS | {"description": "of signatures: `approval` (invoices; what is meant without), `release`"},
    },
    "to",
    "from",
    "until",
)
_KEPT: Final = _record({"key": TEXT, "person": TEXT, "changed": FLAG})
KEPT: Final = answer(201, "the record's key, and whether it is new", _KEPT)
ENDED: Final = answer(200, "the record's key", _KEPT)

_ABSENCE: Final = _record(
    {"key": TEXT, "from": TEXT, "until": TEXT, "planned": FLAG, "recorded_by": TEXT, "ended": FLAG}
)
_DELEGATION: Final = _record(
    {
        **dict.fromkeys("key to from until amount recorded_by".split(), TEXT),
        "categories": _TEXTS,
        "entities": _TEXTS,
        "may_pass_on": FLAG,
        "kinds": _TEXTS,
        "ended": FLAG,
    }
)
PERSON: Final = answer(
    200,
    "the person as the records say now",
    _record(
        {
            **dict.fromkeys("person name kind manager".split(), TEXT),
            "active": FLAG,
            "roles": _TEXTS,
            "entities": _TEXTS,
            "absences": {"type": "array", "items": _ABSENCE},
            "delegations": {"type": "array", "items": _DELEGATION},
        }
    ),
)
HELD: Final = answer(
    200,
    "who holds what, the roles for each of the duties",
    _record(
        {
            "held": {
                "type": "array",
                "items": _record(
                    {
                        **dict.fromkeys("person name kind rule what text".split(), TEXT),
                        "duties": _TEXTS,
                        "roles": {"type": "array", "items": _TEXTS},
                    }
                ),
            }
        }
    ),
)

"""The OpenAPI parts of versions of policy and their release."""

from collections.abc import Sequence
from typing import Any, Final

from comptroller.application.jobs import shadow
from comptroller.domain.packs import tally
from comptroller.entrypoints.http.schemas import CASE_ANSWER, FLAG, NUMBER, TEXT
from comptroller.entrypoints.http.v1.job_schemas import JOB_MEMBERS
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
_FILES: Final[Schema] = {"type": "object", "additionalProperties": TEXT}
_ENTRY: Final = _record(
    {
        **dict.fromkeys("version entity base valid_from recorded_at recorded_by case_id way title".split(), TEXT),
        "share": NUMBER,
        "signed_by": _list(TEXT),
    }
)
_STATE: Final = _record({**dict.fromkeys("state since told case_id".split(), TEXT), "by": _list(TEXT)})
_REQUEST: Final = _record(
    {
        **dict.fromkeys("case_id status outcome state title version base entity valid_from content_hash".split(), TEXT),
        **dict.fromkeys("emergency rollback".split(), FLAG),
        "authors": _list(TEXT),
        "states": _list(_STATE),
        "signatures": _list({"type": "object"}),
        "reasons": _list({"type": "object"}),
    }
)

_FOR: Final[Schema] = {"entity": TEXT}
_ANSWERS: Final[Schema] = {
    **dict.fromkeys(("keep", "take", "begin"), _list(_WORDS)),
    "share": {"type": "integer", "minimum": 1, "maximum": 100, "description": "percent of the cases that begin"},
}

FILES_BODY: Final = _body({"files": _FILES, **_FOR, **_ANSWERS}, "files")
PROPOSE_BODY: Final = _body(
    {"title": _WORDS, "files": _FILES, "valid_from": TEXT, "emergency": FLAG, **_FOR, **_ANSWERS}, "title", "files"
)
FOLLOW_BODY: Final = _body({"entity": _WORDS, "title": _WORDS, "valid_from": TEXT}, "entity", "title")
ROLLBACK_BODY: Final = _body({"reason": _WORDS, **_FOR}, "reason")
CORRECTION_BODY: Final = _body({"files": _FILES, "since": _WORDS, **_FOR}, "files", "since")
BACKTEST_BODY: Final = _body({"version": TEXT, "draft": TEXT, "files": _FILES, "since": _WORDS, **_FOR}, "since")
SHADOW_BODY: Final = _body({"version": TEXT, "draft": TEXT, "files": _FILES, **_FOR})
REASON_BODY: Final = _body({"reason": _WORDS}, "reason")
VERSIONS: Final = answer(200, "the timeline, newest first", _record({"pack": TEXT, "versions": _list(_ENTRY)}))
OVERRIDES: Final = answer(
    200,
    "entities with a version of their own",
    _record(
        {
            "pack": TEXT,
            "entities": _list(
                _record(
                    {
                        **dict.fromkeys("entity version base recorded_at case_id".split(), TEXT),
                        **dict.fromkeys("overrides examples".split(), _list(TEXT)),
                    }
                )
            ),
        }
    ),
)
VERSION: Final = answer(200, "a version, whole", _record({"pack": TEXT, "version": TEXT, "files": _FILES}))
CHECKED: Final = answer(
    200,
    "what the files change of the version in force, and what stops them",
    _record(
        {
            **dict.fromkeys("version base".split(), TEXT),
            "is_sound": FLAG,
            "stops": _list(TEXT),
            "changes": {"type": "object"},
            "findings": _list({"type": "object"}),
            "examples": _record({"run": NUMBER, "wrong": _list({"type": "object"})}),
            "overrides": {"type": "object", "description": "what the entity overrides, or what entities get by it"},
            "people": _list({"type": "object", "description": "who would hold duties that belong apart"}),
        }
    ),
)
CORRECTION: Final = answer(
    200,
    "what would have been decided otherwise",
    _record(
        {
            **dict.fromkeys("version since".split(), TEXT),
            **dict.fromkeys("cases reworded".split(), NUMBER),
            "gross": {"type": "object"},
            "decisions": _list({"type": "object"}),
            "is_complete": FLAG,
        }
    ),
)
CORRECTION_JOB: Final = answer(
    200,
    "what would have been decided otherwise, so far",
    _record(
        {
            **JOB_MEMBERS,
            **dict.fromkeys("version base since".split(), TEXT),
            **dict.fromkeys("cases reworded more".split(), NUMBER),
            "gross": {"type": "object"},
            "decisions": _list({"type": "object"}),
        }
    ),
)
EXAMPLE: Final = answer(
    200,
    "a file of examples with one situation, masked",
    _record(
        {
            **dict.fromkeys("case_id decision title yaml".split(), TEXT),
            **dict.fromkeys("seq masked".split(), NUMBER),
            "facts": _list(TEXT),
        }
    ),
)
_SUMS: Final = _record(
    {
        **dict.fromkeys("cases amount changed changed_amount diverted diverted_amount".split(), NUMBER),
        "before": {"type": "object"},
        "after": {"type": "object"},
    }
)


def _tried(groups: Sequence[str], *members: str) -> Schema:
    return _record(
        {
            **JOB_MEMBERS,
            **dict.fromkeys(["version", "base", "since", *members, "currency"], TEXT),
            **dict.fromkeys("minutes_a_signature amount_scale".split(), NUMBER),
            "figures": _SUMS,
            **{f"by_{group}": {"type": "object", "additionalProperties": _SUMS} for group in groups},
            "moves": _list(
                _record({"before": {"type": "object"}, "after": {"type": "object"}, "cases": NUMBER, "amount": NUMBER})
            ),
            "changed": _list(_record(dict.fromkeys("case_id number entity supplier".split(), TEXT))),
            "titles": {"type": "object", "description": "the titles of steps that are named as a role"},
            "lacks": {"type": "object", "description": "facts that nobody recorded, with how many cases"},
        }
    )


_MAYBE: Final[Schema] = {"type": ["object", "null"]}
_FIGURES: Final = "the figures so far; amounts are in minor units of the group's currency"
BACKTEST: Final = answer(200, _FIGURES, _tried(tally.GROUPS, "result"))
CHANGED: Final = answer(
    200,
    "cases that come out otherwise; a page may have none and lead on",
    _record({"cases": _list({"type": "object"}), "next": TEXT, "currency": TEXT, "amount_scale": NUMBER}),
)
SHADOW: Final = answer(200, _FIGURES, _tried(shadow.GROUPS, "until", "seen_until", "ends"))
REQUESTS: Final = answer(200, "the requests, newest first", _record({"requests": _list(_REQUEST)}))
REQUEST: Final = answer(
    200,
    "a request as it stands",
    {
        **_REQUEST,
        "properties": {
            **_REQUEST["properties"],
            "difference": _list(TEXT),
            "tasks": _list({"type": "object"}),
            "backtests": _list({"type": "object", "description": "what backtests of it found, as it is signed"}),
            "forecast": _MAYBE | {"description": "the shares that are expected of it, once that is computed"},
            "live": _MAYBE | {"description": "how the cases that began under it came out, once it is in force"},
        },
    },
)
OPENED: Final = answer(201, "the request that was opened", CASE_ANSWER)
WITHDRAWN: Final = answer(200, "the request, withdrawn", CASE_ANSWER)

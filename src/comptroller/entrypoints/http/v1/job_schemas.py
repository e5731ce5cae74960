"""What the routes of long jobs give, for the OpenAPI document."""

from typing import Any, Final

from comptroller.entrypoints.http.schemas import NUMBER, TEXT
from comptroller.entrypoints.http.v1.ledger_schemas import answer

_JOB: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        **dict.fromkeys("job_id kind asked_by asked_at ended_at stopped_by code message".split(), TEXT),
        "status": {"enum": ["waiting", "running", "stopping", "done", "stopped", "refused", "given up"]},
        "total": NUMBER | {"description": "0 where nobody knows yet"},
        "done": NUMBER,
        "told": {
            "type": "object",
            "description": "intake: `intake_id`, `failed`; "
            "migration: `migrated`, `stayed`, `cannot`, and of a trial `of_each`; "
            "repairs: `repaired`, `refused`, `cannot`, and of a trial `cases`; "
            "backtest: `cases`, `changed`, `diverted`; correction: `cases`, `reworded`, `gross`, `more`; "
            "replay: `posted`, `breaches`, `left out`, `undecided`; figures: `months`",
        },
    },
    "required": ["job_id", "kind", "status", "asked_by", "asked_at", "total", "done", "told"],
    "additionalProperties": True,
}

JOB_MEMBERS: Final = _JOB["properties"]
JOB: Final = answer(200, "the job as it stands", _JOB)
JOBS: Final = answer(
    200,
    "the jobs, what was asked for last first",
    {"type": "object", "properties": {"jobs": {"type": "array", "items": _JOB}}, "required": ["jobs"]},
)
JOB_ACCEPTED: Final = answer(202, "a job does it: the job as it stands, and its address in `Location`", _JOB)
INTAKE_ACCEPTED: Final = answer(
    202,
    "it is kept, and a job takes it in: `job_id`, and its address in `Location`",
    {"type": "object", "properties": {"job_id": TEXT, "intake_id": TEXT}, "additionalProperties": True},
)
STOP_BODY: Final = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"type": "object", "properties": {"reason": TEXT}, "required": ["reason"]}}
        },
    }
}

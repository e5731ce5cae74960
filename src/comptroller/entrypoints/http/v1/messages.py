"""The door of outside systems for messages to cases."""

from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import Response

from comptroller.application.messages import SendMessage
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1.ledger_schemas import answer
from comptroller.entrypoints.http.v1.routes import JsonObject

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["messages"])

_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "name": schemas.TEXT | {"description": "as the process spells it"},
                        "key": schemas.TEXT | {"description": "which case is meant: what it awaits the message under"},
                        "carries": {"type": "object", "description": "becomes the variable `message` of the case"},
                        "entity": schemas.TEXT
                        | {"description": "whose a case is that it begins; none: it begins none"},
                    },
                    "required": ["name", "key"],
                }
            }
        },
    }
}
_TAKEN: Final = answer(
    202,
    "it is taken, and told to whoever awaits it, or begins a case",
    {"type": "object", "properties": dict.fromkeys("message_id name key status".split(), schemas.TEXT)},
)


@router.post("/messages", status_code=202, openapi_extra=_BODY, responses=_TAKEN)
def send_message(caller: Caller, body: JsonObject) -> Response:
    """Tell the cases that await a message under a key, or begin one; under the same Idempotency-Key it is told once."""
    carries = body.get("carries")
    said = _exact(carries) if isinstance(carries, dict) else {}
    message = SendMessage(text_of(body, "name"), text_of(body, "key"), said, text_of(body, "entity", required=False))
    return json_response(caller.run(message), 202)


def _exact(value: Any) -> Any:
    """JSON as variables are kept in it: a number with a fraction stays what was written."""
    if isinstance(value, Decimal):
        return {"@number": str(value)}
    if isinstance(value, dict):
        return {name: _exact(entry) for name, entry in value.items()}
    return [_exact(entry) for entry in value] if isinstance(value, list) else value

"""The routes of payment runs: propose, look, confirm. A run is released by answering its tasks."""

from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import Response

from comptroller.application.payments.commands import ConfirmPayment, GetPaymentRun, ProposePayments
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import ledger_schemas
from comptroller.entrypoints.http.v1.routes import JsonObject

Name = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", max_length=100)]

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["payments"])


@router.post("/payments", status_code=201, openapi_extra=ledger_schemas.PROPOSE_BODY, responses=ledger_schemas.PROPOSED)
def propose(caller: Caller, body: JsonObject, dry_run: bool = False) -> Response:  # noqa: FBT001, FBT002 - a query parameter
    """Propose a payment run with every open item that is ready; `dry_run` says what it would hold."""
    command = ProposePayments(
        text_of(body, "entity"), text_of(body, "currency", required=False), text_of(body, "pay_on", required=False)
    )
    return json_response(caller.run(command, rehearse=dry_run), 200 if dry_run else 201)


@router.get("/payments/{run_id}", responses=ledger_schemas.PAYMENT_RUN)
def get_run(caller: Caller, run_id: Name) -> Response:
    """A payment run: its items, what is held and why, its payments, who released it."""
    return json_response(caller.run(GetPaymentRun(run_id)))


@router.post(
    "/payments/{payment_id}/confirmations",
    openapi_extra=ledger_schemas.CONFIRM_BODY,
    responses=ledger_schemas.CONFIRMED,
)
def confirm(caller: Caller, payment_id: Name, body: JsonObject) -> Response:
    """Say what the bank did with a payment: `executed`, `rejected`, or `returned` after it was executed."""
    command = ConfirmPayment(
        payment_id,
        text_of(body, "outcome"),
        text_of(body, "on", required=False),
        text_of(body, "reference", required=False),
    )
    answer: Any = caller.run(command)
    return json_response(answer)

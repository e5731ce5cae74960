"""The routes of the ledger: what stands on each account, what is owed, how old it is, and whether it all agrees."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals
from comptroller.application.ledger.attesting import AttestPeriod, ShowAttestation
from comptroller.application.ledger.comparing import CompareLedger
from comptroller.application.ledger.reading import ListJournals, ListOpenItems, ShowAgeing, ShowTrialBalance
from comptroller.application.ledger.reconciling import ReconcileLedger
from comptroller.domain.kernel import limits
from comptroller.entrypoints.http import schemas
from comptroller.entrypoints.http.body import text_of
from comptroller.entrypoints.http.problems import json_response
from comptroller.entrypoints.http.security import Caller
from comptroller.entrypoints.http.v1 import ledger_schemas
from comptroller.entrypoints.http.v1.routes import JsonObject

Entity = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", max_length=64)]
Period = Annotated[str, Query(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$", description="YYYY-MM; the running one if none")]
Month = Annotated[str, Path(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$", description="YYYY-MM")]
Word = Annotated[str, Query(pattern=r"^[A-Za-z0-9._:/ -]{0,200}$")]
PageSize = Annotated[int, Query(ge=1, le=limits.PAGE_SIZE_MAX)]

router = APIRouter(prefix="/v1", responses=schemas.PROBLEMS, tags=["ledger"])


@router.get("/ledger/{entity}/trial-balance", responses=ledger_schemas.TRIAL_BALANCE)
def show_trial_balance(caller: Caller, entity: Entity, period: Period = "") -> Response:
    """Every account up to a period: carried forward, moved, standing; by document currency too."""
    return json_response(caller.run(ShowTrialBalance(entity, period)))


@router.get("/ledger/{entity}/journals", responses=ledger_schemas.JOURNALS)
def list_journals(
    caller: Caller, entity: Entity, period: Period = "", account: Word = "", after: Word = "", limit: PageSize = 50
) -> Response:
    """Journals with their lines and cases, the oldest first; those that touch an account where one is named."""
    return json_response(caller.run(ListJournals(entity, period, account, after, limit)))


@router.get("/ledger/{entity}/open-items", responses=ledger_schemas.OPEN_ITEMS)
def list_open_items(caller: Caller, entity: Entity, supplier: Word = "") -> Response:
    """What is owed, by supplier, with due and discount dates and payment blocks."""
    return json_response(caller.run(ListOpenItems(entity, supplier)))


@router.get("/ledger/{entity}/ageing", responses=ledger_schemas.AGEING)
def show_ageing(caller: Caller, entity: Entity) -> Response:
    """Open items by days past due and by business days since posting."""
    return json_response(caller.run(ShowAgeing(entity)))


@router.get("/ledger/{entity}/reconciliation", responses=ledger_schemas.RECONCILIATION)
def reconcile(caller: Caller, entity: Entity) -> Response:
    """Hold the ledger against itself, the open items and the goods received; a difference is told with its place."""
    return json_response(caller.run(ReconcileLedger(entity)))


@router.get("/ledger/{entity}/coverage", responses=ledger_schemas.COVERAGE)
def compare(caller: Caller, entity: Entity, period: Period = "") -> Response:
    """Which payables documents of the ledger have a case; what was posted without one is listed."""
    return json_response(caller.run(CompareLedger(entity, period)))


@router.get("/ledger/{entity}/accruals/{period}", responses=ledger_schemas.ACCRUALS)
def plan_accruals(caller: Caller, entity: Entity, period: Month) -> Response:
    """What would be accrued at the end of a period and why, and the hash that books it; nothing is booked."""
    return json_response(caller.run(PlanAccruals(entity, period)))


@router.post(
    "/ledger/{entity}/accruals/{period}", openapi_extra=ledger_schemas.ACCRUE_BODY, responses=ledger_schemas.ACCRUALS
)
def book_accruals(caller: Caller, entity: Entity, period: Month, body: JsonObject) -> Response:
    """Book the plan that was seen; running the period again books what has changed and nothing else."""
    return json_response(caller.run(BookAccruals(entity, period, text_of(body, "content_hash"))))


@router.get("/ledger/{entity}/attestations/{period}", responses=ledger_schemas.ATTESTATION)
def show_attestation(caller: Caller, entity: Entity, period: Month) -> Response:
    """What there is to attest of a period and its hash, what stands against it, and who attested it."""
    return json_response(caller.run(ShowAttestation(entity, period)))


@router.post(
    "/ledger/{entity}/attestations/{period}",
    openapi_extra=ledger_schemas.ATTEST_BODY,
    responses=ledger_schemas.ATTESTATION,
)
def attest_period(caller: Caller, entity: Entity, period: Month, body: JsonObject) -> Response:
    """Attest the trial balance that was seen; a later change of it takes the attestation back."""
    return json_response(
        caller.run(AttestPeriod(entity, period, text_of(body, "content_hash"), text_of(body, "note", required=False)))
    )

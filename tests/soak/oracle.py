"""Judges what the kill soak left in the database by what clients and receiver know: every violation, in words."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bench.company import TENANT
from tests.soak.load import OWNER, Known
from tests.soak.receiver import Receiver

from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.application.caller import SYSTEM
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.queries import GetCase
from comptroller.application.records import CaseRow
from comptroller.application.verification import verify
from comptroller.application.work import work_round
from comptroller.bootstrap import Platform
from comptroller.domain.kernel import limits

DRAIN_ROUNDS_MAX: Final = 500


def drain(platform: Platform) -> None:
    """Work until nothing waits, on a clock that runs ahead: leases of the dead run out and pauses pass at once."""
    step = timedelta(seconds=limits.DELIVERY_BACKOFF_S_MAX)
    ahead = step
    clock = TenantClock(lambda: machine_time() + ahead)
    dispatcher = Dispatcher(replace(platform.environment, clock=clock), USE_CASES)
    for _ in range(DRAIN_ROUNDS_MAX):
        if not work_round(dispatcher, "drain", batch=200).leased:
            ahead += step
        if not platform.environment.store.read(TENANT, _is_underway):
            return


def _is_underway(uow: UnitOfWork) -> bool:
    return any(uow.deliveries(status=status, limit=1) for status in ("pending", "leased"))


def judge(platform: Platform, known: Known, receiver: Receiver) -> list[str]:
    """Every violation: lost, done twice, unbalanced, unverified."""
    store = platform.environment.store
    cases: dict[str, list[CaseRow]] = {}
    for row in all_cases(store):
        cases.setdefault(row.number, []).append(row)
    posted = {row.case_id for rows in cases.values() for row in rows if row.status == "posted"}
    return [
        *known.refused,
        *_submissions(known, cases),
        *_signatures(platform, known),
        *_journals(store, posted),
        *_deliveries(receiver, posted),
        *_log(platform),
    ]


def all_cases(store: Store) -> Iterator[CaseRow]:
    """Every case of the company."""
    after = ""
    while page := store.read(TENANT, lambda uow, after=after: uow.cases(after=after, limit=200)):  # type: ignore[misc]
        yield from page
        after = page[-1].case_id


def _submissions(known: Known, cases: dict[str, list[CaseRow]]) -> Iterator[str]:
    for number, rows in cases.items():
        if len(rows) != 1:
            yield f"{number} is {len(rows)} cases"
        if number not in known.intended:
            yield f"{number} was never sent"
    for number, case_id in known.submitted.items():
        if case_id not in {row.case_id for row in cases.get(number, [])}:
            yield f"{number} was acknowledged as {case_id} and is lost"


def _signatures(platform: Platform, known: Known) -> Iterator[str]:
    for case_id in set(known.signed.values()):
        case: Any = platform.dispatcher.execute(TENANT, Request(SYSTEM, GetCase(case_id)))
        if [given["person"] for given in case["signatures"]] != [OWNER]:
            yield f"{case_id}: signatures {case['signatures']}"


def _journals(store: Store, posted: set[str]) -> Iterator[str]:
    journals = Counter(row.case_id for row, _ in store.read(TENANT, lambda uow: uow.journals()))
    for case_id in posted - journals.keys():
        yield f"{case_id} is posted and has no journal"
    for case_id, count in journals.items():
        if count > 1:
            yield f"{case_id} has {count} journals"
    for currency, difference in store.read(TENANT, lambda uow: uow.ledger_differences()):
        if difference:
            yield f"{currency} is out by {difference}"


def _deliveries(receiver: Receiver, posted: set[str]) -> Iterator[str]:
    for key, seen in receiver.accepted.items():
        if len(seen) != 1:
            yield f"{key} came with {len(seen)} payloads"
    delivered = Counter(receiver.cases.values())
    for case_id, count in delivered.items():
        if count > 1:
            yield f"{case_id} was delivered under {count} keys"
        if case_id not in posted:
            yield f"{case_id} was delivered and is not posted"
    for case_id in posted - delivered.keys():
        yield f"{case_id} is posted and was never delivered"


def _log(platform: Platform) -> Iterator[str]:
    environment = platform.environment
    report = verify(environment.store, TENANT, environment.signer_of(TENANT))
    if not report.ok or report.unsequenced or not report.size:
        yield f"audit: {report.first_bad}, {report.unsequenced} unsequenced of {report.size}"

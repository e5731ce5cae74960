"""What a worker does: lease what is due, do it, and bring new audit entries into the log.

A worker may die or be stopped at any point. What it had leased is taken over when the lease runs out; what it had done
is done under the same key again, or is found done; and what it still wants to write when it wakes is refused, since
every command of a worker is bound to its lease (INVARIANT 12). Rounds are called by the worker process, and in the
embedded default by the web process itself.
"""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from comptroller.application.act import CarryOutAct
from comptroller.application.caller import SYSTEM
from comptroller.application.casework.watching import WATCH
from comptroller.application.delivery import (
    CallUp,
    FinishMessage,
    FireTimer,
    LookAtTask,
    RecordDelivery,
    RecordFailure,
    SpreadThrown,
    TellCase,
)
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.jobs.working import do_job
from comptroller.application.lanes import DELIVERY, JOB, wanted_lanes
from comptroller.application.notices.composing import ComposeNotice, Unwanted
from comptroller.application.notices.requesting import DIGEST, NOTICE, REMINDER
from comptroller.application.notices.sending import RecordNotice, RemindOfTask, SendDigests
from comptroller.application.outbox import SEQUENCE, begin, hold, sequencer_row, was_lost
from comptroller.application.people.looking_after import HOLDER, PERSON, LookAfterPerson, LookAfterTask
from comptroller.application.ports.notices import Mail, PushMessage
from comptroller.application.ports.store import Conflict, LeaseLost, Unavailable, UnitOfWork
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.ports.work import Leased
from comptroller.application.records import OutboxRow, revised
from comptroller.application.search.indexing import INDEX, IndexCase
from comptroller.application.sequencing import sequence
from comptroller.application.starting.beginning import BeginCase
from comptroller.application.starting.event import BEGIN
from comptroller.application.starting.schedule import TURN
from comptroller.application.starting.turns import TakeTurn
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId

LOG: Final = logging.getLogger(__name__)

BATCH: Final = 20
"""Rows that one round takes of all lanes together."""


@dataclass(frozen=True, slots=True)
class WorkReport:
    """What one round did."""

    leased: int
    sequenced: int


def work_round(dispatcher: Dispatcher, owner: str, *, batch: int = BATCH) -> WorkReport:
    """Do what is due once, for every tenant; answers how much there was. A defect leaves once all is tried."""
    leases, defects = lease(dispatcher, owner, batch=batch), []
    for tenant, row in leases:
        try:
            handle(dispatcher, tenant, row)
        except Exception as defect:  # noqa: BLE001 - the others are not its victims
            defects.append(defect)
    if defects:
        raise defects[0]
    return WorkReport(len(leases), sequence_all(dispatcher, owner))


def work_until_idle(dispatcher: Dispatcher, owner: str) -> int:
    """Do rounds until nothing is due; answers how many rows were handled."""
    total = 0
    while (report := work_round(dispatcher, owner)).leased:
        total += report.leased
    return total


def lease(dispatcher: Dispatcher, owner: str, *, batch: int = BATCH) -> Sequence[Leased]:
    """Take what is due of every lane, as far as the worker knows what to do with it."""
    environment = dispatcher.environment
    now = environment.clock.machine_now()
    return environment.store.work.lease(
        owner=owner,
        now=now,
        lease_until=now + timedelta(seconds=environment.pace.lease_s),
        wanted=wanted_lanes(environment.connectors, environment.terms, batch=batch),
        kinds=HANDLERS.keys(),
    )


def handle(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    """Do what a leased row says. A defect is recorded on the row, which is tried again, and leaves as it is.

    A row that an earlier worker has lost is counted as tried before it is begun, so that what kills its workers is
    given up, and what only waited in their hands is not.
    """
    environment = dispatcher.environment
    if _has_run_out(dispatcher, row):
        return
    try:
        if row.attempts >= limits.WORK_ATTEMPTS_MAX:
            why = "each worker that tried it died, or was stopped, before it was done"
            dispatcher.execute(tenant, Request(SYSTEM, RecordFailure(row, why), lease=row))
        else:
            if was_lost(row):
                environment.store.run(tenant, lambda uow: begin(uow, row, environment))
            HANDLERS[row.kind](dispatcher, tenant, row)
    except Exception as raised:  # noqa: BLE001 - it leaves again where it is a defect
        defect = _recorded(dispatcher, tenant, row, raised)
        if defect is not None:
            raise defect from None


def can_be_sent_with_others(row: OutboxRow) -> bool:
    """Whether a delivery is tried for the first time: one that has failed, or killed its worker, goes alone."""
    return row.kind == DELIVERY and not row.attempts and not was_lost(row)


def deliver_together(dispatcher: Dispatcher, tenant: TenantId, rows: Iterable[OutboxRow]) -> None:
    """Deliver one row after the other, and record what became of them in one transaction, each under its own lease.

    A worker that dies in between has them sent again under the same keys, as after a single one. A defect of one is
    recorded on its row, and leaves once the others are done.
    """
    sent: list[RecordDelivery] = []
    raised: list[tuple[OutboxRow, Exception]] = []
    for row in rows:
        if _has_run_out(dispatcher, row):
            continue
        try:
            sent.append(_sent(dispatcher, row))
        except Exception as one:  # noqa: BLE001 - the others are not its victims
            raised.append((row, one))
            break
        if not sent[-1].delivered.accepted:
            break  # the others would be sent in vain
    answers = dispatcher.try_many(tenant, [Request(SYSTEM, each, lease=each.row) for each in sent]) if sent else ()
    raised += [(each.row, got) for each, got in zip(sent, answers, strict=True) if isinstance(got, Exception)]
    defects = [defect for row, each in raised if (defect := _recorded(dispatcher, tenant, row, each))]
    if defects:
        raise defects[0]


def _has_run_out(dispatcher: Dispatcher, row: OutboxRow) -> bool:
    """Whether a row waited here for too long: whoever takes it over does it."""
    return row.lease_until is not None and row.lease_until <= dispatcher.environment.clock.machine_now()


def _recorded(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow, raised: Exception) -> Exception | None:
    """Record on a row the defect that kept it from being done; answers what is to be told of it."""
    match raised:
        case Conflict() | LeaseLost():
            return None  # another worker has taken the row over; what it does under the same key is the effect
        case Unavailable():
            return raised  # without a database nothing can be recorded; the lease runs out
    why = f"a defect of ours ({type(raised).__name__}); the log of the worker says where"
    try:
        dispatcher.execute(tenant, Request(SYSTEM, RecordFailure(row, why), lease=row))
    except (Conflict, LeaseLost):
        LOG.warning("what became of `%s` could not be recorded: somebody else holds it", row.outbox_id)
    return raised


def sequence_all(dispatcher: Dispatcher, owner: str) -> int:
    """Give every entry that has none a place in its tenant's log, and sign the new checkpoints."""
    return sum(_sequence(dispatcher, owner, tenant) for tenant in dispatcher.environment.store.work.waking())


def _sequence(dispatcher: Dispatcher, owner: str, tenant: TenantId) -> int:
    """Sequence one tenant's log where nobody else does; the row that is leased for it wakes by the entries."""
    environment = dispatcher.environment
    store, now = environment.store, environment.clock.machine_now()
    until = now + timedelta(seconds=environment.pace.lease_s)
    row = store.work.lease_row(tenant, SEQUENCE, owner=owner, now=now, lease_until=until)
    if row is None and store.run(tenant, lambda uow: _made(uow, sequencer_row(now))):
        row = store.work.lease_row(tenant, SEQUENCE, owner=owner, now=now, lease_until=until)
    if row is None:
        return 0
    leased, idle = row, revised(row, status="idle", attempts=0, error="", lease_owner="", lease_until=None)
    try:
        return sequence(
            store,
            tenant,
            environment.signer_of(tenant),
            store.read(tenant, environment.clock.now),
            begin=lambda uow: hold(uow, leased, environment),
            end=lambda uow: uow.update(idle),
        ).entries
    except LeaseLost:
        return 0
    except Unavailable:
        raise
    except Exception as defect:
        why = f"the log is not continued ({type(defect).__name__}); the log of the worker says why"
        dispatcher.execute(tenant, Request(SYSTEM, RecordFailure(leased, why), lease=leased))
        raise


def _made(uow: UnitOfWork, row: OutboxRow) -> bool:
    if uow.outbox(row.outbox_id) is not None:
        return False
    uow.insert(row)
    return True


def _use_case(command: Callable[[OutboxRow], object]) -> Callable[[Dispatcher, TenantId, OutboxRow], None]:
    """Handle a row by one use case of the system's."""

    def handled(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
        dispatcher.execute(tenant, Request(SYSTEM, command(row), lease=row))

    return handled


def _carry_out(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    """A person's act whose time has come: done as that person, or refused and then over."""
    payload: Any = decode(row.payload)
    answer = dispatcher.execute(tenant, Request(payload["person"], CarryOutAct(row), lease=row))
    if isinstance(answer, Rejection):
        dispatcher.execute(tenant, Request(SYSTEM, FinishMessage(row), lease=row))


def _call_up_all(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    payload: Any = decode(row.payload)
    waits = dispatcher.environment.store.read(
        tenant, lambda uow: uow.waiting_for(payload["message"], payload["subject"])
    )
    for case_id in dict.fromkeys(wait.case_id for wait in waits):
        dispatcher.execute(tenant, Request(SYSTEM, CallUp(case_id), lease=row))
    dispatcher.execute(tenant, Request(SYSTEM, FinishMessage(row), lease=row))


def _deliver(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    dispatcher.execute(tenant, Request(SYSTEM, _sent(dispatcher, row), lease=row))


def _sent(dispatcher: Dispatcher, row: OutboxRow) -> RecordDelivery:
    """Hand a row to its system; answers the command that records what became of it."""
    delivered = _delivered(dispatcher, row)
    if delivered.pause_s:  # whatever else waits for this system would be sent in vain
        now = dispatcher.environment.clock.machine_now()
        until, queue = now + timedelta(seconds=delivered.pause_s), dispatcher.environment.store.work
        queue.close_lane(row.lane, until=until, why=f"{row.target} takes nothing: {delivered.detail[:200]}")
    return RecordDelivery(row, delivered)


def _delivered(dispatcher: Dispatcher, row: OutboxRow) -> Delivered:
    connector = dispatcher.environment.connectors.get(row.target)
    if connector is None:
        return Delivered(accepted=False, retry=True, status=0, detail=f"no connector `{row.target}` is configured")
    return connector.deliver(row.payload.encode(), idempotency_key=row.idempotency_key)


def _notify(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    result = _notified(dispatcher, tenant, row)
    dispatcher.execute(tenant, Request(SYSTEM, RecordNotice(row, result), lease=row))


def _notified(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> Delivered | Unwanted:
    """Put a notice into words and hand it over; what it says is what is true now."""
    channels = dispatcher.environment.notices
    message = dispatcher.execute(tenant, Request(SYSTEM, ComposeNotice(row)))
    match message:
        case Mail() if channels.mail is not None:
            return channels.mail.send(message)
        case PushMessage() if channels.push is not None:
            return channels.push.send(message)
        case Unwanted():
            return message
        case Rejection():
            return Delivered(accepted=False, retry=True, status=0, detail=message.message)
    return Delivered(accepted=False, retry=True, status=0, detail=f"no channel `{row.target}` is configured")


HANDLERS: Final[Mapping[str, Callable[[Dispatcher, TenantId, OutboxRow], None]]] = {
    "act": _carry_out,
    "timer": _use_case(FireTimer),
    "message": _call_up_all,
    "thrown": _use_case(SpreadThrown),
    "signal": _use_case(SpreadThrown),
    "told": _use_case(TellCase),
    TURN: _use_case(TakeTurn),
    BEGIN: _use_case(BeginCase),
    WATCH: _use_case(LookAtTask),
    PERSON: _use_case(LookAfterPerson),
    HOLDER: _use_case(LookAfterTask),
    DELIVERY: _deliver,
    NOTICE: _notify,
    REMINDER: _use_case(RemindOfTask),
    DIGEST: _use_case(SendDigests),
    INDEX: _use_case(IndexCase),
    JOB: do_job,
}
"""Every kind of row that this release does; what it does not name is left to a newer worker."""

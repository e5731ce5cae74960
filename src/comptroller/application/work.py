"""One round of a worker: lease what is due, do it, and bring new audit entries into the log.

A worker may die at any point. What it had leased is taken over when the lease runs out; what it had done is done
under the same key again, or is found done. Rounds are called by the worker process, and in the embedded default by
the web process itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from comptroller.application.act import CarryOutAct
from comptroller.application.delivery import CallUp, FinishMessage, FireTimer, LookAtTask, RecordDelivery
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.notices.composing import ComposeNotice, Unwanted
from comptroller.application.notices.sending import RecordNotice, RemindOfTask, SendDigests
from comptroller.application.ports.notices import Mail, PushMessage
from comptroller.application.ports.store import Conflict
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.records import OutboxRow
from comptroller.application.search.indexing import IndexCase
from comptroller.application.sequencing import sequence
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId

SYSTEM = "system"
"""The principal under which the platform's own workers act."""


@dataclass(frozen=True, slots=True)
class WorkReport:
    """What one round did."""

    leased: int
    sequenced: int


def work_round(dispatcher: Dispatcher, owner: str, *, batch: int = 20) -> WorkReport:
    """Do what is due once, for every tenant; answers how much there was."""
    environment = dispatcher.environment
    now = environment.clock.machine_now()
    leases = environment.store.lease(
        owner=owner, now=now, lease_until=now + timedelta(seconds=limits.LEASE_S), limit=batch
    )
    for tenant, row in leases:
        _handle(dispatcher, tenant, row)
    return WorkReport(len(leases), sequence_all(dispatcher))


def sequence_all(dispatcher: Dispatcher) -> int:
    """Give every entry of every tenant that has none a place in the log, and sign the new checkpoints."""
    environment = dispatcher.environment
    total = 0
    for tenant in environment.store.tenants():
        now = environment.store.read(tenant, environment.clock.now)
        total += sequence(environment.store, tenant, environment.signer_of(tenant), now).entries
    return total


def work_until_idle(dispatcher: Dispatcher, owner: str) -> int:
    """Do rounds until nothing is due; answers how many rows were handled."""
    total = 0
    while (report := work_round(dispatcher, owner)).leased:
        total += report.leased
    return total


def _handle(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    try:
        match row.kind:
            case "timer":
                dispatcher.execute(tenant, Request(SYSTEM, FireTimer(row)))
            case "act":
                _carry_out(dispatcher, tenant, row)
            case "watch":
                dispatcher.execute(tenant, Request(SYSTEM, LookAtTask(row)))
            case "message":
                _call_up_all(dispatcher, tenant, row)
            case "delivery":
                delivered = _deliver(dispatcher, row)
                dispatcher.execute(tenant, Request(SYSTEM, RecordDelivery(row, delivered)))
            case "notice":
                dispatcher.execute(tenant, Request(SYSTEM, RecordNotice(row, _send(dispatcher, tenant, row))))
            case "index":
                dispatcher.execute(tenant, Request(SYSTEM, IndexCase(row)))
            case "reminder":
                dispatcher.execute(tenant, Request(SYSTEM, RemindOfTask(row)))
            case "digest":
                dispatcher.execute(tenant, Request(SYSTEM, SendDigests(row)))
            case _:
                raise LookupError(f"an outbox row of the unknown kind `{row.kind}`")
    except Conflict:
        return  # another worker has taken the row over; what it does under the same key is the effect


def _carry_out(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    """A person's act whose time has come: done as that person, or refused and then over."""
    payload: Any = decode(row.payload)
    answer = dispatcher.execute(tenant, Request(payload["person"], CarryOutAct(row)))
    if isinstance(answer, Rejection):
        dispatcher.execute(tenant, Request(SYSTEM, FinishMessage(row)))


def _call_up_all(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    payload: Any = decode(row.payload)
    waits = dispatcher.environment.store.read(
        tenant, lambda uow: uow.waiting_for(payload["message"], payload["subject"])
    )
    for case_id in dict.fromkeys(wait.case_id for wait in waits):
        dispatcher.execute(tenant, Request(SYSTEM, CallUp(case_id)))
    dispatcher.execute(tenant, Request(SYSTEM, FinishMessage(row)))


def _deliver(dispatcher: Dispatcher, row: OutboxRow) -> Delivered:
    connector = dispatcher.environment.connectors.get(row.target)
    if connector is None:
        return Delivered(accepted=False, retry=True, status=0, detail=f"no connector `{row.target}` is configured")
    return connector.deliver(row.payload.encode(), idempotency_key=row.idempotency_key)


def _send(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> Delivered | Unwanted:
    """Put a notice into words and hand it over; what it says is what is true now."""
    channels = dispatcher.environment.notices
    if row.lease_until is not None and dispatcher.environment.clock.machine_now() >= row.lease_until:
        raise Conflict(f"the lease of `{row.outbox_id}` ran out while others were sent")  # somebody else sends it
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

"""The rows that the use cases read and write: one record a table, the same on SQLite and on PostgreSQL.

The tenant is no field here: a unit of work belongs to one tenant and puts it in front of every key. Amounts are
`Decimal`, instants carry a zone, JSON columns are already encoded (canonical bytes as text).

Hundreds are made with every command: a structure of msgspec is made in a sixteenth of the time that a frozen dataclass
of so many fields takes, and changed in a fortieth. `revised` gives a row with some fields changed; to the type checker
it is what dataclasses have, so that names and types of the fields are looked at.
"""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from dataclasses import replace as revised
else:
    from msgspec.structs import replace as revised

__all__ = ["revised"]  # handed on; the rows are defined here


class DocumentRow(Struct, frozen=True):
    """A document as received: the original bytes, named by their SHA-256, beside what was read from them."""

    digest: str  # key
    case_id: str
    media_type: str
    profile: str
    original: bytes
    canonical: str  # JSON
    faults: str  # JSON list
    received_at: datetime
    received_by: str


class CaseRow(Struct, frozen=True):
    """One document's way through one process. `state` is the token machine's state with the case's facts."""

    case_id: str  # key
    process: str
    process_hash: str  # the process version that the case keeps
    policy_hash: str  # the pack version that it started with
    kind: str
    status: str  # waiting, posted, rejected, returned, cancelled, done
    outcome: str
    entity: str
    supplier: str
    supplier_name: str
    number: str
    document: str  # digest of the document now in force
    currency: str
    net: Decimal | None
    gross: Decimal | None
    exceptions: str  # the open exception types, comma-separated
    received_at: datetime
    updated_at: datetime
    version: int  # rises by one with every change; a writer names the version it read
    entry_seq: int  # of the case's newest audit entry
    entry_hash: str
    state: str  # JSON
    standing: str = "[]"  # JSON: of each token its name, its node, when it arrived (Unix time; null unknown), incident


class TaskRow(Struct, frozen=True):
    """One thing asked of a person or role on a case."""

    task_id: str  # key
    case_id: str
    kind: str  # approval, exception, release
    node: str
    token: str
    title: str
    role: str
    person: str  # empty: anyone of the role
    content_hash: str
    offered_at: datetime
    due: datetime
    status: str  # open, done, void
    opened_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    action: str
    detail: str  # JSON: why, step, exception, allowed actions


class CandidateRow(Struct, frozen=True):
    """What the duplicate and split searches know of a case; found by the keys of `CandidateKeyRow`."""

    number_normalised: str  # key, with case_id
    case_id: str  # key
    number: str
    supplier: str
    vat_id: str
    account: str
    entity: str
    currency: str
    net: Decimal | None
    gross: Decimal | None
    issue_date: str
    type_code: str
    cost_centre: str = ""
    requester: str = ""
    order_number: str = ""  # empty: bought without an order
    amount: Decimal | None = None  # what authority is measured on, in group currency
    corporate_group: str = ""  # that its supplier belongs to
    period: str = ""  # that it bills, `2026-03-01/2026-03-31`; empty where it states none
    lines: str = ""  # JSON: of each line its name, its order line and its net


class CandidateKeyRow(Struct, frozen=True):
    """A name under which a case is found by the nearness of its day: a copy, a part, or who takes of a balance."""

    lookup: str  # key, e.g. `vat/DE999940106/number/NK20260311`; one that holds a bank account is kept as a name
    day: str  # key: its issue date, or the day it was received; where it takes of a balance, that day
    case_id: str  # key
    number_normalised: str


class WaitRow(Struct, frozen=True):
    """A case that waits for a message, found by what the message is about."""

    message: str  # key
    correlation: str  # key
    case_id: str  # key
    token: str


class BalanceRow(Struct, frozen=True):
    """How much of something limited is taken: a received quantity, a ceiling; counted in millionths, exactly."""

    balance: str  # key, e.g. `order-line/PO-4711/1`
    taken_micro: int


class JournalRow(Struct, frozen=True):
    """A posted journal; its lines balance in the document's and in the entity's currency."""

    journal_id: str  # key
    case_id: str
    effect_key: str  # unique in the tenant: one posting an effect
    entity: str
    period: str  # YYYY-MM
    posted_at: datetime
    currency: str
    rate: Decimal
    text: str
    payment_block: str
    kind: str = "invoice"  # invoice, receipt, accrual, reversal, payment, return, opening, manual
    posted_on: str = ""  # the day it is dated, YYYY-MM-DD; it lies in the period
    local_currency: str = ""  # of the entity's ledger
    supplier: str = ""
    document: str = ""  # the number of the document or record that it books
    order_number: str = ""  # the order whose receipts it books or clears
    source: str = ""  # where it was written: empty for here, else the file or system it was brought in from


class JournalLineRow(Struct, frozen=True):
    """One line of a journal: debit positive, credit negative."""

    journal_id: str  # key
    line: int  # key
    account: str
    cost_centre: str
    amount: Decimal  # document currency
    local_amount: Decimal  # entity's currency
    text: str


class OpenItemRow(Struct, frozen=True):
    """What is owed to a supplier by one journal, or by the supplier where the amount is negative, until it is paid."""

    item_id: str  # key: the journal that opened it
    case_id: str  # empty where it was posted without one
    entity: str
    supplier: str
    supplier_name: str
    number: str
    currency: str
    amount: Decimal  # positive is owed by us
    local_currency: str
    local_amount: Decimal
    posted_on: str  # days, YYYY-MM-DD
    issued_on: str  # empty where not known
    due_on: str
    discount_on: str  # until when a discount is offered; empty for none
    discount: Decimal  # of the amount, in its currency
    payment_block: str  # the reason; empty for none
    status: str  # open, proposed, released, paid
    run: str  # the payment proposal that holds it; empty for none
    cleared_on: str  # the day it was paid; empty until then
    version: int  # rises by one with every change; a writer names the version it read


class AccountBalance(Struct, frozen=True):
    """What is booked on one account in one period and currency, debit positive. No table."""

    period: str
    account: str
    currency: str
    local_currency: str
    lines: int
    amount: Decimal
    local_amount: Decimal


class OutboxRow(Struct, frozen=True):
    """Something due outside the transaction: delivery, notice, timer. Leased, fenced, retried, never dropped."""

    outbox_id: str  # key
    case_id: str
    lane: str  # where it waits: `application/lanes.py`
    kind: str  # what `work.HANDLERS` handles it by: delivery, timer, message, thrown, notice, act, ...
    target: str  # connector's key; for a timer the node; for a notice the channel; for an act the task
    idempotency_key: str
    payload: str  # JSON
    status: str  # pending, leased, done, dead, cancelled
    not_before: datetime
    attempts: int
    lease_owner: str
    lease_until: datetime | None
    fence: int  # rises with every lease; a writer with an older one has lost the row
    error: str


class EntryRow(Struct, frozen=True):
    """An audit entry: canonical bytes in one stream; the sequencer gives it its place in the log."""

    stream: str  # key: `case/<id>`, `reference/<kind>/<key>`, `principal/<id>`, `intake`
    seq: int  # key
    type: str
    at: datetime
    body: bytes  # RFC 8785, at most 65,535 bytes
    leaf_hash: bytes


class DecisionRow(Struct, frozen=True):
    """A decision as taken: outcome, explanation and every input, enough to evaluate it again to the same bytes."""

    case_id: str  # key
    seq: int  # key: of its audit entry
    decision: str
    model_hash: str
    outcome: str  # JSON
    record: str  # JSON: inputs, explanation, faults, engine semantics version


class SearchWordRow(Struct, frozen=True):
    """A word, or the beginning of one, by which a case is found; the store keeps its keyed name, never the word."""

    word: str  # key
    case_id: str  # key
    weight: int  # of the best place where it stands


class PrivateTextRow(Struct, frozen=True):
    """Free text that may be erased; the audit entry holds only its salted commitment."""

    commitment: str  # key
    salt: str
    text: str


class CommandRow(Struct, frozen=True):
    """The recorded answer to a client's idempotency key."""

    principal: str  # key
    idempotency_key: str  # key
    request_hash: str
    answer: str  # JSON
    answered_at: datetime


class ReferenceRow(Struct, frozen=True):
    """One version of a reference record (supplier, order, receipt, person, role, ...); the newest is in force."""

    kind: str  # key
    key: str  # key
    version: int  # key
    body: str  # JSON
    digest: str
    recorded_at: datetime
    recorded_by: str
    aliases: tuple[str, ...] = ()  # what the record is found by besides its key, e.g. `vat/DE999940106`


class PolicyRow(Struct, frozen=True):
    """A version of a pack, whole and immutable, by content hash; that it is stored puts nothing in force."""

    policy_hash: str  # key
    pack: str
    files: str  # JSON: path -> text
    stored_at: datetime
    stored_by: str


class IntakeRow(Struct, frozen=True):
    """What came in by mail, folder or file, whole; its documents are in cases of their own."""

    intake_id: str  # key
    channel: str  # mail, folder, file
    sender: str
    verified: str  # yes, no; empty: nothing could prove it
    name: str
    media_type: str
    digest: str
    original: bytes
    entity: str
    mapping: str
    received_at: datetime
    received_by: str
    status: str  # open, done, failed
    detail: str  # JSON: what became of each part


class ApiKeyRow(Struct, frozen=True):
    """An API key, stored as its SHA-256."""

    key_hash: str  # key
    principal: str
    created_at: datetime
    revoked_at: datetime | None


class TreeNodeRow(Struct, frozen=True):
    """A hash of the audit log's Merkle tree: level 0 holds leaves, a node is stored once it is complete."""

    level: int  # key
    index: int  # key
    hash: bytes


class CheckpointRow(Struct, frozen=True):
    """A signed checkpoint."""

    size: int  # key
    root: bytes
    note: str
    signed_at: datetime


class MilestoneRow(Struct, frozen=True):
    """An instant of a case that figures are made of; kept from the first day, because none can be made up later.

    It belongs to the audit entry that tells it. `party` is, on the kind `waiting`, whom the case waits for from here
    to the next of that kind: ap, buyer, receiver, approver, tax, supplier or system; empty once it waits for nobody.
    """

    case_id: str  # key
    seq: int  # key: of the audit entry
    kind: str  # key: see `domain.workflow` of cases in docs; `received`, `task offered`, `posted`, `due`, ...
    at: datetime  # when it happened; of `due` and `discount date` the day itself
    entity: str
    party: str
    person: str
    task: str
    control: str
    detail: str  # what the kind adds: an exception's type, a step, an answer, the controls' outcomes as JSON


class PaymentBlockRow(Struct, frozen=True):
    """A block on the payment of one posted case, or of every open item of a supplier."""

    block_id: str  # key
    supplier: str
    case_id: str  # empty: every open item of the supplier
    cause: str  # as policy names it: decides who may lift it
    reason: str  # commitment of the words
    placed_at: datetime
    placed_by: str
    status: str  # placed, lift asked, lifted
    asked_at: datetime | None  # when lifting it was asked for, where that takes two people
    asked_by: str
    lifted_at: datetime | None
    lifted_by: str


class AttachmentRow(Struct, frozen=True):
    """Something put beside a case by a person: a photograph of a delivery note, a mail."""

    case_id: str  # key
    digest: str  # key: SHA-256 of the content
    name: str
    media_type: str
    content: bytes
    added_at: datetime
    added_by: str


class CaseCount(Struct, frozen=True):
    """How many cases there are of one sort, and their sums as received; a credit note counts negative. No table."""

    kind: str
    status: str
    outcome: str
    entity: str
    currency: str
    cases: int
    net: Decimal
    gross: Decimal


class OpenCount(Struct, frozen=True):
    """How many open cases run by a version of a process in an entity, and how many are stuck. No table."""

    process: str
    process_hash: str
    policy_hash: str
    entity: str
    cases: int
    stuck: int


class NodeCount(Struct, frozen=True):
    """The tokens of open cases on a node, and since when: Unix times, None where nobody knows. No table."""

    node: str
    tokens: int
    stuck: int
    known: int  # of how many it is known when they arrived
    median: int | None  # when the one arrived that has stood there for the median time
    ninth: int | None  # than which nine of ten arrived later, or with it


class StuckCase(Struct, frozen=True):
    """A case under the cause that it is stuck by, with what all cases of the cause come to. No table."""

    process: str
    process_hash: str
    node: str  # empty: an operator has stopped it
    code: str  # of the incident; empty as the node
    case_id: str
    cases: int
    arrived: int | None  # when the first of them came to the node, Unix time
    changed: datetime  # when one of them changed, the longest ago

"""The store: opens units of work, each for one tenant, and commits them whole or not at all.

A use case is a function of a unit of work. It may be run again from the start when another transaction was faster, so
it must not act on anything but its unit of work. Writes are buffered and flushed in few statements at the end; what
the same unit wrote, it reads back.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol, TypeVar

from comptroller.application import records
from comptroller.application.ports.work import WorkQueue
from comptroller.domain.kernel.ids import TenantId

T = TypeVar("T")


class UnitOfWork(Protocol):
    """One transaction of one tenant. It cannot express a query for another."""

    @property
    def tenant(self) -> TenantId:
        """Whose rows this unit of work sees."""
        ...

    def serialize(self, keys: Iterable[str]) -> None:
        """Hold every other unit of work of this tenant that names one of these keys until this one ends."""
        ...

    def prefetch(
        self,
        *,
        aliases: Iterable[str] = (),
        documents: Iterable[str] = (),
        balances: Iterable[str] = (),
        commands: Iterable[tuple[str, str]] = (),
        cases: Iterable[str] = (),
        outbox: Iterable[str] = (),
        taken_up: Sequence[str] = (),
    ) -> None:
        """Read what will be needed in one round trip; of cases that are taken up their waits, tasks and outbox rows.

        What was read is answered from memory until `serialize` takes a key that was not held; so in `run_many` the
        first use case may take every key and read for all of them.
        """
        ...

    def insert(self, *rows: object) -> None:
        """Buffer new rows (any record of `records`); an existing key makes the unit of work run again."""
        ...

    def update(self, *rows: object) -> None:
        """Buffer changed rows, whole, by key; a case must name the version read plus one."""
        ...

    def delete(self, *rows: object) -> None:
        """Buffer the removal of rows by key: waits only; everything else is kept."""
        ...

    # reference data
    def references(self, aliases: Iterable[str]) -> Mapping[str, Sequence[records.ReferenceRow]]:
        """The records in force under each alias; `<kind>/<key>` always is one. Missing aliases map to an empty list."""
        ...

    def reference_versions(self, kind: str, key: str) -> Sequence[records.ReferenceRow]:
        """Every version of one record, oldest first."""
        ...

    def reference_list(self, kind: str) -> Sequence[records.ReferenceRow]:
        """All records of a kind in force, by key."""
        ...

    # cases
    def begin_case(self, case_id: str) -> None:
        """Say that a case is new: nothing that is stored is of it, so nothing is looked for."""
        ...

    def case(self, case_id: str) -> records.CaseRow | None: ...
    def cases(
        self,
        *,
        kind: str = "",
        outcome: str = "",
        status: str = "",
        entities: Collection[str] | None = None,
        policy_hash: str = "",
        after: str = "",
        limit: int = 50,
        oldest: bool = False,
    ) -> Sequence[records.CaseRow]:
        """Newest or oldest first, from behind the case `after`; by the index of the first of kind, outcome, status.

        Of some entities only they are looked at, but for a kind; None: of all, and of none that is known.
        """
        ...

    def case_counts(self) -> Sequence[records.CaseCount]:
        """Cases by kind, status, outcome, entity and currency."""
        ...

    def marked_counts(self, kind: str) -> Sequence[records.CaseCount]:
        """Stored milestones of a kind, by kind, status, outcome, entity and currency of their cases."""
        ...

    def open_counts(self, *, node: str = "") -> Sequence[records.OpenCount]:
        """Stored cases that wait or are stuck or stopped, by version and entity; those with a token on a node."""
        ...

    def node_counts(self, process: str, version: str, entities: Iterable[str]) -> Sequence[records.NodeCount]:
        """The tokens of stored open cases of a process version (its hash) in some entities, `*` for all, by node."""
        ...

    def stuck_cases(self, *, limit: int) -> Sequence[records.StuckCase]:
        """The newest stored cases of each cause that keeps cases from going on, at most so many a cause."""
        ...

    def ledger_differences(self) -> Sequence[tuple[str, Decimal]]:
        """Debits less credits of every currency posted in: all zero, or the ledger is broken."""
        ...

    def document(self, digest: str) -> records.DocumentRow | None: ...
    def case_documents(self, case_id: str) -> Sequence[records.DocumentRow]: ...
    def candidate_keys(self, lookups: Iterable[str], day: str, limit: int) -> Sequence[records.CandidateKeyRow]:
        """The nearest cases under each name: at most `limit` up to the day, newest first, then `limit` after it."""
        ...

    def candidates(self, case_ids: Iterable[str]) -> Sequence[tuple[records.CandidateRow, records.CaseRow]]:
        """What the searches know of these cases, with each case as it stands now; by case and number."""
        ...

    def balances(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Millionths taken under each key; 0 where nothing was taken."""
        ...

    def waiting_for(self, message: str, correlation: str) -> Sequence[records.WaitRow]: ...
    def case_waits(self, case_id: str) -> Sequence[records.WaitRow]: ...
    def task(self, task_id: str) -> records.TaskRow | None: ...
    def case_tasks(self, case_id: str) -> Sequence[records.TaskRow]: ...
    def open_tasks(
        self, *, person: str = "", roles: Sequence[str] = (), after: str = "", limit: int = 50
    ) -> Sequence[records.TaskRow]:
        """Open tasks of this person or, where no person is named, of these roles; all open ones without a filter."""
        ...

    def journals(self, case_id: str = "") -> Sequence[tuple[records.JournalRow, Sequence[records.JournalLineRow]]]:
        """The journals of one case, or of all cases; what no case posted is in `ledger` alone."""
        ...

    def journal(self, journal_id: str) -> tuple[records.JournalRow, Sequence[records.JournalLineRow]] | None: ...
    def ledger(
        self, entity: str, *, period: str = "", account: str = "", after: str = "", limit: int = 200
    ) -> Sequence[tuple[records.JournalRow, Sequence[records.JournalLineRow]]]:
        """An entity's journals, whoever posted them, by day, from behind the journal `after`; those on an account."""
        ...

    def account_balances(self, entity: str, period: str) -> Sequence[records.AccountBalance]:
        """What is stored as booked on each account of an entity up to a period, period by period."""
        ...

    def open_item(self, item_id: str) -> records.OpenItemRow | None: ...
    def open_items(
        self, *, entity: str = "", supplier: str = "", case_id: str = "", posted_in: str = ""
    ) -> Sequence[records.OpenItemRow]:
        """What is not paid yet of an entity, and of one supplier where one is named; or all items of one case.

        `posted_in` (YYYY-MM) asks for every item of the entity that was posted in that month, the paid ones too.
        """
        ...

    def items_owed(self, entity: str, first: str, last: str) -> Sequence[records.OpenItemRow]:
        """An entity's items that were owed on one of the days `first` to `last` (YYYY-MM-DD), paid since or not."""
        ...

    def decisions(self, case_id: str) -> Sequence[records.DecisionRow]: ...
    def index_case(self, case_id: str, words: Mapping[str, int]) -> None:
        """Have a case found by these words, each with its weight, and by no others."""
        ...

    def found_by(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        """The newest cases found by a word, each with the word's weight there."""
        ...

    def found_among(self, word: str, case_ids: Iterable[str]) -> Mapping[str, int]:
        """Those of these cases that are found by a word, with its weight there."""
        ...

    def cases_of(self, case_ids: Iterable[str]) -> Sequence[records.CaseRow]:
        """Several cases at once, in the order asked for."""
        ...

    def private_texts(self, commitments: Iterable[str]) -> Mapping[str, str]: ...
    def milestones(self, case_id: str) -> Sequence[records.MilestoneRow]:
        """A case's milestones in the order they happened."""
        ...

    def milestones_of(self, case_ids: Iterable[str]) -> Mapping[str, Sequence[records.MilestoneRow]]:
        """The milestones of several cases at once, each case's in the order they happened."""
        ...

    def opened_by(self, person: str, case_ids: Iterable[str]) -> frozenset[str]:
        """The tasks of some stored cases that a person has opened."""
        ...

    def milestones_between(
        self, kind: str, since: datetime, until: datetime, limit: int = 100_000
    ) -> Sequence[records.MilestoneRow]:
        """The stored milestones of a kind, `since <= at < until`, oldest first."""
        ...

    def supplier_cases(self, supplier: str) -> Sequence[records.CaseRow]:
        """A supplier's cases, oldest first."""
        ...

    def newest_supplier_cases(self, supplier: str, *, limit: int) -> Sequence[records.CaseRow]:
        """A supplier's newest cases, newest first."""
        ...

    def payment_block(self, block_id: str) -> records.PaymentBlockRow | None: ...
    def payment_blocks(self, *, case_id: str = "", supplier: str = "") -> Sequence[records.PaymentBlockRow]:
        """The blocks of one case, or all of a supplier's, oldest first."""
        ...

    def attachments(self, case_id: str) -> Sequence[records.AttachmentRow]:
        """What was put beside a case, oldest first."""
        ...

    # audit
    def stream_head(self, stream: str) -> tuple[int, bytes]:
        """Sequence number and leaf hash of a stream's newest entry; (0, 32 zero bytes) for none."""
        ...

    def stream(self, stream: str) -> Sequence[records.EntryRow]: ...
    def unsequenced(self, limit: int) -> Sequence[tuple[int, records.EntryRow]]:
        """The oldest entries without a place in the log, each with its row id."""
        ...

    def unsequenced_count(self) -> int: ...
    def sequence(self, first_index: int, row_ids: Sequence[int]) -> None:
        """Give these entries consecutive places in the log."""
        ...

    def log_entries(self, start: int, end: int) -> Sequence[tuple[int, records.EntryRow]]:
        """Entries by place in the log, `start <= index < end`."""
        ...

    def tree_nodes(self, positions: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]: ...
    def checkpoint(self) -> records.CheckpointRow | None:
        """The newest."""
        ...

    # the rest
    def command(self, principal: str, idempotency_key: str) -> records.CommandRow | None: ...
    def api_key(self, key_hash: str) -> records.ApiKeyRow | None: ...
    def policy(self, policy_hash: str) -> records.PolicyRow | None: ...
    def policies(self, pack: str) -> Sequence[records.PolicyRow]:
        """Every stored version of a pack, the oldest first."""
        ...

    def intake(self, intake_id: str) -> records.IntakeRow | None: ...
    def intake_list(self, status: str) -> Sequence[records.IntakeRow]: ...
    def outbox(self, outbox_id: str) -> records.OutboxRow | None: ...
    def case_outbox(self, case_id: str) -> Sequence[records.OutboxRow]:
        """What is due for a case outside of its transactions, or was, by its time."""
        ...

    def deliveries(self, *, status: str = "", after: str = "", limit: int = 50) -> Sequence[records.OutboxRow]:
        """Deliveries and notices by the time they are due, in one status or any, from behind the row `after`.

        What is dead was given up and waits for an operator: rows of every kind.
        """
        ...

    def jobs(self, *, limit: int = 200) -> Sequence[records.OutboxRow]:
        """Long jobs, what was asked for last first."""
        ...

    def acts_under_way(self) -> Sequence[records.OutboxRow]:
        """People's acts that wait until they can no longer be taken back, by the task that they answer."""
        ...


class Store(Protocol):
    """A database with its tenants."""

    def now(self) -> datetime:
        """The database's instant, by which all processes go that share it; `Unavailable` where it was never heard."""
        ...

    def run(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a use case in one transaction and return its result once that is durable.

        A lost race (`Conflict`) runs it again, a bounded number of times. Any other exception rolls back and leaves.
        """
        ...

    def run_many(self, tenant: TenantId, works: Sequence[Callable[[UnitOfWork], T]]) -> Sequence[T | Exception]:
        """Run several use cases in one transaction; one that raises leaves nothing behind and answers its exception."""
        ...

    def read(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a query against one consistent state; nothing can be written."""
        ...

    def rehearse(self, tenant: TenantId, work: Callable[[UnitOfWork], T]) -> T:
        """Run a use case and roll it back: a dry run."""
        ...

    def create_tenant(self, tenant: TenantId, name: str) -> None:
        """Open a tenant; one that exists keeps its name. A unit of work for an unknown tenant is a `LookupError`."""
        ...

    def tenants(self) -> Sequence[TenantId]:
        """All tenants of this database."""
        ...

    @property
    def work(self) -> WorkQueue:
        """Who works on what is due outside of transactions."""
        ...

    def close(self) -> None: ...


class Conflict(Exception):
    """Another transaction changed what this one read; run again from the start."""


class Unavailable(Exception):
    """The database could not be had in time, or was lost on the way: a repeat under the same key finds out."""


class LeaseLost(Exception):
    """A leased row is somebody else's by now, or nobody's: who held it changes nothing any more."""


class ReadOnly(Exception):
    """A query tried to write."""


class SealBroken(Exception):
    """A stored value is not as it was sealed: changed, brought from another place, or sealed under another key."""

"""The unit of work of the port, over any session: what each method reads and what it may write."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from comptroller.adapters.database import queries
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.sealing import fitting
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records

NO_ENTRY: Final = bytes(32)

POLICIES_KEPT_MAX: Final = 64
"""Pack versions that a store keeps: a dozen tenants with a few versions each."""


class DatabaseUnitOfWork(BufferedTransaction):
    """One transaction of one tenant; see the port for what each method promises."""

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
        """Read what will be needed in one round trip."""
        by_principal: dict[str, list[str]] = {}
        for principal, key in commands:
            by_principal.setdefault(principal, []).append(key)
        self._look_up(
            (queries.REFERENCES, [*map(self._sealing.alias, aliases)], ""),
            (queries.DOCUMENT, documents, ""),
            (queries.BALANCES, balances, ""),
            (queries.CASE, cases, ""),
            (queries.OUTBOX, outbox, ""),
            *((queries.COMMAND, keys, principal) for principal, keys in by_principal.items()),
            *((lookup, taken_up, "") for lookup in queries.TAKEN_UP),
        )
        for case_id in taken_up:
            self._know_outbox([row for (row,) in self._known(queries.CASE_OUTBOX, case_id) or ()])

    # reference data
    def references(self, aliases: Iterable[str]) -> Mapping[str, Sequence[records.ReferenceRow]]:
        """Return the records in force under each alias."""
        wanted = {alias: self._sealing.alias(alias) for alias in aliases}
        self._look_up((queries.REFERENCES, wanted.values(), ""))
        read = self._read[queries.REFERENCES.query.name, ""]
        found = {alias: [row for _, row in read[kept]] for alias, kept in wanted.items()}
        for row in self.buffer.written(records.ReferenceRow):
            for alias, rows in found.items():
                newer = [
                    one for one in rows if one.kind == row.kind and one.key == row.key and one.version > row.version
                ]
                if not newer:
                    rows[:] = [one for one in rows if (one.kind, one.key) != (row.kind, row.key)]
                    if alias == f"{row.kind}/{row.key}" or wanted[alias] in row.aliases:
                        rows.append(row)
        return found

    def reference_versions(self, kind: str, key: str) -> Sequence[records.ReferenceRow]:
        """Return every version of one record."""
        return self._overlay(
            records.ReferenceRow,
            self._records(queries.REFERENCE_VERSIONS, kind=kind, key=key),
            lambda row: row.kind == kind and row.key == key,
            lambda row: row.version,
        )

    def reference_list(self, kind: str) -> Sequence[records.ReferenceRow]:
        """Return all records of a kind in force."""
        rows = {row.key: row for row in self._records(queries.REFERENCE_LIST, kind=kind)}
        for row in self.buffer.written(records.ReferenceRow):
            if row.kind == kind and (row.key not in rows or rows[row.key].version < row.version):
                rows[row.key] = row
        return sorted(rows.values(), key=lambda row: row.key)

    # cases
    def begin_case(self, case_id: str) -> None:
        """Say that a case is new."""
        self._new_cases.add(case_id)

    def case(self, case_id: str) -> records.CaseRow | None:
        """Return a case."""
        return self._one(queries.CASE, case_id, records.CaseRow)

    def cases(
        self,
        *,
        kind: str = "",
        outcome: str = "",
        status: str = "",
        entity: str = "",
        policy_hash: str = "",
        after: str = "",
        limit: int = 50,
        oldest: bool = False,
    ) -> Sequence[records.CaseRow]:
        """Return a page of cases, newest or oldest first."""
        asked = limit + self.buffer.count(records.CaseRow)  # what is changed here may leave the page
        wanted = {"kind": kind, "outcome": outcome, "status": status, "entity": entity, "policy_hash": policy_hash}
        by = next((name for name in ("kind", "outcome", "status") if wanted[name]), "")
        parameters: dict[str, object] = {**wanted, "after": after, "limit": asked}
        behind = None
        if after:
            previous = self.case(after)
            if previous is None:
                return ()
            behind = (previous.received_at, previous.case_id)
            parameters["received_at"] = previous.received_at
        rows = self._records(queries.CASES[by, bool(after), oldest], **parameters)
        last = (rows[-1].received_at, rows[-1].case_id) if len(rows) == asked else None

        def is_between(place: tuple[datetime, str]) -> bool:
            if oldest:
                return (behind is None or place > behind) and (last is None or place <= last)
            return (behind is None or place < behind) and (last is None or place >= last)

        page = self._overlay(
            records.CaseRow,
            rows,
            lambda row: (
                all(value in ("", getattr(row, name)) for name, value in wanted.items())
                and is_between((row.received_at, row.case_id))
            ),
            lambda row: (row.received_at, row.case_id),
        )
        if page is rows:
            return page
        return page[:limit] if oldest else page[::-1][:limit]

    def case_counts(self) -> Sequence[records.CaseCount]:
        """Count the stored cases by kind, status, outcome, entity and currency."""
        return [records.CaseCount(*row) for row in self._rows(queries.CASE_COUNTS)]

    def ledger_differences(self) -> Sequence[tuple[str, Decimal]]:
        """Return the stored debits less credits of every currency posted in."""
        return self._rows(queries.LEDGER_DIFFERENCES)

    def document(self, digest: str) -> records.DocumentRow | None:
        """Return a document by its digest."""
        return self._one(queries.DOCUMENT, digest, records.DocumentRow)

    def case_documents(self, case_id: str) -> Sequence[records.DocumentRow]:
        """Return a case's documents, oldest first."""
        return self._of_case(
            records.DocumentRow, queries.CASE_DOCUMENTS, case_id, lambda row: (row.received_at, row.digest)
        )

    def candidate_keys(self, lookups: Iterable[str], day: str, limit: int) -> Sequence[records.CandidateKeyRow]:
        """Return the nearest cases under each name: so many up to the day, and so many after it."""
        wanted = list(dict.fromkeys(map(self._sealing.alias, lookups)))
        both = (queries.CANDIDATES_BEFORE, queries.CANDIDATES_AFTER)
        parameters = {"tenant": self._tenant, "day": day, "limit": limit}
        answers = self._fetch([(query, {**parameters, "lookup": key}) for key in wanted for query in both])
        found = {(row.lookup, row.day, row.case_id): row for rows in answers for (row,) in rows}
        if self.buffer.count(records.CandidateKeyRow):
            for row in self.buffer.written(records.CandidateKeyRow):
                if row.lookup in wanted:
                    found[row.lookup, row.day, row.case_id] = row
        nearest: list[records.CandidateKeyRow] = []
        for key in wanted:
            known = sorted((row for row in found.values() if row.lookup == key), key=lambda row: (row.day, row.case_id))
            before = [row for row in known if row.day <= day]
            nearest += before[::-1][:limit]
            nearest += known[len(before) :][:limit]
        return nearest

    def candidates(self, case_ids: Iterable[str]) -> Sequence[tuple[records.CandidateRow, records.CaseRow]]:
        """Return what is known of these cases, each as it stands now."""
        wanted = list(dict.fromkeys(case_ids))
        self._look_up((queries.CANDIDATES, wanted, ""))
        stored: list[records.CandidateRow] = []
        known: dict[str, records.CaseRow] = {}
        for case_id in wanted:
            for candidate, case in self._known(queries.CANDIDATES, case_id) or ():
                known[case_id] = case
                stored.append(candidate)
        found = self._overlay(
            records.CandidateRow,
            stored,
            lambda row: row.case_id in wanted,
            lambda row: (row.case_id, row.number_normalised),
        )
        pairs = []
        for row in found:
            case_row = self.buffer.get(records.CaseRow, row.case_id) or known.get(row.case_id) or self.case(row.case_id)
            if case_row is not None:
                pairs.append((row, case_row))
        return pairs

    def balances(self, keys: Iterable[str]) -> Mapping[str, int]:
        """Return what is taken under each key."""
        wanted = list(keys)
        self._look_up((queries.BALANCES, wanted, ""))
        taken = {}
        for key in wanted:
            pending = self.buffer.get(records.BalanceRow, key)
            rows = self._known(queries.BALANCES, key)
            taken[key] = pending.taken_micro if pending else rows[0][0].taken_micro if rows else 0
        return taken

    def waiting_for(self, message: str, correlation: str) -> Sequence[records.WaitRow]:
        """Return the cases that wait for a message about something."""
        correlation = fitting(correlation)
        return self._overlay(
            records.WaitRow,
            self._records(queries.WAITING_FOR, message=message, correlation=correlation),
            lambda row: row.message == message and row.correlation == correlation,
            lambda row: (row.case_id, row.token),
        )

    def case_waits(self, case_id: str) -> Sequence[records.WaitRow]:
        """Return what a case waits for."""
        return self._of_case(
            records.WaitRow, queries.CASE_WAITS, case_id, lambda row: (row.message, row.correlation, row.token)
        )

    def task(self, task_id: str) -> records.TaskRow | None:
        """Return a task."""
        return self._one(queries.TASK, task_id, records.TaskRow)

    def case_tasks(self, case_id: str) -> Sequence[records.TaskRow]:
        """Return a case's tasks in the order they were offered."""
        return self._of_case(records.TaskRow, queries.CASE_TASKS, case_id, lambda row: (row.offered_at, row.task_id))

    def open_tasks(
        self, *, person: str = "", roles: Sequence[str] = (), after: str = "", limit: int = 50
    ) -> Sequence[records.TaskRow]:
        """Return a page of open tasks, the most urgent first: one of each queue that is asked for, merged."""
        everyone = not person and not roles
        behind = None
        parameters: dict[str, object] = {"after": after}
        if after:
            previous = self.task(after)
            if previous is None:
                return ()
            behind, parameters["due"] = (previous.due, previous.task_id), previous.due
        queues: list[tuple[Query, dict[str, object]]] = []
        if everyone:
            queues.append((queries.OPEN_TASKS[bool(after)], parameters))
        if person:
            queues.append((queries.PERSON_TASKS[bool(after)], {**parameters, "person": person}))
        queues += [(queries.ROLE_TASKS[bool(after)], {**parameters, "role": role}) for role in dict.fromkeys(roles)]
        return self._page(
            records.TaskRow,
            queues,
            lambda row: (
                row.status == "open"
                and (everyone or (row.person == person if row.person else row.role in roles))
                and (behind is None or (row.due, row.task_id) > behind)
            ),
            lambda row: (row.due, row.task_id),
            limit,
        )

    def journals(self, case_id: str = "") -> Sequence[tuple[records.JournalRow, Sequence[records.JournalLineRow]]]:
        """Return journals with their lines, of one case or of all cases."""
        query = queries.CASE_JOURNALS if case_id else queries.JOURNALS
        found = self._overlay(
            records.JournalRow,
            self._records(query, case_id=case_id),
            lambda row: row.case_id == case_id if case_id else row.case_id != "",
            lambda row: row.journal_id,
        )
        return self._with_lines(found)

    def journal(self, journal_id: str) -> tuple[records.JournalRow, Sequence[records.JournalLineRow]] | None:
        """Return one journal with its lines."""
        row = self._one(queries.JOURNAL, journal_id, records.JournalRow)
        return None if row is None else self._with_lines([row])[0]

    def ledger(
        self, entity: str, *, period: str = "", account: str = "", after: str = "", limit: int = 200
    ) -> Sequence[tuple[records.JournalRow, Sequence[records.JournalLineRow]]]:
        """Return a page of an entity's stored journals, the oldest first."""
        asked: dict[str, object] = {"entity": entity, "period": period, "account": account, "limit": limit}
        if after:
            previous = self._one(queries.JOURNAL, after, records.JournalRow)
            if previous is None:
                return ()
            asked |= {"posted_on": previous.posted_on, "after": after}
        return self._with_lines(self._records(queries.LEDGER[bool(after)], **asked))

    def _with_lines(
        self, found: Sequence[records.JournalRow]
    ) -> list[tuple[records.JournalRow, Sequence[records.JournalLineRow]]]:
        lookup = queries.JOURNAL_LINES
        keys = [row.journal_id for row in found]
        stored_lines = self._records(lookup.query, keys=keys) if keys else []
        lines: dict[str, list[records.JournalLineRow]] = {row.journal_id: [] for row in found}
        for line in self._overlay(
            records.JournalLineRow,
            stored_lines,
            lambda row: row.journal_id in lines,
            lambda row: (row.journal_id, row.line),
        ):
            lines[line.journal_id].append(line)
        return [(row, sorted(lines[row.journal_id], key=lambda line: line.line)) for row in found]

    def account_balances(self, entity: str, period: str) -> Sequence[records.AccountBalance]:
        """Return what is stored on each account of an entity up to a period."""
        rows = self._rows(queries.ACCOUNT_BALANCES, entity=entity, period=period)
        return [records.AccountBalance(*row) for row in rows]

    def open_item(self, item_id: str) -> records.OpenItemRow | None:
        """Return an open item."""
        return self._one(queries.OPEN_ITEM, item_id, records.OpenItemRow)

    def open_items(
        self, *, entity: str = "", supplier: str = "", case_id: str = "", posted_in: str = ""
    ) -> Sequence[records.OpenItemRow]:
        """Return what is not paid of an entity or supplier, or every item of a case."""
        if case_id:
            return self._overlay(
                records.OpenItemRow,
                self._records(queries.CASE_OPEN_ITEMS, case_id=case_id),
                lambda row: row.case_id == case_id,
                lambda row: row.item_id,
            )
        if posted_in:
            return self._overlay(
                records.OpenItemRow,
                self._records(queries.ITEMS_POSTED, entity=entity, posted_in=posted_in),
                lambda row: row.entity == entity and row.posted_on.startswith(posted_in),
                lambda row: (row.supplier, row.item_id),
            )
        return self._overlay(
            records.OpenItemRow,
            self._records(queries.OPEN_ITEMS, entity=entity, supplier=supplier),
            lambda row: row.entity == entity and row.status != "paid" and supplier in {"", row.supplier},
            lambda row: (row.supplier, row.item_id),
        )

    def decisions(self, case_id: str) -> Sequence[records.DecisionRow]:
        """Return a case's decisions in the order they were taken."""
        return self._of_case(records.DecisionRow, queries.DECISIONS, case_id, lambda row: row.seq)

    # search
    def index_case(self, case_id: str, words: Mapping[str, int]) -> None:
        """Have a case found by these words and by no others."""
        self._allow_writes()
        wanted: dict[str, int] = {}
        for word, weight in words.items():
            name = self._sealing.word(word)
            wanted[name] = max(weight, wanted.get(name, 0))
        stored = {row.word: row for row in self._search_words(case_id)}
        for name, weight in wanted.items():
            row = records.SearchWordRow(name, case_id, weight)
            if name not in stored:
                self.buffer.insert(row)
            elif stored[name] != row:
                self.buffer.update(row)
        self.delete(*(row for name, row in stored.items() if name not in wanted))

    def _search_words(self, case_id: str) -> Sequence[records.SearchWordRow]:
        return self._of_case(records.SearchWordRow, queries.SEARCH_WORDS_OF, case_id, lambda row: row.word)

    def found_by(self, word: str, limit: int) -> Sequence[tuple[str, int]]:
        """Return the newest stored cases found by a word."""
        rows = self._records(queries.SEARCH_WORD, word=self._sealing.word(word), limit=limit)
        return [(row.case_id, row.weight) for row in rows]

    def found_among(self, word: str, case_ids: Iterable[str]) -> Mapping[str, int]:
        """Return those of these stored cases that are found by a word."""
        keys = list(case_ids)
        rows = self._records(queries.SEARCH_HELD.query, word=self._sealing.word(word), keys=keys) if keys else []
        return {row.case_id: row.weight for row in rows}

    def cases_of(self, case_ids: Iterable[str]) -> Sequence[records.CaseRow]:
        """Return several cases at once."""
        wanted = list(case_ids)
        self._look_up((queries.CASE, wanted, ""))
        found = (self._one(queries.CASE, key, records.CaseRow) for key in wanted)
        return [row for row in found if row is not None]

    def private_texts(self, commitments: Iterable[str]) -> Mapping[str, str]:
        """Return the texts behind commitments, where they still exist."""
        wanted = list(commitments)
        self._look_up((queries.PRIVATE_TEXTS, wanted, ""))
        found = (self._one(queries.PRIVATE_TEXTS, key, records.PrivateTextRow) for key in wanted)
        return {row.commitment: row.text for row in found if row is not None}

    def milestones(self, case_id: str) -> Sequence[records.MilestoneRow]:
        """Return a case's milestones in the order they happened."""
        return self._of_case(records.MilestoneRow, queries.CASE_MILESTONES, case_id, lambda row: (row.seq, row.kind))

    def opened_by(self, person: str, case_ids: Iterable[str]) -> frozenset[str]:
        """Return the tasks of some stored cases that a person has opened."""
        rows = self._records(queries.OPENED.query, kind="task opened", person=person, keys=sorted(case_ids))
        return frozenset(row.task for row in rows)

    def milestones_between(
        self, kind: str, since: datetime, until: datetime, limit: int = 100_000
    ) -> Sequence[records.MilestoneRow]:
        """Return the stored milestones of a kind, `since <= at < until`, oldest first."""
        return self._records(queries.MILESTONES, kind=kind, since=since, until=until, limit=limit)

    def supplier_cases(self, supplier: str) -> Sequence[records.CaseRow]:
        """Return a supplier's cases, oldest first."""
        return self._overlay(
            records.CaseRow,
            self._records(queries.SUPPLIER_CASES, supplier=supplier),
            lambda row: row.supplier == supplier,
            lambda row: (row.received_at, row.case_id),
        )

    def newest_supplier_cases(self, supplier: str, *, limit: int) -> Sequence[records.CaseRow]:
        """Return a supplier's newest cases, newest first."""
        rows = self._records(queries.NEWEST_SUPPLIER_CASES, supplier=supplier, limit=limit)
        found = self._overlay(
            records.CaseRow,
            rows,
            lambda row: row.supplier == supplier,
            lambda row: (row.received_at, row.case_id),
        )
        return found if found is rows else found[::-1][:limit]

    def payment_block(self, block_id: str) -> records.PaymentBlockRow | None:
        """Return a payment block."""
        return self._one(queries.PAYMENT_BLOCK, block_id, records.PaymentBlockRow)

    def payment_blocks(self, *, case_id: str = "", supplier: str = "") -> Sequence[records.PaymentBlockRow]:
        """Return the blocks of one case, or all of a supplier's, oldest first."""
        record = records.PaymentBlockRow
        if case_id:
            return self._of_case(record, queries.CASE_BLOCKS, case_id, lambda row: (row.placed_at, row.block_id))
        rows = self._records(queries.SUPPLIER_BLOCKS, supplier=supplier)
        return self._overlay(
            record, rows, lambda row: row.supplier == supplier, lambda row: (row.placed_at, row.block_id)
        )

    def attachments(self, case_id: str) -> Sequence[records.AttachmentRow]:
        """Return what was put beside a case, oldest first."""
        return self._of_case(
            records.AttachmentRow, queries.ATTACHMENTS, case_id, lambda row: (row.added_at, row.digest)
        )

    # audit
    def stream_head(self, stream: str) -> tuple[int, bytes]:
        """Return sequence number and leaf hash of a stream's newest entry."""
        head = self.buffer.head(stream)
        if head is not None:
            return head.seq, head.leaf_hash
        rows = self._rows(queries.STREAM_HEAD, stream=stream)
        return rows[0] if rows else (0, NO_ENTRY)

    def stream(self, stream: str) -> Sequence[records.EntryRow]:
        """Return a stream's entries in order."""
        return self._overlay(
            records.EntryRow,
            self._records(queries.STREAM, stream=stream),
            lambda row: row.stream == stream,
            lambda row: row.seq,
        )

    def unsequenced(self, limit: int) -> Sequence[tuple[int, records.EntryRow]]:
        """Return the oldest stored entries without a place in the log; what this unit buffers has no row id yet."""
        return self._rows(queries.UNSEQUENCED, limit=limit)

    def unsequenced_count(self) -> int:
        """Count the stored entries without a place in the log."""
        count: int = self._rows(queries.UNSEQUENCED_COUNT)[0][0]
        return count

    def sequence(self, first_index: int, row_ids: Sequence[int]) -> None:
        """Give these entries consecutive places in the log."""
        self._allow_writes()
        if row_ids:
            self._session.place(self._tenant, first_index, row_ids)

    def log_entries(self, start: int, end: int) -> Sequence[tuple[int, records.EntryRow]]:
        """Return entries by place in the log."""
        return self._rows(queries.LOG_ENTRIES, start=start, end=end)

    def tree_nodes(self, positions: Iterable[tuple[int, int]]) -> Mapping[tuple[int, int], bytes]:
        """Return the stored nodes among these (level, index) positions."""
        wanted = set(positions)
        levels: dict[int, list[int]] = {}
        for level, index in wanted:
            levels.setdefault(level, []).append(index)
        requests: list[tuple[Query, Mapping[str, object]]] = [
            (queries.TREE_NODES.query, {"tenant": self._tenant, "level": level, "keys": indexes})
            for level, indexes in levels.items()
        ]
        nodes = {(row.level, row.index): row.hash for rows in self._session.fetch(requests) for (row,) in rows}
        for row in self.buffer.written(records.TreeNodeRow):
            if (row.level, row.index) in wanted:
                nodes[row.level, row.index] = row.hash
        return nodes

    def checkpoint(self) -> records.CheckpointRow | None:
        """Return the newest checkpoint."""
        rows = self._records(queries.CHECKPOINT)
        found = [*rows, *self.buffer.written(records.CheckpointRow)]
        return max(found, key=lambda row: row.size, default=None)

    # the rest
    def command(self, principal: str, idempotency_key: str) -> records.CommandRow | None:
        """Return the recorded answer to a client's key."""
        pending = self.buffer.get(records.CommandRow, (principal, idempotency_key))
        if pending is not None:
            return pending
        self._look_up((queries.COMMAND, (idempotency_key,), principal))
        rows = self._known(queries.COMMAND, idempotency_key, principal)
        return rows[0][0] if rows else None

    def api_key(self, key_hash: str) -> records.ApiKeyRow | None:
        """Return an API key by its hash."""
        return self._one(queries.API_KEY, key_hash, records.ApiKeyRow)

    def policy(self, policy_hash: str) -> records.PolicyRow | None:
        """Return a pack version by its hash."""
        row = self._policies.get((self._tenant, policy_hash))
        if row is None:
            row = self._one(queries.POLICY, policy_hash, records.PolicyRow)
            if row is not None and self.buffer.get(records.PolicyRow, policy_hash) is None:
                if len(self._policies) >= POLICIES_KEPT_MAX:
                    self._policies.clear()
                self._policies[self._tenant, policy_hash] = row
        return row

    def policies(self, pack: str) -> Sequence[records.PolicyRow]:
        """Return every stored version of a pack, the oldest first."""
        return self._overlay(
            records.PolicyRow,
            self._records(queries.POLICIES, pack=pack),
            lambda row: row.pack == pack,
            lambda row: (row.stored_at, row.policy_hash),
        )

    def intake(self, intake_id: str) -> records.IntakeRow | None:
        """Return what came in under an id."""
        return self._one(queries.INTAKE, intake_id, records.IntakeRow)

    def intake_list(self, status: str) -> Sequence[records.IntakeRow]:
        """Return what came in and is in one status, oldest first."""
        return self._overlay(
            records.IntakeRow,
            self._records(queries.INTAKE_LIST, status=status),
            lambda row: row.status == status,
            lambda row: (row.received_at, row.intake_id),
        )

    def outbox(self, outbox_id: str) -> records.OutboxRow | None:
        """Return an outbox row."""
        return self._one(queries.OUTBOX, outbox_id, records.OutboxRow)

    def case_outbox(self, case_id: str) -> Sequence[records.OutboxRow]:
        """Return the outbox rows of one case, by the time they are due."""
        rows = self._of_case(
            records.OutboxRow, queries.CASE_OUTBOX, case_id, lambda row: (row.not_before, row.outbox_id)
        )
        self._know_outbox(rows)
        return rows

    def deliveries(self, *, status: str = "", after: str = "", limit: int = 50) -> Sequence[records.OutboxRow]:
        """Return a page of deliveries, notices and what was given up, by the time they are due."""
        behind = None
        parameters: dict[str, object] = {"after": after}
        if after:
            previous = self.outbox(after)
            if previous is None:
                return ()
            behind, parameters["not_before"] = (previous.not_before, previous.outbox_id), previous.not_before
        statuses = (status,) if status else queries.DELIVERY_STATUSES
        rows = self._page(
            records.OutboxRow,
            [
                (queries.GIVEN_UP[bool(after)], parameters)
                if each == "dead"
                else (queries.DELIVERIES[bool(after)], {**parameters, "status": each})
                for each in statuses
            ],
            lambda row: (
                (row.kind in {"delivery", "notice"} or row.status == "dead")
                and status in {"", row.status}
                and (behind is None or (row.not_before, row.outbox_id) > behind)
            ),
            lambda row: (row.not_before, row.outbox_id),
            limit,
        )
        self._know_outbox(rows)
        return rows

    def jobs(self, *, limit: int = 200) -> Sequence[records.OutboxRow]:
        """Return long jobs, what was asked for last first."""
        rows = self._records(queries.JOBS, limit=limit + self.buffer.count(records.OutboxRow))
        self._know_outbox(rows)
        found = self._overlay(
            records.OutboxRow, rows, lambda row: row.kind == "job", lambda row: (row.not_before, row.outbox_id)
        )
        return sorted(found, key=lambda row: (row.not_before, row.outbox_id), reverse=True)[:limit]

    def acts_under_way(self) -> Sequence[records.OutboxRow]:
        """Return the acts that have had no effect yet, by the task that they answer."""
        rows = self._records(queries.ACTS_UNDER_WAY)
        self._know_outbox(rows)
        return self._overlay(
            records.OutboxRow,
            rows,
            lambda row: row.kind == "act" and row.status in {"pending", "leased"},
            lambda row: (row.target, row.outbox_id),
        )

    def _know_outbox(self, rows: Sequence[records.OutboxRow]) -> None:
        """Remember rows as read: what is written to them expects the fence that was seen."""
        known = self._read.setdefault((queries.OUTBOX.query.name, ""), {})
        known.update(
            (row.outbox_id, [(row,)]) for row in rows if self.buffer.get(records.OutboxRow, row.outbox_id) is None
        )

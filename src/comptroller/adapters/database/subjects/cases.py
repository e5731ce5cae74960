"""Cases, and what each has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from comptroller.adapters.database.queries import cases as queries
from comptroller.adapters.database.queries import standing
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.sealing import fitting
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records


class Cases(BufferedTransaction):
    """Cases, and what each has."""

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
        entities: Collection[str] | None = None,
        policy_hash: str = "",
        after: str = "",
        limit: int = 50,
        oldest: bool = False,
    ) -> Sequence[records.CaseRow]:
        """Return a page of cases, newest or oldest first; of some entities it is merged of a page of each."""
        asked = limit + self.buffer.count(records.CaseRow)  # what is changed here may leave the page
        wanted = {"kind": kind, "outcome": outcome, "status": status, "policy_hash": policy_hash}
        by = next((name for name in ("kind", "outcome", "status") if wanted[name]), "")
        parameters: dict[str, object] = {**wanted, "after": after, "limit": asked}
        behind = None
        if after:
            previous = self.case(after)
            if previous is None:
                return ()
            behind = (previous.received_at, previous.case_id)
            parameters["received_at"] = previous.received_at
        form = by, bool(after), oldest
        if entities is None:
            rows: Sequence[records.CaseRow] = self._records(queries.CASES[form], **parameters)
        else:
            rows = self._cases_of_entities(queries.CASE_PLACES[form], entities, parameters, asked, oldest=oldest)
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
                and (entities is None or row.entity in entities)
                and is_between((row.received_at, row.case_id))
            ),
            lambda row: (row.received_at, row.case_id),
        )
        if page is rows:
            return page
        return page[:limit] if oldest else page[::-1][:limit]

    def _cases_of_entities(
        self, query: Query, entities: Iterable[str], parameters: Mapping[str, object], limit: int, *, oldest: bool
    ) -> Sequence[records.CaseRow]:
        """Read the cases that stand first of those of all entities."""
        given = {**parameters, "tenant": self._tenant}
        answers = self._fetch([(query, {**given, "entity": entity}) for entity in dict.fromkeys(entities)])
        places = sorted((place for answer in answers for place in answer), reverse=not oldest)[:limit]
        found = [case_id for _, case_id in places]
        self._look_up((queries.CASE, found, ""))
        return [row for case_id in found for (row,) in self._known(queries.CASE, case_id) or ()]

    def cases_of(self, case_ids: Iterable[str]) -> Sequence[records.CaseRow]:
        """Return several cases at once."""
        wanted = list(case_ids)
        self._look_up((queries.CASE, wanted, ""))
        found = (self._one(queries.CASE, key, records.CaseRow) for key in wanted)
        return [row for row in found if row is not None]

    def case_counts(self) -> Sequence[records.CaseCount]:
        """Count the stored cases by kind, status, outcome, entity and currency."""
        return [records.CaseCount(*row) for row in self._rows(queries.CASE_COUNTS)]

    def marked_counts(self, kind: str) -> Sequence[records.CaseCount]:
        """Count the stored milestones of a kind as their cases are counted."""
        return [records.CaseCount(*row) for row in self._rows(queries.MARKED_COUNTS, kind=kind)]

    def open_counts(self, *, node: str = "") -> Sequence[records.OpenCount]:
        """Count the stored open cases by version and entity."""
        return [records.OpenCount(*row) for row in self._rows(standing.OPEN_COUNTS, node=node)]

    def node_counts(self, process: str, version: str, entities: Iterable[str]) -> Sequence[records.NodeCount]:
        """Count the tokens of stored open cases of a process version by node."""
        given = {"process": process, "version": version, "entities": sorted(entities)}
        return [records.NodeCount(*row) for row in self._rows(standing.NODES, **given)]

    def stuck_cases(self, *, limit: int) -> Sequence[records.StuckCase]:
        """Return the newest stored cases of each cause."""
        return [records.StuckCase(*row) for row in self._rows(standing.STUCK, limit=limit)]

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

    def decisions(self, case_id: str) -> Sequence[records.DecisionRow]:
        """Return a case's decisions in the order they were taken."""
        return self._of_case(records.DecisionRow, queries.DECISIONS, case_id, lambda row: row.seq)

    def private_texts(self, commitments: Iterable[str]) -> Mapping[str, str]:
        """Return the texts behind commitments, where they still exist."""
        wanted = list(commitments)
        self._look_up((queries.PRIVATE_TEXTS, wanted, ""))
        found = (self._one(queries.PRIVATE_TEXTS, key, records.PrivateTextRow) for key in wanted)
        return {row.commitment: row.text for row in found if row is not None}

    def milestones(self, case_id: str) -> Sequence[records.MilestoneRow]:
        """Return a case's milestones in the order they happened."""
        return self._of_case(records.MilestoneRow, queries.CASE_MILESTONES, case_id, lambda row: (row.seq, row.kind))

    def milestones_of(self, case_ids: Iterable[str]) -> Mapping[str, Sequence[records.MilestoneRow]]:
        """Return the milestones of several cases, read in one round trip."""
        wanted = list(dict.fromkeys(case_ids))
        self._look_up((queries.CASE_MILESTONES, wanted, ""))
        return {case_id: self.milestones(case_id) for case_id in wanted}

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

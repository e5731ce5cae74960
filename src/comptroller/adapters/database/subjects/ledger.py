"""Journals and open items."""

from collections.abc import Sequence
from decimal import Decimal

from comptroller.adapters.database.queries import ledger as queries
from comptroller.adapters.database.transaction import BufferedTransaction
from comptroller.application import records


class Ledger(BufferedTransaction):
    """Journals and open items."""

    def ledger_differences(self) -> Sequence[tuple[str, Decimal]]:
        """Return the stored debits less credits of every currency posted in."""
        return self._rows(queries.LEDGER_DIFFERENCES)

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

    def items_owed(self, entity: str, first: str, last: str) -> Sequence[records.OpenItemRow]:
        """Return the items of an entity that were owed on one of these days at least."""
        asked = {"tenant": self._tenant, "entity": entity, "first": first, "last": last}
        answers = self._fetch([(queries.ITEMS_OWED_STILL, asked), (queries.ITEMS_OWED_UNTIL, asked)])
        stored = [row for answer in answers for (row,) in answer]
        return self._overlay(
            records.OpenItemRow,
            sorted(stored, key=lambda row: (row.supplier, row.item_id)),
            lambda row: row.entity == entity and row.posted_on <= last and not "" < row.cleared_on < first,
            lambda row: (row.supplier, row.item_id),
        )

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

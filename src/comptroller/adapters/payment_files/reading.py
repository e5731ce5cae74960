"""Reads a file's rows into payments: the faults of rows are collected, and every row that is sound goes on."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from comptroller.adapters.payment_files.mapping import SEVERAL, Mapping
from comptroller.adapters.payment_files.tables import Cell, Row, Unreadable, folded
from comptroller.adapters.payment_files.values import Dates, amount
from comptroller.domain.controls import numbers
from comptroller.domain.controls.register import Payment, supplier_key
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault

HEADER_LINES_MAX: Final = 100
"""Lines among which the header is looked for: what stands before it are titles and notes."""


class Reading:
    """One file on its way to payments."""

    def __init__(self, mapping: Mapping, needed: Sequence[tuple[str, ...]]) -> None:
        """Take the mapping, and the fields that a control needs: of each group one."""
        self._mapping = mapping
        self._needed = needed
        self._dates = Dates(mapping.dates)
        self._places: dict[str, tuple[int, ...]] = {}
        self._heads: list[str] = []
        self._suppliers: dict[tuple[str, str, str, str], tuple[str, str]] = {}
        self._amounts: dict[str, Decimal | None] = {}
        self.faults: list[Fault] = []
        self.faults_count = 0
        self.rows = 0
        self.rows_lost = 0  # by their faults
        self.unknown_suppliers = 0

    def payments(self, rows: Iterator[Row]) -> list[Payment]:
        """Read all rows; raises `Unreadable` where the header does not fit the mapping."""
        self._find_header(rows)
        found: list[Payment] = []
        read = self._row_reader()
        heads = [folded(head) for head in self._heads]
        for number, cells in rows:
            if not any(cells) or [folded(str(cell)) for cell in cells[:3]] == heads[:3]:
                continue
            self.rows += 1
            if self.rows > limits.REGISTER_ROWS_MAX:
                message = f"the file has more than {limits.REGISTER_ROWS_MAX} rows"
                raise Unreadable("CONTROL-FILE-04", message, "give it in parts")
            payment = read(number, cells)
            if payment is None:
                self.rows_lost += 1
            else:
                found.append(payment)
        return _summed(found) if self._mapping.are_lines else found

    # the header

    def _find_header(self, rows: Iterator[Row]) -> None:
        mapping = self._mapping
        wanted = {folded(column): column for columns in mapping.columns.values() for column in columns}
        lacking = next((group for group in self._needed if not any(field in mapping.columns for field in group)), ())
        longest: Sequence[Cell] = ()
        for number, cells in rows:
            heads = [folded(str(cell).removeprefix("\ufeff")) for cell in cells]
            is_header = number == mapping.header if mapping.header else wanted.keys() <= set(heads)
            if is_header and wanted.keys() <= set(heads) and not lacking:
                twice = next((column for fold, column in wanted.items() if heads.count(fold) > 1), "")
                if twice:
                    message = f"the column `{twice}` stands twice in line {number}"
                    raise Unreadable("CONTROL-COLUMN-03", message, "give each column that is mapped a name of its own")
                self._heads = [str(cell).strip() for cell in cells]
                self._places = {
                    field: tuple(heads.index(folded(column)) for column in columns)
                    for field, columns in mapping.columns.items()
                }
                return
            fuller = sum(bool(cell) for cell in cells) > sum(bool(cell) for cell in longest)
            longest = cells if fuller or is_header else longest
            if is_header or number > HEADER_LINES_MAX:
                break
        listed = f"the file's columns are: {', '.join(f'`{cell}`' for cell in longest if cell) or 'none'}"[:4_000]
        if lacking:
            fields = " or ".join(f"`{field}`" for field in lacking)
            raise Unreadable("CONTROL-COLUMN-02", f"the mapping has no column for {fields}", listed)
        known = {folded(str(cell)) for cell in longest}
        absent = ", ".join(f"`{column}`" for fold, column in wanted.items() if fold not in known)
        message = f"no line of the file heads the columns {absent or 'of the mapping'}"
        raise Unreadable("CONTROL-COLUMN-01", message, listed)

    # rows

    def _row_reader(self) -> Callable[[int, Sequence[Cell]], Payment | None]:
        mapping, places = self._mapping, self._places
        single = {field: found[0] for field, found in places.items() if field not in SEVERAL}

        def text(cells: Sequence[Cell], field: str, fallback: str = "") -> str:
            place = single.get(field)
            if place is None or place >= len(cells):
                return fallback
            return str(cells[place]).strip() or fallback

        def joined(cells: Sequence[Cell], field: str) -> str:
            parts = [str(cells[place]).strip() for place in places.get(field, ()) if place < len(cells)]
            return sys.intern(" / ".join(part for part in parts if part))

        def read(number: int, cells: Sequence[Cell]) -> Payment | None:
            day = self._day(number, cells, single["date"])
            net = self._amount(number, cells, single["net"]) if "net" in single else None
            gross = self._amount(number, cells, single["gross"]) if "gross" in single else None
            paid = gross if gross is not None else net
            if day is None or paid is None:
                return None
            name, supplier_id = text(cells, "supplier"), text(cells, "supplier_id")
            vat_id, account = text(cells, "vat_id"), text(cells, "account")
            known_name, key = self._supplier(name, supplier_id, vat_id, account)
            number_text = text(cells, "number")
            return Payment(
                number,
                known_name,
                day,
                paid,
                sys.intern(text(cells, "currency", mapping.currency).upper()),
                number_text,
                numbers.normalised(number_text) if number_text else "",
                net,
                sys.intern(supplier_id),
                numbers.identifier(vat_id) if vat_id else "",
                numbers.identifier(account) if account else "",
                sys.intern(text(cells, "group")),
                sys.intern(text(cells, "entity", mapping.entity)),
                sys.intern(text(cells, "requester")),
                joined(cells, "cost_centre"),
                joined(cells, "description"),
                text(cells, "order_number"),
                sys.intern(text(cells, "document_type")),
                sys.intern(text(cells, "category")),
                sys.intern(text(cells, "batch")),
                sys.intern(text(cells, "source", mapping.source)),
                key,
            )

        return read

    def _supplier(self, name: str, supplier_id: str, vat_id: str, account: str) -> tuple[str, str]:
        """A supplier's name and key; both are held once."""
        given = (name, supplier_id, vat_id, account)
        found = self._suppliers.get(given)
        if found is None:
            plain = " ".join(name.casefold().split())
            is_withheld = bool(plain) and any(p.fullmatch(plain) for p in self._mapping.unknown_suppliers)
            key = "" if is_withheld else supplier_key(name, supplier_id, vat_id, account)
            found = self._suppliers[given] = (name, key)
        if not found[1]:
            self.unknown_suppliers += 1
        return found

    def _day(self, number: int, cells: Sequence[Cell], place: int) -> date | None:
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, date):
            return cell
        text = str(cell).strip()
        day = self._dates.read(text)
        if day is None:
            what = f"`{text[:80]}` is no date of the mapping's forms" if text else "there is no date"
            self._fault("CONTROL-ROW-01", number, place, what, "see `dates` in the mapping")
        return day

    def _amount(self, number: int, cells: Sequence[Cell], place: int) -> Decimal | None:
        written = cells[place] if place < len(cells) else ""
        if isinstance(written, Decimal):
            return written
        cell = str(written).strip()
        found = self._amounts.get(cell)
        if found is None:
            found = amount(cell, self._mapping.decimal)
            if found is None:
                what = f"`{cell[:80]}` is no amount" if cell else "there is no amount"
                self._fault("CONTROL-ROW-02", number, place, what, "see `decimal` in the mapping")
                return None
            if len(self._amounts) > 1_000_000:
                self._amounts.clear()
            self._amounts[cell] = found
        return found

    def _fault(self, code: str, row: int, place: int, message: str, remedy: str) -> None:
        self.faults_count += 1
        if len(self.faults) < limits.ROW_FAULTS_MAX:
            head = self._heads[place] if place < len(self._heads) else str(place + 1)
            self.faults.append(Fault(code, f"row {row}, column `{head}`", message, by="row", help=remedy))


def _summed(payments: Sequence[Payment]) -> list[Payment]:
    """Put the lines of one document together: one supplier, number, entity and day; its first row stands for it."""
    found: dict[tuple[object, ...], Payment] = {}
    for payment in payments:
        if not payment.normalised or not payment.key:
            found[payment.row,] = payment
            continue
        key = (payment.key, payment.normalised, payment.entity, payment.day, payment.currency)
        first = found.get(key)
        if first is None:
            found[key] = payment
            continue
        net = None if first.net is None or payment.net is None else first.net + payment.net
        found[key] = replace(first, amount=first.amount + payment.amount, net=net)
    return list(found.values())

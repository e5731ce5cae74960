"""The rows of a table to invoices, by a mapping: faults say row and column, and a faulty row spoils its document only.

The values are put together in the canonical JSON form and read by its reader, so that a table can say nothing that a
JSON document could not. What the table leaves out and its lines imply is computed: sums, the rows of the VAT breakdown,
the amount due. That is told as information, because nobody but us stated it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from comptroller.domain.documents import json_form
from comptroller.domain.documents.code_lists import CREDIT_NOTE_TYPES
from comptroller.domain.documents.model import Invoice, TaxCategory, TaxSubtotal
from comptroller.domain.documents.table_cells import EMPTY, Cell, value_of
from comptroller.domain.documents.table_fields import DOCUMENT_FIELDS, FIELDS, LINE_FIELDS, Field
from comptroller.domain.documents.table_mapping import TableMapping
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.kernel.money import CONTEXT, round_money

BY: Final = "table"
HUNDRED: Final = Decimal(100)
SEMANTIC_MODEL: Final = "urn:cen.eu:en16931:2017"
"""BT-24 of a table, which has no profile of its own: it is read into this model."""

UNNUMBERED: Final = "TABLE-NUMBER-02"


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands in a file: heads, and rows by their number in the file."""

    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class TableDocument:
    """One document of a table, and the rows that it stands in."""

    number: str
    rows: tuple[int, ...]
    invoice: Invoice | None
    faults: tuple[Fault, ...]


def read_documents(table: Table, mapping: TableMapping) -> tuple[tuple[TableDocument, ...], tuple[Fault, ...]]:
    """Read every document of a table, in the order of their first rows; faults of the table as a whole beside them."""
    faults = list(_missing_columns(table, mapping))
    if faults:
        return (), tuple(faults)
    heads = [folded(head) for head in table.heads]
    places = {field: heads.index(folded(head)) for field, head in mapping.columns.items()}
    groups: dict[str, _Assembly] = {}
    for number, cells in table.rows:
        if not any(cell.text.strip() or cell.wrong for cell in cells):
            continue
        key = cells[places["number"]].text.strip() if places["number"] < len(cells) else ""
        if not key:
            message = "the row has no document number"
            faults.append(_fault(UNNUMBERED, _place(number, mapping.columns["number"]), message, "give each row one"))
            continue
        if key not in groups:
            groups[key] = _Assembly(mapping, places, key)
        groups[key].take(number, cells, width=len(table.heads))
    if not groups and not faults:
        message = "no row stands below the heads"
        faults.append(_fault("TABLE-ROW-02", "", message, "check that the file arrived whole"))
    return tuple(assembly.read() for assembly in groups.values()), tuple(faults)


def _missing_columns(table: Table, mapping: TableMapping) -> Iterator[Fault]:
    heads = [folded(head) for head in table.heads]
    for field, head in mapping.columns.items():
        if folded(head) not in heads:
            message = f"no column is headed `{head[:60]}`, which the mapping takes for `{field}`"
            yield _fault(
                "TABLE-COLUMN-01",
                f"/columns/{field}",
                message,
                "correct the mapping, or ask for the table as it used to be",
            )
        elif heads.count(folded(head)) > 1:
            message = f"several columns are headed `{head[:60]}`"
            yield _fault("TABLE-COLUMN-02", f"/columns/{field}", message, "give each column a head of its own")


def folded(head: str) -> str:
    """A column's head, case and spacing aside."""
    return " ".join(head.casefold().split())


class _Assembly:
    """One document being put together from its rows."""

    def __init__(self, mapping: TableMapping, places: Mapping[str, int], number: str) -> None:
        self._mapping = mapping
        self._places = places
        self._number = number
        self._rows: list[tuple[int, tuple[Cell, ...]]] = []
        self._faults: list[Fault] = []
        self._stands: dict[str, str] = {}  # JSON pointer -> row and column

    def take(self, number: int, cells: tuple[Cell, ...], *, width: int) -> None:
        """Take a row; one that is longer than the heads may be shifted, so nothing of it is sure."""
        if any(cell.text.strip() for cell in cells[width:]):
            message = f"the row has {len(cells)} cells, the head has {width}"
            self._faults.append(
                _fault("TABLE-ROW-01", _place(number, ""), message, "quote texts that hold a separator")
            )
        self._rows.append((number, cells))

    def read(self) -> TableDocument:
        """Read the document as far as it goes."""
        body: dict[str, Any] = {}
        first = self._rows[0][0]
        for name in DOCUMENT_FIELDS:
            self._put_document_field(body, name)
        lines = [line for number, cells in self._rows if (line := self._line(number, cells))]
        if lines:
            body["lines"] = lines
        body.setdefault("type_code", "380")
        body.setdefault("customization", SEMANTIC_MODEL)
        body["kind"] = "credit_note" if body["type_code"] in CREDIT_NOTE_TYPES else "invoice"
        invoice, problems = json_form.from_json(Invoice, body)
        for fault in problems:
            place = self._stands.get(fault.path, _place(first, ""))
            self._faults.append(replace(fault, path=place, by=BY))
        if invoice is not None:
            invoice, derived = complete(invoice)
            for path, name in derived:
                message = f"the {name} is computed from the lines: no column states it"
                self._faults.append(Fault("TABLE-DERIVED-01", path, message, Severity.INFORMATION, by=BY))
        rows = tuple(number for number, _ in self._rows)
        return TableDocument(self._number, rows, invoice, tuple(self._faults))

    def _put_document_field(self, body: dict[str, Any], name: str) -> None:
        """A document's field stands in each of its rows; where they differ, the first counts and a fault says so."""
        if name in self._mapping.constants:
            _put(body, FIELDS[name].path, self._mapping.constants[name])
            return
        if name not in self._places:
            return
        told: str | None = None
        for number, cells in self._rows:
            value = self._value(name, number, cells)
            if not value:
                continue
            if told is None:
                told = value
                _put(body, FIELDS[name].path, value)
                self._stands[_pointer(FIELDS[name])] = _place(number, self._mapping.columns[name])
            elif value != told:
                message = f"`{value[:40]}` here, `{told[:40]}` in the document's first row"
                place = _place(number, self._mapping.columns[name])
                self._faults.append(_fault("TABLE-DIFFERS-01", place, message, "make the rows of a document agree"))

    def _line(self, number: int, cells: tuple[Cell, ...]) -> dict[str, Any]:
        line: dict[str, Any] = {}
        for name, field in LINE_FIELDS.items():
            value = self._mapping.constants.get(name, "")
            if name in self._places:
                value = self._value(name, number, cells)
            if value:
                _put(line, field.path, value)
        if line.keys() - {"tax", "unit"}:
            line.setdefault("id", str(1 + self._rows.index((number, cells))))
            return line
        return {}

    def _value(self, name: str, number: int, cells: tuple[Cell, ...]) -> str:
        place = self._places[name]
        cell = cells[place] if place < len(cells) else EMPTY
        value = value_of(cell, FIELDS[name].kind, decimals=self._mapping.decimals, days=self._mapping.days)
        if isinstance(value, str):
            return value
        code, message = value
        where = _place(number, self._mapping.columns[name])
        self._faults.append(_fault(code, where, message, "correct the cell, or the style that the mapping names"))
        return ""


def _put(body: dict[str, Any], path: Sequence[str], value: str) -> None:
    at: Any = body
    for step, following in pairwise(path):
        if following == "*":
            at = at.setdefault(step, [])
        elif step == "*":
            if not at:
                at.append({})
            at = at[0]
        else:
            at = at.setdefault(step, {})
    if path[-1] == "*":
        at.append(value)
    else:
        at[path[-1]] = value


def _pointer(field: Field) -> str:
    return "/" + "/".join("0" if step == "*" else step for step in field.path)


def _place(row: int, head: str) -> str:
    return f"row {row}, column {head}" if head else f"row {row}"


def _fault(code: str, path: str, message: str, help: str) -> Fault:  # noqa: A002 - Fault's own field
    return Fault(code, path, message, by=BY, help=help)


def complete(invoice: Invoice) -> tuple[Invoice, tuple[tuple[str, str], ...]]:
    """Compute the totals and the VAT breakdown that a document leaves out, as far as its lines imply them.

    What was computed comes with its place in the canonical form and its name.
    """
    totals, derived = invoice.totals, []
    nets = [line.net_amount for line in invoice.lines]
    line_net = totals.line_net
    if line_net is None and nets and None not in nets:
        line_net = _sum(net for net in nets if net is not None)
        derived.append(("/totals/line_net", "line total"))
    if line_net is None:
        line_net = totals.net if not invoice.allowances_charges else None
    net = totals.net
    if net is None and line_net is not None:
        net = CONTEXT.add(CONTEXT.subtract(line_net, totals.allowances or Decimal(0)), totals.charges or Decimal(0))
        derived.append(("/totals/net", "net"))
    breakdown = _breakdown(invoice)
    tax = totals.tax
    if tax is None and breakdown and all(row.tax_amount is not None for row in breakdown):
        tax = _sum(row.tax_amount for row in breakdown if row.tax_amount is not None)
        derived.append(("/totals/tax", "VAT"))
    if len(breakdown) == 1 and tax is not None:  # what is stated goes before what is computed
        breakdown = (replace(breakdown[0], tax_amount=tax, taxable_amount=net),)
    gross = totals.gross
    if gross is None and net is not None and tax is not None:
        gross = CONTEXT.add(net, tax)
        derived.append(("/totals/gross", "gross"))
    payable = totals.payable
    if payable is None and gross is not None:
        payable = CONTEXT.add(CONTEXT.subtract(gross, totals.prepaid or Decimal(0)), totals.rounding or Decimal(0))
    told = replace(totals, line_net=line_net, net=net, tax=tax, gross=gross, payable=payable)
    return replace(invoice, totals=told, tax_breakdown=breakdown or invoice.tax_breakdown), tuple(derived)


def _sum(values: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value)
    return total


def _breakdown(invoice: Invoice) -> tuple[TaxSubtotal, ...]:
    bases: dict[TaxCategory, Decimal] = {}
    for line in invoice.lines:
        if line.tax is None or line.net_amount is None:
            return ()
        bases[line.tax] = CONTEXT.add(bases.get(line.tax, Decimal(0)), line.net_amount)
    told = invoice.tax_breakdown[0] if invoice.tax_breakdown else TaxSubtotal()
    return tuple(
        replace(
            told,
            taxable_amount=base,
            tax_amount=None
            if category.rate is None
            else round_money(CONTEXT.divide(CONTEXT.multiply(base, category.rate), HUNDRED), invoice.currency),
            category=category,
        )
        for category, base in bases.items()
    )

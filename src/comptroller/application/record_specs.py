"""What people fill in of a dated record: contracts, recurring agreements with their schedules, budgets.

A field is named by its place in the record, `terms.days`; a row by its list, its number and its field,
`instalments-2-amount`. What a form does not show stays in the record as it is.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from comptroller.application.views.forms import FieldKind
from comptroller.domain.kernel.fault import Fault


class Shape(StrEnum):
    """How a field's text stands in the record."""

    TEXT = "text"
    WHOLE = "whole"  # a number without a fraction
    TRUTH = "truth"
    LINES = "lines"  # a list of texts, one a line


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field: its place in the record, what it is called, how it is filled in."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    hint: str = ""
    required: bool = False
    shape: Shape = Shape.TEXT
    default: str = ""  # what a record that says nothing means


@dataclass(frozen=True, slots=True)
class RowSpec:
    """A list of the record, each entry a row of the form."""

    part: str
    title: str
    more: str
    fields: tuple[FieldSpec, ...]


@dataclass(frozen=True, slots=True)
class RecordSpec:
    """A kind of record: what names it once and for all, what changes, and its rows."""

    kind: str
    title: str
    lead: str
    names: tuple[FieldSpec, ...]  # asked for when it is new, shown as facts afterwards
    fields: tuple[FieldSpec, ...] = ()
    rows: RowSpec | None = None


Typed = Mapping[str, str]

_RELEASED: Final = (
    "A change is in force once somebody else has released it, whose limit covers what it comes to; invoices that wait "
    "on it are then judged anew."
)
_NUMBER: Final = FieldSpec("number", "Number", required=True)
_SUPPLIER: Final = FieldSpec(
    "supplier", "Supplier", hint="Its number in the list of suppliers, such as S07", required=True
)
_ENTITY: Final = FieldSpec("entity", "Entity", FieldKind.CHOICE, required=True)
_CURRENCY: Final = FieldSpec("currency", "Currency", hint="Three letters, such as EUR", required=True)
_BEGINS: Final = FieldSpec("valid_from", "Begins", FieldKind.DAY, required=True)
_ENDS: Final = FieldSpec("valid_to", "Ends", FieldKind.DAY, hint="Its last day; empty while it goes on")
_CENTRE: Final = FieldSpec("cost_centre", "Cost centre", FieldKind.CHOICE)
_BINDS: Final = (_NUMBER, _SUPPLIER, _ENTITY, _CURRENCY, _BEGINS)
_NET_DAYS: Final = FieldSpec("terms.days", "Days to pay", FieldKind.DECIMAL, shape=Shape.WHOLE)

SPECS: Final = {
    spec.kind: spec
    for spec in (
        RecordSpec(
            "contract",
            "Contract",
            f"{_RELEASED} Without a ceiling the chief financial officer is asked.",
            _BINDS,
            (
                FieldSpec("ceiling", "Ceiling, net", FieldKind.DECIMAL, hint="What may be ordered under it in all"),
                FieldSpec("valid_to", "Valid until", FieldKind.DAY),
                FieldSpec("status", "Status", FieldKind.CHOICE, default="active"),
                _CENTRE,
                FieldSpec("category", "Category", hint="Decides who may release it"),
                _NET_DAYS,
                FieldSpec("terms.discount_days", "Days with a discount", FieldKind.DECIMAL, shape=Shape.WHOLE),
                FieldSpec("terms.discount_percent", "Discount in percent", FieldKind.DECIMAL),
                FieldSpec(
                    "call_off", "Orders may be placed under it", FieldKind.TICK, shape=Shape.TRUTH, default="yes"
                ),
                FieldSpec("indexed", "Prices follow an index", FieldKind.TICK, shape=Shape.TRUTH),
            ),
            RowSpec(
                "prices",
                "Price list",
                "One more price",
                (
                    FieldSpec("item", "Item", required=True),
                    FieldSpec("unit", "Unit", FieldKind.CHOICE, required=True),
                    FieldSpec("price", "Price", FieldKind.DECIMAL, required=True),
                    FieldSpec("base_quantity", "For so many", FieldKind.DECIMAL, default="1"),
                    FieldSpec("valid_from", "From", FieldKind.DAY),
                    FieldSpec("valid_to", "Until", FieldKind.DAY),
                ),
            ),
        ),
        RecordSpec(
            "agreement",
            "Recurring agreement",
            f"A supply that comes again without orders: rent, electricity, service. {_RELEASED}",
            _BINDS,
            (
                FieldSpec(
                    "references",
                    "How its invoices name it",
                    FieldKind.WORDS,
                    hint="Number of the contract, the site or the supplier's item; one a line",
                    required=True,
                    shape=Shape.LINES,
                ),
                FieldSpec(
                    "amount", "Amount of a period, net", FieldKind.DECIMAL, hint="Empty where a schedule says it"
                ),
                FieldSpec("months", "Months in a period", FieldKind.DECIMAL, shape=Shape.WHOLE, default="1"),
                _ENDS,
                _CENTRE,
                _NET_DAYS,
                FieldSpec(
                    "terms.working_day",
                    "Or due on the working day",
                    FieldKind.DECIMAL,
                    hint="Of the month: 3 for the third",
                    shape=Shape.WHOLE,
                ),
            ),
        ),
        RecordSpec(
            "schedule",
            "Schedule",
            f"What the agreement asks for each period, to the cent; a row without a period is left out. {_RELEASED}",
            (_NUMBER,),
            (),
            RowSpec(
                "instalments",
                "Instalments",
                "One more instalment",
                (
                    FieldSpec("period", "Period begins in", FieldKind.MONTH, required=True),
                    FieldSpec("amount", "Amount, net", FieldKind.DECIMAL, required=True),
                    FieldSpec("due_on", "Due on", FieldKind.DAY),
                ),
            ),
        ),
        RecordSpec(
            "budget",
            "Budget",
            "Held against what no released order covers. What is posted here counts as used by itself.",
            (
                _ENTITY,
                FieldSpec("cost_centre", "Cost centre", FieldKind.CHOICE, required=True),
                FieldSpec("year", "Year", hint="Four digits", required=True),
            ),
            (
                FieldSpec(
                    "amount", "Budget of the year", FieldKind.DECIMAL, hint="In the group's currency", required=True
                ),
                FieldSpec("carry_over", "Carried over", FieldKind.DECIMAL),
                FieldSpec(
                    "committed", "Committed elsewhere", FieldKind.DECIMAL, hint="By orders outside this platform"
                ),
                FieldSpec("actual", "Booked elsewhere", FieldKind.DECIMAL, hint="Not what is posted here"),
                FieldSpec("owner", "Owner", FieldKind.CHOICE),
                FieldSpec("valid_from", "From", FieldKind.DAY),
                FieldSpec("valid_to", "Until", FieldKind.DAY),
            ),
        ),
    )
}


def shown_in(spec: RecordSpec, body: Mapping[str, Any]) -> dict[str, str]:
    """What a form shows of a record."""
    shown = {field.name: _text(field, _at(body, field.name)) for field in (*spec.names, *spec.fields)}
    for place, row in enumerate(_rows(spec, body), start=1):
        assert spec.rows is not None
        shown |= {
            f"{spec.rows.part}-{place}-{field.name}": _text(field, row.get(field.name)) for field in spec.rows.fields
        }
    return shown


def missing(spec: RecordSpec, body: Mapping[str, Any]) -> Iterator[Fault]:
    """What the record needs and does not say, each at its place."""
    for field in (*spec.names, *spec.fields):
        if field.required and _at(body, field.name) in (None, "", []):
            yield _missing(f"/{field.name}", field.label)
    for place, row in enumerate(_rows(spec, body)):
        assert spec.rows is not None
        for field in spec.rows.fields:
            if field.required and not row.get(field.name):
                yield _missing(f"/{spec.rows.part}/{place}/{field.name}", field.label)


def _missing(path: str, label: str) -> Fault:
    return Fault("REFERENCE-FIELD-01", path, f"`{label}` is missing", by="reference", help="fill it in")


def row_count(spec: RecordSpec, typed: Typed) -> int:
    """How many rows a form had."""
    if spec.rows is None:
        return 0
    first = spec.rows.fields[0].name
    return sum(1 for name in typed if name.startswith(f"{spec.rows.part}-") and name.endswith(f"-{first}"))


def record_made(spec: RecordSpec, before: Mapping[str, Any], typed: Typed) -> dict[str, Any]:
    """The record with what was typed into it; what stands as it was shown is not touched."""
    body, shown = deepcopy(dict(before)), shown_in(spec, before)
    for field in (*spec.names, *spec.fields) if not before else spec.fields:
        given = typed.get(field.name, "").strip()
        if given != shown[field.name]:
            _put(body, field.name, _value(field, given))
    if spec.rows is not None:
        rows = [row for _, row in _typed_rows(spec.rows, before, typed)]
        if rows != list(_rows(spec, before)):
            body[spec.rows.part] = rows
    return body


def row_names(spec: RecordSpec, typed: Typed) -> list[str]:
    """What the fields of each row that says something begin with."""
    return [] if spec.rows is None else [name for name, _ in _typed_rows(spec.rows, {}, typed)]


def _typed_rows(rows: RowSpec, before: Mapping[str, Any], typed: Typed) -> Iterator[tuple[str, dict[str, Any]]]:
    known = list(before.get(rows.part) or ())
    count = max((int(part) for name in typed if (part := _row_number(rows, name))), default=0)
    for place in range(1, count + 1):
        name = f"{rows.part}-{place}"
        given = {field.name: typed.get(f"{name}-{field.name}", "").strip() for field in rows.fields}
        if not any(given[field.name] for field in rows.fields if field.required and field.kind is not FieldKind.CHOICE):
            continue
        row = deepcopy(dict(known[place - 1])) if place <= len(known) else {}
        for field in rows.fields:
            if given[field.name] != _text(field, row.get(field.name)):
                _put(row, field.name, _value(field, given[field.name]))
        yield name, row


def _row_number(rows: RowSpec, name: str) -> str:
    part, _, rest = name.partition("-")
    number = rest.partition("-")[0]
    return number if part == rows.part and number.isascii() and number.isdigit() and len(number) < 5 else ""


def _rows(spec: RecordSpec, body: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    return tuple(body.get(spec.rows.part) or ()) if spec.rows is not None else ()


def _at(body: Mapping[str, Any], name: str) -> Any:
    part, _, rest = name.partition(".")
    return _at(body.get(part) or {}, rest) if rest else body.get(part)


def _put(body: dict[str, Any], name: str, value: Any) -> None:
    part, _, rest = name.partition(".")
    if rest:
        inner = dict(body.get(part) or {})
        _put(inner, rest, value)
        _put(body, part, inner or None)
    elif value is None:
        body.pop(part, None)
    else:
        body[part] = value


def _text(field: FieldSpec, value: Any) -> str:
    if value is None:
        return field.default
    match field.shape:
        case Shape.TRUTH:
            return "yes" if value else ""
        case Shape.LINES:
            return "\n".join(map(str, value))
        case _:
            return str(value)


def _value(field: FieldSpec, given: str) -> Any:
    match field.shape:
        case Shape.TRUTH:
            return bool(given)
        case Shape.LINES:
            return [line.strip() for line in given.splitlines() if line.strip()]
        case Shape.WHOLE if given.isascii() and given.isdigit():
            return int(given)
        case _:
            return given or None

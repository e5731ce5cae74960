"""What a decision was given, as a person reads it: each value with its kind, so that the page can write it as such.

The verdict of another decision is told by its own line, with the way to it; a list of records becomes a table; a number
is an amount of a currency, a percentage or a count by the name that policy gives it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from comptroller.application.presenting.codes import country, document_type, tax_category
from comptroller.application.presenting.words import Names, decision_title, verdict_of
from comptroller.application.views import GivenTable, GivenView, Percent
from comptroller.domain.kernel.money import Money

_OF_THE_DOCUMENT: Final = frozenset(
    {"taxable", "tax amount", "net", "difference", "document charges", "price difference", "gross"}
)
_OF_THE_GROUP: Final = frozenset(
    {
        "amount",
        "amount in group currency",
        "value",
        "over order value",
        "over receipt value",
        "probation limit",
        "price value",
    }
)
"""Limits and tolerances are measured in the group's currency."""


@dataclass(frozen=True, slots=True)
class Amounts:
    """The currencies that a decision's numbers are in; empty where none is known."""

    document: str = ""
    group: str = ""

    def of(self, name: str, value: Any, within: str = "") -> Any:
        """A value as the kind of thing that its name says it is; `within` names the list that it stands in."""
        if isinstance(value, str):
            return _coded(name, value)
        if not isinstance(value, Decimal):
            return value
        if "percent" in name or (name == "rate" and within == "tax rows"):
            return Percent(value)
        if within == "tax rows" and name == "amount":
            return Money(value, self.document) if self.document else value
        if name in _OF_THE_DOCUMENT and self.document:
            return Money(value, self.document)
        if (name in _OF_THE_GROUP or name.startswith("value of")) and self.group:
            return Money(value, self.group)
        return value


def _coded(name: str, value: str) -> str:
    """A code with its words."""
    if "category" in name:
        return tax_category(value)
    if name == "document type":
        return document_type(value)
    if name == "media type":
        return value.rpartition("/")[2].rpartition("+")[2].upper()
    return country(value) if name.endswith("country") else value


def given_views(names: Names, amounts: Amounts, inputs: Mapping[str, Any]) -> tuple[GivenView, ...]:
    """The inputs of a decision, in the order that they were recorded in."""
    return tuple(_given(names, amounts, name, value) for name, value in inputs.items())


def _given(names: Names, amounts: Amounts, name: str, value: Any) -> GivenView:
    match value:
        case {"outcome": str(outcome)}:
            word, standing = verdict_of(name, outcome)
            text = names.told(str(value.get("text") or ""))
            return GivenView(decision_title(name), text, verdict=word, standing=standing, decision=name)
        case [dict(), *_] if all(isinstance(item, dict) for item in value):
            return GivenView(_title(name), table=_table(names, amounts, name, value))
        case dict() if value:
            return GivenView(_title(name), table=_table(names, amounts, name, [value]))
        case _:
            return GivenView(_title(name), _plain(names, amounts.of(name, value)))


def _table(names: Names, amounts: Amounts, name: str, items: Sequence[Mapping[str, Any]]) -> GivenTable:
    """A record a row; where a record has more parts than there are records, a part a row."""
    columns = list(dict.fromkeys(key for item in items for key in item))
    rows = [[_plain(names, amounts.of(key, item.get(key), name)) for key in columns] for item in items]
    if len(columns) <= max(len(items), 5):
        return GivenTable(tuple(map(_title, columns)), tuple(map(tuple, rows)))
    head = [str(item.get("line") or place) for place, item in enumerate(items, start=1)]
    turned = tuple(zip(*rows, strict=True))
    if "line" in columns:
        turned = tuple(row for column, row in zip(columns, turned, strict=True) if column != "line")
        columns.remove("line")
    word = "line" if any("line" in item for item in items) else "no."
    titles = tuple(f"{word} {place}" for place in head) if len(items) > 1 or word == "line" else ("",)
    return GivenTable(("", *titles), tuple((_title(column), *row) for column, row in zip(columns, turned, strict=True)))


def _plain(names: Names, value: Any) -> Any:
    """A value with names in the place of keys; what is nested deeper is told in one line."""
    match value:
        case str():
            return names.told(value)
        case list():
            return tuple(_plain(names, item) for item in value)
        case dict():
            return names.told(str(value.get("text") or value.get("name") or value.get("reason") or "")) or tuple(
                f"{key} {_in_a_line(_plain(names, item))}" for key, item in value.items()
            )
        case _:
            return value


def _in_a_line(value: Any) -> str:
    """A value within a line of others, in words."""
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(_in_a_line, value)) or "none"
        case _:
            return str(value)


def _title(name: str) -> str:
    return re.sub(r"\bvat\b", "VAT", name)

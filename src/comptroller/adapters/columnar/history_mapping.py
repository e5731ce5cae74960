"""How the columns of a file are a history: which say what a case is, which are facts of its decisions.

[case]                       # what cases are told apart and summed by
id = "TRANS ID"
amount = "BILLING GROSS AMT"
unit = "directorate"
supplier = "MERCHANT NAME"
day = "TRANS DATE"

[facts]                      # a fact, or a place in one, and the column that it comes from
"amount" = "BILLING GROSS AMT"
"coding lines/0/amount" = "BILLING GROSS AMT"

[types]                      # columns of a CSV file that are no text; floats and points in time of a Parquet file
"BILLING GROSS AMT" = "decimal(2)"
"TRANS DATE" = "date"

[given]                      # a YAML file beside this one: the facts that all cases share
file = "facts.yaml"
"""

import tomllib
from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

import pyarrow as pa

from comptroller.domain.packs.alike import Leaf, Template

_CASE: Final = ("id", "amount", "unit", "supplier", "day")
_TABLES: Final = frozenset({"case", "facts", "types", "given"})
_TYPES: Final = {"date": pa.date32(), "truth": pa.bool_(), "text": pa.string()}
_DIGITS: Final = 18


class MappingRefused(Exception):
    """The mapping says nothing that can be used; the text says why."""


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """What the columns are; a column that is not named does not matter."""

    id: str
    amount: str
    unit: str
    supplier: str
    day: str
    facts: Mapping[str, str]  # place in a fact -> column
    types: Mapping[str, Any]  # column -> Arrow type, for files without types of their own
    given: str  # the file of the shared facts

    @property
    def columns(self) -> list[str]:
        """All columns that matter, each once."""
        return list(dict.fromkeys([self.id, self.amount, self.unit, self.supplier, self.day, *self.facts.values()]))

    def template(self, given: Mapping[str, Any]) -> dict[str, Template]:
        """The facts of a case: those that are given, with columns in their places."""
        facts: dict[str, Any] = deepcopy(dict(given))
        for place, column in self.facts.items():
            *way, last = place.split("/")
            target: Any = facts
            try:
                for step in way:
                    target = target[int(step)] if isinstance(target, list) else target[step]
                key: Any = int(last) if isinstance(target, list) else last
                if way:
                    target[key]
                target[key] = Leaf(column)
            except (KeyError, IndexError, ValueError, TypeError) as error:
                raise MappingRefused(f"the given facts have no place `{place}`") from error
        return facts

    def check_facts(self, known: Collection[str]) -> None:
        """Refuse a fact at which no decision of either version looks, naming those that are near by."""
        for place in self.facts:
            fact = place.split("/")[0]
            if fact not in known:
                near = ", ".join(f"`{each}`" for each in get_close_matches(fact, known, n=3))
                text = f"no decision of either version looks at the fact `{fact}`"
                raise MappingRefused(f"{text}; near to it: {near}" if near else text)


def read_mapping(content: bytes) -> HistoryMapping:
    """Read a mapping; raises `MappingRefused`."""
    try:
        tables = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise MappingRefused(f"the mapping is no TOML: {error}") from error
    unknown = sorted(set(tables) - _TABLES)
    if unknown or not all(isinstance(table, dict) for table in tables.values()):
        raise MappingRefused(f"a mapping has the tables {', '.join(sorted(_TABLES))}; unknown: {', '.join(unknown)}")
    case, facts, types = (tables.get(name, {}) for name in ("case", "facts", "types"))
    lacking = [name for name in _CASE if not isinstance(case.get(name), str)]
    if lacking or not facts or not all(isinstance(column, str) for column in facts.values()):
        raise MappingRefused(f"`case` names the columns {', '.join(_CASE)}, and `facts` at least one")
    used = [*(case[name] for name in _CASE), *facts.values()]
    unused = [column for column in types if column not in used]
    if unused:
        near = "".join(f", near to `{each}`" for each in get_close_matches(unused[0], used, n=1))
        raise MappingRefused(f"`types` names `{unused[0]}`, a column that neither `case` nor `facts` names{near}")
    return HistoryMapping(
        id=case["id"],
        amount=case["amount"],
        unit=case["unit"],
        supplier=case["supplier"],
        day=case["day"],
        facts=facts,
        types={column: _type(column, text) for column, text in types.items()},
        given=str(tables.get("given", {}).get("file", "")),
    )


def _type(column: str, text: Any) -> Any:
    if isinstance(text, str) and text.startswith("decimal(") and text.endswith(")") and text[8:-1].isdigit():
        return pa.decimal128(_DIGITS, int(text[8:-1]))
    if text not in _TYPES:
        raise MappingRefused(f"the column `{column}` is of no known type: decimal(2), date, truth or text")
    return _TYPES[text]

"""The plan of a table's sheet: which row and column holds what, and the keys by which it is found again.

Column A is hidden and says what each row is: a header's label or `rule` with the rule's id. The row `columns` is hidden
and says the same for each column. Rows and columns can therefore be moved, inserted and deleted freely.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionTable,
    Rule,
)

KEY_COLUMN: Final = 1
LABEL_COLUMN: Final = 2
FIRST_COLUMN: Final = 3

MODEL_SHEET: Final = "Model"
TABLE_KEY: Final = "table "
RULE_KEY: Final = "rule "
_TITLE_CHARACTERS_MAX: Final = 31


class Header(StrEnum):
    """The header rows of a sheet in their order; the values are their keys in the hidden column."""

    HIT_POLICY = "hit policy"
    AGGREGATION = "aggregation"
    ANSWER_TYPE = "type of the answer"
    COLUMNS = "columns"
    KIND = "column"
    NAME = "name"
    EXPRESSION = "expression"
    TYPE = "type"
    ALLOWED = "allowed values"
    DEFAULT = "default"


class Kind(StrEnum):
    """What a column holds."""

    INPUT = "input"
    OUTPUT = "output"
    ANNOTATION = "annotation"


HEADER_ROWS: Final = {header: row for row, header in enumerate(Header, 2)}
"""Where the header rows are written; below the title, above the rules."""

FIRST_RULE_ROW: Final = len(Header) + 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: where it stands, and which column of its kind it was when the book was written."""

    position: int
    kind: Kind
    source: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table stands: its key, the name of the decision or business knowledge model, and its sheet's name."""

    key: str
    owner: str
    sheet: str


def places(keys: Sequence[tuple[str, Decision | BusinessKnowledgeModel]]) -> Iterator[Place]:
    """Give each table a sheet name that Excel accepts and no other sheet has, whatever the case of its letters."""
    taken = {MODEL_SHEET.casefold(), "history"}
    for key, owner in keys:
        plain = "".join(" " if letter in "[]:*?/\\" or not letter.isprintable() else letter for letter in owner.name)
        plain = " ".join(plain.split()).strip("'") or "table"
        name = plain[:_TITLE_CHARACTERS_MAX].strip(" '") or "table"
        number = 1
        while name.casefold() in taken:
            number += 1
            suffix = f" ({number})"
            name = plain[: _TITLE_CHARACTERS_MAX - len(suffix)].strip() + suffix
        taken.add(name.casefold())
        yield Place(key, owner.name, name)


def rule_keys(rules: Sequence[Rule]) -> list[str]:
    """Keys of a table's rules: the id, or the place of a rule whose id is unstated or shared."""
    shared = Counter(rule.id for rule in rules)
    return [
        RULE_KEY + (rule.id if rule.id and shared[rule.id] == 1 and not rule.id.startswith("#") else f"#{number}")
        for number, rule in enumerate(rules, 1)
    ]


def column_keys(table: DecisionTable) -> dict[tuple[Kind, int], str]:
    """Keys of a table's columns by kind and place, each with the column's id to read."""
    keys = {}
    for number, clause in enumerate(table.inputs):
        keys[Kind.INPUT, number] = f"{Kind.INPUT} {number + 1} {clause.id}".strip()
    for number, output in enumerate(table.outputs):
        keys[Kind.OUTPUT, number] = f"{Kind.OUTPUT} {number + 1} {output.id}".strip()
    annotations = max([len(table.annotations), *(len(rule.annotations) for rule in table.rules)])
    for number in range(annotations):
        keys[Kind.ANNOTATION, number] = f"{Kind.ANNOTATION} {number + 1}"
    return keys

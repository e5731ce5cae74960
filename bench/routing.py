"""The decision that the benches take: who approves a document, by amount, category, unit, risk and country.

A table is made of plain data, so that every engine gets it in its own words and a hand-written function gets the same
thresholds. A grid splits each column into even parts, a rule for every combination. An irregular table either cuts the
whole space at random until there are enough pieces (no two rules overlap: UNIQUE), or throws random intervals and lists
over one another with many free cells and a last rule for the rest (FIRST).
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Final, NamedTuple

SIZES: Final = (12, 100, 1_000, 10_000)
POLICIES: Final = ("FIRST", "UNIQUE")
SHAPES: Final = ("grid", "irregular")
OUTPUTS: Final = ("role", "level", "hours")


class Interval(NamedTuple):
    """A cell over numbers: `low` belongs to it, `high` does not; None is open."""

    low: int | None
    high: int | None


Cell = Interval | tuple[str, ...] | None
"""What a rule asks of a column: an interval, one of some texts, or nothing."""


class Row(NamedTuple):
    """A rule: its cells in the order of the columns, then what it gives."""

    cells: tuple[Cell, ...]
    role: str
    level: int
    hours: int

    @property
    def outputs(self) -> dict[str, str | int]:
        """What the rule gives, by name."""
        return {"role": self.role, "level": self.level, "hours": self.hours}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, and the texts that occur in it or (of a number) the bound below which its values lie."""

    name: str
    texts: tuple[str, ...] = ()
    bound: int = 0


COLUMNS: Final = (
    Column("amount", bound=1_000_000),
    Column("category", tuple(f"category {letter}" for letter in "ABCDEFGHIJ")),
    Column("unit", ("plant", "sales", "research", "services", "holding")),
    Column("risk", bound=100),
    Column("country", ("DE", "FR", "PL", "US")),
)
_PARTS: Final = {
    12: (3, 2, 2, 1, 1),
    100: (5, 5, 2, 2, 1),
    1_000: (10, 5, 5, 2, 2),
    10_000: (10, 10, 5, 5, 4),
}
_FREE: Final = 0.2
"""The share of free cells where rules are thrown over one another."""

_ROLES: Final = ("team lead", "head of unit", "controller", "managing director", "board")


@dataclass(frozen=True, slots=True)
class Routing:
    """One table of the bench."""

    size: int
    shape: str
    policy: str
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The table in a figure's name: UNIQUE is said, FIRST is not."""
        return f"{self.size}/{self.shape}" + ("-unique" if self.policy == "UNIQUE" else "")


def routing(size: int, shape: str, policy: str) -> Routing:
    """Make a table; the same words give the same table."""
    chance = random.Random(f"{size} {shape} {policy}")
    if shape == "grid":
        cells = list(_grid(_PARTS[size]))
    elif policy == "UNIQUE":
        cells = _pieces(size, chance)
    else:
        cells = [*(_scattered(chance) for _ in range(size - 1)), (None,) * len(COLUMNS)]
    rows = (
        Row(row, f"{_ROLES[number % len(_ROLES)]} {number % 97}", number % 7 + 1, number % 11 * 8)
        for number, row in enumerate(cells)
    )
    return Routing(size, shape, policy, tuple(rows))


def cases(count: int) -> list[dict[str, Decimal | str]]:
    """Make so many different documents, every one of which some rule of any table speaks of."""
    chance = random.Random(count)
    made = []
    for _ in range(count):
        case: dict[str, Decimal | str] = {}
        for column in COLUMNS:
            if column.texts:
                case[column.name] = chance.choice(column.texts)
            elif column.name == "amount":  # small amounts are the commonest
                case[column.name] = Decimal(int(column.bound * 100 * chance.random() ** 2)).scaleb(-2)
            else:
                case[column.name] = Decimal(chance.randrange(column.bound))
        made.append(case)
    return made


def _grid(parts: Sequence[int]) -> Iterator[tuple[Cell, ...]]:
    return product(*(_split(column, count) for column, count in zip(COLUMNS, parts, strict=True)))


def _split(column: Column, count: int) -> list[Cell]:
    if column.texts:
        size = -(-len(column.texts) // count)
        return [column.texts[first : first + size] for first in range(0, len(column.texts), size)]
    bounds = [column.bound * place // count for place in range(1, count)]
    if not bounds:
        return [None]
    return [Interval(low, high) for low, high in zip([None, *bounds], [*bounds, None], strict=True)]


def _pieces(size: int, chance: random.Random) -> list[tuple[Cell, ...]]:
    """Cut the whole space until there are so many pieces; a cell that was never cut is free."""
    pieces: list[tuple[Cell, ...]] = [(None,) * len(COLUMNS)]
    while len(pieces) < size:
        place = chance.randrange(len(pieces))
        column = chance.randrange(len(COLUMNS))
        halves = _cut(COLUMNS[column], pieces[place][column], chance)
        if halves is not None:
            row = pieces[place]
            pieces[place : place + 1] = [(*row[:column], half, *row[column + 1 :]) for half in halves]
    chance.shuffle(pieces)
    return pieces


def _cut(column: Column, cell: Cell, chance: random.Random) -> tuple[Cell, Cell] | None:
    if column.texts:
        texts = list(column.texts if cell is None else cell)
        if len(texts) < 2:
            return None
        chance.shuffle(texts)
        at = chance.randrange(1, len(texts))
        return tuple(map(str, texts[:at])), tuple(map(str, texts[at:]))
    low, high = cell if isinstance(cell, Interval) else (None, None)
    first, last = (low or 0) + 1, (high or column.bound) - 1
    if first > last:
        return None
    at = chance.randint(first, last)
    return Interval(low, at), Interval(at, high)


def _scattered(chance: random.Random) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for column in COLUMNS:
        if chance.random() < _FREE:
            cells.append(None)
        elif column.texts:
            cells.append(tuple(chance.sample(column.texts, chance.randint(1, 2))))
        else:
            low = int(column.bound * chance.random() ** 2)
            high = low + max(1, int(column.bound * chance.random() / 20))
            cells.append(Interval(low, None if high >= column.bound else high))
    return tuple(cells)


def feel_cell(cell: Cell) -> str:
    """A cell in FEEL; empty where it is free."""
    match cell:
        case None:
            return ""
        case Interval(low=None, high=high):
            return f"< {high}"
        case Interval(low=low, high=None):
            return f">= {low}"
        case Interval(low=low, high=high):
            return f"[{low}..{high})"
    return ",".join(f'"{text}"' for text in cell)


def dmn_model(table: Routing, *, annotated: bool = True) -> bytes:
    """The table as a DMN 1.5 model whose decision is named `routing`."""
    inputs = "".join(
        f'<inputData id="i_{column.name}" name="{column.name}">'
        f'<variable name="{column.name}" typeRef="{_type(column)}"/></inputData>'
        for column in COLUMNS
    )
    required = "".join(
        f'<informationRequirement id="q_{column.name}"><requiredInput href="#i_{column.name}"/>'
        "</informationRequirement>"
        for column in COLUMNS
    )
    columns = "".join(
        f'<input id="c_{column.name}"><inputExpression id="e_{column.name}" typeRef="{_type(column)}">'
        f"<text>{column.name}</text></inputExpression></input>"
        for column in COLUMNS
    ) + "".join(
        f'<output id="o_{name}" name="{name}" typeRef="{"string" if name == "role" else "number"}"/>'
        for name in OUTPUTS
    )
    rules = "".join(_dmn_rule(number, row, annotated=annotated) for number, row in enumerate(table.rows, 1))
    annotation = '<annotation name="text"/>' if annotated else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="routing" namespace="urn:bench">'
        f'{inputs}<decision id="routing" name="routing"><variable name="routing"/>{required}'
        f'<decisionTable id="t" hitPolicy="{table.policy}">{columns}{annotation}{rules}</decisionTable>'
        "</decision></definitions>"
    ).encode()


def _dmn_rule(number: int, row: Row, *, annotated: bool) -> str:
    inputs = "".join(
        f'<inputEntry id="r{number}_{place}"><text>{_escaped(feel_cell(cell)) or "-"}</text></inputEntry>'
        for place, cell in enumerate(row.cells)
    )
    outputs = "".join(
        f'<outputEntry id="r{number}_{name}"><text>{f"{chr(34)}{value}{chr(34)}" if name == "role" else value}</text>'
        "</outputEntry>"
        for name, value in row.outputs.items()
    )
    note = f"<annotationEntry><text>clause {number}</text></annotationEntry>" if annotated else ""
    return f'<rule id="r{number}">{inputs}{outputs}{note}</rule>'


def _type(column: Column) -> str:
    return "string" if column.texts else "number"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

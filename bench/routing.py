"""Approval routing in any size: amount, category, unit, risk and country to role, level and hours, as a DMN model.

Regular tables are a grid. Irregular ones cut the space of all cases again and again, each time one random box along one
random side, so that no two rules share their limits; with FIRST, rules also reach into their neighbours.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final
from xml.sax.saxutils import escape

import numpy as np
import pyarrow as pa

CATEGORIES: Final = (
    "travel,catering,furniture,vehicles,software,hardware,IT services,consulting,legal advice,audit,training,"
    "temporary staff,freight,customs,energy,water,waste disposal,rent,cleaning,security,advertising,print,"
    "raw material,packaging"
).split(",")
UNITS: Final = [f"U-{number}" for number in range(1001, 1041)]
RISKS: Final = ["low", "medium", "high", "critical"]
COUNTRIES: Final = (
    "AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK".split()
)
TEXTS: Final = {"category": CATEGORIES, "unit": UNITS, "risk": RISKS, "country": COUNTRIES}
OUTPUTS: Final = ("role", "level", "hours")
AMOUNT_MAX: Final = 1_000_000_00  # in cents

_GRIDS: Final = {
    12: (3, 2, 2, 1, 1),
    100: (5, 5, 2, 1, 2),
    1_000: (10, 5, 5, 2, 2),
    10_000: (20, 5, 5, 4, 5),
}
_ROLES: Final = [
    "clerk", "team lead", "department head", "controller", "treasurer", "division head", "chief financial officer",
    "managing director", "supervisory board",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the amounts from `low` (inclusive) to `high` (exclusive), in cents, and the texts of each column."""

    low: int
    high: int
    texts: tuple[tuple[str, ...], ...]
    role: str = ""
    level: int = 0
    hours: str = ""


def rules(count: int, *, irregular: bool, hit_policy: str, seed: int = 1) -> list[Rule]:
    """The rules of a table; those of a table of hit policy UNIQUE exclude each other."""
    random = Random(seed)
    found = _irregular(count, random) if irregular else list(_grid(_GRIDS[count]))
    if irregular and hit_policy == "FIRST":
        found = [_widened(rule, random) for rule in found]
    return [
        replace(
            rule,
            role=_ROLES[random.randrange(len(_ROLES))],
            level=random.randrange(1, 8),
            hours=f"{random.randrange(1, 400)}.{random.randrange(4) * 25:02}",
        )
        for rule in found
    ]


def _grid(sizes: tuple[int, ...]) -> Iterator[Rule]:
    limits = [0, *(round(100 * 10_000 ** (step / sizes[0])) * 100 for step in range(1, sizes[0])), AMOUNT_MAX]
    parts = [
        [tuple(part) for part in np.array_split(np.array(words, object), size)]
        for words, size in zip(TEXTS.values(), sizes[1:], strict=True)
    ]
    for low, high in zip(limits, limits[1:], strict=False):
        for category in parts[0]:
            for unit in parts[1]:
                for risk in parts[2]:
                    for country in parts[3]:
                        yield Rule(low, high, (category, unit, risk, country))


def _irregular(count: int, random: Random) -> list[Rule]:
    boxes = [Rule(0, AMOUNT_MAX, tuple(map(tuple, TEXTS.values())))]
    while len(boxes) < count:
        box = boxes.pop(random.randrange(len(boxes)))
        boxes += _halves(box, random)
    random.shuffle(boxes)
    return boxes


def _halves(box: Rule, random: Random) -> list[Rule]:
    sides = [place for place, words in enumerate(box.texts) if len(words) > 1]
    side = random.choice([-1, *sides])
    if side < 0:
        if box.high - box.low < 2:
            return _halves(box, random) if sides else [box]
        # amounts are spread over orders of magnitude, and so are their limits
        cut = round((box.low + 100) * ((box.high + 100) / (box.low + 100)) ** random.uniform(0.2, 0.8)) - 100
        cut = min(max(cut, box.low + 1), box.high - 1)
        return [replace(box, high=cut), replace(box, low=cut)]
    words = list(box.texts[side])
    random.shuffle(words)
    middle = random.randrange(1, len(words))
    return [
        replace(box, texts=(*box.texts[:side], tuple(sorted(part)), *box.texts[side + 1 :]))
        for part in (words[:middle], words[middle:])
    ]


def _widened(rule: Rule, random: Random) -> Rule:
    """A rule that reaches into its neighbours now and then."""
    texts = tuple(
        tuple(sorted({*words, random.choice(every)})) if random.random() < 0.2 else words
        for words, every in zip(rule.texts, TEXTS.values(), strict=True)
    )
    high = min(AMOUNT_MAX, rule.high + rule.high // 20) if random.random() < 0.2 else rule.high
    return replace(rule, high=high, texts=texts)


def table(count: int, *, irregular: bool, hit_policy: str) -> bytes:
    """The DMN model, whose one decision is `routing`."""
    written = "".join(_rule(rule) for rule in rules(count, irregular=irregular, hit_policy=hit_policy))
    names = ("amount", *TEXTS)
    types = ("number", *["string"] * len(TEXTS))
    inputs = "".join(
        f'<inputData id="i-{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/></inputData>'
        for name, kind in zip(names, types, strict=True)
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i-{name}"/></informationRequirement>' for name in names
    )
    columns = "".join(
        f'<input><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression></input>'
        for name, kind in zip(names, types, strict=True)
    )
    outputs = "".join(
        f'<output name="{name}" typeRef="{kind}"/>'
        for name, kind in zip(OUTPUTS, ("string", "number", "number"), strict=True)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="routing" namespace="urn:routing">'
        f'{inputs}<decision id="routing" name="routing"><variable name="routing"/>{needs}'
        f'<decisionTable hitPolicy="{hit_policy}">{columns}{outputs}{written}</decisionTable></decision></definitions>'
    ).encode()


def _rule(rule: Rule) -> str:
    cells = [amount_cell(rule), *(text_cell(words, every) for words, every in columns_of(rule))]
    entries = [f'"{rule.role}"', str(rule.level), rule.hours]
    return (
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells)
        + "".join(f"<outputEntry><text>{escape(entry)}</text></outputEntry>" for entry in entries)
        + "</rule>"
    )


def columns_of(rule: Rule) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """For each column of texts, the rule's own and all that there are."""
    return zip(rule.texts, TEXTS.values(), strict=True)


def amount_cell(rule: Rule) -> str:
    """The unary test of the amounts."""
    return f"[{_plain(rule.low)}..{_plain(rule.high)})"


def text_cell(words: tuple[str, ...], every: list[str]) -> str:
    """The unary test of some texts; of all but a few, what it is not."""
    if len(words) == len(every):
        return "-"
    if len(words) > len(every) * 3 // 4:
        return f"not({_listed(word for word in every if word not in words)})"
    return _listed(words)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


def _plain(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def rows(count: int, seed: int = 7) -> Any:
    """So many cases as an Arrow record batch: amounts over all orders of magnitude, texts that the tables know."""
    random = np.random.default_rng(seed)
    cents = np.exp(random.uniform(0, np.log(AMOUNT_MAX - 100), count)).astype(np.int64)
    words = np.zeros((count, 2), np.int64)
    words[:, 0] = cents
    amounts = pa.Array.from_buffers(pa.decimal128(18, 2), count, [None, pa.py_buffer(words.tobytes())])
    texts = [
        pa.array(every).take(pa.array(random.integers(0, len(every), count, np.int32))) for every in TEXTS.values()
    ]
    return pa.RecordBatch.from_arrays([amounts, *texts], names=["amount", *TEXTS])

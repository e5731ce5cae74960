"""Fuzzes models: arbitrary bytes, and models whose XML was changed, loaded and then asked for every decision.

Nothing may escape from loading, deciding and explaining, whatever the inputs are.

    python -m tests.soak.dmn_fuzz --budget 1200 [--seed 1] [--work DIR] [--json]
"""

import random
import sys
from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from lxml import etree
from tests.soak import fuzzing
from tests.soak.feel_fuzz import mutate as mutate_text

from comptroller import dmn
from comptroller.domain.feel import Value, admit

NAME: Final = "dmn_fuzz"
NOW: Final = datetime(2026, 3, 27, 12, 30, tzinfo=UTC)
LINES: Final[Value] = admit([{"net amount": 10, "kind": "A"}, {"net amount": 95, "kind": "C"}, None])
GIVEN: Final[tuple[Mapping[str, Value], ...]] = (
    {},
    {
        "lines": admit([{"net amount": 10, "kind": "A"}]),
        "rate": Decimal("0.19"),
        "n": Decimal(2),
        "day": date(2026, 1, 1),
    },
    {"lines": LINES, "rate": 7, "n": [Decimal(1)], "day": NOW},
    {"lines": "text", "rate": None, "n": {"item": Decimal("1e6000")}, "day": True},
)
_ATTRIBUTES: Final = {
    "hitPolicy": ("UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT", "x"),
    "aggregation": ("SUM", "MIN", "MAX", "COUNT"),
    "kind": ("FEEL", "Java", "PMML"),
    "isCollection": ("true", "false"),
    "typeRef": ("number", "string", "Any", "tLine", "tLines", "tKind", "date", "context", "none"),
}


def attempt(data: bytes) -> None:
    """Load a model and ask it for all that it offers."""
    model = dmn.load(data)
    for inputs in GIVEN:
        outcomes = [model.decide(name, inputs, NOW) for name in model.decision_names]
        outcomes += [model.invoke(name, inputs, NOW) for name in model.service_names]
        for name, outcome in zip((*model.decision_names, *model.service_names), outcomes, strict=True):
            for step in outcome.explanation:
                step.to_json()
            outcome.why_not(name, "r1")


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change a model: an element is left out, doubled, moved or renamed, a text or an attribute is another."""
    try:
        root = etree.fromstring(data)
    except (etree.XMLSyntaxError, ValueError):
        return mutate_text(data, chance)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    chosen, other = chance.choice(elements), chance.choice(elements)
    texts = [element for element in elements if element.text and element.text.strip()] or elements
    parent = chosen.getparent()
    match chance.randrange(8):
        case 0 if parent is not None:
            parent.remove(chosen)
        case 1 if parent is not None:
            chosen.addnext(deepcopy(chosen))
        case 2:
            other.append(deepcopy(chosen))
        case 3:
            chosen.tag = other.tag
        case 4:
            _change_attribute(chosen, other, chance)
        case _:
            text = chance.choice(texts)
            changed = mutate_text((text.text or "").encode(), chance).decode("utf-8", "replace")
            text.text = "".join(character for character in changed if character >= " " and character < "\ufffe")
    return etree.tostring(root)


def _change_attribute(chosen: etree._Element, other: etree._Element, chance: random.Random) -> None:
    names = [*map(str, chosen.attrib), *_ATTRIBUTES]
    name = chance.choice(names)
    values = [*_ATTRIBUTES.get(name, ()), *map(str, other.attrib.values()), "", f"#{other.get('id', 'x')}"]
    chosen.set(name, chance.choice(values))


if __name__ == "__main__":
    sys.exit(fuzzing.main(NAME))

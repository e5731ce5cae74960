"""docs/bpmn-support.md says of each element what the reader does with it."""

import re
from collections import Counter
from pathlib import Path

from comptroller.adapters.bpmn_xml.vocabulary import EXTENSION_ATTRIBUTES, SUPPORT

PAGE = (Path(__file__).parents[3] / "docs" / "bpmn-support.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([a-z ]+) \|(.*)\|$", PAGE, re.MULTILINE)


def test_the_page_lists_every_element_once_with_its_state() -> None:
    assert {name: state for name, state, _ in ROWS} == {name: state.value for name, state in SUPPORT.items()}
    assert not [name for name, times in Counter(name for name, *_ in ROWS).items() if times > 1]


def test_the_page_names_every_attribute_of_ours() -> None:
    named = set(re.findall(r"`(\w+)(?:=\"[\w-]+\")?`", PAGE))
    assert {own for attributes in EXTENSION_ATTRIBUTES.values() for own in attributes} <= named

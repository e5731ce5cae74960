"""The page `docs/dmn-support.md` says of each element and each fault what the code does."""

import re
from pathlib import Path

import pytest
from lxml import etree
from tests.unit.adapters.dmn_xml.test_dmn_writing import KIT, needs_kit

from comptroller.adapters.dmn_xml.expressions import EXPRESSIONS

ROOT = Path(__file__).parents[4]
SOURCE = ROOT / "src" / "comptroller"
PAGE = (ROOT / "docs" / "dmn-support.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| `")]
ELEMENTS = {row[0].strip("`"): row[1].rstrip(" |") for row in ROWS if not row[0].startswith("`DMN-")}
CODES = {row[0].strip("`"): row[1] for row in ROWS if row[0].startswith("`DMN-")}
READER = "\n".join((SOURCE / "adapters" / "dmn_xml" / f"{name}.py").read_text() for name in ("reading", "expressions"))
FACES = {"DMNElement", "artifact", "businessContextElement", "drgElement", "expression", "invocable", "namedElement"}
"""Elements of the schema that never stand in a file themselves."""


def mentioned(pattern: str, text: str) -> set[str]:
    return set(re.findall(pattern, text))


LOOKED_FOR = (
    mentioned(r'(?:all|one|text|references|_required_child|_iterator)\([^"\n]*"(\w+)"\)', READER)
    | mentioned(r'case "(\w+)":', READER)
    | set(EXPRESSIONS)
    | {"definitions", "text"}
)
REFUSED_WHERE_FOUND = {"importedValues"}


def test_every_fault_that_reading_and_compiling_know_is_on_the_page() -> None:
    files = [
        *(SOURCE / "adapters" / "dmn_xml").glob("*.py"),
        *(
            SOURCE / "domain" / "decisions" / f"{name}.py"
            for name in (
                "compiler",
                "expressions",
                "hit_policies",
                "item_types",
                "requirements",
                "run",
                "table_compiler",
                "tables",
                "vocabulary",
            )
        ),
    ]
    known = mentioned(r'"(DMN-[A-Z]+-\d\d)"', "\n".join(file.read_text(encoding="utf-8") for file in files))
    assert set(CODES) == known
    assert set(CODES.values()) == {"error", "warning", "information"}
    everywhere = "\n".join(file.read_text(encoding="utf-8") for file in SOURCE.rglob("*.py"))
    assert mentioned(r"DMN-[A-Z]+-\d\d", PAGE) <= mentioned(r"DMN-[A-Z]+-\d\d", everywhere)


@pytest.mark.parametrize("element", sorted(ELEMENTS))
def test_what_is_evaluated_is_read_and_what_is_kept_is_not(element: str) -> None:
    assert (element in LOOKED_FOR) is (ELEMENTS[element] == "evaluated" or element in REFUSED_WHERE_FOUND)


@needs_kit
@pytest.mark.conformance
def test_every_element_of_the_schema_is_on_the_page() -> None:
    schema = etree.parse(KIT / "DMN15.xsd")
    names = {element.get("name") for element in schema.iter("{http://www.w3.org/2001/XMLSchema}element")} - {None}
    assert set(ELEMENTS) == names - FACES

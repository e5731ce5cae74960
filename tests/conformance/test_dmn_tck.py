"""The OMG's DMN Technology Compatibility Kit: every test case that is listed as passing must pass.

The list `dmn_tck_passing.txt` may only grow: a case that passes and is not listed fails here until it is entered. Run
this file as a program to print the list as it should be. Numbers count as equal within 1e-8, as in the kit's own
runner; a result marked as an error must be null.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from comptroller import dmn
from comptroller.domain.feel import Value, parse_temporal

PASSING: Final = Path(__file__).with_name("dmn_tck_passing.txt")
NAMESPACE: Final = "{http://www.omg.org/spec/DMN/20160719/testcase}"
INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
TOLERANCE: Final = Decimal("1e-8")
NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A test case: where it stands, what it gives and what it expects of each result node."""

    name: str
    model: Path
    service: str
    inputs: Mapping[str, Value]
    expected: tuple[tuple[str, etree._Element | None, bool], ...]

    def complaints(self) -> Iterator[str]:
        """What the engine answers otherwise than expected."""
        model = _load(self.model)
        for node, expected, is_error in self.expected:
            if self.service:
                value = model.invoke(self.service, self.inputs, NOW).value
                if len(self.expected) > 1 and isinstance(value, dict):
                    value = value.get(node)
            else:
                value = model.decide(node, self.inputs, NOW).value
            if not (value is None if is_error or expected is None else _same(_given(expected), value)):
                yield f"{node}: {value!r}"


def cases() -> Iterator[Case]:
    """Every test case of the kit; none when the kit is not there."""
    data = os.environ.get("CONFORMANCE_DATA")
    if not data:
        return
    kit = Path(data) / "dmn-tck"
    for file in sorted(kit.glob("compliance-level-*/*/*.xml")):
        root = etree.parse(file).getroot()
        model = file.parent / (root.findtext(f"{NAMESPACE}modelName") or "").strip()
        seen: dict[str, int] = {}
        for element in root.iterfind(f"{NAMESPACE}testCase"):
            name = f"{file.parent.parent.name}/{file.stem}/{element.get('id')}"
            seen[name] = seen.get(name, 0) + 1
            yield _case(name if seen[name] == 1 else f"{name} ({seen[name]})", model, element)


def _case(name: str, model: Path, element: etree._Element) -> Case:
    service = element.get("invocableName") or "" if element.get("type") == "decisionService" else ""
    return Case(
        name=name,
        model=model,
        service=service,
        inputs={node.get("name") or "": _given(node) for node in element.iterfind(f"{NAMESPACE}inputNode")},
        expected=tuple(
            (node.get("name") or "", node.find(f"{NAMESPACE}expected"), node.get("errorResult") == "true")
            for node in element.iterfind(f"{NAMESPACE}resultNode")
        ),
    )


@lru_cache(maxsize=4)
def _load(path: Path) -> dmn.Model:
    return dmn.load(path, sorted(other for other in path.parent.glob("*.dmn") if other != path))


def _given(element: etree._Element) -> Value:
    """The value that an element of the kit's value type stands for."""
    if (value := element.find(f"{NAMESPACE}value")) is not None:
        return _simple(value)
    if (listed := element.find(f"{NAMESPACE}list")) is not None:
        return None if _is_nil(listed) else [_given(item) for item in listed.iterfind(f"{NAMESPACE}item")]
    components = element.findall(f"{NAMESPACE}component")
    return {component.get("name") or "": _given(component) for component in components} if components else None


def _is_nil(element: etree._Element) -> bool:
    return element.get(f"{INSTANCE}nil") == "true"


def _simple(element: etree._Element) -> Value:
    if _is_nil(element):
        return None
    text = element.text or ""
    match (element.get(f"{INSTANCE}type") or "").rpartition(":")[2]:
        case "decimal" | "double" | "integer" | "float":
            return Decimal(text.strip())
        case "boolean":
            return text.strip() == "true"
        case "date" | "time" | "dateTime" | "duration":
            return parse_temporal(text.strip())
    return text


def _same(expected: Value, value: Value) -> bool:
    if isinstance(expected, Decimal) and isinstance(value, Decimal):
        return abs(expected - value) <= TOLERANCE
    if isinstance(expected, list):
        return (
            isinstance(value, list)
            and len(expected) == len(value)
            and all(_same(*pair) for pair in zip(expected, value, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(value, dict)
            and expected.keys() == value.keys()
            and all(_same(entry, value[name]) for name, entry in expected.items())
        )
    return expected.__class__ is value.__class__ and expected == value


def _listed() -> frozenset[str]:
    return frozenset(PASSING.read_text(encoding="utf-8").splitlines())


CASES: Final = tuple(cases())

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not CASES, reason="set CONFORMANCE_DATA to the directory that holds dmn-tck"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    complaints = list(case.complaints())
    if case.name in _listed():
        assert complaints == []
    elif complaints:
        pytest.xfail("not yet listed as passing: " + "; ".join(complaints))
    else:
        pytest.fail(f"passes and is not listed: enter `{case.name}` in {PASSING.name}")


def test_every_listed_case_is_in_the_kit() -> None:
    assert _listed() - {case.name for case in CASES} == frozenset()


if __name__ == "__main__":
    for passing in CASES:
        if not any(passing.complaints()):
            sys.stdout.write(passing.name + "\n")

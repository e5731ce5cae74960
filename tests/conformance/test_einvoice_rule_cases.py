"""The published test sets of EN 16931: each case names a rule that must or must not break on a (bare) document.

The engine `standard` agrees with every case. The engine `canonical` alone agrees with every BR-CO case and with all
others but those listed in `einvoice_canonical_open.txt`, which may only get shorter.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from comptroller.adapters.einvoice import check

pytestmark = pytest.mark.conformance

ROOT: Final = os.environ.get("CONFORMANCE_DATA", "")
KIT: Final = Path(ROOT) / "einvoice"
MISSING: Final = pytest.param(None, marks=pytest.mark.skip(reason="CONFORMANCE_DATA names no directory"))
SET: Final = "{http://difi.no/xsd/vefa/validator/1.0}"
OPEN: Final = {
    line.partition("\t")[0]
    for line in Path(__file__).with_name("einvoice_canonical_open.txt").read_text().splitlines()
    if line
}

Case = dict[str, Any]


@cache
def cases() -> list[Case]:
    """Every case about a business rule of the standard."""
    if not ROOT:
        return []
    return [case for case in json.loads((KIT / "rule_cases.json").read_text()) if case["rule"].startswith("BR-")]


def name_of(case: Case) -> str:
    return f"{case['file'].removeprefix('en16931/test/')}#{case['test']}:{case['rule']}:{case['expect']}"


def parameters() -> list[Any]:
    return [pytest.param(case, id=name_of(case)) for case in cases()] or [MISSING]


def document_of(case: Case) -> bytes:
    test = etree.parse(KIT / case["file"]).getroot().findall(f"{SET}test")[case["test"]]
    return etree.tostring(next(part for part in test.iterchildren(etree.Element) if not str(part.tag).startswith(SET)))


def agrees(case: Case, engine: str) -> bool:
    codes = {fault.code for fault in check(document_of(case), engine=engine).faults}
    return (case["rule"] in codes) is (case["expect"] != "success")


def test_the_kit_is_whole() -> None:
    if not ROOT:
        pytest.skip("CONFORMANCE_DATA names no directory")
    assert len(cases()) == 583


@pytest.mark.parametrize("case", parameters())
def test_the_standard_engine_agrees(case: Case) -> None:
    assert agrees(case, "standard")


@pytest.mark.parametrize("case", parameters())
def test_the_canonical_engine_agrees_or_the_case_is_listed(case: Case) -> None:
    assert agrees(case, "canonical") is (name_of(case) not in OPEN)


def test_no_arithmetic_or_condition_is_open() -> None:
    assert [name for name in OPEN if ":BR-CO-" in name] == []

"""Models of others: each is read, and every element of it that is not executed is a fault.

`bpmn_faults.txt` lists the codes of the errors that each file has here, with how many there are. Run this file as a
program to print the list as it should be.
"""

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from lxml import etree

from comptroller.adapters.bpmn_xml import read
from comptroller.adapters.bpmn_xml.vocabulary import MODEL, SUPPORT, Support
from comptroller.domain.kernel.fault import Severity

FAULTS: Final = Path(__file__).with_name("bpmn_faults.txt")
DATA: Final = Path(os.environ.get("CONFORMANCE_DATA", "/nowhere"))
FILES: Final = sorted(
    path.relative_to(DATA).as_posix() for name in ("bpmn_miwg", "camunda_dmn") for path in (DATA / name).rglob("*.bpmn")
)

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not FILES, reason="set CONFORMANCE_DATA to the directory that holds bpmn_miwg"),
]


def codes(file: str) -> str:
    """The codes of a file's errors with how often each is told."""
    _, faults = read((DATA / file).read_bytes())
    found = Counter(fault.code for fault in faults if fault.severity is Severity.ERROR)
    return " ".join(f"{code}*{times}" for code, times in sorted(found.items()))


@pytest.mark.parametrize("file", FILES)
def test_a_model_has_the_faults_that_are_listed(file: str) -> None:
    listed = dict(line.split(": ", 1) for line in FAULTS.read_text(encoding="utf-8").splitlines())
    assert codes(file) == listed[file]


@pytest.mark.parametrize("file", FILES)
def test_every_element_that_is_not_executed_is_a_fault(file: str) -> None:
    content = (DATA / file).read_bytes()
    told = {fault.path for fault in read(content)[1]}
    for element in etree.fromstring(content).iter(f"{MODEL}*"):
        name = etree.QName(element).localname
        is_vendor_s = any(True for _ in element.iterancestors(f"{MODEL}extensionElements"))
        if is_vendor_s or SUPPORT.get(name) in {Support.EXECUTED, Support.READ_ONLY}:
            continue
        places = [str(each.get("id") or f"line {each.sourceline}") for each in (element, *element.iterancestors())]
        assert told & set(places[:4]), f"`{name}` ({places[0]}) is passed over"


def test_every_model_is_listed() -> None:
    listed = [line.split(": ", 1)[0] for line in FAULTS.read_text(encoding="utf-8").splitlines()]
    assert listed == FILES


if __name__ == "__main__":
    sys.stdout.write("".join(f"{file}: {codes(file)}\n" for file in FILES))

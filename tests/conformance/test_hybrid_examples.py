"""Every PDF of the outside kits: its invoice read with the totals of the kit's truth, to be keyed, or refused by code.

`hybrid_explained.txt` lists what is not simply read (file, what, why; tab-separated). An explanation that is no longer
needed fails, too.
"""

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from comptroller.adapters.einvoice import check, read

pytestmark = pytest.mark.conformance

ROOT: Final = os.environ.get("CONFORMANCE_DATA", "")
MISSING: Final = pytest.param("", marks=pytest.mark.skip(reason="CONFORMANCE_DATA names no directory"))
EXPLAINED: Final = {
    file: what
    for file, what, _ in (
        line.split("\t") for line in Path(__file__).with_name("hybrid_explained.txt").read_text().splitlines() if line
    )
}
TRUTH_NAMES: Final = {"line_sum": "line_net", "net": "net", "tax": "tax", "gross": "gross", "payable": "payable"}


def pdfs() -> Iterator[str]:
    """Every PDF of the data set, by its place in it."""
    for path in sorted(Path(ROOT).rglob("*")):
        if path.suffix.lower() == ".pdf":
            yield str(path.relative_to(ROOT))


def outcome(file: str) -> str:
    """What becomes of a PDF, in one word: read, to key, or the codes of its faults that are no rules' of invoices."""
    result = read((Path(ROOT) / file).read_bytes())
    codes = sorted({fault.code for fault in result.faults})
    if result.to_key:
        return "to key"
    return " ".join(codes) if codes else "read"


@pytest.mark.parametrize("file", list(pdfs()) if ROOT else [MISSING])
def test_every_pdf_is_read_or_its_outcome_is_explained(file: str) -> None:
    assert outcome(file) == EXPLAINED.get(file, "read")


def test_no_explanation_is_left_over() -> None:
    if not ROOT:
        pytest.skip("CONFORMANCE_DATA names no directory")
    assert EXPLAINED.keys() <= set(pdfs())


def test_totals_are_those_of_the_kit() -> None:
    if not ROOT:
        pytest.skip("CONFORMANCE_DATA names no directory")
    compared = 0
    for truth in json.loads((Path(ROOT) / "einvoice" / "truth.json").read_text()):
        if Path(truth["file"]).suffix.lower() != ".pdf":
            continue
        invoice = check((Path(ROOT) / "einvoice" / truth["file"]).read_bytes(), engine="canonical").invoice
        assert invoice is not None, truth["file"]
        assert (invoice.number, invoice.currency) == (truth["number"], truth["currency"])
        totals = {name: getattr(invoice.totals, own) for name, own in TRUTH_NAMES.items()}
        assert totals == {name: truth[name] and Decimal(truth[name]) for name in TRUTH_NAMES}, truth["file"]
        compared += 1
    assert compared > 15

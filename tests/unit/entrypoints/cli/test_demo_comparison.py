"""The demonstration against what its data expects: each document, the totals, the counts."""

from typing import Any

import pytest

from comptroller.entrypoints.cli.demo_comparison import compare, comparison, is_whole

RACE = {"status": "posted or waiting", "outcome": "one of A and B", "exceptions": ["quantity"]}
DOCUMENTS = [
    {"id": "A", "expected": RACE},
    {"id": "B", "expected": RACE},
    {"id": "C", "expected": {"status": "waiting", "outcome": "exception", "exceptions": ["price"]}},
]
TOTALS = [{"currency": "EUR", "documents": 3, "net": "1.00", "tax": "0.10", "gross": "1.10"}]


def row(document: str, status: str, outcome: str, *exceptions: str) -> dict[str, Any]:
    return {"document": document, "status": status, "outcome": outcome, "exceptions": list(exceptions)}


A = row("A", "posted", "posted")
B = row("B", "waiting", "exception", "quantity")
C = row("C", "waiting", "exception", "price")


@pytest.mark.parametrize(
    ("rows", "as_expected", "counts_equal"),
    [
        pytest.param([A, B, C], 3, True, id="all as expected"),
        pytest.param(
            [row("A", "waiting", "exception", "quantity"), row("B", "posted", "posted"), C], 3, True, id="the other"
        ),
        pytest.param([A, row("B", "posted", "posted"), C], 1, False, id="both that do not fit"),
        pytest.param([A, B, row("C", "waiting", "exception", "tax")], 2, True, id="another exception"),
    ],
)
def test_documents_are_held_against_what_is_expected(
    rows: list[dict[str, Any]], as_expected: int, counts_equal: bool
) -> None:
    told = [dict(each) for each in rows]
    verdict = comparison(told, compare(told, DOCUMENTS), TOTALS, TOTALS)
    assert (verdict["as_expected"], verdict["counts_equal"]) == (as_expected, counts_equal)
    assert is_whole(verdict) == (as_expected == 3 and counts_equal)


def test_other_totals_are_told() -> None:
    told = [dict(each) for each in (A, B, C)]
    verdict = comparison(told, compare(told, DOCUMENTS), TOTALS, [TOTALS[0] | {"gross": "1.11"}])
    assert not is_whole(verdict)

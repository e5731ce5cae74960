"""A ledger's payables documents against the cases: matched, posted without one, not posted, another amount."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.controls.ledger_comparison import CaseDocument, Comparison, LedgerDocument, compare

DAY = date(2026, 3, 27)


def posted(number: str, amount: str = "119.00", case_id: str = "") -> LedgerDocument:
    return LedgerDocument(f"line of {number}", number, DAY, Decimal(amount), case_id=case_id)


def case(number: str, amount: str = "119.00", case_id: str = "c1") -> CaseDocument:
    return CaseDocument(case_id, number, DAY, Decimal(amount))


def told(found: Comparison) -> dict[str, list[str]]:
    return {
        "matched": [pair.case.case_id for pair in found.matched],
        "differing": [pair.case.case_id for pair in found.differing],
        "bypass": [document.number for document in found.bypass],
        "unposted": [each.case_id for each in found.unposted],
    }


NOTHING: dict[str, list[str]] = {"matched": [], "differing": [], "bypass": [], "unposted": []}


@pytest.mark.parametrize(
    ("documents", "cases", "expected"),
    [
        pytest.param([posted("RE-1")], [case("RE-1")], {"matched": ["c1"]}, id="the same number and amount"),
        pytest.param([posted("re 1")], [case("RE-1")], {"matched": ["c1"]}, id="a number written another way"),
        pytest.param([posted("RE-1", "119.01")], [case("RE-1")], {"differing": ["c1"]}, id="another amount"),
        pytest.param([posted("MJ-7")], [], {"bypass": ["MJ-7"]}, id="posted without a case"),
        pytest.param([], [case("RE-1")], {"unposted": ["c1"]}, id="a case without its posting"),
        pytest.param([posted("")], [case("")], {"bypass": [""], "unposted": ["c1"]}, id="no number matches nothing"),
        pytest.param(
            [posted("RE-1"), posted("RE-1")], [case("RE-1")], {"matched": ["c1"], "bypass": ["RE-1"]}, id="posted twice"
        ),
        pytest.param(
            [posted("7", "20.00"), posted("7", "10.00")],
            [case("7", "10.00", "c1"), case("7", "20.00", "c2")],
            {"matched": ["c2", "c1"]},
            id="two suppliers' number: the amount tells them apart",
        ),
        pytest.param(
            [posted("RE-1", case_id="c2")],
            [case("RE-1", case_id="c1"), case("RE-1", case_id="c2")],
            {"matched": ["c2"], "unposted": ["c1"]},
            id="the ledger names the case",
        ),
        pytest.param(
            [posted("RE-1", case_id="other")],
            [case("RE-1")],
            {"bypass": ["RE-1"], "unposted": ["c1"]},
            id="the ledger names a case that is not there",
        ),
    ],
)
def test_comparison(documents: list[LedgerDocument], cases: list[CaseDocument], expected: dict[str, list[str]]) -> None:
    assert told(compare(documents, cases)) == NOTHING | expected


def test_coverage_is_told_by_number_and_by_value() -> None:
    found = compare([posted("RE-1", "300.00"), posted("MJ-7", "-100.00")], [case("RE-1", "300.00")])
    assert (found.coverage(), found.coverage_by_value()) == (Decimal(50), Decimal(75))
    assert (compare([], []).coverage(), compare([], []).coverage_by_value()) == (None, None)


NUMBERS = st.sampled_from(["1", "2", "3", "A-1", ""])
AMOUNTS = st.sampled_from([Decimal(1), Decimal(2), Decimal(-1)])


@given(st.lists(st.tuples(NUMBERS, AMOUNTS), max_size=8), st.lists(st.tuples(NUMBERS, AMOUNTS), max_size=8))
def test_every_document_of_either_side_is_told_once(
    left: list[tuple[str, Decimal]], right: list[tuple[str, Decimal]]
) -> None:
    documents = [LedgerDocument(str(place), *what[:1], DAY, what[1]) for place, what in enumerate(left)]
    cases = [CaseDocument(str(place), what[0], DAY, what[1]) for place, what in enumerate(right)]
    found = compare(documents, cases)
    pairs = [*found.matched, *found.differing]
    assert sorted([*(pair.document.place for pair in pairs), *(each.place for each in found.bypass)]) == sorted(
        document.place for document in documents
    )
    assert sorted([*(pair.case.case_id for pair in pairs), *(each.case_id for each in found.unposted)]) == sorted(
        each.case_id for each in cases
    )
    assert all(pair.difference == 0 for pair in found.matched)
    assert found.documents == len(documents)

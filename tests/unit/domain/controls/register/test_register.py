"""Registers: which rows meet, what they have in common, and which windows pass a limit; never a quadratic look."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from comptroller.domain.controls import numbers
from comptroller.domain.controls.register import Payment, Register, pairs, supplier_key, windows

DAY = date(2026, 3, 1)


def payment(row: int, **fields: object) -> Payment:
    made = Payment(row, "Nordkupfer Handel GmbH", DAY, Decimal("100.00"), "EUR", "RE-4711")
    made = replace(made, **fields)  # type: ignore[arg-type]  # the tests name fields
    key = supplier_key(made.supplier, made.supplier_id, made.vat_id, made.account)
    return replace(made, normalised=numbers.normalised(made.number), key="" if made.supplier == "REDACTED" else key)


FIRST = payment(2)


@pytest.mark.parametrize(
    ("fields", "meet"),
    [
        pytest.param({"number": "RE 4711", "amount": Decimal(7)}, True, id="one number"),
        pytest.param({"number": "RE-4711B", "amount": Decimal(7)}, True, id="one number and a letter"),
        pytest.param({"number": "RE-4171"}, True, id="one amount"),
        pytest.param({"number": "RE-4171", "amount": Decimal("100.0")}, True, id="one amount in other digits"),
        pytest.param({"number": "", "amount": Decimal("-100.00")}, True, id="its credit"),
        pytest.param({"supplier": "NORDKUPFER HANDEL"}, True, id="the name otherwise written"),
        pytest.param({"supplier": "Ferrum Guss GmbH"}, True, id="number and amount under another supplier"),
        pytest.param({"supplier": "REDACTED"}, True, id="number and amount, the payee withheld"),
        pytest.param({"number": "RE-4171", "amount": Decimal(7)}, False, id="neither number nor amount"),
        pytest.param({"supplier": "Ferrum Guss GmbH", "number": "RE-9"}, False, id="the amount alone"),
        pytest.param({"supplier": "REDACTED", "number": "RE-9"}, False, id="a withheld payee and the amount"),
        pytest.param({"number": "RE-4171", "currency": "USD"}, False, id="another currency"),
    ],
)
def test_two_rows_meet(fields: dict[str, object], meet: bool) -> None:
    assert list(pairs([FIRST, payment(3, **fields)])) == ([(0, 1)] if meet else [])


def test_two_rows_of_an_account_meet_under_two_names() -> None:
    one, other = payment(2, account="DE1", number="A-1"), payment(3, account="DE1", supplier="Else", number="B-2")
    assert list(pairs([one, other])) == [(0, 1)]


def test_rows_without_a_number_meet_under_similar_names() -> None:
    one, other = payment(2, number=""), payment(3, number="", supplier="Nordkupfer Handels GmbH")
    assert list(pairs([one, other])) == [(0, 1)]


@pytest.mark.parametrize(
    "supplier", [pytest.param("REDACTED", id="a withheld payee"), pytest.param("Amazon", id="everybody's supplier")]
)
def test_a_common_amount_is_never_compared_with_all(supplier: str) -> None:
    rows = [payment(row, supplier=supplier, number="") for row in range(400)]
    assert len(list(pairs(rows))) < 10 * len(rows)


def test_a_swapped_number_is_found_in_a_long_series() -> None:
    series = [payment(row, number=f"RE-{5_000_123 + 37 * row}", day=DAY + timedelta(days=row)) for row in range(300)]
    copy = payment(999, number="RE-5000213", day=DAY + timedelta(days=400))
    assert numbers.relation(series[0].number, copy.number) == "transposed"
    assert (0, 300) in set(pairs([*series, copy]))


def test_no_pair_is_told_twice() -> None:
    rows = [payment(row, account="DE1", number="RE-4711" if row % 2 else "RE-4171") for row in range(12)]
    found = list(pairs(rows))
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("fields", "name", "expected"),
    [
        pytest.param({}, "relation", "equal", id="the same number"),
        pytest.param({"number": ""}, "relation", None, id="no number"),
        pytest.param({"number": "RE-4712"}, "relation", "successive", id="the next number"),
        pytest.param({}, "supplier_relation", "same", id="the same supplier"),
        pytest.param({"supplier": "REDACTED"}, "supplier_relation", None, id="a withheld payee"),
        pytest.param({"supplier": "Ferrum"}, "supplier_relation", "other", id="another supplier"),
        pytest.param({"supplier": "Nordkupfer Handels GmbH"}, "supplier_relation", "similar name", id="a similar name"),
        pytest.param({"day": DAY + timedelta(days=9)}, "days", 9, id="days between"),
        pytest.param({"amount": Decimal(100)}, "same_gross", True, id="other digits of one amount"),
        pytest.param({"amount": Decimal(-100)}, "same_kind", False, id="a credit"),
        pytest.param({}, "line_overlap", None, id="nothing describes them"),
        pytest.param({}, "times", 2, id="paid twice"),
        pytest.param({"requester": "x"}, "same_requester", None, id="one person is not told"),
    ],
)
def test_what_two_rows_have_in_common(fields: dict[str, object], name: str, expected: object) -> None:
    assert getattr(Register([FIRST, payment(3, **fields)]).facts(0, 1), name) == expected


def test_a_credit_after_both_is_told() -> None:
    mended = payment(4, amount=Decimal("-100.00"), day=DAY + timedelta(days=3))
    assert Register([FIRST, payment(3), mended]).credit_after(0, 1) == 2
    assert Register([FIRST, payment(3), replace(mended, day=DAY - timedelta(days=1))]).credit_after(0, 1) is None


def part(row: int, amount: str, day: int, **fields: object) -> Payment:
    known: dict[str, object] = {"cost_centre": "DE-1000", "number": f"N-{row}"}
    return payment(row, amount=Decimal(amount), day=DAY + timedelta(days=day), **(known | fields))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param([part(1, "600", 0), part(2, "500", 3)], [(0, 1)], id="two parts"),
        pytest.param([part(1, "600", 0), part(2, "500", 4)], [], id="a day too far"),
        pytest.param([part(1, "600", 0), part(2, "400", 3)], [], id="together the limit"),
        pytest.param([part(1, "1000", 0), part(2, "1", 1)], [(0, 1)], id="one at the limit"),
        pytest.param([part(1, "1001", 0), part(2, "500", 1)], [], id="one above the limit"),
        pytest.param([part(1, "600", 0), part(2, "500", 1, cost_centre="DE-2")], [], id="two cost centres"),
        pytest.param([part(1, "600", 0), part(2, "500", 1, supplier="REDACTED")], [], id="a withheld payee"),
        pytest.param([part(1, "600", 0), part(2, "500", 1, order_number="PO-1")], [], id="one has an order"),
        pytest.param([part(1, "600", 0), part(2, "-500", 1), part(3, "300", 1)], [], id="money that came back"),
        pytest.param(
            [part(1, "600", 0), part(2, "500", 1), part(3, "600", 9), part(4, "500", 9)],
            [(0, 1), (2, 3)],
            id="two windows",
        ),
        pytest.param(
            [part(1, "600", 0, requester="a"), part(2, "500", 1, requester="a", cost_centre="DE-2")],
            [(0, 1)],
            id="one person, two cost centres",
        ),
        pytest.param(
            [part(1, "600", 0, requester="a"), part(2, "500", 1, requester="a")], [(0, 1)], id="both, told once"
        ),
    ],
)
def test_windows(parts: list[Payment], expected: list[tuple[int, ...]]) -> None:
    assert [window.places for window in windows(parts, 3, [Decimal(1000)])] == expected

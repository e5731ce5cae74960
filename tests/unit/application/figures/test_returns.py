"""Working capital by hand: what was paid in time, what was taken off, and what the days are worth."""

from decimal import Decimal
from types import SimpleNamespace

from tests.unit.application.figures.cases import MARCH, Written, at, item

from comptroller.application.figures.returns import Baseline, Part, Return, working_capital
from comptroller.domain.kernel.canonical_json import encode

ITEMS = (
    item("taken", "2026-03-02", "2026-03-10", discount_on="2026-03-10", discount=Decimal(2)),
    item("missed", "2026-03-02", "2026-03-22", discount_on="2026-03-10", discount=Decimal(3)),
    item("may be taken", "2026-03-25", discount_on="2026-03-31", discount=Decimal(4)),
)
NUMBERS = {"discount-capture": ("20", "10", "30"), "late-interest": ("1.5", "1", "2"), "days-paid": ("10", "9", "12")}


def measured(**more: tuple[str, str, str]) -> Return:
    entity = SimpleNamespace(body=encode({"currency": "EUR", "country": "DE"}))
    session = SimpleNamespace(
        now=at("2026-03-27T09:00"),
        caller=SimpleNamespace(sees=lambda _: True),
        uow=SimpleNamespace(references=lambda names: {name: [entity] for name in names}),
    )
    on_file = {
        measure: Baseline(measure, Decimal(value), Decimal(low), Decimal(high), "a study", "", "", "")
        for measure, (value, low, high) in (NUMBERS | more).items()
    }
    return Return(Written(items=ITEMS, span=MARCH, session=session).material, {}, on_file.get)


def parts(of: Return) -> dict[str, Part]:
    return {part.title: part for part in working_capital(of)}


def bounds(part: Part) -> list[Decimal | None]:
    return [None if each is None else each.quantize(Decimal("0.01")) for each in (part.low, part.value, part.high)]


def test_working_capital_by_hand() -> None:
    found = parts(measured(**{"cost-of-capital": ("5", "5", "5")}))
    # 2 of 5 taken: 40 percent, the one that may be taken left out; 20 points above the baseline of 5.00
    assert bounds(found["Discounts"]) == [Decimal("0.50"), Decimal("1.00"), Decimal("1.50")]
    # 200.00 paid in time: nothing was added to it
    assert bounds(found["Late interest and fees"]) == [Decimal("2.00"), Decimal("3.00"), Decimal("4.00")]
    # (8 + 20) / 2 = 14 days, 4 above the baseline, x 300.00 bought x 5 % / 365
    assert bounds(found["Days paid"]) == [Decimal("0.08"), Decimal("0.16"), Decimal("0.21")]
    assert not found["Days paid"].counted


def test_a_part_of_two_baselines_needs_both() -> None:
    found = parts(measured())["Days paid"]
    assert found.value is None
    assert "`cost-of-capital`" in found.lacking
    assert "`days-paid`" not in found.lacking

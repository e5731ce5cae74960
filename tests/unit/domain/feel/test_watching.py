"""Watched values: what is noted of them, and that all values on the same side of it come out the same."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.packs.accounts_payable import ROOT, models

from comptroller.adapters.yaml_reading import read_yaml
from comptroller.domain.feel import Evaluation, compile_expression
from comptroller.domain.feel.text import text_of
from comptroller.domain.feel.watching import Watch, WatchedDay, WatchedNumber, WatchedText
from comptroller.domain.packs.examples import read_examples

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
FILES = sorted((ROOT / "examples").glob("*.yaml"))


def placed(value: Any, given: Mapping[str, Any]) -> Any:
    """The value with everything watched in it as it would be for others."""
    if isinstance(value, WatchedNumber):
        return given[value.watch.name] * value.factor + value.offset
    if isinstance(value, WatchedDay):
        return given[value.watch.name] + value.offset
    if isinstance(value, WatchedText):
        return "".join(text_of(Evaluation(), placed(part, given)) for part in value.parts)
    if isinstance(value, dict):
        return {name: placed(entry, given) for name, entry in value.items()}
    return [placed(item, given) for item in value] if isinstance(value, list) else value


def noted(text: str, value: Any) -> tuple[Any, set[Any], bool]:
    """What an expression over `x` gives, what `x` was compared with, and whether exactly it counted."""
    watch, run = Watch("x"), Evaluation(NOW)
    run.watches = True
    watched = WatchedDay(value, watch) if isinstance(value, date) else WatchedNumber(value, watch)
    result = compile_expression(text, ("x",)).evaluate({"x": watched}, run)
    return placed(result, {"x": value}), set(watch.cuts), watch.is_exact


DAY = date(2026, 3, 27)


@pytest.mark.parametrize(
    ("text", "value", "result", "cuts", "is_exact"),
    [
        pytest.param("x > 10", Decimal(7), False, {10}, False, id="compared with a number"),
        pytest.param("x in (1, 2, 7)", Decimal(7), True, {1, 2, 7}, False, id="one of several"),
        pytest.param("x in [1..9)", Decimal(7), True, {1, 9}, False, id="in an interval"),
        pytest.param("x between 1 and 9", Decimal(7), True, {1, 9}, False, id="between"),
        pytest.param("if x = null then 1 else x", Decimal(7), Decimal(7), set(), False, id="handed on"),
        pytest.param("{a: [x]}.a[1]", Decimal(7), Decimal(7), set(), False, id="put away and taken out"),
        pytest.param("max(x, 10)", Decimal(7), Decimal(10), {10}, False, id="the greater one"),
        pytest.param("x + 2 > 10", Decimal(7), False, {8}, False, id="moved up, then compared"),
        pytest.param("2 + x - 5", Decimal(7), Decimal(4), set(), False, id="moved, then handed on"),
        pytest.param("x > x - 1", Decimal(7), True, set(), False, id="compared with itself, moved"),
        pytest.param("x * 2 > 10", Decimal(7), True, {5}, False, id="multiplied, then compared"),
        pytest.param("x * 3 > 10", Decimal(7), True, set(), True, id="compared with what is no short multiple"),
        pytest.param("(10 - x) * 2 > 4", Decimal(7), True, {8}, False, id="taken away, then compared"),
        pytest.param("x > x * 2", Decimal(7), False, set(), True, id="compared with its own multiple"),
        pytest.param("x * x", Decimal(7), Decimal(49), set(), True, id="multiplied by itself"),
        pytest.param("10 / x", Decimal(5), Decimal(2), set(), True, id="divided by"),
        pytest.param("-x", Decimal(7), Decimal(-7), set(), True, id="negated"),
        pytest.param("x ** 2", Decimal(3), Decimal(9), set(), True, id="to a power"),
        pytest.param("string(x)", Decimal(7), "7", set(), False, id="written"),
        pytest.param('"for " + string(x + 1) + "."', Decimal(7), "for 8.", set(), False, id="written in a text"),
        pytest.param('string(x) = "7"', Decimal(7), True, set(), True, id="written, then compared"),
        pytest.param('string(x) in ("7", "8")', Decimal(7), True, set(), True, id="written, then one of several"),
        pytest.param('string length("a" + string(x))', Decimal(7), Decimal(2), set(), True, id="a text is measured"),
        pytest.param('string join(["a", string(x)])', Decimal(7), "a7", set(), True, id="joined by a function"),
        pytest.param('list contains(["7"], string(x))', Decimal(7), True, set(), True, id="a text is looked for"),
        pytest.param("sum([x, 1])", Decimal(7), Decimal(8), set(), True, id="summed"),
        pytest.param("[1, 2, 3][x]", Decimal(2), Decimal(2), set(), True, id="a place in a list"),
        pytest.param("for i in 1..x return i", Decimal(2), [1, 2], set(), True, id="run up to"),
        pytest.param("includes([1..9], x)", Decimal(7), True, set(), True, id="asked of a range by a function"),
        pytest.param("before([x..9], 10)", Decimal(7), True, set(), True, id="an end of a range"),
        pytest.param("distinct values([x, 7])", Decimal(7), [7], set(), True, id="told apart"),
        pytest.param('x < date("2026-04-01")', DAY, True, {date(2026, 4, 1)}, False, id="a day compared"),
        pytest.param("x.year", DAY, Decimal(2026), set(), True, id="a part of a day"),
        pytest.param('x + duration("P1D")', DAY, DAY + timedelta(1), set(), False, id="a day moved by days"),
        pytest.param(
            'x + duration("P2D") > date("2026-03-28")', DAY, True, {date(2026, 3, 26)}, False, id="moved, then compared"
        ),
        pytest.param('x + duration("P1M")', DAY, date(2026, 4, 27), set(), True, id="a day moved by months"),
        pytest.param("(x - x).days", DAY, Decimal(0), set(), False, id="the days from a day to itself"),
        pytest.param('date("2026-03-28") - x', DAY, None, set(), True, id="the days between"),
        pytest.param('date and time(x, time("08:00:00"))', DAY, None, set(), True, id="a day put together"),
    ],
)  # fmt: skip
def test_what_is_noted(text: str, value: Any, result: Any, cuts: set[Any], *, is_exact: bool) -> None:
    found, noted_cuts, noted_exact = noted(text, value)
    assert result is None or found == result
    assert noted_exact is is_exact
    assert is_exact or noted_cuts == cuts


def watched(value: Any, way: str, given: dict[str, Any], watches: dict[str, Watch]) -> Any:
    """Facts with every number and day in them watched, each under its way."""
    if isinstance(value, dict):
        return {name: watched(entry, f"{way}/{name}", given, watches) for name, entry in value.items()}
    if isinstance(value, list):
        return [watched(entry, f"{way}/{place}", given, watches) for place, entry in enumerate(value)]
    if isinstance(value, bool) or not isinstance(value, Decimal | int | date) or isinstance(value, datetime):
        return value
    given[way] = value if isinstance(value, date) else Decimal(value)
    watches[way] = Watch(way)
    return WatchedDay(value, watches[way]) if isinstance(value, date) else WatchedNumber(given[way], watches[way])


def others(value: Any, watch: Watch) -> Iterator[Any]:
    """Other values that a watched one stands for: next to it, far from it, next to what was noted."""
    if watch.is_exact:
        return
    one: Any = timedelta(days=1) if isinstance(value, date) else Decimal("0.01")
    near = [value + one, value - one, value + 1000 * one, value - 1000 * one]
    for cut in watch.cuts:
        near += [cut + one, cut - one]
    for other in near:
        if all((other < cut, other == cut) == (value < cut, value == cut) for cut in watch.cuts):
            yield other


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_all_that_a_decision_did_not_tell_apart_come_out_the_same(path: Any) -> None:
    """The pack's own situations, each number and day of them watched, against deciding the other value by itself."""
    situations, _ = read_examples(path.name, read_yaml(path.read_bytes()))
    for situation in situations[::6]:
        model, given, watches = models()[situation.decision], dict[str, Any](), dict[str, Watch]()
        facts = watched(dict(situation.inputs), "", given, watches)
        outcome = model.decide_watched(situation.decision, facts, NOW)
        assert placed(outcome.value, given) == model.decide(situation.decision, situation.inputs, NOW).value
        for way, watch in watches.items():
            for other in list(others(given[way], watch))[:3]:
                alone = {**given, way: other}
                again = model.decide(situation.decision, placed(facts, alone), NOW)
                assert placed(outcome.value, alone) == again.value, (situation.title, way, other)
                assert outcome.rule_ids == again.rule_ids

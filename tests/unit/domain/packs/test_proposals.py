"""Proposals: situations that fire a rule and just miss it, found from those there are or from nothing at all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.domain.packs.one_table import expecting, pack_of
from tests.unit.packs.accounts_payable import ROOT, definitions, models

from comptroller.adapters.yaml_reading import read_yaml
from comptroller.adapters.yaml_writing import write_yaml
from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.packs.coverage import cover
from comptroller.domain.packs.examples import Situation, examples_content, read_examples, run_example
from comptroller.domain.packs.proposals import propose

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)


def proposed(rules: dict[str, str], *given: Any, policy: HitPolicy = HitPolicy.UNIQUE) -> dict[str, Any]:
    """What is proposed for a table over `amount`, by title."""
    situations = [expecting(amount, "") for amount in given]
    found = propose(situations, {"d": compile_model(pack_of(rules, policy))}, NOW)
    assert found.unfound == []
    return {situation.title: situation.inputs["amount"] for situation in found.situations}


@pytest.mark.parametrize(
    ("rules", "given", "amounts"),
    [
        pytest.param(
            {"low": "<= 10.00", "high": "> 10.00"},
            (),
            {
                "low fires": Decimal("10.00"),
                "low does not fire: amount is 10.01": Decimal("10.01"),
                "high fires": Decimal("10.01"),
                "high does not fire: amount is 10": Decimal("10.00"),
            },
            id="nothing is there: the edges, a cent apart",
        ),
        pytest.param(
            {"low": "<= 10", "high": "> 10"}, (Decimal(10), Decimal(11)), {}, id="both edges are there: nothing lacks"
        ),
        pytest.param(
            {"low": "<= 10", "high": "> 10"},
            (Decimal(3), Decimal(400)),
            {"low does not fire: amount is 11": Decimal(11), "high does not fire: amount is 10": Decimal(10)},
            id="far from the edge: the edge is proposed",
        ),
        pytest.param(
            {"german": '"DE"', "french": '"FR"'},
            ("DE",),
            {
                'german does not fire: amount is "FR"': "FR",
                "french fires": "FR",
            },
            id="texts: another one that the table names",
        ),
        pytest.param(
            {"until": '<= date("2026-03-31")'},
            (date(2026, 1, 1),),
            {'until does not fire: amount is date("2026-04-01")': date(2026, 4, 1)},
            id="days: the next one",
        ),
    ],
)
def test_what_lacks_is_proposed(rules: dict[str, str], given: tuple[Any, ...], amounts: dict[str, Any]) -> None:
    assert proposed(rules, *given) == amounts


def test_a_rule_behind_another_is_reached_past_it() -> None:
    rules = {"none": "null", "low": "<= 10", "rest": "-"}
    assert proposed(rules, policy=HitPolicy.FIRST)["rest fires"] == Decimal(11)


def test_a_rule_that_nothing_reaches_is_told() -> None:
    model = compile_model(pack_of({"low": "<= 10", "hidden": "<= 5"}, HitPolicy.FIRST))
    found = propose([], {"d": model}, NOW)
    assert [(each.rule, each.wanted) for each in found.unfound] == [("hidden", "one that fires it")]


def test_proposals_make_up_for_examples_that_are_gone() -> None:
    """Half of a decision's situations are taken away; with what is proposed, written and read, all rules are shown."""
    name = "approval routing"
    file = {"decisions/approval-routing.dmn": definitions()["decisions/approval-routing.dmn"]}
    whole = read_examples(name, read_yaml((ROOT / "examples" / "approval-routing.yaml").read_bytes()))[0]
    kept = whole[::2]
    before = cover(kept, models(), file, NOW)
    found = propose(kept, {name: models()[name]}, NOW)
    text = write_yaml(examples_content(name, found.situations))
    again, faults = read_examples(name, read_yaml(text.encode()))
    assert faults == ()
    assert [run_example(situation, models()[name], NOW) for situation in again] == [()] * len(found.situations)
    after = cover([*kept, *again], models(), file, NOW)
    assert len(after.gaps) < len(before.gaps)
    assert {each.rule for each in after.gaps} <= {each.rule for each in found.unfound}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(value, id=repr(value))
        for value in ("no", "380", "2026-01-01", "", "~", "a: b", "ä", Decimal("25000.00"), Decimal(7), True, None)
    ],
)
def test_what_is_written_is_read_back(value: Any) -> None:
    situations = [
        Situation("one", "d", {"a": {"b": [value]}}, {"": value}),
        Situation("two", "d", {"a": {"b": [1]}}, {"": 1}),
    ]
    read, faults = read_examples("f", read_yaml(write_yaml(examples_content("d", situations)).encode()))
    assert faults == ()
    assert [(each.inputs, each.expect) for each in read] == [(each.inputs, each.expect) for each in situations]


def test_what_has_no_form_in_a_file_is_refused() -> None:
    with pytest.raises(ValueError, match="datetime"):
        write_yaml({"at": NOW})

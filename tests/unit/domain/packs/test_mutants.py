"""Mutants: what is made wrong of a table, which situations notice, and that a mutant is the table it says it is."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from tests.unit.domain.packs.one_table import expecting, pack_of
from tests.unit.packs.accounts_payable import definitions

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import Decision, Definitions, HitPolicy
from comptroller.domain.decisions.run import Instead
from comptroller.domain.decisions.tables import Table
from comptroller.domain.packs.mutants import mutants_of, sharpness

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
LEVELS = {"low": "<= 10.00", "high": "> 10.00"}


def unnoticed(rules: dict[str, str], given: dict[str, str], policy: HitPolicy = HitPolicy.UNIQUE) -> list[str]:
    """The changes that situations (amount -> outcome) let pass."""
    model = compile_model(pack_of(rules, policy))
    situations = [expecting(Decimal(amount), outcome) for amount, outcome in given.items()]
    (table,) = sharpness(situations, {"d": model}, NOW)
    return [f"{survivor.rule}: {survivor.change}" for survivor in table.survivors]


@pytest.mark.parametrize(
    ("rules", "given", "survivors"),
    [
        pytest.param(
            LEVELS,
            {"10.00": "low", "10.01": "high"},
            [],
            id="both edges: a cent that makes a gap or an overlap is noticed",
        ),
        pytest.param(
            {"low": "<= 10.00", "rest": "-"},
            {"9": "low", "11": "rest"},
            ["low: `<= 10.00` of `amount` becomes `<= 10.01`", "low: `<= 10.00` of `amount` becomes `<= 9.99`"],
            id="far from the edge: a cent more or less is not noticed",
        ),
        pytest.param(
            {"low": "<= 10.00", "rest": "-"},
            {"10.01": "rest"},
            [
                "low: `<= 10.00` of `amount` becomes `<= 9.99`",
                'low: it concludes `"rest"` in place of `"low"`',
                "low: the rule is left out",
            ],
            id="a rule that never fires: whatever it says passes",
        ),
    ],
)
def test_what_no_situation_notices_is_told(rules: dict[str, str], given: dict[str, str], survivors: list[str]) -> None:
    policy = HitPolicy.FIRST if "rest" in rules else HitPolicy.UNIQUE
    found = unnoticed(rules, given, policy)
    assert [each for each in found if each in survivors] == survivors
    assert set(found) <= set(survivors) | {"low: it comes behind `rest`"}


def test_a_change_that_is_none_does_not_count() -> None:
    model = compile_model(pack_of({"low": "<= 10", "hidden": "<= 5", "rest": "-"}, HitPolicy.FIRST))
    (table,) = sharpness([], {"d": model}, NOW)
    assert not [each for each in table.survivors if each.rule == "hidden" and "becomes" in each.change]


def test_a_situation_that_is_wrong_itself_notices_nothing() -> None:
    found = unnoticed({"low": "<= 10.00", "rest": "-"}, {"10.00": "rest"}, HitPolicy.FIRST)
    assert "low: the rule is left out" in found


def test_neighbours_are_swapped_under_first_only() -> None:
    for policy, swapped in ((HitPolicy.FIRST, True), (HitPolicy.UNIQUE, False)):
        (table,) = compile_model(pack_of(LEVELS, policy)).tables
        assert any("comes behind" in mutant.change for mutant in mutants_of(table)) is swapped


@pytest.mark.parametrize("file", ["decisions/accrual.dmn", "decisions/ageing.dmn"])
def test_a_mutant_decides_as_the_model_that_its_author_would_have_written(file: str) -> None:
    source = definitions()[file]
    model = compile_model(source)
    tried = 0
    for table in model.tables:
        for mutant in mutants_of(table):
            written = compile_model(_with(source, table, mutant.table))
            for inputs in _INPUTS:
                for name in model.decision_names:
                    said = model.decide_instead(name, inputs, Instead(table, mutant.table), NOW)
                    again = written.decide(name, inputs, NOW)
                    assert (said.value, said.rule_ids) == (again.value, again.rule_ids), mutant.change
                    tried += 1
    assert tried


_INPUTS = [
    {
        "document kind": kind,
        "document type": "380",
        "exceptions": [],
        "net amount": Decimal("100.00"),
        "covered": Decimal(covered),
        "supply date": NOW.date(),
        "period end": NOW.date(),
        "decision date": NOW.date(),
        "days": Decimal(days),
        "days overdue": Decimal(days),
        "hours": Decimal(days),
    }
    for kind, covered, days in (("invoice", 40, 0), ("invoice", 100, 30), ("credit_note", 0, 31), ("invoice", 0, 91))
]


def _with(source: Definitions, table: Table, mutant: Table) -> Definitions:
    return replace(
        source,
        elements=tuple(
            replace(element, expression=mutant.source)
            if isinstance(element, Decision) and element.expression is table.source
            else element
            for element in source.elements
        ),
    )

"""Examples: how a file of situations is read, and what the runner tells when a decision answers otherwise."""

from datetime import date
from decimal import Decimal

import pytest

from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.packs.examples import Situation, read_examples, run_example

FILE = {
    "decision": "level",
    "given": {"order": {"lines": [{"amount": Decimal("10.00")}]}, "day": date(2026, 3, 27)},
    "situations": [
        {
            "title": "a cent more",
            "given": {"order/lines/0/amount": Decimal("10.01")},
            "missing": ["day"],
            "expect": {"outcome": "high"},
            "hits": ["high"],
            "misses": ["low"],
        },
        {"title": "as given", "expect": {"outcome": "low"}},
    ],
}


def level() -> Model:
    def rule(name: str, test: str) -> Rule:
        return Rule((UnaryTests(test),), (LiteralExpression(f'"{name}"'), LiteralExpression("[1, 2]")), id=name)

    table = DecisionTable(
        inputs=(InputClause(LiteralExpression("amount")),),
        outputs=(OutputClause("outcome"), OutputClause("list")),
        rules=(rule("low", "<= 10"), rule("high", "> 10")),
    )
    amount = InputData("amount", "amount", InformationItem("amount"))
    decision = Decision("d", "level", InformationItem("level"), table, required_inputs=(Reference("n", "amount"),))
    return compile_model(Definitions("m", "n", elements=(amount, decision)))


def situation(**fields: object) -> Situation:
    known: dict[str, object] = {"title": "t", "decision": "level", "inputs": {"amount": Decimal(10)}, "expect": {}}
    return Situation(**(known | fields))  # type: ignore[arg-type]  # the tests name fields of the record


def test_a_file_is_read_with_what_its_situations_share() -> None:
    (cent, plain), faults = read_examples("level.yaml", FILE)
    assert faults == ()
    assert cent.inputs == {"order": {"lines": [{"amount": Decimal("10.01")}]}, "day": None}
    assert plain.inputs["order"] == {"lines": [{"amount": Decimal("10.00")}]}
    assert (cent.title, cent.decision, cent.hits, cent.misses) == ("a cent more", "level", ("high",), ("low",))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(None, "PACK-EXAMPLE-01", id="an empty file"),
        pytest.param({"decision": "d", "situation": []}, "PACK-EXAMPLE-01", id="no situations"),
        pytest.param({"decision": "d", "situations": [], "give": {}}, "PACK-EXAMPLE-01", id="an unknown heading"),
        pytest.param({"situations": []}, "PACK-EXAMPLE-02", id="no decision"),
        pytest.param(
            {"decision": "d", "given": 3, "situations": []}, "PACK-EXAMPLE-02", id="what is given is no mapping"
        ),
        pytest.param({"decision": "d", "situations": [3]}, "PACK-EXAMPLE-03", id="a situation that is none"),
        pytest.param({"decision": "d", "situations": [{"expect": {"a": 1}}]}, "PACK-EXAMPLE-03", id="no title"),
        pytest.param({"decision": "d", "situations": [{"title": "t"}]}, "PACK-EXAMPLE-03", id="nothing is expected"),
        pytest.param(
            {"decision": "d", "situations": [{"title": "t", "expects": 1, "hits": ["a"]}]},
            "PACK-EXAMPLE-03",
            id="an unknown key",
        ),
        pytest.param(
            {"decision": "d", "situations": [{"title": "t", "hits": ["a"], "missing": ["a/b"]}]},
            "PACK-EXAMPLE-04",
            id="no such fact",
        ),
    ],
)
def test_what_is_wrong_with_a_file_is_a_fault(content: object, code: str) -> None:
    situations, faults = read_examples("x.yaml", content)
    assert (situations, [fault.code for fault in faults]) == ((), [code])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param(
            {"expect": {"outcome": "low", "list/1": 2}, "hits": ("low",), "misses": ("high",)}, (), id="all well"
        ),
        pytest.param({"expect": {"outcome": "high"}}, ('`outcome` is "low", expected "high"',), id="another outcome"),
        pytest.param({"expect": {"list/7": 1}}, ("`list/7` is null, expected 1",), id="a path that leads nowhere"),
        pytest.param({"hits": ("high",)}, ("rule `high` did not hit",), id="a rule that missed"),
        pytest.param({"misses": ("low",)}, ("rule `low` hit",), id="a rule that hit"),
    ],
)
def test_running_a_situation(fields: dict[str, object], told: tuple[str, ...]) -> None:
    assert run_example(situation(**fields), level()) == told

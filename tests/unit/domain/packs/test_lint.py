"""The lint of a pack: a row that cannot be cited, or a decision that nobody answers for, is a fault."""

from dataclasses import replace

import pytest

from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    DecisionPolicy,
    DecisionTable,
    Definitions,
    FunctionDefinition,
    InformationItem,
    InputClause,
    LiteralExpression,
    OutputClause,
    Rule,
    UnaryTests,
)
from comptroller.domain.packs.lint import ANNOTATIONS, lint, tables

RULE = Rule(
    (UnaryTests('>= date("2026-01-01")'),),
    (LiteralExpression('"AP-TEST-01"'),),
    ("AP-1.1", "controller", "2026-01-01", "", "why"),
    "first",
)
TABLE = DecisionTable(
    (InputClause(LiteralExpression("day")),), (OutputClause("reason"),), (RULE,), annotations=ANNOTATIONS
)
POLICY = DecisionPolicy("1", "now", recheck=True, owner="controller", risk="a wrong answer", assertion="accuracy")
ROLES = ("controller",)


def model(table: DecisionTable = TABLE, policy: DecisionPolicy = POLICY) -> Definitions:
    decision = Decision("d", "level", InformationItem("level"), table, policy=policy)
    return Definitions("m", "n", elements=(decision,))


def annotated(**values: str) -> DecisionTable:
    told = dict(zip(ANNOTATIONS, RULE.annotations, strict=True)) | {
        key.replace("_", " "): v for key, v in values.items()
    }
    return replace(TABLE, rules=(replace(RULE, annotations=tuple(told.values())),))


def codes(*models: Definitions, asked: str = "level") -> list[str]:
    files = {f"{number}.dmn": found for number, found in enumerate(models)}
    return [fault.code for fault in lint(files, {"invoice": (asked,)}, ROLES)]


def test_a_sound_pack_has_no_faults() -> None:
    assert codes(model()) == []


def test_a_span_of_days_is_written_in_the_row_and_beside_it() -> None:
    cell = UnaryTests('[date("2026-01-01")..date("2026-12-31")]')
    table = annotated(valid_to="2026-12-31")
    assert codes(model(replace(table, rules=(replace(table.rules[0], inputs=(cell,)),)))) == []
    assert codes(model(table)) == ["PACK-RULE-08"]


def test_the_first_day_counts() -> None:
    after = replace(RULE, inputs=(UnaryTests('> date("2026-01-01")'),))
    assert codes(model(replace(TABLE, rules=(after,)))) == ["PACK-RULE-08"]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        pytest.param(replace(TABLE, annotations=("clause", "owner")), "PACK-RULE-01", id="columns are missing"),
        pytest.param(replace(TABLE, rules=(replace(RULE, id=""),)), "PACK-RULE-02", id="a row without an id"),
        pytest.param(annotated(clause=""), "PACK-RULE-03", id="no clause"),
        pytest.param(annotated(text=" "), "PACK-RULE-03", id="no explanation"),
        pytest.param(annotated(owner="nobody"), "PACK-RULE-06", id="an owner that is no role"),
        pytest.param(annotated(valid_from="2026-02-30"), "PACK-RULE-07", id="a day that does not exist"),
        pytest.param(annotated(valid_to="2025-12-31"), "PACK-RULE-07", id="an end before the start"),
        pytest.param(annotated(valid_from="2026-01-02"), "PACK-RULE-08", id="the cell says another day"),
    ],
)
def test_a_row_that_cannot_be_cited(table: DecisionTable, code: str) -> None:
    assert code in codes(model(table))


def test_rule_ids_and_reason_codes_are_unique_over_the_pack() -> None:
    second = replace(RULE, id="second", outputs=(LiteralExpression('"AP-TEST-02"'),))
    assert codes(model(replace(TABLE, rules=(RULE, second)))) == []
    assert codes(model(replace(TABLE, rules=(RULE, replace(second, id="first"))))) == ["PACK-RULE-04"]
    assert codes(model(replace(TABLE, rules=(RULE, replace(RULE, id="second"))))) == ["PACK-RULE-05"]


@pytest.mark.parametrize(
    ("policy", "faults"),
    [
        pytest.param(replace(POLICY, number=""), ["PACK-DECISION-03"], id="no number in the inventory"),
        pytest.param(replace(POLICY, date_basis="issue"), ["PACK-DECISION-03"], id="the supplier's own date"),
        pytest.param(replace(POLICY, owner="nobody"), ["PACK-DECISION-03"], id="nobody answers for it"),
        pytest.param(replace(POLICY, binding="latest"), ["PACK-DECISION-05"], id="no binding that there is"),
        pytest.param(replace(POLICY, binding="date", recheck=False), [], id="bound to its day"),
        pytest.param(replace(POLICY, binding="0" * 64, recheck=False), [], id="bound to a version"),
        pytest.param(replace(POLICY, binding="date", recheck=True), ["PACK-DECISION-05"], id="bound and checked again"),
        pytest.param(replace(POLICY, risk=""), ["PACK-DECISION-04"], id="no risk that it answers"),
        pytest.param(replace(POLICY, assertion="truth"), ["PACK-DECISION-04"], id="no assertion of the accounts"),
    ],
)
def test_a_decision_that_a_process_asks_for(policy: DecisionPolicy, faults: list[str]) -> None:
    assert codes(model(policy=policy)) == faults


def test_a_process_asks_only_for_decisions_that_exist() -> None:
    assert codes(model(), asked="other") == ["PACK-DECISION-01"]


def test_a_decision_stands_in_one_file() -> None:
    table = replace(TABLE, rules=())
    assert codes(model(), model(table)) == ["PACK-DECISION-02"]


def test_tables_inside_business_knowledge_models_are_read_too() -> None:
    knowledge = BusinessKnowledgeModel("k", "tolerance", InformationItem("tolerance"), FunctionDefinition((), TABLE))
    found = list(tables({"x.dmn": Definitions("m", "n", elements=(knowledge,))}))
    assert [(place.path, place.table) for place in found] == [("x.dmn/tolerance", TABLE)]


@pytest.mark.parametrize(
    ("name", "recheck", "faults"),
    [
        pytest.param("level", False, [], id="a decision"),
        pytest.param("limit", False, ["PACK-OVERRIDE-02"], id="nothing that there is"),
        pytest.param("level", True, ["PACK-OVERRIDE-03"], id="what is checked again before money moves"),
    ],
)
def test_what_an_entity_may_override(name: str, recheck: bool, faults: list[str]) -> None:
    files = {"decisions/d.dmn": model(policy=replace(POLICY, recheck=recheck))}
    found = lint(files, {}, ROLES, overridable=[name])
    assert [fault.code for fault in found] == faults

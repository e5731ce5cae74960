"""What a new version of a table decides otherwise: small changes with known effects."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.unit.domain.decisions.models import decision, definitions, input_data, table

from comptroller.domain.decisions.analysis import Comparison, compare, compare_versions
from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.definitions import (
    Aggregation,
    Definitions,
    HitPolicy,
    ItemDefinition,
    OutputClause,
    UnaryTests,
)
from comptroller.domain.decisions.model import Model

SUMS = ([["< 10", "1"], ["< 10", "2"]], [["< 10", "3"]], [["< 10", "4"]])
BEFORE = [["< 1000", "-", '"owner"'], ["[1000..50000]", "-", '"head"'], ["> 50000", "-", '"board"']]


def version(*rows: Sequence[str], policy: HitPolicy = HitPolicy.FIRST, other: str = "1") -> tuple[Definitions, Model]:
    names = ["amount", "kind"]
    source = definitions(
        input_data("amount", "number"),
        input_data("kind", "string"),
        decision("signs", table(names, ["who"], rows, policy), inputs=names),
        decision("other", other),
    )
    return source, compile_model(source)


def compared(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]], **more: HitPolicy) -> Comparison:
    (found,) = compare(version(*before, **more)[1], version(*after, **more)[1])
    return found


def test_one_cent_more_is_found() -> None:
    after = [["< 1000.01", "-", '"owner"'], *BEFORE[1:]]
    (difference,) = compared(BEFORE, after).differences
    assert difference.region == {"amount": "[1000..1000.01)"}
    assert difference.message == 'where `amount` is from 1000, below 1000.01: "head" becomes "owner"'
    assert (difference.rules_before, difference.rules_after) == ((2,), (1,))


@pytest.mark.parametrize(
    "after",
    [
        [*BEFORE, ["> 60000", '"services"', '"nobody"']],
        [["< 500", "-", '"owner"'], ["[500..1000)", "-", '"owner"'], *BEFORE[1:]],
        [["< 1000", "-", ' "owner" '], *BEFORE[1:]],
        [BEFORE[2], BEFORE[0], BEFORE[1]],
    ],
    ids=["masked by an earlier rule", "one rule as two", "written otherwise", "in an order that does not count"],
)
def test_what_has_no_effect_is_proved_to_have_none(after: list[list[str]]) -> None:
    found = compared(BEFORE, after)
    assert found.is_equal


def test_who_gains_and_who_loses_is_told_by_region() -> None:
    found = compared(
        BEFORE, [["< 1000", "-", '"owner"'], ["[1000..20000]", "-", '"head"'], ["> 20000", "-", '"board"']]
    )
    assert [(each.region, each.before, each.after) for each in found.differences] == [
        ({"amount": "(20000..50000]"}, '"head"', '"board"')
    ]


def test_regions_of_which_the_same_becomes_are_told_as_one_with_who_stays() -> None:
    rows = [["-", "-", '"owner"'], ["> 1000", "-", '"head"'], ["-", '"services"', '"board"']]
    found = compared(rows, [rows[0], ["> 2000", "-", '"head"'], rows[2]], policy=HitPolicy.RULE_ORDER)
    assert len(found.differences) == 2
    where, becomes = "where `amount` is above 1000, up to 2000", 'from "owner" and "head" to "owner" alone'
    told = f"{where}: {becomes} (what else is said in parts of it stays)"
    assert [each.message for each in found.together] == [told]


def test_what_is_left_out_gives_nothing_and_what_meets_gives_no_answer() -> None:
    found = compared(BEFORE, [*BEFORE[:2], [">= 50000", "-", '"board"']], policy=HitPolicy.UNIQUE)
    assert [(each.region, each.before, each.after) for each in found.differences] == [
        ({"amount": "50000"}, '"head"', "no answer")
    ]
    assert {each.after for each in compared(BEFORE, BEFORE[:2]).differences} == {"nothing"}


def test_another_policy_or_a_new_column_is_compared_like_any_change() -> None:
    rows = [["< 1000", "-", '"owner"'], ["-", "-", '"head"']]
    (found,) = compare(version(*rows)[1], version(*rows, policy=HitPolicy.UNIQUE)[1])
    assert [(each.region, each.after) for each in found.differences] == [({"amount": "< 1000"}, "no answer")]
    narrow = decision("signs", table(["amount"], ["who"], [["< 1000", '"owner"'], ["-", '"head"']]), inputs=["amount"])
    wide = version(["< 1000", '"services"', '"owner"'], ["-", "-", '"head"'])[1]
    (found,) = compare(compile_model(definitions(input_data("amount", "number"), narrow)), wide)
    assert all("kind" in each.region for each in found.differences)


def test_a_condition_that_is_not_cut_is_told_as_it_stands() -> None:
    before = [["<= limit + 1", "-", '"owner"'], ["-", "-", '"head"']]
    after = [["<= limit + 1", "-", '"clerk"'], ["-", "-", '"head"']]
    (difference,) = compared(before, after).differences
    assert difference.region == {"amount": "<= limit + 1"}
    assert compared(before, before).is_equal


def test_conclusions_that_are_computed_may_come_to_the_same() -> None:
    before = [["< 10", "-", "amount * 2"], ["-", "-", '"head"']]
    (difference,) = compared(before, [["< 10", "-", "amount + amount"], before[1]]).differences
    assert difference.doubt == "unless both come to the same"
    (difference,) = compared(before, [before[0], ["-", "-", '"board"']]).differences
    assert difference.doubt == ""


def test_a_sum_of_hits_is_compared_as_a_sum() -> None:
    summed = [table(["amount"], ["points"], rows, HitPolicy.COLLECT, aggregation=Aggregation.SUM) for rows in SUMS]
    one, same, other = (
        compile_model(definitions(input_data("amount", "number"), decision("adds", each, inputs=["amount"])))
        for each in summed
    )
    assert compare(one, same)[0].is_equal
    assert {(each.before, each.after) for each in compare(one, other)[0].differences} == {("3", "4")}


def test_hits_that_are_collected_are_compared_one_by_one() -> None:
    rows = [["< 10", "-", "1"], ["< 20", "-", "2"]]
    found = compared(rows, [rows[0], ["< 20", "-", "3"]], policy=HitPolicy.COLLECT)
    assert {(each.before, each.after) for each in found.differences} == {("[1, 2]", "[1, 3]"), ("[2]", "[3]")}


def test_a_policy_that_gives_the_empty_list_where_another_gives_nothing_is_another() -> None:
    rows = [["< 10", "-", "1"]]
    versions = [version(*rows, policy=policy)[1] for policy in (HitPolicy.FIRST, HitPolicy.RULE_ORDER)]
    (found,) = compare(*versions)
    assert {(each.before, each.after) for each in found.differences} == {("nothing", "[]"), ("1", "[1]")}


def test_what_is_collected_comes_in_the_order_of_the_rules() -> None:
    rows = [["< 10", "-", "2"], ["< 20", "-", "1"]]
    versions = [version(*rows, policy=policy)[1] for policy in (HitPolicy.RULE_ORDER, HitPolicy.COLLECT)]
    assert compare(*versions)[0].is_equal
    turned = version(*rows[::-1], policy=HitPolicy.RULE_ORDER)[1]
    assert not compare(versions[0], turned)[0].is_equal


def test_columns_of_one_label_are_each_compared_and_meet_one_value() -> None:
    def twice(high: str) -> Model:
        rows = [[">= 5", high, "1"], ["< 5", "-", "2"], ["> 20", "< 3", high.strip("< ")]]
        logic = table(["amount", "amount"], ["answer"], rows, HitPolicy.FIRST)
        return compile_model(definitions(input_data("amount", "number"), decision("signs", logic, inputs=["amount"])))

    (found,) = compare(twice("< 10"), twice("< 12"))
    assert [(each.region, each.before, each.after) for each in found.differences] == [
        ({"amount": ">= 5 and [10..12)"}, "nothing", "1")
    ]
    assert compare(twice("< 10"), twice("< 10"))[0].is_equal


def test_a_default_counts_where_no_rule_hits() -> None:
    clause = OutputClause("who", default=table([], ["x"], [['"nobody"']]).rules[0].outputs[0])
    logic = table(["amount"], [clause], [["< 1000", '"owner"']])
    with_default = compile_model(
        definitions(input_data("amount", "number"), decision("signs", logic, inputs=["amount"]))
    )
    without = compile_model(
        definitions(
            input_data("amount", "number"),
            decision("signs", table(["amount"], ["who"], [["< 1000", '"owner"']]), inputs=["amount"]),
        )
    )
    (found,) = compare(without, with_default)
    assert {(each.before, each.after) for each in found.differences} == {("nothing", '"nobody"')}


def test_versions_of_a_model_say_what_is_proved_and_what_is_not() -> None:
    found = compare_versions([version(*BEFORE)], [version(*BEFORE[:2], other="2")])
    assert (found.same, found.rewritten, found.added, found.removed) == ((), ("other",), (), ())
    assert [comparison.decision for comparison in found.tables] == ["signs"]
    assert not found.is_equal
    assert compare_versions([version(*BEFORE)], [version(*BEFORE)]).is_equal


def of_type(wanted: str, column: str = "") -> tuple[Definitions, Model]:
    logic = table(["amount"], ["who"], [["< 1000", '"owner"'], [">= 1000", '"head"']])
    (clause,) = logic.inputs
    expression = replace(clause.expression, type_ref=column)
    logic = replace(logic, inputs=(replace(clause, expression=expression),))
    source = definitions(input_data("amount", wanted), decision("signs", logic, inputs=["amount"]))
    return source, compile_model(source)


def test_a_column_of_another_type_is_not_said_to_decide_the_same() -> None:
    (found,) = compare(of_type("", "number")[1], of_type("", "string")[1])
    assert found.undecided == "`amount` may have other values than before"
    assert not found.is_certain


def test_an_input_of_another_type_is_told() -> None:
    found = compare_versions([of_type("number")], [of_type("string")])
    assert (found.retyped, found.is_equal) == (("amount",), False)
    assert compare_versions([of_type("number")], [of_type("number")]).is_equal


def test_a_type_with_allowed_values_is_the_same_in_both_versions() -> None:
    item = ItemDefinition("tAmount", "number", allowed=UnaryTests("[0..5000]"))
    versions = []
    for conclusion in ('"head"', '"board"'):
        logic = table(["amount"], ["who"], [["< 1000", '"owner"'], [">= 1000", conclusion]])
        (clause,) = logic.inputs
        logic = replace(logic, inputs=(replace(clause, expression=replace(clause.expression, type_ref="tAmount")),))
        source = definitions(input_data("amount", "tAmount"), decision("signs", logic, inputs=["amount"]))
        source = replace(source, item_definitions=(item,))
        versions.append(compile_model(source))
    (found,) = compare(*versions)
    assert [each.region for each in found.differences] == [{"amount": "[1000..5000]"}]

"""What is wrong with a table: small tables with known answers, and random ones beside trying everything."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.soak import analysis as soak
from tests.unit.domain.decisions.models import decision, input_data, sound_model, table
from tests.unit.domain.decisions.models import model as compiled

from comptroller.domain.decisions.analysis import Finding, FindingKind, Weight, analyse
from comptroller.domain.decisions.definitions import Aggregation, HitPolicy, ItemDefinition, OutputClause, UnaryTests
from comptroller.domain.decisions.model import Model

AMOUNT, KIND, FLAG = ("amount", "number"), ("kind", "string"), ("flag", "boolean")
CLOCK, MOMENT = ("clock", "time"), ("moment", "date and time")
AGE, TERM = ("age", "days and time duration"), ("term", "years and months duration")


def of(
    columns: Sequence[tuple[str, str]],
    *rows: Sequence[str],
    policy: HitPolicy = HitPolicy.UNIQUE,
    output: OutputClause | str = "answer",
    aggregation: Aggregation = Aggregation.LIST,
) -> Model:
    names = [name for name, _ in columns]
    logic = table(names, [output], rows, policy, aggregation=aggregation)
    return sound_model(*(input_data(*column) for column in columns), decision("verdict", logic, inputs=names))


def told(model: Model, kind: FindingKind) -> list[Finding]:
    return [finding for finding in analyse(model) if finding.kind is kind]


def regions(model: Model, kind: FindingKind = FindingKind.GAP) -> list[dict[str, str]]:
    return [dict(finding.region) for finding in told(model, kind)]


# ---- gaps ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cells", "gaps"),
    [
        (AMOUNT, ["< 100", ">= 100"], []),
        (AMOUNT, ["< 100", "> 100"], ["100"]),
        (AMOUNT, ["< 100", "[100..500]", ">= 1000"], ["(500..1000)"]),
        (AMOUNT, ["[0..10)", "[10..20]"], ["< 0", "> 20"]),
        (AMOUNT, ["not(5)"], ["5"]),
        (("day", "date"), ['<= date("2026-01-31")', '>= date("2026-02-01")'], []),
        (("day", "date"), ['<= date("2026-01-31")', '> date("2026-02-01")'], ['date("2026-02-01")']),
        (KIND, ['"a", "b"', 'not("a", "b")'], []),
        (KIND, ['"a"', '"b"'], ['not("a", "b")']),
        (FLAG, ["true"], ["false"]),
        (FLAG, ["true", "false"], []),
        (AMOUNT, ["< 100", ">= 100", "null"], []),
        (AMOUNT, ["< 100", "not(null)"], ["null"]),
        (("anything", ""), ["null"], ["not(null)"]),
        (CLOCK, ['< time("12:00:00")', '>= @"12:00:00"'], []),
        (CLOCK, ['< time("12:00:00")', '> time("12:00:00")'], ['time("12:00:00")']),
        (CLOCK, ['>= time("00:00:00")'], []),
        (CLOCK, ['< time("12:00:00Z")', '>= time("14:00:00+02:00")'], []),
        (CLOCK, ['< time("12:00:00")', '>= time("12:00:00Z")'], ['>= time("12:00:00"), < time("12:00:00Z")']),
        (MOMENT, ['< date and time("2026-01-01T00:00:00Z")', '>= @"2026-01-01T01:00:00@Europe/Berlin"'], []),
        (MOMENT, ['< @"2026-01-01T00:00:00"', '> @"2026-01-01T00:00:00"'], ['date and time("2026-01-01T00:00:00")']),
        (AGE, ['<= duration("P30D")', '> duration("P720H")'], []),
        (AGE, ['< duration("P30D")', '>= duration("P60D")'], ['[duration("P30D")..duration("P60D"))']),
        (TERM, ['<= duration("P1Y")', '>= duration("P13M")'], []),
        (TERM, ['<= duration("P1Y")', '> duration("P13M")'], ['duration("P1Y1M")']),
        (KIND, ['< "M"', '>= "M"'], []),
        (KIND, ['< "M"', '["M".."T")', '> "T"'], ['"T"']),
        (KIND, ['>= ""'], []),
        (AMOUNT, ["? < 100", "? > 40 + 60"], ["100"]),
        (AMOUNT, ["? >= 0 and ? < 10", "not(? < 10)"], ["< 0"]),
        (AMOUNT, ["? between 0 and 10 or ? in (> 10)"], ["< 0"]),
        (AMOUNT, ["[1, [2..4]]", "if ? > 4 then true else ? < 1"], ["(1..2)"]),
        (AMOUNT, ["list contains([1, 2], ?)", "> 2", "? < 1"], ["(1..2)"]),
        (KIND, ['["a", "b"]', 'list contains(["c"], ?)', '? in ["d"]'], ['not("a", "b", "c", "d")']),
        (KIND, ['starts with(?, "DE")', '"AT"'], ['not("AT", starts with(?, "DE"))']),
        (
            KIND,
            ['starts with(?, "DE") and ? != "DEX"', 'not(starts with(?, "D"))'],
            ['starts with(?, "D") and not(starts with(?, "DE") and ? != "DEX")'],
        ),
        (KIND, ['not(? = null) and starts with(?, "DE")'], ['not(? != null and starts with(?, "DE"))']),
        (KIND, ['starts with(?, "D")', '< "D"'], ['>= "E"']),
        (KIND, ['starts with(?, "")'], []),
        (FLAG, ["?", "not(?)"], []),
        (FLAG, ['string(?) = "true"'], ["false"]),
    ],
)
def test_a_gap_is_what_no_cell_accepts(column: tuple[str, str], cells: list[str], gaps: list[str]) -> None:
    model = of([column], *([cell, "1"] for cell in cells), policy=HitPolicy.FIRST)
    assert regions(model) == [{column[0]: gap} for gap in gaps]


def test_gaps_over_several_columns_are_told_as_few_regions_with_a_row_for_each() -> None:
    model = of([AMOUNT, KIND, FLAG], ["< 100", "-", "-", "1"], [">= 100", '"a"', "true", "2"])
    first, *rest = told(model, FindingKind.GAP)
    assert {frozenset(gap.region.items()) for gap in (first, *rest)} == {
        frozenset({"amount": ">= 100", "kind": '"a"', "flag": "false"}.items()),
        frozenset({"amount": ">= 100", "kind": 'not("a")'}.items()),
    }
    assert first.proposal == (">= 100", '"a"', "false")
    assert first.example == {"amount": "100", "kind": '"a"', "flag": "false"}


def test_a_column_of_a_bare_type_has_the_values_that_the_entry_it_looks_at_may_have() -> None:
    kind = ItemDefinition("kind", type_ref="string", allowed=UnaryTests('"speed", "parking"'))
    violation = ItemDefinition("tViolation", components=(kind,))
    logic = table(["violation.kind"], ["fine"], [['"speed"', "500"]], types=["string"])
    model = sound_model(
        input_data("violation", "tViolation"), decision("fine", logic, inputs=["violation"]), types=[violation]
    )
    assert regions(model) == [{"violation.kind": '"parking"'}]


@pytest.mark.parametrize(
    ("allowed", "cells", "gaps"),
    [
        ('"a", "b", "c"', ['"a"', '"b"'], ['"c"']),
        ("[0..100]", ["[0..50)"], ["[50..100]"]),
        ('>= time("08:00:00")', ['> time("08:00:00")'], ['time("08:00:00")']),
        ('["a".."m"]', ['<= "c"'], ['("c".."m"]']),
        ("string length(?) < 3", ['"a"'], ['not("a")']),
        ('"a", "bb", "cc"', ["string length(?) > 1"], ['"a"']),
        ('starts with(?, "D")', ['"D1"', '"E"'], ['starts with(?, "D") and ? != "D1"']),
    ],
)
def test_allowed_values_say_what_a_column_can_have(allowed: str, cells: list[str], gaps: list[str]) -> None:
    logic = table(["kind"], ["answer"], [[cell, str(number)] for number, cell in enumerate(cells)])
    clause = logic.inputs[0]
    limited = type(logic)(
        (type(clause)(clause.expression, UnaryTests(allowed)),), logic.outputs, logic.rules, logic.hit_policy
    )
    model = sound_model(input_data("kind"), decision("verdict", limited, inputs=["kind"]))
    assert regions(model) == [{"kind": gap} for gap in gaps]


@pytest.mark.parametrize("cell", ['["a"]', "? instance of string"])
def test_what_tells_lists_from_texts_is_looked_into_where_only_texts_come(cell: str) -> None:
    rows = ['"a"', "1"], [cell, "2"]
    assert told(of([KIND], *rows), FindingKind.NOT_ANALYSED) == []
    (found,) = told(of([("anything", "")], *rows), FindingKind.NOT_ANALYSED)
    assert found.rules == (2,)


def test_a_table_in_another_language_is_not_looked_into() -> None:
    logic = table(["amount"], ["answer"], [["cellInput > 5", "1"], ["cellInput > 6", "2"]])
    rules = tuple(replace(rule, inputs=(UnaryTests(rule.inputs[0].text, language="juel"),)) for rule in logic.rules)
    subject = decision("verdict", replace(logic, rules=rules), inputs=["amount"])
    (found,) = analyse(compiled(input_data("amount", "number"), subject))
    assert (found.kind, found.weight) == (FindingKind.NOT_ANALYSED, Weight.WARNING)


def test_a_cell_that_asks_the_clock_is_not_looked_into() -> None:
    (found,) = told(of([FLAG], ['? and today() > @"2026-01-01"', "1"]), FindingKind.NOT_ANALYSED)
    assert found.rules == (1,)


def test_a_type_that_no_cell_speaks_of_leaves_everything_a_gap() -> None:
    """Somebody declared texts as numbers: no rule ever hits."""
    model = of([AMOUNT], ['"high"', "1"], ['"low"', "2"])
    assert [found.rules for found in told(model, FindingKind.UNREACHABLE)] == [(1,), (2,)]
    assert regions(model) == [{}]


def test_a_date_that_a_column_converts_to_a_moment_is_met_by_no_cell_that_names_days() -> None:
    model = of([MOMENT], ['date("2026-01-01")', "1"], ["-", "2"], policy=HitPolicy.FIRST)
    assert [found.rules for found in told(model, FindingKind.UNREACHABLE)] == [(1,)]


def test_what_may_not_occur_weighs_less_than_what_does() -> None:
    fractions = of([AMOUNT], ["<= 30", "1"], [">= 31", "2"])
    others = of([KIND], ['"a"', "1"])
    seconds = of([CLOCK], ['<= time("16:59:59")', "1"], ['>= time("17:00:00")', "2"])
    days = of([AGE], ['<= duration("P30D")', "1"], ['>= duration("P31D")', "2"])
    between_texts = of([KIND], ['<= "F"', "1"], ['>= "G"', "2"])
    hole = of([AMOUNT], ["<= 30", "1"], [">= 40", "2"])
    models = (fractions, others, seconds, days, between_texts, hole)
    assert [found.weight for model in models for found in told(model, FindingKind.GAP)] == [
        *[Weight.WARNING] * 5,
        Weight.ERROR,
    ]


DAY, COUNTRY = ("day", "date"), ("country", "string")
SINCE_2026, SINCE_2020 = '>= date("2026-01-01")', '>= date("2020-01-01")'
BEFORE_2026, BEFORE_2020 = '< date("2026-01-01")', '< date("2020-01-01")'


@pytest.mark.parametrize(
    ("columns", "rows", "gaps"),
    [
        pytest.param([KIND], [["not(null)"]], {"null": Weight.INFORMATION}, id="null that is turned away"),
        pytest.param(
            [KIND, FLAG],
            [["null", "true"], ["not(null)", "-"]],
            {"null and false": Weight.ERROR},
            id="null that a rule asks for, in another column's values",
        ),
        pytest.param([DAY], [[SINCE_2026]], {BEFORE_2026: Weight.INFORMATION}, id="days before policy began"),
        pytest.param(
            [DAY, FLAG],
            [[BEFORE_2026, "true"], [SINCE_2026, "-"]],
            {f"{BEFORE_2026} and false": Weight.WARNING},
            id="days before the first that a cell names, of which another rule speaks",
        ),
        pytest.param(
            [COUNTRY, DAY],
            [['"FR"', SINCE_2020], ['"GB"', SINCE_2026], ['not("FR", "GB")', SINCE_2020]],
            {
                f'"GB" and {BEFORE_2026}': Weight.WARNING,
                f'not("GB") and {BEFORE_2020}': Weight.INFORMATION,
            },
            id="days before the rules for one country begin",
        ),
        pytest.param(
            [COUNTRY, DAY],
            [['"GB"', '[date("2020-01-01")..date("2025-12-30")]'], ['"GB"', SINCE_2026], ['not("GB")', "-"]],
            {
                '"GB" and (date("2025-12-30")..date("2026-01-01"))': Weight.ERROR,
                f'"GB" and {BEFORE_2020}': Weight.INFORMATION,
            },
            id="a day between two rules",
        ),
        pytest.param(
            [DAY], [['<= date("2026-12-31")']], {'> date("2026-12-31")': Weight.ERROR}, id="days after policy ends"
        ),
    ],
)
def test_a_gap_of_what_nobody_expects_is_told_as_information(
    columns: list[tuple[str, str]], rows: list[list[str]], gaps: dict[str, Weight]
) -> None:
    model = of(columns, *([*row, "1"] for row in rows))
    found = {" and ".join(gap.region.values()): gap.weight for gap in told(model, FindingKind.GAP)}
    assert found == gaps


def test_a_default_leaves_no_gap_and_a_table_that_collects_may_have_them() -> None:
    clause = OutputClause("answer", default=table([], ["x"], [["1"]]).rules[0].outputs[0])
    assert regions(of([AMOUNT], ["< 100", "1"], output=clause)) == []
    (found,) = told(of([AMOUNT], ["< 100", "1"], policy=HitPolicy.COLLECT), FindingKind.GAP)
    assert found.weight is Weight.INFORMATION


def test_a_column_of_what_another_table_concludes_meets_only_that() -> None:
    grade = decision("grade", table(["amount"], ["g"], [["< 10", '"low"'], [">= 10", '"high"']]), inputs=["amount"])
    chained = decision("verdict", table(["grade"], ["answer"], [['"low"', "1"]]), decisions=["grade"])
    model = sound_model(input_data("amount", "number"), grade, chained)
    assert regions(model) == [{"grade": '"high"'}]


GRADES = [["< 10", '"low"', "1"], ["[10..20)", '"mid"', "1"], [">= 20", '"high"', "2"]]


@pytest.mark.parametrize(
    ("rows", "policy", "kind", "meant"),
    [
        ([['"low"', "1", "1"], ['"mid"', "-", "2"]], HitPolicy.UNIQUE, FindingKind.GAP, [((), ['"high"', "2"])]),
        ([['"low"', "1", "1"], ["-", "2", "2"], ['"mid"', "1", "3"]], HitPolicy.UNIQUE, FindingKind.OVERLAP, []),
        ([['"mid"', "2", "1"], ["-", "-", "2"]], HitPolicy.FIRST, FindingKind.UNREACHABLE, [((1,), ['"mid"', "2"])]),
        (
            [["-", "1", "1"], ['"low", "mid"', "-", "2"], ["-", "-", "3"]],
            HitPolicy.FIRST,
            FindingKind.MASKED,
            [((2, 1), ['"low", "mid"'])],
        ),
        ([["-", "1", "1"], ['"high"', "-", "2"], ["-", "-", "3"]], HitPolicy.FIRST, FindingKind.MASKED, []),
    ],
)
def test_two_columns_of_one_decision_meet_what_one_of_its_rules_says(
    rows: list[list[str]], policy: HitPolicy, kind: FindingKind, meant: list[tuple[tuple[int, ...], list[str]]]
) -> None:
    grade = decision("grade", table(["amount"], ["level", "risk"], GRADES), inputs=["amount"])
    logic = table(["grade.level", "grade.risk"], ["answer"], rows, policy)
    model = sound_model(input_data("amount", "number"), grade, decision("verdict", logic, decisions=["grade"]))
    assert [(each.rules, list(each.region.values())) for each in told(model, kind)] == meant


@pytest.mark.parametrize(
    ("rows", "meant"),
    [
        ([[">= 5", "< 10", "1"], ["< 5", "-", "2"], [">= 10", "-", "3"]], []),
        ([[">= 5", "< 10", "1"], ["< 5", "-", "2"]], [("gap", (), ">= 10")]),
        ([[">= 5", "< 3", "1"], ["-", "-", "2"]], [("unreachable", (1,), ">= 5 and < 3")]),
        ([[">= 5", "-", "1"], ["-", "< 7", "2"]], [("overlap", (1, 2), "[5..7)")]),
        ([[">= 5", "-", "1"], ["> 6", "< 9", "1"], ["-", "< 5", "2"]], [("overlap", (1, 2), "(6..9)")]),
    ],
)
def test_two_columns_that_look_at_the_same_meet_one_value(
    rows: list[list[str]], meant: list[tuple[str, tuple[int, ...], str]]
) -> None:
    logic = table(["amount", "amount"], ["answer"], rows)
    model = sound_model(input_data("amount", "number"), decision("verdict", logic, inputs=["amount"]))
    found = [each for each in analyse(model) if each.weight is Weight.ERROR and each.kind is not FindingKind.MISUSE]
    assert [(each.kind.value, each.rules, each.region.get("amount")) for each in found] == meant


def test_two_columns_without_a_type_that_look_at_the_same_are_gone_through() -> None:
    logic = table(["anything", "anything"], ["answer"], [['"a"', "-", "1"], ["-", "5", "2"]])
    model = sound_model(input_data("anything"), decision("verdict", logic, inputs=["anything"]))
    assert told(model, FindingKind.OVERLAP) == []


def test_what_is_counted_is_never_below_zero() -> None:
    logic = table(["count(lines)"], ["answer"], [["0", "1"], [">= 1", "2"]])
    model = sound_model(input_data("lines"), decision("verdict", logic, inputs=["lines"]))
    assert regions(model) == [{"count(lines)": "(0..1)"}]


def test_a_column_of_an_entry_has_the_values_of_its_type() -> None:
    kinds = ItemDefinition("kind", type_ref="string", allowed=UnaryTests('"a", "b"'))
    whole = ItemDefinition("invoice", components=(ItemDefinition("kind", type_ref="kind"),))
    logic = table(["invoice.kind"], ["answer"], [['"a"', "1"]])
    subject = decision("verdict", logic, inputs=["invoice"])
    assert regions(sound_model(input_data("invoice", "invoice"), subject, types=(kinds, whole))) == [
        {"invoice.kind": '"b"'}
    ]


# ---- rules that meet -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "region"),
    [
        (["<= 100", "-"], [">= 100", "-"], {"amount": "100"}),
        (["< 100", "-"], [">= 100", "-"], None),
        (["[1..5]", '"a", "b"'], ["(4..9]", '"b", "c"'], {"amount": "(4..5]", "kind": '"b"'}),
        (["-", 'not("a")'], ["-", 'not("b")'], {"kind": 'not("a", "b")'}),
        (["< 100", '"a"'], ["< 50", '"b"'], None),
    ],
)
def test_rules_that_hit_together_where_one_may(one: list[str], other: list[str], region: dict[str, str] | None) -> None:
    found = told(of([AMOUNT, KIND], [*one, "1"], [*other, "2"]), FindingKind.OVERLAP)
    assert [(each.rules, dict(each.region)) for each in found] == ([] if region is None else [((1, 2), region)])


def test_rules_that_meet_at_null_alone_are_told_where_a_cell_names_it() -> None:
    rows = [["not(5)", "1"], ["not(6)", "2"]]
    assert regions(of([AMOUNT], *rows), FindingKind.OVERLAP) == [{"amount": "< 5, (5..6), > 6"}]
    found = told(of([AMOUNT], *rows, ["null", "3"]), FindingKind.OVERLAP)
    assert [(each.rules, each.region["amount"].endswith("null")) for each in found] == [
        ((1, 2), True),
        ((1, 3), True),
        ((2, 3), True),
    ]


def test_a_condition_does_not_meet_null_unless_it_asks_for_it() -> None:
    rows = [["? > 5", "1"], ["? <= 5 or ? = null", "2"], ["null", "3"]]
    found = told(of([AMOUNT], *rows), FindingKind.OVERLAP)
    assert [(each.rules, dict(each.region)) for each in found] == [((2, 3), {"amount": "null"})]


def test_rules_of_one_mind_may_meet_under_any_and_others_contradict() -> None:
    model = of([AMOUNT], ["< 10", "1"], ["< 20", "1"], ["< 30", "2"], policy=HitPolicy.ANY)
    assert [found.rules for found in told(model, FindingKind.CONTRADICTION)] == [(1, 3), (2, 3)]
    assert told(model, FindingKind.OVERLAP) == []


def test_conclusions_that_are_computed_may_agree() -> None:
    rows = ["< 5", "amount + 1"], ["< 4", "amount+1"], ["< 3", "1 + amount"]
    found = told(of([AMOUNT], *rows, policy=HitPolicy.ANY), FindingKind.CONTRADICTION)
    assert [(each.rules, each.weight) for each in found] == [((1, 3), Weight.WARNING), ((2, 3), Weight.WARNING)]


# ---- rules that never decide -----------------------------------------------------------------------------------------


def test_a_rule_is_masked_by_several_that_take_all_of_it_together() -> None:
    rows = [["< 50", "-", "1"], [">= 50", "true", "2"], [">= 50", "false", "3"], ["[40..60]", "true", "4"]]
    (found,) = told(of([AMOUNT, FLAG], *rows, policy=HitPolicy.FIRST), FindingKind.MASKED)
    assert found.rules == (4, 1, 2)
    assert found.message == "rule 4 never decides: rules 1 and 2 take all that it accepts"


def test_a_message_shows_the_first_of_many_values_and_the_region_has_them_all() -> None:
    rows = [[f'"country {number}"', "true", "1"] for number in range(40)]
    of_named, of_others = sorted(told(of([KIND, FLAG], *rows), FindingKind.GAP), key=lambda gap: gap.weight)
    assert (of_named.region["flag"], of_named.region["kind"].count("country")) == ("false", 40)
    assert of_named.message.startswith('no rule accepts `kind` "country 0", "country 1", ')
    assert of_others.message.endswith(", ...)")
    assert max(len(gap.message) for gap in (of_named, of_others)) < 250


def test_a_last_rule_that_only_missing_facts_reach_is_not_masked() -> None:
    model = of([FLAG], ["true", "1"], ["false", "2"], ["-", "3"], policy=HitPolicy.FIRST)
    assert told(model, FindingKind.MASKED) == []


def test_the_more_important_conclusion_masks_under_priority() -> None:
    output = OutputClause("answer", "string", UnaryTests('"refuse", "grant"'))
    model = of([AMOUNT], ["< 100", '"grant"'], ["-", '"refuse"'], policy=HitPolicy.PRIORITY, output=output)
    assert [found.rules for found in told(model, FindingKind.MASKED)] == [(1, 2)]


@pytest.mark.parametrize(("aggregation", "masked"), [(Aggregation.MIN, []), (Aggregation.MAX, [(1, 2)])])
def test_the_largest_conclusion_masks_where_the_largest_is_the_answer(
    aggregation: Aggregation, masked: list[tuple[int, ...]]
) -> None:
    model = of([AMOUNT], ["< 5", "1"], ["< 10", "2"], policy=HitPolicy.COLLECT, aggregation=aggregation)
    assert [found.rules for found in told(model, FindingKind.MASKED)] == masked


def test_a_cell_that_no_value_passes_is_unreachable() -> None:
    model = of([AMOUNT], ["[10..5]", "1"], ['"text"', "2"], ["-", "3"], policy=HitPolicy.FIRST)
    assert [found.rules for found in told(model, FindingKind.UNREACHABLE)] == [(1,), (2,)]


# ---- what could be simpler -------------------------------------------------------------------------------------------


def test_a_rule_within_another_of_one_mind_can_go_unless_another_decides_between() -> None:
    may_go = of([AMOUNT], ["< 10", "1"], ["< 20", "1"], policy=HitPolicy.FIRST)
    may_not = of([AMOUNT], ["< 10", "1"], ["< 15", "2"], ["< 20", "1"], policy=HitPolicy.FIRST)
    assert [found.rules for found in told(may_go, FindingKind.SUBSUMED)] == [(1, 2)]
    assert told(may_not, FindingKind.SUBSUMED) == []


def test_of_two_alike_the_later_can_go_where_importance_decides() -> None:
    output = OutputClause("answer", "string", UnaryTests('"refuse", "grant"'))
    rows = [["< 10", '"grant"'], ["< 20", '"refuse"'], ["< 5", '"grant"'], ["< 10", '"grant"']]
    model = of([AMOUNT], *rows, policy=HitPolicy.PRIORITY, output=output)
    assert [found.rules for found in told(model, FindingKind.MASKED)] == [(1, 2), (3, 2), (4, 2)]
    rows = [["< 20", '"refuse"'], ["< 10", '"refuse"'], ["-", '"grant"']]
    model = of([AMOUNT], *rows, policy=HitPolicy.PRIORITY, output=output)
    assert [found.rules for found in told(model, FindingKind.SUBSUMED)] == [(2, 1)]


def test_a_rule_made_of_two_does_not_accept_what_is_missing() -> None:
    (found,) = told(of([AMOUNT], ["< 10", "1"], ["> 5", "1"], policy=HitPolicy.ANY), FindingKind.MERGEABLE)
    assert found.region == {"amount": "not(null)"}


def test_rules_that_differ_in_one_column_become_one() -> None:
    model = of([AMOUNT, KIND], ["< 10", '"a"', "1"], ["[10..20)", '"a"', "1"], [">= 20", '"a"', "2"])
    (found,) = told(model, FindingKind.MERGEABLE)
    assert (found.rules, found.region) == ((1, 2), {"amount": "< 20"})


@pytest.mark.parametrize(
    ("policy", "aggregation", "rows", "weight"),
    [
        (HitPolicy.FIRST, Aggregation.LIST, [["< 1", "1"], [">= 1", "2"]], Weight.INFORMATION),
        (HitPolicy.UNIQUE, Aggregation.LIST, [["< 1", "1"], ["-", "2"]], Weight.ERROR),
        (HitPolicy.COLLECT, Aggregation.SUM, [["< 1", "1"], [">= 1", '"two"']], Weight.ERROR),
    ],
)
def test_a_hit_policy_that_does_not_fit(
    policy: HitPolicy, aggregation: Aggregation, rows: list[list[str]], weight: Weight
) -> None:
    found = told(of([AMOUNT], *rows, policy=policy, aggregation=aggregation), FindingKind.MISUSE)
    assert [each.weight for each in found] == [weight]


# ---- what is not looked into -----------------------------------------------------------------------------------------


def test_comparisons_with_one_name_are_three_cases() -> None:
    columns = [AMOUNT, ("limit", "number")]
    whole = of(columns, ["<= limit", "-", "1"], ["> limit", "-", "2"])
    holed = of(columns, ["< limit", "-", "1"], ["> limit", "-", "2"])
    assert analyse(whole) == ()
    assert regions(holed) == [{"amount": "= limit"}]


def test_what_is_not_analysed_is_told_and_concluded_from_in_neither_way() -> None:
    columns = [AMOUNT, ("limit", "number")]
    model = of(
        columns, ["<= limit + 1", "-", "1"], ["> 2 * limit", "-", "2"], ["-", "< 0", "3"], policy=HitPolicy.FIRST
    )
    found = analyse(model)
    assert [each.kind for each in found] == [FindingKind.NOT_ANALYSED]
    assert found[0].rules == (1, 2)


def test_opaque_cells_alone_hide_no_gap_that_is_certain() -> None:
    columns = [AMOUNT, ("limit", "number"), FLAG]
    model = of(columns, ["<= limit + 1", "-", "true", "1"], ["> 2 * limit", "-", "true", "2"])
    assert regions(model) == [{"flag": "false"}]


# ---- beside trying everything ----------------------------------------------------------------------------------------


def test_random_tables_are_found_to_be_what_trying_everything_finds() -> None:
    assert soak.run(budget=120, seed=7, count=60)["difference"] == ""


def test_ten_thousand_rules_that_divide_the_space_have_one_hole_when_one_is_taken_out() -> None:
    """A hundred times a hundred steps: found because the search halves, not because it tries."""
    steps = [f"[{low}..{low + 1})" for low in range(100)]
    rows = [[one, other, "1"] for one in steps for other in steps]
    del rows[4_242]
    model = of([AMOUNT, ("other", "number")], *rows, output=OutputClause("answer"))
    inner = [gap for gap in told(model, FindingKind.GAP) if gap.proposal == ("[42..43)", "[42..43)")]
    assert len(inner) == 1
    assert Decimal(inner[0].example["amount"]) == 42

"""An outcome in the words of a controller, and the rules that nearly hit."""

from datetime import date
from decimal import Decimal

import pytest
from tests.unit.domain.decisions.models import decision, input_data, knowledge_model, sound_model, table

from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.decisions.definitions import HitPolicy, OutputClause, UnaryTests
from comptroller.domain.decisions.near import near_misses
from comptroller.domain.decisions.wording import explain_text, fault_text, shown, why_not_text
from comptroller.domain.feel import Value
from comptroller.domain.kernel.fault import Fault, Severity

INPUTS = ["amount", "category", "day"]
RULES = [
    ["<= 100", '"travel"', "-", '"clerk"'],
    ["<= 500", '"travel"', "-", '"lead"'],
    ["-", '"travel", "meals"', '< date("2026-01-01")', '"controller"'],
    ["-", "-", "-", '"chief"'],
]


def routed(hit_policy: HitPolicy = HitPolicy.FIRST) -> Model:
    return sound_model(
        input_data("amount", "number"),
        input_data("category", "string"),
        input_data("day", "date"),
        decision("routing", table(INPUTS, ["who"], RULES, hit_policy), inputs=INPUTS),
        decision("notice", 'routing + "!"', decisions=["routing"]),
    )


def outcome(amount: int, category: str, model: Model | None = None, wanted: str = "notice") -> Outcome:
    given: dict[str, Value] = {"amount": amount, "category": category, "day": date(2026, 3, 27)}
    return (model or routed()).decide(wanted, given)


def test_explanation_tells_decisions_rules_and_what_nearly_hit() -> None:
    assert explain_text(outcome(600, "travel")).splitlines() == [
        '1. routing: "chief"',
        '   read: amount = 600, category = "travel", day = date("2026-03-27")',
        '   rule 4 (r4) of routing: "chief"',
        "   nearly: rule 1 (r1) of routing: `amount` is 600, its cell asks for `<= 100`",
        "   nearly: rule 2 (r2) of routing: `amount` is 600, its cell asks for `<= 500`",
        '2. notice: "chief!"',
        '   read: routing = "chief"',
    ]


def test_explanation_of_what_went_wrong_ends_with_it() -> None:
    lines = explain_text(routed().decide("notice", {"amount": 1, "category": "travel"})).splitlines()
    assert lines[-1] == "warning DMN-INPUT-01 at inputData[day]: the input `day` is missing"


def test_fault_stands_with_the_decision_it_is_of() -> None:
    broken = sound_model(decision("first", "1 + null"), decision("second", "first", decisions=["first"]))
    lines = explain_text(broken.decide("second", {})).splitlines()
    assert lines[0] == "1. first: null"
    assert lines[1].startswith("   warning FEEL-")
    assert lines[2:] == ["2. second: null", "   read: first = null"]


@pytest.mark.parametrize(
    ("policy", "marks"),
    [
        pytest.param(HitPolicy.RULE_ORDER, ("", ""), id="all make the answer"),
        pytest.param(HitPolicy.PRIORITY, ("", ", which determines the answer"), id="one makes it"),
    ],
)
def test_several_hits_and_outputs_are_told_each(policy: HitPolicy, marks: tuple[str, str]) -> None:
    who, hours = OutputClause("who", allowed=UnaryTests('"b", "a"')), OutputClause("hours")
    rules = [["> 1", '"a"', "24"], ["> 2", '"b"', "48"]]
    model = sound_model(
        input_data("n", "number"), decision("d", table(["n"], [who, hours], rules, policy), inputs=["n"])
    )
    assert explain_text(model.decide("d", {"n": 3})).splitlines()[2:] == [
        f'   rule 1 (r1) of d: who = "a", hours = 24{marks[0]}',
        f'   rule 2 (r2) of d: who = "b", hours = 48{marks[1]}',
    ]


def test_rule_that_cannot_be_judged_is_told() -> None:
    undecided = routed().decide("routing", {"amount": None, "category": "travel", "day": date(2026, 3, 27)})
    lines = explain_text(undecided).splitlines()
    assert (
        "   erring: rule 1 (r1) of routing: `amount` is null, its cell asks for `<= 100`, which cannot be judged"
        in lines
    )
    assert why_not_text(undecided, "r2").endswith("its cell asks for `<= 500`, which cannot be judged")


def test_rules_that_cannot_be_judged_are_counted() -> None:
    rules = [[f"> {number}", '"x"'] for number in range(9)]
    model = sound_model(input_data("n"), decision("d", table(["n"], ["o"], rules), inputs=["n"]))
    lines = explain_text(model.decide("d", {"n": "many"})).splitlines()
    assert [line.split(":")[0].strip() for line in lines[2:6]] == ["erring"] * 4
    assert lines[5] == "   erring: 6 more"
    assert [line.split()[0] for line in lines[6:]] == ["warning"] * 5 + ["faults:"]
    assert lines[-1] == "   faults: 4 more"


def test_functions_are_not_among_what_was_read() -> None:
    model = sound_model(knowledge_model("f", ["n"], "n"), decision("d", "f(1)", knowledge=["f"]))
    assert explain_text(model.decide("d", {})) == "1. d: 1"


@pytest.mark.parametrize(
    ("amount", "category", "rule", "told"),
    [
        pytest.param(600, "travel", "r2", "did not hit: `amount` is 600, its cell asks for `<= 500`", id="by its id"),
        pytest.param(50, "travel", "1", "hit", id="by its number, of one that hit"),
        pytest.param(50, "travel", "Rule 1 of Routing", "hit", id="as explanations name it"),
        pytest.param(
            50, "travel", "r2", "did not hit: all its cells hold, but rule 1 comes first", id="of one behind the hit"
        ),
        pytest.param(
            50,
            "travel",
            "3",
            'did not hit: `day` is date("2026-03-27"), its cell asks for `< date("2026-01-01")`',
            id="of a day",
        ),
        pytest.param(
            600,
            "meals",
            "1",
            "did not hit: `amount` is 600, its cell asks for `<= 100`; "
            '`category` is "meals", its cell asks for `"travel"`',
            id="of two cells",
        ),
    ],
)
def test_why_a_rule_did_not_hit(amount: int, category: str, rule: str, told: str) -> None:
    number = "".join(filter(str.isdigit, rule))
    assert why_not_text(outcome(amount, category), rule) == f"rule {number} (r{number}) of routing {told}"


def test_rule_of_a_table_further_up_is_named_with_it() -> None:
    rules = [["> 1", '"x"'], ["<= 1", '"y"']]
    model = sound_model(
        input_data("n", "number"),
        decision("first", table(["n"], ["o"], rules), inputs=["n"]),
        decision("second", table(["first"], ["o"], [['"x"', "1"]]), decisions=["first"]),
    )
    outcome = model.decide("second", {"n": 5})
    assert why_not_text(outcome, "2 of first") == "rule 2 (r2) of first did not hit: `n` is 5, its cell asks for `<= 1`"
    assert why_not_text(outcome, "2") == "no table with a rule `2` was evaluated"


@pytest.mark.parametrize("rule", ["r9", "0", "5", "-1", "", "one", "²", "1 of another", "9" * 10])
def test_a_rule_that_is_none_is_said_to_be_none(rule: str) -> None:
    assert why_not_text(outcome(50, "travel"), rule) == f"no table with a rule `{rule}` was evaluated"


@pytest.mark.parametrize(
    ("amount", "category", "policy", "near"),
    [
        pytest.param(600, "travel", HitPolicy.FIRST, [(1, "amount"), (2, "amount")], id="one cell failed"),
        pytest.param(300, "travel", HitPolicy.FIRST, [(1, "amount")], id="nothing behind a first hit"),
        pytest.param(300, "travel", HitPolicy.COLLECT, [(1, "amount")], id="a rule of another time is not near"),
        pytest.param(300, "meals", HitPolicy.FIRST, [(2, "category")], id="two cells are too many"),
        pytest.param(600, "meals", HitPolicy.FIRST, [], id="none"),
    ],
)
def test_rules_that_nearly_hit(amount: int, category: str, policy: HitPolicy, near: list[tuple[int, str]]) -> None:
    found = near_misses(outcome(amount, category, routed(policy), "routing").tables, shown=3)
    assert [(miss.number + 1, miss.label) for miss in found] == near
    assert not any(miss.answer() for miss in found)


@pytest.mark.parametrize(
    ("policy", "near"),
    [
        pytest.param(HitPolicy.FIRST, [], id="the first hit ends the table"),
        pytest.param(HitPolicy.COLLECT, [1], id="every rule is reached"),
    ],
)
def test_rules_behind_a_hit_are_near_where_they_are_reached(policy: HitPolicy, near: list[int]) -> None:
    rules = [["> 1", "true", '"x"'], ["> 10", "true", '"y"'], ["> 10", "-", '"z"']]
    model = sound_model(
        input_data("n", "number"), decision("d", table(["n", "n > 0"], ["o"], rules, policy), inputs=["n"])
    )
    assert [miss.number for miss in near_misses(model.decide("d", {"n": 5}).tables, shown=3)] == near


def test_only_the_nearest_are_shown() -> None:
    rules = [[f"< {number}", "true", '"x"'] for number in range(9)]
    model = sound_model(input_data("n", "number"), decision("d", table(["n", "n > 0"], ["o"], rules), inputs=["n"]))
    assert [miss.number for miss in near_misses(model.decide("d", {"n": 9}).tables, shown=3)] == [0, 1, 2]


def test_long_values_are_cut() -> None:
    assert shown(["abc"] * 100).endswith("...")
    assert len(shown("x" * 1000)) == 160
    assert shown({"a": Decimal("1.50")}) == "{a: 1.5}"


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        pytest.param(Fault("A-B-01", "", "it is so"), "error A-B-01: it is so", id="of the whole"),
        pytest.param(
            Fault("A-B-01", "x[1]", "it is so", Severity.WARNING, help="do this"),
            "warning A-B-01 at x[1]: it is so (do this)",
            id="of a place, with what to do",
        ),
    ],
)
def test_fault_is_one_line(fault: Fault, text: str) -> None:
    assert fault_text(fault) == text

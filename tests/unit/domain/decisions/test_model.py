"""Deciding with a model: what is evaluated, what each decision sees, and how an outcome explains itself."""

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.collector import nothing_is_left
from tests.unit.domain.decisions.models import (
    NAMESPACE,
    decision,
    definitions,
    here,
    input_data,
    knowledge_model,
    model,
    sound_model,
    table,
)

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import (
    Context,
    ContextEntry,
    DecisionPolicy,
    DecisionService,
    Definitions,
    Element,
    Import,
    InformationItem,
    LiteralExpression,
    Reference,
)
from comptroller.domain.feel import Value

ROUTING = replace(
    table(
        ["amount", "category"],
        ["outcome", "owner"],
        [
            ["< 100", "-", '"pass"', "null"],
            [">= 100", '"service"', '"review"', '"controller"'],
            ["-", "-", '"hold"', '"clerk"'],
        ],
    ),
    annotations=("why",),
)


def routing(*hit_rows: str) -> Element:
    """A decision over a table of hit policy UNIQUE whose last rule always hits, or one of other rows."""
    source = replace(
        ROUTING,
        rules=tuple(
            replace(rule, annotations=(f"reason of {rule.id}",))
            for rule in ROUTING.rules
            if not hit_rows or rule.id in hit_rows
        ),
    )
    return decision("routing", source, inputs=["amount", "category"])


def codes(outcome_faults: Sequence[object]) -> list[str]:
    return [str(getattr(fault, "code", "")) for fault in outcome_faults]


def test_only_what_is_needed_is_evaluated_and_requirements_come_first() -> None:
    compiled = sound_model(
        input_data("a"),
        decision("total", "x + y", decisions=["y", "x"]),
        decision("x", "a + 1", inputs=["a"]),
        decision("y", "x * 2", decisions=["x"]),
        decision("not needed", "a", inputs=["a"]),
    )
    outcome = compiled.decide("total", {"a": 1})
    assert outcome.value == 6
    assert [evaluated.name for evaluated in outcome.explanation] == ["x", "y", "total"]
    assert compiled.decision_names == ("total", "x", "y", "not needed")
    assert compiled.input_names("total") == ("a",)


def test_a_decision_sees_its_direct_requirements_and_nothing_else() -> None:
    compiled = model(input_data("a"), decision("x", "a", inputs=["a"]), decision("answer", "[x, a]", decisions=["x"]))
    outcome = compiled.decide("answer", {"a": 1})
    assert outcome.value == [Decimal(1), None]
    assert codes(outcome.faults) == ["FEEL-NAME-01"]


@pytest.mark.parametrize(
    ("inputs", "value", "expected"),
    [
        pytest.param({"amount": Decimal("1.50")}, Decimal("1.50"), [], id="as declared"),
        pytest.param({"amount": 3}, Decimal(3), [], id="a whole number of Python's"),
        pytest.param({"amount": None}, None, [], id="known to be nothing"),
        pytest.param({}, None, ["DMN-INPUT-01"], id="missing"),
        pytest.param({"amount": "3"}, None, ["DMN-TYPE-04"], id="of another type"),
        pytest.param({"amount": 3, "other": 4}, Decimal(3), [], id="one more than is asked for"),
    ],
)
def test_inputs(inputs: Mapping[str, Value], value: Value, expected: list[str]) -> None:
    compiled = sound_model(input_data("amount", "number"), decision("answer", "amount", inputs=["amount"]))
    outcome = compiled.decide("answer", inputs)
    assert (outcome.value, codes(outcome.faults)) == (value, expected)


def test_a_decision_without_logic_is_answered_from_outside() -> None:
    compiled = sound_model(
        decision("opinion", None, type_ref="string"), decision("answer", "opinion", decisions=["opinion"])
    )
    assert compiled.decide("answer", {"opinion": "fine"}).value == "fine"
    assert compiled.decide("answer", {"opinion": 7}).value is None


def test_a_decision_that_is_not_there_is_a_fault() -> None:
    outcome = sound_model(decision("answer", "1")).decide("question", {})
    assert (outcome.value, codes(outcome.faults), outcome.explanation) == (None, ["DMN-DECISION-01"], ())


def test_a_faulty_decision_is_null_and_its_neighbours_decide() -> None:
    compiled = model(
        decision("faulty", "1 +"),
        decision("sound", "2"),
        decision("above", "[faulty, sound]", decisions=["faulty", "sound"]),
    )
    assert compiled.decide("sound", {}).faults == ()
    outcome = compiled.decide("above", {})
    assert (outcome.value, codes(outcome.faults)) == ([None, Decimal(2)], ["FEEL-SYNTAX-01"])


def test_the_time_is_told_from_outside() -> None:
    compiled = sound_model(decision("answer", "now()"))
    moment = datetime(2026, 3, 27, 8, tzinfo=UTC)
    assert compiled.decide("answer", {}, moment).value == moment
    assert compiled.decide("answer", {}).value is None


class TestKnowledge:
    """Business knowledge models: functions that decisions share."""

    def test_may_call_each_other_and_themselves(self) -> None:
        compiled = sound_model(
            knowledge_model("factorial", ["n: number"], "if n <= 1 then 1 else n * factorial(n - 1)"),
            knowledge_model("twice", ["n"], "2 * factorial(n)", knowledge=["factorial"]),
            decision("answer", "twice(4)", knowledge=["twice"]),
        )
        assert compiled.decide("answer", {}).value == 48

    def test_is_held_to_its_type(self) -> None:
        compiled = sound_model(
            knowledge_model("f", ["n: number"], '"text"', type_ref="number"),
            decision("answer", "f(1)", knowledge=["f"]),
        )
        outcome = compiled.decide("answer", {})
        assert (outcome.value, codes(outcome.faults)) == (None, ["DMN-TYPE-04"])

    @pytest.mark.parametrize("body", ["f(n + 1)", "[f(n), 1]", "if n > 0 then f(n + 1) else 0"])
    def test_that_never_ends_decides_nothing(self, body: str) -> None:
        compiled = sound_model(knowledge_model("f", ["n"], body), decision("answer", "count([f(1)])", knowledge=["f"]))
        outcome = compiled.decide("answer", {})
        assert outcome.value is None
        assert outcome.faults

    def test_is_let_go_with_the_outcome(self) -> None:
        compiled = sound_model(
            knowledge_model("double", ["n"], table(["n"], ["value"], [["> 0", "2 * n"]])),
            knowledge_model("quadruple", ["n"], "double(double(n))", knowledge=["double"]),
            decision("answer", "quadruple(4)", knowledge=["quadruple"]),
        )
        with nothing_is_left():
            assert compiled.decide("answer", {}).value == 16

    def test_with_a_fault_gives_null_and_tells_it(self) -> None:
        compiled = model(knowledge_model("f", [], "1 +"), decision("answer", "[f()]", knowledge=["f"]))
        outcome = compiled.decide("answer", {})
        assert (outcome.value, codes(outcome.faults)) == ([None], ["FEEL-SYNTAX-01"])


def test_a_run_that_a_limit_cuts_off_decides_nothing() -> None:
    compiled = sound_model(
        decision("endless", "count(for i in 1..1000, j in 1..10000 return i)"),
        decision("answer", '"pass"', decisions=["endless"]),
    )
    outcome = compiled.decide("answer", {})
    assert (outcome.value, codes(outcome.faults)) == (None, ["FEEL-LIMIT-03"])


def service(
    name: str, outputs: Sequence[str], *, inputs: Sequence[str] = (), decisions: Sequence[str] = ()
) -> DecisionService:
    return DecisionService(
        id=name,
        name=name,
        variable=InformationItem(name),
        output_decisions=tuple(map(here, outputs)),
        input_decisions=tuple(map(here, decisions)),
        input_data=tuple(map(here, inputs)),
    )


class TestService:
    """Decision services: a part of the graph as a function."""

    MODEL = (
        input_data("amount", "number"),
        decision("rate", '"never evaluated"', type_ref="number"),
        decision("tax", "amount * rate", inputs=["amount"], decisions=["rate"]),
        decision("gross", "amount + tax", inputs=["amount"], decisions=["tax"]),
        service("taxation", ["gross"], inputs=["amount"], decisions=["rate"]),
        service("both", ["tax", "gross"], inputs=["amount"], decisions=["rate"]),
        decision("by position", "taxation(100, 0.5)", knowledge=["taxation"]),
        decision("by name", "taxation(rate: 0.5, amount: 100)", knowledge=["taxation"]),
        decision("of another type", 'taxation("100", 0.5)', knowledge=["taxation"]),
    )

    def test_is_invoked_with_inputs_and_decisions(self) -> None:
        compiled = sound_model(*self.MODEL)
        given: dict[str, Value] = {"amount": 100, "rate": Decimal("0.5")}
        assert compiled.service_names == ("taxation", "both")
        assert compiled.invoke("taxation", given).value == 150
        assert compiled.invoke("both", given).value == {"tax": Decimal(50), "gross": Decimal(150)}
        assert [step.name for step in compiled.invoke("taxation", given).explanation] == ["tax", "gross"]
        assert codes(compiled.invoke("neither", given).faults) == ["DMN-DECISION-01"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("by position", Decimal(150)), ("by name", Decimal(150)), ("of another type", None)],
    )
    def test_is_called_from_expressions(self, name: str, value: Value) -> None:
        assert sound_model(*self.MODEL).decide(name, {}).value == value

    def test_tables_are_told_once_by_the_decision_inside(self) -> None:
        compiled = sound_model(
            input_data("amount"),
            decision("inner", table(["amount"], [""], [["-", "1"]]), inputs=["amount"]),
            service("s", ["inner"], inputs=["amount"]),
            decision("outer", "s(5) + s(6)", knowledge=["s"]),
        )
        explanation = compiled.decide("outer", {}).explanation
        assert [(step.name, len(step.hits)) for step in explanation] == [("inner", 1), ("inner", 1), ("outer", 0)]


def library() -> Definitions:
    return Definitions(
        "library",
        "urn:library",
        elements=(
            input_data("net amount"),
            replace(
                decision("gross amount", "net amount * 2"), required_inputs=(Reference("urn:library", "net amount"),)
            ),
            knowledge_model("half", ["n"], "n / 2"),
        ),
        source_hash="b" * 64,
    )


def importing(name: str) -> Definitions:
    prefix = f"{name}." if name else ""
    return Definitions(
        "main",
        NAMESPACE,
        imports=(Import(name, "urn:library"),),
        elements=(
            replace(
                decision("answer", f"{prefix}half({prefix}gross amount)"),
                required_decisions=(Reference("urn:library", "gross amount"),),
                required_knowledge=(Reference("urn:library", "half"),),
            ),
        ),
        source_hash="a" * 64,
    )


class TestImports:
    """Models that use elements of other models."""

    @pytest.mark.parametrize("name", ["tax library", ""], ids=["under a name", "as one's own"])
    def test_elements_are_seen(self, name: str) -> None:
        compiled = compile_model(importing(name), [library()])
        assert compiled.faults == ()
        assert compiled.decide("answer", {"net amount": 21}).value == 21
        assert compiled.decision_names == (("answer",) if name else ("answer", "gross amount"))

    def test_a_model_that_was_not_given_is_a_fault(self) -> None:
        compiled = compile_model(importing("library"))
        assert codes(compiled.faults) == ["DMN-IMPORT-01", "DMN-REQUIREMENT-01", "DMN-REQUIREMENT-01"]
        assert compiled.decide("answer", {}).value is None

    def test_the_hash_covers_every_source(self) -> None:
        alone = compile_model(importing("library"))
        together = compile_model(importing("library"), [library()])
        other = compile_model(importing("library"), [replace(library(), source_hash="c" * 64)])
        assert alone.hash == "a" * 64
        assert len({alone.hash, together.hash, other.hash}) == 3


class TestExplanation:
    """Outcomes say which rules hit, and which cell kept another from hitting."""

    def test_names_the_rules_that_hit(self) -> None:
        outcome = sound_model(input_data("amount"), input_data("category"), routing("r2")).decide(
            "routing", {"amount": 100, "category": "service"}
        )
        (evaluated,) = outcome.explanation
        assert evaluated.value == {"outcome": "review", "owner": "controller"}
        assert evaluated.inputs == {"amount": 100, "category": "service"}
        (hit,) = evaluated.hits
        assert (hit.table, hit.rule_id, hit.number) == ("decision[routing]/decisionTable", "r2", 1)
        assert hit.outputs == evaluated.value
        assert hit.annotations == {"why": "reason of r2"}

    def test_tells_contradicting_rules_and_the_fault(self) -> None:
        outcome = sound_model(input_data("amount"), input_data("category"), routing()).decide(
            "routing", {"amount": 5, "category": "goods"}
        )
        (evaluated,) = outcome.explanation
        assert (evaluated.value, [hit.rule_id for hit in evaluated.hits]) == (None, ["r1", "r3"])
        assert codes(evaluated.faults) == ["DMN-HIT-04"]

    def test_is_plain_json(self) -> None:
        outcome = sound_model(input_data("amount"), input_data("category"), routing("r1")).decide(
            "routing", {"amount": Decimal("99.90"), "category": "goods"}, datetime(2026, 3, 27, tzinfo=UTC)
        )
        assert json.loads(json.dumps([evaluated.to_json() for evaluated in outcome.explanation])) == [
            {
                "name": "routing",
                "value": {"outcome": "pass", "owner": None},
                "inputs": {"amount": "99.90", "category": "goods"},
                "hits": [
                    {
                        "table": "decision[routing]/decisionTable",
                        "rule_id": "r1",
                        "number": "1",
                        "outputs": {"outcome": "pass", "owner": None},
                        "annotations": {"why": "reason of r1"},
                        "determining": True,
                    }
                ],
                "erring": [],
                "faults": [],
            }
        ]

    @pytest.mark.parametrize(
        ("rule", "cell"),
        [
            pytest.param("r1", ("amount", "< 100", Decimal(150)), id="its first condition failed"),
            pytest.param("r2", ("category", '"service"', "goods"), id="its second condition failed"),
            pytest.param("r3", None, id="it hit"),
            pytest.param("r9", None, id="there is no such rule"),
        ],
    )
    def test_why_not(self, rule: str, cell: tuple[str, str, Value] | None) -> None:
        outcome = sound_model(input_data("amount"), input_data("category"), routing()).decide(
            "routing", {"amount": 150, "category": "goods"}
        )
        found = outcome.why_not("routing", rule)
        assert (None if found is None else (found.column, found.text, found.value)) == cell
        assert outcome.why_not("another", rule) is None

    def test_tables_inside_boxed_expressions_are_told(self) -> None:
        inner = ContextEntry(InformationItem("inner"), table(["amount"], [""], [["> 1", '"big"']]))
        boxed = Context((inner, ContextEntry(None, LiteralExpression("inner"))))
        compiled = sound_model(input_data("amount"), decision("answer", boxed, inputs=["amount"]))
        (evaluated,) = compiled.decide("answer", {"amount": 5}).explanation
        assert [hit.table for hit in evaluated.hits] == ["decision[answer]/context/contextEntry[inner]/decisionTable"]


def test_the_platforms_knowledge_of_a_decision() -> None:
    policy = DecisionPolicy("10", "match", recheck=True, owner="controller")
    compiled = sound_model(replace(decision("answer", "1"), policy=policy), decision("other", "2"))
    assert compiled.policy("answer") == policy
    assert compiled.policy("other") == DecisionPolicy()


def test_threads_share_a_model() -> None:
    compiled = sound_model(input_data("amount"), input_data("category"), routing("r1", "r2"))
    amounts = [Decimal(number) for number in range(50, 150)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(
            pool.map(lambda amount: compiled.decide("routing", {"amount": amount, "category": "service"}), amounts)
        )
    assert [outcome.value for outcome in outcomes] == [
        {"outcome": "pass", "owner": None} if amount < 100 else {"outcome": "review", "owner": "controller"}
        for amount in amounts
    ]


def test_a_chain_of_decisions_may_be_long() -> None:
    chain = [
        decision("d0", "1"),
        *(decision(f"d{n}", f"d{n - 1} + 1", decisions=[f"d{n - 1}"]) for n in range(1, 1_100)),
    ]
    compiled = compile_model(definitions(*chain[::-1]))
    assert compiled.faults == ()
    assert compiled.decide("d1099", {}).value == 1_100


@given(st.data())
def test_a_graph_decides_as_its_definition_by_recursion(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 8))
    needs = [
        data.draw(st.lists(st.integers(0, place - 1), unique=True, max_size=3) if place else st.just([]))
        for place in range(size)
    ]
    names = data.draw(st.permutations(range(size)))
    elements = [
        decision(
            f"d{place}",
            " + ".join(["1", *(f"d{other}" for other in needs[place])]),
            decisions=[f"d{other}" for other in needs[place]],
        )
        for place in range(size)
    ]
    compiled = sound_model(*(elements[place] for place in names))

    def slow(place: int) -> int:
        return 1 + sum(slow(other) for other in needs[place])

    for place in range(size):
        assert compiled.decide(f"d{place}", {}).value == slow(place)

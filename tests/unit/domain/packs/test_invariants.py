"""A pack's standing invariants: read with all their faults, proved, or refuted by an example."""

import pytest
from tests.unit.domain.packs.test_ways import process

from comptroller.domain.decisions import compile_model
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    ItemDefinition,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.decisions.proving.statements import Verdict
from comptroller.domain.identity import Duty, Role
from comptroller.domain.packs.invariant import read_invariants
from comptroller.domain.packs.invariants import Grounds, InvariantVerdict, prove_invariants

HEAD = '[signed]\ntitle = "two sign"\nowner = "controller"\n'
ROLES = {
    "controller": Role("controller", "Controller", frozenset({Duty.TASK_APPROVE, Duty.POLICY_RELEASE})),
    "keeper": Role("keeper", "Keeper of suppliers", frozenset({Duty.SUPPLIER_ENTER, Duty.SUPPLIER_VERIFY})),
}


def signatures(*rules: tuple[str, str]) -> Definitions:
    """How many sign an amount, by the first rule that fits."""
    table = DecisionTable(
        (InputClause(LiteralExpression("amount", "number")),),
        (OutputClause(),),
        tuple(Rule((UnaryTests(cell),), (LiteralExpression(then),)) for cell, then in rules),
        HitPolicy.FIRST,
    )
    return Definitions(
        "m",
        "urn:m",
        elements=(
            InputData("amount", "amount", InformationItem("amount", "number")),
            Decision("d", "signatures", InformationItem("signatures"), table, (Reference("urn:m", "amount"),)),
        ),
    )


RISING = (("<= 50000", "1"), ("> 50000", "2"))


def proved(body: str, rules: tuple[tuple[str, str], ...] = RISING, target: str = "sign") -> InvariantVerdict:
    found, faults = read_invariants((HEAD + body).encode(), ROLES)
    assert not faults, faults
    definitions = signatures(*rules)
    grounds = Grounds([(definitions, compile_model(definitions))], ROLES, [process(target)])
    (verdict,) = prove_invariants(found, grounds)
    return verdict


ABOVE = "decision = 'signatures'\nholds = 'if amount > 50000 then outcome >= 2 else true'"
FALLS = "decision = 'signatures'\nrises = 'amount'\nholds = 'lower = null or lower <= higher'"


@pytest.mark.parametrize(
    ("body", "rules", "verdict", "example"),
    [
        pytest.param(ABOVE, RISING, Verdict.PROVED, {}, id="two above the limit"),
        pytest.param(
            ABOVE, (("<= 50000.01", "1"), ("-", "2")), Verdict.BROKEN, {"amount": "50000.01"}, id="one cent too far"
        ),
        pytest.param(
            ABOVE, (("> 60000", "1"), *RISING), Verdict.BROKEN, {"amount": "60000.01"}, id="a rule that takes over"
        ),
        pytest.param(ABOVE, (*RISING, ("> 60000", "1")), Verdict.PROVED, {}, id="a rule that earlier ones mask"),
        pytest.param(ABOVE, (("<= 50000", "1"),), Verdict.BROKEN, {"amount": "50000.01"}, id="nobody above the limit"),
        pytest.param(FALLS, RISING, Verdict.PROVED, {}, id="authority rises"),
        pytest.param(
            FALLS,
            (*RISING[:1], ("<= 90000", "2"), ("-", "1")),
            Verdict.BROKEN,
            {"amount": "50000.01"},
            id="it falls again",
        ),
        pytest.param("decision = 'other'\nholds = 'true'", RISING, Verdict.UNDECIDED, {}, id="no such decision"),
        pytest.param(
            "decision = 'signatures'\nholds = 'if amuont > 1000 then false else true'",
            RISING,
            Verdict.UNDECIDED,
            {},
            id="a fact that the decision does not look at",
        ),
        pytest.param(
            "decision = 'signatures'\nholds = 'if outcome.stpes = 3 then false else true'",
            RISING,
            Verdict.UNDECIDED,
            {},
            id="an entry that nothing has",
        ),
        pytest.param("decision = 'signatures'\nholds = 'outcome >='", RISING, Verdict.UNDECIDED, {}, id="no FEEL"),
    ],
)
def test_an_invariant_of_a_decision_is_proved_or_refuted(
    body: str, rules: tuple[tuple[str, str], ...], verdict: Verdict, example: dict[str, str]
) -> None:
    found = proved(body, rules)
    assert (found.verdict, found.example) == (verdict, example), found
    assert found.holds is (verdict is Verdict.PROVED)


def test_what_breaks_an_invariant_is_told_with_it() -> None:
    found = proved(ABOVE, (("<= 50000.01", "1"), ("-", "2")))
    assert found.told == "broken: two sign: decided: 1, with amount `50000.01`"


@pytest.mark.parametrize(
    ("body", "target", "verdict"),
    [
        pytest.param(
            "of = 'roles'\nholds = 'if kind = \"agent\" then not(list contains(tasks, \"approval\")) else true'",
            "sign",
            Verdict.PROVED,
            id="an agent signs nothing, with every role",
        ),
        pytest.param(
            "of = 'roles'\nholds = 'if kind = \"person\" then not(list contains(tasks, \"approval\")) else true'",
            "sign",
            Verdict.BROKEN,
            id="a person signs",
        ),
        pytest.param(
            "of = 'roles'\nholds = 'not(list contains(duties, \"supplier.enter\") "
            'and list contains(duties, "supplier.verify"))\'',
            "sign",
            Verdict.BROKEN,
            id="a role with both halves of a forbidden pair",
        ),
        pytest.param(
            'of = \'acts\'\nholds = \'if first = "entered the supplier" and second = "signed" '
            "then forbidden else true'",
            "sign",
            Verdict.PROVED,
            id="who entered the supplier does not sign",
        ),
        pytest.param(
            "of = 'acts'\nholds = 'if first = \"requested\" then forbidden else true'",
            "sign",
            Verdict.BROKEN,
            id="not everything is forbidden to who requested",
        ),
        pytest.param(
            "of = 'ways'\nholds = 'if reached = \"ledger.post\" then list contains(tasks, \"approval\") else true'",
            "sign",
            Verdict.PROVED,
            id="nothing is posted unsigned",
        ),
        pytest.param(
            "of = 'ways'\nholds = 'if reached = \"ledger.post\" then list contains(tasks, \"approval\") else true'",
            "post",
            Verdict.BROKEN,
            id="a way round the signature",
        ),
        pytest.param("of = 'ways'\nholds = 'nobody knows'", "sign", Verdict.UNDECIDED, id="a name that is nowhere"),
        pytest.param(
            "of = 'ways'\nholds = 'if reached = \"ledger.psot\" then false else true'",
            "sign",
            Verdict.UNDECIDED,
            id="a service that no process has",
        ),
        pytest.param(
            "of = 'roles'\nholds = 'not(list contains(duties, \"task.aprove\"))'",
            "sign",
            Verdict.UNDECIDED,
            id="a duty that nobody can have",
        ),
        pytest.param(
            "of = 'roles'\nholds = 'not(list contains(duties, \"payment.release\"))'",
            "sign",
            Verdict.PROVED,
            id="a duty that no role of the pack has",
        ),
        pytest.param("of = 'ways'\nholds = 'null'", "sign", Verdict.UNDECIDED, id="neither true nor false"),
    ],
)
def test_an_invariant_of_everything_of_a_kind_is_gone_through(body: str, target: str, verdict: Verdict) -> None:
    assert proved(body, target=target).verdict is verdict


ROLE = (("-", '[{role: "b"}, {role: "c"}]'),)
WORDS = (("<= 50000", '"grant"'), ("> 50000", '"ask"'))


@pytest.mark.parametrize(
    ("body", "rules", "code"),
    [
        pytest.param('outcome != "gramt"', WORDS, "PACK-INVARIANT-06", id="a text that the decision never says"),
        pytest.param('"ask" = outcome or outcome in ("grant", "a")', WORDS, "PACK-INVARIANT-06", id="one of several"),
        pytest.param('outcome != "grant"', WORDS, "", id="a text that it says"),
        pytest.param('outcome.way != "gramt"', (("-", '{way: "grant"}'),), "PACK-INVARIANT-06", id="in an entry"),
        pytest.param('every each in outcome satisfies each.role != "a"', ROLE, "PACK-INVARIANT-06", id="each"),
        pytest.param('count(outcome[role = "a"]) = 0', ROLE, "PACK-INVARIANT-06", id="a filter"),
        pytest.param('outcome != "5 EUR"', (("-", 'string(amount) + " EUR"'),), "", id="a text that is made"),
        pytest.param("if amount > 5 and amount < 4 then false else true", WORDS, "PACK-INVARIANT-07", id="no amount"),
        pytest.param('if outcome = "ask" and amount < 9 then false else true', WORDS, "PACK-INVARIANT-07", id="never"),
        pytest.param("if amount = null or amount != null then true else false", WORDS, "PACK-INVARIANT-07", id="all"),
        pytest.param('if amount > 90000 then outcome = "ask" else true', WORDS, "", id="some amounts"),
        pytest.param("outcome = ", WORDS, "PACK-INVARIANT-04", id="no FEEL"),
        pytest.param("amuont > 1", WORDS, "PACK-INVARIANT-05", id="no such fact"),
    ],
)  # fmt: skip
def test_a_statement_that_says_nothing_is_undecided_with_a_code(
    body: str, rules: tuple[tuple[str, str], ...], code: str
) -> None:
    found = proved(f"decision = 'signatures'\nholds = '{body}'", rules)
    assert found.code == code
    assert not code or (found.verdict is Verdict.UNDECIDED and found.told.endswith(f"({code})"))


def test_a_text_that_an_input_never_is_says_nothing() -> None:
    kinds = ItemDefinition("kind", type_ref="string", allowed=UnaryTests('"person", "agent"'))
    definitions = Definitions(
        "m",
        "urn:m",
        item_definitions=(kinds,),
        elements=(
            InputData("kind", "kind", InformationItem("kind", "kind")),
            Decision(
                "d",
                "signatures",
                InformationItem("signatures"),
                LiteralExpression("kind"),
                (Reference("urn:m", "kind"),),
            ),
        ),
    )
    grounds = Grounds([(definitions, compile_model(definitions))], ROLES, [process("sign")])
    for text, code in (("agnet", "PACK-INVARIANT-06"), ("agent", "")):
        holds = f'if kind = "{text}" then outcome = kind else true'
        found, _ = read_invariants(f"{HEAD}decision = 'signatures'\nholds = '{holds}'".encode(), ROLES)
        assert prove_invariants(found, grounds)[0].code == code


def test_a_condition_that_nothing_of_a_kind_meets_says_nothing() -> None:
    holds = 'if kind = "agent" and list contains(tasks, "approval") then false else true'
    found = proved(f"of = 'roles'\nholds = '{holds}'")
    assert (found.verdict, found.code) == (Verdict.UNDECIDED, "PACK-INVARIANT-07")


def test_a_proof_ends_with_its_time() -> None:
    definitions = signatures(*((f"[{10 * each}..{10 * each + 10})", str(each)) for each in range(200)))
    grounds = Grounds([(definitions, compile_model(definitions))], ROLES, [process("sign")])
    found, _ = read_invariants(
        f"{HEAD}decision = 'signatures'\nholds = 'outcome = null or outcome >= 0'".encode(), ROLES
    )
    ticks = iter(range(0, 1_000_000, 1_000))
    (late,), (whole,) = prove_invariants(found, grounds, lambda: next(ticks)), prove_invariants(found, grounds)
    assert (late.verdict, late.code) == (Verdict.UNDECIDED, "PACK-INVARIANT-08")
    assert whole.verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("content", "code", "path"),
    [
        pytest.param("[signed", "PACK-INVARIANT-01", "invariants.toml", id="no TOML"),
        pytest.param("signed = 1", "PACK-INVARIANT-02", "invariants.toml/signed", id="no table"),
        pytest.param(HEAD + "of = 'acts'", "PACK-INVARIANT-02", "invariants.toml/signed/holds", id="nothing holds"),
        pytest.param(HEAD + "holds = 'true'", "PACK-INVARIANT-02", "invariants.toml/signed", id="of nothing"),
        pytest.param(
            HEAD + "holds = 'true'\nof = 'x'", "PACK-INVARIANT-02", "invariants.toml/signed/of", id="of what?"
        ),
        pytest.param(
            HEAD + "holds = 'true'\nof = 'acts'\nhold = 'x'",
            "PACK-INVARIANT-02",
            "invariants.toml/signed/hold",
            id="a slip",
        ),
        pytest.param(
            HEAD.replace("controller", "nobody") + "holds = 'true'\nof = 'acts'",
            "PACK-INVARIANT-03",
            "invariants.toml/signed/owner",
            id="no such owner",
        ),
    ],
)
def test_what_is_wrong_with_the_file_is_told(content: str, code: str, path: str) -> None:
    found, faults = read_invariants(content.encode(), ROLES)
    assert found == ()
    assert [(fault.code, fault.path) for fault in faults] == [(code, path)]

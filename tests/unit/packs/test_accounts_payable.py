"""The accounts-payable pack: sound, every row shown by an example, and its standing invariants hold everywhere."""

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.packs.accounts_payable import NOW, ROOT, asked_by_processes, definitions, in_order, models

from comptroller.adapters.yaml_reading import read_yaml
from comptroller.domain.packs import read_pack
from comptroller.domain.packs.catalogue import catalogue_page
from comptroller.domain.packs.coverage import cover
from comptroller.domain.packs.examples import Situation, read_examples, run_example
from comptroller.domain.packs.lint import lint, tables

FILES = {path.name: read_yaml(path.read_bytes()) for path in sorted((ROOT / "examples").glob("*.yaml"))}
SITUATIONS = [situation for name, data in FILES.items() for situation in read_examples(name, data)[0]]
CHAIN = ("cost-centre-owner", "managing-director", "vp-operations", "cfo", "ceo")


def test_every_model_compiles_without_a_fault() -> None:
    assert {name: model.faults for name, model in models().items() if model.faults} == {}


def test_the_pack_is_cited_owned_and_dated_in_every_row() -> None:
    pack, faults = read_pack({path.name: path.read_bytes() for path in ROOT.glob("*.toml")})
    assert faults == ()
    assert pack is not None
    assert lint(definitions(), asked_by_processes(), pack.roles) == ()


def test_the_invoice_process_lists_every_decision_behind_those_that_it_needs() -> None:
    order = in_order()
    assert len(set(order)) == len(order)
    for place, name in enumerate(order):
        assert set(models()[name].input_names(name)) & set(order[place:]) == set()


@pytest.mark.parametrize("name", FILES)
def test_a_file_of_examples_is_read_whole(name: str) -> None:
    situations, faults = read_examples(name, FILES[name])
    assert faults == ()
    assert len({situation.title for situation in situations}) == len(situations)


@pytest.mark.parametrize(
    "situation", [pytest.param(found, id=f"{found.decision}: {found.title}") for found in SITUATIONS]
)
def test_example(situation: Situation) -> None:
    assert run_example(situation, models()[situation.decision], NOW) == ()


def test_every_rule_fires_in_one_situation_and_misses_in_another() -> None:
    assert cover(SITUATIONS, models(), definitions(), NOW).gaps == ()


def test_the_catalogue_is_that_of_the_tables() -> None:
    """`comptroller policy catalogue packs/accounts-payable > packs/accounts-payable/CATALOGUE.md` makes it so."""
    pack, _ = read_pack({path.name: path.read_bytes() for path in ROOT.glob("*.toml")})
    assert pack is not None
    assert (ROOT / "CATALOGUE.md").read_text() == catalogue_page(pack.name, definitions())


def test_every_owner_of_an_exception_is_a_role() -> None:
    pack, _ = read_pack({path.name: path.read_bytes() for path in ROOT.glob("*.toml")})
    assert pack is not None
    for place in tables(definitions()):
        if not place.path.startswith("decisions/exception-routing.dmn"):
            continue
        named = [[entry.text.strip('"') for entry in rule.outputs] for rule in place.table.rules]
        assert {role for owner, backup, _, escalation, *_ in named for role in (owner, backup, escalation)} <= set(
            pack.roles
        )


def test_a_split_is_held_against_the_limits_that_approval_and_order_policy_have() -> None:
    facts = {"category": None, "spend source": "AP", "decision date": NOW.date()}
    limits: Any = models()["split"].decide("approval limits", facts, NOW).value
    named = {
        Decimal(figure)
        for place in tables(definitions())
        if place.path.startswith(("decisions/approval-routing.dmn", "decisions/order-policy.dmn"))
        for rule in place.table.rules
        for text in (*(cell.text for cell in rule.inputs), *(entry.text for entry in rule.outputs))
        for figure in re.findall(r"\d+\.\d\d", text)
    }
    assert set(limits) <= named


def route(amount: Decimal, category: str, match: str, document_type: str = "380", **more: Any) -> list[dict[str, Any]]:
    facts: dict[str, Any] = {
        "line match": {"outcome": match},
        "order policy": {"outcome": "allowed" if match == "not applicable" else "not applicable"},
        "document kind": "invoice",
        "document type": document_type,
        "amount": amount,
        "category": category,
        "related party": False,
        "signed steps": [],
        "decision date": NOW.date(),
        **more,
    }
    outcome: Any = models()["approval routing"].decide("approval routing", facts, NOW).value
    assert outcome["outcome"] in {"none", "route"}
    steps: list[dict[str, Any]] = outcome["steps"]
    return steps


AMOUNTS = st.decimals(0, 3_000_000, places=2)
CATEGORIES = st.sampled_from(["legal", "software", "castings"])
MATCHES = st.sampled_from(["not applicable", "matched", "tolerated"])
TYPES = st.sampled_from(["380", "386"])
MORE = st.fixed_dictionaries(
    {"related party": st.booleans(), "coding": st.sampled_from([None, {"lines": [{"treatment": "asset"}]}])}
)


@given(AMOUNTS, CATEGORIES, MATCHES, TYPES, MORE)
def test_above_fifty_thousand_two_different_people_sign(
    amount: Decimal, category: str, match: str, kind: str, more: dict[str, Any]
) -> None:
    steps = route(amount, category, match, kind, **more)
    assert len({step["step"] for step in steps}) == len(steps)
    assert amount <= 50_000 or len(steps) >= 2


@given(AMOUNTS, AMOUNTS, CATEGORIES, MATCHES, TYPES, MORE)
def test_authority_never_falls_as_the_amount_rises(
    one: Decimal, other: Decimal, category: str, match: str, kind: str, more: dict[str, Any]
) -> None:
    lower, higher = (route(amount, category, match, kind, **more) for amount in sorted((one, other)))
    assert len(lower) <= len(higher)
    ranks = (*CHAIN[:3], "group-controller", *CHAIN[3:])
    if lower:
        assert ranks.index(lower[-1]["step"]) <= ranks.index(higher[-1]["step"])


@given(AMOUNTS, CATEGORIES, MATCHES, TYPES)
def test_every_step_has_sixteen_service_hours(amount: Decimal, category: str, match: str, kind: str) -> None:
    assert {step["hours"] for step in route(amount, category, match, kind)} <= {16}


@given(AMOUNTS, CATEGORIES, MATCHES, TYPES)
def test_only_the_last_step_must_hold_a_limit(amount: Decimal, category: str, match: str, kind: str) -> None:
    steps = route(amount, category, match, kind)
    assert [step["needs limit"] for step in steps] == [index == len(steps) for index in range(1, len(steps) + 1)]

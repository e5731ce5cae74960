"""Statements about decisions: proved for all inputs, or refuted by one that the model confirms."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference.proving_graphs import SPACE, RandomGraph, broken_at, is_true_at, statement
from tests.unit.domain.decisions.models import decision, definitions, input_data, table

from comptroller.domain.decisions.compiler import compile_model
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.proving.spoken import can_be
from comptroller.domain.decisions.proving.statements import NEVER_SAID, VACUOUS, Statement, Verdict, prove
from comptroller.domain.feel import Kind, Type, compile_unary_tests
from comptroller.domain.feel.types import ContextType, KindType, ListType


@pytest.mark.parametrize(
    ("wanted", "cells", "statement", "verdict"),
    [
        ("time", ['< @"12:00:00"', '>= @"12:00:00"'], "outcome != null", Verdict.BROKEN),
        ("time", ['= @"12:00:00"', '!= @"12:00:00"'], 'outcome = 1 or given != @"12:00:00"', Verdict.PROVED),
        (
            "date and time",
            ['< @"2026-01-01T00:00:00Z"', '> @"2026-01-01T00:00:00Z"'],
            "outcome != null",
            Verdict.BROKEN,
        ),
        ("days and time duration", ['<= @"P30D"', '> @"P30D"'], 'outcome = 2 or given < @"P31D"', Verdict.PROVED),
        ("string", ['< "M"', '>= "M"'], 'outcome = 2 or given < "N"', Verdict.PROVED),
        ("string", ['< "M"', '> "M"'], "outcome != null", Verdict.BROKEN),
        (
            "string",
            ['starts with(?, "DE")', 'not(starts with(?, "DE"))'],
            'outcome = (if starts with(given, "DE") then 1 else 2)',
            Verdict.PROVED,
        ),
        ("string", ['starts with(?, "DE1")', '< "D"'], 'starts with(given, "DE") = (outcome = 1)', Verdict.BROKEN),
    ],
    ids=[
        "a time with an offset, which compares with none without",
        "a time that is named",
        "moments with a hole",
        "durations",
        "the order of texts",
        "a hole between texts",
        "texts that begin alike",
        "texts that begin alike for longer",
    ],
)
def test_what_has_an_order_is_gone_through_piece_by_piece(
    wanted: str, cells: list[str], statement: str, verdict: Verdict
) -> None:
    logic = table(["given"], ["answer"], [[cell, str(number)] for number, cell in enumerate(cells, 1)])
    source = definitions(input_data("given", wanted), decision("verdict", logic, inputs=["given"]))
    holds = f"given = null or ({statement})"
    proof = prove(Graph([(source, compile_model(source))]), Statement(Named(source.namespace, "verdict"), holds))
    assert proof.verdict is verdict


@given(st.integers(min_value=0, max_value=10_000))
@settings(max_examples=30)
def test_a_proof_says_what_trying_every_combination_says(seed: int) -> None:
    chance = random.Random(seed)
    graph = RandomGraph(chance)
    holds = statement(chance, graph.types[graph.last])
    proof = prove(Graph(graph.version()), Statement(Named(SPACE, graph.last), holds))
    if proof.verdict is Verdict.BROKEN:
        assert not is_true_at(graph, holds, proof.inputs), (holds, proof)
    elif proof.code == NEVER_SAID:
        text = proof.message.rpartition(" ")[2]
        assert broken_at(graph, f"outcome = null or outcome != {text}") == [], (holds, proof)
    elif proof.code == VACUOUS:
        condition = holds.removeprefix("if ").partition(" then ")[0]
        assert broken_at(graph, f"not(({condition}) = true) or ({condition}) = null") == [], (holds, proof)
    else:
        broken = broken_at(graph, holds)
        assert (proof.verdict, broken) == (Verdict.PROVED, []), (holds, proof, broken[:1])


KIND = ConstrainedType(KindType(Kind.STRING), compile_unary_tests('"person", "agent"'))


@pytest.mark.parametrize(
    ("wanted", "path", "text", "is_possible"),
    [
        (None, (), "person", True),
        (KIND, (), "person", True),
        (KIND, (), "persno", False),
        (KindType(Kind.NUMBER), (), "5", False),
        (ListType(KIND), (), "agent", True),
        (ConstrainedType(ListType(KIND), compile_unary_tests("count(?) > 0")), (), "agent", True),
        (ConstrainedType(ListType(KIND), compile_unary_tests("count(?) > 0")), (), "agnet", False),
        (ListType(ContextType((("kind", KIND),))), ("kind",), "agnet", False),
        (ContextType((("kind", KIND),)), ("other",), "anything", True),
    ],
)
def test_a_type_says_which_texts_an_input_can_be(
    wanted: Type | None, path: tuple[str, ...], text: str, is_possible: bool
) -> None:
    assert can_be(wanted, path, text) is is_possible

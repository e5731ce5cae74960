"""Statements about decisions: proved for all inputs, or refuted by one that the model confirms."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference.proving_graphs import SPACE, RandomGraph, broken_at, is_true_at, statement

from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.proving.statements import Statement, Verdict, prove


@given(st.integers(min_value=0, max_value=10_000))
@settings(max_examples=30)
def test_a_proof_says_what_trying_every_combination_says(seed: int) -> None:
    chance = random.Random(seed)
    graph = RandomGraph(chance)
    holds = statement(chance, graph.types[graph.last])
    proof = prove(Graph(graph.version()), Statement(Named(SPACE, graph.last), holds))
    if proof.verdict is Verdict.BROKEN:
        assert not is_true_at(graph, holds, proof.inputs), (holds, proof)
    else:
        broken = broken_at(graph, holds)
        assert (proof.verdict, broken) == (Verdict.PROVED, []), (holds, proof, broken[:1])

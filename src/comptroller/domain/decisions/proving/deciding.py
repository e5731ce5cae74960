"""Having the models themselves decide what a proof has come to: nothing is told that they do not confirm."""

from collections.abc import Collection, Mapping
from typing import Any

from comptroller.domain.decisions.handing import Named, kept
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.run import Run
from comptroller.domain.feel import Evaluation, Value, admit


def decide(
    graph: Graph,
    name: Named,
    inputs: Mapping[str, Any],
    *,
    given: Collection[str] = (),
) -> Value:
    """Decide, with decisions that are given like inputs."""
    plan = graph.models[name.namespace].plan(name.name)
    assert plan is not None, "only what is there is asked for"
    run = Run(Evaluation())
    values: list[Value] = [None] * plan.size
    taken = {name: admit(value) for name, value in inputs.items()}
    for place, node in plan.inputs:
        values[place] = node.take(taken, run)
    for step in plan.steps:
        is_given = step.node.name in given
        values[step.place] = taken.get(step.node.name) if is_given else step.evaluate(values, taken, run)
    return values[plan.outputs[0][1]]


def decide_handed(graph: Graph, name: Named, inputs: Mapping[str, Any], followed: Collection[Named]) -> Outcome:
    """Decide with the outcomes, in their places, of the decisions that are followed: each is decided before."""
    known = dict(inputs)
    for given, handed in graph.handed_to(name):
        producer = handed.decision
        if producer in followed:
            value = kept(producer.name, decide_handed(graph, producer, inputs, followed))
            whole = value if isinstance(value, dict) else {}
            known[given.name] = handed.of(whole) if handed.entries else value
    return graph.models[name.namespace].decide(name.name, known)

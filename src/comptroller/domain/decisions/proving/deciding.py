"""Having the models themselves decide what a proof has come to: nothing is told that they do not confirm."""

from collections.abc import Collection, Mapping
from typing import Any

from comptroller.domain.decisions.proving.graphs import Graph, Named
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

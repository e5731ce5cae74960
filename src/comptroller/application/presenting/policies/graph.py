"""The requirements graph as a drawing: what is given on the left, what is decided to the right of all that it needs.

Each element stands in a layer. A need that skips layers passes through a slot of its own in each, so that no line goes
behind a box; within a layer everything stands where the middle of its neighbours is, so that lines cross little. The
drawing is made here: it needs no script, and every box is a link.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Final, NamedTuple

from comptroller.application.presenting.policies.elements import expression_of, key_of, requirements, table_of
from comptroller.application.views.policies import GraphNode, GraphView
from comptroller.domain.decisions.definitions import (
    BusinessKnowledgeModel,
    Decision,
    Definitions,
    Element,
    InputData,
)

BOX: Final = (176, 36)
SLOT_HEIGHT: Final = 8  # of a line that passes
GAP: Final = (56, 8)
MARGIN: Final = 4
LINE_CHARACTERS: Final = 26
LINES_MAX: Final = 2
SWEEPS: Final = 6


class _Place(NamedTuple):
    """An element by its model's namespace and its id; `passes` is the layer in which a line of its passes."""

    namespace: str
    id: str
    passes: int = -1


_Needs = Mapping[_Place, Sequence[_Place]]


def graph_of(definitions: Definitions, names: Mapping[tuple[str, str], str], current: Element) -> GraphView:
    """Draw a model; `names` are those of all elements, its imports' too."""
    own: dict[_Place, Element] = {
        _Place(definitions.namespace, each.id): each
        for each in definitions.elements
        if isinstance(each, Decision | BusinessKnowledgeModel | InputData)
    }
    needs = {
        node: [
            _Place(need.namespace or definitions.namespace, need.id)
            for need in requirements(each)
            if (need.namespace or definitions.namespace, need.id) in names
        ]
        for node, each in own.items()
    }
    used = {need for of in needs.values() for need in of}
    nodes = [node for node, each in own.items() if not isinstance(each, InputData) or node in used]
    nodes += sorted(used - own.keys())
    depth = _depths(nodes, needs)
    routed = _routed(depth, needs)
    corners, height = _corners(_arranged(nodes, depth, routed), depth)
    return GraphView(
        nodes=tuple(
            _drawn(own.get(node), names[node[:2]], [names[need[:2]] for need in needs.get(node, ())], corners[node])
            for node in nodes
        ),
        lines=tuple(_line(need, node, corners, own) for node, of in routed.items() for need in of),
        width=(max(depth.values(), default=0) + 1) * (BOX[0] + GAP[0]) - GAP[0] + 2 * MARGIN,
        height=height,
        box=BOX,
        current=next((place for place, node in enumerate(nodes) if own.get(node) is current), -1),
    )


def _line(
    need: _Place, node: _Place, corners: Mapping[_Place, tuple[int, int]], own: Mapping[_Place, Element]
) -> tuple[int, int, int, int, str]:
    (x1, y1), (x2, y2) = corners[need], corners[node]
    kind = "information" if isinstance(own.get(need._replace(passes=-1)), InputData | Decision) else "knowledge"
    ends = "passes" if node.passes >= 0 else "ends"
    return x1 + BOX[0], y1 + _height(need) // 2, x2, y2 + _height(node) // 2, f"{kind} {ends}"


def _height(node: _Place) -> int:
    return BOX[1] if node.passes < 0 else SLOT_HEIGHT


def _drawn(element: Element | None, name: str, needs: Iterable[str], at: tuple[int, int]) -> GraphNode:
    lines = wrap(name, LINE_CHARACTERS, max_lines=LINES_MAX, placeholder=" …")
    table = table_of(element) if element is not None else None
    leads = element is None or expression_of(element) is not None
    return GraphNode(
        key=key_of(name) if leads else "",
        name=tuple(lines),
        kind=_kind(element),
        x=at[0],
        y=at[1],
        rules=len(table.rules) if table is not None else 0,
        needs=tuple(needs),
    )


def _kind(element: Element | None) -> str:
    match element:
        case None:
            return "elsewhere"
        case InputData():
            return "input"
        case BusinessKnowledgeModel():
            return "knowledge"
        case _:
            return "decision"


def _depths(nodes: Sequence[_Place], needs: _Needs) -> dict[_Place, int]:
    """The layer of each element: behind all that it needs; what needs nothing just before the first that needs it."""
    depth: dict[_Place, int] = {}

    def depth_of(node: _Place, above: frozenset[_Place]) -> int:
        if node not in depth:
            under = [each for each in needs.get(node, ()) if each not in above]
            depth[node] = 1 + max((depth_of(each, above | {node}) for each in under), default=-1)
        return depth[node]

    for node in nodes:
        depth_of(node, frozenset())
    for node in nodes:
        if not needs.get(node):
            wanting = [depth[each] for each, of in needs.items() if node in of]
            depth[node] = max(min(wanting, default=1) - 1, 0)
    return depth


def _routed(depth: dict[_Place, int], needs: _Needs) -> dict[_Place, list[_Place]]:
    """The needs with slots for lines that pass layers, one a need and layer; the slots get their depth."""
    routed: dict[_Place, list[_Place]] = defaultdict(list)
    for node, of in needs.items():
        for need in of:
            before = need
            for layer in range(depth[need] + 1, depth[node]):
                slot = need._replace(passes=layer)
                if slot not in depth:
                    depth[slot] = layer
                    routed[slot].append(before)
                before = slot
            routed[node].append(before)
    return routed


def _arranged(nodes: Iterable[_Place], depth: Mapping[_Place, int], needs: _Needs) -> list[list[_Place]]:
    """Each layer in the order of the middle of its neighbours, swept to and fro."""
    layers: list[list[_Place]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in dict.fromkeys([*nodes, *depth]):
        layers[depth[node]].append(node)
    beside: dict[_Place, list[_Place]] = defaultdict(list)
    for node, of in needs.items():
        for need in of:
            beside[node].append(need)
            beside[need].append(node)
    for sweep in range(SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            place = {node: (y + 0.5) / len(each) for each in layers for y, node in enumerate(each)}
            middle = {
                node: sum(place[each] for each in beside[node]) / len(beside[node]) if beside[node] else place[node]
                for node in layer
            }
            layer.sort(key=lambda node: middle[node])
    return layers


def _corners(
    layers: Sequence[Sequence[_Place]], depth: Mapping[_Place, int]
) -> tuple[dict[_Place, tuple[int, int]], int]:
    """Where each box begins, and how high the drawing is; shorter layers stand in the middle."""
    heights = [sum(_height(node) + GAP[1] for node in layer) - GAP[1] for layer in layers]
    tallest = max(heights, default=0)
    corners = {}
    for layer, height in zip(layers, heights, strict=True):
        y = MARGIN + (tallest - height) // 2
        for node in layer:
            corners[node] = (MARGIN + depth[node] * (BOX[0] + GAP[0]), y)
            y += _height(node) + GAP[1]
    return corners, tallest + 2 * MARGIN

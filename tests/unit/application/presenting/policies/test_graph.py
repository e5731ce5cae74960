"""The drawing of a requirements graph: everything in its layer, nothing behind a box."""

from tests.unit.application.studio.fares import FARES

from comptroller.adapters.dmn_xml import read
from comptroller.application.presenting.policies.graph import graph_of
from comptroller.application.views.policies import GraphView


def drawn() -> GraphView:
    definitions, _ = read(FARES)
    assert definitions is not None
    names = {(definitions.namespace, each.id): each.name for each in definitions.elements}
    current = next(each for each in definitions.elements if each.name == "fare")
    return graph_of(definitions, names, current)


def test_what_is_needed_stands_to_the_left_and_what_is_given_leads_nowhere() -> None:
    view = drawn()
    at = {" ".join(node.name): node for node in view.nodes}
    assert at["age"].x < at["fare"].x < at["ticket"].x
    assert at["holder"].x == at["fare"].x
    assert {name: node.key for name, node in at.items()} == {
        "age": "", "holder": "", "fare": "fare", "ticket": "ticket"
    }  # fmt: skip
    assert at["ticket"].needs == ("age", "holder", "fare")
    assert view.nodes[view.current] is at["fare"]


def test_no_box_covers_another_or_a_line_that_passes() -> None:
    view = drawn()
    width, height = view.box
    boxes = [(node.x, node.y) for node in view.nodes]
    assert all(0 <= x <= view.width - width and 0 <= y <= view.height - height for x, y in boxes)
    for place, (x, y) in enumerate(boxes):
        assert not any(x == other and abs(y - above) < height for other, above in boxes[:place])
    passing = [(x2, y2) for _, _, x2, y2, kind in view.lines if kind.endswith("passes")]
    assert len(passing) == 1  # from the age past the fare to the ticket
    for line_x, line_y in passing:
        assert not any(x == line_x and y <= line_y <= y + height for x, y in boxes)

"""An XML element with its children by name: an invoice is read by some two hundred look-ups, each of them once.

lxml answers every look-up by walking the siblings; here an element's children are sorted into a dictionary at the first
look-up below it, and parts of a document that nobody asks for are never touched.
"""

from functools import cache

from lxml import etree

from comptroller.adapters.einvoice.xpath import PREFIXES, step_of


@cache
def _steps(path: str) -> tuple[str, ...]:
    parts = (step.partition(":") for step in path.split("/"))
    return tuple(f"{{{PREFIXES[prefix]}}}{name}" for prefix, _, name in parts)


class Node:
    """An element, asked by prefixed paths such as `cac:Party/cbc:EndpointID`."""

    __slots__ = ("_children", "element", "parent", "position")

    def __init__(self, element: etree._Element, parent: "Node | None" = None, position: int = 1) -> None:
        self.element = element
        self.parent = parent
        self.position = position  # among the siblings of its name, from 1
        self._children: dict[str, list[Node]] | None = None

    @property
    def tag(self) -> str:
        """The element's name in Clark notation."""
        return str(self.element.tag)

    @property
    def text(self) -> str:
        """The element's text without the white space around it."""
        text = self.element.text
        return text.strip() if text else ""

    @property
    def place(self) -> str:
        """Where the element stands in its document, written as `place_of` writes it."""
        step = step_of(self.tag)
        return f"/{step}" if self.parent is None else f"{self.parent.place}/{step}[{self.position}]"

    def get(self, name: str, default: str = "") -> str:
        """An attribute's value without the white space around it."""
        value = self.element.get(name)
        return default if value is None else value.strip()

    def find(self, path: str) -> "Node | None":
        """The first element at a path; None when there is none."""
        node = self
        for step in _steps(path):
            entries = node._by_name().get(step)
            if entries is None:
                return None
            if len(entries) > 1:  # the first one need not hold the rest of the path
                found = self.findall(path)
                return found[0] if found else None
            node = entries[0]
        return node

    def findall(self, path: str) -> "list[Node]":
        """All elements at a path, in the document's order."""
        nodes = [self]
        for step in _steps(path):
            nodes = [entry for node in nodes for entry in node._by_name().get(step, ())]  # noqa: SLF001 - as above
        return nodes

    def _by_name(self) -> "dict[str, list[Node]]":
        children = self._children
        if children is None:
            children = self._children = {}
            for child in self.element:
                tag = child.tag
                same = children.get(tag)
                if same is None:
                    children[tag] = [Node(child, self)]
                else:
                    same.append(Node(child, self, len(same) + 1))
        return children

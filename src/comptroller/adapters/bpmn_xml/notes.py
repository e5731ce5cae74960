"""The faults of one file, and the small readings that every part of it needs."""

from collections.abc import Collection
from typing import Final

from lxml import etree

from comptroller.adapters.bpmn_xml.vocabulary import (
    BOOLEANS,
    DRAWN_INPUT,
    EXTENSION,
    EXTENSION_ATTRIBUTES,
    MODEL,
    PLAIN_ATTRIBUTES,
    VENDORS_WORK,
)
from comptroller.domain.kernel.fault import Fault, Severity

Element = etree._Element  # noqa: SLF001 - lxml has no public name for its element type

STAND_IN: Final = "?"
"""Name in a stand-in, so that it is not also found to lack one."""


class Notes:
    """Gathers what is wrong with a file, and what its root elements define."""

    def __init__(self, root: Element, *, released: bool) -> None:
        self.faults: list[Fault] = []
        self.released = released
        self._language = root.get("expressionLanguage")
        self._defined: dict[tuple[str, str], Element] = {
            (local(element), element.get("id", "")): element for element in root.iterchildren("{*}*")
        }

    def add(self, code: str, element: Element, message: str, *, help: str = "") -> None:  # noqa: A002 - Fault's own field
        """Note a fault of an element."""
        self.faults.append(Fault(code, _place(element), message, by="bpmn", help=help))

    def warn(self, code: str, element: Element, message: str, *, help: str) -> None:  # noqa: A002 - Fault's own field
        """Note what is passed over of an element, though its author may count on it."""
        self.faults.append(Fault(code, _place(element), message, Severity.WARNING, by="bpmn", help=help))

    def refuse(self, element: Element, *, owner: Element | None = None, help: str = "") -> None:  # noqa: A002 - Fault's own field
        """Note that an element is not executed; `owner` is the node that it stands in."""
        place = element if owner is None else owner
        where = "" if owner is None else f" in `{local(owner)}`"
        self.add("BPMN-ELEMENT-01", place, f"the element `{local(element)}`{where} is not executed", help=help)

    def check_parts(self, element: Element, known: Collection[str], owner: Element | None = None) -> None:
        """Refuse what may not stand in an element."""
        for part in element.iterchildren("{*}*"):
            is_drawn = part.tag == f"{MODEL}property" and part.get("name") == DRAWN_INPUT
            if not is_drawn and (part.tag != f"{MODEL}{local(part)}" or local(part) not in known):
                self.refuse(part, owner=element if owner is None else owner)

    def check_attributes(self, element: Element, owner: Element | None = None) -> None:
        """Refuse attributes that would change what an element does, and those of ours that it does not have."""
        name, place = local(element), element if owner is None else owner
        for attribute, plain in PLAIN_ATTRIBUTES.items():
            if element.get(attribute, plain) != plain:
                self.add("BPMN-ATTRIBUTE-01", place, f'{attribute}="{element.get(attribute)}" is not executed')
        for attribute in map(str, element.attrib):
            own = attribute.removeprefix(EXTENSION)
            if own != attribute and own not in EXTENSION_ATTRIBUTES.get(name, ()):
                self.add("BPMN-ATTRIBUTE-02", place, f"`{name}` has no attribute `{own}`")

    def check_meaning(self, element: Element) -> None:
        """Tell what would be read as something else than is written, or as nothing."""
        for attribute in BOOLEANS:
            told = element.get(attribute, "true").strip()
            if told not in {"true", "false", "1", "0"} and not self.released:
                message = f'{attribute.removeprefix(EXTENSION)}="{told}" says neither yes nor no'
                self.add("BPMN-ATTRIBUTE-03", element, message, help="write `true` or `false`")
        for extensions in children(element, "extensionElements"):
            for name in dict.fromkeys(map(local, extensions.iterchildren("{*}*"))):
                if name in VENDORS_WORK:
                    message = f"the extension `{name}` of a vendor is not executed"
                    self.warn("BPMN-EXTENSION-02", element, message, help=VENDORS_WORK[name])

    def check_language(self, element: Element, own: str | None) -> None:
        """Expressions are FEEL: the language is its `own`, else the file's, and where neither names one, FEEL."""
        language = own or self._language
        if language and "feel" not in language.lower():
            message = f"expressions in `{language}` are not executed"
            self.add("BPMN-EXPRESSION-01", element, message, help="write FEEL")

    def expression(self, element: Element, expression: Element, *, language: str | None = None) -> str:
        """The FEEL text of an expression within an element, which may name its `language` elsewhere."""
        self.check_language(element, language or expression.get("language"))
        found = text(expression)
        if not found:
            self.add("BPMN-EXPRESSION-02", element, "the expression is empty")
        return found or "null"

    def defined(self, kind: str, element: Element, reference: Element) -> Element | None:
        """The root element that a reference names (`messageRef`, ...); None, and a fault, where it is none."""
        key = referred(reference, f"{kind}Ref")
        found = self._defined.get((kind, key))
        if found is None:
            message = f"the {kind} `{key}` is not defined in the file" if key else f"no {kind} is named"
            self.add(f"BPMN-{kind.upper()}-01", element, message)
        return found


def _place(element: Element) -> str:
    return element.get("id") or f"line {element.sourceline}"


def is_true(element: Element, attribute: str, default: str = "false") -> bool:
    """Whether an attribute says yes."""
    return element.get(attribute, default).strip() in {"true", "1"}


def referred(element: Element, attribute: str) -> str:
    """The id that an attribute refers to: a qualified name by the schema, whose prefix stands for the file itself."""
    return element.get(attribute, "").strip().rpartition(":")[2]


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def child(element: Element, name: str) -> Element | None:
    """The first part of an element with this name."""
    return element.find(f"{MODEL}{name}")


def children(element: Element, name: str) -> list[Element]:
    """The parts of an element with this name."""
    return list(element.iterchildren(f"{MODEL}{name}"))


def text(element: Element | None) -> str:
    """The text of an element, or nothing."""
    return "" if element is None else (element.text or "").strip()


def name_of(element: Element) -> str:
    """The name of an element on one line."""
    return " ".join(element.get("name", "").split())


def id_of(element: Element) -> str:
    """The id of an element."""
    return element.get("id", "")

"""The common ground of the reading functions: element names without namespaces, paths for people, collected faults.

A modeller's file carries much that has no meaning when deciding (diagrams, vendors' extensions). Whatever is not in the
model's own namespace is therefore not seen at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from comptroller.domain.decisions.definitions import FEEL_LANGUAGE, InformationItem, Reference, UnaryTests
from comptroller.domain.kernel.fault import Fault, Severity

# SOURCE: the target namespaces of the published DMN schemas.
MODEL_NAMESPACES: Final = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20151101/dmn11.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
FEEL_NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/FEEL/20140401",
        "http://www.omg.org/spec/DMN/20180521/FEEL/",
        "https://www.omg.org/spec/DMN/20191111/FEEL/",
        "https://www.omg.org/spec/DMN/20211108/FEEL/",
        "https://www.omg.org/spec/DMN/20230324/FEEL/",
    }
)
_FEEL_URIS: Final = frozenset(uri.rstrip("/") for uri in FEEL_NAMESPACES)
TARGET_NAMESPACE: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
"""DMN 1.5: what is written."""

POLICY_NAMESPACE: Final = "urn:comptroller:dmn"


@dataclass(slots=True)
class Reading:
    """One file being read: its model namespace, its target namespace, and the faults so far.

    `import_names` has the imports' names by namespace, `import_places` their namespaces by name and by location.
    """

    model_namespace: str
    target_namespace: str
    language: str
    import_names: dict[str, str] = field(default_factory=dict)
    import_places: dict[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def fault(
        self,
        code: str,
        element: etree._Element,
        message: str,
        *,
        severity: Severity = Severity.ERROR,
        help: str = "",  # noqa: A002 - Fault's own field
    ) -> None:
        """Note one thing wrong at an element."""
        self.faults.append(Fault(code, path_of(element), message, severity, by="dmn", help=help))

    def children(self, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """The child elements of the model's namespace, each with its local name."""
        prefix = f"{{{self.model_namespace}}}"
        for child in element:
            if isinstance(child.tag, str) and child.tag.startswith(prefix):
                yield child.tag[len(prefix) :], child

    def all(self, element: etree._Element, name: str) -> list[etree._Element]:
        """The child elements of one name."""
        return list(element.iterchildren(f"{{{self.model_namespace}}}{name}"))

    def one(self, element: etree._Element, name: str) -> etree._Element | None:
        """The first child element of a name, if there is one."""
        wanted = f"{{{self.model_namespace}}}{name}"
        for child in element:  # several times faster than asking lxml for one by its name
            if child.tag == wanted:
                return child
        return None

    def text(self, element: etree._Element, name: str = "text") -> str:
        """The text of a child element; empty when there is none."""
        child = self.one(element, name)
        return (child.text or "") if child is not None else ""

    def references(self, element: etree._Element, name: str) -> tuple[Reference, ...]:
        """The targets of child elements that carry an `href`."""
        return tuple(self.reference(child) for child in self.all(element, name))

    def reference(self, element: etree._Element) -> Reference:
        """The target of an `href`: `#id` here, `namespace#id` in another model.

        In the place of a namespace some modellers write the import's name or its file.
        """
        href = element.get("href")
        if not href:
            self.fault("DMN-READ-03", element, "a reference names no element", help="give it an `href` such as `#id`")
            return Reference(self.target_namespace, "")
        namespace, hash_sign, identifier = href.rpartition("#")
        namespace = self.import_places.get(namespace, namespace)
        return Reference(namespace or self.target_namespace, identifier if hash_sign else href)

    def information_item(self, element: etree._Element | None, name: str = "") -> InformationItem:
        """A variable, parameter or column; `name` stands in for one that is unstated."""
        if element is None:
            return InformationItem(name)
        return InformationItem(one_line(element.get("name")) or name or self.name(element), self.type_ref(element))

    def name(self, element: etree._Element) -> str:
        """An element's name, which it must have."""
        name = one_line(element.get("name"))
        if not name:
            self.fault("DMN-READ-02", element, "the element has no name", help="give it a `name`")
        return name

    def type_ref(self, element: etree._Element, attribute: str = "typeRef") -> str:
        """A type's name as DMN 1.2 and later write it."""
        return self.type_name(element.get(attribute), element)

    def type_name(self, text: str | None, element: etree._Element) -> str:
        """A type's name without the namespace prefix that DMN 1.1 gives it; an import's prefix becomes its name."""
        if not text:
            return ""
        name = one_line(text)
        prefix, colon, local = name.partition(":")
        namespace = element.nsmap.get(prefix) if colon else None
        if namespace is None:
            return name
        imported = self.import_names.get(namespace, "")
        return f"{imported}.{local}" if imported else local

    def expression_language(self, element: etree._Element) -> str:
        """The language of an expression: FEEL under its one name, any other by its URI."""
        language = element.get("expressionLanguage")
        return self.language if language is None else language_name(language)

    def unary_tests(self, element: etree._Element | None) -> UnaryTests | None:
        """An element's unary tests; None when there is no element or no text in it."""
        if element is None:
            return None
        return self.cell(element) if self.text(element).strip() else None

    def cell(self, element: etree._Element) -> UnaryTests:
        """The unary tests of a cell, which may have no text."""
        return UnaryTests(self.text(element), element.get("id") or "", self.expression_language(element))


def language_name(uri: str) -> str:
    """FEEL under its one name whatever version's namespace names it; any other language as it is."""
    known = uri.rstrip("/") in _FEEL_URIS or uri.casefold() == "feel"
    return FEEL_LANGUAGE if known or not uri else uri


def uri_of_language(name: str = FEEL_LANGUAGE) -> str:
    """How DMN 1.5 writes a language's name; the inverse of `language_name`."""
    return "https://www.omg.org/spec/DMN/20230324/FEEL/" if name == FEEL_LANGUAGE else name


def one_line(text: str | None) -> str:
    """A name as it is meant: white space at its ends dropped, runs of it one blank."""
    return " ".join(text.split()) if text else ""


def path_of(element: etree._Element) -> str:
    """Where an element is, in words a modeller shows: `decision[line match]/decisionTable/rule[3]`.

    >>> path_of(etree.fromstring('<d><decision name="x"><rule/><rule/></decision></d>')[0][1])
    'decision[x]/rule[2]'
    """
    steps: list[str] = []
    while (parent := element.getparent()) is not None:
        siblings = [sibling for sibling in parent if sibling.tag == element.tag]
        label = element.get("name") or (str(siblings.index(element) + 1) if len(siblings) > 1 else "")
        name = etree.QName(element).localname
        steps.append(f"{name}[{label}]" if label else name)
        element = parent
    return "/".join(reversed(steps))

"""A DMN 1.1 to 1.4 file as a DMN 1.5 one: the same elements under the names of the later version.

What changes and nothing else: the namespaces of model and drawing, the URIs of FEEL and of DMN as an import's type, the
prefixes that DMN 1.1 gives to types, the empty name of an import that has none, and in a business knowledge model the
place of the variable, which DMN 1.1 has behind the logic.
"""

from collections.abc import Callable
from typing import Any, Final

from lxml import etree

from comptroller.adapters.dmn_xml.elements import (
    FEEL_NAMESPACES,
    MODEL_NAMESPACES,
    TARGET_NAMESPACE,
    Reading,
    one_line,
    stated,
    uri_of_language,
)

_DRAWING: Final = "https://www.omg.org/spec/DMN/20230324/DMNDI/"
_NAMESPACES: Final = {
    **dict.fromkeys(MODEL_NAMESPACES, TARGET_NAMESPACE),
    **dict.fromkeys(FEEL_NAMESPACES, uri_of_language()),
    "http://www.omg.org/spec/DMN/20180521/DMNDI/": _DRAWING,
    "https://www.omg.org/spec/DMN/20191111/DMNDI/": _DRAWING,
    "https://www.omg.org/spec/DMN/20211108/DMNDI/": _DRAWING,
}
_URIS: Final = ("expressionLanguage", "typeLanguage", "importType")
_NAMED_SINCE: Final = frozenset({"import", "importedValues"})  # DMN 1.2
_TYPES: Final = ("typeRef", "outputTypeRef")


def is_current(root: etree._Element) -> bool:
    """Whether a file is of the version that is written."""
    return etree.QName(root).namespace == TARGET_NAMESPACE


def migrated(root: etree._Element) -> etree._Element:
    """Bring a file of an earlier version to DMN 1.5; one that is there already comes back as it is."""
    if is_current(root):
        return root
    _name_types_without_prefixes(root)
    # lxml cannot change a declared namespace, so the children move under a root that declares the later ones
    prefixes: Any = {prefix: _later(uri) for prefix, uri in root.nsmap.items()}  # the stubs miss the empty prefix
    moved = etree.Element(f"{{{TARGET_NAMESPACE}}}definitions", nsmap=prefixes)
    for attribute, value in root.items():
        moved.set(attribute, value)
    for comment in reversed(list(root.itersiblings(preceding=True))):
        moved.addprevious(comment)
    moved.text = root.text
    for child in list(root):
        moved.append(child)
    for element in list(moved.iter(etree.Element)):  # some move on the way
        name = etree.QName(element)
        if name.namespace in _NAMESPACES:
            element.tag = f"{{{_later(name.namespace)}}}{name.localname}"
        _each(element, _URIS, _later)
        if name.namespace not in MODEL_NAMESPACES:
            continue
        if name.localname in _NAMED_SINCE and element.get("name") is None:
            element.set("name", stated(element, "name"))
        if name.localname == "businessKnowledgeModel":
            _variable_first(element)
    etree.cleanup_namespaces(moved, keep_ns_prefixes=[prefix for prefix in moved.nsmap if prefix])
    return moved


def _variable_first(element: etree._Element) -> None:
    logic = element.find("{*}encapsulatedLogic")
    variable = element.find("{*}variable")
    if logic is not None and variable is not None and element.index(variable) > element.index(logic):
        logic.addprevious(variable)
        variable.tail, logic.tail = logic.tail, variable.tail  # each place keeps its indentation


def _later(uri: str) -> str:
    return _NAMESPACES.get(uri, uri)


def _each(element: etree._Element, names: tuple[str, ...], change: Callable[[str], str]) -> None:
    for name in names:
        value = element.get(name)
        if value is not None:
            element.set(name, change(value))


def _name_types_without_prefixes(root: etree._Element) -> None:
    model = str(etree.QName(root).namespace)
    reading = Reading(model, root.get("namespace") or "", "")
    reading.import_names = {
        child.get("namespace") or "": one_line(stated(child, "name")) for child in reading.all(root, "import")
    }
    for element in root.iter(f"{{{model}}}*"):
        for name in _TYPES:
            if (value := element.get(name)) is not None:
                element.set(name, reading.type_name(value, element))
        if etree.QName(element).localname == "typeRef" and not len(element):
            element.text = reading.type_name(element.text, element)

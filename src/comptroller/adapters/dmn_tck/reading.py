"""Reading the kit's test files: which model, what is given, what is expected.

The kit is a tree of directories; a directory with test files holds the models they ask as well. Whatever in a file
cannot be read is told as text beside what can: a kit is run to learn what fails, so nothing in it may end the run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from lxml import etree

from comptroller.adapters.xml_reading import read_xml
from comptroller.domain.feel import Value, parse_temporal

_NAMESPACE: Final = "{http://www.omg.org/spec/DMN/20160719/testcase}"
_INSTANCE: Final = "{http://www.w3.org/2001/XMLSchema-instance}"
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_NUMBERS: Final = frozenset(
    "decimal double float integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger "
    "negativeInteger unsignedLong unsignedInt unsignedShort unsignedByte".split()
)
_TEMPORAL: Final = frozenset("date time dateTime duration dayTimeDuration yearMonthDuration".split())


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that could not be read, and why; nothing is equal to it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What is expected of a result node; of one marked as an error, null."""

    node: str
    value: Value | Unread
    is_error: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A test case; `invocable` names the decision service or business knowledge model that it calls, if any."""

    id: str
    invocable: str
    inputs: Mapping[str, Value | Unread]
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class TestFile:
    """A test file: the name of its model as written, and its cases; `fault` says why there are none."""

    path: Path
    model_name: str
    cases: tuple[Case, ...]
    fault: str = ""


def test_files(directory: Path) -> Iterator[TestFile]:
    """Every test file of a directory and of those in it, directory by directory.

    Other XML files are passed over; one that is no XML at all is given with its fault, where models lie beside it.
    """
    for path in sorted(directory.rglob("*.xml"), key=lambda path: (path.parent, path.name)):
        try:
            root = read_xml(path.read_bytes())
        except OSError as error:
            yield TestFile(path, "", (), f"cannot be read: {error.strerror or error}")
            continue
        if isinstance(root, tuple):
            if any(path.parent.glob("*.dmn")):
                yield TestFile(path, "", (), root[0].message)
        elif etree.QName(root).localname == "testCases":
            yield TestFile(path, _model_name(root), tuple(_cases(root)))


def _model_name(root: etree._Element) -> str:
    return next(((child.text or "").strip() for child in _children(root, "modelName")), "")


def _cases(root: etree._Element) -> Iterator[Case]:
    seen: dict[str, int] = {}
    for number, element in enumerate(_children(root, "testCase"), 1):
        name = element.get("id") or element.get("name") or str(number)
        seen[name] = seen.get(name, 0) + 1
        yield Case(
            id=name if seen[name] == 1 else f"{name} ({seen[name]})",
            invocable=_name(element, "invocableName"),
            inputs={_name(node): _value(node) for node in _children(element, "inputNode")},
            expected=tuple(_expectation(node) for node in _children(element, "resultNode")),
        )


def _expectation(node: etree._Element) -> Expectation:
    expected = next(_children(node, "expected"), None)
    return Expectation(
        node=_name(node),
        value=None if expected is None else _value(expected),
        is_error=_TRUTHS.get((node.get("errorResult") or "").strip(), False),
    )


def _name(element: etree._Element, attribute: str = "name") -> str:
    """A name as the models' reader takes it: its blanks are single ones."""
    return " ".join((element.get(attribute) or "").split())


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return element.iterchildren(_NAMESPACE + name)


def _value(element: etree._Element) -> Value | Unread:
    """The value that an element of the kit's value type stands for; one without content is null."""
    try:
        return _given(element)
    except _Unreadable as error:
        return Unread(str(error))


class _Unreadable(Exception):
    """Leaves the reading of a value."""


def _given(element: etree._Element) -> Value:
    if _is_nil(element):
        return None
    for value in _children(element, "value"):
        return _simple(value)
    for listed in _children(element, "list"):
        return None if _is_nil(listed) else [_given(item) for item in _children(listed, "item")]
    components = list(_children(element, "component"))
    if len(components) == 1 and _is_nil(components[0]) and not components[0].get("name"):
        return None
    return {component.get("name") or "": _given(component) for component in components} if components else None


def _is_nil(element: etree._Element) -> bool:
    return _TRUTHS.get((element.get(f"{_INSTANCE}nil") or "").strip(), False)


def _simple(element: etree._Element) -> Value:
    if _is_nil(element):
        return None
    text = element.text or ""
    kind = (element.get(f"{_INSTANCE}type") or "").rpartition(":")[2]
    if kind in _NUMBERS:
        return _number(text.strip())
    if kind == "boolean":
        if text.strip() not in _TRUTHS:
            raise _Unreadable(f"`{text}` is no truth value")
        return _TRUTHS[text.strip()]
    if kind in _TEMPORAL:
        found = parse_temporal(text.strip())
        if found is None:
            raise _Unreadable(f"`{text}` is no {kind} that is read here")
        return found
    return text


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _Unreadable(f"`{text}` is no number") from None
    if not number.is_finite():
        raise _Unreadable(f"`{text}` is no number of FEEL")
    return number

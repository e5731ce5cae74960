"""Changing a file only where its meaning changed: a merge of three trees.

A modeller's file holds far more than the definitions do: the drawing, descriptions, vendors' extensions, comments, its
own way of indenting. So the definitions as they were read and as they are now are both built as trees, and what differs
between these two is done to the original. Whatever says the same in both stays as its author wrote it, to the byte.

Two elements are the same one if they have the same id; of those without one, those that read alike, then those of the
same name, then those at the same place among what is left.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Final

from lxml import etree

from comptroller.adapters.dmn_xml.elements import TARGET_NAMESPACE
from comptroller.adapters.dmn_xml.places import place_of

_REQUIREMENTS: Final = frozenset({"informationRequirement", "knowledgeRequirement"})
_ONCE: Final = frozenset(
    "description extensionElements question allowedAnswers variable typeRef text allowedValues typeConstraint "
    "inputValues outputValues".split()
)
"""Children that stand once in their parent, and may be there although nothing was read from them."""

_DEFAULTS: Final = {
    "hitPolicy": "UNIQUE",
    "isCollection": "false",
    "kind": "FEEL",
    "recheck": "false",
    "binding": "deployment",
}
"""What an attribute says that is not there; an author who writes it out gets it written out."""


def merge(original: etree._Element, before: etree._Element, after: etree._Element) -> None:
    """Do to `original` what leads from `before` (what it says) to `after` (what it shall say)."""
    if _same(before, after):
        return
    _merge_attributes(original, before, after)
    if before.text != after.text and not len(after):
        _set_text(original, after.text)
    _merge_children(original, before, after)


def canonical(element: etree._Element) -> bytes:
    """The canonical form of an element without what follows it."""
    return etree.tostring(element, method="c14n", with_tail=False)


def _same(one: etree._Element, other: etree._Element) -> bool:
    return canonical(one) == canonical(other)


def _merge_attributes(original: etree._Element, before: etree._Element, after: etree._Element) -> None:
    for name in {*before.attrib, *after.attrib}:
        value = after.get(name)
        if before.get(name) == value:
            continue
        if value is None and name in original.attrib and name in _DEFAULTS:
            original.set(name, _DEFAULTS[str(name)])
        elif value is not None:
            original.set(name, value)
        elif name in original.attrib:
            del original.attrib[name]


def _set_text(element: etree._Element, text: str | None) -> None:
    for child in list(element):  # comments inside the old text
        element.remove(child)
    element.text = text


def _merge_children(original: etree._Element, before: etree._Element, after: etree._Element) -> None:
    originals = _originals(original, before)
    olds = _matches(list(before), list(after))
    kept = {old for old in olds if old is not None}
    for child in before:
        if child not in kept and (gone := originals.get(child)) is not None:
            _take_away(gone, child)
    final: list[etree._Element | None] = []
    for new, old in zip(after, olds, strict=True):
        found = None if old is None else originals.get(old)
        if found is not None and old is not None:
            merge(found, old, new)
        final.append(found)
    _reorder([old for old in before if old in kept], [old for old in olds if old is not None], originals)
    _insert_new(original, list(after), olds, final)


def _take_away(original: etree._Element, before: etree._Element) -> None:
    if etree.QName(original).localname == "extensionElements":  # others keep theirs in there too
        merge(original, before, etree.Element(before.tag))
        if len(original):
            return
    _remove(original)


def _originals(original: etree._Element, before: etree._Element) -> dict[etree._Element, etree._Element]:
    """Which child of the original each child of `before` was read from: those of one kind in their order."""
    waiting: dict[tuple[str, str], list[etree._Element]] = defaultdict(list)
    for child in original:
        if isinstance(child.tag, str):
            waiting[_kind(child)].append(child)
    found = {}
    for child in before:
        candidates = waiting[_kind(child)]
        if candidates:
            found[child] = candidates.pop(0)
    return found


def _kind(element: etree._Element) -> tuple[str, str]:
    """What tells apart children that are read separately: the tag, and what a requirement or an import points to."""
    tag = str(element.tag)
    name = etree.QName(element).localname
    if name in _REQUIREMENTS:
        return tag, "".join(f"{etree.QName(child).localname} {child.get('href')}" for child in _elements(element))
    return tag, f"{element.get('namespace')} {element.get('name') or ''}" if name == "import" else ""


def _elements(element: etree._Element) -> list[etree._Element]:
    return [child for child in element if isinstance(child.tag, str)]


def _matches(before: Sequence[etree._Element], after: Sequence[etree._Element]) -> list[etree._Element | None]:
    """For each new child the old one that it continues, if there is one."""
    found: dict[etree._Element, etree._Element] = {}
    ways: tuple[Callable[[etree._Element], object], ...] = (
        lambda element: element.get("id"),
        canonical,
        lambda element: element.get("name"),
        lambda _: True,
    )
    for way in ways:
        taken = set(found.values())
        waiting: dict[object, list[etree._Element]] = defaultdict(list)
        for old in before:
            if old not in taken and (key := way(old)) is not None:
                waiting[_matching(old), key].append(old)
        for new in after:
            key = way(new)
            if new in found or key is None:
                continue
            candidates = waiting[_matching(new), key]
            match = next((old for old in candidates if not _told_apart(old, new)), None)
            if match is not None:
                candidates.remove(match)
                found[new] = match
    return [found.get(new) for new in after]


def _matching(element: etree._Element) -> tuple[str, str]:
    tag, target = _kind(element)
    return tag, target if etree.QName(element).localname in _REQUIREMENTS else ""


def _told_apart(old: etree._Element, new: etree._Element) -> bool:
    return old.get("id") != new.get("id")


def _reorder(
    before: Sequence[etree._Element],
    after: Sequence[etree._Element],
    originals: dict[etree._Element, etree._Element],
) -> None:
    """Bring the kept children into their new order; what stands between them stays where it is."""
    if list(before) == list(after):
        return
    slots = [originals[old] for old in before if old in originals]
    wanted = [originals[old] for old in after if old in originals]
    stands_in = [etree.Comment("") for _ in slots]
    for slot, placeholder in zip(slots, stands_in, strict=True):
        placeholder.tail, slot.tail = slot.tail, None
        _parent(slot).replace(slot, placeholder)
    for placeholder, element in zip(stands_in, wanted, strict=True):
        tail = placeholder.tail
        _parent(placeholder).replace(placeholder, element)
        element.tail = tail


def _insert_new(
    original: etree._Element,
    after: Sequence[etree._Element],
    olds: Sequence[etree._Element | None],
    final: list[etree._Element | None],
) -> None:
    for number, (new, old) in enumerate(zip(after, olds, strict=True)):
        if final[number] is not None or (old is not None and _same(old, new)):
            continue  # it is there, or it goes without saying as it did before
        unread = _unread(original, new, final)
        if unread is not None:
            merge(unread, etree.Element(new.tag), new)
            final[number] = unread
            continue
        previous = next((item for item in reversed(final[:number]) if item is not None), None)
        following = next((item for item in final[number + 1 :] if item is not None), None)
        final[number] = _insert(original, new, previous, following)


def _unread(
    original: etree._Element, new: etree._Element, final: Sequence[etree._Element | None]
) -> etree._Element | None:
    """The child that the original has already where only one may be, such as an empty list of allowed values."""
    if etree.QName(new).localname not in _ONCE:
        return None
    return next((child for child in original if child.tag == new.tag and child not in final), None)


def _insert(
    parent: etree._Element, new: etree._Element, previous: etree._Element | None, following: etree._Element | None
) -> etree._Element:
    """Insert a copy of a new child behind the one ahead of it, before the next one, or where the schema wants it."""
    place = place_of(new)
    if previous is None or place_of(previous) < place:
        if following is not None and place_of(following) == place:
            return _insert_at(parent, new, parent.index(following))
        earlier = (child for child in reversed(parent) if isinstance(child.tag, str) and place_of(child) <= place)
        previous = next(earlier, None)
    return _insert_at(parent, new, 0 if previous is None else parent.index(previous) + 1)


def _insert_at(parent: etree._Element, new: etree._Element, index: int) -> etree._Element:
    """Insert a copy at an index, indented like its new siblings."""
    depth = len(list(parent.iterancestors())) + 1
    copy = deepcopy(new)
    etree.indent(copy, space="  ", level=depth)
    if not len(parent):
        parent.text, copy.tail = "\n" + "  " * depth, "\n" + "  " * (depth - 1)
    elif index == 0:
        copy.tail = parent.text
    else:
        previous = parent[index - 1]
        copy.tail = previous.tail
        if index == len(parent):
            previous.tail = parent.text
    parent.insert(index, copy)
    return copy


def _remove(element: etree._Element) -> None:
    parent, previous = _parent(element), element.getprevious()
    if element.getnext() is None and previous is not None:
        previous.tail = element.tail  # the indentation of the closing tag
    parent.remove(element)


def _parent(element: etree._Element) -> etree._Element:
    parent = element.getparent()
    assert parent is not None
    return parent


def drop_dangling(root: etree._Element, ids_before: frozenset[str]) -> None:
    """Take away drawings, associations and other references that pointed to an element which is gone.

    A requirement that points nowhere is the definitions' own affair and stays.
    """
    while True:
        gone = ids_before - ids_of(root)
        dangling = [element for element in _referring(root) if _target(element) in gone]
        for element in dangling:
            if element.getparent() is not None:
                _remove(element)
        if not dangling:
            return


def ids_of(root: etree._Element) -> frozenset[str]:
    """Every id in a file."""
    return frozenset(identifier for element in root.iter(etree.Element) if (identifier := element.get("id")))


def _referring(root: etree._Element) -> Iterator[etree._Element]:
    prefix = f"{{{TARGET_NAMESPACE}}}"
    for element in root.iter("{*}DMNShape", "{*}DMNEdge"):
        yield element
    for name in ("association", "authorityRequirement", "elementCollection"):
        for element in root.iter(prefix + name):
            yield from element if name == "elementCollection" else [element]


def _target(element: etree._Element) -> str:
    drawn = element.get("dmnElementRef")
    if drawn is not None:
        prefix, colon, name = drawn.rpartition(":")
        # a prefix is mostly that of an imported model, whose elements are not ours to miss
        own = not colon or element.nsmap.get(prefix) == element.getroottree().getroot().get("namespace")
        return name if own else ""
    hrefs = [element.get("href"), *(child.get("href") for child in element)]
    return next((href[1:] for href in hrefs if href and href.startswith("#")), "")

"""Writing a DMN file: DMN 1.5, and on the ground of the file it was read from.

With the original at hand only what changed in meaning changes in the file (`merging`): drawing, descriptions, vendors'
extensions, comments and indentation stay. A file that says the same as before comes back as the same bytes.
"""

import re
from typing import Final
from xml.parsers.expat import ParserCreate

from lxml import etree

from comptroller.adapters.dmn_xml.building import build
from comptroller.adapters.dmn_xml.elements import language_name
from comptroller.adapters.dmn_xml.merging import canonical, drop_dangling, ids_of, merge
from comptroller.adapters.dmn_xml.migration import is_current, migrated
from comptroller.adapters.dmn_xml.reading import read
from comptroller.domain.decisions.definitions import FEEL_LANGUAGE, Definitions


def write(definitions: Definitions, original: bytes | None = None) -> bytes:
    """Write definitions as a DMN 1.5 file, keeping from the original what the definitions do not hold.

    The original is a file that `read` accepts, of any version; ValueError otherwise, and for a text with characters
    that XML cannot hold.
    """
    if original is None:
        root = build(definitions, language=FEEL_LANGUAGE)
        etree.indent(root)
        return _bytes(root)
    was, _ = read(original)
    if was is None:
        raise ValueError("the original is no DMN file")
    root = _tree(original)
    language = language_name(root.get("expressionLanguage") or "")
    before, after = build(was, language=language), build(definitions, language=language)
    if is_current(root) and canonical(before) == canonical(after):
        return original
    root = migrated(root)
    ids = ids_of(root)
    merge(root, before, after)
    drop_dangling(root, ids)
    return _with_start(_bytes(root), original)


_COMMENT: Final = re.compile(rb"<!--.*?-->", re.DOTALL)
_ATTRIBUTE: Final = re.compile(rb"""([\w:.\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_START: Final = re.compile(rb"""<[A-Za-z_][\w:.\-]*(?:\s+[\w:.\-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*>""")
"""The first start tag of a file is its root's: what stands before it are a declaration and comments."""


def _with_start(written: bytes, original: bytes) -> bytes:
    """The root's start tag on the lines on which it stood, where it says the same."""
    new, old = _START.search(_without_comments(written)), _START.search(_without_comments(original))
    if new is None or old is None or _said(new[0]) != _said(old[0]):
        return written
    return written.replace(new[0], old[0], 1)


def _said(tag: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    return tag.split()[0], {name: one or other for name, one, other in _ATTRIBUTE.findall(tag)}


def _without_comments(content: bytes) -> bytes:
    return _COMMENT.sub(b"", content)


def _tree(original: bytes) -> etree._Element:
    """The original with its comments; `read` has already refused whatever is not safe to parse."""
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, strip_cdata=False)
    root = etree.fromstring(original, parser)
    for element, is_pair in zip(root.iter(etree.Element), _pairs(original), strict=True):
        if is_pair and element.text is None and not len(element):
            element.text = ""  # written as it was, with an end tag
    return root


def _pairs(content: bytes) -> list[bool]:
    """Whether each element without content, in the order of the file, has an end tag of its own."""
    pairs: list[bool] = []
    opened: list[int] = []
    reader = ParserCreate()

    def start(_name: str, _attributes: object) -> None:
        opened.append(len(pairs))
        pairs.append(False)

    def end(_name: str) -> None:
        before = content[reader.CurrentByteIndex - 2 : reader.CurrentByteIndex]
        pairs[opened.pop()] = before != b"/>"

    reader.StartElementHandler, reader.EndElementHandler = start, end
    reader.Parse(content, True)  # noqa: FBT003 - the library's own signature
    return pairs


def _bytes(root: etree._Element) -> bytes:
    comments = [
        etree.tostring(comment, with_tail=False, encoding="unicode") for comment in root.itersiblings(preceding=True)
    ]
    text = etree.tostring(root, with_tail=False, encoding="unicode")
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', *comments[::-1], text, ""]).encode()

"""Writing a changed XML tree onto the text that it was read from: what did not change is that text, to the byte.

A file is a row of markups (tags, comments, instructions) with text between them. Each node of the tree as it was read
is given its pieces of that row. When the tree is written, a tag whose attributes are as they were, and a text that is
as it was, are taken from there: with their own quotes, references, line breaks and order of attributes. The rest is
written anew.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

_MARKUP: Final = re.compile(
    r"""(?P<comment><!--.*?-->)|(?P<instruction><\?.*?\?>)|(?P<data><!\[CDATA\[.*?\]\]>)|(?P<end></[^>]*>)"""
    r"""|(?P<start><(?:"[^"]*"|'[^']*'|[^>"'])*>)""",
    re.DOTALL,
)
_ATTRIBUTE: Final = re.compile(r"""(\s+)([^\s=/>]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_NAME: Final = re.compile(r"<([^\s/>]+)")
_DECLARED: Final = re.compile(r"""\s+xmlns(?::([\w.\-]+))?="([^"]*)\"""")

_IN_ATTRIBUTES: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


@dataclass(slots=True)
class _Pieces:
    """What of the file a node is, and what it said when it was read."""

    markup: str
    is_tag: bool
    attributes: dict[str, str] = field(default_factory=dict)
    is_empty_tag: bool = False
    end: str = ""
    text: str | None = None
    raw_text: str = ""
    tail: str | None = None
    raw_tail: str = ""


class Spliced:
    """A file as a tree that may be changed, and that is written again on its own text."""

    def __init__(self, text: str) -> None:
        """Read a well-formed file without a DOCTYPE."""
        parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, load_dtd=False, no_network=True)
        self.root = etree.fromstring(text.encode(), parser)
        self._line_end = "\r\n" if "\r\n" in text else "\n"
        self._pieces = {
            node: _Pieces("", isinstance(node.tag, str), _attributes(node), text=node.text, tail=node.tail)
            for node in self.root.iter()
        }
        self._before, self._behind = self._cut(text)

    def _cut(self, text: str) -> tuple[str, str]:
        """Give each node its pieces of the text; answers what stands before the root and behind it."""
        nodes, opened = iter(self._pieces.values()), list[_Pieces]()
        before, end, last, is_inside = "", 0, None, False
        for found in _MARKUP.finditer(text):
            kind = found.lastgroup
            if kind == "data" or (not opened and kind != "start"):
                continue  # text, or a comment beside the root
            if last is not None:
                between = text[end : found.start()]
                if is_inside:
                    last.raw_text = between
                else:
                    last.raw_tail = between
            else:
                before = text[: found.start()]
            end = found.end()
            if kind == "end":
                last, is_inside = opened.pop(), False
                last.end = found[0]
            else:
                last = next(nodes)
                last.markup = found[0]
                last.is_empty_tag = kind == "start" and found[0].endswith("/>")
                is_inside = kind == "start" and not last.is_empty_tag
                if is_inside:
                    opened.append(last)
            if not opened:
                break
        return before, text[end:]

    def written(self) -> str:
        """The file as the tree is now."""
        return "".join((self._before, *self._node(self.root), self._behind))

    def _node(self, node: etree._Element) -> Iterator[str]:
        pieces = self._pieces.get(node)
        if pieces is None:
            yield self._in_own_lines(_without_declarations(node))
            return
        if not pieces.is_tag:
            yield pieces.markup
            return
        has_content = bool(len(node) or node.text)
        tag = pieces.markup if _attributes(node) == pieces.attributes else _tag(node, pieces)
        if pieces.is_empty_tag and not has_content:
            yield tag
            return
        yield f"{tag[:-2].rstrip()}>" if pieces.is_empty_tag else tag
        yield self._said(node.text, pieces.text, pieces.raw_text)
        for child in node:
            yield from self._node(child)
            of = self._pieces.get(child)
            yield self._said(child.tail, of.tail, of.raw_tail) if of else self._said(child.tail, None, "")
        yield pieces.end or f"</{_name(pieces)}>"

    def _said(self, now: str | None, before: str | None, raw: str) -> str:
        return raw if (now or "") == (before or "") else self._in_own_lines(escape(now or ""))

    def _in_own_lines(self, text: str) -> str:
        return text.replace("\n", self._line_end)


def _attributes(node: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in node.attrib.items()} if isinstance(node.tag, str) else {}


def _name(pieces: _Pieces) -> str:
    found = _NAME.match(pieces.markup)
    assert found is not None  # it is a tag
    return found[1]


def _tag(node: etree._Element, pieces: _Pieces) -> str:
    """A start tag with other attributes: those that stay keep their form and place."""
    now, left = _attributes(node), _attributes(node)

    def each(found: re.Match[str]) -> str:
        name = found[2]
        if name == "xmlns" or name.startswith("xmlns:"):
            return found[0]
        clark = _clark(node, name)
        if clark not in now:
            return ""
        del left[clark]
        if now[clark] == pieces.attributes.get(clark):
            return found[0]
        return f"{found[1]}{name}{found[3]}{quoteattr(now[clark], _IN_ATTRIBUTES)}"

    tag = _ATTRIBUTE.sub(each, pieces.markup)
    close = "/>" if pieces.is_empty_tag else ">"
    more = "".join(f" {_prefixed(node, name)}={quoteattr(value, _IN_ATTRIBUTES)}" for name, value in left.items())
    inner = tag[: -len(close)]
    return f"{inner.rstrip()}{more}{inner[len(inner.rstrip()) :]}{close}" if more else tag


def _clark(node: etree._Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{node.nsmap[prefix]}}}{local}" if prefix and prefix != "xml" else name


def _prefixed(node: etree._Element, clark: str) -> str:
    name = etree.QName(clark)
    if not name.namespace:
        return name.localname
    prefix = next(prefix for prefix, uri in node.nsmap.items() if prefix and uri == name.namespace)
    return f"{prefix}:{name.localname}"


def _without_declarations(node: etree._Element) -> str:
    """A node that is new, as its parent lets it be written: what that has declared is not declared again."""
    text = etree.tostring(node, with_tail=False, encoding="unicode")
    parent = node.getparent()
    known = parent.nsmap if parent is not None else {}
    tag_end = text.index(">")
    tag = _DECLARED.sub(lambda found: "" if known.get(found[1]) == found[2] else found[0], text[:tag_end])
    return tag + text[tag_end:]

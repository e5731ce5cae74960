"""Templates of notices: texts with fields, and nothing that could compute, call or loop on its own.

A subset of Mustache: `{{name}}` puts a field, `{{#name}}...{{/name}}` shows its inside where a text is not empty or
once for each row of a list, `{{^name}}...{{/name}}` where it is empty. A name that the vocabulary does not know is a
fault when the template is written, so that nothing can go wrong when it is filled: filling is one walk over a tree
whose size is bounded by the template's and by the rows it is given.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.notices.kinds import Fields, Vocabulary

BY: Final = "notices"

_TAG: Final = re.compile(r"\{\{\s*([#^/]?)\s*([^{}]*?)\s*\}\}")
_DEPTH_MAX: Final = 4


@dataclass(frozen=True, slots=True)
class Field:
    """A field's place."""

    name: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part that is shown by what a field holds."""

    name: str
    when_empty: bool
    parts: "tuple[Part, ...]"


Part = str | Field | Section


@dataclass(frozen=True, slots=True)
class Template:
    """A template that has been checked."""

    parts: tuple[Part, ...]

    def fill(self, fields: Fields, written: Callable[[str], str] = str) -> str:
        """Put the fields in, each as `written` writes it: escaped, where the text has a language of its own."""
        return "".join(_filled(self.parts, fields, written))


def _filled(parts: tuple[Part, ...], fields: Fields, written: Callable[[str], str]) -> Iterator[str]:
    for part in parts:
        match part:
            case str():
                yield part
            case Field(name):
                yield written(str(fields[name]))
            case Section(name, when_empty, inner):
                value = fields[name]
                if when_empty:
                    rows = [] if value else [fields]
                elif isinstance(value, str):
                    rows = [fields] if value else []
                else:
                    rows = [{**fields, **row} for row in value]
                for row in rows:
                    yield from _filled(inner, row, written)


def read_template(text: str, vocabulary: Vocabulary, *, path: str) -> Template | tuple[Fault, ...]:
    """Read a template; all its faults where it has any. `path` is where its text stands in the record."""
    if len(text) > limits.TEMPLATE_CHARACTERS_MAX:
        message = f"the template is longer than {limits.TEMPLATE_CHARACTERS_MAX:,} characters"
        return (Fault("NOTICE-TEMPLATE-01", path, message, by=BY, help="shorten it"),)
    return _Reader(text, path).read(vocabulary)


class _Reader:
    def __init__(self, text: str, path: str) -> None:
        self._text = text
        self._path = path
        self._faults: list[Fault] = []

    def read(self, vocabulary: Vocabulary) -> Template | tuple[Fault, ...]:
        stack: list[tuple[str, bool, Vocabulary, list[Part]]] = [("", False, vocabulary, [])]
        at = 0
        for tag in _TAG.finditer(self._text):
            stack[-1][3].append(self._plain(at, tag.start()))
            at = tag.end()
            self._take(stack, tag[1], tag[2], tag.start())
        stack[-1][3].append(self._plain(at, len(self._text)))
        for name, *_ in stack[1:]:
            self._fault("04", at, f"the section `{name}` is not closed", f"write {{{{/{name}}}}} where it ends")
        return tuple(self._faults) or Template(tuple(stack[0][3]))

    def _take(self, stack: list[tuple[str, bool, Vocabulary, list[Part]]], sign: str, name: str, at: int) -> None:
        _, _, known, parts = stack[-1]
        if sign == "/":
            if len(stack) == 1 or stack[-1][0] != name:
                self._fault("04", at, f"`{{{{/{name}}}}}` closes no open section", "close the section opened last")
                return
            closed, when_empty, _, inner = stack.pop()
            stack[-1][3].append(Section(closed, when_empty, tuple(inner)))
            return
        if name not in known:
            names = ", ".join(sorted(known))
            self._fault("02", at, f"there is no field `{name}` here", f"use one of {names}")
        inside = known.get(name)
        if not sign:
            if inside is not None:
                self._fault("03", at, f"`{name}` is a list", f"write {{{{#{name}}}}} ... {{{{/{name}}}}} around a row")
            parts.append(Field(name))
            return
        if len(stack) > _DEPTH_MAX:
            self._fault("05", at, f"sections are nested deeper than {_DEPTH_MAX}", "take some apart")
        inner_known = {**known, name: None, **inside} if inside is not None and sign == "#" else known
        stack.append((name, sign == "^", inner_known, []))

    def _plain(self, start: int, end: int) -> str:
        text = self._text[start:end]
        for sign in ("{{", "}}"):
            if sign in text:
                at = start + text.index(sign)
                self._fault("06", at, f"`{sign}` stands alone", "write a field as {{name}}")
        return text

    def _fault(self, number: str, at: int, message: str, what: str) -> None:
        line = self._text.count("\n", 0, at) + 1
        self._faults.append(Fault(f"NOTICE-TEMPLATE-{number}", self._path, f"line {line}: {message}", by=BY, help=what))

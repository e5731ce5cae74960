"""A document's own structure in words, made of its bytes alone: what a person holds the data against.

Nothing of the readers is used that make the data, so that what they misread shows. Elements, keys and heads are told by
their own names, split into words; values stand as they are written. A way without a branch is one line.
"""

import csv
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from lxml import etree

from comptroller.adapters.xml_reading import read_xml
from comptroller.application.views import OutlineRow
from comptroller.domain.documents import json_form
from comptroller.domain.kernel.limits import OUTLINE_ROWS_MAX
from comptroller.domain.kernel.money import decimal_text

VALUE_CHARACTERS_SHOWN: Final = 500
"""Longer values are files inside of the document."""

_STEP: Final = " / "
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_")


def outline(content: bytes, media_type: str) -> tuple[OutlineRow, ...]:
    """The rows of a document that is XML, JSON or a part of a table, in its order; empty for any other.

    >>> [row.term for row in outline(b'{"totals": {"net": "9.40"}}', "application/json")]
    ['Totals / Net']
    """
    if media_type.endswith("xml"):
        root = read_xml(content)
        rows = iter(()) if isinstance(root, tuple) else _children(root, 0)
    elif media_type.endswith("json"):
        body, _ = json_form.parse(content)
        rows = _members(body, 0) if isinstance(body, dict) else iter(())
    elif media_type == "text/csv":
        rows = _table(content)
    else:
        rows = iter(())
    return tuple(islice(rows, OUTLINE_ROWS_MAX))


def in_words(name: str) -> str:
    """A name of a program in words.

    >>> in_words("AccountingSupplierParty"), in_words("ID"), in_words("issue_date"), in_words("CompanyID")
    ('Accounting supplier party', 'ID', 'Issue date', 'Company ID')
    """
    words = [word if word.isupper() else word.lower() for word in _WORDS.split(name) if word]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _children(element: etree._Element, depth: int) -> Iterator[OutlineRow]:
    for child in element:
        way = [child]
        while len(way[-1]) == 1 and not (way[-1].text or "").strip():
            way.append(way[-1][0])
        last, term = way[-1], _STEP.join(in_words(etree.QName(step).localname) for step in way)
        if len(last):
            yield OutlineRow(depth, term, is_part=True)
            yield from _children(last, depth + 1)
        else:
            notes = (str(value) for name, value in last.items() if not str(name).startswith("list"))
            yield _leaf(depth, term, (last.text or "").strip(), " ".join(notes))


def _members(value: Any, depth: int, term: str = "") -> Iterator[OutlineRow]:
    """The members of an object under their keys, and of a list by their places."""
    if isinstance(value, list):
        for place, each in enumerate(value, start=1):
            yield from _members(each, depth, f"{term} {place}".strip())
    elif isinstance(value, dict) and len(value) == 1 and term:
        ((name, only),) = value.items()
        yield from _members(only, depth, f"{term}{_STEP}{in_words(name)}")
    elif isinstance(value, dict):
        if term:
            yield OutlineRow(depth, term, is_part=True)
        for name, each in value.items():
            yield from _members(each, depth + bool(term), in_words(name))
    else:
        yield _leaf(depth, term, decimal_text(value) if isinstance(value, Decimal) else str(value or ""))


def _table(content: bytes) -> Iterator[OutlineRow]:
    """The rows of a table, each value beside its head."""
    try:
        heads, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig", "replace")), delimiter=";")
    except (ValueError, csv.Error):
        return
    for place, cells in enumerate(rows, start=1):
        yield OutlineRow(0, f"Row {place}", is_part=True)
        for head, cell in zip(heads, cells, strict=False):
            yield _leaf(1, head, cell.strip())


def _leaf(depth: int, term: str, value: str, note: str = "") -> OutlineRow:
    if len(value) > VALUE_CHARACTERS_SHOWN:
        value, note = f"{value[:60]} …", f"{len(value):,} characters"
    return OutlineRow(depth, term, value, note)

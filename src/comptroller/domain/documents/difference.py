"""Where two readings of one document differ, value by value.

Values are compared as what they are: `260` and `260.00` are one amount. Where a whole part is on one side only, such as
a line, that part is one difference. How a document is written (its profile, its form) is no part of what it says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from itertools import zip_longest
from typing import Any, Final

from comptroller.domain.documents.model import Invoice

NOT_SAID: Final = frozenset({"/customization", "/profile", "/kind"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs, at a JSON Pointer of the canonical form; None where a side does not say it."""

    path: str
    before: Any
    after: Any


def differences(before: Invoice, after: Invoice) -> Iterator[Difference]:
    """List what differs, in the order of the canonical form.

    >>> from comptroller.domain.documents.model import Line
    >>> one, other = Invoice(number="7", lines=(Line("1"),)), Invoice(number="8", lines=(Line("1"), Line("2")))
    >>> [found.path for found in differences(one, other)]
    ['/number', '/lines/1']
    """
    return (found for found in _of("", before, after) if found.path not in NOT_SAID)


def _of(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after or (not _is_said(before) and not _is_said(after)):
        return
    if isinstance(before, tuple) and isinstance(after, tuple):
        for place, (one, other) in enumerate(zip_longest(before, after)):
            yield from _of(f"{path}/{place}", one, other)
    elif is_dataclass(before) and is_dataclass(after):
        for field in fields(before):
            yield from _of(f"{path}/{field.name}", getattr(before, field.name), getattr(after, field.name))
    else:
        yield Difference(path, before if _is_said(before) else None, after if _is_said(after) else None)


def _is_said(value: Any) -> bool:
    return value is not None and value not in ("", ())

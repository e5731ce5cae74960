"""The kinds of notices and the fields that the templates of each may name: a closed vocabulary.

A field is a text, or a list of rows that have fields of their own. Fields that may be empty are asked for as a section.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

Fields = Mapping[str, Any]
"""What fills a template: texts by name, and lists of such mappings."""

Vocabulary = Mapping[str, "Vocabulary | None"]
"""The names that a template may use: None for a text, the names of its rows for a list."""


class NoticeKind(StrEnum):
    """Why somebody is told something."""

    OFFERED = "task-offered"
    REMINDED = "task-reminded"
    ESCALATED = "task-escalated"
    REASSIGNED = "task-reassigned"
    ROLLBACK = "rollback-proposed"  # a change of policy does not do what was forecast
    DIGEST = "digest"


LANGUAGES: Final = ("en", "de")
"""The languages that the product brings templates in; a tenant may write others."""

_TEXTS: Final = ("person", "tenant", "link", "settings_link")
_TASK: Final = ("number", "supplier", "entity", "amount", "asked", "text", "why", "reason", "due")
_ROW: Final = ("number", "supplier", "entity", "amount", "asked", "age", "due", "overdue", "link")


def _names(*names: str) -> Vocabulary:
    return dict.fromkeys(names)


VOCABULARY: Final[Mapping[NoticeKind, Vocabulary]] = {
    **dict.fromkeys(
        (NoticeKind.OFFERED, NoticeKind.REMINDED, NoticeKind.ESCALATED, NoticeKind.REASSIGNED), _names(*_TEXTS, *_TASK)
    ),
    NoticeKind.ROLLBACK: _names(*_TEXTS, "number", "entity", "reason"),
    NoticeKind.DIGEST: {**_names(*_TEXTS, "count", "overdue_count", "totals", "more"), "waiting": _names(*_ROW)},
}
"""The fields of each kind."""

LINKS: Final = frozenset({"link", "settings_link"})
"""The fields that hold an address, and may stand in one."""

_CASE: Final = {
    "number": "R-2026-118",
    "supplier": "Example & Sons Ltd",
    "entity": "Example Holding",
    "amount": "EUR 1,190.00",
    "asked": "Approve",
    "due": "31 March 2026, 17:00",
    "link": "https://comptroller.example/cases/0example",
}

SAMPLE: Final[Fields] = {
    **_CASE,
    "person": "Ada Example",
    "tenant": "Example Group",
    "settings_link": "https://comptroller.example/settings",
    "text": "the price is above the order",
    "why": "owns the cost centre",
    "reason": "half of the time for this has passed",
    "count": "1",
    "overdue_count": "1",
    "totals": "EUR 1,190.00",
    "more": "",
    "waiting": [{**_CASE, "age": "2 days", "overdue": ""}],
}
"""What a preview is filled with: the fields of every kind."""

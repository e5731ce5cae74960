"""Which columns of a list a person has chosen to see: kept with the person, followed by what is taken out of the list.

What says which row it is (the document, what is asked, what holds it) is always there; the rest can be left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.reference_kinds.checks import ReferenceKind
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.application.views import ColumnChoice
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

KIND_NAME: Final = "list-columns"

LISTS: Final[Mapping[str, Mapping[str, tuple[str, frozenset[str]]]]] = {
    "queue": {
        "entity": ("Entity", frozenset({"entity"})),
        "why": ("Why you", frozenset({"why you"})),
        "due": ("Due", frozenset({"offered at", "due"})),
    },
    "cases": {
        "entity": ("Entity", frozenset({"entity"})),
        "gross": ("Gross", frozenset({"currency", "net", "gross"})),
        "state": ("State", frozenset({"state"})),
        "waits": ("Waits for", frozenset({"waits for", "due"})),
        "received": ("Received", frozenset({"received at"})),
    },
    "exceptions": {
        "stake": ("At stake", frozenset({"currency", "at stake", "gross"})),
        "owner": ("Owner", frozenset({"owner", "when overdue"})),
        "offered": ("Age", frozenset({"offered at"})),
        "due": ("Due", frozenset({"due"})),
    },
}
"""List -> column that can be left out -> its title, and the columns of a spreadsheet that stand for it."""

KIND: Final = ReferenceKind(KIND_NAME, lambda _key, _body: (), frozenset())
"""Written by the use case here only: nobody chooses for somebody else."""


@dataclass(frozen=True, slots=True)
class ChooseColumns:
    """See these columns of a list, beside those that are always there."""

    name: str
    shown: tuple[str, ...]


def choose_columns(session: Session, command: ChooseColumns) -> dict[str, Any] | Refused:
    """Keep what the caller leaves out of a list."""
    known = LISTS.get(command.name)
    if known is None:
        message = f"`{command.name}` is no list whose columns are chosen"
        return Refused(
            Rejection(RejectionKind.NOT_FOUND, "LIST-COLUMNS-01", message, help=f"use one of {', '.join(LISTS)}")
        )
    session.uow.serialize([f"{KIND_NAME}/{_key(session, command.name)}"])
    hidden = [key for key in known if key not in command.shown]
    store_version(session, KIND, _key(session, command.name), {"hidden": hidden})
    return {"list": command.name, "hidden": hidden}


def columns_of(session: Session, name: str) -> tuple[ColumnChoice, ...]:
    """The columns of a list that can be left out, and whether the caller sees them."""
    key = _key(session, name)
    rows = session.uow.references([f"{KIND_NAME}/{key}"])[f"{KIND_NAME}/{key}"]
    body: Any = decode(rows[0].body) if rows else {"hidden": []}
    return tuple(ColumnChoice(key, title, key not in body["hidden"]) for key, (title, _) in LISTS[name].items())


def left_out(name: str, columns: tuple[ColumnChoice, ...]) -> frozenset[str]:
    """The columns of a spreadsheet that stand for those of a list that are not seen."""
    return frozenset().union(*(LISTS[name][column.key][1] for column in columns if not column.shown))


def _key(session: Session, name: str) -> str:
    return f"{session.caller.id}.{name}"

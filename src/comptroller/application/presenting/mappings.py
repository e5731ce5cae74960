"""A mapping on file, or one that is begun, with what helps to fill it in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

NEW: Final = "new"
"""The key of a mapping that is not saved yet."""


@dataclass(frozen=True, slots=True)
class ShowMapping:
    """A mapping by its key; `new` for one that is begun."""

    key: str


@dataclass(frozen=True, slots=True)
class KnownMapping:
    """A mapping's record with its version, 0 where there is none yet, and the own companies as they are billed."""

    key: str
    version: int
    body: Mapping[str, Any]
    companies: Mapping[str, Mapping[str, Any]]


def show_mapping(session: Session, command: ShowMapping) -> KnownMapping | Refused:
    """The mapping in force."""
    rows = session.uow.references([f"mapping/{command.key}"])[f"mapping/{command.key}"]
    if not rows and command.key != NEW:
        message = f"there is no mapping `{command.key}`"
        return Refused(Rejection(RejectionKind.NOT_FOUND, "MAPPING-UNKNOWN-01", message, help="look in the list"))
    companies: dict[str, Any] = {row.key: decode(row.body) for row in session.uow.reference_list("entity")}
    if not rows:
        return KnownMapping(NEW, 0, {}, companies)
    body: Any = decode(rows[0].body)
    return KnownMapping(command.key, rows[0].version, body, companies)

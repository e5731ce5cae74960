"""Saved searches: a person's own filters of the list of cases, by name, and those that colleagues share with a role.

A search holds the address' query and nothing else: whoever opens one sees what they may see, not what its owner saw.
"""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.reference_kinds.checks import ReferenceKind
from comptroller.application.reference_store import store_version
from comptroller.application.session import Caller, Refused, Session
from comptroller.domain.documents.lexical import text_problem
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

KIND_NAME: Final = "saved-search"
FIELDS: Final = ("status", "outcome", "currency", "q", "sort")
"""The parts of an address that make a search."""

NAME_CHARACTERS_MAX: Final = 60
VALUE_CHARACTERS_MAX: Final = 200


def _aliases(_key: str, body: Any) -> tuple[str, ...]:
    own = f"searches-of/{body['person']}"
    return (own, f"searches-for/{body['role']}") if body.get("role") else (own,)


KIND: Final = ReferenceKind(KIND_NAME, lambda _key, _body: (), frozenset(), _aliases)
"""Written by the use cases here only: nobody saves a search for somebody else."""


@dataclass(frozen=True, slots=True)
class SaveSearch:
    """Keep a filter of the list of cases under a name; the same name again takes its place."""

    name: str
    query: str
    role: str = ""  # whose holders are to have it too


@dataclass(frozen=True, slots=True)
class EndSearch:
    """Keep a search no longer."""

    key: str


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search as it is kept."""

    key: str
    person: str
    name: str
    query: str
    role: str


def save_search(session: Session, command: SaveSearch) -> dict[str, Any] | Refused:
    """Keep a search of the caller's."""
    name = " ".join(command.name.split())
    refused = _problem(session.caller, name, command.role)
    query = canonical(command.query)
    if refused is None and not query:
        refused = _rejection(RejectionKind.INVALID, "03", "this filters nothing", "choose a filter or search first")
    if refused is not None:
        return Refused(refused)
    session.uow.serialize([f"searches-of/{session.caller.id}"])
    key = sha256(f"{session.caller.id}\0{name.casefold()}".encode()).hexdigest()[:32]
    held = {one.key for one in own_searches(session.uow, session.caller.id)}
    if key not in held and len(held) >= limits.SAVED_SEARCHES_MAX:
        text = f"you keep {len(held)} searches already"
        return Refused(_rejection(RejectionKind.CONFLICT, "04", text, "end one of them first"))
    body = {"person": session.caller.id, "name": name, "query": query, "role": command.role, "active": True}
    store_version(session, KIND, key, body)
    return {"key": key, "query": query}


def end_search(session: Session, command: EndSearch) -> dict[str, Any] | Refused:
    """Let a search of the caller's go."""
    found = next((one for one in own_searches(session.uow, session.caller.id) if one.key == command.key), None)
    if found is None:
        return Refused(_rejection(RejectionKind.NOT_FOUND, "05", "there is no such search of yours", ""))
    store_version(session, KIND, found.key, {"person": found.person, "active": False})
    return {"key": found.key, "query": found.query}


def own_searches(uow: UnitOfWork, person: str) -> tuple[SavedSearch, ...]:
    """What a person keeps, by name."""
    return _read(uow, [f"searches-of/{person}"])


def searches_of(uow: UnitOfWork, caller: Caller) -> tuple[SavedSearch, ...]:
    """What the caller keeps, and what is shared with the roles that the caller holds, by name."""
    return _read(uow, [f"searches-of/{caller.id}", *(f"searches-for/{role}" for role in caller.principal.roles)])


def canonical(query: str) -> str:
    """The parts of an address that make a search, in one order; two addresses of the same search are the same."""
    given = dict(parse_qsl(query.lstrip("?")[:4_000]))
    kept = [(name, given[name][:VALUE_CHARACTERS_MAX]) for name in FIELDS if given.get(name, "").strip()]
    return urlencode([(name, value) for name, value in kept if "\x00" not in value])


def _read(uow: UnitOfWork, aliases: list[str]) -> tuple[SavedSearch, ...]:
    found: dict[str, SavedSearch] = {}
    for rows in uow.references(aliases).values():
        for row in rows:
            body: Any = decode(row.body)
            if body["active"]:
                found[row.key] = SavedSearch(row.key, body["person"], body["name"], body["query"], body["role"])
    return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.key)))


def _problem(caller: Caller, name: str, role: str) -> Rejection | None:
    problem = text_problem(name)
    if not name or len(name) > NAME_CHARACTERS_MAX or problem is not None:
        text = f"a search has a name of 1 to {NAME_CHARACTERS_MAX} characters"
        return _rejection(RejectionKind.INVALID, "01", text, "give it a short name")
    if role and role not in caller.principal.roles:
        text = f"`{role}` is no role of yours to share with"
        return _rejection(RejectionKind.FORBIDDEN, "02", text, "share with a role that you hold")
    return None


def _rejection(kind: RejectionKind, number: str, text: str, what: str) -> Rejection:
    return Rejection(kind, f"SEARCH-SAVED-{number}", text, help=what)

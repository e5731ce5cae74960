"""The words that a person reads for the keys that the platform works with; one word for one thing everywhere."""

from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import CaseRow
from comptroller.application.session import Session
from comptroller.application.views import Standing
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money

OUTCOME_TITLES: Final = {
    "posted": "Posted",
    "posted with payment block": "Posted, payment blocked",
    "approval": "Waiting for approval",
    "exception": "Exception",
    "release": "Waiting for release",
    "released": "Released",
    "invalid": "Invalid, sent back to the supplier",
    "rejected": "Rejected",
    "returned": "Returned to the requester",
    "cancelled": "Cancelled",
    "incident": "Incident",
}

STANDING_OF_OUTCOME: Final = {
    "posted": Standing.PASSED,
    "released": Standing.PASSED,
    "posted with payment block": Standing.NOTED,
    "approval": Standing.WAITING,
    "release": Standing.WAITING,
    "exception": Standing.WAITING,
    "incident": Standing.STOPPED,
    "invalid": Standing.STOPPED,
    "rejected": Standing.STOPPED,
    "returned": Standing.STOPPED,
    "cancelled": Standing.NEUTRAL,
}

TASK_TITLES: Final = {
    "approval": "Approve",
    "release": "Release the order",
    "exception": "Resolve the exception",
    "correction": "Correct and hand in again",
}

ACTION_TITLES: Final = {
    "approve": ("Approve", "a"),
    "reject": ("Reject", "r"),
    "send back": ("Send back", "s"),
    "cancel": ("Cancel the case", "c"),
    "resubmit": ("Hand in again", "a"),
}


class Names:
    """The names of people, roles and entities, each looked up once for a page."""

    def __init__(self, session: Session) -> None:
        self._uow: UnitOfWork = session.uow
        self._roles = session.policy.pack.roles
        self._people: dict[str, str] = {}

    def person(self, person: str) -> str:
        """A principal's name; the id itself where there is none."""
        if person and person not in self._people:
            alias = f"person/{person}"
            rows = self._uow.references([alias])[alias]
            body: Any = decode(rows[0].body) if rows else {}
            self._people[person] = str(body.get("name") or person)
        return self._people.get(person, "")

    def role(self, role: str) -> str:
        """A role's title."""
        return self._roles[role].name if role in self._roles else role

    def person_or_role(self, person: str, role: str) -> str:
        """Who is asked."""
        return self.person(person) or self.role(role)

    def entity(self, entity: str) -> str:
        """An entity's name."""
        alias = f"entity/{entity}"
        rows = self._uow.references([alias])[alias] if entity else ()
        body: Any = decode(rows[0].body) if rows else {}
        return str(body.get("name") or entity)


def summary_of(row: CaseRow) -> str:
    """What a case comes to, in a few words: `Exception: price`."""
    title = OUTCOME_TITLES.get(row.outcome, row.outcome or "Being judged")
    types = [name for name in row.exceptions.split(",") if name]
    return f"{title}: {', '.join(types)}" if types and row.status == "waiting" else title


def standing_of_case(row: CaseRow) -> Standing:
    """How a case stands."""
    return STANDING_OF_OUTCOME.get(row.outcome, Standing.NEUTRAL)


def net_of(row: CaseRow) -> Money | None:
    """A case's net amount."""
    return Money(row.net, row.currency) if row.net is not None else None


def gross_of(row: CaseRow) -> Money | None:
    """A case's gross amount."""
    return Money(row.gross, row.currency) if row.gross is not None else None

"""The words that a person reads for the keys that the platform works with; one word for one thing everywhere.

Policy writes keys into its texts (`it is case 01k...`, `holds the role ap-lead`), because a key is exact. `Names.told`
puts the name in a key's place before a person reads the text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.presenting.codes import with_words
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.session import Session
from comptroller.application.views import Mention, Standing, standing_of
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money

OUTCOME_TITLES: Final = {
    "posted": "Posted",
    "posted with payment block": "Posted, payment blocked",
    "approval": "Waiting for approval",
    "exception": "Exception",
    "parked": "Parked until its date",
    "to key": "To be keyed",
    "release": "Waiting for release",
    "verification": "Waiting for verification",
    "verified": "Verified",
    "reversed": "Reversed",
    "released": "Released",
    "scheduled": "Signed, waits for its day",
    "in force": "In force",
    "unsound": "Sent back: it does not pass its checks",
    "overtaken": "Sent back: another version came first",
    "objected": "In force, objected to in review",
    "invalid": "Invalid, sent back to the supplier",
    "rejected": "Rejected",
    "returned": "Returned to the requester",
    "cancelled": "Cancelled",
    "incident": "Incident",
    "suspended": "Suspended",
}

STANDING_OF_OUTCOME: Final = {
    "posted": Standing.PASSED,
    "released": Standing.PASSED,
    "scheduled": Standing.NOTED,
    "in force": Standing.PASSED,
    "unsound": Standing.STOPPED,
    "overtaken": Standing.STOPPED,
    "objected": Standing.STOPPED,
    "verification": Standing.WAITING,
    "verified": Standing.PASSED,
    "reversed": Standing.STOPPED,
    "posted with payment block": Standing.WAITING,
    "approval": Standing.WAITING,
    "release": Standing.WAITING,
    "exception": Standing.WAITING,
    "parked": Standing.WAITING,
    "to key": Standing.WAITING,
    "incident": Standing.STOPPED,
    "suspended": Standing.WAITING,
    "invalid": Standing.STOPPED,
    "rejected": Standing.STOPPED,
    "returned": Standing.STOPPED,
    "cancelled": Standing.NEUTRAL,
}

TASK_TITLES: Final = {
    "approval": "Approve",
    "release": "Release the order",
    "verification": "Verify the change",
    "payment": "Release the payments",
    "policy": "Release the change of policy",
    "exception": "Resolve the exception",
    "correction": "Correct and hand in again",
    "question": "Answer the question",
    "keying": "Key the document",
    "manual": "Say that it is done",
}

TASK_KINDS: Final = {
    "approval": "Approvals",
    "release": "Releases",
    "verification": "Verifications",
    "payment": "Payments",
    "policy": "Policy",
    "exception": "Exceptions",
    "correction": "Corrections",
    "question": "Questions",
    "keying": "To be keyed",
    "manual": "Work by hand",
}

DECISION_TITLES: Final = {
    "document validity": "Document",
    "intake admission": "Intake",
    "receiving entity": "Our company",
    "supplier identification": "Whose it is",
    "supplier standing": "Supplier",
    "sanctions": "Sanctions",
    "bank details": "Bank details",
    "duplicate": "Duplicate",
    "order policy": "Order required",
    "line match": "Match with order and receipt",
    "tax comparison": "Tax",
    "risk": "Risk",
    "payment readiness": "Ready to be paid",
    "payment release routing": "Who releases the payments",
    "record release routing": "Who releases the record",
    "policy release routing": "Who releases the change",
    "approval routing": "Approval",
    "disposition": "What happens",
}
"""What a decision is about, where its own name does not say so well enough."""

ACTION_TITLES: Final = {
    "approve": ("Approve", "a"),
    "resolve": ("Resolve", "a"),
    "resubmit": ("Hand in again", "a"),
    "reject": ("Reject", "r"),
    "send back": ("Send back", "s"),
    "cancel": ("Cancel the case", "c"),
    "answer": ("Answer", "a"),
    "park": ("Put aside", "p"),
    "accept variance": ("Accept the variance", "v"),
    "short pay": ("Pay short", "d"),
    "call back": ("Record the call", "a"),
}
"""What stands on the button of an action, and its key."""

ACTION_DONE: Final = {
    "approve": "Approved",
    "resolve": "Marked as resolved",
    "resubmit": "Handed in again",
    "reject": "Rejected",
    "send back": "Sent back",
    "cancel": "Cancelled",
    "answer": "Answered",
    "park": "Put aside",
    "accept variance": "Variance accepted",
    "short pay": "Paid short",
    "genuine": "Found genuine",
    "not genuine": "Found not genuine",
}
"""What was done with it."""


def decision_title(decision: str) -> str:
    """What a decision is about."""
    return DECISION_TITLES.get(decision, decision.capitalize())


def action_title(action: str) -> str:
    """What stands on the button of an action."""
    return ACTION_TITLES.get(action, (action.capitalize(), ""))[0]


_VERDICTS: Final = {
    ("supplier standing", "clear"): ("in good standing", Standing.PASSED),
    ("bank details", "pay"): ("account on file", Standing.PASSED),
    ("bank details", "payment block"): ("payment blocked", Standing.WAITING),
    ("duplicate", "none"): ("no duplicate", Standing.PASSED),
    ("duplicate", "possible"): ("possible duplicate", Standing.WAITING),
    ("duplicate", "certain"): ("duplicate", Standing.STOPPED),
    ("order policy", "allowed"): ("no order needed", Standing.PASSED),
    ("tax comparison", "accept"): ("correct", Standing.PASSED),
    ("tax comparison", "accept with notice"): ("correct, with a notice", Standing.NOTED),
    ("withholding", "none"): ("nothing kept back", Standing.PASSED),
    ("withholding", "withhold"): ("tax kept back", Standing.NOTED),
    ("coding", "coded"): ("coded", Standing.PASSED),
    ("budget", "within"): ("within budget", Standing.PASSED),
    ("budget", "warn"): ("budget nearly used", Standing.NOTED),
    ("budget", "exceed"): ("over budget", Standing.WAITING),
    ("currency and rate", "allowed"): ("agreed currency, fresh rate", Standing.PASSED),
    ("rounding", "accept"): ("exact", Standing.PASSED),
    ("rounding", "accept with notice"): ("rounded", Standing.NOTED),
    ("period and cut-off", "post"): ("its period is open", Standing.PASSED),
    ("period and cut-off", "post with notice"): ("of an earlier or later period", Standing.NOTED),
    ("period and cut-off", "park"): ("waits for its date", Standing.WAITING),
    ("split", "none"): ("no split", Standing.PASSED),
    ("split", "aggregate"): ("part of a larger purchase", Standing.NOTED),
    ("recurring agreement", "auto"): ("as agreed", Standing.PASSED),
    ("recurring agreement", "outside"): ("not as agreed", Standing.NOTED),
    ("payment terms", "agreed"): ("as agreed", Standing.PASSED),
    ("payment terms", "agreed with notice"): ("as agreed, with a notice", Standing.NOTED),
    ("risk", "low"): ("low", Standing.PASSED),
    ("risk", "medium"): ("medium", Standing.NOTED),
    ("risk", "high"): ("high", Standing.NOTED),
    ("intercompany", "none"): ("no company of the group", Standing.PASSED),
    ("intercompany", "post in pair"): ("both books agree", Standing.PASSED),
    ("retention", "classified"): ("classified", Standing.PASSED),
    ("approval routing", "none"): ("not needed", Standing.PASSED),
    ("approval routing", "route"): ("signatures needed", Standing.WAITING),
    ("approval routing", "review"): ("not asked for yet", Standing.NEUTRAL),
    ("disposition", "post"): ("posted", Standing.PASSED),
    ("disposition", "post with payment block"): ("posted, payment blocked", Standing.WAITING),
    ("disposition", "approve"): ("waits for signatures", Standing.WAITING),
    ("disposition", "hold"): ("held", Standing.WAITING),
    ("disposition", "park"): ("parked until its date", Standing.WAITING),
    ("disposition", "reject"): ("rejected", Standing.STOPPED),
    ("disposition", "return"): ("returned", Standing.STOPPED),
}
"""Outcomes that say nothing, or something else, outside of their decision."""


def verdict_of(decision: str, outcome: str) -> tuple[str, Standing]:
    """The words for a decision's outcome, and how it stands.

    >>> verdict_of("duplicate", "none")[0], verdict_of("line match", "tolerated")[0]
    ('no duplicate', 'tolerated')
    """
    return _VERDICTS.get((decision, outcome)) or (outcome or "undecided", standing_of(outcome))


_CASE_KEY: Final = re.compile(r"\b0[0-9a-hjkmnp-tv-z]{25}\b")
_PERSON_KEY: Final = re.compile(r"\b[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*\b")
_ROLE_KEY: Final = re.compile(r"\b[a-z]+(?:-[a-z]+)+\b")
_ROLE_NAMED: Final = re.compile(r"(?<=\bthe role )[a-z]+\b(?!-)")
_SUPPLIER_KEY: Final = re.compile(r"\b[A-Z]{1,3}[0-9]{1,6}\b")


_ELSEWHERE: Final = "of another entity"


class Names:
    """The names of people, roles and entities, each looked up once for a page."""

    def __init__(self, session: Session) -> None:
        self._uow: UnitOfWork = session.uow
        self._roles = session.policy.pack.roles
        self._caller = session.caller
        self._bodies: dict[str, dict[str, Any]] = {}

    def person(self, person: str) -> str:
        """A principal's name; the id itself where there is none."""
        return self._name("person", person)

    def role(self, role: str) -> str:
        """A role's title."""
        return self._roles[role].name if role in self._roles else role

    def person_or_role(self, person: str, role: str) -> str:
        """Who is asked."""
        return self.person(person) or self.role(role)

    def acting(self, person: str, role: str, chain: Sequence[str], stands_for: str) -> str:
        """Who is asked, and for whom: `Owen Price for Gareth Hughes`, each by the delegation of the next."""
        return self.person_or_role(person, role) + self.on_behalf(chain, stands_for if person else "")

    def on_behalf(self, chain: Sequence[str], stands_for: str) -> str:
        """For whom somebody acts: ` for Gareth Hughes`; nothing for who acts in their own right."""
        people = [*reversed(chain)] or ([stands_for] if stands_for else [])
        return "".join(f" for {self.person(each)}" for each in people)

    def entity(self, entity: str) -> str:
        """An entity's name."""
        return self._name("entity", entity)

    def entities(self, entities: Iterable[str]) -> tuple[str, ...]:
        """The names of the entities that somebody works for."""
        return tuple("all entities" if entity == "*" else self.entity(entity) for entity in entities)

    def supplier(self, supplier: str) -> str:
        """A supplier's name."""
        return self._name("supplier", supplier)

    def told(self, text: str) -> str:
        """A text of policy or of a refusal with names in the place of keys, and words beside codes."""
        text = _CASE_KEY.sub(lambda found: self._case(found[0]), text)
        text = _PERSON_KEY.sub(lambda found: self.person(found[0]), text)
        text = _ROLE_KEY.sub(lambda found: self.role(found[0]), text)
        text = _ROLE_NAMED.sub(lambda found: self.role(found[0]), text)
        text = _SUPPLIER_KEY.sub(lambda found: self._supplier(found[0]), text)
        return with_words(text)

    def mentioned(self, text: str) -> tuple[Mention, ...]:
        """The cases that a text names, as far as the caller may open them."""
        keys = dict.fromkeys(_CASE_KEY.findall(text))
        return tuple(Mention(key, title) for key in keys if (title := self._case(key)) != _ELSEWHERE)

    def _name(self, kind: str, key: str) -> str:
        return str(self._body(kind, key).get("name") or key)

    def _supplier(self, key: str) -> str:
        name = self._body("supplier", key).get("name")
        return f"{key} ({name})" if name else key

    def _case(self, key: str) -> str:
        row = self._uow.case(key)
        if row is None or not self._caller.sees(row.entity):
            return _ELSEWHERE
        return f"{row.number} of {row.supplier_name or row.supplier}"

    def _body(self, kind: str, key: str) -> dict[str, Any]:
        alias = f"{kind}/{key}"
        if key and alias not in self._bodies:
            rows = self._uow.references([alias])[alias]
            self._bodies[alias] = decode(rows[0].body) if rows else {}  # type: ignore[assignment]  # a record is an object
        return self._bodies.get(alias, {})


def task_title(row: TaskRow) -> str:
    """What a task asks, in a few words: `Approve`, `Resolve the price exception`."""
    if row.kind == "exception":
        item: Any = decode(row.detail)
        kind = str(item["item"].get("type") or "")
        return f"Resolve the {kind} exception" if kind else TASK_TITLES["exception"]
    return TASK_TITLES.get(row.kind, row.title)


def summary_of(row: CaseRow) -> str:
    """What a case comes to, in a few words: `Exception: price`."""
    title = OUTCOME_TITLES.get(row.outcome, row.outcome or "Being judged")
    types = [name for name in row.exceptions.split(",") if name]
    return f"{title}: {', '.join(types)}" if types and row.status == "waiting" else title


def begun_words(begun: Mapping[str, Any]) -> str:
    """What began a case that nobody handed in: `the message order.placed, PO-77`."""
    what = "the clock" if begun["by"] == "timer" else f"the {begun['by']} {begun['name']}"
    return f"{what}, {begun['key']}" if begun["key"] else what


def standing_of_case(row: CaseRow) -> Standing:
    """How a case stands."""
    return STANDING_OF_OUTCOME.get(row.outcome, Standing.NEUTRAL)


def net_of(row: CaseRow) -> Money | None:
    """A case's net amount."""
    return Money(row.net, row.currency) if row.net is not None else None


def gross_of(row: CaseRow) -> Money | None:
    """A case's gross amount."""
    return Money(row.gross, row.currency) if row.gross is not None else None

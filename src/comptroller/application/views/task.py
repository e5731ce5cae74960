"""What is asked of the person who looks, what else they may do, who signs, and what became of an act."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comptroller.application.views.story import TimelineItem
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button of the action bar; one that is not allowed says why."""

    action: str  # approve, reject, send back, done, release, ...
    title: str
    allowed: bool = True
    refusal: str = ""
    needs_reason: bool = False
    key: str = ""  # of the keyboard: a, r, s
    address: str = ""  # of the form that it is carried out with, where a reason is not enough


@dataclass(frozen=True, slots=True)
class SideAct:
    """Something that may be done beside answering: ask, hand over, lay aside; one that is off says why."""

    key: str
    title: str
    address: str
    refusal: str = ""
    is_now: bool = False  # done at once, without a form


@dataclass(frozen=True, slots=True)
class LimitView:
    """What a signature is measured on, and the limit that carries it with what it is granted for."""

    measured: Money | None = None
    amount: Money | None = None  # up to which the signature counts, or counted when it was given
    grant: str = ""
    is_needed: bool = True  # a step that asks for no limit is carried by what the signer is


@dataclass(frozen=True, slots=True)
class OtherTask:
    """Another open task of the same case."""

    task_id: str
    title: str
    who: str


@dataclass(frozen=True, slots=True)
class TaskView:
    """What the person who looks is asked on this case, or why it is not theirs."""

    task_id: str
    kind: str
    title: str
    why: str
    content_hash: str  # of the fields shown; goes back with the signature
    due: datetime
    actions: tuple[ActionView, ...]
    who: str = "you"  # is asked
    reason: str = ""  # as typed before an answer with faults
    problem: str = ""  # stands beside the reason field
    text: str = ""  # the question, where it is one
    limit: LimitView = LimitView()  # of who is asked, where it is an approval
    others: tuple[OtherTask, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who acts next, and by when."""

    text: str
    who: str = ""
    due: datetime | None = None
    others: tuple[str, ...] = ()  # who is asked at the same time


class SignatureState(StrEnum):
    """How a step of the approval stands; a closed list."""

    SIGNED = "signed"
    OPEN = "open"
    LATER = "later"
    VOID = "void"
    REJECTED = "rejected"
    REFUSED = "refused"  # an act that was not allowed: a breach attempt


@dataclass(frozen=True, slots=True)
class SignerView:
    """A step of the approval or an attempt at it: who, why them, what became of it."""

    step: int
    title: str
    person: str
    state: SignatureState
    why: str
    relation: str = ""
    limit: LimitView = LimitView()
    at: datetime | None = None
    due: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class QuorumView:
    """A step that needs several signatures: how many are there, and who is missing."""

    title: str
    needed: int
    asked: int
    signed: tuple[str, ...]
    against: tuple[str, ...]
    missing: tuple[str, ...]
    is_carried: bool


@dataclass(frozen=True, slots=True)
class RefusalView:
    """An act that was not carried out: why, and what others did since the page was opened."""

    title: str
    text: str
    help: str = ""
    since: tuple[TimelineItem, ...] = ()

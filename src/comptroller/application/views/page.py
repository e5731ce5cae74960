"""What surrounds every page, and the pages that stand alone: sign-in and error."""

from dataclasses import dataclass
from datetime import datetime

from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of the left navigation; only what the person may open is in it."""

    key: str  # queue, cases, exceptions, overview, evidence: also the page's address
    title: str
    letter: str  # the key that leads there after `g`
    count: int | None = None  # what waits there
    is_more: bool = False  # than was counted


@dataclass(frozen=True, slots=True)
class Notice:
    """What the last act did, shown once at the top of the next page."""

    text: str
    standing: Standing = Standing.PASSED
    case_id: str = ""
    undo: str = ""  # where the act is taken back, while it can be
    task_id: str = ""  # that the act answers, where it has had no effect yet
    seconds: int = 0  # until it has


@dataclass(frozen=True, slots=True)
class Mention:
    """Another case that a text names."""

    case_id: str
    title: str


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """Somewhere to go to: what it is called, its address, and what tells it from others of the name."""

    title: str
    address: str
    detail: str = ""
    gross: Money | None = None


@dataclass(frozen=True, slots=True)
class PlacesView:
    """Where a person may go to by a few words, by kind; without words the pages that are theirs."""

    query: str
    groups: tuple[tuple[str, tuple[PlaceFound, ...]], ...]

    @property
    def count(self) -> int:
        """How many places are told."""
        return sum(len(places) for _, places in self.groups)


@dataclass(frozen=True, slots=True)
class PersonChoice:
    """A person as the sign-in of the demo and the head of the page show them."""

    id: str
    name: str
    roles: tuple[str, ...] = ()  # titles
    entities: tuple[str, ...] = ()
    limit: Money | None = None
    waiting: int = 0  # tasks offered to the person


@dataclass(frozen=True, slots=True)
class Chrome:
    """What surrounds a page: whose data this is, who looks at it, and where else the person may go."""

    tenant: str
    tenant_name: str
    now: datetime
    time_zone: str
    managed_by: str = ""
    person: PersonChoice | None = None  # None before sign-in
    entity_names: tuple[str, ...] = ()  # the entities that the person acts for
    navigation: tuple[NavigationItem, ...] = ()
    current: str = ""  # key of the open navigation item
    form_token: str = ""  # against forged forms; goes into every form
    notice: Notice | None = None
    has_mails: bool = False  # a demonstration whose mails are caught

    def leads_to(self, key: str) -> bool:
        """Whether the person may go to this place."""
        return any(item.key == key for item in self.navigation)


@dataclass(frozen=True, slots=True)
class PeopleGroup:
    """People who come for the same thing, under one head."""

    title: str
    people: tuple[PersonChoice, ...]


@dataclass(frozen=True, slots=True)
class SignInView:
    """The sign-in: by API key, or in a demonstration by choosing a person."""

    groups: tuple[PeopleGroup, ...]
    onward: str = ""  # the local path to open after sign-in
    is_demonstration: bool = True
    problem: str = ""  # stands beside the field


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A refusal or a failure, in the words of the one who reads it."""

    status: int
    title: str
    text: str
    code: str = ""
    help: str = ""
    faults: tuple[Fault, ...] = ()
    case_id: str = ""

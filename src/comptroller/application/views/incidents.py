"""What is stuck, and what became of it, as an operator sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from comptroller.application.views.standing import Standing


@dataclass(frozen=True, slots=True)
class Became:
    """What became of one case by a repair, or would."""

    case_id: str
    number: str
    standing: Standing
    text: str


@dataclass(frozen=True, slots=True)
class IncidentView:
    """A cause with its cases."""

    cause: str  # names it in a form
    process: str
    process_name: str
    version: str  # hash
    title: str  # of the step; empty: an operator has stopped the cases
    code: str
    message: str
    since: datetime
    count: int
    cases: tuple[tuple[str, str], ...]  # a page of them, the newest first: id and number
    is_behind: bool  # whether it is not the first page
    next: str  # the case behind which the next page begins; empty where there is none
    offered: Mapping[str, str]  # repair -> what a person reads
    steps: Mapping[str, str]  # node -> name: to which its cases can be moved back


@dataclass(frozen=True, slots=True)
class IncidentsView:
    """Every cause, and what was just tried."""

    incidents: tuple[IncidentView, ...]
    became: tuple[Became, ...] = ()

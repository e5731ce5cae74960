"""The verdicts of the controls with their explanations, and what holds a document because of them."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from comptroller.application.views.page import Mention
from comptroller.application.views.standing import Standing
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class CellView:
    """The condition that kept a rule from hitting, in words and values, and the value that it met."""

    input: str
    condition: tuple[Any, ...]
    value: Any


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule of a table that hit, or nearly did: then with the cell that failed."""

    table: str
    number: int
    rule_id: str
    text: str = ""  # the annotation that a controller reads
    clause: str = ""  # of the policy
    cells: tuple[CellView, ...] = ()


@dataclass(frozen=True, slots=True)
class Percent:
    """A number of hundredths."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class GivenTable:
    """Records that a decision was given: their parts' names, and a value for each."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True, slots=True)
class GivenView:
    """One input of a decision: a value, a table, or what another decision said."""

    name: str
    value: Any = None
    table: GivenTable | None = None
    verdict: str = ""
    standing: Standing = Standing.NEUTRAL
    decision: str = ""  # whose verdict it is, where the page shows that one too


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision as taken: the verdict of a control with its explanation."""

    name: str
    title: str
    outcome: str
    standing: Standing
    text: str
    reason: str = ""  # code
    decided_at: datetime | None = None
    date_basis: str = ""  # tax, match, posting, now
    rechecked: bool = False  # again at the moment of effect
    hits: tuple[RuleView, ...] = ()
    near: tuple[RuleView, ...] = ()  # rules that nearly hit, with the cell that failed
    erring: tuple[RuleView, ...] = ()  # rules that could not be judged, with the cell that could not
    asked_rule: str = ""  # that somebody asked about
    why_not: str = ""  # it did not hit
    rule: RuleView | None = None  # the one among the hits that gave the reason
    inputs: tuple[GivenView, ...] = ()
    faults: tuple[Fault, ...] = ()  # of the evaluation
    mentions: tuple[Mention, ...] = ()
    model_hash: str = ""
    entry: int = 0  # of the case's story


@dataclass(frozen=True, slots=True)
class ExceptionLine:
    """One exception of a case, open or settled."""

    type: str
    text: str
    owner: str
    line: str = ""  # of the document
    amount: Money | None = None
    percent: Decimal | None = None
    reason: str = ""
    due: datetime | None = None
    resolutions: tuple[str, ...] = ()
    remedy: str = ""  # what puts it right
    settled: bool = False
    mentions: tuple[Mention, ...] = ()

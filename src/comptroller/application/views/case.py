"""A case as one person sees it: the document, the verdicts, what may be done, and the story so far.

Everything that the tabs show is in `CaseView`; what the signed-in person is asked is its `task`. Each subject has a
module of its own beside this one.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from comptroller.application.views.brief import BriefView
from comptroller.application.views.decision import DecisionView, ExceptionLine
from comptroller.application.views.match import MatchView
from comptroller.application.views.original import OriginalView, ReadingView, ShownAs
from comptroller.application.views.policies import RegionView
from comptroller.application.views.processes import ProcessDifferenceView
from comptroller.application.views.proof import EvidenceTrail, JournalView, ProofView
from comptroller.application.views.standing import Standing
from comptroller.application.views.story import ProcessView, TimelineItem
from comptroller.application.views.talk import TalkView
from comptroller.application.views.task import NextStep, QuorumView, RefusalView, SideAct, SignerView, TaskView
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import Money


class CaseTab(StrEnum):
    """The tabs of a case, in the order shown."""

    MATCH = "match"
    WHY = "why"
    PROCESS = "process"
    PEOPLE = "people"
    CONVERSATION = "conversation"
    TIMELINE = "timeline"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure of a change of policy: what is forecast of it, and what was seen; shares in percent."""

    title: str
    expected: tuple[Decimal, Decimal]
    expected_of: str  # how many of how many cases
    standing: str
    verdict: str
    seen: tuple[Decimal, Decimal] | None = None
    seen_of: str = ""


@dataclass(frozen=True, slots=True)
class ForecastView:
    """What a change of policy is expected to do, and how far it is held against that."""

    told: str
    figures: tuple[FigureView, ...] = ()
    rollback: str = ""  # the request that was opened as figures left their band


@dataclass(frozen=True, slots=True)
class StateView:
    """A state of a change of policy: how it stands, since when, and who brought it there."""

    title: str
    standing: Standing
    since: datetime
    by: tuple[str, ...]
    told: str = ""
    case_id: str = ""  # the request that took its place


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What a case that is about a record would change in it; of one that an event began, what it carried."""

    about: str
    changes: tuple[str, ...]
    account: str = ""  # to be paid to from now on; masked by the page
    source: str = ""  # what asked for that
    facts: tuple[tuple[str, str | date], ...] = ()  # of a change of policy, as its evidence and what stopped it
    regions: tuple[RegionView, ...] = ()  # of its tables
    processes: tuple[ProcessDifferenceView, ...] = ()  # that it draws otherwise
    states: tuple[StateView, ...] = ()  # of a change of policy: the one that it is in last
    stops: tuple[str, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()  # title and digest
    version: str = ""  # of policy: its hash
    heading: str = ""  # of the page, where the number of the case says little
    entity: str = ""  # whose version that is to be; empty: the group's
    may_backtest: bool = False
    tries: tuple[tuple[str, str, str], ...] = ()  # pages of backtests and shadows, with title and what they found
    forecast: ForecastView | None = None
    unchanged: str = "Nothing: it says what the record says already."
    title: str = "What is to change"


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case, whole."""

    case_id: str
    number: str
    supplier: str
    entity: str
    entity_name: str
    status: str
    summary: str
    standing: Standing
    received_at: datetime
    received_by: str
    document: Invoice
    original: OriginalView
    proof: ProofView
    process: ProcessView
    net: Money | None = None
    gross: Money | None = None
    next_step: NextStep | None = None
    task: TaskView | None = None
    faults: tuple[Fault, ...] = ()
    decisions: tuple[DecisionView, ...] = ()
    may_record: bool = False  # a decision as an example of policy
    may_amend: bool = False  # the order
    may_receive: bool = False  # record a receipt of the order
    not_run: tuple[str, ...] = ()  # controls of the process that gave no outcome
    brief: BriefView = field(default_factory=BriefView)
    trail: EvidenceTrail | None = None  # of the tab `evidence` only
    exceptions: tuple[ExceptionLine, ...] = ()
    match: MatchView | None = None
    signers: tuple[SignerView, ...] = ()
    quorums: tuple[QuorumView, ...] = ()  # of the steps that need more than one signature
    timeline: tuple[TimelineItem, ...] = ()
    journals: tuple[JournalView, ...] = ()
    tab: CaseTab = CaseTab.MATCH
    shown_as: ShownAs = ShownAs.INVOICE
    reading: ReadingView = field(default_factory=ReadingView)
    requester: str = ""  # whom the document names as such
    proposal: ProposalView | None = None
    acts: tuple[SideAct, ...] = ()
    talk: TalkView = field(default_factory=TalkView)
    refusal: RefusalView | None = None
    is_new: bool = False  # asks something of the person who looks that they have not looked at yet

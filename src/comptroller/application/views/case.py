"""A case as one person sees it: the document, the verdicts, what may be done, and the story so far.

Everything that the six tabs show is in `CaseView`; what the signed-in person is asked is its `task`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from comptroller.application.views.page import Mention
from comptroller.application.views.standing import Standing
from comptroller.domain.documents.model import Invoice
from comptroller.domain.kernel.fault import Fault
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
class QuestionView:
    """A question about a task: who asked whom what, and what came of it."""

    asked_by: str
    asked_of: str
    asked_at: datetime
    text: str
    answer: str = ""
    answered_at: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class CommentView:
    """Words that somebody put beside a case."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file that somebody put beside a case."""

    name: str
    digest: str
    size: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TalkView:
    """What people said about a case."""

    questions: tuple[QuestionView, ...] = ()
    comments: tuple[CommentView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()
    may_add: bool = False

    @property
    def count(self) -> int:
        """How many things were said or put here."""
        return len(self.questions) + len(self.comments) + len(self.attachments)


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
    others: tuple[OtherTask, ...] = ()


@dataclass(frozen=True, slots=True)
class NextStep:
    """Who acts next, and by when."""

    text: str
    who: str = ""
    due: datetime | None = None
    others: tuple[str, ...] = ()  # who is asked at the same time


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


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Order, receipt and invoice of one line side by side; quantities in the order's unit."""

    line: str
    name: str
    unit: str
    outcome: str
    standing: Standing
    text: str = ""
    ordered: Decimal | None = None
    received: Decimal | None = None
    invoiced_before: Decimal | None = None
    invoiced: Decimal | None = None
    order_price: Decimal | None = None
    invoice_price: Decimal | None = None
    price_variance: Decimal | None = None  # on the line, in the document's currency; above the order is positive
    price_percent: Decimal | None = None
    quantity_variance: Decimal | None = None  # above what was received is positive
    quantity_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A goods receipt or service entry of the order."""

    number: str
    received_on: date
    received_by: str


@dataclass(frozen=True, slots=True)
class MatchView:
    """The comparison with the order; without one `order_number` is empty and `text` says whether that is allowed."""

    match_type: str
    currency: str
    text: str = ""
    order_number: str = ""
    order_version: int = 1
    created_by: str = ""
    released_by: str = ""
    lines: tuple[MatchLine, ...] = ()
    receipts: tuple[ReceiptView, ...] = ()


class Progress(StrEnum):
    """Where a node of the process stands."""

    DONE = "done"
    HERE = "here"
    AHEAD = "ahead"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node of the process on the way of this case."""

    title: str
    kind: str  # rule, service, person, wait, start, end
    progress: Progress
    text: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ProcessView:
    """The process version that the case keeps, and where its tokens are."""

    name: str
    process_hash: str
    nodes: tuple[NodeView, ...]


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
    limit: Money | None = None
    at: datetime | None = None
    due: datetime | None = None
    reason: str = ""


class ActorKind(StrEnum):
    """Who did something: the four streams of the timeline."""

    PERSON = "person"
    RULE = "rule"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One audit entry in the case's story."""

    seq: int
    at: datetime
    actor: str
    actor_kind: ActorKind
    title: str
    text: str = ""
    amount: Money | None = None
    reason: str = ""  # code
    standing: Standing = Standing.NEUTRAL
    entry_hash: str = ""


@dataclass(frozen=True, slots=True)
class JournalLineView:
    """One line of a posted journal: debit positive, credit negative."""

    account: str
    text: str
    amount: Money
    cost_centre: str = ""


@dataclass(frozen=True, slots=True)
class JournalView:
    """What was posted."""

    journal_id: str
    posted_at: datetime
    period: str
    lines: tuple[JournalLineView, ...]
    payment_block: str = ""


@dataclass(frozen=True, slots=True)
class ProofView:
    """What proves this case: hashes, its place in the log, the checkpoint that covers it."""

    document_digest: str
    content_hash: str
    process_hash: str
    policy_hash: str
    entries: int
    last_entry_hash: str
    is_sequenced: bool = False
    tree_size: int | None = None
    root: str = ""


@dataclass(frozen=True, slots=True)
class OriginalView:
    """The document as received; `text` when it can be read as text."""

    digest: str
    media_type: str
    size: int
    text: str = ""
    file_name: str = ""
    pages: int = 0  # that can be shown as pictures


@dataclass(frozen=True, slots=True)
class RefusalView:
    """An act that was not carried out: why, and what others did since the page was opened."""

    title: str
    text: str
    help: str = ""
    since: tuple[TimelineItem, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlEvidence:
    """One control of the process: what it guards against, what it said, under which policy; no outcome: not run."""

    number: str
    title: str
    risk: str
    assertion: str
    owner: str
    outcome: str = ""
    reason: str = ""
    decided_at: datetime | None = None
    date_basis: str = ""
    rechecked: bool = False
    policy_hash: str = ""
    model_hash: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class InputEvidence:
    """A record that the judgement read: its version, and who brought it in when."""

    kind: str
    key: str
    version: int
    recorded_at: datetime
    recorded_by: str
    digest: str


@dataclass(frozen=True, slots=True)
class SignatureEvidence:
    """A signature: opened and signed when, over which fields, by which verdict; and whether it fell."""

    step: str
    person: str
    signed_at: datetime
    opened_at: datetime | None
    looked_s: int | None  # seconds from the first look to the signature
    content_hash: str
    verdict: str
    rules: tuple[str, ...]
    stands_for: str = ""
    gross: Money | None = None
    fell_at: datetime | None = None
    fell_because: str = ""
    gross_after: Money | None = None


@dataclass(frozen=True, slots=True)
class EvidenceTrail:
    """What an auditor asks of a case beside its hashes."""

    controls: tuple[ControlEvidence, ...] = ()
    inputs: tuple[InputEvidence, ...] = ()
    signatures: tuple[SignatureEvidence, ...] = ()
    policy_version: str = ""
    policy_released_by: str = ""
    policy_released_at: datetime | None = None


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
class RateView:
    """How the document's currency was turned into the group's."""

    rate: Decimal  # group currency for one unit
    currency: str
    group_currency: str
    source: str = ""
    valid_on: date | None = None


@dataclass(frozen=True, slots=True)
class SupplierChange:
    """A change of a supplier's record: what, when, by whom, and whether a second person verified it."""

    what: str
    on: date
    by: str = ""
    verified_by: str = ""
    is_bank: bool = False


@dataclass(frozen=True, slots=True)
class EarlierInvoice:
    """Another case of the same supplier."""

    case_id: str
    number: str
    gross: Money | None
    received_at: datetime
    state: str
    standing: Standing
    same_gross: bool = False


@dataclass(frozen=True, slots=True)
class BudgetView:
    """What the budget says with this document in it; amounts in its own currency."""

    text: str
    standing: Standing
    rows: tuple[tuple[str, Money], ...] = ()


@dataclass(frozen=True, slots=True)
class BriefView:
    """What a signer reads first: the money in both currencies, the dates, the supplier's history, the budget."""

    tax: Money | None = None
    rate: RateView | None = None
    due: date | None = None
    discount_until: date | None = None
    discount_percent: Decimal | None = None
    changes_since: date | None = None
    changes: tuple[SupplierChange, ...] = ()
    earlier: tuple[EarlierInvoice, ...] = ()
    budget: BudgetView | None = None
    supplier_id: str = ""
    blocks: tuple[str, ...] = ()  # why it is not paid


@dataclass(frozen=True, slots=True)
class ProposalView:
    """What a case that is about a record would change in it."""

    about: str
    changes: tuple[str, ...]
    account: str = ""  # to be paid to from now on; masked by the page
    source: str = ""  # what asked for that


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
    group_net: Money | None = None
    next_step: NextStep | None = None
    task: TaskView | None = None
    faults: tuple[Fault, ...] = ()
    decisions: tuple[DecisionView, ...] = ()
    not_run: tuple[str, ...] = ()  # controls of the process that gave no outcome
    brief: BriefView = BriefView()
    trail: EvidenceTrail | None = None  # of the tab `evidence` only
    exceptions: tuple[ExceptionLine, ...] = ()
    match: MatchView | None = None
    signers: tuple[SignerView, ...] = ()
    timeline: tuple[TimelineItem, ...] = ()
    journal: JournalView | None = None
    tab: CaseTab = CaseTab.MATCH
    shows_original: bool = False
    requester: str = ""  # whom the document names as such
    proposal: ProposalView | None = None
    acts: tuple[SideAct, ...] = ()
    talk: TalkView = TalkView()
    refusal: RefusalView | None = None
    is_new: bool = False  # asks something of the person who looks that nobody has looked at yet

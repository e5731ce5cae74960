"""What an auditor takes from a case: the journal, hashes, controls, records read, signatures."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from comptroller.application.views.task import LimitView
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class JournalLineView:
    """One line of a posted journal: debit positive, credit negative."""

    account: str
    text: str
    amount: Money
    cost_centre: str = ""
    local: Money | None = None  # in the currency of the ledger, where that is another


@dataclass(frozen=True, slots=True)
class JournalView:
    """What was posted."""

    journal_id: str
    posted_at: datetime
    period: str
    lines: tuple[JournalLineView, ...]
    payment_block: str = ""
    rate: Decimal | None = None  # of the ledger's currency for one of the document's, where they differ


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
    reason: str  # the code of the rule by which it counts
    limit: LimitView
    hands: tuple[str, ...] = ()  # who did on the case what must not come together with signing
    stands_for: str = ""
    gross: Money | None = None
    fell_at: datetime | None = None
    fell_because: str = ""
    gross_after: Money | None = None


@dataclass(frozen=True, slots=True)
class VarianceEvidence:
    """A difference to the order that somebody accepted, or had the invoice paid short by."""

    what: str
    amount: Money | None
    percent: Decimal | None
    order: str  # and which version of it
    is_short: bool
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class EvidenceTrail:
    """What an auditor asks of a case beside its hashes."""

    controls: tuple[ControlEvidence, ...] = ()
    inputs: tuple[InputEvidence, ...] = ()
    signatures: tuple[SignatureEvidence, ...] = ()
    variances: tuple[VarianceEvidence, ...] = ()
    policy_version: str = ""
    policy_authors: str = ""
    policy_released_by: str = ""
    policy_released_at: datetime | None = None
    policy_is_founding: bool = False

"""The studio: the decisions of a version, one decision as a table, a graph and a form to try it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from comptroller.application.views.decision import RuleView
from comptroller.application.views.lists import FilterChip
from comptroller.application.views.processes import ProcessDifferenceView
from comptroller.domain.kernel.fault import Fault


@dataclass(frozen=True, slots=True)
class Found:
    """How many findings of each weight there are."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0

    def __add__(self, other: "Found") -> "Found":
        """Both together."""
        return Found(self.errors + other.errors, self.warnings + other.warnings, self.notes + other.notes)


@dataclass(frozen=True, slots=True)
class PartLink:
    """A table or expression of a decision model, with the way to it."""

    key: str  # address
    name: str
    rules: int  # 0: no table
    found: Found


@dataclass(frozen=True, slots=True)
class PolicyItem:
    """A decision in the list, with the tables that it is made by."""

    key: str
    name: str
    number: str  # in the inventory of decisions; empty: it is none of them
    question: str
    owner: str  # title of the role
    date_basis: str
    rechecked: bool
    risk: str
    tables: tuple[PartLink, ...]
    rules: int
    rules_shown: int  # of which an example shows both that they fire and that they do not
    examples: int
    wrong: int  # examples that came out otherwise
    found: Found
    pending: tuple["PendingChange", ...]


@dataclass(frozen=True, slots=True)
class PendingChange:
    """A change of a decision that is not in force: a draft that somebody writes, or a request that waits."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A draft as it stands above its pages and in the list of drafts."""

    key: str
    title: str
    version: int  # counts its saves
    state: str
    author: str  # name
    may_write: bool  # the one who looks at it
    changes: tuple[str, ...]  # names of files
    entity: str = ""  # whose version it is to be: its name; empty: the group's
    saved_at: datetime | None = None

    @property
    def tail(self) -> str:
        """The end of its key, by which drafts of one title are told apart."""
        return self.key[-6:]


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """An entity that decides otherwise than the group, in a list."""

    entity: str
    name: str
    since: datetime  # when its version was put in force
    overrides: tuple[str, ...]  # decisions and functions
    case_id: str  # the request


@dataclass(frozen=True, slots=True)
class PoliciesView:
    """The decisions of a version or draft under a filter."""

    home: str  # where its pages lie
    draft: DraftLink | None  # whose decisions they are; None: they are in force
    drafts: tuple[DraftLink, ...]  # that are being written
    may_author: bool
    entities: tuple[tuple[str, str], ...]  # for whom a draft may be begun: code and name, none is the group
    overrides: tuple[OverrideLine, ...]  # who decides otherwise
    items: tuple[PolicyItem, ...]
    of: int  # without the filter
    filters: tuple[FilterChip, ...]
    query: str
    chosen: str  # filter
    version: str  # hash
    since: date | None  # when it came in force; None: from the beginning
    name: str  # of the pack, with its version for people


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of a table: what it looks at or gives."""

    name: str
    expression: str = ""
    type: str = ""
    allowed: str = ""
    default: str = ""
    own: str = ""  # name as it is written; empty: it is called by its expression, or needs none


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A row of a table: its cells as FEEL, in the order of the columns."""

    number: int
    id: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]
    fires: int  # examples that fire it
    marks: tuple["FindingView", ...]  # that name it


@dataclass(frozen=True, slots=True)
class FindingView:
    """Something that is wrong with a table or could be simpler."""

    kind: str
    title: str
    weight: str
    message: str
    rules: tuple[int, ...]
    proposal: tuple[str, ...]  # input cells of a row that would close a gap
    example: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class TableView:
    """A decision table as a grid."""

    id: str
    hit_policy: str
    hit_policy_words: str
    aggregation: str
    inputs: tuple[ColumnView, ...]
    outputs: tuple[ColumnView, ...]
    annotations: tuple[str, ...]
    rows: tuple[RuleRow, ...]
    proposals: tuple[FindingView, ...]  # rows that are missing
    proposals_more: int  # that are not shown
    types: tuple[str, ...]  # that a column can have
    known: tuple[str, ...]  # that a column can look at


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings of one kind and weight, those first that are told; the rest is counted."""

    title: str
    help: str
    weight: str
    findings: tuple[FindingView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class GraphNode:
    """An element of the requirements graph, where it is drawn."""

    key: str  # address; empty: it leads nowhere
    name: tuple[str, ...]  # lines of text
    kind: str  # input, decision, knowledge, elsewhere
    x: int
    y: int
    rules: int
    needs: tuple[str, ...]  # names


@dataclass(frozen=True, slots=True)
class GraphView:
    """What a decision needs, as boxes and lines; the sizes are those of the drawing."""

    nodes: tuple[GraphNode, ...]
    lines: tuple[tuple[int, int, int, int, str], ...]  # from, to, kind and whether it ends there or passes
    width: int
    height: int
    box: tuple[int, int]
    current: int  # place of the node whose page it is


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A situation of the pack: what it is about and whether it came out as expected."""

    place: int
    title: str
    decision: str
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleExamples:
    """The examples that fire a rule."""

    number: int
    id: str
    examples: tuple[ExampleView, ...]
    misses: int


@dataclass(frozen=True, slots=True)
class TrialField:
    """One fact of a decision that is tried: how it is written depends on its kind."""

    name: str  # path: `signer/variance limit`
    label: str
    kind: str  # text, number, date, truth, feel
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TrialGroup:
    """The facts of one input."""

    name: str
    fields: tuple[TrialField, ...]


@dataclass(frozen=True, slots=True)
class TrialStep:
    """A decision that was evaluated in a trial."""

    name: str
    values: tuple[tuple[str, Any], ...]  # one without a name, or the entries of a context
    hits: tuple[RuleView, ...]
    near: tuple[RuleView, ...]
    erring: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class TrialOutcome:
    """What was decided, and why."""

    answer: TrialStep
    steps: tuple[TrialStep, ...]  # what it was made of
    faults: tuple[Fault, ...]
    fired: tuple[str, ...]  # ids of rules


@dataclass(frozen=True, slots=True)
class TrialView:
    """The form by which a decision is tried without effect, and what came of it."""

    groups: tuple[TrialGroup, ...]
    examples: tuple[ExampleView, ...]
    example: int  # that the form was filled from; -1: none
    outcome: TrialOutcome | None = None

    @property
    def problems(self) -> tuple[TrialField, ...]:
        """The fields that are not what they should be."""
        return tuple(field for group in self.groups for field in group.fields if field.problem)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a pack: its name in the manifest, its value in the draft and in the version it began with."""

    name: str
    label: str
    value: str
    before: str


@dataclass(frozen=True, slots=True)
class DatedRow:
    """A row with the days in which it holds, and its values by what they are called."""

    rule: str
    values: tuple[tuple[str, str], ...]
    start: date
    end: date | None
    text: str  # why it says so


@dataclass(frozen=True, slots=True)
class DatedTable:
    """A table of parameters: values that hold from a day on."""

    key: str
    name: str
    rows: tuple[DatedRow, ...]


@dataclass(frozen=True, slots=True)
class ParametersView:
    """The accounts of a pack as a draft has them, by what they are for, and the values that have days."""

    link: DraftLink
    groups: tuple[tuple[str, tuple[Parameter, ...]], ...]
    tables: tuple[DatedTable, ...]


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that a draft says otherwise: what became of it, and its cells as column, before, after."""

    kind: str  # added, changed, moved, taken away
    id: str
    number: int  # among the rows of the draft; of one that was taken away among those before
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RegionView:
    """A part of a table that says something else: the cells that bound it, and what becomes of what it said."""

    decision: str
    where: tuple[tuple[str, tuple[str, ...]], ...]  # column and cells, of which one accepts
    what: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A column of numbers, cut at its limits, and which of the pieces are answered otherwise: one more than limits."""

    column: str
    limits: tuple[Decimal, ...]
    marked: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class ChangedTable:
    """A table that a draft says otherwise: what that means over all inputs, and its rows."""

    key: str
    name: str
    note: str  # where no region can be told
    regions: tuple[RegionView, ...]
    regions_more: int
    strips: tuple[Strip, ...]
    head: tuple[str, ...]  # what becomes of columns and of the hit policy
    rows: tuple[RowChange, ...]


@dataclass(frozen=True, slots=True)
class TextChange:
    """A file that differs, as lines that begin with `+`, `-` or a blank."""

    path: str
    lines: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class OverrideView:
    """What an entity's version says otherwise than the group's."""

    line: OverrideLine
    version: str  # hash
    base: str  # the group's
    tables: tuple[ChangedTable, ...]
    texts: tuple[TextChange, ...]
    may_author: bool
    may_propose: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft against the version that it began with."""

    link: DraftLink
    base: str  # hash
    is_current: bool  # whether the version that it began with is still in force
    case_id: str  # where it was proposed last
    may_propose: bool  # the one who looks at it
    may_answer: bool  # whose decision counts where entities override what it changes
    may_backtest: bool
    tables: tuple[ChangedTable, ...]
    processes: tuple[ProcessDifferenceView, ...]
    texts: tuple[TextChange, ...]
    faults: tuple[Fault, ...]
    wrong: tuple[tuple[str, tuple[str, ...], str], ...]  # examples that came out otherwise: title, what, file
    examples: int
    stops: tuple[str, ...] | None  # what would send its request back; None: it was not checked
    proved: int  # standing invariants that hold, of those gone through then
    found: Found  # by the analysis, of the models that it changes
    found_before: Found
    decisions: tuple[tuple[str, str], ...]  # key and name of those that it touches


@dataclass(frozen=True, slots=True)
class PolicyView:
    """One decision or function of a version or draft."""

    home: str  # where its pages lie
    draft: DraftLink | None  # whose it is; None: it is in force
    may_author: bool
    drafts: tuple[DraftLink, ...]  # own ones, that it can be changed in
    key: str
    name: str
    kind: str  # decision, function
    question: str
    description: str
    owner: str
    number: str
    date_basis: str
    rechecked: bool
    risk: str
    assertion: str
    file: str
    model: str  # name
    version: str  # hash
    parts: tuple[PartLink, ...]
    top: tuple[PartLink, ...]  # the decisions of the inventory that the model answers
    graph: GraphView
    table: TableView | None
    logic: tuple[tuple[str, str], ...]  # of what is no table
    findings: tuple[FindingGroup, ...]
    examples: tuple[RuleExamples, ...]
    trial: TrialView

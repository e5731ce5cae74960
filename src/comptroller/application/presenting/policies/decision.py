"""One decision of a version: its table as a grid, what is wrong with it, its examples, and a way to try it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from comptroller.application.packs import FileStudy
from comptroller.application.presenting.policies.drafts import draft_link, drafts_shown, may_author
from comptroller.application.presenting.policies.elements import (
    Logical,
    expression_of,
    find,
    findings_of,
    inventory,
    known_names,
    logic_lines,
    names_by_id,
    part_link,
    part_links,
    reached,
    table_of,
)
from comptroller.application.presenting.policies.finding import finding_groups, finding_view
from comptroller.application.presenting.policies.graph import graph_of
from comptroller.application.presenting.policies.listing import DATE_BASES, home_of
from comptroller.application.presenting.policies.trial import NOTHING_TRIED, Trial, trial_view
from comptroller.application.presenting.words import Names
from comptroller.application.session import Refused, Session
from comptroller.application.studio.sources import source_of
from comptroller.application.views.policies import (
    ColumnView,
    ExampleView,
    PolicyView,
    RuleExamples,
    RuleRow,
    TableView,
)
from comptroller.domain.decisions.analysis import Finding, FindingKind, Weight
from comptroller.domain.decisions.definitions import (
    Aggregation,
    Decision,
    DecisionPolicy,
    DecisionTable,
    HitPolicy,
    UnaryTests,
)
from comptroller.domain.kernel.fault import Rejection, RejectionKind

PROPOSALS_MAX: Final = 5
"""Missing rows that are shown in the grid; further ones are counted."""

HIT_POLICIES: Final = {
    HitPolicy.UNIQUE: "at most one row hits",
    HitPolicy.ANY: "rows that hit say the same",
    HitPolicy.PRIORITY: "the most important conclusion counts",
    HitPolicy.FIRST: "the first row that hits counts",
    HitPolicy.RULE_ORDER: "all rows that hit, in their order",
    HitPolicy.OUTPUT_ORDER: "all rows that hit, the most important first",
    HitPolicy.COLLECT: "all rows that hit",
}
TYPES: Final = (
    "string",
    "number",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
    "Any",
)
"""The types that every model has (SOURCE: DMN 1.5, clause 7.3.2)."""

AGGREGATIONS: Final = {
    Aggregation.LIST: "",
    Aggregation.SUM: "added up",
    Aggregation.MIN: "the smallest",
    Aggregation.MAX: "the largest",
    Aggregation.COUNT: "counted",
}


@dataclass(frozen=True, slots=True)
class ShowPolicy:
    """One decision of the version in force, and what somebody tries with it."""

    key: str
    trial: Trial = NOTHING_TRIED
    draft: str = ""


@dataclass(frozen=True, slots=True)
class GetPolicyModel:
    """The DMN file that holds a decision, as it is in force or as a draft has it."""

    key: str
    draft: str = ""


@dataclass(frozen=True, slots=True)
class PolicyModel:
    """A decision model as a file."""

    path: str
    content: bytes


def show_policy(session: Session, command: ShowPolicy) -> PolicyView | Refused:
    """The decision with everything around it."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    study = source.study
    found = find(study, command.key)
    if found is None:
        return _unknown(command.key)
    path, element = found
    file = study.file(path)
    table, of = table_of(element), findings_of(file, element)
    tops, names = _made_for(file, element), Names(session)
    about = element.policy if isinstance(element, Decision) and element.policy.number else _policy_of(tops)
    own = element if isinstance(element, Decision) else None
    link = draft_link(session, source.draft) if source.draft is not None else None
    writes = link is not None and link.may_write
    return PolicyView(
        home=home_of(source),
        draft=link,
        may_author=may_author(session),
        drafts=tuple(each for each in drafts_shown(session) if each.may_write) if link is None else (),
        key=command.key,
        name=element.name,
        kind="decision" if own is not None else "function",
        question=own.question if own is not None else "",
        description=own.description if own is not None else "",
        owner=names.role(about.owner) if about.owner else "",
        number=about.number,
        date_basis=DATE_BASES.get(about.date_basis, about.date_basis) if about.number else "",
        rechecked=about.recheck,
        risk=about.risk,
        assertion=about.assertion,
        file=path,
        model=file.definitions.name,
        version=source.draft.base if source.draft is not None else session.policy.hash,
        parts=part_links(file),
        top=tuple(part_link(file, each) for each in tops if each is not element),
        graph=graph_of(file.definitions, names_by_id(study), element),
        table=table_view(file, element, of, None if writes else names) if table is not None else None,
        logic=tuple(logic_lines(expression_of(element))) if table is None else (),
        findings=finding_groups(of),
        examples=_examples(file, table) if table is not None else (),
        trial=trial_view(file, element, command.trial),
    )


def get_policy_model(session: Session, command: GetPolicyModel) -> PolicyModel | Refused:
    """The file as it is."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    found = find(source.study, command.key)
    return PolicyModel(found[0], source.study.files[found[0]]) if found is not None else _unknown(command.key)


def _unknown(key: str) -> Refused:
    text = f"there is no decision `{key}` in this version"
    help_text = "open the list of policies"
    return Refused(Rejection(RejectionKind.NOT_FOUND, "POLICY-DECISION-01", text, help=help_text))


def _made_for(file: FileStudy, element: Logical) -> list[Decision]:
    """The decisions of the inventory that need it."""
    return [
        top for top in inventory(file.definitions) if any(each is element for each in reached(file.definitions, top))
    ]


def _policy_of(tops: Sequence[Decision]) -> DecisionPolicy:
    return tops[0].policy if tops else DecisionPolicy()


def table_view(file: FileStudy, element: Logical, findings: Sequence[Finding], names: Names | None) -> TableView:
    """A table with its findings beside the rows that they name; without names it stands as it is written."""
    table = table_of(element)
    assert table is not None  # who asks has looked
    marks: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings:
        for rule in finding.rules:
            marks[rule].append(finding)
    fired: dict[str, int] = defaultdict(int)
    for witness in file.witnesses:
        for rule_id in witness.fired:
            fired[rule_id] += 1
    gaps = [
        finding
        for finding in findings
        if finding.kind is FindingKind.GAP and finding.proposal and finding.weight is not Weight.INFORMATION
    ]
    return TableView(
        id=table.id,
        hit_policy=table.hit_policy.value,
        hit_policy_words=" ".join(filter(None, (HIT_POLICIES[table.hit_policy], AGGREGATIONS[table.aggregation]))),
        aggregation=table.aggregation.value,
        inputs=tuple(
            ColumnView(
                clause.label or clause.expression.text,
                clause.expression.text if clause.label not in {"", clause.expression.text} else "",
                clause.expression.type_ref,
                _tests(clause.allowed),
                own=clause.label,
            )
            for clause in table.inputs
        ),
        outputs=tuple(
            ColumnView(
                clause.name or "answer",
                type=clause.type_ref,
                allowed=_tests(clause.allowed),
                default=clause.default.text if clause.default is not None else "",
                own=clause.name,
            )
            for clause in table.outputs
        ),
        annotations=table.annotations,
        rows=tuple(
            RuleRow(
                number=number,
                id=rule.id,
                inputs=tuple(entry.text.strip() or "-" for entry in rule.inputs),
                outputs=tuple(entry.text.strip() for entry in rule.outputs),
                annotations=tuple(
                    names.role(text) if names is not None and column == "owner" else text
                    for column, text in zip(table.annotations, rule.annotations, strict=False)
                ),
                fires=fired[rule.id],
                marks=tuple(finding_view(each) for each in marks[number]),
            )
            for number, rule in enumerate(table.rules, start=1)
        ),
        proposals=tuple(finding_view(each) for each in gaps[:PROPOSALS_MAX]),
        proposals_more=max(len(gaps) - PROPOSALS_MAX, 0),
        types=(*TYPES, *(item.name for item in file.definitions.item_definitions)),
        known=tuple(known_names(file.definitions, element)),
    )


def _tests(allowed: UnaryTests | None) -> str:
    return allowed.text.strip() if allowed is not None else ""


def _examples(file: FileStudy, table: DecisionTable) -> tuple[RuleExamples, ...]:
    """For each rule the examples that fire it, and how many it misses in."""
    views = [
        ExampleView(place, witness.situation.title, witness.situation.decision, witness.wrong)
        for place, witness in enumerate(file.witnesses)
    ]
    return tuple(
        RuleExamples(
            number,
            rule.id,
            tuple(view for view, seen in zip(views, file.witnesses, strict=True) if rule.id in seen.fired),
            sum(rule.id in seen.asked and rule.id not in seen.fired for seen in file.witnesses),
        )
        for number, rule in enumerate(table.rules, start=1)
    )

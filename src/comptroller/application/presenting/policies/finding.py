"""Findings of the analysis as people read them: grouped, the gravest first, so that many of one kind drown nothing."""

from collections.abc import Iterable, Sequence
from typing import Final

from comptroller.application.views.policies import FindingGroup, FindingView, Found
from comptroller.domain.decisions.analysis import Finding, FindingKind, Weight

TOLD_MAX: Final = 8
"""Findings of one kind that are told before the rest is counted."""

TITLES: Final = {
    FindingKind.GAP: ("No rule applies", "Values for which no row says anything, and no default does."),
    FindingKind.OVERLAP: ("Rules meet", "Rows that hit together where one alone may."),
    FindingKind.CONTRADICTION: ("Rules contradict", "Rows that hit together and say different things."),
    FindingKind.MASKED: ("Rules never decide", "Rows above take all that they accept."),
    FindingKind.UNREACHABLE: ("Rules never hit", "A cell accepts no value that its column can have."),
    FindingKind.SUBSUMED: ("Rules can go", "Another row with the same conclusion accepts all that they do."),
    FindingKind.MERGEABLE: ("Rules can be one", "Rows with one conclusion that differ in a single column."),
    FindingKind.MISUSE: ("Hit policy", "The hit policy does not fit what the rows do."),
    FindingKind.NOT_ANALYSED: ("Not looked into", "Cells of which nothing is claimed."),
}


def finding_view(finding: Finding) -> FindingView:
    """One finding."""
    return FindingView(
        kind=finding.kind.value,
        title=TITLES[finding.kind][0],
        weight=finding.weight.value,
        message=finding.message,
        rules=finding.rules,
        proposal=finding.proposal,
        example=tuple(finding.example.items()),
    )


def finding_groups(findings: Sequence[Finding]) -> tuple[FindingGroup, ...]:
    """Findings of one table by weight and kind."""
    kinds = dict.fromkeys((finding.weight, finding.kind) for finding in sorted(findings, key=lambda each: each.rank))
    groups = []
    for weight, kind in kinds:
        of = [finding_view(each) for each in findings if (each.weight, each.kind) == (weight, kind)]
        title, text = TITLES[kind]
        if kind is FindingKind.GAP and weight is Weight.WARNING:
            title, text = "No rule may apply", "Values for which no row says anything, where they occur at all."
        if kind is FindingKind.GAP and weight is Weight.INFORMATION:
            title, text = "No rule is needed", "Values that nobody expects, or that a table which collects passes over."
        groups.append(FindingGroup(title, text, weight.value, tuple(of[:TOLD_MAX]), max(len(of) - TOLD_MAX, 0)))
    return tuple(groups)


def counted(findings: Iterable[Finding]) -> Found:
    """How many findings of each weight there are."""
    weights = [finding.weight for finding in findings]
    return Found(weights.count(Weight.ERROR), weights.count(Weight.WARNING), weights.count(Weight.INFORMATION))

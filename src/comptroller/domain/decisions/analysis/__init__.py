"""What is wrong with a decision table that runs: gaps, rules that meet, rules that never decide.

    for finding in analyse(model):
        print(finding.kind, finding.decision, finding.rules, finding.region, finding.message)
    for comparison in compare(old, new):
        print(comparison.decision, comparison.is_equal, *comparison.differences)

Exact where cells compare with literals (numbers, days, texts, truths, lists, intervals, negations); what looks at
anything else is told as not analysed, and nothing is concluded from it that might not hold.
"""

from comptroller.domain.decisions.analysis.differences import Alike, Comparison, Difference, compare
from comptroller.domain.decisions.analysis.findings import Finding, FindingKind, Weight
from comptroller.domain.decisions.analysis.tables import analyse, analyse_table
from comptroller.domain.decisions.analysis.versions import Versions, compare_versions

__all__ = [
    "Alike",
    "Comparison",
    "Difference",
    "Finding",
    "FindingKind",
    "Versions",
    "Weight",
    "analyse",
    "analyse_table",
    "compare",
    "compare_versions",
]

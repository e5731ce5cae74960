"""What an analysis finds in a decision table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class FindingKind(StrEnum):
    """A closed list; a finding is of one kind."""

    GAP = "gap"  # no rule accepts a region, and the table has no default
    OVERLAP = "overlap"  # rules meet where the hit policy lets one hit only
    CONTRADICTION = "contradiction"  # rules meet that must agree and do not
    MASKED = "masked"  # earlier (or more important) rules take all that the rule accepts
    UNREACHABLE = "unreachable"  # a cell accepts no value that its column can have
    SUBSUMED = "subsumed"  # another rule with the same conclusion accepts all that the rule does
    MERGEABLE = "mergeable"  # rules with one conclusion that differ in a single column
    MISUSE = "misuse"  # the hit policy does not fit what the rules do
    NOT_ANALYSED = "not-analysed"  # nothing is claimed of it


class Weight(StrEnum):
    """How grave a finding is: `error` decides wrongly or not at all, `warning` may, `information` could be simpler."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


_ORDER = tuple(Weight), tuple(FindingKind)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: `rules` are counted from 1, `region` tells by column which values it is about.

    Columns that do not matter are left out of the region. `example` is one set of values of it; `proposal` a row (input
    cells in the order of the columns) that would close a gap. All texts are FEEL.
    """

    kind: FindingKind
    weight: Weight
    decision: str
    table: str  # its path in the model
    message: str
    rules: tuple[int, ...] = ()
    region: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, str] = field(default_factory=dict)
    proposal: tuple[str, ...] = ()

    @property
    def rank(self) -> tuple[Any, ...]:
        """The order in which findings are told: the gravest first."""
        return _ORDER[0].index(self.weight), _ORDER[1].index(self.kind), self.rules

    def to_json(self) -> dict[str, Any]:
        """The finding as data."""
        return {
            "kind": self.kind.value,
            "weight": self.weight.value,
            "decision": self.decision,
            "table": self.table,
            "rules": list(self.rules),
            "region": dict(self.region),
            "example": dict(self.example),
            "proposal": list(self.proposal),
            "message": self.message,
        }

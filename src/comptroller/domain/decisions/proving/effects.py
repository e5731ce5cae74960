"""What a change means for a decision, as it is told: nothing, regions with an example each, or what nobody can say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from comptroller.domain.decisions.contrast import in_words, what_differs
from comptroller.domain.decisions.regions_in_words import region_in_words
from comptroller.domain.feel import Value


@dataclass(frozen=True, slots=True)
class Region:
    """Inputs of which both versions say something else: an example, what each says of it, and the rules that hit.

    Without a region it is the example alone.
    """

    region: Mapping[str, str] | None
    inputs: Mapping[str, Any]
    before: Value
    after: Value
    rules_before: tuple[str, ...] = ()
    rules_after: tuple[str, ...] = ()
    rarities: int = 0  # amounts below zero in the example, and texts that are not the commonest

    @property
    def rank(self) -> tuple[int, int]:
        """The order in which regions are told: the plainest first, with an ordinary example."""
        return len(self.inputs if self.region is None else self.region), self.rarities

    @property
    def message(self) -> str:
        """The difference in a sentence."""
        if self.region is None:
            return f"of an input: {self.what}"
        return f"{f'where {region_in_words(self.region)}' if self.region else 'everywhere'}: {self.what}"

    @property
    def what(self) -> str:
        """What becomes of the outcome."""
        return in_words(self.before, self.after)

    @property
    def told(self) -> tuple[str, str]:
        """What each version says of the example, without what both say of it."""
        return what_differs(self.before, self.after), what_differs(self.after, self.before)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change means for a decision: nothing (proved), other outcomes in regions, or what nobody can say."""

    decision: str
    regions: tuple[Region, ...] = ()
    undecided: str = ""
    is_handed: bool = False  # it stands in another model: what changed is handed to it

    @property
    def is_none(self) -> bool:
        """Whether the decision is proved to decide the same of all inputs."""
        return not self.regions and not self.undecided

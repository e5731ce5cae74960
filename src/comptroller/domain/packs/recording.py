"""A situation out of a decision that was taken: what it looked at, with stand-ins for what could tell whose it was.

The inputs that a decision declares stay. Of what is inside of them, a part is left out where the decision cannot tell
that it is gone: every table sees the same values, the same rules hit, and nothing is said to be missing. In lists a
part is left out of all items or of none. What is masked is decided again by the same model, and counts only where the
same rules hit and the outcome is the same but for the stand-ins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from comptroller.domain.decisions import Model, Outcome
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.masking import StandIns
from comptroller.domain.packs.proposals import expected

FACTS_MAX: Final = 2_000
"""Single facts of a decision that is recorded: who reads an example reads them all."""

TITLE_MAX: Final = 160

Way: TypeAlias = tuple[str, ...]
"""The names that lead to a fact; through lists it leads to that of every item."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A situation that may be kept, and how many texts in it are stand-ins."""

    situation: Situation
    masked: int


@dataclass(frozen=True, slots=True)
class Recorder:
    """Takes decisions of one model again at one moment; `words` are its policy's (`masking.policy_words`)."""

    model: Model
    words: str
    now: datetime

    def record(self, decision: str, inputs: Mapping[str, Any]) -> Recorded | Rejection:
        """The situation of a decision with its inputs, masked; why there is none, where masking changes the outcome."""
        if sum(1 for _ in _facts(inputs)) > FACTS_MAX:
            text = f"the decision was given more than {FACTS_MAX} facts: too many to be read as an example"
            return Rejection(RejectionKind.CONFLICT, "POLICY-EXAMPLE-03", text, help="record one of a smaller case")
        kept = self.looked_at(decision, inputs)
        stand_ins = StandIns(self.words)
        masked = {name: stand_ins.masked(value, name) for name, value in kept.items()}
        before, after = self._decide(decision, kept), self._decide(decision, masked)
        if not _is_same(before, after, stand_ins):
            changed = [name for name in kept if repr(kept[name]) != repr(masked[name])]
            alone = [
                name
                for name in changed
                if _is_same(before, self._decide(decision, {**masked, name: kept[name]}), stand_ins)
            ]
            told = ", ".join(f"`{name}`" for name in alone or changed)
            text = f"with stand-ins for its texts the decision comes out otherwise; it looks into {told}"
            return Rejection(RejectionKind.CONFLICT, "POLICY-EXAMPLE-04", text, help="write the situation by hand")
        value = after.value
        own = after.explanation[-1:]
        hits = tuple(dict.fromkeys(hit.rule_id for step in own for hit in step.determining))
        title = _title(decision, value, stand_ins)
        situation = Situation(title, decision, masked, _expected(value), hits)
        return Recorded(situation, len(stand_ins.by_text))

    def looked_at(self, decision: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs, with those parts of which the decision can tell that they are there."""
        kept = dict(inputs)
        seen = self._seen(decision, kept)
        gone: set[Way] = set()
        for way in list(dict.fromkeys(_ways(kept))):
            if len(way) == 1 or any(way[:length] in gone for length in range(2, len(way))):
                continue
            without = _without(kept, way)
            if self._seen(decision, without) == seen:
                kept = without
                gone.add(way)
        return kept

    def _decide(self, decision: str, inputs: Mapping[str, Any]) -> Outcome:
        return self.model.decide(decision, inputs, self.now)

    def _seen(self, decision: str, inputs: Mapping[str, Any]) -> str:
        """All that the decision's tables see of the inputs, and what comes of it."""
        outcome = self._decide(decision, inputs)
        tables = [(trace.table.path, list(trace.values), list(trace.hits)) for trace in outcome.tables]
        return repr((outcome.value, outcome.faults, tables))


def _is_same(before: Outcome, after: Outcome, stand_ins: StandIns) -> bool:
    """Whether the same rules hit, and the outcome is the same but for the stand-ins."""
    faults = [[(fault.code, fault.path) for fault in outcome.faults] for outcome in (before, after)]
    return (
        before.rule_ids == after.rule_ids
        and faults[0] == faults[1]
        and repr(stand_ins.told(before.value)) == repr(stand_ins.told(after.value))
    )


def _expected(value: Any) -> dict[str, Any]:
    """What is to come out: plain entries of the outcome, of each of several outcomes; else the whole of it."""
    if isinstance(value, list):
        entries = {f"{place}/{name}": of for place, item in enumerate(value) for name, of in expected(item).items()}
        return {path.removesuffix("/"): of for path, of in entries.items()} or {"": value}
    return expected(value) or {"": value}


def _title(decision: str, value: Any, stand_ins: StandIns) -> str:
    """The words in which the outcome tells itself; else the decision and its outcome."""
    told = value if isinstance(value, Mapping) else {"outcome": value if isinstance(value, str) else None}
    text = told.get("text")
    if not text or text in stand_ins.by_text.values():
        text = f"{decision}: {told.get('outcome') or 'as it was decided'}"
    return " ".join(str(text).split())[:TITLE_MAX]


def _facts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for entry in value.values():
            yield from _facts(entry)
    elif isinstance(value, list):
        for item in value:
            yield from _facts(item)
    else:
        yield value


def _ways(value: Any, way: Way = ()) -> Iterator[Way]:
    """The ways to all facts, whatever holds others before those."""
    if isinstance(value, Mapping):
        for name, entry in value.items():
            yield (*way, name)
            yield from _ways(entry, (*way, name))
    elif isinstance(value, list):
        for item in value:
            yield from _ways(item, way)


def _without(value: Any, way: Way) -> Any:
    """The value without the fact, without that of every item."""
    if isinstance(value, list):
        return [_without(item, way) for item in value]
    name, *rest = way
    if not isinstance(value, Mapping) or name not in value:
        return value
    if rest:
        return {**value, name: _without(value[name], tuple(rest))}
    return {key: entry for key, entry in value.items() if key != name}

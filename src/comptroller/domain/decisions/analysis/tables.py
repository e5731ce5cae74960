"""The analysis of a table: what each kind of finding is, by hit policy.

# SOURCE: OMG DMN 1.5, clause 8.2.10 (hit policies), 8.2.11 (aggregation and default).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from comptroller.domain.decisions.analysis.axes import NOTHING_KNOWN, Axis, Known, axes_of, bits
from comptroller.domain.decisions.analysis.cover import Box, Budget, Exhausted, merged, points, uncovered
from comptroller.domain.decisions.analysis.expected import gap_weight, weight_by_column
from comptroller.domain.decisions.analysis.findings import Finding, FindingKind, Weight
from comptroller.domain.decisions.analysis.knowing import SINGLE, known_of, owner_of
from comptroller.domain.decisions.analysis.meetings import Meetings, lies_within, surely_meet
from comptroller.domain.decisions.analysis.telling import brief, example_of, region_of
from comptroller.domain.decisions.analysis.together import Together
from comptroller.domain.decisions.definitions import Aggregation, HitPolicy
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.tables import Table

GAP_CELLS: Final = 12_000_000
"""Cells that the search for gaps may look at; a table of ten thousand rules that divide the space takes a tenth."""

MASK_CELLS: Final = 6_000_000
"""Cells that the search for masked rules of one table may look at."""

BOXES_MAX: Final = 2_000
"""Parts of gaps that are put together before they are told."""

TOLD_MAX: Final = 200
"""Findings of one kind that are told of one table; the last one says how many there are."""

POINTS_TRIED: Final = 24
"""Points of a rule that are looked at before it is searched for one that no earlier rule takes."""


def analyse(model: Model) -> tuple[Finding, ...]:
    """Analyse every decision table of a model, wherever it stands; the gravest findings of each table first.

    Of a table that is written in another language than FEEL nothing is claimed: none of its rules hits.
    """
    foreign = [fault.path for fault in model.faults if fault.code == "DMN-LANGUAGE-01"]
    found: list[Finding] = []
    for table in model.tables:
        if any(path.startswith(f"{table.path}/") for path in foreign):
            message = "cells are written in another language than FEEL: the table decides nothing"
            found.append(Finding(FindingKind.NOT_ANALYSED, Weight.WARNING, owner_of(table), table.path, message))
        else:
            found += analyse_table(table, known_of(model, table))
    return tuple(found)


def analyse_table(table: Table, known: Known = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """Analyse a table; `known` tells of the variables that its columns look at."""
    axes = axes_of(table, known)
    analysis = _Analysis(table, axes, Together(table, axes, known))
    return tuple(sorted(analysis.findings(), key=lambda finding: finding.rank))


class _Analysis:
    """One table."""

    def __init__(self, table: Table, axes: Sequence[Axis], together: Together) -> None:
        self._table = table
        self._axes = axes
        self._together = together
        self._policy = table.source.hit_policy
        self._rules = range(len(table.cells))
        self._usual: Box = tuple(axis.usual for axis in axes)
        self._boxes = [tuple(axis.cells[rule].pieces for axis in axes) for rule in self._rules]
        self._empty = {rule for rule in self._rules if not all(self._boxes[rule])}
        self._empty |= {rule for rule in self._rules if not together.can_occur(self._boxes[rule])}
        self._live = [rule for rule in self._rules if rule not in self._empty]
        self._meetings = Meetings(axes, len(self._rules))
        self._opaque = sum(1 << rule for rule in self._rules if any(axis.cells[rule].is_opaque for axis in axes))
        self._conclusions = [
            each.constant if each.constant is not None else tuple(_written(entry.text) for entry in rule.outputs)
            for each, rule in zip(table.conclusions, table.source.rules, strict=True)
        ]
        self._ranks = self._ranked()
        self._alike: dict[str, int] = {}  # the rules of each conclusion
        for rule, conclusion in enumerate(self._conclusions):
            self._alike[repr(conclusion)] = self._alike.get(repr(conclusion), 0) | 1 << rule

    def findings(self) -> Iterator[Finding]:
        """Everything found."""
        yield from self._not_analysed()
        yield from self._unreachable()
        yield from self._gaps()
        met = self._pairs()
        yield from self._misuse(met)
        if self._policy is HitPolicy.UNIQUE:
            yield from self._overlaps(met)
        elif self._policy is HitPolicy.ANY:
            yield from self._contradictions(met)
        masked: set[int] = set()
        for finding in self._masked():
            masked.update(rule - 1 for rule in finding.rules[:1])
            yield finding
        if self._policy in SINGLE or self._extreme:
            yield from self._subsumed(masked)
            yield from self._mergeable(masked)

    @property
    def _extreme(self) -> bool:
        """Whether the smallest or largest conclusion of those that hit is the answer."""
        return self._table.source.aggregation in {Aggregation.MIN, Aggregation.MAX} and bool(self._ranks)

    def _ranked(self) -> list[Any]:
        """How important each rule is where the more important one decides, the lowest first; empty elsewhere."""
        constants = [each.constant for each in self._table.conclusions if each.constant is not None]
        if len(constants) < len(self._rules):
            return []
        if self._policy is HitPolicy.PRIORITY:
            return [self._table.conclusion.rank(each) for each in constants]
        sign = {Aggregation.MIN: 1, Aggregation.MAX: -1}.get(self._table.source.aggregation, 0)
        if not sign or any(len(each) != 1 or not isinstance(each[0], Decimal) for each in constants):
            return []
        return [sign * value for each in constants for value in each if isinstance(value, Decimal)]

    # ---- what is not looked at ---------------------------------------------------------------------------------------

    def _not_analysed(self) -> Iterator[Finding]:
        for axis in self._axes:
            by_text: dict[str, list[int]] = defaultdict(list)
            for rule in self._rules:
                if axis.cells[rule].is_opaque:
                    by_text[axis.cells[rule].text].append(rule)
            if by_text:
                rules = sorted(rule for of in by_text.values() for rule in of)
                shown = ", ".join(f"`{text}`" for text in list(by_text)[:3])
                more = f" and {len(by_text) - 3} more" if len(by_text) > 3 else ""
                yield self._finding(
                    FindingKind.NOT_ANALYSED,
                    Weight.INFORMATION,
                    f"what `{axis.label}` is asked by {shown}{more} is not looked into: it is possible, never sure",
                    rules,
                )

    def _unreachable(self) -> Iterator[Finding]:
        for rule in sorted(self._empty):
            for axis in self._axes:
                cell = axis.cells[rule]
                if not cell.pieces:
                    yield self._finding(
                        FindingKind.UNREACHABLE,
                        Weight.ERROR,
                        f"no value that `{axis.label}` can have passes `{cell.text}`: the rule never hits",
                        [rule],
                        {axis.label: cell.text},
                    )
            if all(self._boxes[rule]):
                yield self._finding(
                    FindingKind.UNREACHABLE,
                    Weight.ERROR,
                    "nothing that its columns can meet together passes all of its cells: the rule never hits",
                    [rule],
                    region_of(self._axes, self._boxes[rule]),
                )

    # ---- gaps --------------------------------------------------------------------------------------------------------

    def _gaps(self) -> Iterator[Finding]:
        if self._table.default is not None or not all(self._usual):
            return
        found: list[Box] = []
        complete = True
        try:
            for box in uncovered(self._axes, self._usual, self._live, Budget(GAP_CELLS)):
                found.append(box)
                if len(found) == BOXES_MAX:
                    complete = False
                    break
        except Exhausted:
            complete = False
        ranks = list(Weight)
        boxes = sorted(
            self._together.parts(merged(self._axes, found)),
            key=lambda box: ranks.index(weight_by_column(self._axes, box)),
        )
        for box in boxes[:TOLD_MAX]:
            single = self._policy in SINGLE
            weight = gap_weight(self._axes, self._live, box) if single else Weight.INFORMATION
            region = region_of(self._axes, box)
            where = " and ".join(f"`{label}` {brief(cell)}" for label, cell in region.items()) or "anything"
            yield self._finding(
                FindingKind.GAP,
                weight,
                f"no rule accepts {where}",
                (),
                region,
                example=example_of(self._axes, box),
                proposal=tuple(axis.words(part) for axis, part in zip(self._axes, box, strict=True)),
            )
        if not complete or len(boxes) > TOLD_MAX:
            message = "there are more gaps than are told here: close these and look again"
            yield self._finding(FindingKind.NOT_ANALYSED, Weight.WARNING, message, ())

    # ---- rules that meet ---------------------------------------------------------------------------------------------

    def _pairs(self) -> dict[int, int]:
        """For each rule the later ones that it meets, as bits."""
        found = {}
        for rule in self._live:
            met = self._meetings.of(rule) >> rule + 1 << rule + 1
            if met:
                found[rule] = met
        return found

    def _overlaps(self, met: dict[int, int]) -> Iterator[Finding]:
        pairs = ((one, other) for one, others in met.items() for other in bits(others) if self._is_told(one, other))
        for told, (one, other) in enumerate(pairs):
            if told == TOLD_MAX:
                in_all = sum(others.bit_count() for others in met.values())
                message = f"up to {in_all} pairs of rules meet; {TOLD_MAX} of them are told"
                yield self._finding(FindingKind.OVERLAP, Weight.ERROR, message, sorted(met))
                return
            same = self._conclusions[one] == self._conclusions[other]
            then = "with the same conclusion" if same else "with different conclusions"
            yield self._meeting(
                FindingKind.OVERLAP,
                one,
                other,
                f"rules {one + 1} and {other + 1} hit together, {then}, where only one may",
            )

    def _contradictions(self, met: dict[int, int]) -> Iterator[Finding]:
        told = 0
        for one, others in met.items():
            for other in bits(others):
                if self._conclusions[one] == self._conclusions[other] or not self._is_told(one, other):
                    continue
                told += 1
                if told > TOLD_MAX:
                    return
                known = all(self._table.conclusions[rule].constant is not None for rule in (one, other))
                yield self._meeting(
                    FindingKind.CONTRADICTION,
                    one,
                    other,
                    f"rules {one + 1} and {other + 1} hit together and {'' if known else 'may '}say different things",
                    Weight.ERROR if known else Weight.WARNING,
                )

    def _meeting(self, kind: FindingKind, one: int, other: int, message: str, weight: Weight = Weight.ERROR) -> Finding:
        box = self._shared(one, other)
        region, example = region_of(self._axes, box), example_of(self._axes, box)
        return self._finding(kind, weight, message, [one, other], region, example=example)

    def _is_told(self, one: int, other: int) -> bool:
        """Whether two rules that meet do so for certain, at values that the table is expected to speak of."""
        shared = self._shared(one, other)
        return surely_meet(self._axes, one, other) and all(shared) and self._together.can_occur(shared)

    def _shared(self, one: int, other: int) -> Box:
        shared = tuple(axis.cells[one].pieces & axis.cells[other].pieces & axis.usual for axis in self._axes)
        return self._together.narrowed(shared)

    # ---- rules that never decide -------------------------------------------------------------------------------------

    def _masked(self) -> Iterator[Finding]:
        before = self._before()
        budget = Budget(MASK_CELLS)
        told = 0
        for rule in self._live:
            earlier = before(rule) & self._meetings.of(rule)
            if not earlier:
                continue
            try:
                is_masked, by = self._is_masked(rule, earlier, budget)
            except Exhausted:
                message = "whether later rules are masked was not gone through: the table is too irregular"
                yield self._finding(FindingKind.NOT_ANALYSED, Weight.WARNING, message, [rule])
                return
            if is_masked:
                told += 1
                if told > TOLD_MAX:
                    return
                box = tuple(of & axis.usual or of for of, axis in zip(self._boxes[rule], self._axes, strict=True))
                named = _list(number + 1 for number in by[:10])
                more = f" and {len(by) - 10} more" if len(by) > 10 else ""
                takers = f"rules {named}{more} take" if len(by) > 1 else f"rule {named} takes"
                yield self._finding(
                    FindingKind.MASKED,
                    Weight.ERROR,
                    f"rule {rule + 1} never decides: {takers} all that it accepts",
                    [rule, *by],
                    region_of(self._axes, box),
                    example=example_of(self._axes, box),
                )

    def _before(self) -> Callable[[int], int]:
        """The rules that decide before a rule does where both hit, as bits."""
        if self._policy is HitPolicy.FIRST:
            return lambda rule: (1 << rule) - 1
        if self._ranks:
            order = sorted(self._rules, key=lambda rule: self._ranks[rule])
            higher: dict[int, int] = {}
            gathered, same, at = 0, 0, None
            for rule in order:
                if self._ranks[rule] != at:
                    gathered, same, at = gathered | same, 0, self._ranks[rule]
                higher[rule] = gathered
                same |= 1 << rule
            return higher.__getitem__
        return lambda _: 0

    def _is_masked(self, rule: int, earlier: int, budget: Budget) -> tuple[bool, list[int]]:
        box = self._boxes[rule]
        among = earlier & ~self._opaque
        for other in bits(earlier & self._opaque):
            if all(not (cell := axis.cells[other]).is_opaque or cell is axis.cells[rule] for axis in self._axes):
                among |= 1 << other
        for point in points(box, POINTS_TRIED):
            if not self._meetings.at(point) & among and self._together.can_occur(tuple(1 << piece for piece in point)):
                return False, []
        certain = list(bits(among))
        alone = next((other for other in certain if lies_within(self._axes, rule, other)), None)
        if alone is not None:
            return True, [alone]
        left = uncovered(self._axes, box, certain, budget)
        return not any(map(self._together.can_occur, left)), certain

    # ---- what could be simpler ---------------------------------------------------------------------------------------

    def _subsumed(self, masked: set[int]) -> Iterator[Finding]:
        told = 0
        for rule in self._live:
            if rule in masked:
                continue
            for other in bits(self._meetings.of(rule) & self._alike[repr(self._conclusions[rule])]):
                if (
                    lies_within(self._axes, rule, other)
                    and (other < rule or not lies_within(self._axes, other, rule))
                    and self._may_go(rule, other)
                ):
                    told += 1
                    if told > TOLD_MAX:
                        return
                    yield self._finding(
                        FindingKind.SUBSUMED,
                        Weight.INFORMATION,
                        f"rule {rule + 1} can go: rule {other + 1} accepts all that it does, with the same conclusion",
                        [rule, other],
                    )
                    break

    def _may_go(self, rule: int, other: int) -> bool:
        """Whether nothing between two rules with one conclusion decides otherwise: of the first hit, order matters.

        Of the most important one it matters among rules that are as important.
        """
        if self._policy is HitPolicy.PRIORITY and not self._ranks:
            return False
        if self._policy not in {HitPolicy.FIRST, HitPolicy.PRIORITY}:
            return True
        low, high = sorted((rule, other))
        between = self._meetings.of(rule) >> low + 1 << low + 1 & (1 << high) - 1
        rivals = between & ~self._alike[repr(self._conclusions[rule])]
        if self._policy is HitPolicy.FIRST:
            return not rivals
        return all(self._ranks[each] != self._ranks[rule] for each in bits(rivals))

    def _mergeable(self, masked: set[int]) -> Iterator[Finding]:
        told: set[int] = set()
        for place, axis in enumerate(self._axes):
            groups: dict[object, list[int]] = defaultdict(list)
            for rule in self._live:
                if rule not in masked and not axis.cells[rule].is_opaque:
                    rest = tuple(
                        (of.cells[rule].pieces, of.cells[rule].text if of.cells[rule].is_opaque else "")
                        for other, of in enumerate(self._axes)
                        if other != place
                    )
                    groups[rest, repr(self._conclusions[rule])].append(rule)
            for rules in groups.values():
                if len(rules) < 2 or told.intersection(rules) or len({axis.cells[rule].pieces for rule in rules}) < 2:
                    continue
                if any(not self._may_go(rules[0], other) for other in rules[1:]):
                    continue
                together = 0
                for rule in rules:
                    together |= axis.cells[rule].pieces
                if any(axis.cells[rule].pieces == together for rule in rules):
                    continue  # that one accepts what the others do
                told.update(rules)
                yield self._finding(
                    FindingKind.MERGEABLE,
                    Weight.INFORMATION,
                    f"rules {_list(rule + 1 for rule in rules)} differ in `{axis.label}` only: "
                    f"one with `{axis.exact_words(together)}` says the same",
                    rules,
                    {axis.label: axis.exact_words(together)},
                )
                if len(told) > TOLD_MAX:
                    return

    # ---- hit policies ------------------------------------------------------------------------------------------------

    def _misuse(self, met: dict[int, int]) -> Iterator[Finding]:
        source = self._table.source
        if self._policy in {HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY} and len(self._live) > 1 and not met:
            message = (
                f"no two rules meet: under UNIQUE instead of {self._policy} the engine would hold the table to that"
            )
            yield self._finding(FindingKind.MISUSE, Weight.INFORMATION, message, ())
        if self._policy is HitPolicy.UNIQUE and len(self._live) > 1:
            for rule in self._live:
                if all(
                    axis.cells[rule].pieces == axis.everything and not axis.cells[rule].is_opaque for axis in self._axes
                ):
                    message = (
                        f"rule {rule + 1} accepts everything, and UNIQUE lets one rule hit: FIRST lets it be the rest"
                    )
                    yield self._finding(FindingKind.MISUSE, Weight.ERROR, message, [rule])
        if source.aggregation in {Aggregation.SUM, Aggregation.MIN, Aggregation.MAX}:
            wrong = [
                rule
                for rule, each in enumerate(self._table.conclusions)
                if each.constant is not None and not isinstance(each.constant[0], Decimal)
            ]
            if wrong and (source.aggregation is Aggregation.SUM or len(wrong) < len(self._rules)):
                named = _list(rule + 1 for rule in wrong[:10])
                givers = f"rules {named} do" if len(wrong) > 1 else f"rule {named} does"
                message = f"{source.aggregation} takes numbers, which {givers} not give"
                yield self._finding(FindingKind.MISUSE, Weight.ERROR, message, wrong)

    # ---- words -------------------------------------------------------------------------------------------------------

    def _finding(
        self,
        kind: FindingKind,
        weight: Weight,
        message: str,
        rules: Sequence[int],
        region: dict[str, str] | None = None,
        *,
        example: dict[str, str] | None = None,
        proposal: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            kind,
            weight,
            owner_of(self._table),
            self._table.path,
            message,
            tuple(rule + 1 for rule in rules),
            region or {},
            example or {},
            proposal,
        )


def _written(text: str) -> str:
    """A conclusion as it is written, but for blanks that say nothing."""
    parts = _TEXT.split(" ".join(text.split()))  # every second one is a text in quotes
    return "".join(part if place % 2 else _BLANKS.sub(r"\1", part) for place, part in enumerate(parts)).strip()


_TEXT: Final = re.compile(r'("(?:[^"\\]|\\.)*")')
_BLANKS: Final = re.compile(r" ?([-+*/(){}\[\],:<>=]) ?")


def _list(numbers: "Iterator[int]") -> str:
    *before, last = [str(number) for number in numbers]
    return f"{', '.join(before)} and {last}" if before else last

"""What a new version of a table decides otherwise than the old one, over all inputs.

The columns of both versions are cut into common pieces. Rules that both have, in the same order, are one rule; where
only such rules are left in a part of the space, both versions say the same there and nothing more is looked at. The
rest is cut, along the rules that changed first, until each version has settled what it says of a part. So two tables
of a thousand rules that differ in one cell are compared along the edge of that cell alone, and a difference that
earlier rules hide is proved to be none.

A condition that is not cut into pieces, such as `> limit + 1`, is taken as something that may hold or not: equal is
then still proved, a difference is told with the condition and may be one that cannot occur (it is not certain).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from itertools import islice
from typing import Any, Final

from comptroller.domain.decisions.analysis.axes import Axis, Cell, Known, axis_of
from comptroller.domain.decisions.analysis.cover import Box, Budget, Exhausted, cut, merged
from comptroller.domain.decisions.analysis.knowing import known_of, owner_of
from comptroller.domain.decisions.analysis.pieces import Piece
from comptroller.domain.decisions.analysis.saying import Said, SaidBy
from comptroller.domain.decisions.analysis.telling import example_of, region_of
from comptroller.domain.decisions.columns import Tests
from comptroller.domain.decisions.contrast import in_common, in_words, lost_and_gained
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.item_types import form_of
from comptroller.domain.decisions.model import Model
from comptroller.domain.decisions.regions_in_words import region_in_words
from comptroller.domain.decisions.tables import Input, Limits, Table

CELLS_MAX: Final = 12_000_000
"""Cells that the comparison of two tables may look at."""

TOLD_MAX: Final = 500
"""Regions that are told of one table."""

_Change = tuple[Said, Said]
"""What is said before and after."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A region of which both versions say something else; rules are counted from 1, texts are FEEL.

    A region that rests on a condition that is not looked into, or conclusions that are computed, leave a `doubt`:
    perhaps nothing lies in it, perhaps both come to the same.
    """

    decision: str
    table: str
    region: dict[str, str]
    before: str
    after: str
    what: str  # becomes of what was said, entry by entry
    rules_before: tuple[int, ...]
    rules_after: tuple[int, ...]
    example: dict[str, str] = field(default_factory=dict)
    doubt: str = ""

    @property
    def message(self) -> str:
        """The difference in a sentence."""
        return _sentence(self.region, self.what)


@dataclass(frozen=True, slots=True)
class Alike:
    """A region of which the same goes and the same comes, whatever else is said there: as people read differences."""

    decision: str
    region: dict[str, str]
    what: str
    doubt: str = ""

    @property
    def message(self) -> str:
        """The difference in a sentence."""
        return _sentence(self.region, self.what)


def _sentence(region: Mapping[str, str], what: str) -> str:
    return f"{f'where {region_in_words(region)}: ' if region else 'everywhere: '}{what}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a table. `equal` is proved; `undecided` says why nothing could be said, empty where it could.

    `together` tells the same as the differences, with those as one that are alike.
    """

    decision: str
    table: str
    differences: tuple[Difference, ...] = ()
    undecided: str = ""
    together: tuple[Alike, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether both say the same of all inputs, for certain."""
        return not self.differences and not self.undecided

    @property
    def is_certain(self) -> bool:
        """Whether what is told is so: proved to be equal, or different where something lies."""
        return not self.undecided and not any(difference.doubt for difference in self.differences)


def compare(old: Model, new: Model) -> tuple[Comparison, ...]:
    """Compare the tables that both models have in the same place, in the order of the new one."""
    before = {table.path: table for table in old.tables}
    return tuple(
        compare_tables(before[table.path], table, known_of(new, table)) for table in new.tables if table.path in before
    )


def compare_tables(old: Table, new: Table, known: Known, *, cells: int = CELLS_MAX) -> Comparison:
    """Compare two versions of a table, looking at no more than so many cells."""
    names = owner_of(new), new.path
    moved = [
        f"`{label}`"
        for (label, _), (before, after) in _columns(old, new).items()
        if _lets_other_values_in(before, after)
    ]
    if moved:
        return Comparison(*names, undecided=f"{' and '.join(moved)} may have other values than before")
    axes = _common_axes(old, new, known)
    in_order = any(table.source.hit_policy is not HitPolicy.COLLECT for table in (old, new))
    one = SaidBy(old, axes, 0, in_order=in_order)
    other = SaidBy(new, axes, len(old.cells), in_order=in_order)
    found: list[tuple[Box, Said, Said]] = []
    try:
        found.extend(each for each in _differing(axes, one, other, Budget(cells)) if _can_occur(axes, each[0]))
    except Exhausted:
        return Comparison(*names, undecided="the versions are too irregular to be compared wholly")
    boxes: dict[_Change, list[Box]] = {}
    for box, before, after in found:
        boxes.setdefault((before, after), []).append(box)
    told = (
        Difference(
            *names,
            region_of(axes, box),
            before.text,
            after.text,
            in_words(before.parts, after.parts, str),
            before.rules,
            after.rules,
            example_of(axes, box),
            _doubt(axes, box, [(before, after)]),
        )
        for (before, after), of in boxes.items()
        for box in merged(axes, of)
    )
    alike = islice(_alike(owner_of(new), axes, boxes), TOLD_MAX)
    return Comparison(*names, tuple(islice(told, TOLD_MAX)), together=tuple(alike))


def _alike(decision: str, axes: Sequence[Axis], boxes: "Mapping[_Change, list[Box]]") -> Iterator[Alike]:
    """Differences of which the same goes and comes as one; told is what all of them have before and after."""
    groups: dict[object, list[_Change]] = {}
    for change in boxes:
        groups.setdefault(lost_and_gained(*(side.parts for side in change)), []).append(change)
    for changes in groups.values():
        for box in merged(axes, [box for change in changes for box in boxes[change]]):
            here = [change for change in changes if any(_meet(box, each) for each in boxes[change])]
            before, after = (in_common([change[side].parts for change in here]) for side in (0, 1))
            more = " (what else is said in parts of it stays)" if len(here) > 1 else ""
            what = f"{in_words(before, after, str)}{more}"
            yield Alike(decision, region_of(axes, box), what, _doubt(axes, box, here))


def _meet(one: Box, other: Box) -> bool:
    return all(part & beside for part, beside in zip(one, other, strict=True))


def _doubt(axes: Sequence[Axis], box: Box, changes: "Sequence[_Change]") -> str:
    """What leaves open whether a part differs."""
    if any(part != axis.everything for axis, part in zip(axes, box, strict=True) if _is_condition(axis)):
        return "if anything lies there"
    return "" if all(_differ(*change) for change in changes) else "unless both come to the same"


def _differ(before: "Said", after: "Said") -> bool:
    """Whether two sayings differ for certain: an entry that neither of them computes."""
    one, other = before.parts, after.parts
    if isinstance(one, dict) and isinstance(other, dict):
        computed = before.computed | after.computed
        return one.keys() != other.keys() or any(
            one[name] != other[name] for name in one if one[name] not in computed and other[name] not in computed
        )
    if isinstance(one, list) and isinstance(other, list) and len(one) != len(other):
        return True
    return not (before.computed or after.computed)


# ---- columns in common -----------------------------------------------------------------------------------------------


_Pair = tuple[Input | None, Input | None]


def _columns(old: Table, new: Table) -> dict[tuple[str, int], _Pair]:
    """The columns of both by their labels; of several with one label the first goes with the first."""
    before, after = _by_label(old), _by_label(new)
    return {key: (before.get(key), after.get(key)) for key in {**before, **after}}


def _by_label(table: Table) -> dict[tuple[str, int], Input]:
    found: dict[tuple[str, int], Input] = {}
    for column in table.inputs:
        found[column.label, sum(1 for label, _ in found if label == column.label)] = column
    return found


def _lets_other_values_in(before: Input | None, after: Input | None) -> bool:
    """Whether a column turns other values away than before: what it says of these is another question."""
    return before is not None and after is not None and _form(before.limits) != _form(after.limits)


def _form(limits: Limits | None) -> tuple[object, str]:
    return (form_of(None), "") if limits is None else (form_of(limits.type), limits.text)


def _common_axes(old: Table, new: Table, known: Known) -> list[Axis]:
    """The columns of both, the rules of the old version before those of the new one."""
    columns = _columns(old, new)
    cells = {key: [*_cells(old, before), *_cells(new, after)] for key, (before, after) in columns.items()}
    axes = []
    for key, (before, after) in columns.items():
        beside = [tests for other, of in cells.items() if other[0] == key[0] for tests in of]
        axes += [axis_of(column, cells[key], known, beside) for column in (after or before,) if column is not None]
    return [part for axis in axes for part in _with_conditions(axis)]


def _cells(table: Table, column: Input | None) -> list[Tests | None]:
    if column is None:
        return [None] * len(table.cells)
    place = next(at for at, each in enumerate(table.inputs) if each is column)
    return [row[place] for row in table.cells]


def _can_occur(axes: Sequence[Axis], box: Box) -> bool:
    """Whether columns of one label, which look at the same, have a value in common in a part."""
    common: dict[str, tuple[Axis, int]] = {}
    for axis, part in zip(axes, box, strict=True):
        first, left = common.get(axis.label, (axis, part))
        if not _is_condition(axis) and first.pieces == axis.pieces:
            common[axis.label] = first, left & part
    return all(left for _, left in common.values())


def _with_conditions(axis: Axis) -> Iterator[Axis]:
    """The column, and one more for each condition that is not cut into pieces: it holds, or it does not."""
    texts = dict.fromkeys(cell.text for cell in axis.cells if cell.is_opaque)
    free = Cell(axis.everything, ((0, len(axis.pieces) - 1),), "-")
    yield replace(axis, cells=tuple(free if cell.is_opaque else cell for cell in axis.cells))
    for text in texts:
        pieces = tuple(Piece({}, is_point=False, symbol=symbol) for symbol in (text, f"not ({text})"))
        either, holds = Cell(3, ((0, 1),), "-"), Cell(1, ((0, 0),), text)
        cells = tuple(holds if cell.is_opaque and cell.text == text else either for cell in axis.cells)
        yield Axis(axis.label, pieces, cells, usual=3, is_ordered=False)


def _is_condition(axis: Axis) -> bool:
    return len(axis.pieces) == 2 and all(piece.symbol for piece in axis.pieces)


# ---- comparing -------------------------------------------------------------------------------------------------------


def _differing(axes: Sequence[Axis], old: SaidBy, new: SaidBy, budget: Budget) -> Iterator[tuple[Box, Said, Said]]:
    changed = _changed(old, new)
    cells = [axis.cells for axis in axes]
    everything: Box = tuple(axis.everything for axis in axes)
    meeting = [rule for rule in (*old.rules, *new.rules) if all(of[rule].pieces for of in cells)]
    pending: list[tuple[Box, list[int]]] = [(everything, meeting)]
    while pending:
        box, rules = pending.pop()
        if changed is not None and not any(rule in changed for rule in rules):
            continue
        budget.take(len(rules) * len(axes) + 1)
        inside = [[of[rule].pieces & part for rule in rules] for of, part in zip(cells, box, strict=True)]
        takes_all = [pieces == box for pieces in zip(*inside, strict=True)] if box else [True] * len(rules)
        split = sum(1 for rule in rules if rule in old.rules)
        before = old.said(rules[:split], takes_all[:split])
        after = new.said(rules[split:], takes_all[split:])
        if before is not None and after is not None:
            if before != after:
                yield box, before, after
            continue
        asked = [*old.asked(takes_all[:split]), *new.asked(takes_all[split:])]
        partly = [at for at, (counts, whole) in enumerate(zip(asked, takes_all, strict=True)) if counts and not whole]
        at_edge = [at for at in partly if changed is None or rules[at] in changed] or partly
        place, parts = cut(axes, box, [[column[at] for at in at_edge] for column in inside])
        for part in parts:
            there = [
                rule
                for rule, pieces, counts in zip(rules, inside[place], asked, strict=True)
                if counts and pieces & part
            ]
            pending.append(((*box[:place], part, *box[place + 1 :]), there))


def _changed(old: SaidBy, new: SaidBy) -> frozenset[int] | None:
    """The rules that only one version has, or has elsewhere in an order that counts; None where all may count."""
    if old.form != new.form or old.without != new.without:
        return None
    if old.policy not in {HitPolicy.FIRST, HitPolicy.RULE_ORDER}:
        return frozenset(_unmatched(old, new)) | frozenset(_unmatched(new, old))
    start = 0
    while start < min(len(old.keys), len(new.keys)) and old.keys[start] == new.keys[start]:
        start += 1
    matcher: SequenceMatcher[Any] = SequenceMatcher(None, old.keys[start:], new.keys[start:], autojunk=False)
    kept_before, kept_after = set(range(start)), set(range(start))
    for match in matcher.get_matching_blocks():
        kept_before.update(range(start + match.a, start + match.a + match.size))
        kept_after.update(range(start + match.b, start + match.b + match.size))
    return frozenset(rule for place, rule in enumerate(old.rules) if place not in kept_before) | frozenset(
        rule for place, rule in enumerate(new.rules) if place not in kept_after
    )


def _unmatched(version: SaidBy, other: SaidBy) -> Iterator[int]:
    left = Counter(other.keys)
    for rule, key in zip(version.rules, version.keys, strict=True):
        left[key] -= 1
        if left[key] < 0:
            yield rule

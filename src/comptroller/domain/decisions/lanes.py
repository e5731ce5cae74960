"""Fast lanes: a decision made of tables over plain inputs as one Python function, for the case that nothing is unusual.

Most decisions of a policy are tables whose inputs are variables, or entries of a context, and whose outputs are
constants. For such a plan a straight function is written: it takes the inputs, looks each column up and gives the
outputs of the rules that are left, in an outcome that knows which these were. As soon as anything is unusual (an input
is missing or of another type, rules contradict each other) it gives up without having done anything, and the plan is
evaluated the long way, which knows how to say what is wrong. So a lane can only be faster, never different.

What an author wrote reaches the function as constants of its namespace, never as text.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, InvalidOperation
from types import NoneType
from typing import Any, Final, TypeAlias

from comptroller.domain.decisions.admission import Inadmissible, admitted
from comptroller.domain.decisions.columns import Cells, Column, Equality, Order, index
from comptroller.domain.decisions.definitions import HitPolicy
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.decisions.lane_buckets import Buckets, buckets
from comptroller.domain.decisions.lane_search import Kind, LookUp, Numbers, Search, Texts, found_by_number, look_up
from comptroller.domain.decisions.lane_tables import GIVE_UP, LaneTable, NoLane, lane_table
from comptroller.domain.decisions.lane_telling import Lane
from comptroller.domain.decisions.outcome import Outcome
from comptroller.domain.decisions.plans import InputNode, Plan, Step
from comptroller.domain.decisions.run import class_of
from comptroller.domain.decisions.tables import Input, Limits, Table
from comptroller.domain.feel import Type, UnaryTests, Value
from comptroller.domain.feel.types import ContextType

Take: TypeAlias = Callable[[Mapping[str, Value], datetime | None], Outcome]
"""A way to a decision: from inputs and an instant to the outcome."""

_GIVE_UP: Final = "raise KeyError"
"""As a missing input and an unnamed text do by themselves."""


def lane_of(plan: Plan, model: str, otherwise: Take) -> Take:
    """The lane of a plan of the model with this hash; `otherwise` is the long way, and given back where none is."""
    if plan.wanted is not None or len(plan.outputs) != 1 or not all(_is_plain(step) for step in plan.steps):
        return otherwise
    try:
        tables = {step.place: lane_table(step.node, _table(step)) for step in plan.steps}
        lane = Lane(plan, model, tuple(tables.values()))
        return _Writer(tables).lane(plan, lane, otherwise)
    except NoLane:
        return otherwise


def _table(step: Step) -> Table:
    assert isinstance(step.node.logic, Table)
    return step.node.logic


def _is_plain(step: Step) -> bool:
    node, table = step.node, step.node.logic
    return (
        isinstance(table, Table)
        and not (node.functions or node.faults or step.imported)
        and len(table.blocks) <= 1
        and not any(block.open_cells for block in table.blocks)
        and all(column.path for column in table.inputs)
    )


class _Writer:
    """One function being written: its lines, the constants that they name, and the class of each variable.

    A text's class is not looked at where the text is looked up: what is found among texts is one.
    """

    def __init__(self, tables: Mapping[int, LaneTable]) -> None:
        self._tables = tables
        self._places = 0
        self._passed_over: set[str] = set()  # texts that are left to the long way where no cell names them
        self._untold: set[str] = set()  # texts that nothing has shown to be texts yet
        self._lines: list[str] = []
        self._constants: dict[str, object] = {
            "bisect_left": bisect_left,
            "bisect_right": bisect_right,
            "Decimal": Decimal,
            "dict": dict,
            "int": int,
            "Outcome": Outcome,
        }
        self._classes: dict[str, type] = {}
        self._paths: dict[tuple[str, ...], str] = {}

    def lane(self, plan: Plan, lane: Lane, otherwise: Take) -> Take:
        """Write the function of a plan; `otherwise` is asked where it gives up."""
        self._lines.append("if inputs.__class__ is not dict: inputs = dict(inputs)")  # others may make up entries
        for place, node in plan.inputs:
            self._input(place, node)
        for step in plan.steps:
            self._step(step)
        for variable in sorted(self._untold):
            self._lines.append(f"if {variable}.__class__ is not {self._constant(str)}: {_GIVE_UP}")
        trail = ", ".join([f"v{place}" for place, _ in plan.inputs] + [f"f{step.place}" for step in plan.steps])
        self._lines += [
            "outcome = Outcome()",
            f"outcome.value = v{plan.outputs[0][1]}",
            "outcome.faults = ()",
            f"outcome._trail = (lane, now, {trail})",
            "return outcome",
        ]
        self._constants |= {
            "lane": lane,
            "otherwise": otherwise,
            "KeyError": KeyError,
            "gave_up": (KeyError, TypeError, InvalidOperation, Inadmissible, RecursionError),
        }
        namespace: dict[str, Any] = {**self._constants, "__builtins__": {}}
        body = "\n        ".join(self._lines)
        exec(  # noqa: S102 - no text of an author
            f"def take(inputs, now):\n    try:\n        {body}\n    except gave_up:\n        pass\n"
            "    return otherwise(inputs, now)\n",
            namespace,
        )
        made: Take = namespace["take"]
        return made

    # Inputs and types

    def _input(self, place: int, node: InputNode) -> None:
        variable = f"v{place}"
        self._lines.append(f"{variable} = inputs[{self._constant(node.key)}]")
        if node.expected is not None:
            self._must_be(variable, node.expected)
            return
        self._lines.append(f"if {variable}.__class__ is int: {variable} = Decimal({variable})")
        self._lines.append(f"if {self._constant(admitted)}({variable}, '') is not {variable}: {_GIVE_UP}")
        if node.wanted is not None:
            self._must_conform(variable, node.wanted)

    def _must_be(self, variable: str, expected: type) -> None:
        """Give up on a value of another class; a whole `int` is a number."""
        known = self._classes.setdefault(variable, expected)
        if known is not expected:
            raise NoLane
        if expected is str:
            self._untold.add(variable)
            return
        self._lines.append(f"if {variable}.__class__ is not {self._constant(expected)}:")
        if expected is Decimal:
            self._lines += [
                f"    if {variable}.__class__ is not int: {_GIVE_UP}",
                f"    {variable} = Decimal({variable})",
            ]
        else:
            self._lines.append(f"    {_GIVE_UP}")

    def _must_conform(self, variable: str, wanted: Type) -> None:
        """Give up on a value that is not of a type as it is."""
        expected = class_of(wanted)
        if expected is not None:
            if self._classes.get(variable) is not expected:
                self._must_be(variable, expected)
        elif isinstance(wanted, ContextType):
            self._must_be(variable, dict)
            for name, entry in wanted.entries:
                self._entry_must_conform(f"{variable}[{self._constant(name)}]", entry)
        elif isinstance(wanted, ConstrainedType) and (kind := class_of(wanted.base)) is not None:
            self._must_conform(variable, wanted.base)
            tests = wanted.tests
            if isinstance(tests, UnaryTests) and tests.literals is not None:
                self._must_be_found(variable, index([Cells(1, tests, tests.literals)], 0), kind)
            else:
                self._lines.append(f"if not {self._constant(wanted.conforms)}({variable}): {_GIVE_UP}")
        else:
            self._lines.append(f"if not {self._constant(wanted.conforms)}({variable}): {_GIVE_UP}")

    def _entry_must_conform(self, entry: str, wanted: Type) -> None:
        expected = class_of(wanted)
        quick = f"part.__class__ is not {self._constant(expected)} and " if expected is not None else ""
        self._lines += [
            f"part = {entry}",
            f"if {quick}part is not None and not {self._constant(wanted.conforms)}(part): {_GIVE_UP}",
        ]

    def _must_be_found(self, variable: str, allowed: Column, kind: type) -> None:
        """Give up on a value that is not among those allowed."""
        if kind not in allowed.finders:
            raise NoLane
        found = allowed.indexes[kind]
        if isinstance(found, Equality) and not found.otherwise:
            values = frozenset(value for value, rules in found.named.items() if rules)
            self._lines.append(f"if {variable} not in {self._constant(values)}: {_GIVE_UP}")
        else:
            self._lines.append(f"if not {self._constant(allowed.finders[kind])}({variable}): {_GIVE_UP}")

    # Tables

    def _step(self, step: Step) -> None:
        own = step.place
        lane, table = self._tables[own], _table(step)
        places = dict(step.places)
        variables = [self._column_value(column, places) for column in table.inputs]
        look_ups: list[LookUp] = []
        for position, column in table.blocks[0].columns if table.blocks else ():
            kind, found = self._index_of(column, variables[position])
            look_ups.append(look_up(variables[position], found))
            lane.certain = lane.certain and kind in column.certain
        if lane.single:
            self._single(own, look_ups, lane)
        else:
            self._set(own, lane.searched(look_ups))
            self._lines += [
                f"v{own} = {self._constant(lane.collect)}(f{own})",
                f"if v{own} is {self._constant(GIVE_UP)}: {_GIVE_UP}",
            ]

    def _column_value(self, column: Input, places: Mapping[str, int]) -> str:
        """The variable that holds what a column looks at, once it is known to be what the column takes."""
        name, *entries = column.path
        if name not in places:
            raise NoLane
        variable = f"v{places[name]}"
        for depth, entry in enumerate(entries, 1):
            path = (variable, *entries[:depth])
            if path not in self._paths:
                base = self._paths.get(path[:-1], variable)
                if self._classes.get(base) is not dict:
                    self._must_be(base, dict)
                own = f"e{len(self._paths)}"
                self._lines.append(f"{own} = {base}[{self._constant(entry)}]")
                self._paths[path] = own
        variable = self._paths.get((variable, *entries), variable)
        if column.limits is not None:
            self._limit(variable, column.limits)
        return variable

    def _limit(self, variable: str, limits: Limits) -> None:
        if limits.type is not None:
            self._must_conform(variable, limits.type)
        if limits.allowed is not None:
            kind, _ = self._index_of(limits.allowed, variable)
            self._must_be_found(variable, limits.allowed, kind)

    def _index_of(self, column: Column, variable: str) -> tuple[type, Equality | Order]:
        """The index for the values of a variable; where their class is not known it must be the only one indexed."""
        kind = self._classes.get(variable)
        if kind is None:
            kinds = [kind for kind in column.indexes if kind is not NoneType]
            if len(kinds) != 1:
                raise NoLane
            (kind,) = kinds
            self._must_be(variable, kind)
        if kind not in column.indexes:
            raise NoLane
        return kind, column.indexes[kind]

    def _single(self, own: int, look_ups: Sequence[LookUp], lane: LaneTable) -> None:
        """The one rule that hits, by its number (-1: none), and what it gives."""
        found = f"f{own}"
        arranged, rules = lane.searched(look_ups), len(lane.constants)
        if lane.table.default is None:  # no hit gives nothing then, and the long way may say so
            self._passed_over |= {look.variable for look in look_ups if look.rest_hits_nothing}
        if arranged.whole:
            self._lines.append(f"{found} = {self._combined(arranged.placed, arranged.found)}")
            if arranged.gives_up:
                self._lines.append(f"if {found} is None: {_GIVE_UP}")
        elif (bucketed := buckets(look_ups, rules, lane.table.source.hit_policy)) is not None:
            self._bucket(own, bucketed, lane.table.source.hit_policy)
            if bucketed.goes_on:
                written = len(self._lines)
                self._one_of(own, arranged, lane)
                self._lines[written:] = [f"if {found} is None:", *(f"    {line}" for line in self._lines[written:])]
        else:
            self._one_of(own, arranged, lane)
        self._lines.append(f"v{own} = {self._constant(lane.values)}[{found}]")
        always = arranged.always_hits(self._passed_over)
        classes = {value.__class__ for value in (lane.values[:-1] if always else lane.values)}
        if classes == {dict}:
            self._lines.append(f"v{own} = v{own}.copy()")  # whoever gets it may change it
        elif dict in classes:
            self._lines.append(f"if v{own}.__class__ is dict: v{own} = v{own}.copy()")
        if len(classes) == 1:
            (self._classes[f"v{own}"],) = classes

    def _one_of(self, own: int, arranged: Search, lane: LaneTable) -> None:
        """The rule that counts of the set of rules that hit."""
        found = f"f{own}"
        self._set(own, arranged)
        if lane.table.source.hit_policy is HitPolicy.FIRST:
            self._lines.append(f"{found} = ({found} & -{found}).bit_length() - 1")
        else:
            self._lines += [
                f"n = {found}.bit_length() - 1",
                f"if {found} and {found} != 1 << n: {_GIVE_UP}",
                f"{found} = n",
            ]

    def _bucket(self, own: int, bucketed: Buckets, policy: HitPolicy) -> None:
        """The rule that hits out of a bucket; several that hit are none of its sets, and a `KeyError`."""
        parts = "".join(f"k{number}, a{number}, " for number, _ in enumerate(bucketed.sides))
        sets = " & ".join(f"a{number}[{self._side(number, side)}]" for number, side in enumerate(bucketed.sides))
        self._lines += [
            f"{parts}hits = {self._combined(bucketed.placed, bucketed.found)}",
            f"s = {sets}",
            f"f{own} = hits[{'s & -s' if policy is HitPolicy.FIRST else 's'}]",
        ]

    def _side(self, number: int, side: LookUp) -> str:
        """The place in a bucket of what a column looks at."""
        if found_by_number(side):
            return self._answer(side)
        return f"{'bisect_right' if side.kind is Kind.OPENS else 'bisect_left'}(k{number}, {side.variable})"

    def _set(self, own: int, arranged: Search) -> None:
        """The set of rules that hit."""
        sets = [self._answer(look) for look in arranged.met]
        if arranged.placed or not sets:
            sets.insert(0, self._combined(arranged.placed, arranged.found))
        self._lines.append(f"f{own} = {' & '.join(sets)}")

    def _combined(self, placed: Sequence[LookUp], found: Any) -> str:
        """What is found where the look-ups say; the first one answers with what the others look in."""
        if not placed:
            return self._constant(found)
        first, *others = placed
        answer = self._answer(replace(first, answers=[found[place] for place in first.answers]))
        return answer + "".join(f"[{self._answer(look)}]" for look in others)

    def _answer(self, look: LookUp) -> str:
        """A look-up's answer to the value of its variable."""
        value, keys = look.variable, look.keys
        if look.kind is Kind.EQUAL:
            named = dict(zip(keys, look.answers, strict=False))
            if self._classes.get(value) is str:
                self._untold.discard(value)
                if value in self._passed_over:
                    return f"{self._constant(named)}[{value}]"
                return f"{self._constant(Texts(named, look.answers[-1]))}[{value}]"
            return f"{self._constant(named)}.get({value}, {self._constant(look.answers[-1])})"
        if found_by_number(look):
            return f"{self._constant(Numbers(look))}[{value}]"
        answers, points = self._constant(tuple(look.answers)), self._constant(keys)
        if look.kind is Kind.OPENS:
            return f"{answers}[bisect_right({points}, {value})]"
        if look.kind is Kind.CLOSES:
            return f"{answers}[bisect_left({points}, {value})]"
        place = self._place()
        self._lines.append(f"{place} = bisect_left({points}, {value})")
        return f"{answers}[2 * {place} + ({place} < {len(keys)} and {points}[{place}] == {value})]"

    def _place(self) -> str:
        self._places += 1
        return f"p{self._places}"

    def _constant(self, value: object) -> str:
        name = f"c{len(self._constants)}"
        self._constants[name] = value
        return name

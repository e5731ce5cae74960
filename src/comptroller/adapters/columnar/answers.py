"""What an answer looks like in Arrow: a column for each output, of a type known before the first row is decided.

Where all answers are constants of the table, they tell the type: numbers are decimals of just the digits and the scale
that the widest of them needs. Otherwise the declared type does; computed numbers are then decimals of 38 digits before
and 38 after the point. A decision of which neither is known must declare its type.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from comptroller.adapters.columnar.rule_sets import Codes
from comptroller.adapters.columnar.spread import spread
from comptroller.domain.decisions.definitions import Aggregation, HitPolicy
from comptroller.domain.decisions.item_types import ConstrainedType
from comptroller.domain.decisions.plans import Step
from comptroller.domain.decisions.run import Run, hold
from comptroller.domain.decisions.tables import Table
from comptroller.domain.feel import Evaluation, Kind, Type, Value
from comptroller.domain.feel.types import ContextType, KindType, ListType
from comptroller.domain.kernel.fault import Fault

TEXT: Final = pa.dictionary(pa.int32(), pa.string())
COMPUTED_NUMBER: Final = pa.decimal256(76, 38)
_NARROW_DIGITS: Final = 38
_WIDE_DIGITS: Final = 76

_DECLARED: Final = {
    Kind.NUMBER: COMPUTED_NUMBER,
    Kind.STRING: TEXT,
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
}
ONE_RULE: Final = frozenset({HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY})
"""The policies whose answer is that of one rule."""

_LISTS: Final = frozenset({HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})
_SAME_AS_RULES: Final = frozenset({Aggregation.MIN, Aggregation.MAX})


class Untyped(Exception):
    """The Arrow type of an answer is not known; the message says of which decision."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the answers; `entry` is the entry of the answer that it holds, empty for the whole answer."""

    name: str
    type: Any
    entry: str = ""

    def array(self, answers: Iterable[Value]) -> Any:
        """The column of some answers, all of which it holds."""
        own = [self._own(answer) for answer in answers]
        if not pa.types.is_dictionary(self.type):
            return pa.array(own, self.type)
        return pa.array(own, self.type.value_type).dictionary_encode()

    def holds(self, answers: Sequence[Value]) -> bool:
        """Say whether all of some answers fit the column, exactly."""
        try:
            self.array(answers)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            return False
        return True

    def _own(self, answer: Value) -> Value:
        if not self.entry:
            return answer
        return answer.get(self.entry) if isinstance(answer, dict) else None


@dataclass(frozen=True, slots=True)
class Own:
    """What one row has got by itself: the answer, the number of its rule (0: none), and what went wrong."""

    answer: Value
    rule: int
    faults: tuple[Fault, ...]


class Answers:
    """The answers of numbered outcomes as Arrow arrays, from which rows take theirs."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self.fields = fields
        self._columns = [field.array(()) for field in fields]
        self.rules = pa.array((), pa.uint32())

    def grown(self, answers: Sequence[Value], rules: Sequence[int]) -> "Answers":
        """These, with those of the outcomes that have come since."""
        known = len(self.rules)
        if len(answers) == known:
            return self
        grown = Answers(self.fields)
        grown._columns = [
            pa.concat_arrays([column, field.array(answers[known:])])
            for field, column in zip(self.fields, self._columns, strict=True)
        ]
        grown.rules = pa.concat_arrays([self.rules, _numbers(rules[known:])])
        return grown

    def columns(self, codes: Codes) -> list[Any]:
        """The columns of rows that have these outcomes."""
        return spread(self._columns, codes)

    def with_own(self, own: Sequence[Own], rows: Codes) -> tuple["Answers", dict[int, tuple[Fault, ...]]]:
        """These and, from the next number on, what some rows have got by themselves; what went wrong, by row."""
        faults = {row: each.faults for row, each in zip(rows.tolist(), own, strict=True) if each.faults}
        answers = [each.answer for each in own]
        for place in unheld(self.fields, answers) if own else ():
            wrong = [_unheld(field.name) for field in self.fields if not field.holds((answers[place],))]
            faults[int(rows[place])] = (*own[place].faults, *wrong)
            answers[place] = None
        known = len(self.rules)
        return self.grown([None] * known + answers, [0] * known + [each.rule for each in own]), faults


def unheld(fields: Sequence[Field], answers: Sequence[Value], first: int = 0) -> list[int]:
    """The places, counted from `first` on, of answers that do not fit their columns."""
    if all(field.holds(answers) for field in fields):
        return []
    if len(answers) == 1:
        return [first]
    half = len(answers) // 2
    return unheld(fields, answers[:half], first) + unheld(fields, answers[half:], first + half)


def _numbers(rules: Iterable[int]) -> Any:
    return pa.array([rule or None for rule in rules], pa.uint32())


def _unheld(name: str) -> Fault:
    return Fault(
        "COLUMN-VALUE-01",
        name,
        f"the answer does not fit the column `{name}`",
        by="columnar",
        help="round it, or ask for the row by itself",
    )


def fields_of(step: Step, name: str) -> tuple[Field, ...]:
    """The columns of a decision's answers; raises `Untyped` where nothing tells their types."""
    wanted, table = step.node.wanted, step.node.logic
    known = _known(step)
    if known is not None:
        return _fields(name, _type_of(known))
    if wanted is not None:
        return _fields(name, _declared(wanted, name))
    if not isinstance(table, Table):
        raise Untyped(_advice(name))
    return _fields(name, _type_of_table(table, name))


def _known(step: Step) -> list[Value] | None:
    """All answers there can be, where each is that of one rule and a constant."""
    table, node = step.node.logic, step.node
    if not isinstance(table, Table) or table.source.hit_policy not in ONE_RULE:
        return None
    rules = [*table.conclusions] + ([table.default] if table.default is not None else [])
    constants = [rule.constant for rule in rules if rule.constant is not None]
    if len(constants) < len(rules):
        return None
    run = Run(Evaluation())
    return [hold(node.wanted, table.conclusion.value(constant), run, node.path) for constant in constants]


def _fields(name: str, arrow_type: Any) -> tuple[Field, ...]:
    if not pa.types.is_struct(arrow_type):
        return (Field(name, _at_top(arrow_type)),)
    return tuple(Field(part.name, _at_top(part.type), part.name) for part in arrow_type)


def _at_top(arrow_type: Any) -> Any:
    return TEXT if pa.types.is_string(arrow_type) else arrow_type


def _advice(name: str) -> str:
    return f"nothing tells the type of what `{name}` answers"


def _type_of_table(table: Table, name: str) -> Any:
    """The type of what a table gives, from its constants or from the declared types of its outputs."""
    rules = [*table.conclusions] + ([table.default] if table.default is not None else [])
    constants = [rule.constant for rule in rules if rule.constant is not None]
    if len(constants) == len(rules):
        columns = [_type_of([outputs[place] for outputs in constants]) for place in range(len(table.outputs))]
    else:
        columns = [_declared(None if limits is None else limits.type, name) for limits in table.outputs]
    names = table.conclusion.names
    element = pa.struct(list(zip(names, columns, strict=True))) if names else columns[0]
    policy, aggregation = table.source.hit_policy, table.source.aggregation
    if policy in _LISTS or (policy is HitPolicy.COLLECT and aggregation is Aggregation.LIST):
        return pa.list_(element)
    if policy is not HitPolicy.COLLECT or aggregation in _SAME_AS_RULES:
        return element
    if aggregation is Aggregation.COUNT:
        return pa.decimal128(_NARROW_DIGITS, 0)
    return pa.decimal128(_NARROW_DIGITS, element.scale) if pa.types.is_decimal128(element) else COMPUTED_NUMBER


def _declared(wanted: Type | None, name: str) -> Any:
    while isinstance(wanted, ConstrainedType):
        wanted = wanted.base
    match wanted:
        case KindType() if wanted.kind in _DECLARED:
            found = _DECLARED[wanted.kind]
            return pa.string() if found is TEXT else found
        case ListType():
            return pa.list_(_declared(wanted.element, name))
        case ContextType():
            return pa.struct([(entry, _declared(inner, name)) for entry, inner in wanted.entries])
    raise Untyped(_advice(name))


def _type_of(values: Iterable[Value]) -> Any:
    """The narrowest type that holds some values."""
    present = [value for value in values if value is not None]
    kinds = {value.__class__ for value in present}
    if not kinds:
        return pa.null()
    if kinds == {Decimal}:
        return _decimal([value for value in present if isinstance(value, Decimal)])
    if kinds == {list}:
        return pa.list_(_type_of(item for value in present if isinstance(value, list) for item in value))
    if kinds == {dict}:
        contexts = [value for value in present if isinstance(value, dict)]
        names = dict.fromkeys(name for context in contexts for name in context)
        return pa.struct([(name, _type_of(context.get(name) for context in contexts)) for name in names])
    for kind, found in ((str, pa.string()), (bool, pa.bool_()), (date, pa.date32())):
        if kinds == {kind}:
            return found
    raise Untyped("the rules give values of several types, or of one that Arrow does not have")


def _decimal(values: Sequence[Decimal]) -> Any:
    scale = max(max(0, -int(value.as_tuple().exponent)) for value in values)
    whole = max(max(0, value.adjusted() + 1) for value in values)
    digits = max(1, whole + scale)
    if digits > _WIDE_DIGITS:
        raise Untyped("the numbers of the rules are too far apart for one column")
    return pa.decimal128(digits, scale) if digits <= _NARROW_DIGITS else pa.decimal256(digits, scale)

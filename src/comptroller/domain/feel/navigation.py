"""Paths, filters, iterations and quantifiers over lists.

SOURCE: DMN 1.5, clauses 10.3.2.5 (lists, filters), 10.3.2.14 (for) and 10.3.2.15 (some, every). A value that is no list
is taken for a list of one. Each step is paid for from the run's budget before it is made.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from comptroller.domain.feel import calendar
from comptroller.domain.feel.arithmetic import whole
from comptroller.domain.feel.evaluation import Evaluation, Undefined
from comptroller.domain.feel.properties import PROPERTIES
from comptroller.domain.feel.values import Kind, Range, Value, exactly, kind_of

Source = Callable[..., Iterator[Value]]
"""Gives what an iteration runs over; takes the variables of the iterations before it."""

_PRICE: Final = 2
"""Iterations that a property of a value is worth."""

_NOTHING: Final[dict[str, Value]] = {}
"""Stands for an item where there is none: whether a filter is a number can only be asked of one."""


def member(run: Evaluation, at: int, base: Value, name: str) -> Value:
    """`base.name`: the entry of a context, of each context of a list, or a property of a value."""
    if isinstance(base, dict):
        if name in base:
            return base[name]
        run.note("FEEL-NAME-02", at, f"the context has no entry `{name}`")
        return None
    if isinstance(base, list):
        run.place = at
        run.charge(len(base))
        return [item[name] if item.__class__ is dict and name in item else member(run, at, item, name) for item in base]
    run.charge(_PRICE)
    found = PROPERTIES.get((kind_of(base), name))
    if found is None:
        run.note("FEEL-NAME-02", at, f"{kind_of(base)} has no property `{name}`")
        return None
    return found(base)


def items_of(value: Value) -> list[Value]:
    """Take a value for a list: null has no items."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def nth(run: Evaluation, at: int, base: Value, index: Value) -> Value:
    """`base[index]`: counted from 1, or from -1 at the end; null where there is no such item."""
    items = items_of(base)
    index = exactly(index)
    place = whole(Decimal(index)) if isinstance(index, Decimal | int) else None
    if place and -len(items) <= place <= len(items):
        return items[place - 1 if place > 0 else place]
    run.note("FEEL-VALUE-02", at, f"the list of {len(items)} has no item {index}")
    return None


def select(run: Evaluation, at: int, base: Value, condition: Callable[[Value], Value]) -> Value:
    """`base[condition]`: the items for which it is true, or the one item it names by a number."""
    items = items_of(base)
    chosen: list[Value] = []
    run.place = at
    run.charge(len(items))
    for item in items or [_NOTHING]:
        verdict = condition(item) if items else run.unnoted(lambda: condition(_NOTHING))
        if verdict is True:
            chosen.append(item)
        elif verdict is not None and verdict is not False:
            if kind_of(verdict) is Kind.NUMBER:
                return nth(run, at, base, verdict)
            run.note("FEEL-TYPE-03", at, f"a filter is a condition or a number, not {kind_of(verdict)}")
            return None
    return chosen if items else []


def every_item(run: Evaluation, source: Value) -> Iterator[Value]:
    """Run over what an iteration names: a list, a range of whole numbers or days, or one value."""
    if isinstance(source, Range):
        yield from _steps(run, source)
        return
    if source is None:
        raise Undefined("nothing to run over", "FEEL-VALUE-03")
    items = items_of(source)
    run.charge(len(items))
    yield from items


def steps(run: Evaluation, start: Value, end: Value) -> Iterator[Value]:
    """Run over `start..end`, upwards or downwards, both ends included."""
    return _steps(run, Range(start, end, start_included=True, end_included=True))


def _steps(run: Evaluation, bounds: Range) -> Iterator[Value]:
    start, end = bounds.start, bounds.end
    kind = kind_of(start)
    numbers: list[int | None] = [None, None]
    if kind is kind_of(end) and kind is Kind.NUMBER:
        numbers = [whole(Decimal(bound)) for bound in (exactly(start), exactly(end))]
    elif kind is kind_of(end) and kind is Kind.DATE:
        numbers = [calendar.day_number(bound) for bound in (start, end)]  # type: ignore[arg-type]  # the kind says so
    low, high = numbers
    if low is None or high is None:
        raise Undefined("an iteration runs between two whole numbers or two days", "FEEL-VALUE-03")
    direction = 1 if low <= high else -1
    first = low if bounds.start_included else low + direction
    last = high + direction if bounds.end_included else high
    for number in range(first, last, direction):
        run.charge(1)
        yield Decimal(number) if kind is Kind.NUMBER else calendar.day_of_number(number)


def iterate(
    run: Evaluation,
    at: int,
    sources: tuple[Source, ...],
    body: Callable[..., Value],
    partial: bool,  # noqa: FBT001  # called by generated code
) -> Value:
    """`for ... return body`; `body` takes the variables and, with `partial`, a copy of the results so far."""
    results: list[Value] = []

    def so_far() -> list[Value]:
        run.charge(len(results))
        return list(results)

    return _gather(run, at, sources, (lambda *bound: body(*bound, so_far())) if partial else body, results)


def accumulate(run: Evaluation, at: int, sources: tuple[Source, ...], body: Callable[..., Value]) -> Value:
    """`for ... return body` where the body only takes items out of `partial`: it is handed the growing list itself."""
    results: list[Value] = []
    return _gather(run, at, sources, lambda *bound: body(*bound, results), results)


def _gather(
    run: Evaluation, at: int, sources: tuple[Source, ...], body: Callable[..., Value], results: list[Value]
) -> Value:
    run.place = at
    try:
        for variables in _combinations(sources, ()):
            results.append(body(*variables))  # noqa: PERF401  # the body may look into the list while it grows
    except Undefined as undefined:
        run.note(undefined.code, at, undefined.message)
        return None
    return results


def quantify(
    run: Evaluation, at: int, decider: bool, sources: tuple[Source, ...], condition: Callable[..., Value]  # noqa: FBT001  # called by generated code
) -> bool | None:  # fmt: skip
    """`some` (decided by one true) or `every` (decided by one false); null when neither decided nor all alike."""
    result: bool | None = not decider
    run.place = at
    try:
        for variables in _combinations(sources, ()):
            verdict = condition(*variables)
            if verdict is decider:
                return decider
            if verdict is not (not decider):
                if verdict is not None:
                    run.note("FEEL-TYPE-03", at, f"a condition is true or false, not {kind_of(verdict)}")
                result = None
    except Undefined as undefined:
        run.note(undefined.code, at, undefined.message)
        return None
    return result


def _combinations(sources: tuple[Source, ...], bound: tuple[Value, ...]) -> Iterator[tuple[Value, ...]]:
    values = sources[len(bound)](*bound)
    if len(bound) + 1 == len(sources):
        for value in values:
            yield (*bound, value)
    else:
        for value in values:
            yield from _combinations(sources, (*bound, value))

"""Calling functions: those written in FEEL, those a model gives, and the language's own, by position or by name.

SOURCE: DMN 1.5, clause 10.3.2.13. An argument that does not fit makes the call null, with a diagnostic. Where a
parameter wants one kind and the argument is of another, the implicit conversions of clause 10.3.2.9.4 are tried.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import DecimalException
from functools import lru_cache
from typing import Final

from comptroller.domain.feel.arithmetic import midnight
from comptroller.domain.feel.evaluation import CALLS_MAX, CHARACTERS_PER_STEP, Evaluation, Stopped, Undefined
from comptroller.domain.feel.types import coerce
from comptroller.domain.feel.values import (
    Builtin,
    Function,
    Kind,
    Overload,
    Parameter,
    Value,
    classes_of,
    exactly,
    kind_of,
)
from comptroller.domain.feel.watching import TRANSPARENT, WatchedDay, WatchedNumber, WatchedText

_PRICE: Final = 2
"""Iterations that a call of a built-in function is worth, beside its arguments and their items."""


def invoke(run: Evaluation, at: int, callee: Value, *arguments: Value) -> Value:
    """`callee(arguments)`"""
    if isinstance(callee, Builtin):
        call = call_of(callee, len(arguments))
        return _invoke_builtin(run, at, callee, arguments) if call is None else invoke_as(run, at, call, *arguments)
    if not isinstance(callee, Function):
        _not_a_function(run, at, callee)
        return None
    if len(arguments) != len(callee.parameters):
        run.note("FEEL-CALL-02", at, f"the function takes {len(callee.parameters)} arguments, not {len(arguments)}")
        return None
    return _invoke_function(run, at, callee, arguments)


def invoke_named(run: Evaluation, at: int, callee: Value, names: tuple[str, ...], *arguments: Value) -> Value:
    """`callee(name: argument, ...)`"""
    given = dict(zip(names, arguments, strict=True))
    if isinstance(callee, Builtin):
        return _invoke_builtin_named(run, at, callee, given)
    if not isinstance(callee, Function):
        _not_a_function(run, at, callee)
        return None
    if given.keys() != set(callee.parameters):
        run.note("FEEL-CALL-02", at, f"the function's parameters are `{', '.join(callee.parameters)}`")
        return None
    return _invoke_function(run, at, callee, [given[name] for name in callee.parameters])


def _not_a_function(run: Evaluation, at: int, callee: Value) -> None:
    run.note("FEEL-CALL-01", at, f"{kind_of(callee)} is no function")


def _invoke_function(run: Evaluation, at: int, callee: Function, arguments: Sequence[Value]) -> Value:
    fitting = list(arguments)
    run.place = at
    for index, constraint in enumerate(callee.constraints):
        if constraint is None:
            continue
        run.weigh(fitting[index])  # a type may look at everything that the value holds
        fits, fitting[index] = coerce(constraint, fitting[index])
        if not fits:
            message = f"the argument for `{callee.parameters[index]}` is of another type: {kind_of(arguments[index])}"
            run.note("FEEL-CALL-03", at, message)
            return None
    if run.calls >= CALLS_MAX:
        raise Stopped("FEEL-LIMIT-04", f"more than {CALLS_MAX} calls of functions are inside one another")
    run.calls += 1
    run.charge(1)
    try:
        return callee.call(*fitting)
    finally:
        run.calls -= 1


@dataclass(frozen=True, slots=True)
class BuiltinCall:
    """A call of a built-in function as it is written, with what its number of arguments tells."""

    builtin: Builtin
    overload: Overload
    """The first way of calling the function that takes so many arguments, which is asked first."""
    classes: tuple[frozenset[type], ...]
    """For each argument the classes that need no conversion."""


@lru_cache(maxsize=1024)
def call_of(builtin: Builtin, count: int) -> BuiltinCall | None:
    """Prepare a call with so many arguments; None when the function does not take as many."""
    overload = next(iter(_overloads_for(builtin, count)), None)
    if overload is None:
        return None
    parameters = _repeated(overload.parameters, count)[:count]
    return BuiltinCall(builtin, overload, tuple(map(_classes, parameters)))


def _classes(parameter: Parameter) -> frozenset[type]:
    kinds = parameter.kinds or frozenset(Kind)
    return classes_of(kinds | {Kind.NULL} if parameter.nullable or parameter.optional else kinds)


def invoke_as(run: Evaluation, at: int, call: BuiltinCall, *arguments: Value) -> Value:
    """`builtin(arguments)`; where every argument is of a class that is wanted, nothing else is looked at."""
    for classes, argument in zip(call.classes, arguments, strict=True):
        if argument.__class__ not in classes:
            return _invoke_builtin(run, at, call.builtin, arguments)
    return _run_builtin(run, at, call.builtin, call.overload, arguments)


def _overloads_for(builtin: Builtin, count: int) -> list[Overload]:
    return [
        overload
        for overload in builtin.overloads
        if overload.required <= count and (overload.variadic or count <= len(overload.parameters))
    ]


def _invoke_builtin(run: Evaluation, at: int, builtin: Builtin, arguments: tuple[Value, ...]) -> Value:
    complaint = ""
    for overload in _overloads_for(builtin, len(arguments)):
        fitted = _fit(overload, arguments)
        if not isinstance(fitted, str):
            return _run_builtin(run, at, builtin, overload, fitted)
        complaint = complaint or fitted
    message = complaint or f"does not take {len(arguments)} arguments"
    run.note("FEEL-CALL-03" if complaint else "FEEL-CALL-02", at, f"`{builtin.name}` {message}")
    return None


def _invoke_builtin_named(run: Evaluation, at: int, builtin: Builtin, given: Mapping[str, Value]) -> Value:
    complaint = ""
    for overload in builtin.overloads:
        parameters = overload.parameters
        known = {parameter.name for parameter in parameters}
        # by name, what may be null may be left out; the leading engines agree, the standard does not say
        required = {parameter.name for parameter in parameters if not (parameter.optional or parameter.nullable)}
        if not given.keys() <= known or not required <= given.keys():
            continue
        arguments = [given.get(parameter.name) for parameter in parameters]
        while (
            arguments and parameters[len(arguments) - 1].name not in given and parameters[len(arguments) - 1].optional
        ):
            arguments.pop()
        fitted = _fit(overload, arguments)
        if not isinstance(fitted, str):
            return _run_builtin(run, at, builtin, overload, fitted)
        complaint = complaint or fitted
    message = complaint or f"has no parameters `{', '.join(given)}`"
    run.note("FEEL-CALL-03" if complaint else "FEEL-CALL-02", at, f"`{builtin.name}` {message}")
    return None


def _run_builtin(run: Evaluation, at: int, builtin: Builtin, overload: Overload, arguments: Sequence[Value]) -> Value:
    cost = _PRICE + len(arguments)
    for argument in arguments:
        if argument.__class__ is list:
            cost += len(argument)
        elif argument.__class__ is str:
            cost += len(argument) // CHARACTERS_PER_STEP
    run.place = at
    run.charge(cost)
    if run.watches:
        if builtin.name == "string" and isinstance(arguments[0], WatchedNumber | WatchedDay):
            return WatchedText(str(overload.call(run, arguments[0].plain)), (arguments[0],))
        if builtin.name not in TRANSPARENT:
            arguments = [exactly(argument) for argument in arguments]
    try:
        if overload.with_evaluation:
            return overload.call(run, *arguments)
        return overload.call(*arguments)
    except DecimalException:
        run.note("FEEL-NUMBER-01", at, f"`{builtin.name}`: the result is beyond the range of FEEL")
        return None
    except Undefined as undefined:
        run.note(undefined.code, at, f"`{builtin.name}`: {undefined.message}")
        return None


def _fit(overload: Overload, arguments: Sequence[Value]) -> Sequence[Value] | str:
    """Convert the arguments to what the parameters take; a text says why that cannot be."""
    fitted: list[Value] = []
    parameters = _repeated(overload.parameters, len(arguments))
    for parameter, argument in zip(parameters, arguments, strict=False):
        if not parameter.kinds or kind_of(argument) in parameter.kinds:
            fitted.append(argument)
            continue
        if argument is None and (parameter.nullable or parameter.optional):
            fitted.append(None)
            continue
        converted = _convert(parameter, argument)
        if converted is None:
            wanted = " or ".join(sorted(parameter.kinds))
            return f"takes {wanted} for `{parameter.name}`, not {kind_of(argument)}"
        fitted.append(converted)
    return fitted


def _repeated(parameters: tuple[Parameter, ...], count: int) -> tuple[Parameter, ...]:
    """Let the last parameter repeat until there are so many."""
    return parameters + parameters[-1:] * (count - len(parameters))


def _convert(parameter: Parameter, argument: Value) -> Value:
    if isinstance(argument, list):
        single = argument[0] if len(argument) == 1 else None
        return single if kind_of(single) in parameter.kinds else None
    if argument is None:
        return None
    if Kind.DATE_AND_TIME in parameter.kinds and kind_of(argument) is Kind.DATE:
        return midnight(argument)  # type: ignore[arg-type]  # the kind says that it is a day
    return [argument] if Kind.LIST in parameter.kinds else None

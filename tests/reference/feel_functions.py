"""The register of the language's functions: what each takes, under the standard's names, and how a call finds one.

SOURCE: DMN 1.5, clause 10.3.4 (signatures), 10.3.2.13.5 (invocation) and 10.3.2.9.4 (conversions of arguments).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reference.feel_operators import midnight
from tests.reference.feel_values import Day, Unstated, Value, kind

Body = Callable[..., Value]
Call = Callable[[Value, list[Value]], Value]
"""Calls a function value with arguments: the evaluator's, for functions that take functions."""


@dataclass(frozen=True)
class Parameter:
    """A parameter: its name, the kinds it takes (none: anything, null too), whether it may be left out or repeats."""

    name: str
    kinds: frozenset[str]
    optional: bool
    repeats: bool


@dataclass(frozen=True)
class Signature:
    """One way of calling a function."""

    parameters: tuple[Parameter, ...]
    body: Body
    takes_call: bool


FUNCTIONS: dict[str, list[Signature]] = {}
POINTS = "number|string|date|time|date and time|days and time duration|years and months duration"


def native(
    name: str, *parameters: str, takes_call: bool = False
) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register a function: `length?: number` may be left out, `*list: list` repeats, `item` takes anything."""
    made = tuple(_parameter(text) for text in parameters)

    def register(body: Body) -> Body:
        FUNCTIONS.setdefault(name, []).append(Signature(made, body, takes_call))
        return body

    return register


def _parameter(text: str) -> Parameter:
    name, _, kinds = text.partition(":")
    plain = name.strip().removeprefix("*").removesuffix("?")
    taken = frozenset(each.strip() for each in kinds.replace("point", POINTS).split("|")) if kinds else frozenset()
    return Parameter(plain, taken, name.endswith("?"), name.startswith("*"))


def invoke(name: str, arguments: Sequence[Value], names: Sequence[str], call: Call) -> Value:
    """Call the first form whose parameters take the arguments; null when none does."""
    for signature in FUNCTIONS[name]:
        ordered = _by_name(signature, arguments, names) if names else _by_place(signature, arguments)
        if ordered is None:
            continue
        fitting = [_fit(parameter, argument) for parameter, argument in ordered]
        if all(fits for fits, _ in fitting):
            given = [argument for _, argument in fitting]
            return signature.body(call, *given) if signature.takes_call else signature.body(*given)
    return None


def _by_place(signature: Signature, arguments: Sequence[Value]) -> list[tuple[Parameter, Value]] | None:
    parameters = list(signature.parameters)
    if parameters and parameters[-1].repeats:
        parameters += [parameters[-1]] * (len(arguments) - len(parameters))
    needed = sum(not parameter.optional for parameter in signature.parameters)
    if not needed <= len(arguments) <= len(parameters):
        return None
    return list(zip(parameters, arguments, strict=False))


def _by_name(
    signature: Signature, arguments: Sequence[Value], names: Sequence[str]
) -> list[tuple[Parameter, Value]] | None:
    given = dict(zip(names, arguments, strict=True))
    known = {parameter.name: parameter for parameter in signature.parameters}
    if any(name not in known for name in given):
        return None
    if any(not parameter.optional and name not in given for name, parameter in known.items()):
        if any(not parameter.kinds for parameter in known.values()):
            raise Unstated("the standard does not say whether a parameter that may be null can be left out")
        return None
    if any(parameter.repeats for parameter in known.values()):
        raise Unstated("the standard does not say how a repeated parameter is named")
    return [(parameter, given.get(name)) for name, parameter in known.items()]


def _fit(parameter: Parameter, argument: Value) -> tuple[bool, Value]:
    """Take an argument as it is, as the one item of a list, as a list of one, or a day as its midnight."""
    if not parameter.kinds or kind(argument) in parameter.kinds:
        return True, argument
    if argument is None:
        return parameter.optional, None
    if isinstance(argument, list):
        single = len(argument) == 1 and kind(argument[0]) in parameter.kinds
        return (True, argument[0]) if single else (False, None)
    if isinstance(argument, Day) and "date and time" in parameter.kinds:
        return True, midnight(argument)
    return ("list" in parameter.kinds), [argument]

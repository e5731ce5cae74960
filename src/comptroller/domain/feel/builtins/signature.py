"""How a built-in function states what it takes.

A function is registered under the text of its signature, as clause 10.3.4 of DMN 1.5 gives it:
`"substring(string: string, start position: number, length?: number)"`. After a parameter's name `?` means that it may
be left out (or null), after its kinds that it may be null; a last parameter that starts with `*` repeats; kinds are
joined by `|`; a parameter without kinds takes anything. Conversions and complaints about arguments are thereby the
same for all.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from comptroller.domain.feel.values import Builtin, Kind, Overload, Parameter, Value

_F = TypeVar("_F", bound=Callable[..., Value])

_SHORT: Final = {
    "dt": Kind.DATE_AND_TIME,
    "days": Kind.DAYS_DURATION,
    "months": Kind.MONTHS_DURATION,
}
POINT: Final = frozenset(
    {
        Kind.NUMBER, Kind.STRING, Kind.DATE, Kind.TIME, Kind.DATE_AND_TIME, Kind.DAYS_DURATION, Kind.MONTHS_DURATION,
    }
)  # fmt: skip


class Library:
    """The functions of one group, gathered by decorating them."""

    def __init__(self) -> None:
        self._overloads: dict[str, list[Overload]] = {}

    def function(self, *signatures: str, with_evaluation: bool = False) -> Callable[[_F], _F]:
        """Register a function under its signatures; the names of its own parameters do not matter, their order does."""

        def register(function: _F) -> _F:
            for signature in signatures:
                name, overload = _read(signature, function, with_evaluation=with_evaluation)
                self._overloads.setdefault(name, []).append(overload)
            return function

        return register

    def builtins(self) -> dict[str, Builtin]:
        """Give the functions by name."""
        return {name: Builtin(name, tuple(overloads)) for name, overloads in self._overloads.items()}


def _read(signature: str, function: Callable[..., Value], *, with_evaluation: bool) -> tuple[str, Overload]:
    name, _, rest = signature.partition("(")
    written = [part.strip() for part in rest.rstrip(")").split(",") if part.strip()]
    parameters = tuple(_parameter(part) for part in written)
    required = sum(not parameter.optional for parameter in parameters)
    variadic = bool(written) and written[-1].startswith("*")
    return name, Overload(parameters, function, required, variadic, with_evaluation)


def _parameter(text: str) -> Parameter:
    name, _, kinds = (part.strip() for part in text.lstrip("*").partition(":"))
    return Parameter(name.removesuffix("?"), _kinds(kinds.removesuffix("?")), name.endswith("?"), kinds.endswith("?"))


def _kinds(text: str) -> frozenset[Kind]:
    kinds: frozenset[Kind] = frozenset()
    for word in filter(None, text.split("|")):
        kinds |= POINT if word == "point" else {_SHORT.get(word) or Kind(word)}
    return kinds

"""The few expressions that random processes are drawn with, known by heart instead of by FEEL."""

from collections.abc import Callable, Mapping
from typing import Any, Final

Variables = Mapping[str, Any]

CONDITIONS: Final[Mapping[str, Callable[[Variables], object]]] = {
    'x = "a"': lambda v: v.get("x") == "a",
    'x = "b"': lambda v: v.get("x") == "b",
    'y = "a"': lambda v: v.get("y") == "a",
    "x": lambda v: v.get("x"),
    "1 / 0 > 1": lambda v: None,  # noqa: ARG005 - errs, whatever the variables
    "true": lambda v: True,  # noqa: ARG005
}
"""FEEL text -> what it says of the variables."""

PLAIN_CONDITIONS: Final = ('x = "a"', 'x = "b"', "true")
"""Those that always give true or false."""

COMPLETIONS: Final[Mapping[str, Callable[[Variables, int], object]]] = {
    "": lambda v, done: False,  # noqa: ARG005
    "numberOfCompletedInstances >= 2": lambda v, done: done >= 2,  # noqa: ARG005
    'x = "b"': lambda v, done: v.get("x") == "b",  # noqa: ARG005
}
"""FEEL text of completion conditions -> what it says after so many instances are done."""

VALUES: Final[Mapping[str, Callable[[Variables], object]]] = {
    "x": lambda v: v.get("x"),
    "y": lambda v: v.get("y"),
    "item": lambda v: v.get("item"),
    "inner": lambda v: v.get("inner"),
    '"a"': lambda v: "a",  # noqa: ARG005
    '"b"': lambda v: "b",  # noqa: ARG005
    "people": lambda v: v.get("people"),
    "loopCounter": lambda v: v.get("loopCounter"),
    "2": lambda v: 2,  # noqa: ARG005
}
"""FEEL text of a value -> what it gives."""


def lacks_a_fact(condition: str, said: object) -> bool:
    """Whether a condition that gave neither true nor false looks at a variable without a value, or with a gap."""
    return condition.isidentifier() and (said is None or (isinstance(said, list) and None in said))

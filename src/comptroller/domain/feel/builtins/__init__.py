"""The functions of the language itself, one module for each group of DMN 1.5, clause 10.3.4."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from comptroller.domain.feel.builtins import (
    aggregates,
    boolean,
    contexts,
    conversion,
    dates,
    lists,
    numbers,
    pattern_functions,
    ranges,
    sorting,
    strings,
)
from comptroller.domain.feel.values import Builtin

_GROUPS = (
    aggregates, boolean, contexts, conversion, dates, lists, numbers, pattern_functions, ranges, sorting, strings,
)  # fmt: skip

BUILTINS: Final[Mapping[str, Builtin]] = MappingProxyType(
    {name: builtin for group in _GROUPS for name, builtin in group.LIBRARY.builtins().items()}
)
"""Every built-in function by its name."""

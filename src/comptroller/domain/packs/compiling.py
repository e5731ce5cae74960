"""The decisions of a pack, each compiled with the models that it imports: they are found among the pack's own files.

Versions of a pack differ in few files. Where two share what was read of a file and of those that it uses, they share
the model that was compiled of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.decisions.requirements import used_models
from comptroller.domain.kernel.fault import Fault

KEPT_MAX: Final = 400
"""Files that are kept read or compiled: several versions of a pack."""


@dataclass(frozen=True, slots=True)
class _Used:
    """A file and those that it uses: told apart as objects, since comparing what they say takes long."""

    identities: tuple[int, ...]
    files: tuple[Definitions, ...] = field(compare=False)  # held here, so that no other object takes an identity


def compile_models(definitions: Iterable[Definitions]) -> tuple[Mapping[str, Model], tuple[Fault, ...]]:
    """Compile every file of a pack: the model that holds each decision, by its name, and all faults, each told once."""
    files, models, faults = tuple(definitions), dict[str, Model](), list[Fault]()
    for file in files:
        model = compile_file(file, [other for other in files if other is not file])
        models |= dict.fromkeys(model.decision_names, model)
        faults += model.faults
    return models, tuple(dict.fromkeys(faults))


def compile_file(file: Definitions, others: Iterable[Definitions]) -> Model:
    """Compile one file of a pack, of whose others it may use some."""
    used = used_models(file, list(others))
    return _compiled(_Used(tuple(map(id, used)), used))


@lru_cache(maxsize=KEPT_MAX)
def _compiled(used: _Used) -> Model:
    return compile_model(used.files[0], used.files[1:])

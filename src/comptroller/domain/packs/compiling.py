"""The decisions of a pack, each compiled with the models that it imports: they are found among the pack's own files."""

from collections.abc import Iterable, Mapping

from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.kernel.fault import Fault


def compile_models(definitions: Iterable[Definitions]) -> tuple[Mapping[str, Model], tuple[Fault, ...]]:
    """Compile every file of a pack: the model that holds each decision, by its name, and all faults, each told once."""
    files, models, faults = tuple(definitions), dict[str, Model](), list[Fault]()
    for file in files:
        model = compile_model(file, [other for other in files if other is not file])
        models |= dict.fromkeys(model.decision_names, model)
        faults += model.faults
    return models, tuple(dict.fromkeys(faults))

"""A pack as its author keeps it: sources with all that is wrong with them, not yet a version."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.definitions import Decision, Definitions
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.invariant import Invariant
from comptroller.domain.packs.manifest import Pack
from comptroller.domain.workflow import Process


@dataclass(frozen=True, slots=True)
class Source:
    """What the files of a pack say; `definitions` and `processes` by file, `models` by decision."""

    files: Mapping[str, bytes]
    pack: Pack | None
    definitions: Mapping[str, Definitions]
    models: Mapping[str, Model]
    processes: Mapping[str, Process]
    situations: tuple[Situation, ...]
    invariants: tuple[Invariant, ...]
    faults: tuple[Fault, ...]

    @property
    def version(self) -> list[tuple[Definitions, Model]]:
        """Each file with the model that was compiled from it; one that has functions alone is compiled here."""
        written = list(self.definitions.values())
        paired = []
        for definitions in written:
            decided = [
                each.name for each in definitions.elements if isinstance(each, Decision)
            ]  # an input may be called
            model = next((self.models[name] for name in decided if name in self.models), None)  # as another's decision
            if model is None:
                model = compile_model(definitions, [other for other in written if other is not definitions])
            paired.append((definitions, model))
        return paired

    @property
    def bases(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """Inputs that occur, by decision: those of the examples."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for situation in self.situations:
            found.setdefault(situation.decision, []).append(situation.inputs)
        return found

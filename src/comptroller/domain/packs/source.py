"""A pack as its author keeps it: sources with all that is wrong with them, not yet a version."""

from collections.abc import Mapping
from dataclasses import dataclass

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import Definitions
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

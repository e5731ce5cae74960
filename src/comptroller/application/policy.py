"""A pack, compiled: the decisions and processes of one version, found by name.

A running case keeps the version it started with; what guards money at the moment of effect is taken from the version
in force (INVARIANT 8). Versions never change, so each is compiled once per process and then shared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from comptroller.application.ports.store import UnitOfWork
from comptroller.domain.decisions import Model
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs import Pack
from comptroller.domain.packs.duties_apart import Apart
from comptroller.domain.workflow import Process


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of a pack, ready to be asked."""

    hash: str
    pack: Pack
    models: Mapping[str, Model]  # decision name -> the model that holds it
    processes: Mapping[str, Process]  # by id
    apart: Apart  # what nobody may hold together


class CompilePack(Protocol):
    """Make a version of a pack's files, or tell what is wrong with them; one that was released is checked less."""

    def __call__(self, files: Mapping[str, bytes], *, released: bool = False) -> Policy | tuple[Fault, ...]:
        """Compile the files of a pack."""
        ...


@dataclass(slots=True)
class PolicyLibrary:
    """The compiled versions of this process, by content hash."""

    compile: CompilePack
    _compiled: dict[str, Policy] = field(default_factory=dict)
    _holders: dict[str, str] = field(default_factory=dict)  # process version -> pack version

    def version(self, uow: UnitOfWork, policy_hash: str) -> Policy:
        """The version with this hash; that it was released is a fact of the store, so a missing one is a defect."""
        policy = self._compiled.get(policy_hash)
        if policy is None:
            row = uow.policy(policy_hash)
            if row is None:
                raise LookupError(f"policy version `{policy_hash}` is not in the store")
            files = decode(row.files)
            assert isinstance(files, dict)
            compiled = self.compile({path: text.encode() for path, text in files.items()}, released=True)
            if not isinstance(compiled, Policy):
                raise ValueError(f"policy version `{policy_hash}` has faults: {compiled[0].message}")
            policy = compiled
            self._compiled[policy_hash] = policy
        return policy

    def process(self, uow: UnitOfWork, pack: str, process_hash: str) -> Process | None:
        """The process version with this hash, of whatever version of the pack; None when it was never released."""
        if process_hash not in self._holders:
            for row in uow.policies(pack):
                files = decode(row.files)
                assert isinstance(files, dict)
                sources = (text for path, text in files.items() if path.endswith(".bpmn"))
                self._holders |= {sha256(text.encode()).hexdigest(): row.policy_hash for text in sources}
        holder = self._holders.get(process_hash)
        held = self.version(uow, holder).processes.values() if holder else ()
        return next((process for process in held if process.hash == process_hash), None)

"""A version of a pack, looked through: what its tables say, what is wrong with them, which examples reach them.

That takes seconds of a processor for a whole pack, and nothing of it depends on anything but the files. So each file
is looked through once per process, under the hash of what it says and imports; a version or draft that differs from
another in one file costs that file.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import RLock
from typing import Final, TypeVar

from comptroller.application.policy import PolicyLibrary
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.releasing.sources import stored_files
from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.decisions.analysis import Finding, analyse
from comptroller.domain.decisions.definitions import Decision, Definitions, Element
from comptroller.domain.decisions.requirements import used_models
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs.assessment import NOW
from comptroller.domain.packs.coverage import Coverage, cover
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.witnesses import Witness, witnesses

KEPT_MAX: Final = 400
"""Files that are kept looked through: several versions of a pack, and what authors write meanwhile."""

T = TypeVar("T")

ReadDecisions = Callable[[bytes], tuple[Definitions | None, tuple[Fault, ...]]]
WriteDecisions = Callable[[Definitions, bytes], bytes]
"""Writes definitions onto the file that they were read from, which keeps whatever they do not hold."""

ReadExamples = Callable[[str, bytes], tuple[tuple[Situation, ...], tuple[Fault, ...]]]
WriteExamples = Callable[[Mapping[str, object]], str]
"""Writes the content of a file of examples; raises `ValueError` for a value that has no form there."""


@dataclass(slots=True)
class Kept:
    """What was made, by what it was made of; the oldest goes first; threads wait, so that nothing is made twice."""

    _made: dict[Hashable, object] = field(default_factory=dict)
    _lock: RLock = field(default_factory=RLock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, made where it is not there."""
        with self._lock:
            found = self._made.pop(key, None)
            if found is None:
                found = make()
            self._made[key] = found
            while len(self._made) > KEPT_MAX:
                del self._made[next(iter(self._made))]
            return found  # type: ignore[return-value]  # a key names what is made of it


@dataclass(frozen=True, eq=False)  # no slots: what is expensive is made when it is first asked for, and kept
class FileStudy:
    """One decision model of a version."""

    path: str
    definitions: Definitions
    model: Model
    situations: tuple[Situation, ...]  # of its decisions

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the analysis of its tables says."""
        return analyse(self.model)

    @cached_property
    def coverage(self) -> Coverage:
        """How far its examples reach."""
        models = dict.fromkeys(self.model.decision_names, self.model)
        return cover(self.situations, models, {self.path: self.definitions}, NOW)

    @cached_property
    def witnesses(self) -> tuple[Witness, ...]:
        """Each of its examples, as it was decided."""
        return witnesses(self.situations, self.model, NOW)


@dataclass(frozen=True, slots=True)
class Study:
    """The files of a version or draft; each is looked through when it is asked for."""

    files: Mapping[str, bytes]
    definitions: Mapping[str, Definitions]  # by file
    situations: Mapping[str, tuple[Situation, ...]]  # by file of examples
    faults: tuple[Fault, ...]  # of files that cannot be read
    _of: Callable[["Study", str], FileStudy]

    def file(self, path: str) -> FileStudy:
        """One of its decision models."""
        return self._of(self, path)

    @property
    def elements(self) -> Iterator[tuple[str, Element]]:
        """Everything that its models hold, with the file, in the order of the files."""
        for path, definitions in self.definitions.items():
            for element in definitions.elements:
                yield path, element


@dataclass(slots=True)
class Studies:
    """What this process has looked through."""

    read_decisions: ReadDecisions
    read_examples: ReadExamples
    write_decisions: WriteDecisions
    write_examples: WriteExamples
    _kept: Kept = field(default_factory=Kept)
    _versions: dict[str, Study] = field(default_factory=dict)

    def version(self, uow: UnitOfWork, policies: PolicyLibrary, policy_hash: str) -> Study:
        """A version of the store; its decisions are those that run."""
        study = self._versions.get(policy_hash)
        if study is None:
            policy = policies.version(uow, policy_hash)
            files = stored_files(uow, policy_hash)
            assert files is not None  # it was just compiled from there
            study = self.of(files, {model.namespace: model for model in policy.models.values()})
            self._versions[policy_hash] = study
        return study

    def of(self, files: Mapping[str, bytes], compiled: Mapping[str, Model] | None = None) -> Study:
        """Files that need not be a version; `compiled` are models that are known to be made of them, by namespace."""
        definitions: dict[str, Definitions] = {}
        faults: list[Fault] = []
        for path, content in files.items():
            if path.endswith(".dmn"):
                read, problems = self._kept.get(("dmn", _hash(content)), lambda of=content: self.read_decisions(of))  # type: ignore[misc]  # bound here, called here
                faults += problems
                if read is not None:
                    definitions[path] = read
        known = compiled or {}
        situations = {
            path: self._situations(path, content)
            for path, content in files.items()
            if path.startswith("examples/") and path.endswith(".yaml")
        }
        return Study(files, definitions, situations, tuple(faults), lambda study, path: self._file(study, path, known))

    def _file(self, study: Study, path: str, compiled: Mapping[str, Model]) -> FileStudy:
        own = study.definitions[path]
        others = [each for each in study.definitions.values() if each is not own]
        sources = tuple(each.source_hash for each in used_models(own, others))
        names = {element.name for element in own.elements if isinstance(element, Decision)}
        examples = [path for path, of in study.situations.items() if names & {each.decision for each in of}]
        content = tuple(_hash(study.files[each]) for each in examples)

        def make() -> FileStudy:
            situations = (
                situation for each in examples for situation in study.situations[each] if situation.decision in names
            )
            model = compiled.get(own.namespace) or compile_model(own, others)
            return FileStudy(path, own, model, tuple(situations))

        return self._kept.get((path, sources, content), make)

    def _situations(self, path: str, content: bytes) -> tuple[Situation, ...]:
        return self._kept.get(("yaml", _hash(content)), lambda: self.read_examples(path, content))[0]


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()

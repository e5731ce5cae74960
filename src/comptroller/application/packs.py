"""The packs that this process has read: what their files say, what is wrong with them, what examples reach them.

That takes seconds of a processor for a whole pack, and nothing of it depends on anything but the files. So all of it is
found once per process, under the hash of the content: of each file that is looked through, of a whole version, of two
versions that are held against one another. What differs from another version in one file costs that file.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from threading import Lock, RLock
from typing import Final, TypeVar

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.releasing.sources import stored_files
from comptroller.domain.decisions import Model
from comptroller.domain.decisions.analysis import Finding, analyse
from comptroller.domain.decisions.definitions import Decision, Definitions, Element
from comptroller.domain.decisions.requirements import used_models
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs import content_hash
from comptroller.domain.packs.assessment import NOW, Assessment, assess
from comptroller.domain.packs.compiling import compile_file
from comptroller.domain.packs.coverage import Coverage, cover
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.invariants import Clock
from comptroller.domain.packs.source import Source
from comptroller.domain.packs.witnesses import Witness, witnesses

FILES_MAX: Final = 400
"""Files that are kept looked through: several versions of a pack, and what authors write meanwhile."""

VERSIONS_MAX: Final = 8
"""Versions that are kept whole: some megabytes each."""

PAIRS_MAX: Final = 64
"""Pairs of versions of which is kept how they differ: half a megabyte each, and seconds to find."""

T = TypeVar("T")

ReadPack = Callable[[Mapping[str, bytes]], Source]
ReadDecisions = Callable[[bytes], tuple[Definitions | None, tuple[Fault, ...]]]
"""Reads a file of decisions; the same content is the same object."""

WriteDecisions = Callable[[Definitions, bytes], bytes]
"""Writes definitions onto the file that they were read from, which keeps whatever they do not hold."""

ReadExamples = Callable[[str, bytes], tuple[tuple[Situation, ...], tuple[Fault, ...]]]
WriteExamples = Callable[[Mapping[str, object]], str]
"""Writes the content of a file of examples; raises `ValueError` for a value that has no form there."""


class _Place:
    """Where something is kept, and who makes it holds."""

    __slots__ = ("held", "made")

    def __init__(self) -> None:
        self.held = RLock()
        self.made: list[object] = []


@dataclass(slots=True)
class Kept:
    """What was made, by what it was made of; the oldest goes first.

    Whoever wants what another thread is making waits for it, so that nothing is made twice; nobody else does.
    """

    most: int
    _places: dict[Hashable, _Place] = field(default_factory=dict)
    _held: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under a key, made where it is not there."""
        with self._held:
            place = self._places[key] = self._places.pop(key) if key in self._places else _Place()
            while len(self._places) > self.most:
                del self._places[next(iter(self._places))]
        with place.held:
            if not place.made:
                place.made.append(make())
            return place.made[0]  # type: ignore[return-value]  # a key names what is made of it


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
class Packs:
    """How packs are read and written, and what this process has found in them."""

    read: ReadPack
    read_decisions: ReadDecisions
    read_examples: ReadExamples
    write_decisions: WriteDecisions
    write_examples: WriteExamples
    clock: Clock  # that goes on: what is proved of a candidate is bounded in time
    _files: Kept = field(default_factory=lambda: Kept(FILES_MAX))
    _studies: Kept = field(default_factory=lambda: Kept(VERSIONS_MAX))
    _sources: Kept = field(default_factory=lambda: Kept(VERSIONS_MAX))
    _assessments: Kept = field(default_factory=lambda: Kept(PAIRS_MAX))

    def source(self, files: Mapping[str, bytes]) -> Source:
        """What the files of a pack say, with every fault in them."""
        return self._sources.get(content_hash(files), lambda: self.read(files))

    def assess(self, base: Mapping[str, bytes], candidate: Mapping[str, bytes]) -> Assessment:
        """Hold a candidate against the version that it is to take the place of."""
        pair = content_hash(base), content_hash(candidate)
        return self._assessments.get(pair, lambda: assess(self.source(base), self.source(candidate), self.clock))

    def version(self, uow: UnitOfWork, policy_hash: str) -> Study:
        """A version of the store, looked through."""

        def make() -> Study:
            files = stored_files(uow, policy_hash)
            assert files is not None  # versions are never taken away
            return self.study(files)

        return self._studies.get(policy_hash, make)

    def study(self, files: Mapping[str, bytes]) -> Study:
        """Files that need not be a version, looked through where they are asked for."""
        definitions: dict[str, Definitions] = {}
        faults: list[Fault] = []
        for path, content in files.items():
            if path.endswith(".dmn"):
                read, problems = self.read_decisions(content)
                faults += problems
                if read is not None:
                    definitions[path] = read
        situations = {
            path: self.read_examples(path, content)[0]
            for path, content in files.items()
            if path.startswith("examples/") and path.endswith(".yaml")
        }
        return Study(files, definitions, situations, tuple(faults), self._file)

    def _file(self, study: Study, path: str) -> FileStudy:
        own = study.definitions[path]
        others = [each for each in study.definitions.values() if each is not own]
        sources = tuple(each.source_hash for each in used_models(own, others))
        names = {element.name for element in own.elements if isinstance(element, Decision)}
        examples = [path for path, of in study.situations.items() if names & {each.decision for each in of}]
        content = tuple(sha256(study.files[each]).hexdigest() for each in examples)

        def make() -> FileStudy:
            situations = (
                situation for each in examples for situation in study.situations[each] if situation.decision in names
            )
            return FileStudy(path, own, compile_file(own, others), tuple(situations))

        return self._files.get((path, sources, content), make)

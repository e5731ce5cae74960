"""What a new version of a pack is worth: held against the version in force, with what stops it.

Only what changed is looked through. A decision whose model is the same to the byte decides the same, so that what was
found in it, and what its examples showed, stands as it did. An error that the version in force has already stops
nobody who changes something else; a new one does, and so does every example that comes out otherwise.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.analysis import Alike, Finding, Versions, Weight, analyse, compare_versions
from comptroller.domain.decisions.definitions import InputData
from comptroller.domain.decisions.dependents import dependents
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.changes import trace_handed
from comptroller.domain.decisions.proving.effects import Effect
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.packs.chain import handing_of
from comptroller.domain.packs.coverage import Wrong
from comptroller.domain.packs.examples import run_example
from comptroller.domain.packs.invariant import INVARIANTS
from comptroller.domain.packs.invariants import Clock, Grounds, InvariantVerdict, prove_invariants
from comptroller.domain.packs.manifest import MANIFEST, ROLES
from comptroller.domain.packs.source import Source

NOW: Final = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
"""When examples are decided that say nothing of the time: a fixed instant, so that a proof repeats."""

QUESTIONS_MAX: Final = 500
"""Questions that the tracing of a change to one decision of another model may ask: somebody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a version changes: files by what became of them, and decisions.

    The decisions are those that it writes anew, adds or removes, with all that build on them: who signs a change is
    asked by the name of the decision, and its thresholds may stand in a table below it. Decisions of other models, to
    which a process hands what changed, are among them unless they are proved to stay as they were.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    decisions: tuple[str, ...]

    @property
    def parts(self) -> tuple[str, ...]:
        """Which parts of the pack are touched: decisions, processes, roles, parameters, invariants, examples, words."""
        files = (*self.added, *self.removed, *self.changed)
        return tuple(sorted({_part_of(path) for path in files}))


@dataclass(frozen=True, slots=True)
class Assessment:
    """What was found in a version, beside the one that it is to take the place of."""

    changes: Changes
    faults: tuple[Fault, ...]
    findings: tuple[Finding, ...]  # of the tables that changed
    errors: tuple[Finding, ...]  # those that the version in force does not have
    examples: int  # that were run: the others are as they were, and so is what decides them
    wrong: tuple[Wrong, ...]
    versions: Versions
    effects: tuple[Effect, ...]  # on decisions of other models, to which a process hands what changed
    invariants: tuple[InvariantVerdict, ...]  # those that the change may touch
    withdrawn: tuple[str, ...]  # invariants and examples that it drops or says otherwise, in words

    @property
    def stops(self) -> tuple[str, ...]:
        """Why this version cannot be put in force, in words; nothing where it can."""
        faults = [f"{fault.code} {fault.path}: {fault.message}" for fault in self.faults]
        errors = [f"{finding.decision}: {finding.message}" for finding in self.errors]
        wrong = [f"{each.decision}, example `{each.title}`: {'; '.join(each.told)}" for each in self.wrong]
        unproved = [each.told for each in self.invariants if not each.holds]
        return (*unproved, *faults, *errors, *wrong)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The decisions of other models of which it is open whether they decide otherwise: they count as changed."""
        return tuple(effect.decision for effect in self.effects if not (effect.is_none or effect.regions))

    @property
    def regions(self) -> tuple[Alike, ...]:
        """The parts of tables that say something else."""
        return tuple(each for comparison in self.versions.tables for each in comparison.together)

    def notes(self) -> tuple[str, ...]:
        """What changes beside regions of tables, in words."""
        versions = self.versions
        told = [*self.withdrawn, *(f"{name} is new" for name in versions.added)]
        told += [f"{name} is no more" for name in versions.removed]
        told += [f"{name} is written anew: nothing is proved of it" for name in versions.rewritten]
        told += [f"the type {name} says something else" for name in versions.retyped]
        for comparison in versions.tables:
            if comparison.undecided:
                told.append(f"{comparison.decision}: {comparison.undecided}")
            elif comparison.is_equal:
                told.append(f"{comparison.decision} is written otherwise, and decides the same of all inputs")
        told += [_handed_on(effect) for effect in self.effects if not effect.is_none]
        return tuple(told)

    def difference(self) -> tuple[str, ...]:
        """What is decided otherwise, in words: what its tables say first, then what comes of that."""
        return (*(f"{each.decision}: {each.message}" for each in self.regions), *self.notes())

    def evidence(self) -> Mapping[str, Any]:
        """Each part of what was found as plain JSON values: what is kept beside the request."""
        return {
            "changes": {
                "added": list(self.changes.added),
                "removed": list(self.changes.removed),
                "changed": list(self.changes.changed),
                "decisions": list(self.changes.decisions),
                "difference": list(self.difference()),
                "notes": list(self.notes()),
                "regions": [
                    {"decision": each.decision, "where": each.region, "what": each.what} for each in self.regions
                ],
            },
            "findings": [{**finding.to_json(), "new": finding in self.errors} for finding in self.findings],
            "examples": {
                "run": self.examples,
                "wrong": [{"decision": w.decision, "title": w.title, "told": list(w.told)} for w in self.wrong],
            },
            "invariants": [each.to_json() for each in self.invariants],
        }


def _handed_on(effect: Effect) -> str:
    """What comes of a change for a decision of another model, in words: the smallest region."""
    if not effect.regions:
        return (
            f"{effect.decision} is handed what changed: whether it decides otherwise is undecided: {effect.undecided}"
        )
    smallest = min(effect.regions, key=lambda each: len(each.region or each.inputs))
    return f"{effect.decision} is handed what changed, and decides otherwise {smallest.message}"


def assess(base: Source, candidate: Source, clock: Clock = lambda: 0.0) -> Assessment:
    """Look through what a candidate changes of the version that it builds on; `clock` bounds each proof in time."""
    known = {model.hash for model in base.models.values()}
    changed = _distinct(model for model in candidate.models.values() if model.hash not in known)
    names = {name for model in changed for name in model.decision_names}
    before = _distinct(base.models[name] for name in sorted(names & base.models.keys()))
    findings = tuple(finding for model in changed for finding in analyse(model))
    had = {_key(finding) for model in before for finding in analyse(model)}
    errors = tuple(each for each in findings if each.weight is Weight.ERROR and _key(each) not in had)
    ran, wrong = _run_examples(base, candidate, names)
    versions = compare_versions(base.version, candidate.version)
    faults = tuple(fault for fault in candidate.faults if fault.severity is Severity.ERROR)
    touched = [
        each for each in candidate.invariants if each.of or each.decision in names or each not in base.invariants
    ]
    proved = prove_invariants(touched, Grounds.of(candidate), clock)
    effects = _effects(base, candidate, versions)
    return Assessment(
        _changes(base, candidate, versions, effects),
        faults,
        findings,
        errors,
        ran,
        wrong,
        versions,
        effects,
        proved,
        tuple(_withdrawn(base, candidate)),
    )


def _withdrawn(base: Source, candidate: Source) -> Iterator[str]:
    """What the version in force promises and the candidate does not, in words: whoever signs must see it go."""
    invariants = {each.key: each for each in candidate.invariants}
    for held in base.invariants:
        now = invariants.get(held.key)
        if now != held:
            yield f"the standing invariant `{held.title}` {'is no more' if now is None else 'says something else'}"
    examples = {(each.decision, each.title): each for each in candidate.situations}
    for shown in base.situations:
        then = examples.get((shown.decision, shown.title))
        if then != shown:
            what = "is no more" if then is None else "says something else"
            yield f"the example `{shown.title}` of {shown.decision} {what}"


def _run_examples(base: Source, candidate: Source, changed: set[str]) -> tuple[int, tuple[Wrong, ...]]:
    proved = {each.title: each for each in base.situations}
    ran, wrong = 0, []
    for situation in candidate.situations:
        model = candidate.models.get(situation.decision)
        if model is not None and situation.decision not in changed and proved.get(situation.title) == situation:
            continue
        ran += 1
        told = ("the pack has no such decision",) if model is None else run_example(situation, model, NOW)
        if told:
            wrong.append(Wrong(situation.decision, situation.title, told))
    return ran, tuple(wrong)


def _effects(base: Source, candidate: Source, versions: Versions) -> tuple[Effect, ...]:
    """What the change means for the decisions of other models, to which a process hands what was decided."""
    before, after = (
        Graph(version, handing_of(each.processes.values(), version))
        for each in (base, candidate)
        for version in (each.version,)
    )
    return trace_handed(before, after, versions.written_anew, base.bases, QUESTIONS_MAX)


def _changes(base: Source, candidate: Source, versions: Versions, effects: Iterable[Effect]) -> Changes:
    old, new = base.files, candidate.files
    names = [*(each.decision for each in versions.tables), *versions.rewritten, *versions.added, *versions.removed]
    behind = [name for each in (base, candidate) for name in _behind(each, names)]
    handed = [effect.decision for effect in effects if not effect.is_none]
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(path for path in sorted(new.keys() & old.keys()) if new[path] != old[path]),
        decisions=tuple(dict.fromkeys([*names, *behind, *handed])),
    )


def _behind(source: Source, names: Collection[str]) -> Iterator[str]:
    """The decisions and functions of a version that build on some, by their names."""
    models = source.definitions.values()
    written = [
        Named(model.namespace, element.name)
        for model in models
        for element in model.elements
        if element.name in names and not isinstance(element, InputData)
    ]
    return (each.name for each in dependents(models, written))


_PARTS: Final = {ROLES: "roles", MANIFEST: "parameters", INVARIANTS: "invariants"}


def _part_of(path: str) -> str:
    folder = path.partition("/")[0] if "/" in path else ""
    if path in _PARTS:
        return _PARTS[path]
    return folder if folder in {"decisions", "processes", "examples"} else "words"


def _distinct(models: Iterable[Model]) -> list[Model]:
    return list({model.hash: model for model in models}.values())


def _key(finding: Finding) -> tuple[object, ...]:
    return finding.kind, finding.table, finding.message

"""What an entity decides otherwise than its group, and how that goes on when the group's version changes.

A version of an entity is whole: it differs from the group's in decisions that the group's manifest lets an entity
override, and in examples of what these decide. To see that, a version is taken apart into parts that have names: each
element of a decision model, each example, and every other file as it is. The same parts are merged three ways when the
group gets another version: what the entity left alone follows the group, what it overrides stays, and where both wrote
a part anew somebody has to say whose counts. No merge is a guess.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from comptroller.domain.decisions.definitions import BusinessKnowledgeModel, Decision, Definitions
from comptroller.domain.decisions.requirements import used_models
from comptroller.domain.packs.examples import Situation, examples_content

ALL: Final = ""
"""Whatever is in conflict, where it is not named."""


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a version: what stands in a file under a key; under none, what the file says beside those."""

    path: str
    key: str = ""  # id of an element, title of an example


Parts = Mapping[Part, object]
"""What each part says; two parts that say the same are equal, however they are written."""


@dataclass(frozen=True, slots=True)
class Written:
    """The files of a version, and what was read of its decision models and examples, by file."""

    files: Mapping[str, bytes]
    definitions: Mapping[str, Definitions]
    examples: Mapping[str, tuple[Situation, ...]]

    @property
    def parts(self) -> Parts:
        """The version, taken apart; a file of examples whose titles are not its own is one part."""
        parts: dict[Part, object] = {}
        for path, content in self.files.items():
            if path in self.definitions:
                definitions = self.definitions[path]
                parts[Part(path)] = replace(definitions, elements=())
                parts |= {Part(path, element.id): element for element in definitions.elements}
            elif path in self.examples and _are_told_apart(self.examples[path]):
                parts[Part(path)] = {example.decision for example in self.examples[path]}
                parts |= {Part(path, example.title): example for example in self.examples[path]}
            else:
                parts[Part(path)] = content
        return parts


def _are_told_apart(examples: tuple[Situation, ...]) -> bool:
    return bool(examples) and len({example.title for example in examples}) == len(examples)


def name_of(part: Part, *said: object) -> str:
    """What people call a part: the name of an element, the title of an example, the path of a file."""
    return next((name for each in said if (name := getattr(each, "name", ""))), part.key) if part.key else part.path


# ---- what an entity may say otherwise --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """What an entity's version says otherwise than the group's."""

    overrides: tuple[str, ...]  # decisions and functions
    examples: tuple[str, ...]  # titles, of what these decide
    strays: tuple[str, ...]  # in words: what no entity may say otherwise

    @property
    def is_none(self) -> bool:
        """Whether both say the same."""
        return not (self.overrides or self.examples or self.strays)


def difference(group: Written, own: Written, overridable: Collection[str]) -> Difference:
    """What an entity's version says otherwise than the group's, told apart by whether it may."""
    theirs, ours = group.parts, own.parts
    parts = [part for part in dict.fromkeys([*theirs, *ours]) if theirs.get(part) != ours.get(part)]
    overrides = [part for part in parts if _is_override(theirs.get(part), ours.get(part), overridable)]
    reached = _decisions_reached(own, {part.path for part in overrides})
    examples, strays = [], []
    for part in parts:
        said, name = ours.get(part, theirs.get(part)), name_of(part, theirs.get(part), ours.get(part))
        if part in overrides:
            continue
        if isinstance(said, Situation) and said.decision in reached:
            examples.append(name)
        elif _decisions_of(theirs.get(part)) <= reached and _decisions_of(ours.get(part)) <= reached and not part.key:
            examples.append(name)  # a file of examples that begins or ends to speak of what is overridden
        else:
            strays.append(f"differs in `{name}`, which no entity may override")
    return Difference(tuple(name_of(part, ours[part]) for part in overrides), tuple(examples), tuple(strays))


def _is_override(group: object, own: object, overridable: Collection[str]) -> bool:
    """Whether both are one decision or function that is written otherwise and is the same to all others."""
    match group, own:
        case Decision(), Decision():
            same = group.name == own.name and group.policy == own.policy and group.variable == own.variable
        case BusinessKnowledgeModel(), BusinessKnowledgeModel():
            same = group.name == own.name and group.variable == own.variable
        case _:
            return False
    return same and own.name in overridable


def _decisions_of(said: object) -> set[str]:
    """The decisions that a file of examples speaks of; of anything else a name that no decision has."""
    return said if isinstance(said, set) else set() if said is None else {""}


def _decisions_reached(own: Written, changed: Collection[str]) -> set[str]:
    """The decisions of the models in some files, and of those that use them."""
    models = own.definitions.values()
    spaces = {own.definitions[path].namespace for path in changed}
    return {
        element.name
        for model in models
        if spaces & {used.namespace for used in used_models(model, [other for other in models if other is not model])}
        for element in model.elements
        if isinstance(element, Decision)
    }


# ---- what becomes of it when the group's version changes -------------------------------------------------------------


class Side(StrEnum):
    """Whose part counts where both wrote it anew."""

    KEEP = "keep"  # the entity's
    TAKE = "take"  # the group's


@dataclass(frozen=True, slots=True)
class Merge:
    """An entity's version on another version of the group: its parts, and what there is to say of them."""

    parts: Parts
    kept: tuple[str, ...]  # what the entity says otherwise, and goes on saying
    conflicts: tuple[str, ...]  # what both wrote anew, and nobody has said whose counts


def merge(base: Parts, own: Parts, group: Parts, answers: Mapping[str, Side]) -> Merge:
    """Bring what an entity says otherwise than `base` onto the group's new version.

    `answers` say whose part counts, by its name; what is not named is the entity's where the group left it alone.
    """
    parts: dict[Part, object] = {}
    kept: dict[Part, str] = {}
    conflicts = []
    for part in dict.fromkeys([*group, *own, *base]):
        was, ours, theirs = base.get(part), own.get(part), group.get(part)
        chosen = theirs
        if ours not in (theirs, was):
            name = name_of(part, ours, was, theirs)
            side = answers.get(name, Side.KEEP if theirs == was else answers.get(ALL))
            if side is None:
                conflicts.append(name)
            elif side is Side.KEEP:
                chosen = ours
                kept[part] = name
        if chosen is not None:
            parts[part] = chosen
    lost = [part for part in parts if Part(part.path) not in parts]  # of a file that the group has no more
    conflicts += [kept.pop(part) for part in lost if part in kept]
    told = tuple(dict.fromkeys(kept.values()))
    return Merge({part: said for part, said in parts.items() if part not in lost}, told, tuple(conflicts))


WriteDecisions = Callable[[Definitions, bytes], bytes]
WriteExamples = Callable[[Mapping[str, Any]], str]


def files_of(
    parts: Parts, group: Written, own: Written, write_decisions: WriteDecisions, write_examples: WriteExamples
) -> dict[str, bytes]:
    """The files of a merge: as the group or the entity wrote them, where they say what one of them says."""
    files: dict[str, bytes] = {}
    sides = [(_by_file(side.parts), side.files) for side in (group, own)]
    for path, said in _by_file(parts).items():
        known = next((written[path] for by_file, written in sides if by_file.get(path) == said), None)
        if known is not None:
            files[path] = known
        elif path in group.definitions:
            elements: Any = tuple(each for key, each in said.items() if key)
            files[path] = write_decisions(replace(group.definitions[path], elements=elements), group.files[path])
        else:
            examples = [each for each in said.values() if isinstance(each, Situation)]
            files[path] = write_examples(examples_content(examples[0].decision, examples)).encode()
    return files


def _by_file(parts: Parts) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for part, said in parts.items():
        found.setdefault(part.path, {})[part.key] = said
    return found

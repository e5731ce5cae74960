"""What an entity may say otherwise than its group, and what becomes of it when the group writes its version anew."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionPolicy,
    Definitions,
    Element,
    InformationItem,
    LiteralExpression,
    Reference,
)
from comptroller.domain.packs.examples import Situation
from comptroller.domain.packs.overriding import ALL, Part, Parts, Side, Written, difference, files_of, merge

DMN, EXAMPLES, README = "decisions/match.dmn", "examples/match.yaml", "README.md"
MAY = frozenset({"tolerance"})


def decision(name: str, says: str, **more: Any) -> Decision:
    return Decision(f"decision-{name}", name, InformationItem(name), LiteralExpression(says), **more)


def example(expect: str, decision: str = "match", title: str = "a bit over") -> Situation:
    return Situation(title, decision, {"over": 1}, {"": expect})


MATCH = decision("match", "tolerance", required_decisions=(Reference("n", "decision-tolerance"),))


def version(
    *elements: Element,
    examples: tuple[Situation, ...] = (example("tolerated"),),
    readme: str = "words",
) -> Written:
    definitions = Definitions("match", "n", elements=elements or (decision("tolerance", "2"), MATCH))
    files = {DMN: repr(definitions).encode(), EXAMPLES: repr(examples).encode(), README: readme.encode()}
    return Written(files, {DMN: definitions}, {EXAMPLES: examples} if examples else {})


GROUP = version()
FIVE = version(decision("tolerance", "5"), MATCH)

MAY_DIFFER: Mapping[str, tuple[Written, tuple[str, ...], tuple[str, ...]]] = {
    "nothing": (version(), (), ()),
    "a tolerance": (FIVE, ("tolerance",), ()),
    "a tolerance, and what its example expects": (
        replace(FIVE, examples={EXAMPLES: (example("matched"),)}),
        ("tolerance",),
        ("a bit over",),
    ),
    "a tolerance, with an example more": (
        replace(FIVE, examples={EXAMPLES: (example("tolerated"), example("matched", title="far over"))}),
        ("tolerance",),
        ("far over",),
    ),
}


@pytest.mark.parametrize(("own", "overrides", "examples"), MAY_DIFFER.values(), ids=MAY_DIFFER)
def test_what_an_entity_may_say_otherwise(own: Written, overrides: tuple[str, ...], examples: tuple[str, ...]) -> None:
    found = difference(GROUP, own, MAY)
    assert (found.overrides, found.examples, found.strays) == (overrides, examples, ())
    assert found.is_none is (own.parts == GROUP.parts)


MUST_NOT: Mapping[str, tuple[Written, str]] = {
    "another decision": (version(decision("tolerance", "2"), replace(MATCH, expression=None)), "match"),
    "a decision that the group does not have": (
        version(decision("tolerance", "2"), MATCH, decision("other", "1")),
        "other",
    ),
    "a decision taken away": (version(decision("tolerance", "2")), "match"),
    "an overridable one taken away": (version(MATCH), "tolerance"),
    "its name": (version(replace(decision("tolerance", "2"), name="limit"), MATCH), "tolerance"),
    "when it is checked again": (
        version(decision("tolerance", "2", policy=DecisionPolicy(recheck=True)), MATCH),
        "tolerance",
    ),
    "what type it is of": (
        version(replace(decision("tolerance", "2"), variable=InformationItem("tolerance", "string")), MATCH),
        "tolerance",
    ),
    "the model around its decisions": (
        replace(GROUP, definitions={DMN: replace(GROUP.definitions[DMN], name="other")}),
        DMN,
    ),
    "an example of what is as the group's": (version(examples=(example("matched"),)), "a bit over"),
    "words": (version(readme="other words"), README),
    "a file more": (replace(GROUP, files={**GROUP.files, "roles.toml": b""}), "roles.toml"),
    "a file less": (replace(GROUP, files={DMN: GROUP.files[DMN], EXAMPLES: b""}), README),
}


@pytest.mark.parametrize(("own", "name"), MUST_NOT.values(), ids=MUST_NOT)
def test_what_no_entity_may_say_otherwise(own: Written, name: str) -> None:
    found = difference(GROUP, own, MAY)
    assert f"differs in `{name}`, which no entity may override" in found.strays
    assert difference(GROUP, FIVE, frozenset()).strays  # where the group lets nothing be overridden


def test_an_example_of_a_decision_elsewhere_that_uses_an_overridden_one_may_differ() -> None:
    using = Definitions(
        "use", "u", elements=(decision("use", "match", required_decisions=(Reference("n", "decision-match"),)),)
    )
    shown = {"examples/use.yaml": (example("tolerated", "use"),)}

    def with_use(of: Written, examples: Mapping[str, tuple[Situation, ...]]) -> Written:
        files = {**of.files, "decisions/use.dmn": b"", "examples/use.yaml": b""}
        return Written(files, {**of.definitions, "decisions/use.dmn": using}, {**of.examples, **examples})

    otherwise = {"examples/use.yaml": (example("matched", "use"),)}
    assert difference(with_use(GROUP, shown), with_use(FIVE, otherwise), MAY).strays == ()
    assert difference(with_use(GROUP, shown), with_use(GROUP, otherwise), MAY).strays != ()


# ---- merging ---------------------------------------------------------------------------------------------------------

A, B, C = (decision("tolerance", each) for each in "abc")

MERGED: Mapping[str, tuple[Any, Any, Any, Mapping[str, Side], Any, tuple[str, ...], tuple[str, ...]]] = {
    "untouched: follows the group": (A, A, B, {}, B, (), ()),
    "untouched, deleted by the group": (A, A, None, {}, None, (), ()),
    "new with the group": (None, None, B, {}, B, (), ()),
    "overridden, and the group did not change it: kept": (A, B, A, {}, B, ("tolerance",), ()),
    "overridden, and let go by name": (A, B, A, {"tolerance": Side.TAKE}, A, (), ()),
    "what is not in conflict needs no answer": (A, B, A, {ALL: Side.TAKE}, B, ("tolerance",), ()),
    "new with the entity": (None, B, None, {}, B, ("tolerance",), ()),
    "both the same": (A, B, B, {}, B, (), ()),
    "both changed": (A, B, C, {}, C, (), ("tolerance",)),
    "overridden, deleted by the group": (A, B, None, {}, None, (), ("tolerance",)),
    "new with both": (None, B, C, {}, C, (), ("tolerance",)),
    "both changed, the entity's is kept": (A, B, C, {"tolerance": Side.KEEP}, B, ("tolerance",), ()),
    "both changed, the group's is taken": (A, B, C, {"tolerance": Side.TAKE}, C, (), ()),
    "both changed, whatever it is": (A, B, C, {ALL: Side.KEEP}, B, ("tolerance",), ()),
    "its own answer comes first": (A, B, C, {ALL: Side.KEEP, "tolerance": Side.TAKE}, C, (), ()),
    "an answer about another decision": (A, B, C, {"limit": Side.KEEP}, C, (), ("tolerance",)),
}


@pytest.mark.parametrize(("base", "own", "group", "answers", "says", "kept", "conflicts"), MERGED.values(), ids=MERGED)
def test_a_part_is_merged(
    base: Any, own: Any, group: Any, answers: Mapping[str, Side], says: Any, kept: Any, conflicts: Any
) -> None:
    part, head = Part(DMN, A.id), Part(DMN)

    def of(said: Any) -> Parts:
        return {head: "the model"} | ({} if said is None else {part: said})

    found = merge(of(base), of(own), of(group), answers)
    assert (found.parts.get(part), found.kept, found.conflicts) == (says, kept, conflicts)


def test_what_stood_in_a_file_that_the_group_has_no_more_is_not_kept() -> None:
    base, own = {Part(DMN): "the model", Part(DMN, A.id): A}, {Part(DMN): "the model", Part(DMN, A.id): B}
    found = merge(base, own, {}, {ALL: Side.KEEP})
    assert (found.parts, found.kept, found.conflicts) == ({}, (), ("tolerance",))


SAID = st.dictionaries(st.sampled_from([Part("f", key) for key in "abcd"]), st.integers(0, 2))


@given(base=SAID, own=SAID, group=SAID)
def test_a_merge_is_what_both_changes_make_of_the_base(
    base: dict[Part, int], own: dict[Part, int], group: dict[Part, int]
) -> None:
    """The slow way: each side's change is done to the base, and they conflict where they do not say the same."""
    base, own, group = ({Part("f"): 0, **each} for each in (base, own, group))
    changes = [{part: to.get(part) for part in {*base, *to} if base.get(part) != to.get(part)} for to in (own, group)]
    both = changes[0].keys() & changes[1].keys()
    conflicts = {part.key for part in both if changes[0][part] != changes[1][part]}
    found = merge(base, own, group, {})
    assert set(found.conflicts) == conflicts
    if not conflicts:
        expected = {part: said for part, said in {**base, **changes[0], **changes[1]}.items() if said is not None}
        assert found.parts == expected == merge(base, group, own, {}).parts
        assert set(found.kept) == {part.key for part in changes[0].keys() - both}


# ---- written again ---------------------------------------------------------------------------------------------------


def write_decisions(definitions: Definitions, original: bytes) -> bytes:
    return f"on {original.decode()[:11]}: {[each.name for each in definitions.elements]}".encode()


def test_only_a_file_that_holds_something_of_both_is_written_anew() -> None:
    base = version(A, MATCH)
    own = replace(version(B, MATCH), examples={EXAMPLES: (example("matched"),)})
    group = version(A, replace(MATCH, question="how much?"), readme="other words")
    parts = merge(base.parts, own.parts, group.parts, {}).parts
    files = files_of(parts, group, own, write_decisions, repr)
    assert files == {
        DMN: b"on Definitions: ['tolerance', 'match']",
        EXAMPLES: own.files[EXAMPLES],
        README: b"other words",
    }


def test_examples_of_both_stand_in_one_file() -> None:
    more = example("exception", title="far over")
    base, own = version(), replace(FIVE, examples={EXAMPLES: (example("matched"),)})
    group = version(examples=(example("tolerated"), more))
    parts = merge(base.parts, own.parts, group.parts, {}).parts
    written: Any = {}

    def write_examples(content: Mapping[str, Any]) -> str:
        written.update(content)
        return "written"

    assert files_of(parts, group, own, write_decisions, write_examples)[EXAMPLES] == b"written"
    expected = [(each["title"], each["expect"]) for each in written["situations"]]
    assert (written["decision"], expected) == (
        "match",
        [("a bit over", {"": "matched"}), ("far over", {"": "exception"})],
    )

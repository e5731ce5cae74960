"""What was in force on a day, as known at a moment: the answers that an auditor asks for."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.packs.timeline import BEGINNING, InForce, Timeline, Way, is_in_share


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


TIMELINE = Timeline(
    (
        InForce("first", "", BEGINNING, at(1, 2), "system", way=Way.FOUNDING),
        InForce("march", "", date(2026, 3, 1), at(3, 1), "clara", "c1"),
        InForce("france", "FR", date(2026, 3, 5), at(3, 5), "clara", "c2"),
        InForce("mended", "", date(2026, 2, 10), at(3, 20), "clara", "c3"),  # a correction
        InForce("", "FR", date(2026, 3, 25), at(3, 25), "clara", "c4"),  # follows the group again
        InForce("march", "", date(2026, 4, 2), at(4, 2), "nadia", "c5", Way.ROLLBACK),
    )
)

ASKED = {
    "now": ("", None, None, "march"),
    "long before the first release": ("", date(2020, 5, 5), None, "first"),
    "the day before a release": ("", date(2026, 2, 9), None, "first"),
    "the first day of a correction": ("", date(2026, 2, 10), None, "mended"),
    "the same day as known before the correction": ("", date(2026, 2, 10), at(3, 19), "first"),
    "in March as known in March": ("", date(2026, 3, 10), at(3, 19), "march"),
    "in March as known since the correction": ("", date(2026, 3, 10), at(3, 20), "mended"),
    "the day before the rollback": ("", date(2026, 4, 1), None, "mended"),
    "a day to come": ("", date(2030, 1, 1), None, "march"),
    "an entity without its own": ("DE", date(2026, 3, 10), None, "mended"),
    "an entity before its own": ("FR", date(2026, 3, 4), None, "mended"),
    "an entity with its own": ("FR", date(2026, 3, 6), None, "france"),
    "an entity as known before its own": ("FR", date(2026, 3, 6), at(3, 4), "march"),
    "an entity that follows the group again": ("FR", date(2026, 3, 26), None, "mended"),
}


@pytest.mark.parametrize(("entity", "on", "known_at", "version"), ASKED.values(), ids=ASKED)
def test_version_in_force(entity: str, on: date | None, known_at: datetime | None, version: str) -> None:
    entry = TIMELINE.in_force(entity, on=on, known_at=known_at)
    assert entry is not None
    assert entry.version == version


def test_nothing_was_in_force_before_anything_was_known() -> None:
    assert TIMELINE.in_force(known_at=at(1, 1)) is None


def test_a_rollback_leads_to_what_was_in_force_before() -> None:
    before = TIMELINE.before()
    assert before is not None
    assert (before.version, before.case_id) == ("mended", "c3")
    assert Timeline(TIMELINE.entries[:1]).before() is None


def test_timeline_is_read_as_it_was_written() -> None:
    kept = decode(encode(TIMELINE.to_json()))
    assert isinstance(kept, list)
    assert Timeline.from_json(kept) == TIMELINE


def entry(version: str, entity: str, month: int, day: int, way: Way = Way.RELEASE, base: str = "") -> InForce:
    return InForce(version, entity, date(2026, month, day), at(month, day), "clara", way=way, base=base)


OWN = Timeline(
    (
        entry("G1", "", 1, 1, Way.FOUNDING),
        entry("F1", "FR", 1, 10, base="G1"),
        entry("U1", "UK", 1, 20, base="G1"),
        entry("G2", "", 2, 1),
        entry("F2", "FR", 2, 1, Way.MERGE, "G2"),
        entry("", "UK", 2, 1, Way.MERGE, "G2"),
        entry("F3", "FR", 2, 10, base="G2"),
        entry("G3", "", 3, 1),
        entry("F4", "FR", 3, 1, Way.MERGE, "G3"),
        entry("D1", "DE", 3, 10, base="G3"),
        entry("", "DE", 3, 20, base="G3"),
    )
)


def test_who_overrides_the_group_from_a_day_on() -> None:
    """Whoever has had its own on one of the days, from which of them on; who only follows is not told."""

    def told(month: int, day: int, **asked: bool) -> list[tuple[str, str, date]]:
        found = OWN.overriding(date(2026, month, day), **asked)
        return [(each.entity, each.version, each.valid_from) for each in found]

    assert told(3, 25) == [("FR", "F4", date(2026, 3, 25))]
    assert told(3, 15) == [
        ("DE", "D1", date(2026, 3, 15)),
        ("DE", "", date(2026, 3, 20)),
        ("FR", "F4", date(2026, 3, 15)),
    ]
    assert told(2, 5)[2:] == [
        ("FR", "F2", date(2026, 2, 5)),
        ("FR", "F3", date(2026, 2, 10)),
        ("FR", "F4", date(2026, 3, 1)),
    ]
    assert ("UK", "", date(2026, 3, 25)) in told(3, 25, let_go=True)
    assert "DE" not in {entity for entity, *_ in told(3, 25, let_go=True)}  # it asked for it


BACK = {
    "the group": ("", "G2"),
    "an entity, behind its own last change": ("FR", "F2"),
    "an entity that let go of its own": ("DE", "D1"),
    "an entity whose own ended with a release: before its only change it followed": ("UK", "G3"),
    "an entity that never had its own": ("IT", None),
}


@pytest.mark.parametrize(("entity", "version"), BACK.values(), ids=BACK)
def test_whither_a_rollback_leads(entity: str, version: str | None) -> None:
    before = OWN.before(entity)
    assert (None if before is None else before.version) == version


def test_what_an_entity_had_on_an_earlier_version_of_the_group() -> None:
    """Only while all that it got since came of the group's releases: its own change is not undone with the group's."""
    found = {(entity, base): OWN.as_before(entity, base) for entity in ("FR", "UK") for base in ("G1", "G2")}
    assert {key: None if each is None else each.version for key, each in found.items()} == {
        ("FR", "G1"): None,
        ("FR", "G2"): "F3",
        ("UK", "G1"): "U1",
        ("UK", "G2"): "",
    }


MOVED = {
    "to an entity with its own on that version": ("G2", "FR", "F3"),
    "to an entity that followed it then": ("G2", "UK", "G2"),
    "to an entity that never had its own": ("G1", "IT", "G1"),
    "from one entity to another": ("U1", "FR", "F1"),
    "from an entity to none that is known": ("F4", "", "G3"),
    "a version that was never in force": ("X", "FR", "X"),
}


@pytest.mark.parametrize(("version", "entity", "goes_on"), MOVED.values(), ids=MOVED)
def test_a_case_that_turns_out_to_be_an_entitys_keeps_the_version_of_the_group(
    version: str, entity: str, goes_on: str
) -> None:
    assert OWN.for_entity(version, entity) == goes_on


def tried(version: str, entity: str, day: int, share: int = 10) -> InForce:
    return replace(entry(version, entity, 5, day, Way.TRIAL, "G"), share=share)


G, F = entry("G", "", 1, 1), entry("F", "FR", 2, 1, base="G")
ON_TRIAL = {
    "nothing": ((G,), "DE", "", "G"),
    "a share of the group: who did not begin with it": ((G, tried("C", "", 1)), "DE", "", "G"),
    "a share of the group: who did": ((G, tried("C", "", 1)), "DE", "C", "C"),
    "every case of an entity": ((G, tried("C", "FR", 1, 100)), "FR", "", "C"),
    "every case of another entity": ((G, tried("C", "FR", 1, 100)), "DE", "", "G"),
    "an entity that begins with what it overrides": ((G, F, tried("C", "", 1), tried("CF", "FR", 1)), "FR", "CF", "CF"),
    "an entity that overrides, outside the share": ((G, F, tried("C", "", 1), tried("CF", "FR", 1)), "FR", "", "F"),
    "widened": ((G, tried("C", "FR", 1), tried("C", "", 2, 50)), "DE", "C", "C"),
    "ended by what stands beside it": ((G, tried("C", "", 1), entry("G", "", 5, 2)), "DE", "C", "G"),
    "ended by a release to everybody": ((G, tried("C", "", 1), entry("C", "", 5, 2)), "DE", "", "C"),
    "ended by another release": ((G, tried("C", "", 1), entry("D", "", 5, 2)), "DE", "C", "D"),
    "ended for an entity by its own": ((G, tried("C", "", 1), entry("F", "FR", 5, 2, base="G")), "FR", "C", "F"),
    "and for that one only": ((G, tried("C", "", 1), entry("F", "FR", 5, 2, base="G")), "DE", "C", "C"),
}


@pytest.mark.parametrize(("entries", "entity", "under", "version"), ON_TRIAL.values(), ids=ON_TRIAL)
def test_what_is_in_force_while_a_version_is_on_trial(
    entries: tuple[InForce, ...], entity: str, under: str, version: str
) -> None:
    found = Timeline(entries).in_force(entity, under=under)
    assert found is not None
    assert found.version == version


def test_a_trial_is_nothing_to_build_on_or_to_go_back_to() -> None:
    timeline = Timeline((entry("A", "", 1, 1), entry("G", "", 2, 1), tried("C", "", 1), tried("C", "FR", 1)))
    before = timeline.before()
    assert (before.version if before else "", timeline.before("FR")) == ("A", None)
    assert timeline.overriding(date(2026, 6, 1)) == ()
    assert {each.entity for each in timeline.trials} == {"", "FR"}
    assert Timeline((*timeline.entries, entry("G", "", 6, 1))).trials == ()
    assert timeline.for_entity("C", "DE") == "G"  # a case on trial that turns out to be somebody else's is not


def test_the_cases_of_a_share_are_the_same_ones_whenever_it_is_asked() -> None:
    cases = [f"case-{number}" for number in range(2_000)]
    shares = {share: {case for case in cases if is_in_share(case, share)} for share in (1, 10, 50, 100)}
    assert [len(shares[share]) for share in (1, 10, 50, 100)] == [22, 216, 1_007, 2_000]
    assert shares[1] < shares[10] < shares[50] < shares[100]  # who widens a share takes nobody out of it
    timeline = Timeline((G, tried("C", "", 1, 50)))
    begun = {case for case in cases if (found := timeline.begins(case, "DE")) is not None and found.version == "C"}
    assert begun == shares[50]


ENTRIES = st.lists(
    st.builds(
        lambda version, entity, way, share: replace(entry(version, entity, 1, 1, way), share=share),
        st.sampled_from("ABC"),
        st.sampled_from(["", "", "FR", "DE"]),
        st.sampled_from([Way.RELEASE, Way.TRIAL]),
        st.sampled_from([10, 100]),
    ),
    max_size=8,
)


@given(entries=ENTRIES, entity=st.sampled_from(["", "FR", "DE"]), under=st.sampled_from(["", *"ABC"]))
def test_what_is_in_force_is_what_the_entries_made_one_after_the_other(
    entries: list[InForce], entity: str, under: str
) -> None:
    """The slow way: what stands and what is on trial is kept for each entity, entry by entry."""
    standing: dict[str, InForce] = {}
    on_trial: dict[str, InForce | None] = {}
    for each in entries:
        concerned = [each.entity] if each.entity else ["", "FR", "DE"]
        for one in concerned:
            on_trial[one] = each if each.way is Way.TRIAL else None
        if each.way is not Way.TRIAL:
            standing[each.entity] = each
    trial = on_trial.get(entity)
    expected = standing.get(entity, standing.get(""))
    if trial is not None and (trial.share == 100 or trial.version == under):
        expected = trial
    timeline = Timeline(tuple(entries))
    assert timeline.in_force(entity, under=under) == expected
    assert timeline.standing(entity) == standing.get(entity, standing.get(""))


def test_as_many_entities_as_may_have_their_own_are_told_in_one_entry_of_the_log() -> None:
    """Only the first says what the release is called: the others name its request."""
    one = replace(tried("a" * 64, "ENTITY", 1), base="b" * 64, recorded_by="p" * 60, case_id="c" * 26)
    entries = [replace(one, title="t" * 2_000), *[one] * limits.ENTITIES_OVERRIDING_MAX]
    told = [{name: value for name, value in each.to_json().items() if value} for each in entries]
    assert len(encode({"in_force": told})) < limits.AUDIT_ENTRY_BYTES_MAX


TAKEN = {
    "nothing came after it": ((G,), 0, ""),
    "another release": ((G, entry("H", "", 2, 1)), 0, "H"),
    "a release that is another's": ((G, entry("F", "FR", 2, 1, base="G")), 0, ""),
    "the same version once more, as a trial ends": ((G, tried("C", "", 1), entry("G", "", 5, 2)), 0, ""),
    "a trial takes nobody's place": ((G, tried("C", "", 1)), 0, ""),
    "a trial is ended by what stands beside it": ((G, tried("C", "", 1), entry("G", "", 5, 2, Way.ROLLBACK)), 1, "G"),
    "a trial is widened": ((G, tried("C", "", 1), tried("C", "", 2, 50)), 1, "C"),
    "an entity's by a release of the group": ((G, F, entry("F2", "FR", 3, 1, Way.MERGE, "H")), 1, "F2"),
}


@pytest.mark.parametrize(("entries", "place", "version"), TAKEN.values(), ids=TAKEN)
def test_what_takes_the_place_of_an_entry(entries: tuple[InForce, ...], place: int, version: str) -> None:
    after = Timeline(entries).taken_by(entries[place])
    assert (after.version if after is not None else "") == version


def test_everybody_who_released_it_is_kept_and_of_older_entries_the_last() -> None:
    both = replace(G, signed_by=("clara", "nadia"))
    assert InForce.from_json(both.to_json()).signers == ("clara", "nadia")
    old = {name: value for name, value in G.to_json().items() if name != "signed_by"}
    assert InForce.from_json(old).signers == ("clara",)

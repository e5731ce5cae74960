"""What was in force on a day, as known at a moment: the answers that an auditor asks for."""

from datetime import UTC, date, datetime

import pytest

from comptroller.domain.kernel.canonical_json import decode, encode
from comptroller.domain.packs.timeline import BEGINNING, InForce, Timeline, Way


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

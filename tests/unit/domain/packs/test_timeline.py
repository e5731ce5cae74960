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

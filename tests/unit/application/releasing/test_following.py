"""Judgements are told from watermark to watermark: each once, however many fall on one instant."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptroller.application.records import MilestoneRow
from comptroller.application.releasing.following import JUDGED, PAGE, judged_between

BEGIN = datetime(2026, 3, 27, 8, tzinfo=UTC)
END = BEGIN + timedelta(seconds=100)


class Judgements:
    """A store of nothing else: so many at each second."""

    def __init__(self, a_second: Sequence[int]) -> None:
        self.rows = [
            MilestoneRow(f"{second}.{number}", 1, JUDGED, BEGIN + timedelta(seconds=second), "DE", "", "", "", "", "")
            for second, count in enumerate(a_second)
            for number in range(count)
        ]

    def milestones_between(
        self, kind: str, since: datetime, until: datetime, limit: int = 100_000
    ) -> Sequence[MilestoneRow]:
        return [row for row in self.rows if row.kind == kind and since <= row.at < until][:limit]


@pytest.mark.parametrize(
    "a_second",
    [
        pytest.param([], id="none"),
        pytest.param([3, 0, 2], id="less than a page"),
        pytest.param([PAGE], id="a page at one instant"),
        pytest.param([PAGE * 3, 1], id="many pages at one instant"),
        pytest.param([1, PAGE * 2, 1], id="an instant that begins on a page"),
        pytest.param([PAGE - 1, 2, PAGE - 2, 5], id="pages that end within an instant"),
    ],
)
def test_each_judgement_is_told_once(a_second: Sequence[int]) -> None:
    store: Any = Judgements(a_second)
    told: list[str] = []
    since = BEGIN
    while since < END:
        found = judged_between(store, since, END)
        told += [row.case_id for row in found.judgements]
        assert since < found.watermark <= END
        assert all(since <= row.at < found.watermark for row in found.judgements)
        since = found.watermark
    assert told == [row.case_id for row in store.rows]


def test_nothing_is_told_of_what_may_still_be_committed() -> None:
    store: Any = Judgements([1])
    found = judged_between(store, END, BEGIN)
    assert (found.judgements, found.watermark) == ((), END)

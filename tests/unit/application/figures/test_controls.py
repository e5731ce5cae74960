"""What counts as touched, as a duplicate and as done again, case by case."""

from decimal import Decimal

import pytest
from tests.unit.application.figures.cases import case

from comptroller.application.figures.controls import touch_minutes
from comptroller.application.figures.duplicates import is_confirmed_duplicate
from comptroller.application.figures.exceptions import reworked

Told = tuple[str, str, dict[str, str]]


def task(kind: str, when: str, name: str, person: str) -> Told:
    return kind, f"2026-03-27T{when}", {"task": name, "person": person}


@pytest.mark.parametrize(
    ("milestones", "minutes"),
    [
        pytest.param(
            (task("task opened", "09:00", "t1", "lena"), task("task signed", "09:12", "t1", "lena")), 12, id="one look"
        ),
        pytest.param(
            (
                task("task opened", "09:00", "t1", "ruth"),
                task("task opened", "09:10", "t1", "lena"),
                task("exception answered", "09:12", "t1", "lena"),
            ),
            2,
            id="of who answered, not of who looked as well",
        ),
        pytest.param(
            (
                task("task opened", "09:00", "t1", "lena"),
                task("task signed", "15:00", "t1", "lena"),
                task("task opened", "09:00", "t2", "lena"),
                task("document keyed", "12:00", "t2", "lena"),
            ),
            120,
            id="an hour a task at most, keying too",
        ),
        pytest.param((task("task signed", "09:12", "t1", "lena"),), 0, id="never looked at"),
    ],
)
def test_touch_minutes(milestones: tuple[Told, ...], minutes: int) -> None:
    assert touch_minutes(case(*milestones), Decimal(60)) == minutes


@pytest.mark.parametrize(
    ("said", "answered", "status", "confirmed"),
    [
        pytest.param("certain", "", "rejected", True, id="a certain rule"),
        pytest.param("certain", "", "posted", False, id="cleared and posted"),
        pytest.param("possible", "reject duplicate", "rejected", True, id="a person's word"),
        pytest.param("possible", "reject tax", "rejected", False, id="turned down for its tax"),
        pytest.param("none", "reject duplicate", "rejected", False, id="no duplicate at the last judgement"),
    ],
)
def test_a_duplicate_is_confirmed_by_who_was_asked_about_it(
    said: str, answered: str, status: str, confirmed: bool
) -> None:
    judged = ("controls decided", "2026-03-27T09:00", {"detail": f'{{"duplicate":"{said}"}}'})
    by_person = ("exception answered", "2026-03-27T10:00", {"detail": answered})
    assert is_confirmed_duplicate(case(judged, by_person, status=status)) is confirmed


def closed(kind: str) -> Told:
    return "exception closed", "2026-03-27T10:00", {"detail": kind}


POSTED = ("posted", "2026-03-27T11:00", dict[str, str]())


@pytest.mark.parametrize(
    ("milestones", "acts"),
    [
        pytest.param((closed("price"), POSTED), 1, id="matched again to an order that was amended"),
        pytest.param((closed("quantity"), closed("no receipt"), POSTED), 0, id="waited for a receipt"),
        pytest.param(
            (("exception answered", "2026-03-27T09:30", {"detail": "accept variance price"}), closed("price"), POSTED),
            0,
            id="accepted as it is",
        ),
        pytest.param((POSTED, POSTED), 1, id="posted again"),
        pytest.param((("task answered", "2026-03-27T09:30", {"detail": "send back owner"}), POSTED), 1, id="sent back"),
        pytest.param((("delivery retried", "2026-03-27T12:00", {}), POSTED), 1, id="sent again by an operator"),
        pytest.param((("ended", "2026-03-27T10:00", {}), closed("price")), 0, id="turned down with it"),
    ],
)
def test_rework(milestones: tuple[Told, ...], acts: int) -> None:
    assert len(reworked(case(*milestones))) == acts

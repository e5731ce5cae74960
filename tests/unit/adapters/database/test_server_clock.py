"""A process tells the database's clock by what the server last said."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from comptroller.adapters.database.server_clock import ASKED_AGAIN_S, ServerClock

NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)


@dataclass
class Steady:
    """A clock that only goes forward."""

    at: float = 1000.0

    def __call__(self) -> float:
        return self.at


def test_a_clock_that_was_never_asked_is_due_and_tells_nothing() -> None:
    clock = ServerClock(Steady())
    assert clock.is_due
    with pytest.raises(LookupError):
        clock.now()


def test_between_two_questions_it_counts_on() -> None:
    steady = Steady()
    clock = ServerClock(steady)
    clock.ask(lambda: NOON)
    steady.at += ASKED_AGAIN_S
    assert (clock.now(), clock.is_due) == (NOON + timedelta(seconds=ASKED_AGAIN_S), False)
    steady.at += 0.25
    assert clock.is_due


def test_it_is_never_ahead_of_the_server() -> None:
    steady = Steady()
    clock = ServerClock(steady)

    def slow() -> datetime:
        steady.at += 2  # the answer is on its way: by now the server's clock is two seconds past noon
        return NOON

    clock.ask(slow)
    assert clock.now() == NOON


@pytest.mark.parametrize("jump", [timedelta(hours=-3), timedelta(hours=3)], ids=["back", "forward"])
def test_a_server_whose_clock_was_set_is_followed_from_the_next_question_on(jump: timedelta) -> None:
    steady = Steady()
    clock = ServerClock(steady)
    clock.ask(lambda: NOON)
    steady.at += 6
    clock.ask(lambda: NOON + jump)
    assert clock.now() == NOON + jump


def test_a_question_without_an_answer_leaves_what_was_said() -> None:
    steady = Steady()
    clock = ServerClock(steady)
    clock.ask(lambda: NOON)

    def gone() -> datetime:
        raise ConnectionError

    steady.at += 7
    with pytest.raises(ConnectionError):
        clock.ask(gone)
    assert (clock.now(), clock.is_due) == (NOON + timedelta(seconds=7), True)

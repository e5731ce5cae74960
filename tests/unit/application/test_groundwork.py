"""What is found out before a transaction writes, and only there."""

import pytest

from comptroller.application.groundwork import Groundwork, Unfounded


def test_something_is_found_out_once_and_is_there_for_the_transaction_that_writes() -> None:
    ground, looked = Groundwork(is_open=True), list[str]()
    for _ in range(2):
        assert ground.of(("changes", "a", "b"), lambda: looked.append("once") or len(looked)) == 1  # type: ignore[func-returns-value]
    assert Groundwork(is_open=False, found=ground.found).of(("changes", "a", "b"), lambda: 2) == 1


def test_a_transaction_that_writes_finds_nothing_out() -> None:
    ground = Groundwork(is_open=False, found={("changes", "a", "b"): 1})
    with pytest.raises(Unfounded):
        ground.of(("changes", "a", "other bytes"), lambda: 2)

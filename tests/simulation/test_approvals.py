"""A small share of the soak of approvals: everybody at once, one final outcome, two people always two."""

from tests.soak import approvals


def test_approval_has_one_outcome_and_two_people_stay_two_whatever_they_do_at_once() -> None:
    result = approvals.run(budget=10, run_seed=5, rounds=1, examples=3)
    assert result["violation"] == ""
    assert result["answers"] >= 1

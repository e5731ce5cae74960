"""Regions that lie side by side and of which the same becomes are told as one, and no others."""

from comptroller.application.presenting.policies.regions import gathered


def region(amount: str, kind: str, what: str = "gains CFO") -> tuple[str, dict[str, str], str]:
    return "steps", {"amount": amount, "kind": kind}, what


def test_neighbours_become_one_over_several_columns() -> None:
    told = gathered(region(amount, kind) for amount in ("> 5", "<= 5") for kind in ("true", "false"))
    assert [each.where for each in told] == [(("amount", ("> 5", "<= 5")), ("kind", ("true", "false")))]


def test_what_lies_apart_or_becomes_something_else_stays_by_itself() -> None:
    apart = [region("> 5", "true"), region("<= 5", "false"), region("> 5", "false", "loses CEO")]
    assert [each.what for each in gathered(apart)] == ["gains CFO", "gains CFO", "loses CEO"]

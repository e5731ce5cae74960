"""How something stands, in five words that every page marks and colours alike."""

from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How a control, a case or a step stands; the page gives each a word, a mark and a colour."""

    PASSED = "passed"  # granted, matched, posted, signed
    NOTED = "noted"  # passed, with something to know
    WAITING = "waiting"  # somebody or something is awaited
    STOPPED = "stopped"  # refused, blocked, invalid
    NEUTRAL = "neutral"  # does not apply, not reached


_OUTCOMES: Final[dict[Standing, tuple[str, ...]]] = {
    Standing.PASSED: (
        *("valid", "clear", "pay", "none", "allowed", "matched", "accept", "yes", "approve"),
        *("post", "posted", "done", "delivered"),
    ),
    Standing.NOTED: ("tolerated", "accept with notice", "payment block", "post with payment block", "correctable"),
    Standing.WAITING: ("review", "possible", "route", "exception", "hold", "waiting"),
    Standing.STOPPED: (
        *("block", "invalid", "certain", "needs order", "retroactive order", "no"),
        *("reject", "rejected", "return", "returned", "refused"),
    ),
}

_STANDING: Final = {outcome: standing for standing, outcomes in _OUTCOMES.items() for outcome in outcomes}


def standing_of(outcome: str) -> Standing:
    """Say how an outcome word stands; a policy's word that is not known here is shown without a colour.

    >>> [standing_of(word).value for word in ("tolerated", "needs order", "not applicable")]
    ['noted', 'stopped', 'neutral']
    """
    return _STANDING.get(outcome, Standing.NEUTRAL)

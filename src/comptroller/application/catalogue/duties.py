"""Sets of duties that several parts of the catalogue take."""

from comptroller.domain.identity import Duty


def one(duty: Duty) -> frozenset[Duty]:
    """A use case that takes this duty and no other."""
    return frozenset({duty})

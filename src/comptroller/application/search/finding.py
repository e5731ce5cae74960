"""Finds cases by all words of a search: the rarest word leads, the others are asked about its cases alone.

However common the words, no more than the newest `SEARCH_CASES_MAX` cases of one word are read, so that a search costs
the same in a tenant of a thousand cases and of a million.
"""

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.search.words import terms_of
from comptroller.domain.kernel import limits


def find_cases(uow: UnitOfWork, query: str) -> tuple[str, ...]:
    """The cases in which each word of the search begins a word, the best first; who asks must still be let see them."""
    terms = terms_of(query)
    if not terms:
        return ()
    limit = limits.SEARCH_CASES_MAX
    read = sorted(((uow.found_by(term, limit + 1), term) for term in terms), key=lambda one: len(one[0]))
    leading, _ = read[0]
    weights = dict(leading[:limit])
    for found, term in read[1:]:
        if not weights:
            break
        others = dict(found) if len(found) <= limit else uow.found_among(term, weights)
        weights = {case_id: weight + others[case_id] for case_id, weight in weights.items() if case_id in others}
    return tuple(sorted(weights, key=lambda case_id: (weights[case_id], case_id), reverse=True))

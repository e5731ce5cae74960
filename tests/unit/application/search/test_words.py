"""Words as people type them find what documents wrote."""

from decimal import Decimal

import pytest

from comptroller.application.search.words import amount_words, beginnings, terms_of, words_of
from comptroller.domain.kernel import limits


def is_found(text: str, query: str) -> bool:
    known = {beginning for word in words_of(text) for beginning in beginnings(word)}
    return all(term in known for term in terms_of(query))


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("NK-2026/0331", "NK-2026/0331"),
        ("NK-2026/0331", "nk 0331"),
        ("NK-2026/0331", "nk20260331"),
        ("NK-2026/0331", "nk2026"),
        ("Müller Größen GmbH", "muller grossen"),
        ("Amélie Laurent", "AMELIE"),
        ("Nordkupfer Handel GmbH", "nordk"),
        ("Nordkupfer Handel GmbH", "handel nord"),
        ("Donaudampfschifffahrt", "donaudampfsc"),
        ("Donaudampfschifffahrt", "Donaudampfschifffahrt"),
        ("Teil A", "a"),
        ("Ωmega", "ωme"),
    ],
)
def test_text_is_found(text: str, query: str) -> None:
    assert is_found(text, query)


@pytest.mark.parametrize(
    ("text", "query"), [("Nordkupfer", "kupfer"), ("Nordkupfer", "nordx"), ("Nordkupfer Handel", "nord sud")]
)
def test_text_is_not_found(text: str, query: str) -> None:
    assert not is_found(text, query)


@pytest.mark.parametrize("query", ["1,190.00", "1190.00", "1.190,00", "1190,00", "1'190.00", "1190"])
def test_amount_is_found_as_it_is_written_anywhere(query: str) -> None:
    known = set(amount_words(Decimal("1190.00")))
    assert set(terms_of(query)) <= known


@pytest.mark.parametrize("query", ["1191.00", "190.00", "11"])
def test_another_amount_is_not_found(query: str) -> None:
    assert not set(terms_of(query)) <= set(amount_words(Decimal("1190.00")))


@pytest.mark.parametrize("query", ["", "  ", "-", "%", "\x00", "'; --"])
def test_search_for_no_word_asks_for_nothing(query: str) -> None:
    assert terms_of(query) == ()


def test_long_search_asks_for_its_first_words() -> None:
    assert len(terms_of(" ".join(f"word{number}" for number in range(50)))) == limits.SEARCH_TERMS_MAX

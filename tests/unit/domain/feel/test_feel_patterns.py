"""Patterns of XPath: what they take, what is refused, and agreement with Python's engine where both mean the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comptroller.domain.feel.patterns import PatternError, compile_pattern, search


def _free(_steps: int) -> None:
    """Charge nothing."""


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "caught"),
    [
        pytest.param("b+", "", "abbbc", "bbb", id="greedy"),
        pytest.param("b+?", "", "abbbc", "b", id="reluctant"),
        pytest.param("a|ab", "", "ab", "a", id="first alternative"),
        pytest.param("(?:ab){2}", "", "abab", "abab", id="counted group"),
        pytest.param("a{2,3}", "", "aaaa", "aaa", id="counted range"),
        pytest.param("(a)(b)?\\1", "", "aab", "aa", id="reference back"),
        pytest.param("[a-z-[aeiou]]+", "", "aebcd", "bcd", id="class without another"),
        pytest.param("[^\\d]", "", "12x", "x", id="negated class"),
        pytest.param("\\p{Lu}\\P{Lu}", "", "xXy", "Xy", id="categories"),
        pytest.param("\\i\\c*", "", "1a-b", "a-b", id="XML names"),
        pytest.param("\\w+", "", "-é1-", "é1", id="words"),
        pytest.param("a.c", "", "a\nc", None, id="no dot over lines"),
        pytest.param("a.c", "s", "a\nc", "a\nc", id="dot over lines"),
        pytest.param("^b$", "", "a\nb", None, id="bounds of the text"),
        pytest.param("^b$", "m", "a\nb", "b", id="bounds of lines"),
        pytest.param("^$", "m", "a\n", None, id="no line after the last end of a line"),
        pytest.param("^$", "m", "a\n\nb", "", id="an empty line"),
        pytest.param("STRASSE", "i", "strasse", "strasse", id="either case"),
        pytest.param("K", "i", "\u212a", "\u212a", id="the sign for kelvin is a k"),
        pytest.param("[A-Z]+", "i", "-aZ\u212a-", "aZ\u212a", id="a span in either case"),
        pytest.param("[^Q]", "i", "qQx", "x", id="neither case of what is excluded"),
        pytest.param("[A-Z-[OI]]+", "i", "oiab", "ab", id="neither case of what is taken away"),
        pytest.param("\\p{Lu}", "i", "aB", "B", id="a category has its case"),
        pytest.param("(.)b\\1", "i", "abA", "abA", id="reference back in either case"),
        pytest.param("\\p{IsGreek}+", "", "a\u03b1\u03b2b", "\u03b1\u03b2", id="block"),
        pytest.param("\\P{IsBasicLatin}", "", "a\u00e9", "\u00e9", id="not in a block"),
        pytest.param("[\\p{IsCyrillic}\\d]+", "", "a\u04301b", "\u04301", id="block in a class"),
        pytest.param("hello\\ sworld", "x", "hello world", "hello world", id="spaces left out of an escape"),
        pytest.param("[ ]", "x", "a b", " ", id="but not of a class"),
        pytest.param("a b", "x", "ab", "ab", id="spaces left out"),
        pytest.param("a.b", "q", "aab a.b", "a.b", id="literal"),
        pytest.param("(a*)*b", "", "aaab", "aaab", id="loop of loops"),
        pytest.param("", "", "x", "", id="nothing"),
    ],
)
def test_pattern(pattern: str, flags: str, text: str, caught: str | None) -> None:
    match = search(compile_pattern(pattern, flags), text, _free)
    assert (None if match is None else match.group(0)) == caught


@pytest.mark.parametrize(
    ("pattern", "flags"),
    [
        pytest.param("(", "", id="group not closed"),
        pytest.param("a)", "", id="group not opened"),
        pytest.param("*", "", id="nothing to repeat"),
        pytest.param("[b-a]", "", id="span the wrong way"),
        pytest.param("[a", "", id="class not closed"),
        pytest.param("\\k", "", id="no escape"),
        pytest.param("\\p{Xx}", "", id="no category"),
        pytest.param("\\p{IsNowhere}", "", id="no block"),
        pytest.param("a(?=b)", "", id="no looking ahead"),
        pytest.param("(?i)a", "", id="no flags within"),
        pytest.param("a*+", "", id="nothing possessive"),
        pytest.param("a{,2}", "", id="no least count"),
        pytest.param("\\0", "", id="no group 0"),
        pytest.param("(a)[\\1]", "", id="no reference in a class"),
        pytest.param("(a\\1)", "", id="reference into an open group"),
        pytest.param("a{2,1}", "", id="counts the wrong way"),
        pytest.param("a{1001}", "", id="repeated too often"),
        pytest.param("(a{1000}){1000}", "", id="too large"),
        pytest.param("(" * 60 + ")" * 60, "", id="too deep"),
        pytest.param("a", "z", id="no flag"),
    ],
)
def test_refused(pattern: str, flags: str) -> None:
    with pytest.raises(PatternError):
        compile_pattern(pattern, flags)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    repeated = st.builds("({}){}".format, inner, st.sampled_from(("", "*", "+", "?", "*?", "+?", "??", "{1,2}", "{2}")))
    return st.builds("{}{}".format, inner, inner) | st.builds("{}|{}".format, inner, inner) | repeated


PATTERNS = st.recursive(st.sampled_from(("a", "b", ".", "[ab]", "[^a]", "^", "$")), _joined, max_leaves=6)


@given(PATTERNS, st.text("abc", max_size=8))
@settings(max_examples=200, deadline=None)
def test_agrees_with_python_on_where_a_match_begins(pattern: str, text: str) -> None:
    # where it ends may differ: Python ends a loop as soon as one round takes nothing, we try the other ways first
    match = search(compile_pattern(pattern), text, _free)
    python = re.search(pattern.replace("$", r"\Z"), text)
    assert (None if match is None else match.start) == (None if python is None else python.start())


def test_hostile_pattern_takes_steps_in_proportion_to_the_text() -> None:
    paid: list[int] = []
    for length in (100, 1_000):
        steps: list[int] = []
        assert search(compile_pattern("(a|a|aa)*(a*)*b"), "a" * length, steps.append) is None
        paid.append(sum(steps))
    assert paid[1] < paid[0] * 12

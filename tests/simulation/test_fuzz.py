"""A small share of the fuzzing soaks, without the fuzzer: the corpus once, and some hundreds of changes of it."""

import re

import pytest
from tests.soak import dmn_fuzz, feel_fuzz, fuzzing

from comptroller.domain.feel import compile_expression, compile_unary_tests

CHANGES = {"feel_fuzz": 400, "dmn_fuzz": 150}
ATTEMPTS = {"feel_fuzz": feel_fuzz.attempt, "dmn_fuzz": dmn_fuzz.attempt}


@pytest.mark.parametrize("target", CHANGES)
def test_nothing_escapes(target: str) -> None:
    for data in fuzzing.share(target, CHANGES[target], seed=3):
        ATTEMPTS[target](data)


@pytest.mark.parametrize("data", fuzzing.seeds("feel_fuzz"), ids=lambda data: re.sub(r"\W+", " ", data.decode())[:30])
def test_the_corpus_begins_with_texts_that_can_be_read(data: bytes) -> None:
    text = data.decode()
    assert not compile_expression(text, feel_fuzz.SCOPE, members=feel_fuzz.MEMBERS).faults or readable_as_tests(text)


def readable_as_tests(text: str) -> bool:
    return not compile_unary_tests(text, feel_fuzz.SCOPE, members=feel_fuzz.MEMBERS).faults

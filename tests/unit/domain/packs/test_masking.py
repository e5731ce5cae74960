"""Masking: which texts stay, which get a stand-in, and that what was equal stays equal."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.domain.packs.one_table import pack_of

from comptroller.domain.packs.masking import StandIns, policy_words

WORDS = policy_words([pack_of({"german": '"DE", "private", "colour 1"', "other": "-"})])


@pytest.mark.parametrize(
    ("fact", "value", "masked"),
    [
        pytest.param("channel", "private", "private", id="a word of the policy's cells"),
        pytest.param("channel", "german", "german", id="a word of the policy's conclusions"),
        pytest.param("country", "FR", "FR", id="a country that the policy does not name"),
        pytest.param("currency", "SEK", "SEK", id="a currency"),
        pytest.param("period", "2026-03", "2026-03", id="a period"),
        pytest.param("line", "12", "12", id="a short number"),
        pytest.param("note", "", "", id="nothing said"),
        pytest.param("amount", Decimal("740.00"), Decimal("740.00"), id="a number"),
        pytest.param("day", date(2026, 3, 27), date(2026, 3, 27), id="a day"),
        pytest.param("known", True, True, id="a truth"),
        pytest.param("note", None, None, id="what is not known"),
        pytest.param("supplier name", "Kessler & Söhne GmbH", "supplier name 1", id="a company"),
        pytest.param("requester", "lena.vogt", "requester 1", id="a person"),
        pytest.param("note", "please pay\nbefore Friday", "note 1", id="free words"),
        pytest.param("number", "KE-774412", "number 1", id="a document's number"),
        pytest.param("number", "774412", "number 1", id="a long number"),
        pytest.param("name", "IBM", "name 1", id="a short name that is no currency"),
        pytest.param("name", "privat", "name 1", id="a part of a word of the policy"),
        pytest.param("account", "DE89370400440532013000", "DE00000000000000000001", id="an account, its country left"),
        pytest.param("account", "DE89 3704 0044 0532 0130 00", "DE00000000000000000001", id="an account with spaces"),
        pytest.param("vat id", "FR40303265045", "FR00000000001", id="a VAT id, its country left"),
        pytest.param("vat id", "NK20260311", "vat id 1", id="what looks like one and is of no country"),
        pytest.param(
            "parties", [{"name": "A. Ber"}, {"name": "A. Ber"}], [{"name": "name 1"}] * 2, id="the same twice"
        ),
        pytest.param("colour", "red", "colour 2", id="no stand-in is a word of the policy"),
        pytest.param("name", "name 1", "name 2", id="no text is its own stand-in"),
        pytest.param("people", ["A. Ber", "C. Dal"], ["people 1", "people 2"], id="each of a list"),
    ],
)
def test_text_that_could_tell_whose_it_is_gets_a_stand_in(fact: str, value: Any, masked: Any) -> None:
    assert StandIns(WORDS).masked(value, fact) == masked


def test_stand_in_of_a_text_is_the_same_wherever_it_is_met() -> None:
    facts = {"enterer": "lena.vogt", "signer": "lena.vogt", "requester": "paul.ott"}
    assert StandIns(WORDS).masked(facts) == {"enterer": "enterer 1", "signer": "enterer 1", "requester": "requester 1"}


def test_what_was_made_of_texts_is_told_with_their_stand_ins() -> None:
    stand_ins = StandIns(WORDS)
    stand_ins.masked({"supplier": "Ott", "number": "Ott 7"})
    told = stand_ins.told({"who": "Ott", "text": "invoice Ott 7 of Ott, not of Ottmar"})
    assert told == {"who": "supplier 1", "text": "invoice number 1 of supplier 1, not of Ottmar"}


@given(
    st.lists(st.text(max_size=8) | st.sampled_from(["name 1", "name 2", "DE", "DE89370400440532013000"]), max_size=8)
)
def test_equal_texts_stay_equal_and_others_apart(texts: list[str]) -> None:
    masked = StandIns(WORDS).masked({"name": texts})["name"]
    pairs = [(one, other) for one in range(len(texts)) for other in range(len(texts))]
    assert all((texts[one] == texts[other]) == (masked[one] == masked[other]) for one, other in pairs)

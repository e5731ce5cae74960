import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.audit import commit, opens

SALT = "5a" * 32
TEXTS = st.text(st.characters(codec="utf-8"))
SALTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(SALTS, TEXTS, SALTS, TEXTS)
def test_commitment_opens_with_its_own_salt_and_text_only(salt: str, text: str, salt_2: str, text_2: str) -> None:
    commitment = commit(salt, text)
    assert len(commitment) == 64
    assert opens(commitment, salt=salt, text=text)
    assert opens(commitment, salt=salt_2, text=text_2) == ((salt, text) == (salt_2, text_2))
    assert text == text_2 or not opens(commitment, salt=salt, text=text_2)
    assert salt == salt_2 or not opens(commitment, salt=salt_2, text=text)


@pytest.mark.parametrize("salt", ["", "5a" * 31, "5a" * 33, "5A" * 32, "zz" * 32, SALT + "\n"])
def test_salt_of_another_form_is_refused(salt: str) -> None:
    with pytest.raises(ValueError, match="64 hexadecimal digits"):
        commit(salt, "late, because the goods were wet")
    assert not opens(commit(SALT, "a"), salt=salt, text="a")


def test_stored_commitment_that_is_none_opens_with_nothing() -> None:
    assert not opens("ß", salt=SALT, text="a")

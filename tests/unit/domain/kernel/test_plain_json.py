import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.kernel import canonical_json, plain_json
from comptroller.domain.kernel.canonical_json import Plain

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**80), 2**80) | TEXTS,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(TEXTS, inner),
)


@given(PLAIN)
def test_plain_values_have_their_canonical_bytes_and_are_read_as_they_were_written(value: Plain) -> None:
    written = plain_json.encode(value)
    assert written == canonical_json.encode(value)
    assert plain_json.decode(written) == canonical_json.decode(written)


def test_every_character_is_written_as_in_canonical_json() -> None:
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]
    named = dict.fromkeys(reversed(characters), 0)
    assert plain_json.encode(characters) == canonical_json.encode(characters)
    assert plain_json.encode(named) == canonical_json.encode(named)


@pytest.mark.parametrize("value", ["\ud800", {"\ud800": 1}], ids=["a text", "a name"])
def test_a_lone_surrogate_is_refused(value: Plain) -> None:
    with pytest.raises(UnicodeEncodeError):
        plain_json.encode(value)

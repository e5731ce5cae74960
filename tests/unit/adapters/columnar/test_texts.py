"""Named texts in an Arrow array: found are those that are equal, byte by byte, and no others."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.columnar.texts import NamedTexts

SHORT = st.text(alphabet="ab\0ä", max_size=20)
TYPES = st.sampled_from([pa.string(), pa.large_string()])


def assert_found(names: list[str], texts: list[str], kind: pa.DataType) -> None:
    numbers = {name: number for number, name in enumerate(names, 1)}
    array = pa.array(["behind", *texts, "before"], kind).slice(1, len(texts))
    assert NamedTexts(names).find(array).tolist() == [numbers.get(text, 0) for text in texts]


@given(st.lists(SHORT, unique=True, max_size=12), st.lists(SHORT, min_size=1, max_size=20), TYPES)
def test_any_text_is_found_or_not(names: list[str], texts: list[str], kind: pa.DataType) -> None:
    assert_found(names, [*names, *texts], kind)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()], ids=["32 bits", "64 bits"])
@pytest.mark.parametrize(
    ("names", "others"),
    [
        pytest.param([], ["", "a"], id="no names"),
        pytest.param(["DE", "FR"], ["ES", "AT"], id="one length in all rows"),
        pytest.param(["DE", "D", "USA"], ["ES", "E", "U", "DEU"], id="two bytes among others"),
        pytest.param(["12345678a", "12345678b"], ["x2345678a", "12345678c"], id="told by the last word alone"),
        pytest.param(["a12345678", "b12345678"], ["c12345678", "a1234567x"], id="told by either word"),
        pytest.param(["a12345678", "aa12345678", "b12345678x"], ["a12345678x"], id="told by the first word alone"),
        pytest.param(["abababab", "ababababab"], ["abababababab", "ababab"], id="words that lie over one another"),
        pytest.param(["a\0", "a"], ["a\0\0", "\0a"], id="told by zeros at the end"),
        pytest.param(["plant"], ["plan", "plants", "plant\0"], id="shorter, longer, with a zero"),
        pytest.param(["research"], ["research ", "researchX", "researc"], id="eight bytes"),
        pytest.param(["category A", "category B"], ["category C", "katagory A"], id="one length of ten bytes"),
        pytest.param(["a" * 9, "a" * 10, "a" * 16], ["a" * 8, "a" * 11, "a" * 17], id="told by their length alone"),
        pytest.param(["12345678-1-abcdefgh", "12345678-2-abcdefgh"], ["12345678-3-abcdefgh"], id="told in the middle"),
        pytest.param(["x" * 40 + "y" + "x" * 40], ["x" * 81, "x" * 40 + "z" + "x" * 40], id="long ones"),
        pytest.param(
            [f"vendor {number}" for number in range(3_000)], ["vendor 3000"], id="more than places without moving"
        ),
    ],
)
def test_texts_that_are_alike(names: list[str], others: list[str], kind: pa.DataType) -> None:
    assert_found(names, [*names, *others], kind)
    for text in [*names[:5], *others]:
        assert_found(names, [text] * 3, kind)

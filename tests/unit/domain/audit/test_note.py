from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.audit.note import (
    NOTE_BYTES_MAX,
    NOTE_SIGNATURES_MAX,
    NoteError,
    NoteSignature,
    VerificationKey,
    open_note,
    parse_note,
    sign_note,
    strict_base64,
)


@dataclass(frozen=True)
class SealKey:
    """A key whose signature is a hash over its secret: enough to see what is signed and by whom."""

    name: str
    secret: bytes = b"s"

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + self.secret).digest()[:4]

    def sign(self, message: bytes) -> bytes:
        return sha256(self.secret + message).digest() + b"."  # a length that base64 pads

    def verify(self, message: bytes, signature: bytes) -> bool:
        return self.sign(message) == signature


LOG = SealKey("log.example/brennhof")
WITNESS = SealKey("witness.example")
STRANGER = SealKey("stranger.example")
TEXT = "log.example/brennhof\n7\nroot\n"


def line(key: SealKey, text: str) -> str:
    return sign_note(text, [key]).rpartition("\n\n")[2]


def test_note_reads_text_empty_line_signatures() -> None:
    signature = b64encode(LOG.key_id + LOG.sign(TEXT.encode())).decode()
    assert sign_note(TEXT, [LOG]) == f"{TEXT}\n\u2014 log.example/brennhof {signature}\n"


CHARACTERS = st.characters(codec="utf-8", min_codepoint=32) | st.just("\n")
NOTE_TEXTS = st.text(CHARACTERS).map(lambda text: f"{text}\n")


@given(NOTE_TEXTS)
def test_any_signed_text_opens_for_its_key(text: str) -> None:
    note = open_note(sign_note(text, [WITNESS, LOG]), [LOG])
    assert note.text == text
    assert note.verified == (NoteSignature(LOG.name, LOG.key_id, LOG.sign(text.encode())),)
    assert [each.name for each in note.signatures] == [WITNESS.name, LOG.name]


@given(NOTE_TEXTS, st.data())
def test_no_byte_of_a_note_can_be_taken_away(text: str, data: st.DataObject) -> None:
    note = sign_note(text, [LOG]).encode()
    place = data.draw(st.integers(0, len(note) - 1))
    changed = note[:place] + note[place + 1 :]
    if changed != note:
        with pytest.raises(NoteError):
            open_note(changed, [LOG])


def test_unknown_signatures_are_passed_over() -> None:
    note = sign_note(TEXT, [STRANGER, LOG, SealKey(LOG.name, b"another key of that name")])
    assert [each.key_id for each in open_note(note, [WITNESS, LOG]).verified] == [LOG.key_id]


def test_sixteen_signatures_are_read() -> None:
    keys = [SealKey(f"witness-{number}.example") for number in range(16)]
    assert len(open_note(sign_note(TEXT, keys), keys).verified) == 16


GOOD = sign_note(TEXT, [LOG])
SIGNED = GOOD.rpartition(" ")[2].strip()


@pytest.mark.parametrize(
    ("note", "why"),
    [
        pytest.param(sign_note(TEXT, [STRANGER]), "no known key", id="stranger alone"),
        pytest.param(GOOD + line(LOG, "other\n"), "not that key's", id="good and bad signature of one key"),
        pytest.param(sign_note(TEXT, [LOG]) + line(WITNESS, "other\n"), "not that key's", id="witness of another text"),
        pytest.param(GOOD.replace("7", "8"), "not that key's", id="another size"),
        pytest.param(TEXT, "empty line", id="text alone"),
        pytest.param("", "empty line", id="nothing"),
        pytest.param(f"{TEXT}\n", "ends in a newline", id="no signature line"),
        pytest.param(GOOD[:-1], "ends in a newline", id="no newline at the end"),
        pytest.param(GOOD + "\n", "ends in a newline", id="newline more"),
        pytest.param(GOOD.replace("\u2014", "-"), "signature line", id="hyphen for dash"),
        pytest.param(GOOD.replace("\u2014 ", "\u2014"), "signature line", id="dash without a space"),
        pytest.param(GOOD.replace("brennhof ", "brenn\u2003hof "), "signature line", id="wide space in a name"),
        pytest.param(GOOD.replace("brennhof ", "brenn+hof "), "signature line", id="plus in a name"),
        pytest.param(GOOD.replace(SIGNED, SIGNED.rstrip("=")), "base64", id="padding left out"),
        pytest.param(GOOD.replace(SIGNED, f"{SIGNED[:9]}*{SIGNED[9:]}"), "base64", id="a letter of no base64"),
        pytest.param(GOOD.replace(SIGNED, b64encode(LOG.key_id).decode()), "no signature", id="key id alone"),
        pytest.param(GOOD.replace("7", "7\r"), "control", id="carriage return"),
        pytest.param(GOOD.replace("7", "\x00"), "control", id="zero byte"),
        pytest.param(GOOD.encode() + b"\xff", "UTF-8", id="no UTF-8"),
        pytest.param("\ud800" + GOOD, "UTF-8", id="half a character"),
        pytest.param("x" * NOTE_BYTES_MAX + GOOD, "at most", id="a megabyte"),
        pytest.param(GOOD + line(LOG, TEXT) * NOTE_SIGNATURES_MAX, "at most", id="a hundred and one signatures"),
    ],
)
def test_note_that_does_not_hold_is_refused(note: str | bytes, why: str) -> None:
    with pytest.raises(NoteError, match=why):
        open_note(note, [LOG, WITNESS])


def test_two_keys_that_cannot_be_told_apart_are_refused() -> None:
    with pytest.raises(NoteError, match="one id"):
        open_note(GOOD, [LOG, SealKey(LOG.name)])


@pytest.mark.parametrize("text", ["", "no newline", "carriage\r\n", "an end\nwithout"])
def test_text_that_no_reader_would_take_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, [LOG])


def test_signatures_stand_below_the_last_empty_line() -> None:
    text = f"{TEXT}\n\u2014 not.a.signature but text\n\n"
    assert parse_note(sign_note(text, [LOG])).text == text


KEY = VerificationKey("log.example/brennhof", bytes(range(32)))


def test_verification_key_reads_back() -> None:
    digest = sha256(b"log.example/brennhof\n\x01" + bytes(range(32))).digest()
    encoded = b64encode(b"\x01" + bytes(range(32))).decode()
    assert str(KEY) == f"log.example/brennhof+{digest[:4].hex()}+{encoded}"
    assert VerificationKey.parse(str(KEY)) == KEY
    plus = VerificationKey("log.example", b"\xfb" * 32)
    assert str(plus).count("+") > 2
    assert VerificationKey.parse(str(plus)) == plus


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text[:0], id="nothing"),
        pytest.param(lambda text: text.replace("log", "lag"), id="another name"),
        pytest.param(lambda text: text.replace("+", "++", 1), id="an empty part"),
        pytest.param(lambda text: text[:-1], id="cut"),
        pytest.param(lambda text: text + "\n", id="newline"),
        pytest.param(lambda text: text.replace(KEY.key_id.hex(), KEY.key_id.hex().upper()), id="id in capitals"),
        pytest.param(lambda text: text.partition("/")[2], id="name cut"),
        pytest.param(lambda text: f" {text}", id="space in the name"),
        pytest.param(lambda text: text.rpartition("+")[0] + "+AQ==", id="no key in it"),
    ],
)
def test_text_that_is_no_verification_key_is_refused(change: Callable[[str], str]) -> None:
    with pytest.raises(NoteError):
        VerificationKey.parse(change(str(KEY)))


@given(st.binary(max_size=80))
def test_base64_has_one_form(data: bytes) -> None:
    assert strict_base64(b64encode(data).decode()) == data


@pytest.mark.parametrize("text", ["AQ", "AQ=", "AR==", "AQ==\n", " AQ==", "A", "AQ==AQ==", "A-_=", "ß"])
def test_base64_in_another_form_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        strict_base64(text)

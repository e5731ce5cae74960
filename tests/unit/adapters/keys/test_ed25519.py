import pytest

from comptroller.adapters.keys import Ed25519Signer, Ed25519Verifier
from comptroller.domain.audit.note import NoteError, VerificationKey, open_note, sign_note

SEED = b"\x07" * 32
SIGNER = Ed25519Signer.from_seed("log.example/brennhof", SEED)


def test_note_opens_with_the_key_as_handed_out() -> None:
    verifier = Ed25519Verifier(VerificationKey.parse(str(SIGNER.verifier.key)))
    note = sign_note("seven\n", [SIGNER])
    assert [each.name for each in open_note(note, [verifier]).verified] == ["log.example/brennhof"]
    assert open_note(note, [SIGNER]) == open_note(note, [verifier])


@pytest.mark.parametrize("signature", [b"", b"x" * 64, SIGNER.sign(b"other"), SIGNER.sign(b"m")[:-1]])
def test_signature_of_something_else_does_not_verify(signature: bytes) -> None:
    assert SIGNER.verify(b"m", SIGNER.sign(b"m"))
    assert not SIGNER.verify(b"m", signature)


def test_another_key_of_the_same_name_is_not_known() -> None:
    other = Ed25519Signer.from_seed(SIGNER.name, b"\x08" * 32)
    assert other.key_id != SIGNER.key_id
    with pytest.raises(NoteError, match="no known key"):
        open_note(sign_note("seven\n", [other]), [SIGNER.verifier])


@pytest.mark.parametrize(
    "key",
    [VerificationKey("log.example", bytes(31)), VerificationKey("log.example", bytes(32), algorithm=2)],
    ids=["too short", "another type"],
)
def test_key_that_is_no_ed25519_key_is_refused(key: VerificationKey) -> None:
    with pytest.raises(NoteError):
        Ed25519Verifier(key)


def test_no_text_shows_the_private_key() -> None:
    shown = f"{SIGNER!r} {SIGNER}"
    assert SEED.hex() not in shown
    assert repr(SEED) not in shown
    assert "PrivateKey" not in shown

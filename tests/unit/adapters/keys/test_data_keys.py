"""A tenant's data key: made once, kept from others, and what it seals opens only in its place."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.adapters.keys import DataKeys, KeyFileError, TenantCipher
from comptroller.application.ports.store import SealBroken
from comptroller.domain.kernel.ids import TenantId

TENANT = TenantId("brennhof")
CIPHER = TenantCipher.from_secret(bytes(range(32)))
PLACE = b"document.original\0brennhof\0d1"


def made(directory: Path) -> DataKeys:
    keys = DataKeys(directory / "keys")
    keys.make(TENANT)
    return keys


def only_file(directory: Path) -> Path:
    (path,) = (directory / "keys").iterdir()
    return path


@given(st.binary(max_size=200), st.binary(max_size=40))
def test_a_sealed_value_opens_in_its_place(value: bytes, place: bytes) -> None:
    assert CIPHER.open(CIPHER.seal(value, place), place) == value


@given(st.data())
def test_no_byte_of_a_sealed_value_can_be_changed(data: st.DataObject) -> None:
    sealed = bytearray(CIPHER.seal(b"DE32200990010004401001", PLACE))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(SealBroken):
        CIPHER.open(bytes(sealed), PLACE)


def test_a_sealed_value_opens_nowhere_else() -> None:
    with pytest.raises(SealBroken, match="another place"):
        CIPHER.open(CIPHER.seal(b"x", PLACE), PLACE + b"2")


def test_another_key_is_named() -> None:
    other = TenantCipher.from_secret(bytes(32))
    with pytest.raises(SealBroken, match=f"under key {other.key_id.hex()}"):
        CIPHER.open(other.seal(b"x", PLACE), PLACE)


@pytest.mark.parametrize("length", [0, 1, 5, 16])
def test_too_short_a_value_is_not_sealed(length: int) -> None:
    with pytest.raises(SealBroken, match="not sealed"):
        CIPHER.open(CIPHER.seal(b"x", PLACE)[:length], PLACE)


def test_a_name_tells_equal_values_and_nothing_else() -> None:
    assert CIPHER.name("DE32") == CIPHER.name("DE32") != CIPHER.name("DE33")
    assert TenantCipher.from_secret(bytes(32)).name("DE32") != CIPHER.name("DE32")


def test_a_secret_is_made_once_and_read_again(tmp_path: Path) -> None:
    keys = made(tmp_path)
    sealed = keys.cipher(TENANT).seal(b"x", PLACE)
    keys.make(TENANT)
    assert DataKeys(tmp_path / "keys").cipher(TENANT).open(sealed, PLACE) == b"x"


def test_many_at_once_make_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(lambda _: made(tmp_path).cipher(TENANT).key_id, range(32)))
    assert len(ids) == 1
    assert only_file(tmp_path)


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made(tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(only_file(tmp_path).stat().st_mode) == 0o600


def test_a_lost_secret_is_not_replaced(tmp_path: Path) -> None:
    made(tmp_path)
    only_file(tmp_path).unlink()
    with pytest.raises(KeyFileError, match="bring it back from a backup"):
        DataKeys(tmp_path / "keys").cipher(TENANT)


@pytest.mark.parametrize(
    "text",
    ["", "DATA+KEY+brennhof", "DATA+KEY+brennhof+00000000+AAAA", "DATA+KEY+brennhof+00000000+!", "DATA+KEY+other"],
)
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    made(tmp_path)
    only_file(tmp_path).write_text(text)
    with pytest.raises(KeyFileError):
        DataKeys(tmp_path / "keys").cipher(TENANT)


def test_a_file_of_another_tenant_is_refused(tmp_path: Path) -> None:
    keys = made(tmp_path)
    keys.make(TenantId("other"))
    (tmp_path / "keys" / "other.data-key").rename(only := tmp_path / "keys" / "brennhof.data-key")
    assert only.exists()
    with pytest.raises(KeyFileError, match="not of `brennhof`"):
        DataKeys(tmp_path / "keys").cipher(TENANT)


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    made(tmp_path)
    only_file(tmp_path).chmod(0o640)
    with pytest.raises(KeyFileError, match="read by others"):
        DataKeys(tmp_path / "keys").cipher(TENANT)


def test_the_secret_is_in_no_representation(tmp_path: Path) -> None:
    cipher = made(tmp_path).cipher(TENANT)
    secret = only_file(tmp_path).read_text().rpartition("+")[2].strip()
    assert secret not in repr(cipher)
    assert repr(cipher).count("key_id") == 1

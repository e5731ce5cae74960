import logging
import os
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from comptroller.adapters.keys import KeyDirectory, KeyFileError
from comptroller.domain.kernel.ids import TenantId

TENANT = TenantId("brennhof")


def keys(directory: Path) -> KeyDirectory:
    return KeyDirectory(directory / "keys", origin="log.example")


def only_file(directory: Path) -> Path:
    (path,) = (directory / "keys").iterdir()
    return path


def test_key_is_made_once_and_found_again(tmp_path: Path) -> None:
    made = keys(tmp_path).signer(TENANT)
    assert made.name == "log.example/brennhof"
    assert keys(tmp_path).signer(TENANT).verifier == made.verifier
    assert keys(tmp_path).signer(TENANT).verify(b"m", made.sign(b"m"))


def test_only_the_owner_can_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        keys(tmp_path).signer(TENANT)
    finally:
        os.umask(before)
    assert stat.S_IMODE(only_file(tmp_path).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_each_tenant_has_its_own(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    tenants = [TenantId(name) for name in ("a", "b", "..", "../b", "a/b", "a%2Fb", ".", "ä")]
    signers = [directory.signer(tenant) for tenant in tenants]
    assert len({signer.key_id for signer in signers}) == len(tenants)
    assert len(list((tmp_path / "keys").iterdir())) == len(tenants)
    assert list(tmp_path.iterdir()) == [tmp_path / "keys"]


def test_many_at_once_make_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        signers = list(pool.map(lambda _: keys(tmp_path).signer(TENANT), range(64)))
    assert len({signer.key_id for signer in signers}) == 1
    assert len(list((tmp_path / "keys").iterdir())) == 1


def test_verifying_makes_no_key(tmp_path: Path) -> None:
    assert keys(tmp_path).known_signer(TENANT) is None
    assert not list(tmp_path.iterdir())
    made = keys(tmp_path).signer(TENANT)
    known = keys(tmp_path).known_signer(TENANT)
    assert known is not None
    assert known.verifier == made.verifier


def test_failed_write_leaves_nothing(tmp_path: Path) -> None:
    class Power(Exception):
        pass

    def cut(count: int) -> bytes:
        raise Power(count)

    with pytest.raises(Power):
        KeyDirectory(tmp_path / "keys", origin="log.example", chance=cut).signer(TENANT)
    assert not (tmp_path / "keys").exists()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda text: text[:0], id="empty"),
        pytest.param(lambda text: text[: len(text) // 2], id="half of it"),
        pytest.param(lambda text: text.replace("brennhof", "other"), id="of another tenant"),
        pytest.param(lambda text: text + text, id="two of them"),
        pytest.param(lambda text: text.replace("+A", "+B"), id="of another type"),
        pytest.param(lambda text: text.replace("PRIVATE", "PUBLIC"), id="no private key"),
    ],
)
def test_damaged_file_is_refused_without_telling_the_key(tmp_path: Path, damage: Callable[[str], str]) -> None:
    keys(tmp_path).signer(TENANT)
    path = only_file(tmp_path)
    secret = path.read_text().strip().split("+", 4)[4]  # base64 may hold a plus itself
    path.write_text(damage(path.read_text()))
    with pytest.raises(KeyFileError) as refused:
        keys(tmp_path).signer(TENANT)
    assert secret not in str(refused.value)
    assert refused.value.__cause__ is None


def test_key_of_another_tenant_is_refused(tmp_path: Path) -> None:
    directory = keys(tmp_path)
    directory.signer(TenantId("other"))
    directory.signer(TENANT)
    (tmp_path / "keys" / "brennhof.key").write_text((tmp_path / "keys" / "other.key").read_text())
    with pytest.raises(KeyFileError, match=r"a key of `log\.example/other`"):
        keys(tmp_path).signer(TENANT)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o666])
def test_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    keys(tmp_path).signer(TENANT)
    only_file(tmp_path).chmod(mode)
    with pytest.raises(KeyFileError, match="others"):
        keys(tmp_path).signer(TENANT)


@pytest.mark.parametrize("tenant", ["a b", "a+b", "a\nb", "a\u2003b"])
def test_tenant_that_cannot_name_a_key_is_refused(tmp_path: Path, tenant: str) -> None:
    with pytest.raises(KeyFileError, match="cannot name a key"):
        keys(tmp_path).signer(TenantId(tenant))
    assert not list(tmp_path.iterdir())


def test_nothing_is_logged_and_nothing_shown(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        directory = keys(tmp_path)
        shown = f"{directory.signer(TENANT)!r} {directory!r} {vars(directory)!r}"
    secret = only_file(tmp_path).read_text().strip().split("+", 4)[4]  # base64 may hold a plus itself
    assert secret not in shown + caplog.text

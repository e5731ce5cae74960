"""The texts sent to PostgreSQL: one for each set of changes, array literals that say what they are given."""

import re

import pytest

from comptroller.adapters.database.buffer import WriteBuffer
from comptroller.adapters.database.postgresql import lock_number
from comptroller.adapters.database.postgresql_flush import flush_request
from comptroller.adapters.database.postgresql_wire import _encode
from comptroller.adapters.database.sealing import Sealing
from comptroller.adapters.keys import TenantCipher
from comptroller.application import records
from comptroller.domain.kernel.ids import TenantId

SEALING = Sealing(TenantId("acme"), TenantCipher.from_secret(bytes(32)))

ENCODED: dict[str, tuple[str | int | bytes | list[str] | list[int], bytes]] = {
    "text": ("Müller", "Müller".encode()),
    "number": (-7, b"-7"),
    "JSON": (b'{"a":1}', b'{"a":1}'),
    "numbers": ([1, -2], b"{1,-2}"),
    "texts": (["a", ""], b'{"a",""}'),
    "texts that an array would take for its own": (['"', "\\", "{a,b}", "NULL"], b'{"\\"","\\\\","{a,b}","NULL"}'),
    "none": ([], b"{}"),
}


@pytest.mark.parametrize(("value", "text"), ENCODED.values(), ids=ENCODED)
def test_parameters_travel_as_text(value: str | int | bytes | list[str] | list[int], text: bytes) -> None:
    assert _encode(value) == text


def test_the_same_set_of_changes_has_the_same_text(entry: records.EntryRow) -> None:
    first, second = WriteBuffer(SEALING), WriteBuffer(SEALING)
    first.insert(entry)
    second.insert(records.EntryRow("x", 2, "y", entry.at, b"", b""))
    assert flush_request("acme", first)[0] is flush_request("other", second)[0]


def test_every_parameter_of_a_flush_is_used(entry: records.EntryRow) -> None:
    buffer = WriteBuffer(SEALING)
    buffer.insert(entry)
    buffer.update(records.BalanceRow("b", 1), expected=0)
    buffer.delete(records.WaitRow("m", "c", "c1", "1"))
    text, parameters = flush_request("acme", buffer)
    assert {int(number) for number in re.findall(r"\$(\d+)", text)} == set(range(1, len(parameters) + 1))
    assert parameters[-1] == 2  # the rows that must be found


def test_a_lock_fits_the_server_s_number_and_depends_on_both_parts() -> None:
    numbers = {lock_number(tenant, key) for tenant in ("a", "b") for key in ("c", "d")}
    assert len(numbers) == 4
    assert all(-(2**63) <= number < 2**63 for number in numbers)

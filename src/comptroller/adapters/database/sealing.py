"""What is sealed in the database, and how a row is closed before it is written and opened after it is read.

The rows themselves know nothing of it: a use case sees values, a database sees sealed ones, and this is the only place
between them. A value is sealed for its place (tenant, table, column, key), so that the database cannot serve one row's
value as another's. Bank accounts by which suppliers are found are replaced by names (INVARIANT 11).
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, Final, Protocol

from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records
from comptroller.application.ports.store import SealBroken
from comptroller.application.records import revised
from comptroller.application.reference_kinds import ACCOUNT_ALIAS
from comptroller.domain.kernel.ids import TenantId


class Cipher(Protocol):
    """Seals, opens and names the values of one tenant."""

    def seal(self, value: bytes, place: bytes) -> bytes:
        """Seal a value for a place."""
        ...

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Open a value sealed for this place; raises `SealBroken` for anything else."""
        ...

    def name(self, value: str) -> str:
        """The name that stands for a value."""
        ...


class Ciphers(Protocol):
    """The ciphers of all tenants."""

    def make(self, tenant: TenantId) -> None:
        """Make a new tenant's; one that is there stays."""
        ...

    def cipher(self, tenant: TenantId) -> Cipher:
        """Find a tenant's."""
        ...


KEY_CHARACTERS_MAX: Final = 400
"""Characters of a key that come from a document: an index of PostgreSQL holds 2,700 bytes."""


WORD_CHARACTERS: Final = 16
"""Characters of a word's name: 80 bits, of which two words of a tenant share none by chance."""


def fitting(key: str) -> str:
    """A key as an index can hold it: of one that is too long its beginning and its digest."""
    if len(key) <= KEY_CHARACTERS_MAX:
        return key
    return f"{key[: KEY_CHARACTERS_MAX - 65]}~{sha256(key.encode()).hexdigest()}"


KEYED: Final = frozenset({records.ReferenceRow, records.CandidateRow, records.CandidateKeyRow, records.WaitRow})
"""The records with keys that documents and people choose."""

SEALED: Final[dict[type, tuple[str, ...]]] = {
    records.DocumentRow: ("original", "canonical", "faults"),
    records.CandidateRow: ("account", "lines"),
    records.ReferenceRow: ("body",),
    records.IntakeRow: ("original", "detail"),
    records.PrivateTextRow: ("salt", "text"),
    records.AttachmentRow: ("content",),
}
"""The sealed fields of each record: texts stay texts (base 64), bytes stay bytes."""

_NAMES: Final = {record: [column.name for column in TABLE_OF[record].columns] for record in SEALED}
_PLACES: Final = {
    record: (
        attrgetter(*_NAMES[record]),
        [(_NAMES[record].index(name), f"{TABLE_OF[record].name}.{name}") for name in names],
        TABLE_OF[record].key,
    )
    for record, names in SEALED.items()
}
"""Of each sealed record how its values are read, which are sealed and as what, and its key."""


class Sealing:
    """Closes and opens the rows of one tenant."""

    def __init__(self, tenant: TenantId, cipher: Cipher) -> None:
        self._tenant = tenant
        self._cipher = cipher
        self._names: dict[str, str] = {}  # of the accounts met so far: most are met several times

    def close(self, row: Any) -> Any:
        """The row as the database keeps it."""
        return self._turned(row, self._seal)

    def open(self, row: Any) -> Any:
        """The row as it was before it was closed."""
        return self._turned(row, self._open)

    def alias(self, alias: str) -> str:
        """An alias as the database keeps it: one that holds a bank account becomes a name."""
        if not alias.startswith(ACCOUNT_ALIAS):
            return fitting(alias)
        name = self._names.get(alias)
        if name is None:
            name = self._names[alias] = ACCOUNT_ALIAS + self._cipher.name(alias.removeprefix(ACCOUNT_ALIAS))
        return name

    def word(self, word: str) -> str:
        """A word as the search index keeps it: by its name (ADR 9)."""
        return self._cipher.name(f"search\0{word}")[:WORD_CHARACTERS]

    def keyed(self, row: Any) -> Any:
        """A new row of `KEYED` with the keys that the database keeps."""
        match row:
            case records.ReferenceRow():
                return revised(row, aliases=tuple(map(self.alias, row.aliases)))
            case records.CandidateRow():
                return revised(row, number_normalised=fitting(row.number_normalised))
            case records.CandidateKeyRow():
                return revised(row, lookup=self.alias(row.lookup))
            case records.WaitRow():
                return revised(row, correlation=fitting(row.correlation))
        raise TypeError(f"`{type(row).__name__}` has no key of a document's")

    def _turned(self, row: Any, turn: Callable[[str | bytes, bytes], str | bytes]) -> Any:
        read, sealed, key = _PLACES[type(row)]
        own = "\0".join([self._tenant, *(str(getattr(row, name)) for name in key)])
        values = list(read(row))
        for number, place in sealed:
            values[number] = turn(values[number], f"{place}\0{own}".encode())
        return type(row)(*values)

    def _seal(self, value: str | bytes, place: bytes) -> str | bytes:
        if isinstance(value, bytes):
            return self._cipher.seal(value, place)
        return b64encode(self._cipher.seal(value.encode(), place)).decode()

    def _open(self, value: str | bytes, place: bytes) -> str | bytes:
        if isinstance(value, bytes):
            return self._cipher.open(value, place)
        try:
            sealed = b64decode(value, validate=True)
        except (Base64Error, ValueError):
            raise SealBroken("the value is not sealed") from None
        return self._cipher.open(sealed, place).decode()


def opened(row: tuple[Any, ...], sealing: Sealing) -> tuple[Any, ...]:
    """A query's row with its sealed records opened."""
    return tuple(sealing.open(part) if type(part) in SEALED else part for part in row)


@cache
def sealed_parts(shape: tuple[type, ...]) -> bool:
    """Whether a query of this shape answers sealed records."""
    return any(part in SEALED for part in shape)

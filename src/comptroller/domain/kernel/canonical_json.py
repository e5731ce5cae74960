"""RFC 8785 canonical JSON for the values that are stored, hashed and signed.

One value has one byte string: keys sorted, no white space, no escapes but the needed ones. Numbers other than small
integers never occur, because decimals are written as strings; so the number formatting of RFC 8785 has nothing to do.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.kernel.money import decimal_text

INTEGER_MAX: Final = 2**53 - 1

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What is JSON as it is: decimals and dates are texts in it."""

Json = None | bool | int | str | Decimal | date | datetime | Sequence["Json"] | Mapping[str, "Json"]
"""What may be encoded: floats may not."""


def _plain(value: object) -> str:
    match value:
        case Decimal():
            return decimal_text(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
    raise TypeError(f"`{type(value).__name__}` has no canonical JSON form")


_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=_plain
)


def encode(value: Json) -> bytes:
    """Encode a value; a float, an unknown type or a lone surrogate is a defect of the caller.

    >>> encode({"b": Decimal("1.10"), "a": [True, None, "é"]}).decode()
    '{"a":[true,null,"é"],"b":"1.10"}'
    """
    return _ENCODER.encode(value).encode()


def decode(text: bytes | str) -> object:
    """Read what `encode` wrote; decimals and dates come back as the strings they were stored as."""
    return json.loads(text)


def digest(value: Json) -> str:
    """SHA-256 of the canonical bytes, in lower-case hexadecimal."""
    return sha256(encode(value)).hexdigest()

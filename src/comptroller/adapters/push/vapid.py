"""Who sends: the installation's own key, by which push services tell it from others.

A browser subscribes under the public half, and takes messages of its holder only. The key is made at first use and
kept in a file of the keys' directory; another key would cut off every browser that has subscribed.

SOURCE: RFC 8292 (voluntary application server identification), RFC 7515 (JSON web signature).
"""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from comptroller.adapters.keys.files import KeyFileError, read_line, write_once
from comptroller.adapters.push.encryption import from_text, point_of, to_text

FILE: Final = "vapid.push-key"
TOKEN_S: Final = 12 * 3_600
"""Seconds that one signature is good for; push services take a day at most."""

_LINE: Final = re.compile(r"PUSH\+KEY\+([A-Za-z0-9_-]{43})")


class VapidKey:
    """The installation's key."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public_key = to_text(point_of(key))

    @classmethod
    def in_directory(cls, directory: Path) -> "VapidKey":
        """Read the key of this installation; make it where there is none yet."""
        path = directory / FILE
        if not path.exists():
            number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
            write_once(path, f"PUSH+KEY+{to_text(number.to_bytes(32, 'big'))}\n")
        parts = _LINE.fullmatch(read_line(path))
        if parts is None:
            raise KeyFileError(f"`{path}` holds no key for push messages")
        return cls(ec.derive_private_key(int.from_bytes(from_text(parts[1]), "big"), ec.SECP256R1()))

    def authorization(self, origin: str, *, contact: str, now: datetime) -> str:
        """The header by which a push service at this origin knows us until half a day from now."""
        header = _part({"typ": "JWT", "alg": "ES256"})
        claims = _part({"aud": origin, "exp": int(now.timestamp()) + TOKEN_S, "sub": contact})
        signed = f"{header}.{claims}"
        r, s = decode_dss_signature(self._key.sign(signed.encode(), ec.ECDSA(SHA256())))
        signature = to_text(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        return f"vapid t={signed}.{signature}, k={self.public_key}"


def _part(value: dict[str, object]) -> str:
    return to_text(json.dumps(value, separators=(",", ":")).encode())

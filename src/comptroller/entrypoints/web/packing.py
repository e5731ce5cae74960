"""A file that is looked at and not kept: between two looks it goes along with the form, packed, and comes back."""

from base64 import b64decode, b64encode
from binascii import Error as NotPacked
from typing import Final
from zlib import compress, decompressobj
from zlib import error as NotPressed  # noqa: N812 - the library's own name says nothing

FILE_BYTES_MAX: Final = 2 * 1024 * 1024
"""A file that goes to and fro with a form has this size at most."""
PACKED_CHARACTERS_MAX: Final = 3 * 1024 * 1024


def pack(content: bytes) -> str:
    """A file as it goes along with the form."""
    return b64encode(compress(content)).decode()


def unpack(text: str) -> bytes:
    """The file that went along; nothing where it is none, or larger than it may be."""
    opener = decompressobj()
    try:
        content = opener.decompress(b64decode(text, validate=True), FILE_BYTES_MAX + 1)
    except (NotPacked, NotPressed, ValueError):
        return b""
    return content if opener.eof and len(content) <= FILE_BYTES_MAX else b""

"""What comes in and should not: documents that nobody can read, and documents that policy holds or turns down.

One row a mistake, in the words of whoever made it; each ends in the code that every door must give.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from tests.acceptance.company import demo_bytes, demo_form

XML: Final = "application/xml"
JSON: Final = "application/json"

UBL: Final = demo_bytes("D01")
FORM: Final = demo_form("D07")
"""The canonical JSON form of a service invoice with an order: good until a row spoils it."""

NUMBER: Final = b"HFS-5501"
EUR: Final = b'"currency": "EUR"'
GROSS: Final = b'"gross": "9758.00"'
NO_NUMBER: Final = "AP-DOCUMENT-05"
NO_GROSS: Final = "AP-DOCUMENT-06"

BOMB: Final = b"".join(
    b'<!ENTITY l%d "%s">' % (level, b"&l%d;" % (level - 1) * 10 if level else b"ha") for level in range(10)
)


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that opens no case: the code, the fault's place, and the status over HTTP."""

    title: str
    content: bytes
    media_type: str
    code: str
    path: str = ""
    status: int = 422
    is_recorded: bool = True  # False where it is refused before anybody looks who sent it what


@dataclass(frozen=True, slots=True)
class Held:
    """A document that opens a case which policy holds or turns down: what became of it, and why."""

    title: str
    content: bytes
    status: str
    reason: str
    fault: str = ""  # its code and place
    media_type: str = JSON
    after: tuple[str, ...] = ()  # demonstration documents handed in before


@dataclass(frozen=True, slots=True)
class Awkward:
    """A document that a clumsy program might make: it is a case or is turned down, and never a defect of ours."""

    title: str
    content: bytes


def nested(depth: int) -> list[Any]:
    """Lists in lists."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def form(**changes: Any) -> bytes:
    """The good JSON form with other members."""
    return json.dumps({**json.loads(FORM), **changes}).encode()


def unlike(length: int) -> str:
    """A text in which nothing repeats, so that no database packs it into less."""
    return "".join(sha256(b"%d" % block).hexdigest() for block in range(length // 64 + 1))[:length]


def swap(old: bytes, new: bytes, document: bytes = FORM) -> bytes:
    """A document with one piece of its text exchanged; fails where the piece is not there."""
    assert old in document
    return document.replace(old, new)


def gross(text: bytes) -> bytes:
    """The good JSON form with this, as it stands, for its gross total."""
    return swap(GROSS, b'"gross": %s' % text)


def party(**changes: str) -> dict[str, Any]:
    """The seller with other members."""
    return {**json.loads(FORM)["seller"], **changes}


def without(name: str) -> bytes:
    """The good JSON form without a member."""
    return json.dumps({key: value for key, value in json.loads(FORM).items() if key != name}).encode()


STRANGER: Final = form(
    seller=party(name="Unbekannt GmbH", vat_id="DE999949999"),
    order_number="",
    payments=[{"means_code": "58", "account": "DE02120300000000202051"}],
)

UNREAD: Final = (
    Unread("a letter", b"Dear Sirs", XML, "XML-SYNTAX-01", "line 1, column 1"),
    Unread("XML of another kind", b"<Order/>", XML, "DOC-FORMAT-03", "/Order"),
    Unread("XML cut off", UBL[:-40], XML, "XML-SYNTAX-01", "line 124, column 10"),
    Unread("a DOCTYPE", swap(b"?>", b"?><!DOCTYPE Invoice>", UBL), XML, "XML-DOCTYPE-01"),
    Unread("an entity bomb", b"<!DOCTYPE a [%s]><a>&l9;</a>" % BOMB, XML, "XML-DOCTYPE-01"),
    Unread(
        "an entity that reads a file",
        b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]><a>&a;</a>',
        XML,
        "XML-DOCTYPE-01",
    ),
    Unread("a byte that is no UTF-8", swap(b"Nordkupfer", b"N\xffrd", UBL), XML, "XML-ENCODING-01", "byte 873"),
    Unread("an encoding nobody reads", swap(b'"UTF-8"', b'"UTF-7"', UBL), XML, "XML-ENCODING-02"),
    Unread("UTF-16 that says UTF-8", UBL.decode().encode("utf-16-le"), XML, "XML-ENCODING-01", "byte 8760"),
    Unread("JSON in UTF-16", FORM.decode().encode("utf-16"), JSON, "JSON-ENCODING-01"),
    Unread("a surrogate in bytes", swap(NUMBER, b"\xed\xa0\x80"), JSON, "JSON-ENCODING-01"),
    Unread("a surrogate by its number", swap(b"NK-2026", b"&#xD800;", UBL), XML, "XML-SYNTAX-01", "line 4, column 19"),
    Unread("NUL in JSON", swap(NUMBER, b"HFS\x00"), JSON, "JSON-SYNTAX-01"),
    Unread("NUL in XML", swap(b"NK-2026", b"NK\x00", UBL), XML, "XML-SYNTAX-01", "line 4, column 13"),
    Unread("JSON nested 100,000 deep", b"[" * 100_000 + b"]" * 100_000, JSON, "JSON-DEPTH-01"),
    Unread("XML nested 100,000 deep", b"<a>" * 100_000 + b"</a>" * 100_000, XML, "XML-DEPTH-01"),
    Unread("XML that says JSON", UBL, JSON, "JSON-SYNTAX-01"),
    Unread("JSON that says XML", FORM, XML, "XML-SYNTAX-01", "line 1, column 1"),
    Unread("nothing", b"", JSON, "DOC-FORMAT-01"),
    Unread("nothing, as XML", b"", XML, "DOC-FORMAT-01"),
    Unread("a JSON array", b"[]", JSON, "JSON-TYPE-01"),
    Unread("JSON cut off", FORM[:-40], JSON, "JSON-SYNTAX-01"),
    Unread("a media type of something else", FORM, "text/plain", "BODY-TYPE-01", "", 415, is_recorded=False),
)

OVERSIZED: Final = Unread("50 MB", b"<a>" + b" " * 50_000_000 + b"</a>", XML, "DOC-SIZE-01", "", 413, is_recorded=False)

HELD: Final = (
    Held("an unknown currency", form(currency="EUX"), "rejected", "AP-DOCUMENT-03", "BR-CL-04 /currency"),
    Held("an amount that is NaN", gross(b"NaN"), "rejected", NO_GROSS, "JSON-TYPE-01 /totals/gross"),
    Held("an amount that reads `NaN`", gross(b'"NaN"'), "rejected", NO_GROSS, "DOC-DECIMAL-01 /totals/gross"),
    Held("an infinite amount", gross(b"Infinity"), "rejected", NO_GROSS, "JSON-TYPE-01 /totals/gross"),
    Held("an amount of 1e400", gross(b"1e400"), "rejected", NO_GROSS, "DOC-DECIMAL-01 /totals/gross"),
    Held("an amount of 10,000 digits", gross(b"9" * 10_000), "rejected", NO_GROSS, "DOC-DECIMAL-01 /totals/gross"),
    Held("an amount that is a list", gross(b"[]"), "rejected", NO_GROSS, "JSON-TYPE-01 /totals/gross"),
    Held("no supplier", without("seller"), "rejected", "AP-DOCUMENT-08", "BR-06 /seller/name"),
    Held("NUL in a text", swap(NUMBER, b"\\u0000"), "rejected", NO_NUMBER, "DOC-TEXT-02 /number"),
    Held("a lone surrogate in a text", swap(NUMBER, b"\\ud800"), "rejected", NO_NUMBER, "DOC-TEXT-02 /number"),
    Held("a number for a text", form(number=5501), "rejected", NO_NUMBER, "JSON-TYPE-01 /number"),
    Held("30 February", form(issue_date="2026-02-30"), "rejected", "AP-DOCUMENT-05", "DOC-DATE-01 /issue_date"),
    Held("a key twice", swap(EUR, EUR + b", " + EUR), "waiting", "AP-DOCUMENT-04", "JSON-KEY-02 /currency"),
    Held("a key nobody knows", form(colour="red"), "waiting", "AP-DOCUMENT-04", "JSON-KEY-01 /colour"),
    Held("a member nested 100 deep", form(kind=nested(100)), "waiting", "AP-DOCUMENT-04", "DOC-CODE-01 /kind"),
    Held("a supplier that is not on file", STRANGER, "waiting", "AP-SUPPLIER-01"),
    Held("an order in another currency", swap(EUR, b'"currency": "USD"'), "waiting", "AP-MATCH-05"),
    Held("a known number with another total", demo_bytes("D23"), "waiting", "AP-DUPLICATE-09", "", XML, ("D02",)),
)

LINE: Final = json.loads(FORM)["lines"][0]

AWKWARD: Final = (
    Awkward("a lone surrogate in a key", form(**{"\ud800": 1})),
    Awkward("a lone surrogate for a day", form(issue_date="\ud800")),
    Awkward("a lone surrogate for an amount", gross(b'"\\ud800"')),
    Awkward("a lone surrogate for the kind", form(kind="\ud800")),
    Awkward("NUL for the kind", form(kind="\0")),
    Awkward("a number of 3,000 characters", form(number=unlike(3_000))),
    Awkward("an order number of 20,000 characters", form(order_number=unlike(20_000))),
    Awkward("1,000 lines that fit nothing", form(lines=[{**LINE, "id": str(n)} for n in range(1_000)])),
    Awkward("200 keys nobody knows", form(**{f"key {n}": 1 for n in range(200)})),
)

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum, StrEnum
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptroller.domain.audit import NO_PREVIOUS, Actor, Content, Entry, build_entry, read_entry
from comptroller.domain.audit.entry import encode_data
from comptroller.domain.kernel import canonical_json, limits
from comptroller.domain.kernel.canonical_json import Json
from comptroller.domain.kernel.ids import TenantId

AT = datetime(2026, 3, 27, 9, 0, 0, 250, tzinfo=timezone(timedelta(hours=1)))
LENA = Actor("lena.vogt", "person")

INTEGERS = st.integers(-canonical_json.INTEGER_MAX, canonical_json.INTEGER_MAX)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=4)
ZONES = st.just(UTC) | st.just(timezone(timedelta(hours=-7)))
SCALARS = st.none() | st.booleans() | INTEGERS | TEXTS | DECIMALS | st.dates() | st.datetimes(timezones=ZONES)
KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


class Colour(StrEnum):
    RED = "red"


class Step(IntEnum):
    FIRST = 1


def entry_of(**changes: object) -> Entry:
    given: dict[str, Any] = {
        "tenant": TenantId("brennhof"),
        "stream": "case/0199",
        "seq": 1,
        "previous": NO_PREVIOUS,
        "at": AT,
        "actor": LENA,
        "kind": "task.opened",
        "data": {},
    }
    return build_entry(**given | changes)


def test_body_is_the_final_form_to_the_byte() -> None:
    first = entry_of()
    second = entry_of(
        seq=2,
        previous=first.leaf_hash,
        actor=Actor("ap-assistant", "agent", on_behalf_of="lena.vogt"),
        kind="note.drafted",
        data={"text": 'Prüfung "1"\n', "amount": Decimal("1200.50"), "due": date(2026, 3, 27), "lines": (1, 2)},
    )
    assert first.body.decode() == (
        '{"actor":{"id":"lena.vogt","kind":"person"},"at":"2026-03-27T08:00:00.000250Z","data":{},'
        f'"prev":"{"0" * 64}","seq":1,"stream":"case/0199","tenant":"brennhof","type":"task.opened","v":1}}'
    )
    assert second.body.decode() == (
        '{"actor":{"id":"ap-assistant","kind":"agent","on_behalf_of":"lena.vogt"},"at":"2026-03-27T08:00:00.000250Z",'
        '"data":{"amount":"1200.50","due":"2026-03-27","lines":[1,2],"text":"Prüfung \\"1\\"\\n"},'
        f'"prev":"{first.leaf_hash.hex()}","seq":2,'
        '"stream":"case/0199","tenant":"brennhof","type":"note.drafted","v":1}'
    )
    assert second.leaf_hash == sha256(b"\x00" + second.body).digest()


@given(VALUES)
def test_data_is_encoded_as_canonical_json(value: Json) -> None:
    assert encode_data(value).encode() == canonical_json.encode(value)


@given(
    st.dictionaries(KEYS, VALUES, max_size=4),
    TEXTS.filter(bool),
    st.integers(2, 2**40),
    st.binary(min_size=32, max_size=32),
)
def test_what_is_built_is_canonical_and_reads_back(data: dict[str, Any], name: str, seq: int, previous: bytes) -> None:
    if previous == NO_PREVIOUS:
        previous = b"\x01" * 32
    entry = entry_of(stream=f"case/{name}", seq=seq, previous=previous, actor=Actor(name, "agent", name), data=data)
    content = read_entry(entry.body)
    assert isinstance(content, Content), content
    assert canonical_json.encode(json.loads(entry.body)) == entry.body
    assert (content.tenant, content.stream, content.seq, content.previous) == (
        "brennhof", f"case/{name}", seq, previous,
    )  # fmt: skip
    assert (content.at, content.actor, content.kind) == (AT, Actor(name, "agent", name), "task.opened")
    assert canonical_json.encode(content.data) == canonical_json.encode(data)  # type: ignore[arg-type] # read from JSON


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param(Colour.RED, '"red"', id="text of a closed list"),
        pytest.param(Step.FIRST, "1", id="number of a closed list"),
        pytest.param(True, "true", id="truth before number"),
        pytest.param({"b": 1, "a": 2, "A": 3, "": 4}, '{"":4,"A":3,"a":2,"b":1}', id="keys sorted"),
        pytest.param({"a": "\u2028\x7f\x1f"}, '{"a":"\u2028\x7f\\u001f"}', id="escapes only what must be"),
        pytest.param(Decimal("-0.00"), '"0.00"', id="no negative zero"),
    ],
)
def test_unusual_values_have_one_form(value: Json, text: str) -> None:
    assert encode_data(value) == text


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param({"amount": 1.5}, "float", id="float"),
        pytest.param({"lines": [{"price": 0.1}]}, "float", id="float deep inside"),
        pytest.param({"amount": float("nan")}, "float", id="no number"),
        pytest.param({"währung": "EUR"}, "ASCII", id="key not ASCII"),
        pytest.param({"a": {"ß": 1}}, "ASCII", id="key not ASCII deep inside"),
        pytest.param({1: "a"}, "ASCII", id="key no text"),
        pytest.param({"n": 2**53}, "integers up to", id="integer too large for JSON"),
        pytest.param({"n": -(2**53)}, "integers up to", id="integer too small for JSON"),
        pytest.param({"b": b"raw"}, "bytes", id="bytes"),
        pytest.param({"s": {1, 2}}, "set", id="set"),
        pytest.param({"t": "\ud800"}, "surrogate", id="half a character"),
        pytest.param({"at": datetime(2026, 1, 1)}, "time zone", id="instant without a zone"),  # noqa: DTZ001 - the point
        pytest.param({"t": "x" * limits.AUDIT_ENTRY_BYTES_MAX}, "by digest", id="payload too large"),
    ],
)
def test_data_that_may_not_be_in_an_entry_is_a_defect(data: dict[str, Json], why: str) -> None:
    with pytest.raises((ValueError, TypeError), match=why):
        entry_of(data=data)


def nested(depth: int, *, lists: bool) -> Json:
    value: Json = 1
    for _ in range(depth):
        value = [value] if lists else {"a": value}
    return value


@pytest.mark.parametrize("lists", [True, False])
def test_nesting_ends_at_the_limit(lists: bool) -> None:
    encode_data(nested(limits.JSON_DEPTH_MAX, lists=lists))
    with pytest.raises(ValueError, match="nests deeper"):
        encode_data(nested(limits.JSON_DEPTH_MAX + 1, lists=lists))


def test_largest_entry_fits_and_one_byte_more_does_not() -> None:
    room = limits.AUDIT_ENTRY_BYTES_MAX - len(entry_of(data={"t": ""}).body)
    assert len(entry_of(data={"t": "x" * room}).body) == limits.AUDIT_ENTRY_BYTES_MAX
    with pytest.raises(ValueError, match="65536 bytes"):
        entry_of(data={"t": "x" * (room + 1)})


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tenant": ""}, id="no tenant"),
        pytest.param({"stream": ""}, id="no stream"),
        pytest.param({"kind": ""}, id="no type"),
        pytest.param({"actor": Actor("", "person")}, id="nobody"),
        pytest.param({"actor": Actor("lena.vogt", "")}, id="nobody's kind"),
        pytest.param({"seq": 0}, id="before the first"),
        pytest.param({"seq": 2}, id="second after nothing"),
        pytest.param({"previous": b"\x01" * 32}, id="first after something"),
        pytest.param({"seq": 2, "previous": b"\x01" * 31}, id="half a hash"),
    ],
)
def test_entry_without_its_place_in_a_stream_is_a_defect(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"audit entry|cannot follow"):
        entry_of(**changes)


GOOD = entry_of(data={"n": 1}).body


def altered(old: bytes, new: bytes) -> bytes:
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param(b"", "AUDIT-ENTRY-02", id="nothing"),
        pytest.param(b"\xff" + GOOD, "AUDIT-ENTRY-02", id="no UTF-8"),
        pytest.param(GOOD + b"\n", "AUDIT-ENTRY-02", id="newline at the end"),
        pytest.param(altered(b'"data":{', b'"data": {'), "AUDIT-ENTRY-02", id="a space"),
        pytest.param(altered(b'"v":1', b'"v":1,"v":1'), "AUDIT-ENTRY-02", id="member twice"),
        pytest.param(altered(b'"n":1', b'"n":1.0'), "AUDIT-ENTRY-02", id="float"),
        pytest.param(altered(b'"n":1', b'"n":NaN'), "AUDIT-ENTRY-02", id="not a number"),
        pytest.param(altered(b'"n":1', b'"n":9007199254740992'), "AUDIT-ENTRY-02", id="integer too large"),
        pytest.param(altered(b"lena", b"\\u006cena"), "AUDIT-ENTRY-02", id="needless escape"),
        pytest.param(altered(b"lena", b"\\ud800"), "AUDIT-ENTRY-02", id="half a character"),
        pytest.param(altered(b'"n":1', b'"n":' + b"[" * 60000), "AUDIT-ENTRY-02", id="deep nesting"),
        pytest.param(altered(b'"n":1', b'"n":"' + b"x" * 65535 + b'"'), "AUDIT-ENTRY-01", id="too large"),
        pytest.param(b"[]", "AUDIT-ENTRY-03", id="no object"),
        pytest.param(altered(b'"v":1', b'"v":2'), "AUDIT-ENTRY-03", id="another version"),
        pytest.param(altered(b'"v":1', b'"v":true'), "AUDIT-ENTRY-03", id="version no number"),
        pytest.param(altered(b'"v":1', b'"v":1,"w":1'), "AUDIT-ENTRY-03", id="a member more"),
        pytest.param(altered(b',"v":1', b""), "AUDIT-ENTRY-03", id="a member less"),
        pytest.param(altered(b'"seq":1', b'"seq":0'), "AUDIT-ENTRY-03", id="entry zero"),
        pytest.param(altered(b'"seq":1', b'"seq":true'), "AUDIT-ENTRY-03", id="number no number"),
        pytest.param(altered(b'"kind":"person"', b'"kind":"person","x":1'), "AUDIT-ENTRY-03", id="actor has more"),
        pytest.param(
            altered(b'"kind":"person"', b'"kind":"person","on_behalf_of":1'), "AUDIT-ENTRY-03", id="for no text"
        ),
        pytest.param(altered(b"08:00:00.000250Z", b"08:00:00Z"), "AUDIT-ENTRY-03", id="instant in another form"),
        pytest.param(altered(b"2026-03-27T", b"2026-99-27T"), "AUDIT-ENTRY-03", id="no instant"),
        pytest.param(altered(b'"prev":"00', b'"prev":"0x'), "AUDIT-ENTRY-03", id="no hash"),
        pytest.param(altered(b'"prev":"00', b'"prev":"'), "AUDIT-ENTRY-03", id="short hash"),
    ],
)
def test_anything_but_the_one_form_is_a_fault(body: bytes, code: str) -> None:
    fault = read_entry(body)
    assert not isinstance(fault, Content)
    assert fault.code == code


@given(st.binary(max_size=40) | st.integers(0, len(GOOD) - 1).map(lambda cut: GOOD[:cut]))
def test_reading_never_raises(body: bytes) -> None:
    assert not isinstance(read_entry(body), Content)

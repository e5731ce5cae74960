"""Audit entries: one canonical byte string each, chained within their stream.

An entry's body is RFC 8785 canonical JSON with exactly these members:

    {"actor": {"id", "kind", "on_behalf_of"?}, "at", "data", "prev", "seq", "stream", "tenant", "type", "v": 1}

`seq` counts from 1 within the stream and `prev` is the leaf hash of the stream's previous entry in hexadecimal (64
zeros before the first). The form is final: verifiers of later years read the bytes of the first day. Decimals are
strings, keys are ASCII, floats do not occur; large payloads go in by digest, personal data as a salted commitment.
Twenty entries are written in a submission, so the envelope is put together by hand and encoded in one pass.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Final, NoReturn, cast

from comptroller.domain.audit.merkle import HASH_BYTES, hash_leaf
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import INTEGER_MAX, Json
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.ids import TenantId
from comptroller.domain.kernel.instant import instant_text, parse_instant
from comptroller.domain.kernel.money import decimal_text

VERSION: Final = 1
NO_PREVIOUS: Final = bytes(HASH_BYTES)
"""What the first entry of a stream names as its predecessor."""


_TEXT: Final = frozenset({str})
_LEAF_HASH: Final = re.compile("[0-9a-f]{64}")


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"`{text}` is a floating-point number")


_DECODER: Final = json.JSONDecoder(parse_float=_refuse_number, parse_constant=_refuse_number)


class EntryTooLarge(ValueError):
    """What is to be told does not fit into one entry."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a principal's id and kind (person, agent, integration, system), and for whom where for another."""

    id: str
    kind: str
    on_behalf_of: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is stored and hashed."""

    body: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What a body says, read back; `data` holds decimals and dates as the strings they were stored as."""

    tenant: TenantId
    stream: str
    seq: int
    previous: bytes
    at: datetime
    actor: Actor
    kind: str
    data: Mapping[str, object]


def build_entry(
    *,
    tenant: TenantId,
    stream: str,
    seq: int,
    previous: bytes,
    at: datetime,
    actor: Actor,
    kind: str,
    data: Mapping[str, Json],
) -> Entry:
    """Build one entry; what may not be in an entry is a defect of the caller (`ValueError`, `TypeError`).

    `seq` is 1 for the first entry of a stream, and `previous` then `NO_PREVIOUS`; `kind` is the member `type`.

    >>> from datetime import UTC
    >>> entry = build_entry(
    ...     tenant=TenantId("t"), stream="case/1", seq=1, previous=NO_PREVIOUS, kind="task.opened",
    ...     at=datetime(2026, 3, 27, 8, tzinfo=UTC), actor=Actor("lena.vogt", "person"), data={"net": Decimal("1.50")},
    ... )
    >>> entry.body.decode()[-72:]
    '0000","seq":1,"stream":"case/1","tenant":"t","type":"task.opened","v":1}'
    """
    if not (tenant and stream and kind):
        raise ValueError("an audit entry names its tenant, stream and type")
    if seq < 1 or len(previous) != HASH_BYTES or (seq == 1) != (previous == NO_PREVIOUS):
        raise ValueError(f"entry {seq} of stream `{stream}` cannot follow `{previous.hex()}`")
    body = (
        f'{_opening(at, actor)}{encode_data(data)},"prev":"{previous.hex()}","seq":{seq},'
        f'"stream":{encode_basestring(stream)},"tenant":{encode_basestring(tenant)},'
        f'"type":{encode_basestring(kind)},"v":1}}'
    ).encode()
    if len(body) > limits.AUDIT_ENTRY_BYTES_MAX:
        raise EntryTooLarge(
            f"an audit entry of type `{kind}` has {len(body)} bytes, {limits.AUDIT_ENTRY_BYTES_MAX} at most: "
            "put the payload in by digest"
        )
    return Entry(body, hash_leaf(body))


@lru_cache(maxsize=256)  # all entries of one command share it
def _opening(at: datetime, actor: Actor) -> str:
    if not (actor.id and actor.kind):
        raise ValueError("an audit entry names its actor and the actor's kind")
    members = {"id": actor.id, "kind": actor.kind}
    if actor.on_behalf_of:
        members["on_behalf_of"] = actor.on_behalf_of
    return f'{{"actor":{encode_data(members)},"at":"{instant_text(at)}","data":'


def read_entry(body: bytes) -> Content | Fault:
    """Read a stored body back; anything but the one canonical form of version 1 is a fault.

    Whoever verifies reads bytes that a stranger may have changed, so nothing is taken on trust: the members are
    exactly those of the form, and writing what was read gives the same bytes (a repeated key or a space does not).
    """
    if len(body) > limits.AUDIT_ENTRY_BYTES_MAX:
        return Fault("AUDIT-ENTRY-01", "", f"the entry has {len(body)} bytes, {limits.AUDIT_ENTRY_BYTES_MAX} at most")
    try:
        value = _DECODER.decode(body.decode())
        canonical = encode_data(value).encode() == body
    except (ValueError, TypeError, RecursionError) as error:
        return Fault("AUDIT-ENTRY-02", "", f"the entry is no canonical JSON: {error}")
    if not canonical:
        return Fault("AUDIT-ENTRY-02", "", "the entry is no canonical JSON: written again it has other bytes")
    return _content(value) or Fault("AUDIT-ENTRY-03", "", "the entry has not the members of a version 1 entry")


def _content(value: object) -> Content | None:
    match value:
        case {
            "actor": {"id": str(principal), "kind": str(kind), **rest_of_actor},
            "at": str(at),
            "data": dict(data),
            "prev": str(previous),
            "seq": int(seq),
            "stream": str(stream),
            "tenant": str(tenant),
            "type": str(entry_kind),
            "v": version,
            **rest,
        } if not rest and rest_of_actor.keys() <= {"on_behalf_of"}:
            pass
        case _:
            return None
    on_behalf_of = rest_of_actor.get("on_behalf_of", "")
    instant = parse_instant(at)
    if not isinstance(on_behalf_of, str) or instant is None or instant_text(instant) != at:
        return None
    # a truth value is an integer to Python, not to JSON
    if isinstance(version, bool) or version != VERSION or isinstance(seq, bool) or seq < 1:
        return None
    if _LEAF_HASH.fullmatch(previous) is None:
        return None
    actor = Actor(principal, kind, on_behalf_of)
    return Content(TenantId(tenant), stream, seq, bytes.fromhex(previous), instant, actor, entry_kind, data)


def encode_data(value: Json, depth: int = 0) -> str:
    """Encode as `canonical_json.encode` does, but refuse what an entry may not hold: floats, and keys not ASCII."""
    match value:
        case str():
            return encode_basestring(value)
        case dict():
            return _object(value, depth)
        case list() | tuple():
            return _array(value, depth)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return _integer(value)
        case Decimal():
            return f'"{decimal_text(value)}"'
        case datetime():
            return f'"{instant_text(value)}"'
        case date():
            return f'"{value.isoformat()}"'
    raise TypeError(f"an audit entry cannot hold a `{type(value).__name__}`")


def _object(value: Mapping[str, Json], depth: int) -> str:
    if depth >= limits.JSON_DEPTH_MAX:
        raise ValueError(f"an audit entry nests deeper than {limits.JSON_DEPTH_MAX}")
    members = [  # most members are texts: a call is spared
        _name(key) + (encode_basestring(item) if type(item := value[key]) is str else encode_data(item, depth + 1))
        for key in sorted(value)
    ]
    return f"{{{','.join(members)}}}"


@lru_cache(maxsize=4096)  # names of members come from the code: a small vocabulary, written millions of times
def _name(key: str) -> str:
    if not (isinstance(key, str) and key.isascii()):
        raise ValueError(f"an audit entry's keys are ASCII texts, `{key}` is none")
    return f"{encode_basestring(key)}:"


def _array(value: Sequence[Json], depth: int) -> str:
    if depth >= limits.JSON_DEPTH_MAX:
        raise ValueError(f"an audit entry nests deeper than {limits.JSON_DEPTH_MAX}")
    if _TEXT.issuperset(map(type, value)):  # rules, and most moves of a process
        return f"[{','.join(map(encode_basestring, cast('Sequence[str]', value)))}]"
    return f"[{','.join([encode_data(item, depth + 1) for item in value])}]"


def _integer(value: int) -> str:
    if not -INTEGER_MAX <= value <= INTEGER_MAX:
        raise ValueError(f"an audit entry holds integers up to {INTEGER_MAX}; write `{value}` as a string")
    return int.__repr__(value)

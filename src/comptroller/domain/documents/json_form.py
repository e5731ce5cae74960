"""The JSON form of the canonical documents: snake_case keys, decimals and days as strings, nothing empty written.

The shape of each record is taken once from its dataclass and compiled into one reader and one writer a field, so that
reading costs what is there and not what might be. Reading never stops at a fault: an unreadable value leaves its field
empty and is told with its JSON Pointer; only a record without which its parent means nothing (an order line without a
price) is dropped whole. A number is read exactly, digit for digit; an unknown key, a repeated key, NaN, an infinity and
a number beyond the limits are faults.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from operator import attrgetter
from types import UnionType
from typing import Any, Final, Union, cast, get_args, get_origin, get_type_hints

from comptroller.domain.documents import lexical
from comptroller.domain.documents.kinds import KINDS, AnyDocument, Document
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import decimal_text

BY: Final = "reader"

_MISSING: Final = object()
_INTEGER_MAX: Final = 2**63 - 1


class _Problem:
    """A fault on its way up: the path is collected from the inside out, so a good document pays nothing for it."""

    __slots__ = ("code", "help", "message", "path")

    def __init__(self, code: str, message: str, help: str = "") -> None:  # noqa: A002 - Fault's own field
        self.code = code
        self.message = message
        self.help = help
        self.path: list[str] = []

    def fault(self) -> Fault:
        steps = (step.replace("~", "~0").replace("/", "~1") for step in reversed(self.path))
        path = lexical.shown("".join(f"/{step}" for step in steps))
        return Fault(self.code, path, lexical.shown(self.message), by=BY, help=self.help)


class _Repeated(str):
    """A key that occurred twice in one object."""

    __slots__ = ()
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


class _NotANumber:
    """What NaN and the infinities, which JSON does not have, are read to."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


_Problems = list[_Problem]
_Reader = Callable[[object, _Problems], object]
_Writer = Callable[[Any], object]


def parse(text: bytes | str) -> tuple[object, tuple[Fault, ...]]:
    """Read JSON text to plain values, numbers as exact `Decimal`; None with a fault when it is no JSON.

    >>> parse('{"amount": 0.10}')
    ({'amount': Decimal('0.10')}, ())
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            return None, (
                _refused("JSON-ENCODING-01", f"byte {error.start} is not UTF-8", "save the document as UTF-8"),
            )
    try:
        try:
            return _DECODE(text), ()
        except (InvalidOperation, OverflowError):  # an exponent that Decimal itself cannot hold
            return _DECODE_ANY_NUMBER(text), ()
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        return None, (_refused("JSON-SYNTAX-01", f"not JSON: {error.msg.lower()} at {place}", "check the document"),)
    except RecursionError:
        return None, (_refused("JSON-DEPTH-01", "the document is nested too deeply", "no document nests so deep"),)


def from_json(kind: type[Document], value: object) -> tuple[Document | None, tuple[Fault, ...]]:
    """Make a document of parsed JSON (what `parse` or `canonical_json.decode` returned).

    The document is None when the value is no object or lacks a key without which the record means nothing.

    >>> from comptroller.domain.documents.model import Receipt
    >>> from_json(Receipt, {"number": "GR-1"})[1][0].message
    'the key `order` is missing'
    """
    problems: _Problems = []
    document = _READERS[kind](value, problems)
    return cast("Document | None", document), tuple(problem.fault() for problem in problems)


def to_json(document: AnyDocument) -> dict[str, object]:
    """Write a document as plain JSON values; `from_json` gives an equal document back."""
    return cast("dict[str, object]", _WRITERS[type(document)](document))


def _refused(code: str, message: str, help: str) -> Fault:  # noqa: A002 - Fault's own field
    return Fault(code, "", message, by=BY, help=help)


# JSON text to values


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) != len(pairs):
        seen: set[str] = set()
        for key, value in pairs:
            if key in seen:
                read[_Repeated(key)] = value
            seen.add(key)
    return read


def _number(text: str) -> object:
    try:
        return Decimal(text)
    except InvalidOperation:
        return _NotANumber(text)


_DECODE: Final = json.JSONDecoder(
    parse_float=Decimal, parse_int=Decimal, parse_constant=_NotANumber, object_pairs_hook=_object
).decode
_DECODE_ANY_NUMBER: Final = json.JSONDecoder(
    parse_float=_number, parse_int=_number, parse_constant=_NotANumber, object_pairs_hook=_object
).decode


# Values to fields


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "a boolean"
        case str():
            return "a text"
        case Decimal() | int():
            return "a number"
        case float():
            return "a binary floating-point number"
        case Mapping():
            return "an object"
        case _NotANumber():
            return f"`{value.text[:40]}`"
    return "an array"


def _wrong_type(value: object, wanted: str) -> _Problem:
    return _Problem("JSON-TYPE-01", f"{_kind_of(value)} stands where {wanted} belongs")


def _read_text(value: object, problems: _Problems) -> str:
    if type(value) is not str:
        problems.append(_wrong_type(value, "a text"))
        return ""
    if value.isprintable() and len(value) <= lexical.TEXT_CHARACTERS_MAX:
        return value
    problem = lexical.text_problem(value)
    if problem is None:
        return value
    problems.append(_Problem(*problem))
    return ""


def _read_decimal(value: object, problems: _Problems) -> Decimal | None:
    if type(value) is str:
        number = lexical.decimal_of(value)
    elif type(value) is Decimal:
        number = value if lexical.is_within_limits(value) else None
    elif type(value) is int:
        number = lexical.decimal_of(str(value)) if abs(value) < _INTEGER_MAX else None
    else:
        problems.append(_wrong_type(value, "a decimal"))
        return None
    if number is None:
        problems.append(_Problem("DOC-DECIMAL-01", lexical.decimal_message(str(value)), lexical.DECIMAL_HELP))
    return number


def _read_day(value: object, problems: _Problems) -> date | None:
    if type(value) is not str:
        problems.append(_wrong_type(value, "a day"))
        return None
    day = lexical.day_of(value)
    if day is None:
        problems.append(_Problem("DOC-DATE-01", lexical.day_message(value), lexical.DAY_HELP))
    return day


def _read_bool(value: object, problems: _Problems) -> bool | None:
    if type(value) is not bool:
        problems.append(_wrong_type(value, "true or false"))
        return None
    return value


def _read_int(value: object, problems: _Problems) -> int | None:
    if type(value) is Decimal and value.is_finite() and abs(value) <= _INTEGER_MAX and value == int(value):
        return int(value)
    if type(value) is int and abs(value) <= _INTEGER_MAX:
        return value
    if type(value) is str and value.isdecimal() and value.isascii() and int(value) <= _INTEGER_MAX:
        return int(value)  # as canonical JSON writes a number that was read exactly
    problems.append(_wrong_type(value, "a whole number"))
    return None


def _enum_reader(kind: type[StrEnum]) -> _Reader:
    members = {member.value: member for member in kind}
    allowed = ", ".join(members)

    def read(value: object, problems: _Problems) -> StrEnum | None:
        member = members.get(value) if type(value) is str else None
        if member is None:
            shown = f"`{value[:40]}`" if type(value) is str else _kind_of(value)
            problems.append(_Problem("DOC-CODE-01", f"{shown} is none of: {allowed}"))
        return member

    return read


def _tuple_reader(read_item: _Reader, limit: int) -> _Reader:
    def read(value: object, problems: _Problems) -> tuple[object, ...]:
        if type(value) is not list:
            problems.append(_wrong_type(value, "an array"))
            return ()
        if len(value) > limit:
            problems.append(
                _Problem("DOC-LINES-01", f"{len(value)} entries; at most {limit} are read", "split the document")
            )
            return ()
        items = []
        for index, item in enumerate(value):
            count = len(problems)
            entry = read_item(item, problems)
            if len(problems) > count:
                for problem in problems[count:]:
                    problem.path.append(str(index))
            if entry is not None:
                items.append(entry)
        return tuple(items)

    return read


def _record_reader(record: type) -> _Reader:
    """One reader a key; keys without a default must be there and readable, or the record is None.

    The record is put together slot by slot: the `__init__` of a frozen dataclass costs three times as much, and the
    documents have none of their own.
    """
    hints = get_type_hints(record)
    readers = {field.name: (place, _reader_of(hints[field.name])) for place, field in enumerate(fields(record))}
    defaults = [_MISSING if field.default is MISSING else field.default for field in fields(record)]
    setters = [getattr(record, field.name).__set__ for field in fields(record)]
    required = [place for place, default in enumerate(defaults) if default is _MISSING]

    def read(value: object, problems: _Problems) -> object:
        if type(value) is not dict:
            problems.append(_wrong_type(value, "an object"))
            return None
        values = defaults.copy()
        count = len(problems)
        for key, item in value.items():
            known = readers.get(key)
            if known is None:
                problems.append(_unknown_key(key))
            elif item is None:
                continue
            else:
                place, read_field = known
                entry = read_field(item, problems)
                if len(problems) == count:
                    values[place] = entry
                    continue
                if entry:  # read in part: what could be read stays
                    values[place] = entry
            for problem in problems[count:]:
                problem.path.append(str(key))
            count = len(problems)
        if required and any(values[place] is _MISSING for place in required):
            _tell_missing_keys(value, readers, values, problems)
            return None
        made: object = object.__new__(record)
        for set_slot, entry in zip(setters, values):  # noqa: B905 - equal by construction
            set_slot(made, entry)
        return made

    return read


def _tell_missing_keys(
    value: Mapping[str, object], readers: Mapping[str, tuple[int, _Reader]], values: list[object], problems: _Problems
) -> None:
    for key, (place, _) in readers.items():
        if values[place] is _MISSING and value.get(key) is None:
            problems.append(_Problem("JSON-KEY-03", f"the key `{key}` is missing"))


def _unknown_key(key: object) -> _Problem:
    if isinstance(key, _Repeated):
        return _Problem("JSON-KEY-02", "the key occurs twice in its object", "keep one of the two values")
    return _Problem("JSON-KEY-01", "the key is not known here", "correct its spelling or leave it out")


def _reader_of(hint: object) -> _Reader:
    simple = _SIMPLE_READERS.get(hint)
    if simple is not None:
        return simple
    if get_origin(hint) in (Union, UnionType):
        return _reader_of(next(kind for kind in get_args(hint) if kind is not type(None)))
    if get_origin(hint) is tuple:
        return _tuple_reader(_reader_of(get_args(hint)[0]), limits.DOCUMENT_LINES_MAX)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return _enum_reader(hint)
    return _record_reader(cast("type", hint))


_SIMPLE_READERS: Final[dict[object, _Reader]] = {
    str: _read_text,
    Decimal: _read_decimal,
    date: _read_day,
    bool: _read_bool,
    int: _read_int,
}


# Fields to values


def _same(value: object) -> object:
    return value


def _write_decimal(value: Decimal) -> str:
    text = str(value)
    return decimal_text(value) if "E" in text or text[0] == "-" else text


def _record_writer(record: type) -> _Writer:
    """Empty values (None, an empty text or list) are left out, unless emptiness is not the field's default."""
    hints = get_type_hints(record)
    names = tuple(field.name for field in fields(record))
    read_all = attrgetter(*names)
    plans = tuple((field.name, _writer_of(hints[field.name]), field.default in ("", ())) for field in fields(record))

    def write(value: object) -> dict[str, object]:
        written: dict[str, object] = {}
        for (name, write_field, may_be_left_out), item in zip(plans, read_all(value), strict=True):
            if item is None or (may_be_left_out and not item):
                continue
            written[name] = item if write_field is None else write_field(item)
        return written

    return write


def _writer_of(hint: object) -> _Writer | None:
    """How a value of this type is written; None for what is written as it is."""
    if get_origin(hint) in (Union, UnionType):
        return _writer_of(next(kind for kind in get_args(hint) if kind is not type(None)))
    if get_origin(hint) is tuple:
        write_item = _writer_of(get_args(hint)[0]) or _same
        return lambda items: [write_item(item) for item in items]
    if hint is Decimal:
        return _write_decimal
    if hint is date:
        return date.isoformat
    if is_dataclass(hint) and isinstance(hint, type):
        return _record_writer(hint)
    return str if isinstance(hint, type) and issubclass(hint, StrEnum) else None


_READERS: Final[dict[type, _Reader]] = {kind: _record_reader(kind) for kind in KINDS}
_WRITERS: Final[dict[type, _Writer]] = {kind: _record_writer(kind) for kind in KINDS}

"""Reading a reference record's JSON body: every fault is collected, none stops the reading of the rest."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import parse_decimal

BY = "identity"

Choice = TypeVar("Choice", bound=StrEnum)


def choose(written: str, choices: type[Choice]) -> Choice | None:
    """Find the member of a closed list that is written so; None for none."""
    return next((each for each in choices if each == written), None)


class RecordReader:
    """Reads the members of one JSON object, keeping a fault for each that is missing or of the wrong kind.

    `path` is the object's JSON Pointer; `kind` names it in messages; `area` begins the codes, as in `PERSON-RECORD-01`.
    """

    def __init__(self, body: object, *, kind: str, area: str, path: str = "") -> None:
        self.kind = kind
        self.area = area
        self.path = path
        self.faults: list[Fault] = []
        self._read: set[str] = set()
        self._body: Mapping[object, object] = {}
        if isinstance(body, Mapping):
            self._body = body
        else:
            self.fault("01", "", f"a {kind} is a JSON object")

    def fault(self, number: str, member: str, message: str) -> None:
        """Note what is wrong with a member; an empty one means the whole object."""
        path = f"{self.path}/{member}" if member else self.path
        self.faults.append(Fault(f"{self.area}-RECORD-{number}", path, message, by=BY))

    def text(self, member: str, *, required: bool = False) -> str:
        """Read a text; an empty one where it is missing."""
        value = self._member(member)
        if value is None or value == "":
            if required:
                self.fault("02", member, f"a {self.kind} needs `{member}`")
            return ""
        if isinstance(value, str):
            return value
        self.fault("03", member, f"`{member}` is a text")
        return ""

    def choice(self, member: str, choices: type[Choice]) -> Choice | None:
        """Read one word of a closed list; None with a fault where it is missing or another."""
        written = self.text(member, required=True)
        chosen = choose(written, choices)
        if written and chosen is None:
            self.fault("08", member, f"`{written}` is none of {', '.join(choices)}")
        return chosen

    def texts(self, member: str) -> tuple[str, ...]:
        """Read a list of different texts; an empty one where it is missing."""
        value = self._member(member)
        if value is None:
            return ()
        if not isinstance(value, list | tuple) or not all(isinstance(each, str) and each for each in value):
            self.fault("03", member, f"`{member}` is a list of texts")
            return ()
        if len(set(value)) != len(value):
            self.fault("04", member, f"`{member}` names something twice")
        return tuple(value)

    def objects(self, member: str) -> Sequence[object]:
        """Read a list whose elements another reader reads; an empty one where it is missing."""
        value = self._member(member)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            self.fault("03", member, f"`{member}` is a list")
            return ()
        return value

    def truth(self, member: str, *, default: bool) -> bool:
        """Read a truth value."""
        value = self._member(member)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        self.fault("03", member, f"`{member}` is true or false")
        return False

    def amount(self, member: str) -> Decimal:
        """Read an amount that is not negative, written as a text or a whole number; zero where there is none."""
        value = self._member(member)
        written = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        amount = parse_decimal(written) if isinstance(written, str) else None
        if amount is None or amount < 0:
            self.fault("05", member, f"`{member}` is an amount as a text, such as `25000.00`, and not negative")
            return Decimal(0)
        return amount

    def day(self, member: str, *, required: bool = False) -> date | None:
        """Read a day; None where it is missing, and where it is none, with a fault."""
        written = self.text(member, required=required)
        day = parse_day(written)
        if written and day is None:
            self.fault("10", member, f"`{written}` is no day such as `2026-03-27`")
        return day

    def has(self, member: str) -> bool:
        """Tell whether a member is given."""
        return self._body.get(member) is not None

    def finish(self) -> None:
        """Note the members that nobody read: a misspelt restriction must not be a lifted one."""
        for member in self._body:
            if member not in self._read:
                self.fault("06", str(member), f"a {self.kind} has no member `{member}`")

    def _member(self, member: str) -> object:
        self._read.add(member)
        return self._body.get(member)

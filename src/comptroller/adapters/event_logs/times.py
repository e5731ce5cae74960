"""What times of a log say: instants, so that events stand in the order in which they happened."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

_YEAR_FIRST: Final = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})(.*)", re.DOTALL)


class Times:
    """Reads times; one that was read before is known."""

    def __init__(self, forms: Sequence[str]) -> None:
        """Take the forms of dates as `strptime` reads them; ISO 8601 is always read."""
        self._forms = forms
        self._known: dict[str, datetime | None] = {}

    def read(self, text: str) -> datetime | None:
        """An instant, where no offset is written of UTC; None for what is none."""
        if text not in self._known:
            if len(self._known) > 100_000:
                self._known.clear()
            self._known[text] = self._read(text.strip())
        return self._known[text]

    def _read(self, text: str) -> datetime | None:
        year_first = _YEAR_FIRST.fullmatch(text)
        found = _iso("{}-{:0>2}-{:0>2}{}".format(*year_first.groups()) if year_first else text)
        if found is not None:
            return found
        day, _, clock = text.replace("T", " ", 1).partition(" ")
        for form in self._forms:
            try:
                date = datetime.strptime(day, form).date()  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
            return _iso(f"{date} {clock.strip()}".strip())
        return None


def _iso(text: str) -> datetime | None:
    """An instant in ISO 8601; `9:05` is read as `09:05`.

    >>> [str(_iso(text)) for text in ("2026-03-27T09:30:00-08:00", "2026-03-27 9:05")]
    ['2026-03-27 17:30:00+00:00', '2026-03-27 09:05:00+00:00']
    """
    try:
        found = datetime.fromisoformat(re.sub(r"[ T](\d:)", r" 0\1", text))
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)

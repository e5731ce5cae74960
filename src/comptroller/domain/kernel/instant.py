"""Instants and days. The clock is outside: every function that needs the time is told it."""

from datetime import UTC, date, datetime
from functools import lru_cache


@lru_cache(maxsize=256)  # all that one command records is of one instant
def instant_text(value: datetime) -> str:
    """Write an instant as RFC 3339 in UTC with microseconds, `2026-03-27T08:00:00.000000Z`; it must carry a zone."""
    if value.tzinfo is None:
        raise TypeError("an instant needs a time zone")
    return f"{value.astimezone(UTC).isoformat(timespec='microseconds')[:-6]}Z"


def parse_instant(text: str) -> datetime | None:
    """Read an RFC 3339 instant; None when the text is none or names no offset."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value.astimezone(UTC) if value.tzinfo is not None else None


def parse_day(text: str) -> date | None:
    """Read a calendar day `YYYY-MM-DD`; None when the text is none."""
    if len(text) != 10 or text[4] != "-" or text[7] != "-":  # week dates have the same length
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

"""The form that amends an order, read: which fields and lines changed, which lines are new, which are taken off."""

from collections.abc import Mapping
from typing import Final

from comptroller.application.amending import NEW_LINE_FIELDS, AmendRecord
from comptroller.application.views.forms import FormView

SAYS_A_LINE: Final = ("name", "quantity", "price")
"""Fields of a new line that nothing is proposed for: with one of them a row is meant."""


def rows_of(typed: Mapping[str, str]) -> int:
    """How many rows for new lines the form had."""
    return sum(1 for name in typed if name.startswith("new-") and name.endswith("-unit"))


def amendment_of(view: FormView, key: str, typed: Mapping[str, str]) -> AmendRecord:
    """What the form says that the record does not."""
    fields, lines, removed = {}, {}, set()
    for each in (field for group in view.groups for field in group.fields):
        given = typed.get(each.name, "")
        part, _, rest = each.name.partition("-")
        line, _, name = rest.rpartition("-")
        if given == each.value or part == "new":
            continue
        if part != "line":
            fields[each.name] = given
        elif name == "off":
            removed.add(line)
        else:
            lines[f"{line}/{name}"] = given
    added = tuple(
        {name: typed.get(f"{row}-{name}", "").strip() for name in NEW_LINE_FIELDS} for row in _new_rows(typed)
    )
    version = typed.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() else 0
    return AmendRecord("order", key, seen, fields, lines, added, frozenset(removed))


def line_places(view: FormView, typed: Mapping[str, str]) -> list[str]:
    """What the fields of each line of the amended order begin with, in the order of its lines."""
    first = [group.fields[0].name.rpartition("-")[0] for group in view.groups]
    kept = [name for name in first if name.startswith("line-") and not typed.get(f"{name}-off")]
    return [*kept, *_new_rows(typed)]


def _new_rows(typed: Mapping[str, str]) -> list[str]:
    rows = [f"new-{place}" for place in range(1, rows_of(typed) + 1)]
    return [row for row in rows if any(typed.get(f"{row}-{name}", "").strip() for name in SAYS_A_LINE)]

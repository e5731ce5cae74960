"""A form that acts, as a value: its fields with what was typed, what is wrong beside each, and what is shown above."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from comptroller.application.views.standing import Standing


class FieldKind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    DECIMAL = "decimal"
    WORDS = "words"  # several lines
    DAY = "date"
    MONTH = "month"
    MOMENT = "datetime-local"
    CHOICE = "choice"
    TICK = "tick"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its name in the form, what stands beside it, and what it holds."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    problem: str = ""
    required: bool = True
    wide: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together, such as one line of an order; what few need is folded until something is in it."""

    title: str
    fields: tuple[FieldView, ...]
    folded: bool = False
    is_open: bool = False  # of a fold
    more: str = ""  # the button that asks for one more group like it


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell of a table: its text or its number, where it leads, and how it stands."""

    text: str = ""
    href: str = ""
    value: Decimal | None = None
    currency: str = ""
    unit: str = ""
    standing: Standing | None = None
    sub: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class LinkView:
    """A way to another page."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class TableView:
    """Rows that are shown above or below a form."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[CellText, ...], ...] = ()
    empty: str = ""
    text: str = ""
    links: tuple[LinkView, ...] = ()  # to more of the same rows


@dataclass(frozen=True, slots=True)
class FormView:
    """A page with one form; `refusal` says why the person who looks may not use it."""

    title: str
    action: str  # where it is sent
    button: str
    groups: tuple[FieldGroup, ...] = ()
    back: LinkView = LinkView("Back to the queue", "/queue")
    lead: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    tables: tuple[TableView, ...] = ()
    links: tuple[LinkView, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    refusal: str = ""
    problem: str = ""
    help: str = ""
    done: str = ""  # what was just done with it
    place: str = "cases"  # of the navigation
    has_file: bool = False

    @property
    def problems(self) -> tuple[FieldView, ...]:
        """The fields with something wrong."""
        return tuple(each for group in self.groups for each in group.fields if each.problem)

    def filled(
        self,
        typed: Mapping[str, str],
        problems: Mapping[str, str] | None = None,
        *,
        problem: str = "",
        help: str = "",  # noqa: A002 - a rejection's own word
    ) -> "FormView":
        """The form as it was sent, with what is wrong beside its fields."""
        wrong = problems or {}

        def kept(each: FieldView) -> FieldView:
            value = "" if each.kind is FieldKind.FILE else typed.get(each.name, "")
            return replace(each, value=value, problem=wrong.get(each.name, ""))

        def filled(group: FieldGroup) -> FieldGroup:
            fields = tuple(kept(each) for each in group.fields)
            written = any(new.problem or new.value != old.value for new, old in zip(fields, group.fields, strict=True))
            return replace(group, fields=fields, is_open=group.is_open or written)

        groups = tuple(filled(group) for group in self.groups)
        known = {each.name for group in self.groups for each in group.fields}
        beside = any(name in known for name in wrong)
        return replace(self, groups=groups, problem="" if beside and not problem else problem, help=help)

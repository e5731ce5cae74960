"""Cases and items as figures read them, written by hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from comptroller.application.figures.material import CaseFacts, Material, Span
from comptroller.application.records import CaseRow, MilestoneRow, OpenItemRow

BERLIN: Final = ZoneInfo("Europe/Berlin")
MARCH: Final = Span(date(2026, 3, 1), date(2026, 3, 31), BERLIN)


def at(text: str) -> datetime:
    """An instant, written `2026-03-27T09:00` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def case(*milestones: tuple[str, str, dict[str, str]], case_id: str = "c1", **more: Any) -> CaseFacts:
    """A case with milestones that are kind, instant and what else they say."""
    told = [
        MilestoneRow(case_id, seq, kind, at(when), "DE", **{**_NOTHING, **said})
        for seq, (kind, when, said) in enumerate(milestones)
    ]
    row: Any = SimpleNamespace(**{**_CASE, "case_id": case_id, **more})
    return CaseFacts(cast("CaseRow", row), None, tuple(told))


_NOTHING: Final = dict.fromkeys(("party", "person", "task", "control", "detail"), "")
_CASE: Final[dict[str, Any]] = {
    "kind": "invoice",
    "status": "posted",
    "entity": "DE",
    "supplier": "S01",
    "currency": "EUR",
    "net": Decimal(100),
    "gross": Decimal(119),
    "received_at": at("2026-03-01T00:00"),
}


def item(item_id: str, posted: str, cleared: str = "", **more: Any) -> OpenItemRow:
    """An item of 100.00 that is due thirty days after it was invoiced on the day of posting."""
    known: dict[str, Any] = {
        "case_id": "",
        "entity": "DE",
        "supplier": "S01",
        "supplier_name": "",
        "number": item_id,
        "currency": "EUR",
        "amount": Decimal(100),
        "local_currency": "EUR",
        "local_amount": Decimal(100),
        "issued_on": posted,
        "due_on": "2026-03-31",
        "discount_on": "",
        "discount": Decimal(0),
        "payment_block": "",
        "status": "paid" if cleared else "open",
        "run": "",
        "version": 1,
    }
    return OpenItemRow(item_id=item_id, posted_on=posted, cleared_on=cleared, **{**known, **more})


@dataclass
class Written:
    """What figures read, without a store: amounts are in the group's currency as they stand."""

    items: Sequence[OpenItemRow] = ()
    cases: Sequence[CaseFacts] = ()
    span: Span = MARCH
    entity: str = ""
    session: Any = field(default_factory=lambda: SimpleNamespace(now=at("2026-03-27T09:00")))

    @property
    def material(self) -> Material:
        """It, as what a figure takes."""
        return cast("Material", self)

    @property
    def closed(self) -> Sequence[CaseFacts]:
        """Every case."""
        return self.cases

    @property
    def ended_cases(self) -> Sequence[CaseFacts]:
        """Every case."""
        return self.cases

    def between(self, kind: str) -> Sequence[MilestoneRow]:
        """The milestones of a kind in the span."""
        told = [each for case in self.cases for each in case.milestones if each.kind == kind]
        return [each for each in told if self.span.has(each.at)]

    def facts(self, case_ids: Sequence[str]) -> Sequence[CaseFacts]:
        """The cases of these ids."""
        return [each for each in self.cases if each.row.case_id in case_ids]

    @staticmethod
    def in_group(amount: Decimal, _currency: str, _day: date) -> Decimal:
        """The amount."""
        return amount

    @staticmethod
    def gross(row: CaseRow, _at: datetime) -> Decimal:
        """A case's gross amount."""
        return row.gross or Decimal(0)

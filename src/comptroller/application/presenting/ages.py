"""How long a task has waited, in the buckets that policy names: working days since it was offered."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from comptroller.application.presenting.sorting import address
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.session import Session
from comptroller.application.views import FilterChip
from comptroller.domain.controls.terms import business_days

BUCKET: Final = "waiting bucket"
"""The decision that names the buckets."""


class Ages:
    """The buckets of one page; each age is decided once."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._zone = ZoneInfo(str(tenant_record(session.uow).get("time_zone") or "UTC"))
        self._today = session.now.astimezone(self._zone).date()
        self._named: dict[int, str] = {}
        self.counts: Counter[str] = Counter()

    def of(self, offered_at: datetime) -> str:
        """The bucket of a task that was offered then; empty where policy names none."""
        days = business_days(offered_at.astimezone(self._zone).date(), self._today)
        if days not in self._named:
            model = self._session.policy.models.get(BUCKET)
            facts = {"business days": Decimal(days), "decision date": self._today}
            name = model.decide(BUCKET, facts, self._session.now).value if model is not None else None
            self._named[days] = name if isinstance(name, str) else ""
        return self._named[days]

    def chips(self, chosen: str, others: dict[str, str]) -> tuple[FilterChip, ...]:
        """A filter for each bucket that holds something, the youngest first; none where all are of one age."""
        days_of = {name: days for days, name in sorted(self._named.items(), reverse=True)}  # the least days of each
        names = sorted(
            {name for name in self.counts if name} | ({chosen} - {""}), key=lambda name: days_of.get(name, 0)
        )
        if len(names) < 2 and not chosen:
            return ()
        chips = [FilterChip("Any age", address(others, ""), active=not chosen)]
        for name in names:
            query = address({**others, "age": name}, "")
            chips.append(FilterChip(f"{name} days", query, self.counts[name], active=name == chosen))
        return tuple(chips)

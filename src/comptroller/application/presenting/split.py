"""A purchase in parts: what each part's own page says of the others."""

from collections.abc import Mapping
from typing import Any

from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names
from comptroller.application.records import DecisionRow
from comptroller.application.session import Session
from comptroller.application.views import SplitPart, SplitView
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money, parse_decimal


def split_view(session: Session, names: Names, decided: Mapping[str, DecisionRow]) -> SplitView | None:
    """What the last judgement found of other parts; None where the document is a purchase of its own."""
    outcome: Any = decode(decided["split"].outcome) if "split" in decided else None
    if not isinstance(outcome, dict) or outcome.get("outcome") != "aggregate" or not outcome.get("crossed"):
        return None
    currency = str(tenant_record(session.uow).get("group_currency") or "")
    crossed = outcome["crossed"]
    return SplitView(
        total=_money(crossed.get("total"), currency),
        limit=_money(crossed.get("limit"), currency),
        parts=tuple(
            SplitPart(
                str(other.get("case") or ""),
                str(other.get("number") or "a document without number"),
                _money(other.get("amount"), currency),
                may_open=bool(names.mentioned(str(other.get("case") or ""))),
            )
            for other in crossed.get("others") or ()
        ),
        is_attempt=bool(outcome.get("breach")),
        reason=str(outcome.get("reason") or ""),
    )


def _money(value: Any, currency: str) -> Money | None:
    amount = parse_decimal(str(value)) if value is not None else None
    return None if amount is None else Money(amount, currency)

"""Accruals of an earlier period that are brought in: booked once, as part of the balances carried forward.

The invoice that they stand for reverses them (`casework.journal`); what no invoice comes for stays visible.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.gathering.reading import body_of
from comptroller.application.ledger.writing import About, write_journal
from comptroller.application.session import Session
from comptroller.domain.controls.ledger_context import Accrual
from comptroller.domain.controls.posting import accrual_journal


def book_accrual(session: Session, key: str, body: Mapping[str, Any], version: int) -> None:
    """Book an accrual that is brought in, on the first day of the month; a later version books nothing again."""
    entity = str(body["entity"])
    rows = session.uow.references([f"entity/{entity}"])[f"entity/{entity}"]
    if version > 1 or body.get("reversed") or not rows:
        return
    accrual = Accrual(
        f"accrual/{key}",
        str(body["period"]),
        Decimal(body["amount"]),
        str(body["account"]),
        str(body["liability_account"]),
        str(body.get("cost_centre", "")),
    )
    about = About(
        journal_id=f"accrual/{key}",
        kind="accrual",
        entity=entity,
        posted_on=today_at(session.uow, entity, session.now).replace(day=1),
        text=str(body.get("text") or f"accrual of {accrual.period}"),
        stream=f"reference/accrual/{key}",
        supplier=str(body.get("supplier", "")),
        document=key,
        order_number=str(body.get("order", "")),
        source="import",
    )
    write_journal(session, accrual_journal(accrual, str(body_of(rows[0])["currency"]), reverse=False), about)

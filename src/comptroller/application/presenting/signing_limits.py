"""Up to which amount a signature counts: as it was judged when it was given, else as the signer's grant stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from comptroller.application.casework.clock import today_at
from comptroller.application.casework.decision_record import read_record, read_value
from comptroller.application.casework.signing import granted
from comptroller.application.people.records import principal
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.records import CaseRow, DecisionRow
from comptroller.application.session import Session
from comptroller.application.views import LimitView
from comptroller.domain.identity import Authority, grant_for
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.kernel.money import Money, parse_decimal

_MAY_SIGN: Final = "may sign"


@dataclass(frozen=True, slots=True)
class Judged:
    """One decision about a signature: of whom and when, what carried it, and who had the other hands in the case."""

    person: str
    at: datetime
    limit: LimitView
    reason: str = ""
    hands: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what was done, by whom


def judged(session: Session, rows: Sequence[DecisionRow]) -> dict[int, Judged]:
    """The decisions about signing by the sequence numbers of their entries."""
    currency = str(tenant_record(session.uow).get("group_currency") or "")
    found: dict[int, Judged] = {}
    for row in rows:
        if row.decision == _MAY_SIGN:
            record, outcome = read_record(row), decode(row.outcome)
            inputs: Mapping[str, Any] = {name: read_value(value) for name, value in record["inputs"].items()}
            signer: Mapping[str, Any] = inputs.get("signer") or {}
            limit = LimitView(
                _money(inputs.get("amount"), currency),
                _money(signer.get("limit"), currency),
                _words(signer["grant"]) if signer.get("grant") else "",
                is_needed=_needs_limit(inputs.get("step") or {}),
            )
            found[row.seq] = Judged(
                str(signer.get("id") or ""),
                parse_instant(record["now"]) or session.now,
                limit,
                str(outcome.get("reason") or "") if isinstance(outcome, dict) else "",
                tuple(_hands(inputs)),
            )
    return found


def _hands(inputs: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What must not come together with a signature, as the decision was told who did it."""
    for done, name in (("requested", "requester"), ("entered", "enterer"), ("ordered", "orderer")):
        if inputs.get(name):
            yield done, (str(inputs[name]),)
    if inputs.get("receivers"):
        yield "received", tuple(map(str, inputs["receivers"]))


def asked_limit(session: Session, case: CaseRow, step: Mapping[str, Any], person: str) -> LimitView:
    """What a step that nobody answered is measured on and, where it asks for a limit, the limit of who is asked."""
    currency = str(tenant_record(session.uow).get("group_currency") or "")
    measured = _money(parse_decimal(str(step.get("amount") or "")), currency)
    if not _needs_limit(step):
        return LimitView(measured, is_needed=False)
    known = principal(session.uow, person) if person else None
    if known is None:
        return LimitView(measured)
    versions = session.uow.reference_versions("supplier", case.supplier) if case.supplier else ()
    supplier: Any = decode(versions[-1].body) if versions else {}
    today = today_at(session.uow, case.entity, session.now)
    grant = grant_for(known, Authority.INVOICE, str(supplier.get("category") or ""), today)
    if grant is None:
        return LimitView(measured)
    return LimitView(measured, _money(grant.amount, currency), _words(granted(known, grant)))


def _needs_limit(step: Mapping[str, Any]) -> bool:
    return step.get("needs limit") in (True, "true")


def _words(grant: Mapping[str, Any]) -> str:
    """What a limit is granted for, in one line."""
    categories, entities = grant.get("categories") or (), grant.get("entities") or ()
    text = f"for {', '.join(categories) if categories else 'all categories'}"
    text += " in all entities" if "*" in entities else f" in {', '.join(entities)}"
    start, end = grant.get("valid from"), grant.get("valid to")
    text += f" from {start.isoformat()}" if isinstance(start, date) else ""
    return text + (f" to {end.isoformat()}" if isinstance(end, date) else "")


def _money(amount: Any, currency: str) -> Money | None:
    return Money(amount, currency) if isinstance(amount, Decimal) and currency else None

"""Who took of an order's line before: by the index, the newest first, of what the reader may see."""

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from tests.contract import rows

from comptroller.application.presenting.match import TAKERS_SHOWN, takers
from comptroller.application.records import CandidateKeyRow, revised

LINE: Final = "order-line/PO-1/1"


def session_of(cases: list[Any]) -> Any:
    """A session that knows these cases by the line that they take of, and whose caller works for one entity."""

    def keys(lookups: list[str], _day: str, _limit: int) -> list[CandidateKeyRow]:
        assert lookups == [f"taking/{LINE}"]
        return [CandidateKeyRow(lookups[0], "2026-03-27", case.case_id, "") for case in cases]

    def candidates(_ids: Any) -> list[tuple[None, Any]]:
        return [(None, case) for case in cases]

    caller = SimpleNamespace(sees=lambda entity: entity == "DE01")
    return SimpleNamespace(uow=SimpleNamespace(candidate_keys=keys, candidates=candidates), caller=caller, now=rows.NOW)


def taker(number: int, quantity: int, **more: Any) -> Any:
    state = json.dumps({"dossier": {"reserved": {LINE: quantity * 1_000_000}}})
    about = {"number": f"R-{number}", "received_at": rows.NOW - timedelta(hours=number), **more}
    return revised(rows.case(number, state=state), **about)


def test_the_newest_are_named_and_no_more_than_are_shown() -> None:
    found = list(takers(session_of([taker(n, n) for n in range(1, 30)]), rows.case(99), LINE, rows.NOW))
    assert [each.number for each in found] == [f"R-{n}" for n in range(1, TAKERS_SHOWN + 1)]
    assert found[2].quantity == Decimal(3)


def test_who_gave_back_came_later_or_is_not_seen_is_not_named() -> None:
    cases = [
        taker(1, 0),
        taker(2, 2, entity="ES"),
        taker(3, 3, received_at=rows.NOW + timedelta(hours=1)),
        taker(4, 4),
        taker(5, -5),
    ]
    found = list(takers(session_of([*cases, taker(6, 6)]), cases[3], LINE, rows.NOW))
    assert [(each.number, each.quantity) for each in found] == [("R-5", Decimal(-5)), ("R-6", Decimal(6))]

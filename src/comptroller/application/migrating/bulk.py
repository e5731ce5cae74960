"""Moving many cases: each in a unit of work of its own, so that one that stays holds up no other.

What has moved is no longer among the cases of the old version: running it again goes on where it ended, and does
nothing twice. Nothing here may more than its steps: each is a use case with its duty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.acting.holding import words_of
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.migrating.case import MigrateCase
from comptroller.application.migrating.plan import FindMigrating, Told, why
from comptroller.application.migrating.versions import Move
from comptroller.domain.kernel.fault import Fault, Rejection
from comptroller.domain.kernel.ids import TenantId

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class MigrateCases:
    """Move the cases of one version, at most so many, from behind one; `is_trial` says what it would do."""

    move: Move
    reason: str
    limit: int
    after: str = ""
    is_trial: bool = False


def migrate_cases(
    dispatcher: Dispatcher, tenant: TenantId, principal: str, wish: MigrateCases
) -> dict[str, Any] | Rejection:
    """Do it to the end or to the limit, and tell what became of the cases."""
    *_, done = progress(dispatcher, tenant, principal, wish)
    return done


def progress(
    dispatcher: Dispatcher, tenant: TenantId, principal: str, wish: MigrateCases
) -> Iterator[dict[str, Any] | Rejection]:
    """Do it page by page; answers after each what has become of the cases so far, or why nothing is done."""
    looked_at, told, after = 0, Told(is_trial=wish.is_trial), wish.after
    while True:
        limit = min(PAGE, wish.limit - looked_at)
        page = dispatcher.execute(tenant, Request(principal, FindMigrating(wish.move, after, limit)))
        refused = page if isinstance(page, Rejection) else words_of(wish.reason, "reason")
        if refused is not None:
            yield refused
            return
        for case_id, faults in page["cases"]:
            told.take(case_id, faults or _moved(dispatcher, tenant, principal, wish, case_id))
        looked_at, after = looked_at + len(page["cases"]), page["next"]
        yield {"cases": looked_at, **told.told(), "next": after}
        if not after or looked_at >= wish.limit:
            return


def _moved(
    dispatcher: Dispatcher, tenant: TenantId, principal: str, wish: MigrateCases, case_id: str
) -> tuple[Fault, ...]:
    """Move one case, or try it; why it stays, nothing where it goes."""
    ask = dispatcher.rehearse if wish.is_trial else dispatcher.execute
    return why(ask(tenant, Request(principal, MigrateCase(case_id, wish.reason, wish.move.to_policy, wish.move.nodes))))

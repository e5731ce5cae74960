"""The unit of work of the port, over any session: what each method reads and what it may write.

Each subject is a class over the transaction, with queries of its own; the unit of work is all of them together.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from comptroller.adapters.database.queries import cases as of_cases
from comptroller.adapters.database.queries import company, tasks, work
from comptroller.adapters.database.subjects.audit import Audit
from comptroller.adapters.database.subjects.cases import Cases
from comptroller.adapters.database.subjects.company import Company
from comptroller.adapters.database.subjects.ledger import Ledger
from comptroller.adapters.database.subjects.search import Search
from comptroller.adapters.database.subjects.tasks import Tasks
from comptroller.adapters.database.subjects.work import Work

TAKEN_UP: Final = (of_cases.CASE_WAITS, tasks.CASE_TASKS, work.CASE_OUTBOX)
"""What is read of cases that are taken up, beside their rows and documents."""


class DatabaseUnitOfWork(Company, Cases, Search, Tasks, Ledger, Audit, Work):
    """One transaction of one tenant; see the port for what each method promises."""

    def prefetch(
        self,
        *,
        aliases: Iterable[str] = (),
        documents: Iterable[str] = (),
        balances: Iterable[str] = (),
        commands: Iterable[tuple[str, str]] = (),
        cases: Iterable[str] = (),
        outbox: Iterable[str] = (),
        taken_up: Sequence[str] = (),
    ) -> None:
        """Read what will be needed in one round trip."""
        by_principal: dict[str, list[str]] = {}
        for principal, key in commands:
            by_principal.setdefault(principal, []).append(key)
        self._look_up(
            (company.REFERENCES, [*map(self._sealing.alias, aliases)], ""),
            (of_cases.DOCUMENT, documents, ""),
            (of_cases.BALANCES, balances, ""),
            (of_cases.CASE, cases, ""),
            (work.OUTBOX, outbox, ""),
            *((company.COMMAND, keys, principal) for principal, keys in by_principal.items()),
            *((lookup, taken_up, "") for lookup in TAKEN_UP),
        )
        for case_id in taken_up:
            self._know_outbox([row for (row,) in self._known(work.CASE_OUTBOX, case_id) or ()])

"""The pages that are lists: queue, cases, exceptions."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from comptroller.application.presenting.words import (
    OUTCOME_TITLES,
    TASK_TITLES,
    Names,
    gross_of,
    net_of,
    standing_of_case,
    summary_of,
)
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.session import Session
from comptroller.application.views import (
    CaseItem,
    CasesView,
    ExceptionItem,
    ExceptionsView,
    FilterChip,
    QueueItem,
    QueueView,
)
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money, parse_decimal

PAGE_ROWS: Final = 50
LISTED_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class ShowQueue:
    """The caller's own queue."""


@dataclass(frozen=True, slots=True)
class ShowCases:
    """A page of cases, filtered."""

    status: str = ""
    outcome: str = ""
    query: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class ShowExceptions:
    """All open exceptions that the caller may see."""

    type: str = ""
    mine: bool = False


def show_queue(session: Session, _command: ShowQueue) -> QueueView:
    """What waits for the caller, the most urgent first."""
    caller = session.caller
    rows = session.uow.open_tasks(person=caller.id, roles=caller.principal.roles, limit=LISTED_MAX)
    names = Names(session)
    items = []
    for row in rows:
        case = session.uow.case(row.case_id)
        if case is not None and (row.person == caller.id or caller.sees(case.entity)):
            items.append(_queue_item(names, row, case))
    return QueueView(tuple(sorted(items, key=lambda item: item.due)))


def _queue_item(names: Names, row: TaskRow, case: CaseRow) -> QueueItem:
    detail: Any = decode(row.detail)
    return QueueItem(
        task_id=row.task_id,
        case_id=row.case_id,
        kind=row.kind,
        title=row.title if row.kind in {"exception", "release"} else TASK_TITLES.get(row.kind, row.title),
        supplier=case.supplier_name,
        number=case.number,
        entity=names.entity(case.entity),
        why=str(detail.get("why") or f"your role: {names.role(row.role)}"),
        offered_at=row.offered_at,
        due=row.due,
        amount=gross_of(case),
        opened=row.opened_at is not None,
    )


def show_cases(session: Session, command: ShowCases) -> CasesView:
    """A page of the cases that the caller may see."""
    names, after, more = Names(session), command.after, True
    items: list[CaseItem] = []
    words = command.query.casefold().split()
    while more and len(items) < PAGE_ROWS:
        rows = session.uow.cases(status=command.status, after=after, limit=LISTED_MAX)
        more = len(rows) == LISTED_MAX
        for row in rows:
            after = row.case_id
            if session.caller.sees(row.entity) and _fits(row, command.outcome, words):
                items.append(case_item(session, names, row))
                if len(items) == PAGE_ROWS:
                    more = more or row is not rows[-1]
                    break
    query = {"status": command.status, "outcome": command.outcome, "q": command.query, "after": after}
    next_query = urlencode({name: value for name, value in query.items() if value}) if more else ""
    return CasesView(tuple(items), _case_chips(command), len(items), command.query, next_query)


def _fits(row: CaseRow, outcome: str, words: list[str]) -> bool:
    text = f"{row.number} {row.supplier_name} {row.supplier} {row.case_id}".casefold()
    return (not outcome or row.outcome == outcome) and all(word in text for word in words)


def _case_chips(command: ShowCases) -> tuple[FilterChip, ...]:
    chips = [FilterChip("All", "", active=not command.outcome and not command.status)]
    for outcome in ("approval", "exception", "posted", "posted with payment block", "invalid", "rejected"):
        query = urlencode({"outcome": outcome})
        chips.append(FilterChip(OUTCOME_TITLES[outcome], query, active=command.outcome == outcome))
    return tuple(chips)


def case_item(session: Session, names: Names, row: CaseRow) -> CaseItem:
    """One row of a list of cases."""
    tasks = (
        [task for task in session.uow.case_tasks(row.case_id) if task.status == "open"]
        if row.status == "waiting"
        else []
    )
    return CaseItem(
        case_id=row.case_id,
        number=row.number,
        supplier=row.supplier_name or row.supplier,
        entity=row.entity,
        status=row.status,
        summary=summary_of(row),
        standing=standing_of_case(row),
        received_at=row.received_at,
        net=net_of(row),
        gross=gross_of(row),
        waiting_for=", ".join(dict.fromkeys(names.person_or_role(task.person, task.role) for task in tasks)),
        due=min((task.due for task in tasks), default=None),
    )


def show_exceptions(session: Session, command: ShowExceptions) -> ExceptionsView:
    """All open exceptions, the oldest first."""
    names, items, types = Names(session), [], set()
    for task in session.uow.open_tasks(limit=LISTED_MAX):
        case = session.uow.case(task.case_id) if task.kind == "exception" else None
        if case is None or not (session.caller.sees(case.entity) or task.person == session.caller.id):
            continue
        item = _exception_item(session, names, task, case)
        types.add(item.type)
        if (not command.type or item.type == command.type) and (not command.mine or item.is_mine):
            items.append(item)
    chips = [FilterChip("All", "", active=not command.type and not command.mine)]
    chips.append(FilterChip("Mine", "mine=true", active=command.mine))
    chips += [
        FilterChip(name.capitalize(), urlencode({"type": name}), active=command.type == name) for name in sorted(types)
    ]
    return ExceptionsView(tuple(sorted(items, key=lambda item: item.offered_at)), tuple(chips))


def _exception_item(session: Session, names: Names, task: TaskRow, case: CaseRow) -> ExceptionItem:
    detail: Any = decode(task.detail)
    item = detail.get("item", {})
    stake = parse_decimal(str(item.get("amount") or ""))
    caller = session.caller
    return ExceptionItem(
        case_id=case.case_id,
        type=str(item.get("type", "")),
        text=str(item.get("text") or task.title),
        supplier=case.supplier_name,
        number=case.number,
        entity=case.entity,
        owner=names.person_or_role(task.person, task.role),
        offered_at=task.offered_at,
        due=task.due,
        next_owner=names.role(str(item.get("next") or "")),
        amount=gross_of(case),
        at_stake=Money(stake, case.currency) if stake is not None else None,
        resolutions=tuple(str(name) for name in item.get("resolutions") or ()),
        is_mine=task.person == caller.id or (not task.person and task.role in caller.principal.roles),
    )

"""The pages that are lists: queue, cases, exceptions."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from comptroller.application.presenting.sorting import Keys, address, by_money, ordered, sort_links
from comptroller.application.presenting.words import (
    OUTCOME_TITLES,
    TASK_KINDS,
    Names,
    action_title,
    gross_of,
    net_of,
    standing_of_case,
    summary_of,
    task_title,
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

_QUEUE_KEYS: Final[Keys[QueueItem]] = {
    "document": lambda item: item.number,
    "supplier": lambda item: item.supplier.casefold(),
    "gross": lambda item: by_money(item.gross),
    "due": lambda item: item.due,
}
_CASE_KEYS: Final[Keys[CaseItem]] = {
    "document": lambda item: item.number,
    "entity": lambda item: item.entity,
    "gross": lambda item: by_money(item.gross),
    "state": lambda item: item.summary,
    "received": lambda item: item.received_at,
}
_EXCEPTION_KEYS: Final[Keys[ExceptionItem]] = {
    "type": lambda item: item.type,
    "document": lambda item: item.number,
    "stake": lambda item: by_money(item.at_stake),
    "owner": lambda item: item.owner,
    "offered": lambda item: item.offered_at,
    "due": lambda item: item.due,
}


@dataclass(frozen=True, slots=True)
class ShowQueue:
    """The caller's own queue."""

    kind: str = ""
    sort: str = "due"


@dataclass(frozen=True, slots=True)
class ShowCases:
    """A page of cases, filtered; sorted where they are all on it."""

    status: str = ""
    outcome: str = ""
    currency: str = ""
    query: str = ""
    after: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ShowExceptions:
    """All open exceptions that the caller may see."""

    type: str = ""
    mine: bool = False
    sort: str = "offered"


def show_queue(session: Session, command: ShowQueue) -> QueueView:
    """What waits for the caller, the most urgent first."""
    caller = session.caller
    rows = session.uow.open_tasks(person=caller.id, roles=caller.principal.roles, limit=LISTED_MAX)
    names = Names(session)
    items = []
    for row in rows:
        case = session.uow.case(row.case_id)
        if case is not None and (row.person == caller.id or caller.sees(case.entity)):
            items.append(_queue_item(names, row, case))
    shown = (item for item in items if command.kind in {"", item.kind})
    others = {"kind": command.kind}
    return QueueView(
        ordered(shown, _QUEUE_KEYS, command.sort),
        _queue_chips(items, command.kind),
        len(rows) == LISTED_MAX,
        sort_links(list(_QUEUE_KEYS), command.sort, others),
        address(others, command.sort),
    )


def _queue_item(names: Names, row: TaskRow, case: CaseRow) -> QueueItem:
    detail: Any = decode(row.detail)
    return QueueItem(
        task_id=row.task_id,
        case_id=row.case_id,
        kind=row.kind,
        title=task_title(row),
        supplier=case.supplier_name or case.supplier,
        number=case.number,
        entity=names.entity(case.entity),
        text=names.told(row.title) if row.kind == "exception" else "",
        why=names.told(str(detail.get("why") or f"your role: {names.role(row.role)}")),
        offered_at=row.offered_at,
        due=row.due,
        gross=gross_of(case),
    )


def _queue_chips(items: list[QueueItem], kind: str) -> tuple[FilterChip, ...]:
    """A filter for each kind of task, where there are several."""
    kinds = sorted({item.kind for item in items} | ({kind} - {""}))
    if len(kinds) < 2 and not kind:
        return ()
    counts = {name: sum(item.kind == name for item in items) for name in kinds}
    chips = [FilterChip("All", "", len(items), active=not kind)]
    for name in kinds:
        query = urlencode({"kind": name})
        chips.append(FilterChip(TASK_KINDS.get(name, name.capitalize()), query, counts[name], active=kind == name))
    return tuple(chips)


def show_cases(session: Session, command: ShowCases) -> CasesView:
    """A page of the cases that the caller may see."""
    names, after, more = Names(session), command.after, True
    items: list[CaseItem] = []
    while more and len(items) < PAGE_ROWS:
        rows = session.uow.cases(status=command.status, after=after, limit=LISTED_MAX)
        more = len(rows) == LISTED_MAX
        for row in rows:
            after = row.case_id
            if session.caller.sees(row.entity) and _fits(row, command):
                items.append(case_item(session, names, row))
                if len(items) == PAGE_ROWS:
                    more = more or row is not rows[-1]
                    break
    others = {
        "status": command.status,
        "outcome": command.outcome,
        "currency": command.currency,
        "q": command.query,
    }
    is_whole = not more and not command.after
    return CasesView(
        ordered(items, _CASE_KEYS, command.sort if is_whole else ""),
        _case_chips(session, command),
        len(items),
        command.query,
        sort_links(list(_CASE_KEYS), command.sort, others) if is_whole else {},
        address(others, command.sort if is_whole else ""),
        address({**others, "after": after}, "") if more else "",
    )


def _fits(row: CaseRow, command: ShowCases) -> bool:
    text = f"{row.number} {row.supplier_name} {row.supplier} {row.case_id}".casefold()
    return (
        command.outcome in {"", row.outcome}
        and command.currency in {"", row.currency}
        and all(word in text for word in command.query.casefold().split())
    )


def _case_chips(session: Session, command: ShowCases) -> tuple[FilterChip, ...]:
    """A filter for each outcome that there is, with the number of its cases, and one for whatever else is asked for."""
    counts: dict[str, int] = {}
    for count in session.uow.case_counts():
        if session.caller.sees(count.entity):
            counts[count.outcome] = counts.get(count.outcome, 0) + count.cases
    is_all = not (command.outcome or command.status or command.currency)
    chips = [FilterChip("All", "", sum(counts.values()), active=is_all)]
    for outcome, title in OUTCOME_TITLES.items():
        if counts.get(outcome) or command.outcome == outcome:
            query = urlencode({"outcome": outcome})
            chips.append(FilterChip(title, query, counts.get(outcome, 0), active=command.outcome == outcome))
    for name, value in (("status", command.status), ("currency", command.currency)):
        if value:
            chips.append(FilterChip(f"{name.capitalize()}: {value}", urlencode({name: value}), active=True))
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
        entity=names.entity(row.entity),
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
    names, items, types = Names(session), [], Counter[str]()
    owned = 0
    tasks = session.uow.open_tasks(limit=LISTED_MAX)
    for task in tasks:
        case = session.uow.case(task.case_id) if task.kind == "exception" else None
        if case is None or not (session.caller.sees(case.entity) or task.person == session.caller.id):
            continue
        item = _exception_item(session, names, task, case)
        types[item.type] += 1
        owned += item.is_mine
        if (not command.type or item.type == command.type) and (not command.mine or item.is_mine):
            items.append(item)
    chips = [FilterChip("All", "", types.total(), active=not command.type and not command.mine)]
    chips.append(FilterChip("Mine", "mine=true", owned, active=command.mine))
    chips += [
        FilterChip(name.capitalize(), urlencode({"type": name}), count, active=command.type == name)
        for name, count in sorted(types.items())
    ]
    others = {"type": command.type, "mine": "true" if command.mine else ""}
    return ExceptionsView(
        ordered(items, _EXCEPTION_KEYS, command.sort),
        tuple(chips),
        len(tasks) == LISTED_MAX,
        sort_links(list(_EXCEPTION_KEYS), command.sort, others),
        address(others, command.sort),
    )


def _exception_item(session: Session, names: Names, task: TaskRow, case: CaseRow) -> ExceptionItem:
    detail: Any = decode(task.detail)
    item = detail.get("item", {})
    stake = parse_decimal(str(item.get("amount") or ""))
    caller = session.caller
    return ExceptionItem(
        case_id=case.case_id,
        type=str(item.get("type", "")),
        text=names.told(str(item.get("text") or task.title)),
        supplier=case.supplier_name or case.supplier,
        number=case.number,
        entity=names.entity(case.entity),
        owner=names.person_or_role(task.person, task.role),
        offered_at=task.offered_at,
        due=task.due,
        next_owner=names.role(str(item.get("next") or "")),
        amount=gross_of(case),
        at_stake=Money(stake, case.currency) if stake is not None else None,
        resolutions=tuple(action_title(name) for name in item.get("resolutions") or ()),
        remedy=str(item.get("remedy") or ""),
        is_mine=task.person == caller.id or (not task.person and task.role in caller.principal.roles),
    )

"""The pages that are lists: queue, cases, exceptions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from comptroller.application.acting.bulk import APPROVED_TOGETHER
from comptroller.application.acting.undoing import acts_under_way
from comptroller.application.open_tasks import opened_tasks
from comptroller.application.presenting.ages import Ages
from comptroller.application.presenting.paging import LISTED_MAX, Found
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
from comptroller.application.search.columns import columns_of
from comptroller.application.search.finding import find_cases
from comptroller.application.search.saved import canonical, searches_of
from comptroller.application.session import Session
from comptroller.application.views import (
    CaseItem,
    CasesView,
    ExceptionItem,
    ExceptionsView,
    FilterChip,
    QueueItem,
    QueueView,
    RoleChoice,
    SavedChip,
)
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.money import Money, parse_decimal

PAGE_ROWS: Final = 50
LOOKED_AT_MAX: Final = 2_000
"""Cases that are looked at for one page: where few of them fit, the page is short and the next one goes on."""

ARRIVAL: Final = "received"
"""The column by which a list of any length is sorted."""

_QUEUE_KEYS: Final[Keys[QueueItem]] = {
    "document": lambda item: item.number or None,
    "supplier": lambda item: item.supplier.casefold() or None,
    "gross": lambda item: by_money(item.gross),
    "due": lambda item: item.due,
}
_CASE_KEYS: Final[Keys[CaseItem]] = {
    "document": lambda item: item.number or None,
    "entity": lambda item: item.entity,
    "gross": lambda item: by_money(item.gross),
    "state": lambda item: item.summary,
    "received": lambda item: item.received_at,
}
_EXCEPTION_KEYS: Final[Keys[ExceptionItem]] = {
    "type": lambda item: item.type,
    "document": lambda item: item.number or None,
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
    page: int = 1
    age: str = ""  # a bucket of working days since it was offered
    whole: bool = False  # all of it at once, for a spreadsheet


@dataclass(frozen=True, slots=True)
class ShowCases:
    """A page of cases, filtered; by the time when they came, by another column where they are all on it."""

    status: str = ""
    outcome: str = ""
    currency: str = ""
    query: str = ""
    after: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ShowExceptions:
    """The open exceptions: everybody's for who may list all cases, the caller's own for others."""

    type: str = ""
    mine: bool = False
    sort: str = "offered"
    page: int = 1
    age: str = ""  # a bucket of working days since it was offered
    whole: bool = False  # all of them at once, for a spreadsheet


def show_queue(session: Session, command: ShowQueue) -> QueueView:
    """What waits for the caller, the most urgent first; what is answered already, if only for seconds, does not."""
    kinds: Counter[str] = Counter()
    found, ages, answered = Found(command.page, whole=command.whole), Ages(session), acts_under_way(session)
    for row in own_tasks(session):
        if row.task_id in answered or not _is_visible(session, row):
            continue
        kinds[row.kind] += 1
        age = ages.of(row.offered_at)
        ages.counts[age] += command.kind in {"", row.kind}
        if command.kind in {"", row.kind} and command.age in {"", age} and not found.takes(row):
            break
    names = Names(session)
    cases = ((row, session.uow.case(row.case_id)) for row in found.shown())
    items = [_queue_item(names, row, case) for row, case in cases if case is not None]
    items = items if command.whole else _to_tick(session, items, found.shown())
    others = {"kind": command.kind, "age": command.age}
    sort = command.sort if found.is_whole() else ""
    return QueueView(
        ordered(items, _QUEUE_KEYS, sort),
        _queue_chips(kinds, command.kind),
        found.counted(others),
        sort_links(list(_QUEUE_KEYS), sort, others) if found.is_whole() else {},
        address(others, sort),
        ages.chips(command.age, {"kind": command.kind}),
        columns_of(session, "queue"),
    )


def _to_tick(session: Session, items: Sequence[QueueItem], rows: Sequence[TaskRow]) -> list[QueueItem]:
    """The items with those marked that can be approved together: what the caller has opened as it stands."""
    together = {row.task_id: row for row in rows if row.kind in APPROVED_TOGETHER}
    opened = opened_tasks(session, list(together.values()))
    return [
        item
        if item.task_id not in together
        else replace(item, shown=together[item.task_id].content_hash)
        if item.task_id in opened
        else replace(item, unopened=True)
        for item in items
    ]


def _open_tasks(session: Session, *, person: str = "", roles: Sequence[str] = ()) -> Iterator[TaskRow]:
    """Open tasks, the most urgent first, read page after page."""
    after = ""
    while rows := session.uow.open_tasks(person=person, roles=roles, after=after, limit=LISTED_MAX):
        yield from rows
        if len(rows) < LISTED_MAX:
            return
        after = rows[-1].task_id


def own_tasks(session: Session) -> Iterator[TaskRow]:
    """What waits for the caller, by name or by role."""
    return _open_tasks(session, person=session.caller.id, roles=session.caller.principal.roles)


def _is_visible(session: Session, task: TaskRow) -> bool:
    caller = session.caller
    if task.person == caller.id or "*" in caller.principal.entities:
        return True  # without reading the case
    case = session.uow.case(task.case_id)
    return case is not None and caller.sees(case.entity)


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
        text=names.told(row.title if row.kind == "exception" else str(detail.get("item", {}).get("part of") or "")),
        why=names.told(str(detail.get("why") or f"your role: {names.role(row.role)}")),
        offered_at=row.offered_at,
        due=row.due,
        gross=gross_of(case),
        is_new=row.opened_at is None,
    )


def _queue_chips(counts: Counter[str], kind: str) -> tuple[FilterChip, ...]:
    """A filter for each kind of task, where there are several."""
    kinds = sorted({*counts} | ({kind} - {""}))
    if len(kinds) < 2 and not kind:
        return ()
    chips = [FilterChip("All", "", counts.total(), active=not kind)]
    for name in kinds:
        query = urlencode({"kind": name})
        chips.append(FilterChip(TASK_KINDS.get(name, name.capitalize()), query, counts[name], active=kind == name))
    return tuple(chips)


def show_cases(session: Session, command: ShowCases) -> CasesView:
    """A page of the cases that the caller may see."""
    names, after, more = Names(session), command.after, False
    items: list[CaseItem] = []
    for looked_at, row in enumerate(_found(session, command) if command.query.strip() else _listed(session, command)):
        if len(items) == PAGE_ROWS or looked_at == LOOKED_AT_MAX:
            more = True
            break
        after = row.case_id
        if _fits(session, row, command):
            items.append(case_item(session, names, row))
    others = {
        "status": command.status,
        "outcome": command.outcome,
        "currency": command.currency,
        "q": command.query,
    }
    is_whole = not more and not command.after
    columns = list(_CASE_KEYS) if is_whole else [] if command.query.strip() else [ARRIVAL]
    sort = command.sort if command.sort.removeprefix("-") in columns else ""
    return CasesView(
        ordered(items, _CASE_KEYS, sort),
        _case_chips(session, command),
        len(items),
        command.query,
        sort_links(columns, sort, others),
        address(others, sort),
        address({**others, "after": after}, sort) if more else "",
        _case_total(session, command),
        **_saved(session, names, {**others, "sort": command.sort}),
        columns=columns_of(session, "cases"),
    )


def _saved(session: Session, names: Names, others: Mapping[str, str]) -> dict[str, Any]:
    """The searches that the caller has, and whether the list at hand could be one more."""
    here = canonical(urlencode(others))
    chips = tuple(
        SavedChip(
            one.key,
            one.name,
            one.query,
            active=one.query == here,
            is_own=one.person == session.caller.id,
            shared_by="" if one.person == session.caller.id else names.person(one.person),
            shared_with=names.role(one.role) if one.role else "",
        )
        for one in searches_of(session.uow, session.caller)
    )
    can_save = bool(here) and not any(chip.active and chip.is_own for chip in chips)
    roles = tuple(RoleChoice(role, names.role(role)) for role in session.caller.principal.roles)
    return {"saved": chips, "can_save": can_save, "roles": roles}


def _case_total(session: Session, command: ShowCases) -> int | None:
    """How many cases there are under the filter; a search by text is not counted."""
    if command.query:
        return None
    return sum(
        count.cases
        for count in session.uow.case_counts()
        if session.caller.sees(count.entity)
        and command.status in {"", count.status}
        and command.outcome in {"", count.outcome}
        and command.currency in {"", count.currency}
    )


def _listed(session: Session, command: ShowCases) -> Iterator[CaseRow]:
    """The cases with the status or outcome asked for, the newest first unless the oldest are."""
    after, more = command.after, True
    asked: Any = {"status": command.status, "outcome": command.outcome, "oldest": command.sort == ARRIVAL}
    asked["entities"] = session.caller.among()
    while more:
        rows = session.uow.cases(**asked, after=after, limit=LISTED_MAX)
        yield from rows
        more = len(rows) == LISTED_MAX
        after = rows[-1].case_id if rows else ""


def _found(session: Session, command: ShowCases) -> Iterator[CaseRow]:
    """The cases that a search finds, the best first."""
    case_ids = find_cases(session.uow, command.query)
    if command.after:
        case_ids = case_ids[case_ids.index(command.after) + 1 :] if command.after in case_ids else ()
    for start in range(0, len(case_ids), LISTED_MAX):
        yield from session.uow.cases_of(case_ids[start : start + LISTED_MAX])


def _fits(session: Session, row: CaseRow, command: ShowCases) -> bool:
    return (
        session.caller.sees(row.entity)
        and command.status in {"", row.status}
        and command.outcome in {"", row.outcome}
        and command.currency in {"", row.currency}
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
    """Open exceptions, the oldest first."""
    types: Counter[str] = Counter()
    owned, found, ages = 0, Found(command.page, whole=command.whole), Ages(session)
    lists_all = Duty.CASE_LIST in session.caller.duties
    for task in _open_tasks(session) if lists_all else own_tasks(session):
        if task.kind != "exception" or not _is_visible(session, task):
            continue
        kind, is_mine = str(_exception(task).get("type", "")), _is_mine(session, task)
        types[kind] += 1
        owned += is_mine
        age, fits = ages.of(task.offered_at), command.type in {"", kind} and (is_mine or not command.mine)
        ages.counts[age] += fits
        if fits and command.age in {"", age} and not found.takes(task):
            break
    names = Names(session)
    cases = ((task, session.uow.case(task.case_id)) for task in found.shown())
    items = [_exception_item(session, names, task, case) for task, case in cases if case is not None]
    chips = [FilterChip("All", "", types.total(), active=not command.type and not command.mine)]
    if lists_all or command.mine:
        chips.append(FilterChip("Mine", "mine=true", owned, active=command.mine))
    chips += [
        FilterChip(name.capitalize(), urlencode({"type": name}), count, active=command.type == name)
        for name, count in sorted(types.items())
    ]
    chosen = {"type": command.type, "mine": "true" if command.mine else ""}
    others = {**chosen, "age": command.age}
    sort = command.sort if found.is_whole() else ""
    return ExceptionsView(
        ordered(items, _EXCEPTION_KEYS, sort),
        tuple(chips),
        found.counted(others),
        sort_links(list(_EXCEPTION_KEYS), sort, others) if found.is_whole() else {},
        address(others, sort),
        ages.chips(command.age, chosen),
        columns_of(session, "exceptions"),
    )


def _exception(task: TaskRow) -> dict[str, Any]:
    detail: Any = decode(task.detail)
    item: dict[str, Any] = detail.get("item", {})
    return item


def _is_mine(session: Session, task: TaskRow) -> bool:
    caller = session.caller
    return task.person == caller.id or (not task.person and task.role in caller.principal.roles)


def _exception_item(session: Session, names: Names, task: TaskRow, case: CaseRow) -> ExceptionItem:
    item = _exception(task)
    stake = parse_decimal(str(item.get("amount") or ""))
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
        is_mine=_is_mine(session, task),
    )

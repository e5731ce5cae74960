"""On PostgreSQL a statement planned while the tables were empty still goes by the whole key when they are full."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import psycopg
import pytest
from psycopg import sql
from tests.contract import rows

from comptroller.adapters.database import postgresql
from comptroller.adapters.database.buffer import WriteBuffer
from comptroller.adapters.database.postgresql_flush import flush_request
from comptroller.adapters.database.queries import audit, cases, company, ledger, search, tasks, work
from comptroller.adapters.database.query import Query
from comptroller.adapters.database.sealing import Sealing
from comptroller.adapters.keys import TenantCipher
from comptroller.application import records
from comptroller.application.ports.store import Store
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

TENANT: Final = TenantId("acme")
MANY: Final = 400
READ_MAX: Final = 20
"""Rows that any one step of a plan may read, however many there are."""

FILLED: Final[dict[str, Any]] = {
    "case": lambda number: revised(
        rows.CASE,
        case_id=f"c{number}",
        supplier=f"S{number}",
        kind=f"k{number % 9}",
        outcome=f"o{number % 9}",
        entity=f"e{number % 7}",
    ),
    "task": lambda number: revised(rows.TASK, task_id=f"t{number}", case_id=f"c{number}", role=f"r{number % 9}"),
    "task of a person": lambda number: revised(
        rows.TASK, task_id=f"p{number}", case_id=f"c{number}", role=f"r{number % 7}", person=f"p{number % 9}"
    ),
    "wait": lambda number: records.WaitRow("case.changed", f"s{number}", f"c{number}", "1"),
    "outbox": lambda number: revised(rows.OUTBOX, outbox_id=f"o{number}", case_id=f"c{number}"),
    "act": lambda number: revised(
        rows.OUTBOX, outbox_id=f"a{number}", kind="act", target=f"t{number}", status="pending" if number < 3 else "done"
    ),
    "document": lambda number: revised(rows.DOCUMENT, digest=f"d{number}", case_id=f"c{number}"),
    "candidate": lambda number: revised(rows.CANDIDATE, number_normalised=f"n{number}", case_id=f"c{number}"),
    "candidate key": lambda number: revised(rows.CANDIDATE_KEY, lookup=f"l{number % 9}", case_id=f"c{number}"),
    "reference": lambda number: revised(rows.REFERENCE, key=f"k{number}", aliases=(f"vat/{number}",)),
    "search word": lambda number: records.SearchWordRow(f"w{number % 9}", f"c{number:04}", 1),
    "entry": lambda number: revised(rows.ENTRY, stream=f"case/c{number}", seq=1),
    "milestone": lambda number: revised(rows.MILESTONE, case_id=f"c{number}"),
    "open item": lambda number: revised(
        rows.OPEN_ITEM,
        item_id=f"i{number}",
        cleared_on=f"2026-03-{number % 28 + 1:02}" if number > 9 else "",
    ),
    "block": lambda number: revised(
        rows.PAYMENT_BLOCK, block_id=f"b{number}", case_id=f"c{number}", supplier=f"S{number}"
    ),
}

ANY: Final = dict.fromkeys(("kind", "outcome", "status", "policy_hash"), "")
SPAN: Final = {"entity": rows.OPEN_ITEM.entity, "last": "2026-03-31"}
BEHIND: Final = {"received_at": rows.NOW, "after": "c300", "limit": 5}

QUESTIONS: Final[dict[str, tuple[Query, dict[str, object]]]] = {
    "suppliers by alias": (company.REFERENCES.query, {"keys": ["vat/7", "vat/8"]}),
    "a document": (cases.DOCUMENT.query, {"keys": ["d7"]}),
    "candidates by case": (cases.CANDIDATES.query, {"keys": ["c7"]}),
    "cases known by a name": (cases.CANDIDATES_BEFORE, {"lookup": "l7", "day": "2026-03-01", "limit": 5}),
    "later cases known by a name": (cases.CANDIDATES_AFTER, {"lookup": "l7", "day": "2026-02-01", "limit": 5}),
    "a case": (cases.CASE.query, {"keys": ["c7"]}),
    "a task": (tasks.TASK.query, {"keys": ["t7"]}),
    "an outbox row": (work.OUTBOX.query, {"keys": ["o7"]}),
    "long jobs": (work.JOBS, {"limit": 5}),
    "acts under way": (work.ACTS_UNDER_WAY, {}),
    "versions of a record": (company.REFERENCE_VERSIONS, {"kind": "supplier", "key": "k7"}),
    "a case's documents": (cases.CASE_DOCUMENTS.query, {"keys": ["c7"]}),
    "a case's tasks": (tasks.CASE_TASKS.query, {"keys": ["c7"]}),
    "a case's waits": (cases.CASE_WAITS.query, {"keys": ["c7"]}),
    "who waits for an order": (cases.WAITING_FOR, {"message": "case.changed", "correlation": "s7"}),
    "cases found by a word": (search.SEARCH_WORD, {"word": "w7", "limit": 5}),
    "cases among some found by a word": (search.SEARCH_HELD.query, {"word": "w7", "keys": ["c0007", "c0008"]}),
    "words of a case": (search.SEARCH_WORDS_OF.query, {"keys": ["c0007"]}),
    "a stream's newest entry": (audit.STREAM_HEAD, {"stream": "case/c7"}),
    "a page of cases": (cases.CASES["", False, False], {**ANY, "limit": 5}),
    "a page of the oldest cases": (cases.CASES["", False, True], {**ANY, "limit": 5}),
    "a page of waiting cases": (cases.CASES["status", False, False], {**ANY, "status": "waiting", "limit": 5}),
    "a page of payment runs": (cases.CASES["kind", False, False], {**ANY, "kind": "k7", "limit": 5}),
    "the next page of payment runs": (cases.CASES["kind", True, False], {**ANY, **BEHIND, "kind": "k7"}),
    "a page of cases with an outcome": (cases.CASES["outcome", False, True], {**ANY, "outcome": "o7", "limit": 5}),
    "the next page of cases with an outcome": (
        cases.CASES["outcome", True, False],
        {**ANY, **BEHIND, "outcome": "o7"},
    ),
    "a page of an entity's cases": (cases.CASE_PLACES["", False, False], {**ANY, "entity": "e3", "limit": 5}),
    "the next page of an entity's waiting cases": (
        cases.CASE_PLACES["status", True, False],
        {**ANY, **BEHIND, "entity": "e3", "status": "waiting"},
    ),
    "an entity's oldest cases with an outcome": (
        cases.CASE_PLACES["outcome", False, True],
        {**ANY, "entity": "e3", "outcome": "o7", "limit": 5},
    ),
    "entries to be placed": (audit.UNSEQUENCED, {"limit": 5}),
    "what a person has opened": (cases.OPENED.query, {"kind": "waiting", "person": "", "keys": ["c7", "c8"]}),
    "a case's milestones": (cases.CASE_MILESTONES.query, {"keys": ["c7"]}),
    "a case's blocks": (cases.CASE_BLOCKS.query, {"keys": ["c7"]}),
    "a supplier's cases": (cases.SUPPLIER_CASES, {"supplier": "S7"}),
    "a supplier's blocks": (cases.SUPPLIER_BLOCKS, {"supplier": "S7"}),
    "a page of all tasks": (tasks.OPEN_TASKS[False], {"limit": 5}),
    "a page of a person's tasks": (tasks.PERSON_TASKS[False], {"person": "p7", "limit": 5}),
    "a page of a role's tasks": (tasks.ROLE_TASKS[False], {"role": "r7", "limit": 5}),
    "the next page of a role's tasks": (
        tasks.ROLE_TASKS[True],
        {"role": "r7", "due": rows.TASK.due, "after": "t300", "limit": 5},
    ),
    "a case's outbox rows": (work.CASE_OUTBOX.query, {"keys": ["c7"]}),
    "a page of deliveries": (work.DELIVERIES[False], {"status": "pending", "limit": 5}),
    "the next page of deliveries": (
        work.DELIVERIES[True],
        {"status": "pending", "not_before": rows.NOW, "after": "o300", "limit": 5},
    ),
    "what an entity still owes": (ledger.ITEMS_OWED_STILL, {**SPAN}),
    "what an entity has paid since a day": (ledger.ITEMS_OWED_UNTIL, {**SPAN, "first": "2026-03-28"}),
    "entries of the log": (audit.LOG_ENTRIES, {"start": 0, "end": 5}),
}


@pytest.fixture
def full(own_store: Store, own_database_url: str) -> Iterator[psycopg.Connection]:
    """A connection as the store has it; everything is planned before there is anything, and then there is much."""
    if not own_database_url.startswith("postgresql"):
        pytest.skip("SQLite plans by its schema alone")
    own_store.create_tenant(TENANT, "Acme")
    with psycopg.connect(own_database_url, autocommit=True) as connection:
        postgresql.PostgresqlStore._configure(connection)
        yield connection


def fill(store: Store) -> None:
    for make in FILLED.values():
        store.run(TENANT, lambda unit, make=make: unit.insert(*(make(number) for number in range(MANY))))  # type: ignore[misc]


def steps(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", ()):
        yield from steps(inner)


def read_by(connection: psycopg.Connection, name: str, parameters: Sequence[object]) -> int:
    """The most rows that any step of a prepared statement reads, those that it throws away included."""
    call = sql.SQL("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name}({values})").format(
        name=sql.Identifier(name), values=sql.SQL(", ").join(map(sql.Literal, parameters))
    )
    with connection.transaction(force_rollback=True):
        connection.execute("SELECT set_config('comptroller.tenant', %s, true)", [TENANT])
        row = connection.execute(call).fetchone()
    assert row is not None
    return max(
        int((step["Actual Rows"] + step.get("Rows Removed by Filter", 0)) * step["Actual Loops"])
        for step in steps(row[0][0]["Plan"])
    )


def prepare(connection: psycopg.Connection, name: str, text: str, parameters: Sequence[Any]) -> None:
    """Prepare a statement and run it once, so that its plan is made now."""
    connection.execute(sql.SQL("PREPARE {} AS {}").format(sql.Identifier(name), sql.SQL(text)))
    with pytest.raises(psycopg.Error) if "comptroller_require" in text else connection.transaction():
        read_by(connection, name, parameters)


def changed(*rows: object, deleted: Sequence[object] = ()) -> tuple[str, list[object]]:
    buffer = WriteBuffer(Sealing(TENANT, TenantCipher.from_secret(bytes(32))))
    for row in rows:
        buffer.update(row, expected=getattr(row, "version", getattr(row, "fence", None)))
    for row in deleted:
        buffer.delete(row)
    text, parameters = flush_request(TENANT, buffer)
    return text, [value.decode() if isinstance(value, bytes) else value for value in parameters]


CHANGES: Final = {
    "a case changed": lambda: changed(FILLED["case"](7)),
    "a task changed": lambda: changed(FILLED["task"](7)),
    "an outbox row changed": lambda: changed(FILLED["outbox"](7)),
    "a wait ended": lambda: changed(deleted=[FILLED["wait"](7)]),
}


@pytest.mark.parametrize("make", CHANGES.values(), ids=CHANGES)
def test_a_change_goes_by_the_whole_key(full: psycopg.Connection, own_store: Store, make: Any) -> None:
    text, parameters = make()
    prepare(full, "change", text, parameters)
    fill(own_store)
    assert read_by(full, "change", parameters) <= READ_MAX


@pytest.mark.parametrize(("query", "given"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_goes_by_the_whole_key(
    full: psycopg.Connection, own_store: Store, query: Query, given: dict[str, object]
) -> None:
    text, parameters = postgresql._STATEMENTS[query].request({"tenant": TENANT, **given})
    prepare(full, "question", text, parameters)
    fill(own_store)
    assert read_by(full, "question", parameters) <= READ_MAX


def test_giving_places_goes_by_the_whole_key(full: psycopg.Connection, own_store: Store) -> None:
    prepare(full, "place", postgresql._PLACE, [TENANT, 0, [1, 2], 2])
    fill(own_store)
    ids = [row_id for row_id, _ in own_store.read(TENANT, lambda unit: unit.unsequenced(3))]
    assert len(ids) == 3
    assert read_by(full, "place", [TENANT, 0, ids, len(ids)]) <= READ_MAX

"""Where open cases stand is counted by the database, and the count is that of every case one by one."""

import json
from collections import defaultdict
from datetime import timedelta
from statistics import median_high
from typing import Final

import pytest
import sqlalchemy as sa
from tests.contract import rows
from tests.contract.conftest import Databases

from comptroller.adapters.database import open_store, upgrade
from comptroller.adapters.database.migration import engine_url
from comptroller.adapters.keys import DataKeys
from comptroller.application import records
from comptroller.application.ports.store import Store
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

SINCE: Final = int(rows.NOW.timestamp())
Token = tuple[str, int | None, str]


def case(number: int, *tokens: Token, **more: object) -> records.CaseRow:
    standing = [[f"t{place}", *token] for place, token in enumerate(tokens)]
    return rows.case(number, standing=json.dumps(standing), **more)


CASES: Final = [
    case(1, ("approve", 10, "")),
    case(2, ("approve", 30, ""), ("later", None, "")),
    case(3, ("approve", 20, ""), ("approve", 25, ""), entity="E2"),
    case(4, ("approve", None, ""), entity=""),
    case(5, ("outcome", 40, "GATE"), outcome="incident"),
    case(6, ("outcome", 35, "GATE"), ("outcome", 45, "GATE"), outcome="incident", status="posted"),
    case(7, ("outcome", 50, "OTHER"), ("approve", 50, ""), outcome="incident", policy_hash="h2"),
    case(8, ("approve", 5, "GATE"), outcome="suspended"),
    case(9, ("approve", 1, ""), status="posted", outcome="post"),
    case(10, ("approve", 1, ""), process_hash="p2", policy_hash="h2"),
]


@pytest.fixture
def filled(store: Store, tenant: TenantId) -> Store:
    """A store with these cases, and one of another tenant."""
    store.run(tenant, lambda unit: unit.insert(*CASES))
    other = TenantId(f"{tenant}-other")
    store.create_tenant(other, "Other")
    store.run(other, lambda unit: unit.insert(CASES[0], CASES[4]))
    return store


def test_open_cases_are_counted_by_version_and_entity(filled: Store, tenant: TenantId) -> None:
    def told(node: str = "") -> set[tuple[str, str, str, int, int]]:
        found = filled.read(tenant, lambda unit: unit.open_counts(node=node))
        return {(each.process_hash, each.policy_hash, each.entity, each.cases, each.stuck) for each in found}

    assert told() == {
        ("p1", "h1", "DE01", 5, 2),
        ("p1", "h1", "E2", 1, 0),
        ("p1", "h1", "", 1, 0),
        ("p1", "h2", "DE01", 1, 1),
        ("p2", "h2", "DE01", 1, 0),
    }
    assert told("outcome") == {("p1", "h1", "DE01", 2, 2), ("p1", "h2", "DE01", 1, 1)}


@pytest.mark.parametrize("entities", [("*",), ("DE01", "E2"), ("E2",), ("",), ()], ids=str)
def test_nodes_are_counted_as_one_would_by_hand(filled: Store, tenant: TenantId, entities: tuple[str, ...]) -> None:
    stood: dict[str, list[int | None]] = defaultdict(list)
    stuck: dict[str, int] = defaultdict(int)
    for row in CASES:
        is_open = row.status == "waiting" or row.outcome in {"incident", "suspended"}
        if row.process_hash == "p1" and is_open and ("*" in entities or (row.entity and row.entity in entities)):
            for _, node, arrived, code in json.loads(row.standing):
                stood[node].append(arrived)
                stuck[node] += bool(code)
    expected = []
    for node, all_of_them in sorted(stood.items()):
        known = sorted((at for at in all_of_them if at is not None), reverse=True)
        median = median_high([-at for at in known]) if known else None
        ninth = next(at for at in known if 10 * sum(each >= at for each in known) >= 9 * len(known)) if known else None
        counted = (node, len(all_of_them), stuck[node], len(known), None if median is None else -median, ninth)
        expected.append(records.NodeCount(*counted))
    assert filled.read(tenant, lambda unit: unit.node_counts("invoice", "p1", entities)) == expected


@pytest.mark.parametrize("count", range(1, 12))
def test_nine_of_ten_arrived_after_the_ninth(store: Store, tenant: TenantId, count: int) -> None:
    store.run(tenant, lambda unit: unit.insert(*(case(n, ("approve", 1000 - n, "")) for n in range(count))))
    (found,) = store.read(tenant, lambda unit: unit.node_counts("invoice", "p1", ["*"]))
    waits = [1000 - at for at in (found.median or 0, found.ninth or 0)]
    assert waits == [count // 2, -(-9 * count // 10) - 1]


def test_what_is_stuck_is_counted_by_cause_and_named_newest_first(filled: Store, tenant: TenantId) -> None:
    found = filled.read(tenant, lambda unit: unit.stuck_cases(limit=1))
    assert [(each.node, each.code, each.case_id, each.cases, each.arrived) for each in found] == [
        ("", "", "c8", 1, 5),
        ("outcome", "GATE", "c6", 2, 35),
        ("outcome", "OTHER", "c7", 1, 50),
    ]
    named = filled.read(tenant, lambda unit: unit.stuck_cases(limit=9))
    assert [each.case_id for each in named] == ["c8", "c6", "c5", "c7"]


ADDED_SINCE: Final = ("case_file_entity", "case_file_entity_status", "case_file_entity_outcome", "open_item_cleared")
"""The indexes that later versions of the schema add."""


def as_in(connection: sa.Connection, revision: str) -> None:
    """Make the schema one of a version before them."""
    for name in ADDED_SINCE:
        connection.execute(sa.text(f"DROP INDEX ix_{name}"))
    connection.execute(sa.text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_cases_that_were_open_before_are_counted_too(databases: Databases, ciphers: DataKeys) -> None:
    name = databases.create()
    url = databases.url(name)
    tenant = TenantId("acme")
    try:
        store = open_store(url, ciphers)
        store.create_tenant(tenant, "Acme")
        tokens = [{"id": "t3", "node": "approve"}, {"id": "t4", "node": "outcome", "incident": "GATE"}]
        old = rows.case(1, outcome="incident", state=json.dumps({"process": {"entered": 4, "tokens": tokens}}))
        ended = rows.case(2, status="posted", state=json.dumps({"process": {"entered": 4, "tokens": tokens}}))
        asked = revised(rows.TASK, token="t3", offered_at=rows.NOW, status="open")
        again = revised(asked, task_id="t9", offered_at=rows.NOW + timedelta(hours=1))
        store.run(tenant, lambda unit: unit.insert(old, ended, revised(asked), again))
        store.close()
        engine = sa.create_engine(engine_url(url), poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE case_file DROP COLUMN standing"))
            as_in(connection, "0026")
        upgrade(url)
        store = open_store(url, ciphers)
        found = store.read(tenant, lambda unit: [json.loads(each.standing) for each in unit.cases_of(["c1", "c2"])])
        store.close()
    finally:
        databases.drop(name)
    assert found == [[["t3", "approve", SINCE, ""], ["t4", "outcome", None, "GATE"]], []]


def test_cases_that_took_of_an_order_before_are_found_by_its_line(databases: Databases, ciphers: DataKeys) -> None:
    name = databases.create()
    url = databases.url(name)
    tenant = TenantId("acme")
    try:
        store = open_store(url, ciphers)
        store.create_tenant(tenant, "Acme")
        shares = {"order-line/PO-1/1": 5_000_000, "budget/DE/2026": 1}
        taker = rows.case(1, state=json.dumps({"dossier": {"reserved": shares}, "process": {}}))
        store.run(tenant, lambda unit: unit.insert(taker, rows.case(2, state=json.dumps({"dossier": {}}))))
        store.close()
        engine = sa.create_engine(engine_url(url), poolclass=sa.NullPool)
        with engine.begin() as connection:
            as_in(connection, "0027")
        upgrade(url)
        store = open_store(url, ciphers)
        wanted = ["taking/order-line/PO-1/1", "taking/budget/DE/2026"]
        found = store.read(tenant, lambda unit: unit.candidate_keys(wanted, "2999-01-01", 9))
        store.close()
    finally:
        databases.drop(name)
    day = rows.NOW.date().isoformat()
    assert found == [records.CandidateKeyRow("taking/order-line/PO-1/1", day, "c1", "")]

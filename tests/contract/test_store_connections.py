"""What becomes of a store whose connections die: PostgreSQL only."""

import psycopg
import pytest
from tests.contract import rows

from comptroller.adapters.database import PostgresqlStore
from comptroller.adapters.keys import DataKeys
from comptroller.application.ports.store import Store, Unavailable, UnitOfWork
from comptroller.domain.kernel.ids import TenantId

TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


@pytest.fixture
def tenant_of_its_own(own_store: Store, own_database_url: str) -> TenantId:
    if not own_database_url.startswith("postgresql"):
        pytest.skip("SQLite has no connection to lose")
    own_store.create_tenant(TenantId("acme"), "Acme")
    return TenantId("acme")


def terminate(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(TERMINATE.encode())


def test_a_connection_that_died_idle_is_replaced(
    own_store: Store, own_database_url: str, tenant_of_its_own: TenantId
) -> None:
    own_store.run(tenant_of_its_own, lambda unit: unit.insert(rows.CASE))
    terminate(own_database_url)
    assert own_store.run(tenant_of_its_own, lambda unit: unit.case("c1")) == rows.CASE


def test_a_unit_of_work_whose_connection_dies_runs_again(
    own_store: Store, own_database_url: str, tenant_of_its_own: TenantId
) -> None:
    attempts = []

    def work(unit: UnitOfWork) -> None:
        attempts.append(unit.case("c1"))
        if len(attempts) == 1:
            terminate(own_database_url)
        unit.stream_head("case/c1")
        unit.insert(rows.CASE)

    own_store.run(tenant_of_its_own, work)
    assert attempts == [None, None]
    assert own_store.read(tenant_of_its_own, lambda unit: unit.case("c1")) == rows.CASE


def test_clock_of_a_database_that_cannot_be_had_is_not_made_up(ciphers: DataKeys) -> None:
    nowhere = PostgresqlStore("postgresql://nobody@127.0.0.1:1/none", ciphers, wait_s=0.05)
    try:
        with pytest.raises(Unavailable):
            nowhere.now()
    finally:
        nowhere.close()


def test_who_gets_no_connection_in_time_is_told_so(
    own_database_url: str, ciphers: DataKeys, tenant_of_its_own: TenantId
) -> None:
    narrow = PostgresqlStore(own_database_url, ciphers, connections_max=1, wait_s=0.05)
    try:
        assert narrow.read(tenant_of_its_own, lambda unit: unit.case("c1")) is None
        with pytest.raises(Unavailable):
            narrow.read(tenant_of_its_own, lambda _: narrow.tenants())
        assert narrow.tenants() == [tenant_of_its_own]
    finally:
        narrow.close()

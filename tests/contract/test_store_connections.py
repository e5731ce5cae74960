"""What becomes of a store whose connections die: PostgreSQL only."""

import psycopg
import pytest
from tests.contract import rows

from comptroller.application.ports.store import Store, UnitOfWork
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

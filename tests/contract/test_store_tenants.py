"""Nobody sees or touches another tenant's rows: not by the port, and on PostgreSQL not by SQL either."""

from uuid import uuid4

import psycopg
import pytest
from tests.contract import rows

from comptroller.adapters.database.postgresql import APPLICATION_ROLE
from comptroller.adapters.database.schema import INSTALLATION_TABLES, METADATA
from comptroller.application.ports.store import Store
from comptroller.domain.kernel.ids import TenantId

TABLES = sorted(METADATA.tables)


@pytest.fixture
def neighbour(store: Store) -> TenantId:
    name = TenantId(f"neighbour-{uuid4().hex}")
    store.create_tenant(name, "A neighbour")
    return name


def test_tenants_are_listed(store: Store, tenant: TenantId, neighbour: TenantId) -> None:
    assert {tenant, neighbour} <= set(store.tenants())


def test_a_tenant_can_be_created_again(store: Store, tenant: TenantId) -> None:
    store.create_tenant(tenant, "Another name")
    assert list(store.tenants()).count(tenant) == 1


@pytest.mark.parametrize("name", ["", "nobody"])
def test_an_unknown_tenant_is_refused(store: Store, name: str) -> None:
    with pytest.raises(LookupError):
        store.run(TenantId(name), lambda unit: unit.insert(rows.CASE))
    with pytest.raises(LookupError):
        store.read(TenantId(name), lambda unit: unit.case("c1"))


def test_two_tenants_hold_the_same_keys_apart(store: Store, tenant: TenantId, neighbour: TenantId) -> None:
    store.run(tenant, lambda unit: unit.insert(rows.CASE, rows.REFERENCE, rows.ENTRY))
    assert store.read(neighbour, lambda unit: unit.case("c1")) is None
    assert store.read(neighbour, lambda unit: unit.references(["vat/DE1"])) == {"vat/DE1": []}
    assert store.read(neighbour, lambda unit: unit.unsequenced_count()) == 0
    store.run(neighbour, lambda unit: unit.insert(rows.case(1, status="theirs"), rows.ENTRY))
    assert store.read(tenant, lambda unit: unit.case("c1")) == rows.CASE
    assert store.read(tenant, lambda unit: unit.unsequenced_count()) == 1


@pytest.fixture
def application(store: Store, database_url: str, tenant: TenantId) -> psycopg.Cursor[tuple[object, ...]]:
    """A cursor under the application role, outside the store; each table holds a row of the tenant."""
    if not database_url.startswith("postgresql"):
        pytest.skip("row security is PostgreSQL's")
    store.run(tenant, lambda unit: unit.insert(rows.CASE, rows.ENTRY, rows.WAIT, rows.OUTBOX, rows.REFERENCE))
    connection = psycopg.connect(database_url, autocommit=True)
    connection.execute(f"SET ROLE {APPLICATION_ROLE}".encode())
    return connection.cursor()


@pytest.mark.parametrize("table", TABLES)
def test_row_security_is_enabled_and_forced(application: psycopg.Cursor[tuple[object, ...]], table: str) -> None:
    with application.connection:
        application.execute(
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = %s::regclass", (table,)
        )
        assert application.fetchone() == (True,)


@pytest.mark.parametrize("table", TABLES)
def test_without_a_tenant_there_are_no_rows(application: psycopg.Cursor[tuple[object, ...]], table: str) -> None:
    with application.connection:
        application.execute(f'SELECT count(*) FROM "{table}"'.encode())
        assert application.fetchone() == (0,)


@pytest.mark.parametrize("table", sorted(set(TABLES) - {table.name for table in INSTALLATION_TABLES}))
def test_another_tenant_s_rows_are_out_of_sight(
    application: psycopg.Cursor[tuple[object, ...]], table: str, tenant: TenantId, neighbour: TenantId
) -> None:
    with application.connection as connection, connection.transaction():
        application.execute("SELECT set_config('comptroller.tenant', %s, true)", (neighbour,))
        application.execute(f'SELECT count(*) FROM "{table}" WHERE tenant = %s'.encode(), (tenant,))
        assert application.fetchone() == (0,)


REFUSED = {
    "a row without a tenant set": "INSERT INTO wait VALUES ('x', 'm', 'c', 'c1', 't')",
    "a row of another tenant": "SELECT set_config('comptroller.tenant', 'x', true); "
    "INSERT INTO wait VALUES ('y', 'm', 'c', 'c1', 't')",
    "a removed case": "DELETE FROM case_file",
    "a changed document": "UPDATE document SET canonical = ''",
    "a changed entry": "UPDATE entry SET body = ''",
    "a removed entry": "DELETE FROM entry",
    "a new table": "CREATE TABLE more (a int)",
    "a policy switched off": "ALTER TABLE entry DISABLE ROW LEVEL SECURITY",
    "a function that sees all": "ALTER FUNCTION comptroller_tenants() SECURITY INVOKER",
}


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_the_application_role_may_not(application: psycopg.Cursor[tuple[object, ...]], statement: str) -> None:
    with application.connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        application.execute(statement.encode())


def test_an_update_does_not_reach_another_tenant(
    application: psycopg.Cursor[tuple[object, ...]], store: Store, tenant: TenantId, neighbour: TenantId
) -> None:
    with application.connection as connection, connection.transaction():
        application.execute("SELECT set_config('comptroller.tenant', %s, true)", (neighbour,))
        application.execute("UPDATE case_file SET status = 'theirs'")
        application.execute("DELETE FROM wait")
    assert store.read(tenant, lambda unit: unit.case("c1")) == rows.CASE
    assert store.read(tenant, lambda unit: len(unit.case_waits("c1"))) == 1

"""The migrations create exactly the tables that the records ask for, and can be run at any time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from tests.contract import rows

from comptroller.adapters.database import open_store, upgrade
from comptroller.adapters.database.migration import MIGRATIONS, engine_url, revisions
from comptroller.adapters.database.schema import INSTALLATION_TABLES, METADATA
from comptroller.adapters.keys import DataKeys
from comptroller.application.ports.store import Store
from comptroller.domain.kernel.ids import TenantId


def test_the_tables_are_those_of_the_records(store: Store, database_url: str) -> None:
    assert store.tenants() is not None
    engine = sa.create_engine(engine_url(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": engine.name == "postgresql"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), METADATA) == []


def test_every_primary_key_starts_with_the_tenant() -> None:
    for table in set(METADATA.tables.values()) - set(INSTALLATION_TABLES):
        assert next(iter(table.primary_key.columns)).name == "tenant", table.name


def test_upgrading_again_keeps_what_is_there(own_store: Store, own_database_url: str) -> None:
    tenant = TenantId("acme")
    own_store.create_tenant(tenant, "Acme")
    own_store.run(tenant, lambda unit: unit.insert(rows.CASE))
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(upgrade, [own_database_url] * 2))
    assert own_store.read(tenant, lambda unit: unit.case("c1")) == rows.CASE


def test_revisions_are_those_of_the_migrations() -> None:
    known = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
    assert (revisions()[0], sorted(revisions())) == (known[0], sorted(known))


def test_a_process_of_the_release_before_goes_on_writing_cases(own_store: Store, own_database_url: str) -> None:
    tenant = TenantId("acme")
    own_store.create_tenant(tenant, "Acme")
    own_store.run(tenant, lambda unit: unit.insert(rows.CASE))
    names = ", ".join(column.name for column in METADATA.tables["case_file"].columns if column.name != "standing")
    engine = sa.create_engine(engine_url(own_database_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"CREATE TEMPORARY TABLE before AS SELECT {names} FROM case_file"))
        connection.execute(sa.text("UPDATE before SET case_id = 'c2'"))
        connection.execute(sa.text(f"INSERT INTO case_file ({names}) SELECT {names} FROM before"))
    found = own_store.read(tenant, lambda unit: unit.case("c2"))
    assert found is not None
    assert found.standing == "[]"


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:"])
def test_another_database_is_refused(url: str, ciphers: DataKeys) -> None:
    with pytest.raises(ValueError, match="is neither"):
        open_store(url, ciphers)

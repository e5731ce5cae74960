"""Bank details and documents are sealed in the database; what is changed, moved or copied there does not open."""

import sqlite3
from collections.abc import Sequence
from typing import Any

import psycopg
import pytest
from tests.contract import rows

from comptroller.adapters.database.schema import METADATA
from comptroller.adapters.keys import DataKeys, KeyFileError
from comptroller.application.ports.store import SealBroken, Store
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

ACCOUNT = "DE32200990010004401001"
ORIGINAL = b"<Invoice>" + ACCOUNT.encode() + b"</Invoice>"

SUPPLIER = revised(rows.REFERENCE, body=f'{{"account":"{ACCOUNT}"}}', aliases=("vat/DE1", f"account/{ACCOUNT}"))
DOCUMENT = revised(rows.DOCUMENT, original=ORIGINAL, canonical=ACCOUNT, faults=ACCOUNT)
CANDIDATE = revised(rows.CANDIDATE, account=ACCOUNT)
KEY = revised(rows.CANDIDATE_KEY, lookup=f"account/{ACCOUNT}/number/RE1")


@pytest.fixture
def filled(own_store: Store) -> TenantId:
    tenant = TenantId("acme")
    own_store.create_tenant(tenant, "Acme")
    own_store.run(tenant, lambda unit: unit.insert(SUPPLIER, DOCUMENT, CANDIDATE, KEY, rows.CASE))
    return tenant


def raw(url: str, statement: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Run a statement beside the store, as whoever administers the database."""
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
            return connection.execute(statement, parameters).fetchall()
    with psycopg.connect(url) as connection:
        cursor = connection.execute(statement.replace("?", "%s").encode(), parameters)
        return cursor.fetchall() if cursor.description else []


def test_the_database_holds_no_bank_account(own_database_url: str, filled: TenantId) -> None:
    assert filled
    for table in METADATA.tables:
        for row in raw(own_database_url, f'SELECT * FROM "{table}"'):
            for value in row:
                text = value if isinstance(value, bytes) else str(value).encode()
                assert ACCOUNT.encode() not in text, table


def test_what_was_sealed_comes_back(own_store: Store, filled: TenantId) -> None:
    assert own_store.read(filled, lambda unit: unit.document("d1")) == DOCUMENT
    assert own_store.read(filled, lambda unit: unit.candidates(["c1"])) == [(CANDIDATE, rows.CASE)]
    assert [row.case_id for row in own_store.read(filled, lambda unit: unit.candidate_keys([KEY.lookup], "", 5))] == [
        "c1"
    ]
    found = own_store.read(filled, lambda unit: unit.references([f"account/{ACCOUNT}", "vat/DE1"]))
    assert [[row.body for row in records] for records in found.values()] == [[SUPPLIER.body], [SUPPLIER.body]]
    assert list(found) == [f"account/{ACCOUNT}", "vat/DE1"]


def test_a_unit_of_work_finds_an_account_that_it_has_just_written(own_store: Store) -> None:
    tenant = TenantId("acme")
    own_store.create_tenant(tenant, "Acme")

    def work(unit: Any) -> None:
        unit.insert(SUPPLIER)
        found = unit.references([f"account/{ACCOUNT}", "account/OTHER"])
        assert [row.body for row in found[f"account/{ACCOUNT}"]] == [SUPPLIER.body]
        assert found["account/OTHER"] == []

    own_store.run(tenant, work)


def test_the_same_value_is_sealed_differently_each_time(own_store: Store, own_database_url: str) -> None:
    tenant = TenantId("acme")
    own_store.create_tenant(tenant, "Acme")
    own_store.run(tenant, lambda unit: unit.insert(revised(DOCUMENT, digest="d1"), revised(DOCUMENT, digest="d2")))
    stored = raw(own_database_url, "SELECT canonical FROM document")
    assert len({bytes(str(value), "utf-8") for (value,) in stored}) == 2


def test_two_tenants_name_an_account_differently(own_store: Store, own_database_url: str) -> None:
    for tenant in (TenantId("acme"), TenantId("blue")):
        own_store.create_tenant(tenant, tenant)
        own_store.run(tenant, lambda unit: unit.insert(SUPPLIER))
    names = raw(own_database_url, "SELECT alias FROM reference_alias WHERE substr(alias, 1, 8) = 'account/'")
    assert len({name for (name,) in names}) == 2


OF_ANOTHER_ROW = "UPDATE document SET canonical = (SELECT o.canonical FROM document AS o WHERE o.digest = ?)"
TAMPERING: dict[str, tuple[str, list[object]]] = {
    "a value replaced by plain text": ("UPDATE document SET canonical = ?", ["{}"]),
    "a value of another column": ("UPDATE document SET canonical = faults", []),
    "a value of another row": (OF_ANOTHER_ROW, ["d2"]),
    "a value of another tenant": (OF_ANOTHER_ROW, ["d3"]),
    "a row under another key": ("UPDATE document SET digest = 'd9' WHERE digest = 'd1'", []),
    "an original cut short": ("UPDATE document SET original = ?", [b"1"]),
}


@pytest.mark.parametrize(("statement", "parameters"), TAMPERING.values(), ids=TAMPERING)
def test_a_tampered_value_does_not_open(
    own_store: Store, own_database_url: str, statement: str, parameters: list[object]
) -> None:
    acme, blue = TenantId("acme"), TenantId("blue")
    for tenant in (acme, blue):
        own_store.create_tenant(tenant, tenant)
    own_store.run(blue, lambda unit: unit.insert(revised(DOCUMENT, digest="d3")))
    own_store.run(acme, lambda unit: unit.insert(DOCUMENT, revised(DOCUMENT, digest="d2")))
    raw(own_database_url, statement, parameters)
    with pytest.raises(SealBroken):
        own_store.read(acme, lambda unit: unit.case_documents(DOCUMENT.case_id))


def test_without_its_key_a_tenant_cannot_be_read(
    own_store: Store, filled: TenantId, ciphers: DataKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(tenant: TenantId) -> None:
        raise KeyFileError(f"the key of `{tenant}` is lost")

    monkeypatch.setattr(ciphers, "cipher", lost)
    with pytest.raises(KeyFileError):
        own_store.read(filled, lambda unit: unit.document("d1"))

"""Cases are found by words of which the database knows keyed names only, in their own tenant alone."""

from uuid import uuid4

import pytest
import sqlalchemy as sa
from tests.contract import rows

from comptroller.adapters.database.migration import engine_url
from comptroller.application.ports.store import ReadOnly, Store
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

WORDS = {"nordkupfer": 8, "nord": 8, "haftnotizen": 2}


def index(store: Store, tenant: TenantId, case_id: str, words: dict[str, int]) -> None:
    store.run(tenant, lambda unit: unit.index_case(case_id, words))


def found(store: Store, tenant: TenantId, word: str, limit: int = 10) -> list[tuple[str, int]]:
    return list(store.read(tenant, lambda unit: unit.found_by(word, limit)))


def test_case_is_found_by_each_of_its_words_with_its_weight(store: Store, tenant: TenantId) -> None:
    index(store, tenant, "c1", WORDS)
    assert {word: found(store, tenant, word) for word in WORDS} == {word: [("c1", WORDS[word])] for word in WORDS}
    assert found(store, tenant, "nordk") == []


def test_newest_cases_come_first_and_no_more_than_asked(store: Store, tenant: TenantId) -> None:
    for case_id in ("c2", "c3", "c1"):
        index(store, tenant, case_id, {"nord": 1})
    assert [case_id for case_id, _ in found(store, tenant, "nord", limit=2)] == ["c3", "c2"]


def test_those_among_some_cases_are_found(store: Store, tenant: TenantId) -> None:
    for case_id in ("c1", "c2", "c3"):
        index(store, tenant, case_id, {"nord": 4} if case_id != "c2" else {"sud": 4})
    among = store.read(tenant, lambda unit: dict(unit.found_among("nord", ["c1", "c2", "c9"])))
    assert among == {"c1": 4}
    assert store.read(tenant, lambda unit: dict(unit.found_among("nord", []))) == {}


def test_writing_again_leaves_the_new_words_only(store: Store, tenant: TenantId) -> None:
    index(store, tenant, "c1", WORDS)
    index(store, tenant, "c1", WORDS)
    index(store, tenant, "c1", {"nord": 16, "sud": 1})
    assert found(store, tenant, "nord") == [("c1", 16)]
    assert found(store, tenant, "sud") == [("c1", 1)]
    assert found(store, tenant, "haftnotizen") == []
    index(store, tenant, "c1", {})
    assert found(store, tenant, "nord") == []


def test_another_tenant_finds_nothing(store: Store, tenant: TenantId) -> None:
    other = TenantId(f"tenant-{uuid4().hex}")
    store.create_tenant(other, "Another")
    index(store, tenant, "c1", WORDS)
    assert found(store, other, "nord") == []
    index(store, other, "c1", {"nord": 1})
    index(store, other, "c1", {})
    assert found(store, tenant, "nord") == [("c1", 8)]


def test_database_holds_no_word_and_no_two_tenants_share_a_name(
    store: Store, tenant: TenantId, database_url: str
) -> None:
    other = TenantId(f"tenant-{uuid4().hex}")
    store.create_tenant(other, "Another")
    for one in (tenant, other):
        index(store, one, "c1", WORDS)
    engine = sa.create_engine(engine_url(database_url), poolclass=sa.NullPool)
    names: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for one in (tenant, other):
            if engine.name == "postgresql":
                connection.execute(sa.text("SELECT set_config('comptroller.tenant', :t, true)"), {"t": one})
            rows_ = connection.execute(sa.text("SELECT word FROM search_word WHERE tenant = :t"), {"t": one})
            names[one] = {row.word for row in rows_}
    assert {len(kept) for kept in names.values()} == {len(WORDS)}
    assert not names[tenant] & names[other]
    assert not {word for kept in names.values() for word in kept if any(given in word for given in WORDS)}


def test_query_does_not_write_the_index(store: Store, tenant: TenantId) -> None:
    with pytest.raises(ReadOnly):
        store.read(tenant, lambda unit: unit.index_case("c1", WORDS))


def test_several_cases_come_in_the_order_asked_for(store: Store, tenant: TenantId) -> None:
    store.run(tenant, lambda unit: unit.insert(rows.CASE, revised(rows.CASE, case_id="c2")))
    several = store.read(tenant, lambda unit: unit.cases_of(["c2", "c9", "c1"]))
    assert [case.case_id for case in several] == ["c2", "c1"]

"""The candidate index: the nearest cases under a name, never more than asked for, what is written here among them."""

from collections.abc import Sequence

import pytest
from tests.contract import rows

from comptroller.application import records
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.records import revised
from comptroller.domain.kernel.ids import TenantId

NAME = rows.CANDIDATE_KEY.lookup


def known(case_id: str, day: str, lookup: str = NAME) -> records.CandidateKeyRow:
    return revised(rows.CANDIDATE_KEY, lookup=lookup, case_id=case_id, day=f"2026-03-{day}")


STORED = [known("a", "01"), known("b", "10"), known("c", "10"), known("d", "12"), known("e", "30")]


def cases(found: Sequence[records.CandidateKeyRow]) -> str:
    return "".join(row.case_id for row in found)


@pytest.mark.parametrize(
    ("day", "limit", "expected"),
    [
        pytest.param("2026-03-10", 5, "cbade", id="the day itself counts as before, the newest first"),
        pytest.param("2026-03-11", 1, "cd", id="so many on each side"),
        pytest.param("2026-02-01", 2, "ab", id="all of them are later"),
        pytest.param("2027-01-01", 2, "ed", id="all of them are earlier"),
        pytest.param("", 1, "a", id="no day is before every day"),
    ],
)
def test_the_nearest_cases_under_a_name(store: Store, tenant: TenantId, day: str, limit: int, expected: str) -> None:
    store.run(tenant, lambda unit: unit.insert(*STORED, known("x", "10", "vat/DE2/number/RE1")))
    assert cases(store.read(tenant, lambda unit: unit.candidate_keys([NAME], day, limit))) == expected


def test_what_a_unit_of_work_writes_is_among_the_nearest(store: Store, tenant: TenantId) -> None:
    def work(unit: UnitOfWork) -> str:
        unit.insert(known("n", "11"))
        return cases(unit.candidate_keys([NAME], "2026-03-11", 2))

    store.run(tenant, lambda unit: unit.insert(*STORED))
    assert store.run(tenant, work) == "ncde"


def test_several_names_are_asked_at_once_in_their_order(store: Store, tenant: TenantId) -> None:
    other = "number/RE1/amount/EUR/1"
    store.run(tenant, lambda unit: unit.insert(known("a", "01"), known("b", "02", other)))
    found = store.read(tenant, lambda unit: unit.candidate_keys([other, "none", NAME, other], "2026-03-03", 3))
    assert cases(found) == "ba"


def test_a_case_is_compared_by_what_is_written_last(store: Store, tenant: TenantId) -> None:
    store.run(tenant, lambda unit: unit.insert(rows.CANDIDATE, rows.CASE))
    changed = revised(rows.CANDIDATE, gross=rows.AMOUNTS[0])

    def work(unit: UnitOfWork) -> None:
        unit.update(changed)
        assert unit.candidates(["c1"]) == [(changed, rows.CASE)]

    store.run(tenant, work)
    assert store.read(tenant, lambda unit: unit.candidates(["c1", "c1", "none"])) == [(changed, rows.CASE)]

"""On PostgreSQL, whoever comes first to a case decides it, in either order, and who comes second is told.

Each act is a thread with a connection of its own. The test holds the case's lock itself until both wait for it, one
behind the other, and lets go: no time is waited for, and PostgreSQL gives the lock in the order in which it was asked
for. On SQLite one writes behind the other anyway.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, Final

import psycopg
import pytest
from tests.acceptance.company import Answer, Company
from tests.acceptance.test_acts import post
from tests.acceptance.test_people import WEEK

from comptroller.adapters.database.postgresql import lock_number

OWNER, OTHER, ABOVE, LEAD = "lena.vogt", "ruth.sommer", "elif.demir", "priya.nair"
DOCUMENTS: Final = ("D11", "D29")
"""Two invoices that wait for one signature of their cost centre's owner."""

WAITING: Final = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) AND (classid::bigint << 32 | objid::bigint) = %s"
)

Act = Callable[[], Any]


def approve(company: Company, task: Answer) -> Act:
    return partial(company.person(OWNER).act, task, "approve")


def reject(company: Company, task: Answer) -> Act:
    return partial(company.person(OWNER).act, task, "reject", "not ours")


def withdraw(company: Company, task: Answer) -> Act:
    return partial(post, company.person(LEAD), f"/cases/{task['case_id']}/cancel", reason="not ours after all")


def hand_over(company: Company, task: Answer) -> Act:
    return partial(post, company.person(LEAD), f"/tasks/{task['task_id']}/reassign", person=OTHER, reason="over to you")


def stand_in(company: Company, _task: Answer) -> Act:
    """The owner is away from now on; the worker gives what lies there to who stands in."""
    for part, more in (("delegations", {"to": OTHER}), ("absences", {"unplanned": True})):
        answer = post(company.person(OWNER), f"/people/{OWNER}/{part}", **WEEK, **more)
        assert answer.status_code == 201, answer.text
    return company.work


def expire(company: Company, _task: Answer) -> Act:
    """Nobody has answered for days; the worker takes it up the line."""
    return company.later(timedelta(days=7)).work


def one_behind_the_other(company: Company, case_id: str, acts: Sequence[Act]) -> list[Any]:
    """Let the acts queue for the case's lock in this order; what each came to."""
    url = company.platform.settings.database_url
    if not url.startswith("postgresql"):
        return [act() for act in acts]  # there is one writer, for which nobody else can wait
    (tenant,) = company.platform.environment.store.tenants()
    key = lock_number(tenant, f"case/{case_id}")
    with psycopg.connect(url, autocommit=True) as gate, ThreadPoolExecutor(len(acts)) as threads:
        gate.execute("SELECT pg_advisory_lock(%s)", [key])
        begun: list[Future[Any]] = []
        for act in acts:
            begun.append(threads.submit(act))
            while waits(gate, key) < len(begun) and not begun[-1].done():
                pass
        gate.execute("SELECT pg_advisory_unlock(%s)", [key])
        return [each.result() for each in begun]


def waits(gate: psycopg.Connection, key: int) -> int:
    row = gate.execute(WAITING, [key]).fetchone()
    assert row is not None
    return int(row[0])


def is_done(answer: Any, company: Company, task: Answer) -> bool:
    """Whether an act came to something: of the worker, whether the task lies elsewhere by now."""
    if answer is not None:
        return bool(answer.status_code == 200)
    moved = company.read(lambda uow: uow.task(task["task_id"]))
    return moved is not None and moved.status == "open" and moved.person != OWNER


@pytest.mark.every_row
@pytest.mark.parametrize(
    "orders",
    [
        ((approve, reject), (reject, approve)),
        ((approve, withdraw), (withdraw, approve)),
        ((reject, withdraw), (withdraw, reject)),
        ((approve, hand_over), (hand_over, approve)),
        ((withdraw, hand_over),),
        ((approve, stand_in),),
        ((stand_in, approve),),
        ((approve, expire),),
        ((expire, approve),),
    ],
    ids=lambda orders: " and ".join(act.__name__ for act in orders[0]),
)
def test_who_comes_first_decides_and_the_other_is_told(
    company: Company, orders: Sequence[Sequence[Callable[[Company, Answer], Act]]]
) -> None:
    for document, order in zip(DOCUMENTS, orders, strict=False):
        task = company.task(document)
        assert task["person"] == OWNER
        answers = one_behind_the_other(company, task["case_id"], [make(company, task) for make in order])
        assert [is_done(answer, company, task) for answer in answers] == [True, False], (document, order, answers)
        has_one_outcome(company, document)


def has_one_outcome(company: Company, document: str) -> None:
    case = company.case(document)
    is_open = [task["status"] for task in case["tasks"]].count("open")
    assert (len(case["journals"]), is_open) == (int(case["status"] == "posted"), int(case["status"] == "waiting"))
    signed = [given["person"] for given in case["signatures"]]
    assert len(signed) == len(set(signed)) == int(case["status"] == "posted")


@pytest.mark.every_row
@pytest.mark.parametrize("is_signed_first", [True, False], ids=["signed first", "handed over first"])
def test_two_signatures_are_those_of_two_people(company: Company, is_signed_first: bool) -> None:
    task = company.task("D46")
    assert task["person"] == OTHER
    sign = partial(company.person(OTHER).act, task, "approve")
    hand = partial(post, company.person(LEAD), f"/tasks/{task['task_id']}/reassign", person=ABOVE, reason="over to you")
    answers = one_behind_the_other(company, task["case_id"], [sign, hand] if is_signed_first else [hand, sign])
    assert [answer.status_code == 200 for answer in answers] == [True, False]
    while company.case("D46")["status"] == "waiting":
        asked = company.task("D46")
        signed = {given["person"] for given in company.case("D46")["signatures"]}
        assert asked["person"] not in signed
        for person in signed:
            assert company.person(person).act(asked, "approve").status_code == 403
        assert company.person(asked["person"]).act(asked, "approve").status_code == 200
    case = company.case("D46")
    people = [given["person"] for given in case["signatures"]]
    assert (case["status"], len(people), len(set(people))) == ("posted", 2, 2)

"""What people and timers do in a company: a queue is looked at, invoices are approved, overdue timers fire.

Cases come from bulk submissions. An invoice without an order waits for the owner of its cost centre; one that was sent
to a ledger that does not confirm it has a timer, which is made due by statements of the database.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import uuid4

import psycopg

from bench.company import CENTRES, OWNER, TENANT, document, request, without_order
from bench.floor import stopwatch
from bench.report import Spent
from comptroller.application.act import ActOnTask
from comptroller.application.dispatcher import Request
from comptroller.application.queries import ListTasks
from comptroller.application.work import handle, lease, work_until_idle
from comptroller.bootstrap import Platform

BATCH: Final = 50
PAGE: Final = 50
LONG_AGO: Final = "2020-01-01T00:00:00.000000Z"


def submit(
    platform: Platform, count: int, turn: Callable[[bytes, int], bytes] = lambda content, _: content
) -> list[str]:
    """Hand in so many invoices of orders, as `turn` changes each by its number; answers their cases."""
    cases: list[str] = []
    while len(cases) < count:
        contents = [
            turn(document(platform, f"{uuid4().hex[:12]}Z", number), number)
            for number in range(len(cases), min(len(cases) + BATCH, count))
        ]
        answers = platform.dispatcher.execute_many(TENANT, [request(platform, content) for content in contents])
        cases += [str(answer["case_id"]) for answer in answers]
    return cases


def approvals(platform: Platform, count: int) -> list[str]:
    """Hand in so many invoices that the owner must approve."""
    return submit(platform, count, lambda content, number: without_order(content, CENTRES[number % len(CENTRES)]))


def queue(platform: Platform) -> list[dict[str, Any]]:
    """The first page of the owner's queue."""
    answer = platform.dispatcher.execute(TENANT, Request(OWNER, ListTasks(limit=PAGE)))
    tasks: list[dict[str, Any]] = answer["tasks"]
    return tasks


def look(platform: Platform, times: int) -> Spent:
    """Look at the queue so many times; it must be full."""
    with stopwatch() as watch:
        for _ in range(times):
            if len(queue(platform)) != PAGE:
                raise SystemExit("the queue is too short")
    return watch(times)


def sign(platform: Platform, tasks: Sequence[dict[str, Any]]) -> Spent:
    """Approve each of these tasks as it was shown."""
    with stopwatch() as watch:
        for task in tasks:
            act = ActOnTask(task["task_id"], "approve", task["content_hash"])
            answer = platform.dispatcher.execute(TENANT, Request(OWNER, act))
            if not isinstance(answer, dict) or answer["status"] != "posted":
                raise SystemExit(f"not approved: {answer}")
    return watch(len(tasks))


def settle(platform: Platform) -> None:
    """Do whatever is due."""
    work_until_idle(platform.dispatcher, "bench")


def make_timers_due(url: str) -> None:
    """Have every timer that is set be due since long."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE outbox SET not_before = %s WHERE kind = 'timer' AND status = 'pending'", [LONG_AGO])
        connection.execute(
            'UPDATE case_file SET state = regexp_replace(state, \'("confirmation-overdue",)"[^"]*"\', %s)'
            " WHERE case_id IN (SELECT case_id FROM outbox WHERE kind = 'timer')",
            [f'\\1"{LONG_AGO}"'],
        )


def fire(platform: Platform, count: int) -> Spent:
    """Fire so many timers that are due, one after the other."""
    done = 0
    with stopwatch() as watch:
        while done < count:
            leased = lease(platform.dispatcher, "bench")
            if not leased:
                raise SystemExit(f"only {done} of {count} timers were due")
            for tenant, row in leased:
                handle(platform.dispatcher, tenant, row)
                done += row.kind == "timer"
    return watch(done)

"""Judges what the soak of faults left, by the journals of clients, of the receiver and of the outbox."""

from collections.abc import Iterator
from typing import Any, Final

from bench.company import CLERK, TENANT
from tests.soak.bulk import judge_jobs
from tests.soak.load import OPERATOR, Known
from tests.soak.oracle import all_cases, drain, judge
from tests.soak.receiver import Receiver
from tests.soak.server import OwnServer

from comptroller.application.delivery import RetryDelivery
from comptroller.application.dispatcher import Request
from comptroller.application.jobs.job import GetJob
from comptroller.application.records import CaseRow
from comptroller.bootstrap import Platform
from comptroller.domain.kernel import limits

TRIES_SEEN_MIN: Final = limits.WORK_ATTEMPTS_MAX // 2
"""Tries of a delivery that was given up which its receiver has seen: the others died before they reached it."""

_UNDER_WAY: Final = (
    "SELECT (SELECT count(*) FROM task WHERE status = 'open') + (SELECT count(*) FROM entry WHERE leaf_index IS NULL) "
    "+ (SELECT count(*) FROM outbox WHERE status = 'leased' "
    "OR (status = 'pending' AND not_before <= clock_timestamp() + interval '5 s'))"
)


def is_settled(server: OwnServer) -> bool:
    """Whether nothing is due any more: what failed may still pause before it is tried again."""
    ((under_way,),) = server.ask(_UNDER_WAY)
    return bool(under_way == 0)


def send_again(platform: Platform, server: OwnServer, receiver: Receiver) -> tuple[int, list[str]]:
    """Send again what was given up, as an operator does; how much it was, and what was given up without being tried.

    Who kills a worker amid each of its tries has a row given up in the end, and an operator sees it: that is as it
    should be, where those who were asked have seen the tries.
    """
    wrong, given_up = [], server.ask("SELECT outbox_id, idempotency_key, kind FROM outbox WHERE status = 'dead'")
    for outbox_id, key, kind in given_up:
        if kind != "delivery" or receiver.asked[key] < TRIES_SEEN_MIN:
            wrong.append(f"{outbox_id} was given up, and {receiver.asked[key]} tries were seen outside")
        platform.dispatcher.execute(TENANT, Request(OPERATOR, RetryDelivery(outbox_id, "the workers were killed")))
    return len(given_up), wrong


def judge_faults(
    platform: Platform, known: Known, receiver: Receiver, server: OwnServer, *, timer_s: float
) -> tuple[list[str], dict[str, Any]]:
    """Every violation, and what of the faults the journal shows: leases taken over from who was dead or stood still."""
    written, taken_over = _outbox(server)
    drain(platform)  # what pauses, on a clock that runs ahead
    cases = {row.case_id: row for row in all_cases(platform.environment.store)}
    wrong = [
        *judge(platform, known, receiver),
        *_jobs(platform, known, cases),
        *_stuck(server, cases),
        *_early(known, receiver, cases, timer_s),
        *written,
    ]
    return wrong, {"leases taken over": taken_over}


def _jobs(platform: Platform, known: Known, cases: dict[str, CaseRow]) -> list[str]:
    ask = platform.dispatcher.execute
    found = {job_id: ask(TENANT, Request(CLERK, GetJob(job_id))) for job_id in known.promised}
    jobs = {job_id: answer for job_id, answer in found.items() if isinstance(answer, dict)}
    return judge_jobs(known, jobs, {row.number for row in cases.values()})


def _stuck(server: OwnServer, cases: dict[str, CaseRow]) -> Iterator[str]:
    """The model says: every invoice is posted, and every timer ends with its case."""
    for row in cases.values():
        if row.status != "posted":
            yield f"{row.case_id} ({row.number}) is stuck: {row.status}, {row.outcome}"
    text = (
        "SELECT outbox_id, status, error FROM outbox "
        "WHERE kind IN ('timer', 'delivery', 'job') AND status NOT IN ('done', 'cancelled')"
    )
    for outbox_id, status, error in server.ask(text):
        yield f"{outbox_id} is {status}: {error}"
    for outbox_id, error in server.ask("SELECT outbox_id, error FROM outbox WHERE status = 'dead'"):
        yield f"{outbox_id} was given up: {error}"


def _early(known: Known, receiver: Receiver, cases: dict[str, CaseRow], timer_s: float) -> Iterator[str]:
    """By a clock that nobody sets: from sending to posting at least the timer's time passes."""
    for case_id, came_at in receiver.came_at.items():
        asked_at = known.asked_at[cases[case_id].number]
        if came_at - asked_at < timer_s:
            yield f"{case_id} was posted {came_at - asked_at:.2f} s after it was sent: its timer fired early"


def _outbox(server: OwnServer) -> tuple[list[str], int]:
    """Who held a row alone has changed it; no row was taken before its time; how many leases ran out."""
    wrong, taken_over, holder = [], 0, ""
    for each in server.journal():
        if each.fence > each.fence_before and each.status == "leased":
            if each.status_before == "leased":
                taken_over += 1
            elif each.at < each.due:
                wrong.append(f"{each.outbox_id} ({each.kind}) was taken {each.due - each.at} before its time")
            holder = each.who
        elif each.status_before == "leased" and each.fence == each.fence_before and each.who != holder:
            wrong.append(f"{each.outbox_id} was made {each.status} by `{each.who}` while `{holder}` held it")
    return wrong, taken_over

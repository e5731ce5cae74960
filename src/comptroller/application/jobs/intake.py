"""Taking in a table or mail of many documents as a job: one document a step, each under a key made of its place.

The file was kept whole when it came in. What became of each document is kept under its key; the last step collects it.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from comptroller.application.caller import SYSTEM
from comptroller.application.dispatcher import Request
from comptroller.application.intake import handed_in, parts_of
from comptroller.application.intake_records import VERIFIED, FinishIntake, GetIntake, Incoming, attempt, has_failed
from comptroller.application.jobs.job import Job
from comptroller.application.jobs.stepping import Step
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.instant import parse_instant

_VERIFIED = {text: value for value, text in VERIFIED.items()}


def intake_steps(step: Step) -> Iterator[tuple[Job, bool]]:
    """Hand in one document after the other, then tell what became of them."""
    job, intake_id = step.job, step.job.wish["intake_id"]
    found = step.dispatcher.execute(step.tenant, Request(SYSTEM, GetIntake(intake_id)))
    if isinstance(found, Rejection):
        yield replace(job, refused={"code": found.code, "message": found.message}), True
        return
    if found["status"] != "open":  # told already, by whoever had this job before
        yield job, True
        return
    incoming = _incoming(found, step.job.wish)
    earlier = found["results"]
    turn = f"{intake_id}{attempt(earlier)}"
    parts = list(parts_of(step.dispatcher.environment, incoming, step.job.wish["mapping"]))
    job = replace(job, total=len(parts), told=job.told or {"intake_id": intake_id, "failed": 0})

    def result(place: int, then: Job) -> dict[str, Any]:
        if place < len(earlier) and not has_failed(earlier[place]):  # taken in at an earlier attempt
            return dict(earlier[place])
        return handed_in(lambda command, key: step.do(command, then, key=key), incoming, turn, place, parts[place])

    for place in range(job.done, len(parts)):
        then = replace(job, done=place + 1)
        told = dict(job.told or {})
        failed = has_failed(result(place, then))
        job = replace(then, told=told | {"failed": told["failed"] + failed})
        yield job, False
    results = tuple(result(place, job) for place in range(len(parts)))
    answer = step.do(FinishIntake(intake_id, results), job)
    if isinstance(answer, Rejection):
        job = replace(job, refused={"code": answer.code, "message": answer.message})
    yield job, True


def _incoming(found: dict[str, Any], wish: Any) -> Incoming:
    """What came in, as it was registered."""
    return Incoming(
        found["channel"],
        "",
        found["name"],
        found["media_type"],
        found["content"],
        found["sender"],
        _VERIFIED[found["verified"]],
        found["entity"],
        wish["mapping_name"],
        parse_instant(wish["received_at"]),
    )

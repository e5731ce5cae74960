"""What the steps of a job are done with: each command as the person who asked, under the lease, with the progress."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.jobs.job import Job
from comptroller.application.records import OutboxRow
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId

CASES_PAGE: Final = 20
"""Cases that are decided again in one step: a second's work."""


@dataclass(frozen=True, slots=True)
class Step:
    """A job that goes on under a lease."""

    dispatcher: Dispatcher
    tenant: TenantId
    row: OutboxRow
    job: Job

    def ask(self, command: object) -> Any:
        """Run a query as the person who asked for the job."""
        return self.dispatcher.execute(self.tenant, Request(self.job.by, command))

    def rehearse(self, command: object) -> Any:
        """Try a command as the person who asked, and forget what it did."""
        return self.dispatcher.rehearse(self.tenant, Request(self.job.by, command))

    def do(self, command: object, then: Job, *, key: str = "") -> Any:
        """Do one step; where it is done, the job has come as far as `then` says, in the same transaction."""
        request = Request(self.job.by, command, key, lease=self.row, progress=then.payload)
        return self.dispatcher.execute(self.tenant, request)

    def through_cases(
        self, page_behind: Callable[[str], object], told: Callable[[Job, Any], dict[str, Any]]
    ) -> Iterator[tuple[Job, bool]]:
        """Go through all cases, the oldest first, and keep what is told with each page; whether it was the last one.

        `page_behind` is the query of the next `CASES_PAGE` cases behind one; its answer says how many it `looked_at`,
        and where to go on, `next`.
        """
        job = self.job
        while True:
            page = self.ask(page_behind(job.after))
            if isinstance(page, Rejection):
                yield replace(job, refused={"code": page.code, "message": page.message}), True
                return
            done, after = job.done + page["looked_at"], page["next"] or job.after
            job = replace(job, done=done, total=max(job.total, done), after=after, told=told(job, page))
            is_over = page["looked_at"] < CASES_PAGE
            yield job, is_over
            if is_over:
                return

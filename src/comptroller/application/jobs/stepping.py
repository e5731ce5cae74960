"""What the steps of a job are done with: each command as the person who asked, under the lease, with the progress."""

from dataclasses import dataclass
from typing import Any

from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.jobs.job import Job
from comptroller.application.records import OutboxRow
from comptroller.domain.kernel.ids import TenantId


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

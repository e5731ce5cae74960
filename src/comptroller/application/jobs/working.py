"""How a worker does a long job: step by step, for a while, then it lets others have their turn."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final

from comptroller.application.caller import SYSTEM
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.jobs.backtest import backtest_steps
from comptroller.application.jobs.correction import correction_steps
from comptroller.application.jobs.forecast import forecast_steps
from comptroller.application.jobs.intake import intake_steps
from comptroller.application.jobs.job import (
    BACKTEST,
    CORRECTION,
    FIGURES,
    FORECAST,
    INTAKE,
    MIGRATION,
    REPAIRS,
    REPLAY,
    SHADOW,
    WATCH,
    Job,
    KeepJob,
    stopped_by,
)
from comptroller.application.jobs.measuring import measuring_steps
from comptroller.application.jobs.migration import migration_steps
from comptroller.application.jobs.repairs import repair_steps
from comptroller.application.jobs.replay import replay_steps
from comptroller.application.jobs.shadow import shadow_steps
from comptroller.application.jobs.stepping import Step
from comptroller.application.jobs.watch import watch_steps
from comptroller.application.records import OutboxRow
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.ids import TenantId

KINDS: Final[Mapping[str, Callable[[Step], Iterator[tuple[Job, bool]]]]] = {
    INTAKE: intake_steps,
    MIGRATION: migration_steps,
    REPAIRS: repair_steps,
    BACKTEST: backtest_steps,
    CORRECTION: correction_steps,
    SHADOW: shadow_steps,
    FORECAST: forecast_steps,
    WATCH: watch_steps,
    REPLAY: replay_steps,
    FIGURES: measuring_steps,
}
"""What each kind of job does: after each of its steps the job, and whether it is over.

One that has no step more and is not over waits for what is still to come: it rests, and is gone on with after a while.
"""


def do_job(dispatcher: Dispatcher, tenant: TenantId, row: OutboxRow) -> None:
    """Go on with a job where it was left, to its end, until somebody stops it, or for as long as its turn lasts."""
    now = dispatcher.environment.clock.machine_now
    until, job, is_over, rests = now() + timedelta(seconds=limits.JOB_TURN_S), Job.read(row), False, False
    store, steps = dispatcher.environment.store, KINDS[job.kind](Step(dispatcher, tenant, row, job))
    while not (is_over or rests) and now() < until:
        stopped = store.read(tenant, lambda uow, job=job: stopped_by(uow, job))  # type: ignore[misc]
        if stopped:
            job, is_over = replace(job, stops=job.stops + 1, stopped_by=stopped), True
        else:
            step = next(steps, None)
            job, is_over = step or (job, False)
            rests = step is None
    dispatcher.execute(tenant, Request(SYSTEM, KeepJob(row, job, is_over, rests), lease=row))

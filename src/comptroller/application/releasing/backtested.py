"""What backtests have found of a version that is to be released: evidence of its request, all of it or none.

What counts is every backtest that was run to its end of exactly this version in the place of exactly the one that it
replaces: whoever proposes a change does not choose among them. They are found when a request is checked; one that ends
after that, and before anybody has signed, has the request checked anew, so that nobody signs without it.
"""

from collections.abc import Mapping
from typing import Any, Final

from comptroller.application.jobs.job import BACKTEST, FOUND, OVER, Job
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.session import Session
from comptroller.domain.kernel.canonical_json import digest
from comptroller.domain.packs.tally import Tally

BACKTESTS_MAX: Final = 5
"""The newest backtests of a version that its request carries."""

SCALE: Final = 2
"""Digits of the amounts behind the point."""


def backtests_of(session: Session, proposal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the newest backtests of a proposal's version have found, the newest first; amounts in minor units."""
    asked = {name: proposal[name] for name in ("version", "base", "entity")}
    rows = (row for row in session.uow.jobs() if row.target == BACKTEST and row.status in OVER)
    jobs = [job for job in map(Job.read, rows) if job.told and not job.refused and not job.stopped_by]
    meant = [job for job in jobs if asked == {"entity": "", **{n: v for n, v in job.wish.items() if n in asked}}]
    currency = str(tenant_record(session.uow).get("group_currency") or "")
    return [{**_found(job), "currency": currency, "amount_scale": SCALE} for job in meant[:BACKTESTS_MAX]]


def _found(job: Job) -> dict[str, Any]:
    found: Any = (job.told or {})[FOUND]
    tally = Tally.read(found["tally"])
    return {
        "job": job.job_id,
        "by": job.by,
        "since": job.wish["since"],
        "ended_at": job.ended_at,
        "units": sorted(tally.counts.get("unit", ())),
        **tally.whole().facts(),
        "lacks": len(found["lacks"]),
        "result": digest(found),
    }

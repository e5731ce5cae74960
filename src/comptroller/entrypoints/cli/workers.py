"""Who is at work on an installation, and what is left alone for now."""

from dataclasses import asdict
from datetime import timedelta
from typing import Final

import typer

from comptroller.bootstrap import build
from comptroller.domain.kernel.limits import LEASE_S
from comptroller.entrypoints.cli.ledger import AsJson, DatabaseUrl
from comptroller.entrypoints.cli.output import OUT, Exit, print_json, print_table, when
from comptroller.entrypoints.cli.workplace import open_settings

SILENT: Final = "silent"
"""The state of a worker whose leases have run out: what it had in hand is taken over by others."""


def workers(database_url: DatabaseUrl = "", as_json: AsJson = False) -> None:
    """Who works, on all machines, and which lanes are closed and why; the answer is no where nobody does."""
    platform = build(open_settings(database_url))
    try:
        queue, now = platform.environment.store.work, platform.environment.clock.machine_now()
        standings, closed = queue.workers(), queue.closed_lanes(now)
    finally:
        platform.close()
    heard_from = now - timedelta(seconds=LEASE_S)
    told = [{**asdict(each), "state": each.state if each.seen_at >= heard_from else SILENT} for each in standings]
    is_served = any(each["state"] != SILENT for each in told)
    if as_json:
        print_json({"workers": told, "closed_lanes": [asdict(each) for each in closed]})
    else:
        shown = ("worker", "host", "release", "state", "in_hand", "started_at", "seen_at")
        columns = ("worker", "~host", "release", "state", ">in hand", "began", "seen")
        print_table("", columns, [[when(each[name]) for name in shown] for each in told])
        for lane in closed:
            OUT.print(f"{lane.lane} is left alone until {when(lane.closed_until)}: {lane.why}", markup=False)
        if not is_served:
            OUT.print("nobody is at work: start `comptroller worker` or `comptroller serve`")
    raise typer.Exit(Exit.DONE if is_served else Exit.NO)

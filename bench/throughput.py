"""How much gets through: submissions, deliveries, and what people and timers do, beside what is written by hand.

python -m bench.throughput [--json] [--part submit|drain|people] [--seconds 2] [--rounds 3]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from bench import acting, draining, submitting
from bench.company import NOWHERE, bring_in, cost_centres, found
from bench.report import Figure, report_each
from bench.servers import SERVER, answers, database
from comptroller.bootstrap import build

SIGNED: Final = 150
"""So many signatures, and so many timers."""


def submit(server: str, seconds: float, rounds: int) -> Iterator[Figure]:
    """Submissions on both stores."""
    yield from submitting.sqlite_figures(seconds, rounds)
    with tempfile.TemporaryDirectory() as folder:
        yield submitting.growth("sqlite", Path(folder), f"sqlite:///{Path(folder) / 'growth.sqlite3'}", seconds)
    if server:
        yield from submitting.postgresql_figures(server, seconds, rounds)
        with database(server) as url, tempfile.TemporaryDirectory() as folder:
            yield submitting.growth("postgresql", Path(folder), url, seconds)


def drain(server: str, seconds: float, rounds: int) -> Iterator[Figure]:  # noqa: ARG001 - the form of a part
    """Deliveries on PostgreSQL."""
    if server:
        yield from draining.figures(server, rounds)


def people(server: str, seconds: float, rounds: int) -> Iterator[Figure]:  # noqa: ARG001 - as above
    """Queues, signatures and timers on PostgreSQL."""
    if not server:
        return
    with database(server) as url, tempfile.TemporaryDirectory() as folder:
        platform = found(Path(folder), url, ledger_url=NOWHERE)
        bring_in(platform, cost_centres(platform))
        acting.submit(platform, SIGNED)
        platform.close()
        platform = build(replace(platform.settings, ledger_url=""))  # no delivery is due here
        acting.settle(platform)
        acting.make_timers_due(url)
        acting.approvals(platform, SIGNED + acting.PAGE)
        shown = acting.queue(platform)
        acting.look(platform, 5)
        acting.sign(platform, shown[:5])
        for what, spent in (
            ("queue page", acting.look(platform, 100)),
            ("sign", acting.sign(platform, shown[5:])),
            ("timer fired", acting.fire(platform, SIGNED)),
        ):
            yield Figure(f"throughput/{what}/postgresql/-", round(spent.rate, 1), "1/s")
            yield Figure(f"throughput/{what}/postgresql, cpu/-", round(spent.cpu_ms, 2), "ms each")
        platform.close()


PARTS: Final = {"submit": submit, "drain": drain, "people": people}


def main() -> None:
    """The command line of the bench."""
    parser = argparse.ArgumentParser(description="how much gets through, beside what is written by hand")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--part", choices=sorted(PARTS), action="append")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    server = SERVER if answers(SERVER) else ""
    if not server:
        sys.stderr.write("no PostgreSQL server answers: its figures are left out\n")
    parts = [PARTS[name] for name in options.part or PARTS]
    figures = (figure for part in parts for figure in part(server, options.seconds, options.rounds))
    report_each(figures, as_json=options.json, width=78)


if __name__ == "__main__":
    main()

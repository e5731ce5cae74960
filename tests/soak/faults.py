"""Everything that can go wrong, at once and under load: kills, crashes of the database, wrong clocks, standstills.

Four workers and two web processes share a PostgreSQL server of the soak's own, and where NATS is installed a broker of
its own too. Documents come in one by one and by tables that jobs take in, wait for a timer, are signed where policy
asks for it, and their posting goes to a receiver with a journal of its own. Meanwhile processes are killed with signal
9, stopped past their leases and woken, their clocks are set forward and back, and database and broker are restarted.
What clients, receiver and a journal of the outbox know is then held against what is there (`faults_oracle.py`). A fault
counts when it fired: it hit a living process with a request of its own under way, or a server with requests under way.

    python -m tests.soak.faults --budget 600 [--seed 1] [--tally var/soak-faults.json] [--json]

The tally adds up runs, each with the next seed, over as many as it takes.
"""

import argparse
import json
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bench.company import CLERK, TENANT, found
from tests.broker import NoBrokerError, OwnBroker
from tests.soak.bulk import INTAKE, bring_in_mapping, take_in_all
from tests.soak.client import Client, Journal, Underway
from tests.soak.faults_oracle import is_settled, judge_faults, send_again
from tests.soak.kill import SUBMITTERS
from tests.soak.load import OWNER, PACE_S, SIGN, SUBMIT, Known, bring_in_people, documents, sign_all, submit_all
from tests.soak.processes import READY_S_MAX, Machine, Serve, Victim, Work
from tests.soak.receiver import Receiver, posting_by
from tests.soak.server import OwnServer
from tests.soak.trouble import Scene, Trouble, clocks
from tests.soak.waiting import TIMER_S, waiting_pack

from comptroller.application.ports.work import Pace
from comptroller.bootstrap import Platform, build
from comptroller.settings import Settings

WORKERS: Final = 4
SERVERS: Final = 2
PACE: Final = Pace(lease_s=3, heartbeat_s=1)
"""Leases that run out often in a run; the product's last a minute."""

VIOLATIONS_TOLD: Final = 20
SETTLE_S_MAX: Final = 150
"""What is due so long after the last fault is stuck."""


@contextmanager
def company(home: Path) -> Iterator[tuple[OwnServer, Platform]]:
    """The server with the company in it."""
    server = OwnServer(home / "server")
    try:
        platform = found(home, server.url, waiting_pack())
        try:
            yield server, platform
        finally:
            platform.close()
    finally:
        server.stop("immediate")


@contextmanager
def broker(home: Path) -> Iterator[OwnBroker | None]:
    """A broker of the soak's own; none where NATS is not installed: workers look by themselves."""
    try:
        made = OwnBroker(home / "broker")
    except NoBrokerError:
        yield None
        return
    try:
        yield made
    finally:
        made.kill()


def run(*, budget: float, seed: int, home: Path) -> dict[str, Any]:
    """One soak; the answer holds the counts reached and every violation."""
    with company(home) as (server, platform), broker(home) as wakes:
        keys = bring_in_people(platform)
        today = platform.environment.store.read(TENANT, platform.environment.clock.now).date()
        bring_in_mapping(platform, TENANT, today)
        server.begin_journal()
        underway = Underway()
        receiver, known = Receiver(seed, underway), Known(Journal(home / "clients.jsonl"))
        settings = Settings(home, server.url, receiver.url, "soak", wake_url=wakes.url if wakes else "")
        scene, urls = _scene(settings, server, wakes)
        enough, stop = threading.Event(), threading.Event()

        def client(who: str) -> Client:
            return Client(urls, keys[who], stop, underway)

        submitters = [(client(CLERK), known, documents(platform, each), PACE_S, enough) for each in range(SUBMITTERS)]
        clients = [
            *(threading.Thread(target=submit_all, args=each) for each in submitters),
            threading.Thread(target=take_in_all, args=(client(CLERK), known, today, enough)),
            threading.Thread(target=sign_all, args=(client(OWNER), known, stop)),
        ]
        trouble = Trouble(scene, underway, seed)
        try:
            for victim in scene.everybody:
                victim.start()
            for victim in scene.servers:
                victim.await_ready()
            for each in clients:
                each.start()
            await_first_posting(receiver)
            trouble.make(budget)
            enough.set()
            settled_s = _settle(server)
            again, wrong = send_again(platform, server, receiver)
            settled_s += _settle(server) if again else 0
        finally:
            enough.set()
            stop.set()
            for victim in scene.everybody:
                victim.kill()
            for each in clients:
                each.join()
        judge = build(Settings(home, server.url, receiver.url, ""))
        found, seen = judge_faults(judge, known, receiver, server, timer_s=TIMER_S)
        judge.close()
        receiver.close()
    return {
        "seed": seed,
        "fired": trouble.fired.told(),
        "submitted": len(known.submitted),
        "taken in by jobs": sum(map(len, known.promised.values())),
        "signed": len(known.signed),
        "delivered": len(receiver.accepted),
        "delivery attempts": receiver.attempts,
        **seen,
        "given up and sent again": again,
        "settled after s": settled_s,
        "violations": wrong + found,
    }


def _scene(settings: Settings, server: OwnServer, wakes: OwnBroker | None) -> tuple[Scene, dict[str, str]]:
    """Servers and workers, none of them started, and the address of each server by its name in a phase."""
    web = [f"web {number}" for number in range(1, SERVERS + 1)]
    names = [f"worker {number}" for number in range(1, WORKERS + 1)]
    clock = clocks([*web, *names])
    servers, urls, workers = [], {}, []
    for name in web:
        serve, at = Serve(settings, with_worker=False, machine=Machine(clock[name], PACE)), f" at {name}"
        urls[at] = serve.url
        strikes = frozenset(f"{phase}{at}" for phase in (SUBMIT, SIGN, INTAKE))
        servers.append(Victim(name, strikes, serve, url=serve.url))
    for name in names:
        sender = name.replace(" ", "-")
        own = replace(settings, ledger_url=f"{settings.ledger_url}/{sender}", session_secret="")
        workers.append(Victim(name, frozenset({posting_by(sender)}), Work(own, machine=Machine(clock[name], PACE))))
    return Scene(servers, workers, clock, server, wakes), urls


def await_first_posting(receiver: Receiver) -> None:
    """Wait until everybody is up and at work: trouble before hits nothing."""
    pause, until = threading.Event(), time.monotonic() + READY_S_MAX
    while not receiver.attempts and time.monotonic() < until:
        pause.wait(0.05)


def _settle(server: OwnServer) -> int:
    """Wait until nothing is due any more; the seconds that it took."""
    begun, pause = time.monotonic(), threading.Event()
    while time.monotonic() - begun < SETTLE_S_MAX and not is_settled(server):
        pause.wait(0.5)
    return round(time.monotonic() - begun)


class Tally:
    """What all runs reached together, kept in a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"runs": 0, "fired": {}}

    def add(self, result: Mapping[str, Any]) -> None:
        """Add a run."""
        self.kept["runs"] += 1
        self.kept["fired"] = dict(Counter(self.kept["fired"]) + Counter(result["fired"]))
        for name in (
            "submitted",
            "taken in by jobs",
            "signed",
            "delivered",
            "delivery attempts",
            "leases taken over",
            "given up and sent again",
        ):
            self.kept[name] = self.kept.get(name, 0) + result[name]
        self.kept["violations"] = self.kept.get("violations", 0) + len(result["violations"])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self.kept, indent=1) + "\n")


def main() -> None:
    """The command line of the soak."""
    parser = argparse.ArgumentParser(description="kills, restarts, clocks and standstills under load")
    parser.add_argument("--budget", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1, help="of the first run of a tally")
    parser.add_argument("--tally", type=Path, default=Path("var/soak-faults.json"))
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    tally = Tally(options.tally)
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o711)  # the server's user passes through
    try:
        result = run(budget=options.budget, seed=options.seed + tally.kept["runs"], home=folder)
    finally:
        shutil.rmtree(folder)
    tally.add(result)
    told = {**result, "all runs": tally.kept}
    if options.json:
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        for name, value in told.items():
            sys.stdout.write(f"{name:<18} {value[:VIOLATIONS_TOLD] if isinstance(value, list) else value}\n")
    sys.exit(1 if result["violations"] else 0)


if __name__ == "__main__":
    main()

"""Kill processes with signal 9 under load, again and again, and hold what they left against journals kept outside.

The clients write an intent before each request and an acknowledgement after its answer; the receiver of the postings
keeps its own journal. In the end: nothing acknowledged is lost, nothing is done twice, the ledger balances, the audit
log verifies. The worker is a process of its own, or with `--embedded` a thread of the server. Each kill picks a victim
and waits for what that victim is killed in: a submission, a signature, a posting. It counts only when it hit a living
process with such a request under way.

    python -m tests.soak.kill --budget 600 [--database-url postgresql://...] [--seed 1] [--embedded] [--json]
"""

import argparse
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bench.company import found
from tests.soak.client import Client, Journal, Underway
from tests.soak.load import SIGN, SUBMIT, Known, bring_in_people, threads
from tests.soak.oracle import drain, judge
from tests.soak.processes import Serve, Victim, Work
from tests.soak.receiver import PHASE as POSTING
from tests.soak.receiver import Receiver

from comptroller.bootstrap import build
from comptroller.settings import Settings

SUBMITTERS: Final = 3
CALM_S: Final = (0.3, 1.5)
"""Between two kills: time to come up, and to get some work done."""

APPROACH_S_MAX: Final = 2.0
"""How long a kill waits for its phase."""

OFFSET_S_MAX: Final = 0.03
"""How far into the phase it strikes."""


@dataclass(slots=True)
class Kills:
    """What the kills hit."""

    victims: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)  # `server during sign`; several where several were under way
    idle: int = 0
    calm_s: tuple[float, float] = CALM_S

    @property
    def fired(self) -> int:
        """Kills of a living process with a request of its own under way."""
        return self.victims.total()

    def strike(
        self, victims: Sequence[Victim], phases: frozenset[str], underway: Underway, chance: random.Random
    ) -> None:
        """Wait for one of the phases, kill a victim that is in it a little later, note what was hit, start it again."""
        pause = threading.Event()
        pause.wait(chance.uniform(*self.calm_s))
        until = time.monotonic() + APPROACH_S_MAX
        while time.monotonic() < until:
            underway.await_one(phases, APPROACH_S_MAX)
            pause.wait(chance.uniform(0, OFFSET_S_MAX))
            if phases & underway.phases():  # else it was over before the blow: wait for the next
                break
        victim = chance.choice([each for each in victims if each.strikes & underway.phases()] or list(victims))
        hit = underway.phases() & victim.strikes
        if victim.kill() and hit:
            self.victims[victim.name] += 1
            self.phases.update(f"{victim.name} during {each}" for each in hit)
        else:
            self.idle += 1
        victim.start()


def _victims(settings: Settings, *, embedded: bool) -> tuple[str, list[Victim]]:
    """The server's address and the processes, none of them started."""
    serve = Serve(settings, with_worker=embedded)
    asked = frozenset({SUBMIT, SIGN})
    server = Victim("server", asked | {POSTING} if embedded else asked, serve, url=serve.url)
    return serve.url, [server] if embedded else [server, Victim("worker", frozenset({POSTING}), Work(settings))]


def run(*, budget: float, seed: int, database_url: str, home: Path, embedded: bool = False) -> dict[str, Any]:
    """One soak; the answer holds the counts reached and every violation."""
    chance, stop, underway = random.Random(seed), threading.Event(), Underway()
    database = database_url or f"sqlite:///{home / 'comptroller.sqlite3'}"
    platform = found(home, database)
    keys = bring_in_people(platform)
    receiver, known, kills = Receiver(seed, underway), Known(Journal(home / "clients.jsonl")), Kills()
    url, victims = _victims(Settings(home, database, receiver.url, "soak"), embedded=embedded)
    for victim in victims:
        victim.start()
        victim.await_ready()
    clients = threads(platform, known, lambda who: Client({"": url}, keys[who], stop, underway), SUBMITTERS, stop)
    for client in clients:
        client.start()
    until = time.monotonic() + budget
    while time.monotonic() < until:
        victim = chance.choice(victims)
        kills.strike([victim], frozenset({chance.choice(sorted(victim.strikes))}), underway, chance)
        victim.await_ready()
    stop.set()
    for client in clients:
        client.join()
    for victim in victims:
        victim.kill()
    platform.close()
    platform = build(Settings(home, database, receiver.url, ""))
    drain(platform)
    wrong = judge(platform, known, receiver)
    platform.close()
    receiver.close()
    return {
        "seed": seed,
        "database": database.partition(":")[0],
        "worker": "in the server" if embedded else "a process of its own",
        "kills_fired": kills.fired,
        "kills_by_victim": dict(sorted(kills.victims.items())),
        "kills_by_phase": dict(sorted(kills.phases.items())),
        "kills_idle": kills.idle,
        "submitted": len(known.submitted),
        "unacknowledged": len(known.intended) - len(known.submitted),
        "signed": len(known.signed),
        "delivered": len(receiver.accepted),
        "delivery_attempts": receiver.attempts,
        "violations": wrong,
    }


def main() -> None:
    """The command line of the soak."""
    parser = argparse.ArgumentParser(description="kill -9 under load")
    parser.add_argument("--budget", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database-url", default="")
    parser.add_argument("--embedded", action="store_true", help="one process: the worker is a thread of the server")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(
            budget=options.budget,
            seed=options.seed,
            database_url=options.database_url,
            home=Path(folder),
            embedded=options.embedded,
        )
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for name, value in result.items():
            sys.stdout.write(f"{name:<18} {value}\n")
    sys.exit(1 if result["violations"] else 0)


if __name__ == "__main__":
    main()

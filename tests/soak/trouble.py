"""Makes the faults of the soak: kills, standstills and wrong clocks one after the other, restarts beside them."""

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.broker import OwnBroker
from tests.soak.client import Underway
from tests.soak.kill import APPROACH_S_MAX, Kills
from tests.soak.processes import READY_S_MAX, Victim
from tests.soak.server import OwnServer

CALM_S: Final = (0.0, 0.15)
"""Seconds between two faults."""

STANDSTILL_S: Final = (4.0, 8.0)
"""How long a worker stands still: longer than its leases last."""

RESTART_S: Final = (5.0, 40.0)
"""Seconds between two restarts of the database, or of the broker."""

WEB_SHARE: Final = 0.3
DOWN_S: Final = (0.0, 2.0)
JUMP_S: Final = 3 * 86_400
"""How far a clock is set, forward or back, at most."""


@dataclass(slots=True)
class Fired:
    """Every fault that fired."""

    kills: Kills = field(default_factory=lambda: Kills(calm_s=CALM_S))
    jumps: Counter[str] = field(default_factory=Counter)
    standstills: int = 0
    restarts: Counter[str] = field(default_factory=Counter)

    def told(self) -> dict[str, int]:
        """The counts by name."""
        return {
            "kills": self.kills.fired,
            **{f"kills of {name}": count for name, count in sorted(self.kills.victims.items())},
            **{f"clocks set {way}": count for way, count in sorted(self.jumps.items())},
            "standstills": self.standstills,
            **{f"restarts {mode}": count for mode, count in sorted(self.restarts.items())},
        }


@dataclass(frozen=True, slots=True)
class Scene:
    """Who can be hit: servers and workers, each with its clock, the database, and the broker where one is there."""

    servers: list[Victim]
    workers: list[Victim]
    clocks: Mapping[str, Any]
    database: OwnServer
    broker: OwnBroker | None

    @property
    def everybody(self) -> list[Victim]:
        return [*self.servers, *self.workers]


def clocks(names: list[str]) -> dict[str, Any]:
    """How far the clock of each is off, in seconds: numbers that processes share."""
    return {name: multiprocessing.get_context("forkserver").Value("d", 0.0) for name in names}


class Trouble:
    """Makes faults until it is told to stop; afterwards everybody lives, goes on and has a database."""

    def __init__(self, scene: Scene, underway: Underway, seed: int) -> None:
        self.fired = Fired()
        self._scene, self._underway, self._seed = scene, underway, seed
        self._over = threading.Event()
        self._stopped: dict[str, float] = {}  # victim -> when it is woken

    def make(self, budget: float) -> None:
        """Make faults for so many seconds; longer where no kill has fired by then."""
        makers = [threading.Thread(target=each) for each in (self._restart, self._break_broker)]
        for maker in makers:
            maker.start()
        chance, until = random.Random(self._seed), time.monotonic() + budget
        while (left := until - time.monotonic()) > 0 or (left > -READY_S_MAX and not self.fired.kills.fired):
            self._wake(until=time.monotonic())
            match chance.choices(("kill", "clock", "standstill"), (8, 1, 1))[0]:
                case "kill":
                    self._kill(chance)
                case "clock":
                    self._set_clock(chance)
                case _:
                    self._stop_one(chance)
        self._over.set()
        for maker in makers:
            maker.join()
        self._wake(until=float("inf"))

    def _kill(self, chance: random.Random) -> None:
        """Kill somebody who is up and does not stand still: a server, or more often a worker, amid a request of its."""
        servers = [each for each in self._scene.servers if each.is_ready]
        workers = [each for each in self._scene.workers if each.name not in self._stopped]
        victims = servers if servers and chance.random() < WEB_SHARE else workers
        phases = frozenset[str]().union(*(each.strikes for each in victims))
        self.fired.kills.strike(victims, phases, self._underway, chance)

    def _set_clock(self, chance: random.Random) -> None:
        """Set somebody's clock forward or back, by minutes or by days."""
        victim, ahead = chance.choice(self._scene.everybody), chance.choice((1, -1)) * JUMP_S ** chance.random()
        if victim.is_alive:
            self._scene.clocks[victim.name].value = ahead
            self.fired.jumps["forward" if ahead > 0 else "back"] += 1

    def _stop_one(self, chance: random.Random) -> None:
        """Have a worker stand still while it posts; one at a time, so that others take over."""
        if self._stopped:
            return
        victim = chance.choice(self._scene.workers)
        self._underway.await_one(victim.strikes, APPROACH_S_MAX)
        if victim.strikes & self._underway.phases() and victim.stop():
            self.fired.standstills += 1
            self._stopped[victim.name] = time.monotonic() + chance.uniform(*STANDSTILL_S)

    def _wake(self, *, until: float) -> None:
        for victim in self._scene.workers:
            if self._stopped.get(victim.name, float("inf")) < until or (until == float("inf")):
                self._stopped.pop(victim.name, None)
                victim.wake()

    def _restart(self) -> None:
        chance = random.Random(-self._seed)
        while not self._over.wait(chance.uniform(*RESTART_S)):
            mode, is_busy = chance.choice(("fast", "immediate")), bool(self._underway.phases())
            self._scene.database.stop(mode)
            self._over.wait(chance.uniform(*DOWN_S))
            self._scene.database.start()
            self.fired.restarts[mode] += is_busy

    def _break_broker(self) -> None:
        chance, broker = random.Random(f"broker {self._seed}"), self._scene.broker
        while broker is not None and not self._over.wait(chance.uniform(*RESTART_S)):
            broker.kill()
            self._over.wait(chance.uniform(*DOWN_S))
            broker.start()
            self.fired.restarts["of the broker"] += 1

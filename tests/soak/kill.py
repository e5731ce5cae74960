"""Kill the server with signal 9 under load, again and again, and hold what it left against journals kept outside of it.

The clients write an intent before each request and an acknowledgement after its answer; the receiver of the postings
keeps its own journal. In the end: nothing acknowledged is lost, nothing is done twice, the ledger balances, the audit
log verifies. A kill counts only when it hit a living process with a request under way.

    python -m tests.soak.kill --budget 600 [--database-url postgresql://...] [--seed 1] [--json]
"""

import argparse
import json
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.client import HTTPException
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final

from bench.company import CLERK, TENANT, document, found
from tests.soak.receiver import Receiver

from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.application.access import IssueApiKey
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher, Request
from comptroller.application.founding import IMPORTER
from comptroller.application.queries import GetCase
from comptroller.application.reference import PutReference
from comptroller.application.verification import verify
from comptroller.application.work import SYSTEM, work_round
from comptroller.bootstrap import Platform, build
from comptroller.domain.kernel import limits
from comptroller.entrypoints.http.serving import serve_forever
from comptroller.settings import Settings

OWNER: Final = "owner"
READY_S_MAX: Final = 60
DRAIN_ROUNDS_MAX: Final = 500
SUBMITTERS: Final = 3


@dataclass(slots=True)
class Journal:
    """What the clients know: intents and acknowledgements, flushed to disk as they happen."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)
    submitted: dict[str, str] = field(default_factory=dict)  # number -> acknowledged case
    intended: set[str] = field(default_factory=set)
    signed: dict[str, str] = field(default_factory=dict)  # task -> case
    underway: int = 0
    refused: list[str] = field(default_factory=list)

    def note(self, **event: str) -> None:
        """Append one line and force it to disk."""
        with self.path.open("a") as file:
            file.write(json.dumps(event) + "\n")
            file.flush()
            os.fsync(file.fileno())


def _serve(settings: Settings, port: int) -> None:
    """The server as `comptroller serve` runs it, in a process of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    serve_forever(settings, port=port, with_worker=True)


class Server:
    """The server process, restarted after each kill; forked from one that has only imported, so it is up at once."""

    def __init__(self, settings: Settings) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self._settings = settings
        self._forks = multiprocessing.get_context("forkserver")
        self._forks.set_forkserver_preload(["comptroller.entrypoints.http.serving"])
        self._process: BaseProcess | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, stop: threading.Event) -> None:
        """Start and wait until it answers."""
        self._process = self._forks.Process(target=_serve, args=(self._settings, self.port))
        self._process.start()
        until = time.monotonic() + READY_S_MAX
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/ready", timeout=2):
                    return
            except OSError:
                stop.wait(0.02)
        raise SystemExit("the server did not come up")

    def kill(self) -> bool:
        """Kill it as the machine would; False when it was not alive."""
        assert self._process is not None
        if not self._process.is_alive():
            return False
        self._process.kill()
        self._process.join()
        return True


class Client:
    """One client: sends until it is answered, always under the same key."""

    def __init__(self, url: str, key: str, journal: Journal, stop: threading.Event) -> None:
        self._url, self._key, self._journal, self._stop = url, key, journal, stop

    def send(self, method: str, path: str, body: bytes | None, idempotency_key: str = "") -> tuple[int, Any] | None:
        """The status and JSON answer, after as many attempts as it takes; None when told to stop."""
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        if idempotency_key:
            headers["Idempotency-Key"] = idempotency_key
        while not self._stop.is_set():
            request = urllib.request.Request(f"{self._url}{path}", data=body, headers=headers, method=method)
            with self._journal.lock:
                self._journal.underway += 1
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code < 500:
                    return error.code, json.load(error)
            except (OSError, ValueError, HTTPException):  # killed under way
                pass
            finally:
                with self._journal.lock:
                    self._journal.underway -= 1
            self._stop.wait(0.05)
        return None


def _submit(client: Client, journal: Journal, bodies: Any, stop: threading.Event) -> None:
    for number, body in bodies:
        if stop.is_set():
            return
        with journal.lock:
            journal.intended.add(number)
            journal.note(intent=number)
        answer = client.send("POST", "/v1/documents", body, f"submit-{number}")
        if answer is None:
            return
        status, told = answer
        with journal.lock:
            if status == 201:
                journal.submitted[number] = told["case_id"]
                journal.note(acknowledged=number, case=told["case_id"])
            else:
                journal.refused.append(f"{number}: {status} {told.get('code')}")


def _sign(client: Client, journal: Journal, stop: threading.Event) -> None:
    while not stop.is_set():
        listed = client.send("GET", "/v1/tasks?limit=20", None)
        tasks = listed[1].get("tasks", []) if listed else []
        for task in tasks:
            body = json.dumps({"action": "approve", "content_hash": task["content_hash"], "reason": ""}).encode()
            answer = client.send("POST", f"/v1/tasks/{task['task_id']}/actions", body, f"sign-{task['task_id']}")
            if answer is None:
                return
            with journal.lock:
                if answer[0] == 200:
                    journal.signed[task["task_id"]] = task["case_id"]
                    journal.note(signed=task["task_id"])
                elif answer[1].get("code") != "TASK-CLOSED-01":
                    journal.refused.append(f"{task['task_id']}: {answer[0]} {answer[1].get('code')}")
        if not tasks:
            stop.wait(0.05)


def _people(platform: Platform) -> dict[str, str]:
    """The signer, a supplier whose invoices need a signature, and the keys of everybody who acts."""
    limit = {"authority": "invoice", "amount": "25000"}
    owner = {"name": "Owner", "kind": "person", "roles": ["cost-centre-owner"], "entities": ["*"], "limits": [limit]}
    legal: dict[str, Any] = {
        "id": "S02",
        "name": "Beacon Legal LLP",
        "country": "DE",
        "vat_id": "DE999940219",
        "category": "legal",
    }
    legal |= {"accounts": [{"account": "DE68200990010004402002"}]}
    for kind, key, body in (
        ("person", OWNER, owner),
        ("cost-centre", "CC", {"name": "Legal", "owner": OWNER, "entity": "DE"}),
        ("supplier", "S02", legal),
    ):
        answer = platform.dispatcher.execute(TENANT, Request(IMPORTER, PutReference(kind, key, body)))
        if not isinstance(answer, dict):
            raise SystemExit(f"{kind} {key}: {answer}")
    keys = {}
    for person in (CLERK, OWNER):
        keys[person] = platform.dispatcher.execute(TENANT, Request(IMPORTER, IssueApiKey(person)))["api_key"]
    return keys


def _bodies(platform: Platform, client: int) -> Any:
    """Documents without end: one matched and posted at once, the next order-less and waiting for a signature."""
    number = 0
    while True:
        number += 1
        name = f"K{client}-{number}Z"
        body = json.loads(document(platform, name, client * 1000 + number))
        if number % 2:
            body["seller"] |= {"name": "Beacon Legal LLP", "vat_id": "DE999940219"}
            body["payments"][0]["account"] = "DE68200990010004402002"
            body["accounting_reference"] = "CC"
            del body["order_number"], body["lines"][0]["order_line"]
        yield name, json.dumps(body).encode()


def judge(platform: Platform, journal: Journal, receiver: Receiver) -> list[str]:
    """Every violation of the oracle, in words."""
    store = platform.environment.store
    wrong: list[str] = list(journal.refused)
    cases: dict[str, list[Any]] = {}
    after = ""
    while page := store.read(TENANT, lambda uow, after=after: uow.cases(after=after, limit=200)):  # type: ignore[misc]
        for row in page:
            cases.setdefault(row.number, []).append(row)
        after = page[-1].case_id
    wrong += [f"{number} is {len(rows)} cases" for number, rows in cases.items() if len(rows) != 1]
    for number, case_id in journal.submitted.items():
        if case_id not in {row.case_id for row in cases.get(number, [])}:
            wrong.append(f"{number} was acknowledged as {case_id} and is lost")
    wrong += [f"{number} was never sent" for number in cases if number not in journal.intended]
    posted = {row.case_id for rows in cases.values() for row in rows if row.status == "posted"}
    for case_id in set(journal.signed.values()):
        case = platform.dispatcher.execute(TENANT, Request(SYSTEM, GetCase(case_id)))
        if [given["person"] for given in case["signatures"]] != [OWNER]:
            wrong.append(f"{case_id}: signatures {case['signatures']}")
    journals = [journal_row.case_id for journal_row, _ in store.read(TENANT, lambda uow: uow.journals())]
    wrong += [f"{case_id} is posted and has no journal" for case_id in posted - set(journals)]
    if len(journals) != len(set(journals)):
        wrong.append("a case has two journals")
    wrong += [f"{key} came with {len(seen)} payloads" for key, seen in receiver.accepted.items() if len(seen) != 1]
    delivered = list(receiver.cases.values())
    wrong += [f"{case_id} was delivered under two keys" for case_id in set(delivered) if delivered.count(case_id) > 1]
    wrong += [f"{case_id} is posted and was never delivered" for case_id in posted - set(delivered)]
    wrong += [f"{case_id} was delivered and is not posted" for case_id in set(delivered) - posted]
    wrong += [
        f"{currency} is out by {sum_}"
        for currency, sum_ in store.read(TENANT, lambda u: u.ledger_differences())
        if sum_
    ]
    report = verify(
        store, TENANT, platform.environment.signer_of(TENANT), store.read(TENANT, platform.environment.clock.now)
    )
    if not report.ok or report.unsequenced:
        wrong.append(f"audit: {report.first_bad}, {report.unsequenced} unsequenced")
    return wrong


def drain(platform: Platform) -> None:
    """Work until nothing waits, on a clock that runs ahead: leases of the dead run out and pauses pass at once."""
    ahead = timedelta(0)
    clock = TenantClock(lambda: machine_time() + ahead)
    dispatcher = Dispatcher(replace(platform.environment, clock=clock), USE_CASES)
    for _ in range(DRAIN_ROUNDS_MAX):
        ahead += timedelta(seconds=limits.DELIVERY_BACKOFF_S_MAX)
        work_round(dispatcher, "drain", batch=200)
        rows = platform.environment.store.read(TENANT, lambda uow: uow.outbox_list())
        if {row.status for row in rows if row.kind == "delivery"} <= {"done", "dead"}:
            return


def run(*, budget: float, seed: int, database_url: str, home: Path) -> dict[str, Any]:
    """One soak; the answer holds the counts reached and every violation."""
    chance, stop, never = random.Random(seed), threading.Event(), threading.Event()
    url = database_url or f"sqlite:///{home / 'comptroller.sqlite3'}"
    platform = found(home, url)
    keys = _people(platform)
    receiver = Receiver(seed)
    journal = Journal(home / "clients.jsonl")
    server = Server(Settings(home, url, receiver.url, "soak"))
    server.start(never)
    threads = [
        threading.Thread(
            target=_submit, args=(Client(server.url, keys[CLERK], journal, stop), journal, _bodies(platform, n), stop)
        )
        for n in range(SUBMITTERS)
    ]
    threads.append(threading.Thread(target=_sign, args=(Client(server.url, keys[OWNER], journal, stop), journal, stop)))
    for thread in threads:
        thread.start()
    fired, idle, until = 0, 0, time.monotonic() + budget
    while time.monotonic() < until:
        never.wait(chance.uniform(0.3, 2.5))
        with journal.lock:
            underway = journal.underway
        if server.kill() and underway:
            fired += 1
        else:
            idle += 1
        server.start(never)
    stop.set()
    for thread in threads:
        thread.join()
    server.kill()
    platform.close()
    platform = build(Settings(home, url, receiver.url, ""))
    drain(platform)
    wrong = judge(platform, journal, receiver)
    platform.close()
    receiver.close()
    return {
        "seed": seed,
        "database": url.partition(":")[0],
        "kills_fired": fired,
        "kills_idle": idle,
        "submitted": len(journal.submitted),
        "unacknowledged": len(journal.intended) - len(journal.submitted),
        "signed": len(journal.signed),
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
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = run(budget=options.budget, seed=options.seed, database_url=options.database_url, home=Path(folder))
    if options.json:
        sys.stdout.write(json.dumps(result) + "\n")
    else:
        for name, value in result.items():
            sys.stdout.write(f"{name:<18} {value}\n")
    sys.exit(1 if result["violations"] else 0)


if __name__ == "__main__":
    main()

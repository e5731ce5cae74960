"""One run: found, start, bring in, submit, act until no case waits, judge."""

import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tests.soak.client import Client, Journal, Underway
from tests.soak.processes import await_ready, command, command_line, free_port, surroundings
from tests.soak.receiver import Receiver
from tests.soak.xrechnung.acts import Known, People, put
from tests.soak.xrechnung.company import AUDITOR, CLERK, ROLES, found, master_data, people
from tests.soak.xrechnung.documents import Document, read_kit
from tests.soak.xrechnung.oracle import all_cases, all_deliveries, defects, judge, verified

from comptroller.settings import Settings

SEED: Final = 5
PAUSE_S: Final = 0.2


def run(*, kit: Path, budget: float, database_url: str, home: Path) -> dict[str, Any]:
    """Take every document of the kit to its end; the answer holds the figures and every violation."""
    started = time.monotonic()
    documents, known, underway = read_kit(kit), Known(Journal(home / "clients.jsonl")), Underway()
    receiver = Receiver(SEED, underway)
    settings = Settings(home, database_url or f"sqlite:///{home / 'comptroller.sqlite3'}", receiver.url, "soak")
    subprocess.run(command_line("db", "upgrade"), env=surroundings(settings), check=True, capture_output=True)
    stop, today = threading.Event(), datetime.now(UTC).date()
    importer_key = found(settings)
    log = home / "processes.log"
    with _running(settings, log) as url:
        importer = Client({"": url}, importer_key, stop, underway)
        orders = _bring_in(importer, documents, known, today)
        clients = {person: Client({"": url}, _key(importer, person), stop, underway) for person in ROLES}
        _submit(clients[CLERK], documents, known)
        _act_until_all_ended(clients, known, orders, until=started + budget)
        violations = list(judge(clients[AUDITOR], known, receiver, documents))
        cases = all_cases(clients[AUDITOR])
    subprocess.run(command_line("worker", "--once"), env=surroundings(settings), check=True, capture_output=True)
    report = verified(settings)
    if not report["ok"] or not report["size"] or report["unsequenced"]:
        violations.append(f"audit: {report}")
    violations += [f"a process told of a defect: {line}" for line in defects(log)]
    receiver.close()
    return {
        "database": settings.database_url.partition(":")[0],
        "files": len(documents),
        "cases": len(known.cases),
        "refused": known.refused,
        "outcomes": dict(sorted(Counter(f"{case['status']}: {case['outcome']}" for case in cases).items())),
        "posted_gross": _posted(cases, known),
        "tasks_acted_on": known.by_action(),
        "deliveries": len(receiver.accepted),
        "delivery_attempts": receiver.attempts,
        "audit_entries": report["size"],
        "seconds": round(time.monotonic() - started, 1),
        "violations": violations,
    }


@contextmanager
def _running(settings: Settings, log: Path) -> Iterator[str]:
    """A server without a worker, and a worker; the server's address."""
    port = free_port()
    with (
        command("serve", "--no-worker", "--port", str(port), settings=settings, log=log),
        command("worker", settings=settings, log=log),
    ):
        url = f"http://127.0.0.1:{port}"
        await_ready(url)
        yield url


def _bring_in(importer: Client, documents: list[Document], known: Known, today: date) -> dict[str, dict[str, Any]]:
    """Bring in people and master data; the orders by number."""
    records = [*people(), *master_data(documents, today)]
    for record in records:
        put(importer, record, known)
    return {key: body for kind, key, body in records if kind == "order"}


def _key(importer: Client, person: str) -> str:
    answer = importer.post(f"/v1/people/{person}/keys", b"", key="", phase="reference")
    if answer is None or answer[0] != 201:
        raise SystemExit(f"no key for {person}: {answer}")
    key: str = answer[1]["api_key"]
    return key


def _submit(clerk: Client, documents: Iterable[Document], known: Known) -> None:
    for document in documents:
        key = f"submit {document.name}"
        known.journal.note(intent=document.name)
        answer = clerk.post("/v1/documents", document.content, key=key, phase="submit", media_type="application/xml")
        if answer is None:
            return
        status, told = answer
        if status == 201:
            known.journal.note(acknowledged=document.name, case=told["case_id"])
            known.cases[told["case_id"]] = document
        else:
            known.refused[document.name] = told["code"]


def _act_until_all_ended(
    clients: dict[str, Client], known: Known, orders: dict[str, dict[str, Any]], *, until: float
) -> None:
    everybody, pause = People(clients, known, orders), threading.Event()
    while time.monotonic() < until:
        everybody.work()
        deliveries = all_deliveries(clients[AUDITOR])
        waiting = {case["status"] for case in all_cases(clients[AUDITOR])} & {"waiting"}
        if not waiting and deliveries and {row["status"] for row in deliveries} <= {"done", "dead"}:
            return
        pause.wait(PAUSE_S)


def _posted(cases: list[dict[str, Any]], known: Known) -> dict[str, str]:
    """What was posted, by currency, as the documents state it."""
    totals: Counter[str] = Counter()
    sums: dict[str, Decimal] = {}
    for case in cases:
        document = known.cases.get(case["case_id"])
        if case["status"] == "posted" and document is not None:
            totals[document.currency] += 1
            sums[document.currency] = sums.get(document.currency, Decimal(0)) + document.gross
    return {currency: f"{sums[currency]} in {totals[currency]}" for currency in sorted(totals)}

"""Long jobs under load: tables of many invoices, each taken in by a job, one after the other without end.

What a client knows is that the interface has accepted a table (202): from then on every row of it is a case in the end,
once, whatever happens to the workers that have the job in turns.
"""

import threading
import time
from datetime import date
from hashlib import sha256
from typing import Any, Final

from bench.company import ORDERS, PRICE
from tests.soak.client import Client
from tests.soak.load import Known

from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER
from comptroller.application.reference import PutReference
from comptroller.bootstrap import Platform
from comptroller.domain.kernel.ids import TenantId

ROWS: Final = 12
MAPPING: Final = "soak"
INTAKE: Final = "intake"
PAUSE_S: Final = 2.0
"""A client's pause between two tables, and between two looks at a job."""

_HEADS: Final = {"number": "No", "order_number": "Order", "issue_date": "Date", "line.net_amount": "Net"}


def bring_in_mapping(platform: Platform, tenant: TenantId, today: date) -> None:
    """How the tables are read: one line an invoice, all of it received."""
    day, tax = today.isoformat(), {"line.tax_category": "S", "line.tax_rate": "19"}
    seller = {"name": "Nordkupfer Handel GmbH", "vat_id": "DE999940106"}
    buyer = {"name": "Brennhof GmbH", "vat_id": "DE999942304"}
    constants = {
        **{f"seller.{name}": value for name, value in seller.items()},
        **{f"buyer.{name}": value for name, value in buyer.items()},
        **{f"{who}.address.country": "DE" for who in ("seller", "buyer")},
        "currency": "EUR",
        "delivery_date": day,
        "due_date": day,
        "payment.account": "DE32200990010004401001",
        "payment.means_code": "58",
        "line.name": "Copper tube",
        "line.quantity": "10",
        "line.unit": "KGM",
        "line.order_line": "1",
        "line.net_price": str(PRICE),
        **tax,
    }
    body = {"columns": _HEADS, "constants": constants, "decimals": "point", "days": "YYYY-MM-DD"}
    answer = platform.dispatcher.execute(tenant, Request(IMPORTER, PutReference("mapping", MAPPING, body)))
    if not isinstance(answer, dict):
        raise SystemExit(f"mapping: {answer}")


def take_in_all(client: Client, known: Known, today: date, stop: threading.Event) -> None:
    """Hand in one table after the other until told to stop, each once the job of the one before has ended."""
    table = 0
    while not stop.wait(PAUSE_S):
        table += 1
        names = [f"T{table}-{row}" for row in range(1, ROWS + 1)]
        numbers = [f"{name}-{sha256(name.encode()).hexdigest()[:12]}" for name in names]
        net = PRICE * 10
        rows = [f"{name};PO-{(table * ROWS + row) % ORDERS};{today};{net}" for row, name in enumerate(numbers)]
        known.journal.note(table=table, intent=numbers)
        with known.lock:
            known.intended.update(numbers)
            known.asked_at.update(dict.fromkeys(numbers, time.monotonic()))
        body = "\n".join([";".join(_HEADS.values()), *rows]).encode()
        path = f"/v1/intake?mapping={MAPPING}&name=table-{table}.csv"
        headers = {"Prefer": "respond-async"}
        answer = client.post(path, body, key="", phase=INTAKE, media_type="text/csv", headers=headers)
        if answer is None:
            return
        status, told = answer
        if status != 202:
            with known.lock:
                known.refused.append(f"table {table}: {status} {told.get('code')}")
            continue
        known.journal.note(accepted=numbers, job=told["job_id"])
        with known.lock:
            known.promised[told["job_id"]] = numbers
        _await_end(client, told["job_id"], stop)


def _await_end(client: Client, job_id: str, stop: threading.Event) -> None:
    while not stop.wait(PAUSE_S):
        answer = client.get(f"/v1/jobs/{job_id}")
        if answer is None or answer[1].get("ended_at"):
            return


def judge_jobs(known: Known, jobs: dict[str, dict[str, Any]], numbers: set[str]) -> list[str]:
    """Every violation: a job that did not end, that counted otherwise, or a row of it that is no case."""
    wrong = []
    for job_id, promised in known.promised.items():
        job = jobs.get(job_id)
        if job is None:
            wrong.append(f"job {job_id} was accepted and is lost")
        elif (job["status"], job["done"], job["total"], job["told"]["failed"]) != ("done", ROWS, ROWS, 0):
            wrong.append(f"job {job_id} is {job}")
        wrong += [f"{number} of job {job_id} was accepted and is lost" for number in promised if number not in numbers]
    return wrong

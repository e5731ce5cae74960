"""The load of the kill soak: a small company, clients that submit without end and one who signs, and what they know."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from bench.company import CLERK, TENANT, clean, document, expense_accounts
from tests.soak.client import Client, Journal

from comptroller.application.access import IssueApiKey
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER
from comptroller.application.reference import PutReference
from comptroller.bootstrap import Platform

OWNER: Final = "owner"
OPERATOR: Final = "operator"
SUBMIT: Final = "submit"
SIGN: Final = "sign"
PACE_S: Final = 0.4
"""A submitter's pause between two documents: what piles up while the worker lies dead is worked off before the end."""

_LEGAL: Final = {"name": "Beacon Legal LLP", "vat_id": "DE999940219"}
_ACCOUNT: Final = "DE68200990010004402002"


@dataclass(slots=True)
class Known:
    """What the clients know: intents and acknowledgements, each in the journal before it is here."""

    journal: Journal
    lock: threading.Lock = field(default_factory=threading.Lock)
    submitted: dict[str, str] = field(default_factory=dict)  # number -> acknowledged case
    intended: set[str] = field(default_factory=set)
    signed: dict[str, str] = field(default_factory=dict)  # task -> case
    refused: list[str] = field(default_factory=list)
    asked_at: dict[str, float] = field(default_factory=dict)  # number -> when it was first sent
    promised: dict[str, list[str]] = field(default_factory=dict)  # job -> the numbers of the table that it takes in


def bring_in_people(platform: Platform) -> dict[str, str]:
    """The signer, a supplier whose invoices need a signature, and the keys of everybody who acts."""
    limit = {"authority": "invoice", "amount": "25000"}
    owner = {"name": "Owner", "kind": "person", "roles": ["cost-centre-owner"], "entities": ["*"], "limits": [limit]}
    legal = {**_LEGAL, "id": "S02", "country": "DE", "category": "legal", "accounts": [{"account": _ACCOUNT}]}
    today = platform.environment.store.read(TENANT, platform.environment.clock.now).date()
    budget = {"entity": "DE", "cost_centre": "CC", "year": str(today.year), "amount": "1000000000.00"}
    records: list[tuple[str, str, dict[str, Any]]] = [
        ("person", OWNER, owner),
        ("person", OPERATOR, {"name": "Operator", "kind": "person", "roles": ["operator"], "entities": ["*"]}),
        ("cost-centre", "CC", {"name": "Legal", "owner": OWNER, "entity": "DE"}),
        ("budget", f"DE/CC/{today.year}", budget),
        *expense_accounts("DE"),
        ("supplier", "S02", legal),
        ("screening", "S02", clean(today)),
    ]
    for kind, key, body in records:
        answer = platform.dispatcher.execute(TENANT, Request(IMPORTER, PutReference(kind, key, body)))
        if not isinstance(answer, dict):
            raise SystemExit(f"{kind} {key}: {answer}")
    return {
        person: platform.dispatcher.execute(TENANT, Request(IMPORTER, IssueApiKey(person)))["api_key"]
        for person in (CLERK, OWNER)
    }


def documents(platform: Platform, client: int) -> Iterator[tuple[str, bytes]]:
    """Documents without end: one order-less and waiting for a signature, the next matched and posted at once.

    No two numbers are near to each other, nor do two without an order bill the same lines, so that none is held for
    a duplicate: all amounts are the same.
    """
    number = 0
    while True:
        number += 1
        name = f"K{client}-{number}-{sha256(f'{client}/{number}'.encode()).hexdigest()[:12]}"
        body = json.loads(document(platform, name, client * 1000 + number))
        if number % 2:
            body["seller"] |= _LEGAL
            body["payments"][0]["account"] = _ACCOUNT
            body["accounting_reference"] = "CC"
            body["lines"][0]["name"] = f"Advice {name}"
            del body["order_number"], body["lines"][0]["order_line"]
        yield name, json.dumps(body).encode()


def submit_all(
    client: Client, known: Known, bodies: Iterator[tuple[str, bytes]], pace_s: float, stop: threading.Event
) -> None:
    """Submit one document after the other until told to stop."""
    for number, body in bodies:
        if stop.wait(pace_s):
            return
        known.journal.note(intent=number)
        with known.lock:
            known.intended.add(number)
            known.asked_at[number] = time.monotonic()
        answer = client.post("/v1/documents", body, key=f"submit-{number}", phase=SUBMIT)
        if answer is None:
            return
        status, told = answer
        if status != 201:
            with known.lock:
                known.refused.append(f"{number}: {status} {told.get('code')}")
            continue
        known.journal.note(acknowledged=number, case=told["case_id"])
        with known.lock:
            known.submitted[number] = told["case_id"]


def sign_all(client: Client, known: Known, stop: threading.Event) -> None:
    """Sign whatever is in the queue until told to stop."""
    while not stop.is_set():
        listed = client.get("/v1/tasks?limit=20")
        tasks: list[dict[str, Any]] = listed[1].get("tasks", []) if listed else []
        for task in tasks:
            if not _sign(client, known, task):
                return
        if not tasks:
            stop.wait(0.05)


def _sign(client: Client, known: Known, task: dict[str, Any]) -> bool:
    body = json.dumps({"action": "approve", "content_hash": task["content_hash"], "reason": ""}).encode()
    answer = client.post(f"/v1/tasks/{task['task_id']}/actions", body, key=f"sign-{task['task_id']}", phase=SIGN)
    if answer is None:
        return False
    status, told = answer
    if status == 200:
        known.journal.note(signed=task["task_id"], case=task["case_id"])
    with known.lock:
        if status == 200:
            known.signed[task["task_id"]] = task["case_id"]
        elif told.get("code") != "TASK-CLOSED-01":
            known.refused.append(f"{task['task_id']}: {status} {told.get('code')}")
    return True


def threads(
    platform: Platform,
    known: Known,
    client_of: Callable[[str], Client],
    submitters: int,
    stop: threading.Event,
) -> list[threading.Thread]:
    """The clients, each in a thread of its own that is not started yet."""
    made = [
        threading.Thread(target=submit_all, args=(client_of(CLERK), known, documents(platform, number), PACE_S, stop))
        for number in range(submitters)
    ]
    return [*made, threading.Thread(target=sign_all, args=(client_of(OWNER), known, stop))]

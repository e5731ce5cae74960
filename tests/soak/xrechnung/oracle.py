"""Judges how the kit's documents ended, by what its clients and the receiver know and by the XML itself."""

import json
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from bench.company import PACK
from tests.soak.client import Client
from tests.soak.processes import command_line, surroundings
from tests.soak.receiver import Receiver
from tests.soak.xrechnung.acts import Known
from tests.soak.xrechnung.documents import Document

from comptroller.settings import Settings

FINAL: Final = frozenset({"posted", "rejected", "returned", "cancelled"})
EXPECTED_REFUSALS: Final[dict[str, str]] = {}
"""Document -> the code it is refused with; every other document opens a case."""

ACCOUNTS: Final = tomllib.loads((PACK / "pack.toml").read_text())["accounts"]
_BESIDE_GROSS: Final = frozenset({ACCOUNTS["payables"], ACCOUNTS["prepayments"], ACCOUNTS["rounding"]})


def all_cases(auditor: Client) -> list[dict[str, Any]]:
    """Every case of the tenant, from the listing."""
    return _listed(auditor, "cases")


def all_deliveries(auditor: Client) -> list[dict[str, Any]]:
    """Every delivery of the tenant, from the listing."""
    return _listed(auditor, "deliveries")


def _listed(auditor: Client, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after = ""
    while answer := auditor.get(f"/v1/{name}?limit=200&after={after}"):
        rows += answer[1][name]
        after = answer[1]["next"]
        if not after:
            break
    return rows


def judge(auditor: Client, known: Known, receiver: Receiver, documents: list[Document]) -> Iterator[str]:
    """Every violation, in words."""
    yield from known.wrong
    if known.refused != EXPECTED_REFUSALS:
        yield f"refused: {known.refused}, expected: {EXPECTED_REFUSALS}"
    if len(known.cases) + len(known.refused) != len(documents):
        yield f"{len(documents)} documents became {len(known.cases)} cases and {len(known.refused)} refusals"
    listed = Counter(case["case_id"] for case in all_cases(auditor))
    for case_id in known.cases.keys() | listed.keys():
        if listed[case_id] != 1 or case_id not in known.cases:
            yield f"{case_id} is listed {listed[case_id]} times, acknowledged: {case_id in known.cases}"
    posted = set()
    for case_id, document in known.cases.items():
        answer = auditor.get(f"/v1/cases/{case_id}")
        case = answer[1] if answer else {}
        yield from (f"{document.name} ({case_id}): {wrong}" for wrong in _case(case, document, known))
        if case.get("status") == "posted":
            posted.add(case_id)
    yield from _deliveries(auditor, receiver, posted)


def _case(case: dict[str, Any], document: Document, known: Known) -> Iterator[str]:
    if case.get("status") not in FINAL:
        yield f"has not ended: {case.get('status')}, waits for {case.get('waiting_for')}"
        return
    if (case["number"], case["currency"]) != (document.number, document.currency):
        yield f"is number {case['number']} in {case['currency']}"
    answered = {task["task_id"]: (task["closed_by"], task["action"]) for task in case["tasks"]}
    for task_id, acted in known.acts.items():
        if task_id.startswith(case["case_id"]) and answered.get(task_id) != acted:
            yield f"{acted} was acknowledged on {task_id}, kept is {answered.get(task_id)}"
    if case["status"] != "posted":
        if case["journals"]:
            yield f"is {case['status']} and has a journal"
        return
    if len(case["journals"]) != 1:
        yield f"has {len(case['journals'])} journals"
        return
    yield from _journal(case["journals"][0], case, document)


def _journal(journal: dict[str, Any], case: dict[str, Any], document: Document) -> Iterator[str]:
    if (journal["entity"], journal["currency"]) != (case["entity"], document.currency):
        yield f"is posted in {journal['entity']}, {journal['currency']}"
    amounts = [(line["account"], Decimal(line["amount"]), Decimal(line["local_amount"])) for line in journal["lines"]]
    sign = -1 if document.is_credit_note else 1
    owed = -sign * sum((amount for account, amount, _ in amounts if account == ACCOUNTS["payables"]), Decimal(0))
    gross = sign * sum((amount for account, amount, _ in amounts if account not in _BESIDE_GROSS), Decimal(0))
    differences = (sum(amount for _, amount, _ in amounts), sum(local for _, _, local in amounts))
    if any(differences):
        yield f"its journal is out by {differences}"
    if (gross, owed) != (document.gross, document.payable):
        yield f"posted are {gross} gross and {owed} payable, the document says {document.gross} and {document.payable}"
    if Decimal(case["gross"]) != document.gross:
        yield f"its gross is {case['gross']}, the document says {document.gross}"


def _deliveries(auditor: Client, receiver: Receiver, posted: set[str]) -> Iterator[str]:
    deliveries = all_deliveries(auditor)
    yield from (f"a delivery of {row['case_id']} is {row['status']}" for row in deliveries if row["status"] != "done")
    if Counter(row["case_id"] for row in deliveries) != Counter(posted):
        yield f"{len(deliveries)} deliveries for {len(posted)} posted cases"
    if Counter(receiver.cases.values()) != Counter(posted):
        yield f"the receiver has {len(receiver.cases)} postings for {len(posted)} posted cases"
    yield from (f"{key} came with {len(seen)} payloads" for key, seen in receiver.accepted.items() if len(seen) != 1)


def verified(settings: Settings) -> dict[str, Any]:
    """What `comptroller audit verify --json` says."""
    asked = subprocess.run(
        command_line("audit", "verify", "--json"), env=surroundings(settings), capture_output=True, check=False
    )
    report: dict[str, Any] = json.loads(asked.stdout)
    return report


def defects(log: Path) -> list[str]:
    """What the processes told of exceptions: the last line of each."""
    lines = log.read_text().splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("Traceback ")]
    return [next((line for line in lines[start + 1 :] if not line.startswith(" ")), "cut off") for start in starts]

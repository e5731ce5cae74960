"""The scripted people: each looks at the own queue and answers by what stands there, as somebody at the desk would.

Approvers approve, but send back every seventh case once and refuse every eleventh. The accounts-payable lead waits
until the case that a document may repeat has ended, and lets it pass only if that one was not paid. The receiver
records what is missing. For what only a corrected document can mend, the document is rejected with a reason. Who may
not refuse a document or lay its case aside hands the exception to the accounts-payable lead.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import quote

from tests.soak.client import Client, Journal
from tests.soak.xrechnung.company import AUDITOR, LEAD, RECEIVER, Record, receipt
from tests.soak.xrechnung.documents import Document

SENT_BACK: Final = (7, 3)
REFUSED: Final = (11, 5)
"""Every so many cases in the order of submission, and which of them."""

TAKES_A_ROLE: Final = "AP-RESOLVE-05"
CERTAIN_DUPLICATE: Final = "AP-DUPLICATE-07"
PASSED_BY: Final = frozenset({"TASK-CLOSED-01", "TASK-STALE-01", "TASK-UNKNOWN-01", "SIGN-RECHECK-01"})
"""Refusals of an act on a task that the case's own course took back after the queue was read."""


@dataclass(slots=True)
class Known:
    """What the clients know, each in the journal before it is here."""

    journal: Journal
    cases: dict[str, Document] = field(default_factory=dict)  # acknowledged case -> document, in order of submission
    refused: dict[str, str] = field(default_factory=dict)  # document -> code
    acts: dict[str, tuple[str, str]] = field(default_factory=dict)  # task -> person, acknowledged action
    wrong: list[str] = field(default_factory=list)

    def by_action(self) -> dict[str, int]:
        """How often each action was acknowledged."""
        return dict(sorted(Counter(action for _, action in self.acts.values()).items()))


class People:
    """Everybody who acts, with what they remember."""

    def __init__(self, clients: Mapping[str, Client], known: Known, orders: Mapping[str, dict[str, Any]]) -> None:
        self._clients, self._known, self._orders = clients, known, orders
        self._sent_back: set[str] = set()
        self._recorded: dict[str, datetime] = {}  # order -> when its receipt was recorded

    def work(self) -> None:
        """Let everybody go through the own queue once."""
        for person, client in self._clients.items():
            if person == AUDITOR:  # has no queue
                continue
            answer = client.get("/v1/tasks?limit=200")
            for task in answer[1]["tasks"] if answer else ():
                self._answer(person, client, task)

    def _answer(self, person: str, client: Client, task: dict[str, Any]) -> None:
        chosen = self._choose(task)
        if chosen is None or task["case_id"] not in self._known.cases:
            return
        action, reason = chosen
        body = {"action": action, "content_hash": task["content_hash"], "reason": reason}
        key = f"{action}-{task['task_id']}-{task['content_hash'][:16]}"
        answer = client.post(f"/v1/tasks/{task['task_id']}/actions", json.dumps(body).encode(), key=key, phase="act")
        if answer is None:
            return
        status, told = answer
        if status == 200:
            self._known.journal.note(acted=task["task_id"], person=person, action=action)
            self._known.acts[task["task_id"]] = (person, action)
        elif told.get("code") == TAKES_A_ROLE and person != LEAD:
            self._hand_over(client, task, reason)
        elif told.get("code") not in PASSED_BY:
            self._known.wrong.append(f"{task['task_id']}: {person} may not {action}: {status} {told.get('code')}")

    def _hand_over(self, client: Client, task: dict[str, Any], reason: str) -> None:
        body = json.dumps({"person": LEAD, "reason": reason}).encode()
        key = f"hand over-{task['task_id']}"
        answer = client.post(f"/v1/tasks/{task['task_id']}/reassign", body, key=key, phase="act")
        if answer is not None and answer[0] != 200 and answer[1].get("code") not in PASSED_BY:
            self._known.wrong.append(f"{task['task_id']} was not handed over: {answer[0]} {answer[1].get('code')}")

    def _choose(self, task: dict[str, Any]) -> tuple[str, str] | None:
        """The action and its reason; None to leave the task for now."""
        case_id, item = task["case_id"], task["item"]
        match task["kind"], str(item.get("type") or ""):
            case "approval", _:
                return self._approval(case_id)
            case "correction", _:
                return "resubmit", "looked at again: the document is as the supplier wrote it"
            case "exception", "duplicate":
                return self._duplicate(item)
            case "exception", "no receipt":
                return self._receipt(task)
            case "exception", "retroactive order":
                return "cancel", "ordered after the invoice; the requester withdraws it"
            case _:
                if "reject" in task["actions"]:
                    return "reject", f"the supplier is to send a corrected invoice: {item.get('text')}"
                return task["actions"][0], "looked at and passed on"

    def _approval(self, case_id: str) -> tuple[str, str]:
        place = list(self._known.cases).index(case_id)
        if place % SENT_BACK[0] == SENT_BACK[1] and case_id not in self._sent_back:
            self._sent_back.add(case_id)
            return "send back", "is this the right project?"
        if place % REFUSED[0] == REFUSED[1]:
            return "reject", "we did not buy this"
        return "approve", ""

    def _duplicate(self, item: dict[str, Any]) -> tuple[str, str] | None:
        if item["reason"] != CERTAIN_DUPLICATE:
            return "resolve", "another supply under the same number"
        answer = self._clients[AUDITOR].get(f"/v1/cases/{item['case']}")
        other = answer[1]["status"] if answer else "waiting"
        if other == "waiting":
            return None
        if other == "posted":
            return "reject", f"the same invoice is posted as case {item['case']}"
        return "resolve", f"case {item['case']} was {other}, so this one stands"

    def _receipt(self, task: dict[str, Any]) -> tuple[str, str] | None:
        """Record the receipt of the whole order once; the case is then called up by the worker."""
        order = self._known.cases[task["case_id"]].order
        recorded = self._recorded.get(order)
        if recorded is None:
            self._recorded[order] = datetime.now(UTC)
            put(self._clients[RECEIVER], receipt(self._orders[order]), self._known)
            return None
        if datetime.fromisoformat(task["offered_at"]) < recorded:
            return None
        return "reject", "nothing more was received"


def put(client: Client, record: Record, known: Known) -> None:
    """Bring in a record; a refusal is noted as wrong."""
    kind, key, body = record
    path = f"/v1/reference/{kind}/{quote(key, safe='')}"
    answer = client.put(path, json.dumps(body).encode(), key=f"{kind}-{key}")
    if answer is not None and answer[0] != 200:
        known.wrong.append(f"{kind} `{key}` was refused: {answer[0]} {answer[1]}")
    known.journal.note(brought_in=f"{kind}/{key}")

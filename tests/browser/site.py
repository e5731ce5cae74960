"""The platform as people meet it in a browser: a server process, people who sign in, documents handed in by its API.

The demonstration company is founded once a session and copied for each server, so that what one test signs is not
missing where another only looks.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import Any, Final

import httpx2
from tests.acceptance.cast import OTHER, PACK, ROLES
from tests.acceptance.company import DEMO, ROOT, demo_form, holds_from_before, set_undo

from comptroller.adapters.database import upgrade
from comptroller.application.access import IssueApiKey
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.bootstrap import build, pack_files
from comptroller.settings import Settings

READY_S_MAX: Final = 60
BATCH: Final = 35
EVERYBODY: Final = "Ewa Body"
CLERK: Final = "tomasz.zielinski"
ANOTHER_VAT_ID: Final = "DE999950101"
ANOTHER_ACCOUNT: Final = "DE95200990010004499001"
BLOCKED_SUPPLIER: Final = DEMO / "documents" / "D33.ubl.xml"
SMALL_PURCHASE: Final = "D45"
CLEANERS: Final = "S05"  # who bill it


@dataclass(frozen=True, slots=True)
class Site:
    """A running server and what is known of the company in it."""

    url: str
    keys: dict[str, str]  # principal -> API key
    cases: dict[str, str]  # demonstration document -> case

    def api(self, person: str) -> httpx2.Client:
        """The HTTP interface, as this person."""
        return httpx2.Client(base_url=self.url, headers={"Authorization": f"Bearer {self.keys[person]}"}, timeout=30)

    def hand_in(self, number: str, hours: int | Decimal, *, requester: str = "", of_supplier: str = "") -> str:
        """A small purchase of a test's own, which the owner of its cost centre is asked to approve; its case."""
        document = json.loads(demo_form(SMALL_PURCHASE))
        net = Decimal(89) * hours
        tax, line = net * 19 / 100, document["lines"][0]
        line |= {"quantity": str(hours), "net_amount": f"{net:.2f}"}
        document["tax_breakdown"][0] |= {"taxable_amount": f"{net:.2f}", "tax_amount": f"{tax:.2f}"}
        sums = {"line_net": net, "net": net, "tax": tax, "gross": net + tax, "payable": net + tax}
        document |= {"number": number, "totals": {name: f"{value:.2f}" for name, value in sums.items()}}
        document["payments"][0]["remittance"] = number
        document["buyer_reference"] = requester or None
        if of_supplier:
            document["seller"] |= {"name": of_supplier, "vat_id": ANOTHER_VAT_ID}
            document["payments"][0] |= {"account": ANOTHER_ACCOUNT, "account_name": of_supplier}
        self._let_be_bought_without_an_order()
        with self.api(CLERK) as clerk:
            answer = clerk.post("/v1/documents", json={k: v for k, v in document.items() if v is not None})
        assert answer.status_code == 201, answer.text
        body = answer.json()
        assert [item["person_or_role"] for item in body["waiting_for"]], body
        case_id: str = body["case_id"]
        self.wait_until_found(case_id)
        return case_id

    def _let_be_bought_without_an_order(self) -> None:
        """Small purchases of one supplier count together; of this category no sum needs an order."""
        with self.api(IMPORTER) as importer:
            suppliers = importer.get("/v1/reference/supplier").json()["records"]
            (cleaners,) = [each["body"] for each in suppliers if each["key"] == CLEANERS]
            body = {**cleaners, "category": "grounds keeping"}
            assert importer.put(f"/v1/reference/supplier/{CLEANERS}", json=body).status_code == 200

    def wait_until_found(self, case_id: str) -> None:
        """Until the worker has put the case among those that are found by a search."""
        with self.api("samuel.grant") as auditor:
            _wait_for(lambda: bool(auditor.get("/v1/cases", params={"q": case_id}).json()["cases"]), "is not found")

    def hand_in_held(self, numbers: Sequence[str]) -> None:
        """Invoices of a blocked supplier, which purchasing is asked about; a few at a time, as a clerk would."""
        model = BLOCKED_SUPPLIER.read_bytes()
        documents = [model.replace(b"AS-9902", number.encode()) for number in numbers]
        form = [{"media_type": "application/xml", "content": b64encode(content).decode()} for content in documents]
        with self.api(CLERK) as clerk:
            for start in range(0, len(form), BATCH):
                answer = clerk.post("/v1/documents:batch", json={"documents": form[start : start + BATCH]})
                assert {result["answer"]["outcome"] for result in answer.json()["results"]} == {"exception"}

    def bring_in_supplier(self, name: str) -> None:
        """A supplier of a test's own, which no list of sanctions names, or its new name."""
        with self.api("importer") as importer:
            records = importer.get("/v1/reference/supplier").json()["records"]
            (known,) = [record["body"] for record in records if record["key"] == "S05"]
            account = {"account": ANOTHER_ACCOUNT}
            body = {**known, "id": "S90", "name": name, "vat_id": ANOTHER_VAT_ID, "accounts": [account]}
            screening = {"hit": False, "list_version": "2026-03-25", "screened_on": "2026-03-26"}
            for address, record in (("screening/S90", screening), ("supplier/S90", body)):
                answer = importer.put(f"/v1/reference/{address}", json=record)
                assert answer.status_code == 200, answer.text

    def wait_until_asked_anew(self, case_id: str) -> None:
        """Until the worker has called the case up after a change and a new task is open."""
        _wait_for(
            lambda: {task["status"] for task in self.case(case_id)["tasks"]} == {"void", "open"}, "was not called up"
        )

    def wait_until_asked(self, person: str, case_id: str) -> None:
        """Until the worker has called the case up after a change and this person is asked."""
        _wait_for(
            lambda: person in [task["person"] for task in self.case(case_id)["tasks"] if task["status"] == "open"],
            f"does not ask {person}",
        )

    def wait_until_posted(self, case_id: str) -> None:
        """Until the worker has called the case up after something came for it, and it is posted."""
        _wait_for(lambda: bool(self.case(case_id)["status"] == "posted"), "was not posted")

    def record(self, kind: str, key: str) -> Any:
        """A reference record in force."""
        with self.api("samuel.grant") as auditor:
            records = auditor.get(f"/v1/reference/{kind}").json()["records"]
        (body,) = [record["body"] for record in records if record["key"] == key]
        return body

    def bring_in(self, person: str, kind: str, key: str, body: Any) -> None:
        """Bring in a reference record, as this person."""
        with self.api(person) as api:
            answer = api.put(f"/v1/reference/{kind}/{key}", json=body)
        assert answer.status_code == 200, answer.text

    def case(self, case_id: str) -> Any:
        """A case as the auditor's API shows it."""
        with self.api("samuel.grant") as auditor:
            return auditor.get(f"/v1/cases/{case_id}").json()

    def task(self, case_id: str) -> Any:
        """The one open task of a case."""
        (task,) = [task for task in self.case(case_id)["tasks"] if task["status"] == "open"]
        return task

    def act(self, person: str, case_id: str, action: str, reason: str = "") -> None:
        """Answer the open task of a case by the API, as somebody in another window would."""
        task = self.task(case_id)
        body = {"action": action, "content_hash": task["content_hash"], "reason": reason}
        with self.api(person) as api:
            answer = api.post(f"/v1/tasks/{task['task_id']}/actions", json=body)
        assert answer.status_code == 200, answer.text


def found_other(home: Path) -> str:
    """Another company, which is no demonstration, with one person who may do everything; that person's API key."""
    settings = Settings(home, f"sqlite:///{home / 'comptroller.sqlite3'}", "", "browser")
    upgrade(settings.database_url)
    platform = build(settings)
    try:
        found_tenant(platform.environment, Founding(OTHER, "Another company", "#7a1f5c", pack_files(PACK)))
        body = {"name": EVERYBODY, "kind": "person", "roles": list(ROLES), "entities": ["*"]}
        holds_from_before(platform, OTHER, "everybody", body)
        answer = platform.dispatcher.execute(OTHER, Request(IMPORTER, IssueApiKey("everybody")))
    finally:
        platform.close()
    key: str = answer["api_key"]
    return key


def found_demonstration(home: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Load the demonstration company into `home` by its own command; everybody's API key and every document's case."""
    command = [sys.executable, "-m", "comptroller", "demo", "--once", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=_environment(home), capture_output=True, check=True)
    facts = json.loads(done.stdout)
    keys = {person["person"]: person["api_key"] for person in facts["people"]}
    return keys, {row["document"]: row["case_id"] for row in facts["documents"]}


@contextmanager
def serving(home: Path, keys: dict[str, str], cases: dict[str, str]) -> Iterator[Site]:
    """A server over `home`, gone afterwards."""
    port = _free_port()
    command = [sys.executable, "-m", "comptroller", "serve", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=_environment(home), stdout=log, stderr=log)
        try:
            _wait_until_ready(url, server)
            yield Site(url, keys, cases)
        finally:
            server.terminate()
            server.wait(timeout=30)


def copy_home(home: Path, to: Path) -> Path:
    """A copy of a company at rest."""
    shutil.copytree(home, to)
    return to


def at_once(home: Path) -> Path:
    """The company whose people's acts have their effect at once: most tests wait for nothing."""
    platform = build(Settings(home, f"sqlite:///{home / 'comptroller.sqlite3'}", "", "browser"))
    try:
        set_undo(platform.environment.store, 0)
    finally:
        platform.close()
    return home


def _wait_for(done: Callable[[], bool], otherwise: str) -> None:
    pause, until = Event(), time.monotonic() + READY_S_MAX
    while time.monotonic() < until:
        if done():
            return
        pause.wait(0.1)
    raise AssertionError(f"the case {otherwise}")


def _environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COMPTROLLER_")}
    return kept | {"COMPTROLLER_HOME": str(home), "COMPTROLLER_SESSION_SECRET": "browser"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(url: str, server: subprocess.Popen[bytes]) -> None:
    pause, until = Event(), time.monotonic() + READY_S_MAX
    while time.monotonic() < until and server.poll() is None:
        try:
            if httpx2.get(f"{url}/ready", timeout=2).status_code == 200:
                return
        except httpx2.TransportError:
            pause.wait(0.05)
    raise RuntimeError("the server did not come up; its words are in server.log")

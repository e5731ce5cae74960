"""The demonstration company as the acceptance tests meet it: over HTTP, each person with a key of their own.

Loading it takes seconds, copying it takes none: `Databases` makes it once and hands every test a copy.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import uuid4

import psycopg
from fastapi import FastAPI
from starlette.testclient import TestClient

from comptroller.adapters.database import upgrade
from comptroller.adapters.surroundings import TenantClock, machine_time
from comptroller.adapters.tabular import read_table
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.policy import PolicyLibrary
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.records import ReferenceRow, revised
from comptroller.application.reference_kinds import KINDS
from comptroller.application.work import work_until_idle
from comptroller.bootstrap import Platform, build, compile_pack, open_packs
from comptroller.domain.documents.json_form import to_json
from comptroller.domain.kernel.canonical_json import digest, encode
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.cli.demo import KEYS_FILE
from comptroller.entrypoints.http.app import make_app
from comptroller.entrypoints.web import add_pages
from comptroller.entrypoints.web.own import CaughtMails
from comptroller.settings import Settings

ROOT: Final = Path(__file__).parents[2]
DEMO: Final = ROOT / "packs" / "accounts-payable" / "demo"
SERVER: Final = os.environ.get("COMPTROLLER_TEST_DATABASE_URL", "")
TENANT: Final = TenantId("brennhof")

POLICIES: Final = PolicyLibrary(compile_pack)
PACKS: Final = open_packs()
"""What versions say and how they differ is found once for all companies: it hangs on their content alone."""

T = TypeVar("T")

Answer = Any
"""A decoded JSON answer."""


class Person:
    """Somebody with an API key."""

    def __init__(self, app: FastAPI, key: str) -> None:
        self.key = key
        self.client = TestClient(app, headers={"Authorization": f"Bearer {key}"} if key else {})

    def get(self, path: str, **query: object) -> Answer:
        """Ask, and expect an answer."""
        answer = self.client.get(f"/v1{path}", params={name: str(value) for name, value in query.items()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def submit(self, content: bytes, media_type: str = "application/json", **headers: str) -> Answer:
        """Hand a document in; the response."""
        return self.client.post("/v1/documents", content=content, headers={"Content-Type": media_type, **headers})

    def put(self, kind: str, key: str, body: Mapping[str, object]) -> Answer:
        """Bring in a reference record; the response."""
        return self.client.put(f"/v1/reference/{kind}/{key}", json=body)

    def act(self, task: Mapping[str, Any], action: str, reason: str = "", **changes: object) -> Answer:
        """Answer a task as it was shown, or as `changes` say it was; the response."""
        body = {"action": action, "content_hash": task["content_hash"], "reason": reason, **changes}
        return self.client.post(f"/v1/tasks/{task['task_id']}/actions", json=body)


@dataclass(frozen=True)  # no slots: what serves it is made when somebody first comes in by it
class Company:
    """A running platform with the demonstration company in it."""

    platform: Platform
    keys: Mapping[str, str]  # principal -> API key
    mailbox: CaughtMails | None = None

    @cached_property
    def api(self) -> FastAPI:
        """The HTTP interface by itself: the pages beside it take a fifth of a second to put there."""
        return make_app(self.platform.dispatcher)

    @cached_property
    def app(self) -> FastAPI:
        """The HTTP interface with the pages."""
        app, secret = make_app(self.platform.dispatcher), self.platform.settings.session_secret
        add_pages(app, self.platform.dispatcher, session_secret=secret, mailbox=self.mailbox)
        return app

    def person(self, name: str) -> Person:
        """Come in as this principal."""
        return Person(self.api, self.keys[name])

    def case_of(self, document: str) -> str:
        """The case of a demonstration document."""
        clerk = str(demo_documents()[document]["submitted_by"])
        row = self.read(lambda uow: uow.command(clerk, f"demo-{document}"))
        assert row is not None, f"{document} was not handed in"
        case_id: str = json.loads(row.answer)["answer"]["case_id"]
        return case_id

    def case(self, document: str) -> Answer:
        """The case of a demonstration document, as an auditor sees it."""
        return self.person("samuel.grant").get(f"/cases/{self.case_of(document)}")

    def timeline(self, document: str) -> list[Answer]:
        """The story of a demonstration document's case."""
        entries: list[Answer] = self.person("samuel.grant").get(f"/cases/{self.case_of(document)}/timeline")["entries"]
        return entries

    def task(self, document: str) -> Answer:
        """The one open task of a demonstration document's case."""
        (task,) = [task for task in self.case(document)["tasks"] if task["status"] == "open"]
        return task

    def record(self, kind: str, key: str) -> dict[str, Any]:
        """A reference record in force."""
        records = self.person("samuel.grant").get(f"/reference/{kind}")["records"]
        (body,) = [record["body"] for record in records if record["key"] == key]
        assert isinstance(body, dict)
        return body

    def work(self) -> None:
        """Let the worker do what is due."""
        work_until_idle(self.platform.dispatcher, "acceptance")

    def later(self, span: timedelta) -> "Company":
        """The same company, on the same database, when so much time has passed."""
        clock = TenantClock(lambda: machine_time() + span)
        environment = replace(self.platform.environment, clock=clock)
        return make_company(Platform(self.platform.settings, environment, Dispatcher(environment, USE_CASES)))

    def read(self, question: Callable[[UnitOfWork], T]) -> T:
        """Ask the store."""
        return self.platform.environment.store.read(TENANT, question)


def holds_from_before(platform: Platform, tenant: TenantId, person: str, body: Mapping[str, Any]) -> None:
    """Have somebody hold roles that are not given together: by a record from before that was so."""

    def write(uow: UnitOfWork) -> None:
        alias, content = f"person/{person}", {**body}
        version = 1 + max((row.version for row in uow.references([alias])[alias]), default=0)
        text, aliases, now = encode(content).decode(), KINDS["person"].aliases(person, body), machine_time()
        uow.insert(ReferenceRow("person", person, version, text, digest(content), now, "importer", aliases))

    platform.environment.store.run(tenant, write)


@cache
def demo_documents() -> dict[str, dict[str, Any]]:
    """The demonstration documents by id, with what is expected of each."""
    return {facts["id"]: facts for facts in json.loads((DEMO / "documents.json").read_text())["documents"]}


def demo_bytes(document: str) -> bytes:
    """A demonstration document as received."""
    return (DEMO / str(demo_documents()[document]["file"])).read_bytes()


def demo_form(document: str) -> bytes:
    """A demonstration document that comes as a table, in the canonical JSON form."""
    facts = demo_documents()[document]
    (mapping,) = (m for m in json.loads((DEMO / "mappings.json").read_text()) if m.pop("key") == facts["mapping"])
    ((part,), _) = read_table(demo_bytes(document), mapping)
    assert part.read.invoice is not None
    return json.dumps(to_json(part.read.invoice), indent=2).encode()


def at_the_door(document: str) -> tuple[bytes, str]:
    """A demonstration document as a door takes it, and its media type: a row of a table in the canonical form."""
    facts = demo_documents()[document]
    if "mapping" in facts:
        return demo_form(document), "application/json"
    return demo_bytes(document), str(facts["media_type"])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A company at rest: its files, and the database that is copied with them."""

    home: Path
    database: str  # PostgreSQL's name of it; empty for the file in `home`


class Databases:
    """Places for companies on one kind of database."""

    def __init__(self, kind: str, place: Path) -> None:
        self.kind = kind
        self._place = place

    def empty(self) -> Snapshot:
        """A place with the schema and nothing in it."""
        home, name = self._new()
        home.mkdir()
        if name:
            run_on_server(f"CREATE DATABASE {name}")
        snapshot = Snapshot(home, name)
        upgrade(self.settings(snapshot).database_url)
        return snapshot

    def copy(self, snapshot: Snapshot) -> Snapshot:
        """A copy that belongs to one test."""
        home, name = self._new()
        shutil.copytree(snapshot.home, home)
        if name:
            run_on_server(f"CREATE DATABASE {name} TEMPLATE {snapshot.database}")
        made = Snapshot(home, name)
        keys = home / KEYS_FILE
        if keys.exists():
            kept = json.loads(keys.read_text()) | {"database": self.settings(made).database_url}
            keys.write_text(json.dumps(kept))
        return made

    def drop(self, snapshot: Snapshot) -> None:
        """Remove a place."""
        shutil.rmtree(snapshot.home)
        if snapshot.database:
            run_on_server(f"DROP DATABASE {snapshot.database} WITH (FORCE)")

    def settings(self, snapshot: Snapshot) -> Settings:
        """What a process there is started with."""
        url = f"{SERVER.rsplit('/', 1)[0]}/{snapshot.database}" if snapshot.database else ""
        return Settings(snapshot.home, url or f"sqlite:///{snapshot.home / 'comptroller.sqlite3'}", "", "secret")

    @contextmanager
    def platform(self, snapshot: Snapshot) -> Iterator[Platform]:
        """A process at work there."""
        built = build(self.settings(snapshot))
        environment = replace(built.environment, policies=POLICIES, packs=PACKS)
        try:
            yield Platform(built.settings, environment, Dispatcher(environment, USE_CASES))
        finally:
            built.close()

    @contextmanager
    def company(self, snapshot: Snapshot) -> Iterator[Company]:
        """The company on a copy of a snapshot, gone afterwards."""
        own = self.copy(snapshot)
        try:
            with self.platform(own) as platform:
                yield make_company(platform)
        finally:
            self.drop(own)

    def _new(self) -> tuple[Path, str]:
        name = f"comptroller_{uuid4().hex}"
        return self._place / name, name if self.kind == "postgresql" else ""


def set_undo(store: Store, seconds: int) -> None:
    """Let people of the demonstration company take their acts back for so long; 0 carries each out at once."""

    def write(uow: UnitOfWork) -> None:
        (row,) = uow.references(["tenant/self"])["tenant/self"]
        body = json.dumps({**json.loads(row.body), "undo_s": seconds})
        uow.insert(revised(row, version=row.version + 1, body=body, digest=f"undo {seconds}"))

    store.run(TENANT, write)


def make_company(platform: Platform) -> Company:
    """The company that a platform holds, with the keys that its founding left."""
    return Company(platform, json.loads((platform.settings.home / KEYS_FILE).read_text()))


def run_on_server(statement: str) -> None:
    """Run one statement on the PostgreSQL server, outside a transaction."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(statement.encode())

"""The command line's own place of work: which home, which database, which tenant, as whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import sqlalchemy

from comptroller.adapters.database import upgrade
from comptroller.adapters.database.migration import engine_url, revisions
from comptroller.application.dispatcher import Request
from comptroller.application.work import work_until_idle
from comptroller.bootstrap import Platform, build, pack_files
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.cli.output import Exit, fail, refuse
from comptroller.settings import Settings

DATABASE_URL_FORM: Final = "sqlite:///PATH or postgresql://USER@HOST/NAME"

CONNECT_S_MAX: Final = 5
"""Seconds that a command waits for a database server to take its connection."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """An open platform and the tenant that commands are about."""

    platform: Platform
    tenant: TenantId

    def run(self, principal: str, command: object, *, as_json: bool, key: str = "") -> Any:
        """Run a use case as a principal; a refusal ends the process. What falls due at once is done at once."""
        answer = self.platform.dispatcher.execute(self.tenant, Request(principal, command, key))
        if isinstance(answer, Rejection):
            refuse(answer, as_json=as_json)
        return answer

    def rehearse(self, principal: str, command: object, *, as_json: bool) -> Any:
        """Say what a use case would answer."""
        answer = self.platform.dispatcher.rehearse(self.tenant, Request(principal, command))
        if isinstance(answer, Rejection):
            refuse(answer, as_json=as_json)
        return answer

    def settle(self) -> None:
        """Do in this process what a worker would do next: the embedded default has no other."""
        if self.platform.settings.database_url.startswith("sqlite"):
            work_until_idle(self.platform.dispatcher, "command-line")


@contextmanager
def workplace(database_url: str = "", tenant: str = "") -> Iterator[Workplace]:
    """Open the platform; without a named tenant, the only one there is."""
    platform = build(open_settings(database_url))
    try:
        tenants = platform.environment.store.tenants()
        if not tenants:
            text = "there is no tenant yet"
            fail(
                "TENANT-NONE-01",
                text,
                Exit.NOT_FOUND,
                help="run `comptroller demo --once` or `comptroller tenant create`",
            )
        if not tenant and len(tenants) > 1:
            fail("TENANT-MANY-01", "there are several tenants", help=f"name one with --tenant: {', '.join(tenants)}")
        chosen = TenantId(tenant or tenants[0])
        if chosen not in tenants:
            text = f"there is no tenant `{chosen}`"
            fail("TENANT-UNKNOWN-01", text, Exit.NOT_FOUND, help=f"name one with --tenant: {', '.join(tenants)}")
        yield Workplace(platform, chosen)
    finally:
        platform.close()


def open_settings(database_url: str = "", *, needs_schema: bool = True) -> Settings:
    """The settings, with a database that can be had; an embedded one is brought up to date."""
    settings = Settings.read(database_url=database_url)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"cannot use `{settings.home}` as the home: {error.strerror or error}"
        fail("HOME-OPEN-01", text, Exit.NOT_FOUND, help="name a folder that can be written in COMPTROLLER_HOME")
    reach(settings.database_url, needs_schema=needs_schema)
    return settings


def reach(database_url: str, *, needs_schema: bool) -> None:
    """Open the database once, or end with what is wrong with it: a store that waits for connections says it late."""
    try:
        url = engine_url(database_url)
    except (ValueError, sqlalchemy.exc.ArgumentError):
        fail("DATABASE-URL-01", "this is no database that is used here", help=f"write {DATABASE_URL_FORM}")
    is_embedded, shown = url.drivername == "sqlite", url.set(drivername=url.get_backend_name()).render_as_string()
    options = {} if is_embedded else {"connect_timeout": CONNECT_S_MAX}
    engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool, connect_args=options)
    try:
        revision = _revision(engine)
        if is_embedded and (not revision or revision in revisions()):
            upgrade(database_url)
            revision = _revision(engine)
    except sqlalchemy.exc.DBAPIError as error:
        why = str(error.orig).strip().partition("\n")[0]
        text = f"cannot use the database `{shown}`: {why}"
        fail("DATABASE-REACH-01", text, Exit.LATER, help="see that it runs and that --database-url names it")
    if revision and revision not in revisions() and (is_embedded or not needs_schema):
        text = f"the database `{shown}` has the schema of a later release, {revision}"
        fail("DATABASE-SCHEMA-03", text, Exit.LATER, help="run the release that has upgraded it, or a later one")
    if needs_schema and revision in revisions()[1:]:  # a later one is there while releases are exchanged
        text = f"the database `{shown}` has the schema of an earlier release, {revision}"
        fail("DATABASE-SCHEMA-02", text, Exit.LATER, help="run `comptroller db upgrade` with the same --database-url")
    if needs_schema and not revision:
        text = f"the database `{shown}` has no schema yet"
        fail(
            "DATABASE-SCHEMA-01", text, Exit.NOT_FOUND, help="run `comptroller db upgrade` with the same --database-url"
        )


def _revision(engine: sqlalchemy.Engine) -> str:
    """The revision of the schema that a database has; empty for none."""
    with engine.connect() as connection:
        if not sqlalchemy.inspect(connection).has_table("alembic_version"):
            return ""
        return str(connection.execute(sqlalchemy.text("SELECT version_num FROM alembic_version")).scalar() or "")


def read_pack(folder: Path) -> dict[str, bytes]:
    """The files of a pack, by their path in it, or a coded end."""
    files = pack_files(folder) if folder.is_dir() else {}
    if "pack.toml" not in files:
        fail("PACK-OPEN-01", f"there is no policy pack in `{folder}`", Exit.NOT_FOUND, help="name its folder")
    return files


def read_file(path: Path) -> bytes:
    """A file's bytes, or a coded end; no more of them than tell that a document is too large."""
    try:
        with path.open("rb") as file:
            return file.read(limits.DOCUMENT_BYTES_MAX + 1)
    except OSError as error:
        text = f"cannot read `{path}`: {error.strerror or error}"
        fail("FILE-READ-01", text, Exit.NOT_FOUND, help="name a file that is there and may be read")

"""The command line's own place of work: which home, which database, which tenant, as whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from comptroller.adapters.database import upgrade
from comptroller.application.dispatcher import Request
from comptroller.application.work import work_until_idle
from comptroller.bootstrap import Platform, build
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.cli.output import Exit, fail, refuse
from comptroller.settings import Settings


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
            fail("TENANT-NONE-01", "there is no tenant yet: run `comptroller demo --once` or found one", Exit.NOT_FOUND)
        if not tenant and len(tenants) > 1:
            fail("TENANT-MANY-01", f"name one of the tenants with --tenant: {', '.join(tenants)}")
        chosen = TenantId(tenant or tenants[0])
        if chosen not in tenants:
            fail("TENANT-UNKNOWN-01", f"there is no tenant `{chosen}`", Exit.NOT_FOUND)
        yield Workplace(platform, chosen)
    finally:
        platform.close()


def open_settings(database_url: str = "") -> Settings:
    """The settings, with an embedded database brought up to date."""
    settings = Settings.read(database_url=database_url)
    if settings.database_url.startswith("sqlite"):
        settings.home.mkdir(parents=True, exist_ok=True)
        upgrade(settings.database_url)
    return settings


def read_file(path: Path) -> bytes:
    """A file's bytes, or a coded end."""
    try:
        return path.read_bytes()
    except OSError as error:
        fail("FILE-READ-01", f"cannot read `{path}`: {error.strerror or error}", Exit.NOT_FOUND)

"""Tenants from the command line: founding one hands over the key with which everything else is brought in."""

import re
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import available_timezones

import typer

from comptroller.application.access import IssueApiKey
from comptroller.application.casework.gathering import GROUP_CURRENCY
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.bootstrap import build, pack_source
from comptroller.domain.kernel.fault import Severity
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.cli.output import OUT, Exit, fail, print_facts, print_json
from comptroller.entrypoints.cli.workplace import open_settings, read_pack

PACK: Final = Path("packs/accounts-payable")
_KEY: Final = re.compile(r"[a-z][a-z0-9-]{0,62}")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")

app = typer.Typer(no_args_is_help=True, help="Tenants.")

DatabaseUrl = Annotated[str, typer.Option("--database-url", help="sqlite:///PATH or postgresql://...")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


@app.command("create")
def create(
    key: Annotated[str, typer.Argument(help="Its name in keys and addresses: letters, digits, `-`.")],
    name: Annotated[str, typer.Option(help="Its name for people.")],
    colour: Annotated[str, typer.Option(help="Of its pages.")] = "#1d5fa8",
    time_zone: Annotated[str, typer.Option(help="Of its pages, such as Europe/Berlin.")] = "UTC",
    managed_by: Annotated[str, typer.Option(help="Who runs the platform for it.")] = "",
    pack: Annotated[Path, typer.Option(help="The folder of its policy.")] = PACK,
    database_url: DatabaseUrl = "",
    as_json: AsJson = False,
) -> None:
    """Found a tenant and print the API key of its importer, this once."""
    if _KEY.fullmatch(key) is None:
        fail("TENANT-KEY-01", f"`{key}` cannot name a tenant", help="write a letter, then letters, digits and `-`")
    if _COLOUR.fullmatch(colour) is None:
        fail("TENANT-COLOUR-01", f"`{colour}` is no colour", help="write #rrggbb")
    if time_zone not in available_timezones():
        fail("TENANT-ZONE-01", f"`{time_zone}` is no time zone", help="write one such as Europe/Berlin")
    files = read_pack(pack)
    faults = [fault for fault in pack_source(files).faults if fault.severity is Severity.ERROR]
    if faults:
        text = f"the pack has faults: {faults[0].code} {faults[0].path}: {faults[0].message}"
        fail("PACK-FAULT-01", text, Exit.NO, help="run `comptroller policy check` on its folder")
    platform = build(open_settings(database_url))
    try:
        tenant = TenantId(key)
        founding = Founding(
            tenant, name, colour, files, time_zone=time_zone, managed_by=managed_by, group_currency=GROUP_CURRENCY
        )
        if not found_tenant(platform.environment, founding):
            fail("TENANT-KNOWN-01", f"the tenant `{key}` is there already", Exit.REFUSED, help="choose another key")
        answer = platform.dispatcher.execute(tenant, Request(IMPORTER, IssueApiKey(IMPORTER)))
    finally:
        platform.close()
    if as_json:
        print_json({"tenant": key, "principal": IMPORTER, "api_key": answer["api_key"]})
        return
    print_facts({"tenant": key, "principal": IMPORTER, "api key": answer["api_key"]})
    OUT.print("Keep the key: it is shown this once. With it, bring in entities, people and suppliers (docs/http.md),")
    OUT.print("or from a file, on this machine: comptroller reference import FILE --as importer")


@app.command("list")
def listed(database_url: DatabaseUrl = "", as_json: AsJson = False) -> None:
    """List the tenants."""
    platform = build(open_settings(database_url))
    try:
        tenants = sorted(platform.environment.store.tenants())
    finally:
        platform.close()
    if as_json:
        print_json({"tenants": tenants})
    else:
        for tenant in tenants:
            OUT.print(tenant, markup=False)

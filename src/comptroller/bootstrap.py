"""Brings ports and adapters together: the only module that knows the concrete classes."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.adapters.database import open_store
from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.dmn_xml import write as write_dmn
from comptroller.adapters.einvoice import check_to_take_in, read_purchase, write_invoice_response
from comptroller.adapters.keys import DataKeys, KeyDirectory
from comptroller.adapters.mail import MailAddressError, MailServer, SmtpSender
from comptroller.adapters.mail.answer_links import SealedLinks
from comptroller.adapters.mail_intake import open_mail
from comptroller.adapters.surroundings import MachineChance, TenantClock, machine_time, pinned_time_zones
from comptroller.adapters.tabular import TableFiles
from comptroller.adapters.yaml_reading import read_yaml
from comptroller.adapters.yaml_writing import write_yaml
from comptroller.application.caller import PACK
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.packs import Packs
from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.notices import NoticeChannels
from comptroller.application.ports.surroundings import Connector
from comptroller.application.ports.waking import Polling, Wakes
from comptroller.application.ports.work import Pace, Terms
from comptroller.application.reach import check_asked, check_decisions, check_reach
from comptroller.application.session import Environment
from comptroller.application.starting.checks import check_answers
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.identity import is_mail_address
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.packs import content_hash, read_pack
from comptroller.domain.packs.compiling import KEPT_MAX, compile_models
from comptroller.domain.packs.duties_apart import Apart, check_roles
from comptroller.domain.packs.examples import Situation, read_examples
from comptroller.domain.packs.invariant import INVARIANTS, read_invariants
from comptroller.domain.packs.lint import lint
from comptroller.domain.packs.source import Source
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.calling import check_calls
from comptroller.settings import Settings

if TYPE_CHECKING:
    from comptroller.adapters.connectors.http import HttpConnector


class SettingsError(ValueError):
    """The settings do not go together."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A process of Comptroller, ready to work."""

    settings: Settings
    environment: Environment
    dispatcher: Dispatcher
    closing: Sequence[Callable[[], None]] = ()  # of what else was opened

    def close(self) -> None:
        """Let go of the database, the broker and the outside systems."""
        self.environment.store.close()
        self.environment.wakes.close()
        for close in self.closing:
            close()


def build(
    settings: Settings,
    *,
    machine: Callable[[], datetime] = machine_time,
    pace: Pace | None = None,
    policies: PolicyLibrary | None = None,
) -> Platform:
    """Make the platform that the settings describe; the database must have been upgraded.

    `machine` is this machine's clock, and `pace` how long leases last, where they are not those of the product;
    `policies` are what processes forked from one have compiled before.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    keys, pace = settings.home / "keys", pace or Pace()
    wakes = wakes_of(settings)
    store = open_store(
        settings.database_url, DataKeys(keys), machine=machine, standstill_s=pace.lease_s, committed=wakes.say
    )
    connectors: dict[str, Connector] = {}
    closing: list[Callable[[], None]] = []
    if settings.ledger_url:
        connectors["ledger"] = ledger = ledger_connector(settings.ledger_url, store.now)
        closing.append(ledger.close)
    signing_keys = KeyDirectory(keys, origin="comptroller")
    environment = Environment(
        store=store,
        clock=TenantClock(store.now),
        chance=MachineChance(),
        policies=policies or PolicyLibrary(compile_pack),
        packs=open_packs(),
        read_document=check_to_take_in,
        signer_of=signing_keys.signer,
        verifier_of=signing_keys.known_signer,
        time_zones=pinned_time_zones(),
        connectors=connectors,
        tables=TableFiles(),
        open_mail=partial(open_mail, trusted_server=settings.intake_mail_server),
        read_purchase=read_purchase,
        write_response=write_invoice_response,
        notices=notice_channels(settings, keys, store.now),
        terms={"ledger": ledger_terms(settings)},
        pace=pace,
        wakes=wakes,
    )
    return Platform(settings, environment, Dispatcher(environment, USE_CASES), closing)


def open_packs() -> Packs:
    """How packs are read and written; nothing is found in them yet."""
    return Packs(pack_source, _read_decisions, read_situations, write_dmn, write_yaml, monotonic)


def wakes_of(settings: Settings) -> Wakes:
    """How workers are told that there is work."""
    if not settings.wake_url:
        return Polling()
    from comptroller.adapters.eventbus import NatsWakes, WakeAddressError  # noqa: PLC0415 - only who needs it loads it

    try:
        return NatsWakes(settings.wake_url)
    except WakeAddressError as error:
        raise SettingsError(f"COMPTROLLER_WAKE_URL: {error}") from None


def ledger_connector(url: str, now: Callable[[], datetime]) -> "HttpConnector":
    """Where postings are delivered; an address that is none is a `SettingsError`."""
    from comptroller.adapters.connectors.http import HttpConnector  # noqa: PLC0415 - only who needs it loads it

    try:
        return HttpConnector(url, now=now)
    except ValueError as error:
        raise SettingsError(f"COMPTROLLER_LEDGER_URL: {error}") from None


def ledger_terms(settings: Settings) -> Terms:
    """What the ledger's system bears of all workers together."""
    at_once, per_s = settings.ledger_at_once or "0", settings.ledger_per_s or "0"
    if not (at_once.isascii() and at_once.isdigit()):
        raise SettingsError(f"COMPTROLLER_LEDGER_AT_ONCE is `{at_once}`: write how many deliveries at once, such as 4")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", per_s, re.ASCII):
        raise SettingsError(f"COMPTROLLER_LEDGER_PER_S is `{per_s}`: write how many deliveries a second, such as 0.5")
    return Terms(int(at_once), float(per_s))


def notice_channels(settings: Settings, keys: Path, now: Callable[[], datetime]) -> NoticeChannels:
    """The ways to people that the settings switch on; one that is half set up is a `SettingsError`."""
    base = settings.base_url
    if not base and (settings.mail_url or settings.push_contact):
        raise SettingsError("notices need COMPTROLLER_BASE_URL, the address of the page that their links begin with")
    if base and not is_base_url(base):
        raise SettingsError(f"COMPTROLLER_BASE_URL is `{base}`: write an address such as https://comptroller.example")
    mail = push = None
    if settings.mail_url:
        if not is_mail_address(settings.mail_from):
            raise SettingsError(
                f"COMPTROLLER_MAIL_FROM is `{settings.mail_from}`: write the address that mails come from"
            )
        try:
            mail = SmtpSender(MailServer.read(settings.mail_url), sender=settings.mail_from)
        except MailAddressError as error:
            raise SettingsError(f"COMPTROLLER_MAIL_URL: {error}") from None
    if settings.push_contact:
        if not settings.push_contact.startswith(("mailto:", "https://")):
            raise SettingsError("COMPTROLLER_PUSH_CONTACT is an address such as mailto:operator@comptroller.example")
        from comptroller.adapters.push import PUSH_HOSTS, VapidKey, WebPushSender  # noqa: PLC0415 - only who needs it loads it

        hosts = settings.push_hosts or PUSH_HOSTS
        push = WebPushSender(VapidKey.in_directory(keys), contact=settings.push_contact, hosts=hosts, now=now)
    links = SealedLinks(settings.session_secret) if settings.session_secret else None
    return NoticeChannels(base, mail, push, links)


def is_base_url(text: str) -> bool:
    """Whether a text is an address that links can begin with; in the clear only on this machine."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = not (parts.query or parts.fragment or parts.username) and text.isascii() and text.isprintable()
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return is_plain and bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_here))


def pack_files(folder: Path) -> dict[str, bytes]:
    """The files of a pack on disk that are policy: everything but its demonstration data."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.relative_to(folder).parts[0] != "demo"
    }


@lru_cache(maxsize=KEPT_MAX)
def read_situations(path: str, content: bytes) -> tuple[tuple[Situation, ...], tuple[Fault, ...]]:
    """Read a file of a pack's examples."""
    try:
        return read_examples(path, read_yaml(content))
    except ValueError as error:
        return (), (Fault("PACK-EXAMPLE-01", path, str(error), by="pack", help="mend the YAML"),)


def compile_pack(files: Mapping[str, bytes], *, released: bool = False) -> Policy | tuple[Fault, ...]:
    """Compile every decision and process of a pack, or answer all its faults.

    Of one that was `released` the processes are not checked again: a stricter check keeps no case from going on.
    """
    pack, faults = read_pack(files)
    definitions, read, found = _read_models(files, released=released)
    found[:0] = faults
    models, problems = compile_models(definitions.values())
    found += problems
    processes = {process.id: process for process in read.values()}
    for process in processes.values():
        found += check_decisions(process, models.keys())
        if not released:
            found += check_reach(process, processes, pack.roles if pack is not None else ())
    if not released:
        found += check_calls(processes)
    if pack is None or any(fault.severity is Severity.ERROR for fault in found):
        return tuple(found)
    invariants, _ = read_invariants(files.get(INVARIANTS, b""), pack.roles)
    apart = Apart.of(pack.roles, invariants, processes.values())
    return Policy(content_hash(files), pack, models, processes, apart)


def pack_source(files: Mapping[str, bytes]) -> Source:
    """Read a pack's sources and collect every fault in them."""
    pack, faults = read_pack(files)
    definitions, processes, found = _read_models(files)
    found[:0] = faults
    situations: list[Situation] = []
    for path, content in files.items():
        if path.startswith("examples/") and path.endswith(".yaml"):
            read, problems = read_situations(path, content)
            situations += read
            found += problems
    models, problems = compile_models(definitions.values())
    found += problems
    asked = {path: sorted(process.decisions) for path, process in processes.items()}
    roles = pack.roles if pack is not None else {}
    found += lint(definitions, asked, roles, overridable=pack.overridable if pack is not None else ())
    if pack is not None and pack.key != PACK:
        message = f"the key is `{pack.key}`: an installation knows one pack, whose key is `{PACK}`"
        found.append(Fault("PACK-MANIFEST-02", "pack.toml/key", message, by="pack", help="give it that key"))
    by_id = {process.id: process for process in processes.values()}
    found += [fault for process in by_id.values() for fault in check_reach(process, by_id, roles)]
    found += check_calls(by_id)
    found += check_asked(by_id, models.keys())
    found += check_roles(roles)
    found += [fault for each in by_id.values() for fault in check_answers(each, by_id, [*definitions.values()])]
    invariants, problems = read_invariants(files.get(INVARIANTS, b""), roles)
    found += problems
    return Source(files, pack, definitions, models, processes, tuple(situations), invariants, tuple(found))


_read_decisions = lru_cache(maxsize=KEPT_MAX)(read_dmn)
"""A file that is the same in two versions is the same object in both, and so is its compiled model."""


def _read_models(
    files: Mapping[str, bytes], *, released: bool = False
) -> tuple[dict[str, Definitions], dict[str, Process], list[Fault]]:
    """The decisions and processes of a pack by file."""
    definitions: dict[str, Definitions] = {}
    processes: dict[str, Process] = {}
    found: list[Fault] = []
    for path, content in files.items():
        if path.endswith(".dmn"):
            definition, problems = _read_decisions(content)
            found += problems
            if definition is not None:
                definitions[path] = definition
        elif path.endswith(".bpmn"):
            process, problems = read_bpmn(content, released=released)
            found += problems
            if process is not None:
                processes[path] = process
    return definitions, processes, found

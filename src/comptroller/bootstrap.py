"""Brings ports and adapters together: the only module that knows the concrete classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.adapters.connectors.http import HttpConnector
from comptroller.adapters.database import open_store
from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.einvoice import check, read_purchase, write_invoice_response
from comptroller.adapters.keys import DataKeys, KeyDirectory
from comptroller.adapters.mail import MailAddressError, MailServer, SmtpSender
from comptroller.adapters.mail_intake import open_mail
from comptroller.adapters.push import PUSH_HOSTS, VapidKey, WebPushSender
from comptroller.adapters.surroundings import MachineChance, TenantClock, machine_time, pinned_time_zones
from comptroller.adapters.tabular import TableFiles
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.notices import NoticeChannels
from comptroller.application.ports.surroundings import Connector
from comptroller.application.session import Environment
from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.identity import is_mail_address
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.packs import content_hash, read_pack
from comptroller.domain.workflow import Process
from comptroller.settings import Settings


class SettingsError(ValueError):
    """The settings do not go together."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A process of Comptroller, ready to work."""

    settings: Settings
    environment: Environment
    dispatcher: Dispatcher

    def close(self) -> None:
        """Let go of the database."""
        self.environment.store.close()


def build(settings: Settings) -> Platform:
    """Make the platform that the settings describe; the database must have been upgraded."""
    settings.home.mkdir(parents=True, exist_ok=True)
    connectors: dict[str, Connector] = {}
    if settings.ledger_url:
        connectors["ledger"] = HttpConnector(settings.ledger_url)
    keys = settings.home / "keys"
    signing_keys = KeyDirectory(keys, origin="comptroller")
    environment = Environment(
        store=open_store(settings.database_url, DataKeys(keys)),
        clock=TenantClock(),
        chance=MachineChance(),
        policies=PolicyLibrary(compile_pack),
        read_document=check,
        signer_of=signing_keys.signer,
        verifier_of=signing_keys.known_signer,
        time_zones=pinned_time_zones(),
        connectors=connectors,
        tables=TableFiles(),
        open_mail=partial(open_mail, trusted_server=settings.intake_mail_server),
        read_purchase=read_purchase,
        write_response=write_invoice_response,
        notices=notice_channels(settings, keys),
    )
    return Platform(settings, environment, Dispatcher(environment, USE_CASES))


def notice_channels(settings: Settings, keys: Path) -> NoticeChannels:
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
        hosts = settings.push_hosts or PUSH_HOSTS
        push = WebPushSender(VapidKey.in_directory(keys), contact=settings.push_contact, hosts=hosts, now=machine_time)
    return NoticeChannels(base, mail, push)


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


def compile_pack(files: Mapping[str, bytes]) -> Policy | tuple[Fault, ...]:
    """Compile every decision and process of a pack, or answer all its faults."""
    pack, faults = read_pack(files)
    found: list[Fault] = list(faults)
    models: dict[str, Model] = {}
    processes: dict[str, Process] = {}
    for path, content in files.items():
        if path.endswith(".dmn"):
            definitions, problems = read_dmn(content)
            found += problems
            if definitions is not None:
                model = compile_model(definitions)
                found += model.faults
                models |= dict.fromkeys(model.decision_names, model)
        elif path.endswith(".bpmn"):
            process, problems = read_bpmn(content)
            found += problems
            if process is not None:
                processes[process.id] = process
    for process in processes.values():
        for name in sorted(process.decisions - models.keys()):
            found.append(Fault("PACK-DECISION-01", process.id, f"the process asks for the unknown decision `{name}`"))
    if pack is None or any(fault.severity is Severity.ERROR for fault in found):
        return tuple(found)
    return Policy(content_hash(files), pack, models, processes)

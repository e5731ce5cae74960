"""Brings ports and adapters together: the only module that knows the concrete classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from comptroller.adapters.bpmn_xml import read as read_bpmn
from comptroller.adapters.connectors.http import HttpConnector
from comptroller.adapters.database import open_store
from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.einvoice import check
from comptroller.adapters.keys import DataKeys, KeyDirectory
from comptroller.adapters.surroundings import MachineChance, TenantClock, pinned_time_zones
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.surroundings import Connector
from comptroller.application.session import Environment
from comptroller.domain.decisions import Model, compile_model
from comptroller.domain.kernel.fault import Fault, Severity
from comptroller.domain.packs import content_hash, read_pack
from comptroller.domain.workflow import Process
from comptroller.settings import Settings


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
    )
    return Platform(settings, environment, Dispatcher(environment, USE_CASES))


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

"""Who asks, when, and with what at hand: handed to every use case."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from comptroller.application.evidence import Evidence
from comptroller.application.groundwork import Groundwork
from comptroller.application.packs import Packs
from comptroller.application.policy import Policy, PolicyLibrary
from comptroller.application.ports.intake import MailOpener, PurchaseReader, ResponseWriter, Tables
from comptroller.application.ports.notices import NO_CHANNELS, NoticeChannels
from comptroller.application.ports.signing import SignerOf, VerifierOf
from comptroller.application.ports.store import Store, UnitOfWork
from comptroller.application.ports.surroundings import Chance, Clock, Connector, DocumentReader
from comptroller.application.ports.waking import Polling, Wakes
from comptroller.application.ports.work import Pace, Terms
from comptroller.domain.identity import Duty, Principal
from comptroller.domain.kernel.fault import Rejection


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything outside the domain that use cases are run with; built once, by `bootstrap`."""

    store: Store
    clock: Clock
    chance: Chance
    policies: PolicyLibrary
    packs: Packs
    read_document: DocumentReader
    signer_of: SignerOf
    verifier_of: VerifierOf
    time_zones: str  # the version of the time zone rules that decisions are taken with
    connectors: Mapping[str, Connector]
    tables: Tables
    open_mail: MailOpener
    read_purchase: PurchaseReader
    write_response: ResponseWriter
    notices: NoticeChannels = NO_CHANNELS
    terms: Mapping[str, Terms] = field(default_factory=dict)  # what each connector's system bears
    pace: Pace = field(default_factory=Pace)
    wakes: Wakes = field(default_factory=Polling)


@dataclass(frozen=True, slots=True)
class Caller:
    """A principal with the duties that its roles give it under the policy in force."""

    principal: Principal
    duties: frozenset[Duty]

    @property
    def id(self) -> str:
        """The principal's id."""
        return self.principal.id

    def sees(self, entity: str) -> bool:
        """Whether the caller works for this entity; a case without a known entity is seen by who works for all."""
        return "*" in self.principal.entities or (entity != "" and entity in self.principal.entities)

    def among(self, entity: str = "") -> Collection[str] | None:
        """The entities whose cases a list holds for the caller, or the one asked for of them; None: all cases."""
        if entity:
            return (entity,) if self.sees(entity) else ()
        return None if "*" in self.principal.entities else [each for each in self.principal.entities if each]


@dataclass(frozen=True, slots=True)
class Session:
    """One use case being run: its unit of work, its caller, its instant."""

    environment: Environment
    uow: UnitOfWork
    caller: Caller
    policy: Policy  # in force
    now: datetime  # the tenant's
    machine_now: datetime
    evidence: Evidence
    groundwork: Groundwork


@dataclass(frozen=True, slots=True)
class Refused:
    """A use case's answer that it will not: rolled back, then recorded on the case's stream or on the caller's."""

    rejection: Rejection
    case_id: str = ""
    milestone: str = ""  # of the case, where the refusal is one

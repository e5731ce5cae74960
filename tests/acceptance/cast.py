"""One principal for every role, each with a key, and a second tenant in the same database with its own."""

import tomllib
from dataclasses import dataclass
from typing import Any, Final

from tests.acceptance.company import ROOT, Company, Person, holds_from_before

from comptroller.application.access import IssueApiKey
from comptroller.application.dispatcher import Request
from comptroller.application.founding import IMPORTER, Founding, found_tenant
from comptroller.bootstrap import pack_files
from comptroller.domain.kernel.ids import TenantId

PACK: Final = ROOT / "packs" / "accounts-payable"
ROLES: Final[dict[str, Any]] = tomllib.loads((PACK / "roles.toml").read_text())
KINDS: Final = {"assistant": "agent", "importer": "integration", "system": "system"}
"""What is no person."""

NOBODY: Final = "no role"
OTHER: Final = TenantId("other")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who comes to the door."""

    company: Company
    at_home: dict[str, Person]  # by role, working for the entity whose cases are asked for; and one with no role
    elsewhere: dict[str, Person]  # by role, working for another entity
    foreign: Person  # holds every role, in the other tenant
    foreign_id: str

    @staticmethod
    def principal(role: str) -> str:
        """The id of who holds a role at home."""
        return f"home.{role.replace(' ', '-')}"


def assemble(company: Company) -> Cast:
    """Bring in a principal for every role, twice, and found the other tenant."""
    importer = company.person("importer")
    at_home, elsewhere = {}, {}
    for role in [*ROLES, NOBODY]:
        at_home[role] = _hire(company, importer, Cast.principal(role), role, "DE")
        elsewhere[role] = _hire(company, importer, f"away.{role.replace(' ', '-')}", role, "FR")
    return Cast(company, at_home, elsewhere, _foreigner(company), "everybody")


def _hire(company: Company, importer: Person, principal: str, role: str, entity: str) -> Person:
    roles = [] if role == NOBODY else [role]
    body = {"name": principal, "kind": KINDS.get(role, "person"), "roles": roles, "entities": [entity]}
    assert importer.put("person", principal, body).status_code == 200
    answer = importer.client.post(f"/v1/people/{principal}/keys")
    assert answer.status_code == 201, answer.text
    return Person(company.app, answer.json()["api_key"])


def _foreigner(company: Company) -> Person:
    dispatcher = company.platform.dispatcher
    found_tenant(dispatcher.environment, Founding(OTHER, "Another company", "#333333", pack_files(PACK)))
    body = {"name": "Everybody", "kind": "person", "roles": list(ROLES), "entities": ["*"]}
    holds_from_before(company.platform, OTHER, "everybody", body)
    return Person(company.app, dispatcher.execute(OTHER, Request(IMPORTER, IssueApiKey("everybody")))["api_key"])

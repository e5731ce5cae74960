"""A pack's manifest and roles: what the pack is, and who holds which duties under it.

A pack is data only: decisions as DMN, processes as BPMN, accounts and roles as TOML. Its version is the hash of its
files, so that two packs with one hash are one policy.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from comptroller.domain.controls.posting import Accounts
from comptroller.domain.identity import Role
from comptroller.domain.kernel.fault import Fault

MANIFEST: Final = "pack.toml"
ROLES: Final = "roles.toml"
DELEGABLE: Final = frozenset({"approval", "release"})
"""The kinds of signatures that are measured against both people's limits: of invoices, and of orders and contracts."""

SIGNATURES: Final = DELEGABLE | {"verification", "payment", "policy"}


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a policy pack, as its manifest describes it."""

    key: str
    name: str
    version: str  # for people; what is in force is chosen by hash
    owner: str
    accounts: Accounts
    roles: Mapping[str, Role]
    overridable: frozenset[str] = frozenset()  # the decisions and functions that an entity may say otherwise
    kept: Mapping[str, str] = field(default_factory=dict)  # kind of signature -> why nobody gives it for another

    def why_kept(self, kind: str) -> str:
        """Why no signature of a kind is given by delegation; empty where one may be."""
        if kind in self.kept:
            return self.kept[kind]
        return "" if kind in DELEGABLE else "policy lets nobody sign this for another"


def content_hash(files: Mapping[str, bytes]) -> str:
    """Hash a pack: SHA-256 over the sorted list of its files' names and hashes."""
    listing = "".join(f"{sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return sha256(listing.encode()).hexdigest()


def read_pack(files: Mapping[str, bytes]) -> tuple[Pack | None, tuple[Fault, ...]]:
    """Read manifest and roles, collecting every fault; the pack is None when there are any."""
    faults: list[Fault] = []
    manifest, roles = _table(files, MANIFEST, faults), _table(files, ROLES, faults)
    about = {name: _text(manifest, name, faults) for name in ("key", "name", "version", "owner")}
    accounts = _accounts(manifest.get("accounts"), faults)
    read_roles = _roles(roles, faults)
    overridable = _names(manifest, "overridable", faults)
    kept = _kept(manifest.get("kept_in_person", {}), faults)
    if faults or accounts is None:
        return None, tuple(faults)
    return Pack(accounts=accounts, roles=read_roles, overridable=overridable, kept=kept, **about), ()


def _table(files: Mapping[str, bytes], path: str, faults: list[Fault]) -> dict[str, Any]:
    if path not in files:
        faults.append(_fault("PACK-FILE-01", path, f"the pack has no `{path}`", "add the file"))
        return {}
    try:
        return tomllib.loads(files[path].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(_fault("PACK-FILE-02", path, f"`{path}` is no TOML: {error}", "mend the line that it names"))
        return {}


def _text(table: Mapping[str, Any], name: str, faults: list[Fault]) -> str:
    value = table.get(name)
    if isinstance(value, str) and value:
        return value
    faults.append(_fault("PACK-MANIFEST-01", f"{MANIFEST}/{name}", f"the manifest has no text `{name}`", "add it"))
    return ""


def _names(table: Mapping[str, Any], name: str, faults: list[Fault]) -> frozenset[str]:
    """Read a list of names that may be left out."""
    value = table.get(name, [])
    if isinstance(value, list) and all(isinstance(each, str) and each for each in value):
        return frozenset(value)
    faults.append(_fault("PACK-OVERRIDE-01", f"{MANIFEST}/{name}", f"`{name}` is no list of decisions", "mend it"))
    return frozenset()


def _kept(table: Any, faults: list[Fault]) -> dict[str, str]:
    """Read which signatures nobody gives for another, each with the reason that people are told."""
    path = f"{MANIFEST}/kept_in_person"
    if not isinstance(table, dict):
        faults.append(_fault("PACK-DELEGATION-01", path, "`kept_in_person` is no table", "write [kept_in_person]"))
        return {}
    for kind, why in table.items():
        if kind not in SIGNATURES or not isinstance(why, str) or not why.strip():
            text = f"`{kind}` is no kind of signature with a reason"
            kinds = ", ".join(sorted(SIGNATURES))
            faults.append(_fault("PACK-DELEGATION-02", f"{path}/{kind}", text, f"give a reason for one of {kinds}"))
    return {str(kind): str(why) for kind, why in table.items()}


def _accounts(table: Any, faults: list[Fault]) -> Accounts | None:
    """Read the ledger accounts: one text a purpose, and the table of expense accounts by category."""
    purposes = [name for name in Accounts.__slots__ if name != "expense"]
    named = table if isinstance(table, dict) else {}
    missing = [name for name in purposes if not isinstance(named.get(name), str)]
    faults += [
        _fault("PACK-ACCOUNT-01", f"{MANIFEST}/accounts/{name}", f"no ledger account for `{name}`", "name one")
        for name in missing
    ]
    expense = named.get("expense", {})
    if not isinstance(expense, dict) or not all(isinstance(value, str) for value in expense.values()):
        faults.append(
            _fault("PACK-ACCOUNT-02", f"{MANIFEST}/accounts/expense", "not a table of accounts by category", "mend it")
        )
        return None
    return None if missing else Accounts(expense=expense, **{name: named[name] for name in purposes})


def _roles(table: Mapping[str, Any], faults: list[Fault]) -> dict[str, Role]:
    roles: dict[str, Role] = {}
    for key, body in table.items():
        role = Role.from_body(key, body)
        if isinstance(role, Role):
            roles[key] = role
        else:
            faults += role
    return roles


def _fault(code: str, path: str, message: str, help_text: str) -> Fault:
    return Fault(code, path, message, by="pack", help=help_text)

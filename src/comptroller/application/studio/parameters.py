"""The accounts of a pack, written into its manifest: the line of each that changes, and nothing else of the file."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from comptroller.application.presenting.policies.drafts import draft_link
from comptroller.application.releasing.drafts import (
    ChangeDraft,
    base_files,
    change_draft,
    draft_of,
    own_draft,
    unknown_draft,
)
from comptroller.application.session import Refused, Session
from comptroller.application.studio.sources import study_of
from comptroller.application.studio.values import dated_tables
from comptroller.application.views.policies import Parameter, ParametersView
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.manifest import MANIFEST

ACCOUNTS: Final = "accounts"
EXPENSE: Final = "accounts.expense"

_SECTION: Final = re.compile(r"\s*\[([^\]]+)\]\s*(?:#.*)?")
_LINE: Final = re.compile(r"""(\s*)("[^"]*"|[\w-]+)(\s*=\s*)"[^"]*"(.*)""", re.DOTALL)
_ACCOUNT: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z .\-]{0,39}")


@dataclass(frozen=True, slots=True)
class ShowParameters:
    """The accounts as a draft has them."""

    draft: str


@dataclass(frozen=True, slots=True)
class ChangeParameters:
    """Write accounts into a draft, as who saw `version` of it; by section and name, `accounts/bank`."""

    draft: str
    version: int
    accounts: Mapping[str, str]


def show_parameters(session: Session, command: ShowParameters) -> ParametersView | Refused:
    """Each account beside that of the version that the draft began with."""
    draft = draft_of(session, command.draft)
    if draft is None:
        return Refused(unknown_draft(command.draft))
    base = base_files(session.uow, draft)[MANIFEST]
    before, now = _accounts(base), _accounts(draft.files.get(MANIFEST, base))
    groups = tuple(
        (
            title,
            tuple(
                Parameter(f"{section}/{name}", name.replace("_", " "), value, before.get((section, name), ""))
                for (of, name), value in now.items()
                if of == section
            ),
        )
        for section, title in ((ACCOUNTS, "Accounts"), (EXPENSE, "Expenses by category"))
    )
    return ParametersView(draft_link(session, draft), groups, tuple(dated_tables(study_of(session, draft))))


def change_parameters(session: Session, command: ChangeParameters) -> dict[str, Any] | Refused:
    """Keep the accounts that were changed."""
    draft = own_draft(session, command.draft, command.version)
    if isinstance(draft, Refused):
        return draft
    text = draft.files.get(MANIFEST) or base_files(session.uow, draft)[MANIFEST]
    known = _accounts(text)
    wanted = {(section, name): value.strip() for (section, name), value in _named(command.accounts)}
    for place, value in wanted.items():
        if place not in known or not _ACCOUNT.fullmatch(value):
            message = f"`{value[:60]}` is no account, or there is none for `{place[1][:60]}`"
            rejection = Rejection(
                RejectionKind.INVALID, "POLICY-PARAMETER-01", message, help="write the account's number"
            )
            return Refused(rejection)
    written = "".join(_rewritten(text, wanted))
    return change_draft(session, ChangeDraft(draft.key, draft.version, {MANIFEST: written}))


def _named(accounts: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for path, value in accounts.items():
        section, _, name = path.partition("/")
        yield (section, name), value


def _accounts(text: str) -> dict[tuple[str, str], str]:
    """The accounts of a manifest by section and name."""
    accounts = tomllib.loads(text)[ACCOUNTS]
    plain = {(ACCOUNTS, name): value for name, value in accounts.items() if isinstance(value, str)}
    return plain | {(EXPENSE, name): value for name, value in accounts.get("expense", {}).items()}


def _rewritten(text: str, wanted: Mapping[tuple[str, str], str]) -> Iterator[str]:
    section = ""
    for line in text.splitlines(keepends=True):
        if head := _SECTION.fullmatch(line.rstrip("\n")):
            section = head[1].strip()
        found = _LINE.fullmatch(line)
        value = wanted.get((section, found[2].strip('"'))) if found else None
        yield f'{found[1]}{found[2]}{found[3]}"{value}"{found[4]}' if found and value is not None else line

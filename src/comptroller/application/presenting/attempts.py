"""Who tried on a case what was not theirs to do: shown beside those who sign, because it is recorded like them."""

from collections.abc import Iterator, Sequence
from typing import Any

from comptroller.application.presenting.words import Names
from comptroller.application.records import EntryRow
from comptroller.application.views import SignatureState, SignerView
from comptroller.domain.kernel.canonical_json import decode


def breach_attempts(names: Names, entries: Sequence[EntryRow]) -> Iterator[SignerView]:
    """The refused acts that policy calls an attempt to breach it, in their order."""
    for entry in entries:
        if entry.type != "command.refused":
            continue
        body: Any = decode(entry.body)
        data = body["data"]
        if data.get("breach"):
            yield SignerView(
                step=0,
                title=str(data["breach"]),
                person=names.person(str(body["actor"]["id"])),
                state=SignatureState.REFUSED,
                why=names.told(str(data.get("message") or "")),
                at=entry.at,
            )

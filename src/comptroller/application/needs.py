"""What a command is known to need before it runs: what it must hold and what it will read.

A database is far away compared with everything else here. A command that can say beforehand what it will look at has
it locked in one round trip and read in a second, for itself or for a whole batch; what it did not foresee is read when
it is asked for.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from comptroller.application.caller import PACK
from comptroller.application.casework.gathering.names import competing_keys
from comptroller.application.casework.record import stream_of
from comptroller.application.casework.taking_up import document_in_force
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.releasing.timeline import alias_of


@dataclass(frozen=True, slots=True)
class Needs:
    """Keys to hold, and what to read once they are held."""

    keys: Sequence[str] = ()
    aliases: Sequence[str] = ()
    documents: Sequence[str] = ()
    balances: Sequence[str] = ()
    cases: Sequence[str] = ()  # that will be taken up, and judged
    told: Sequence[str] = ()  # that will be taken up, and told something
    outbox: Sequence[str] = ()


def prepare(uow: UnitOfWork, wanted: Iterable[tuple[str, str, object]]) -> None:
    """Hold and read what these commands need; each with its principal and the client's key (empty for none).

    A command that knows its needs has them as `needs`.
    """
    requests = list(wanted)
    foreseen = [getattr(command, "needs", None) for _, _, command in requests]
    needs = [need for need in foreseen if isinstance(need, Needs)]
    cases = list(dict.fromkeys(case for need in needs for case in need.cases))
    told = [case for need in needs for case in need.told]
    keys = {*map(stream_of, told), *(key for need in needs for key in need.keys), *_keys_of(uow, cases)}
    if keys:
        uow.serialize(keys)
    if not needs:
        return
    callers = [*(f"person/{principal}" for principal, _, _ in requests), alias_of(PACK)]
    uow.prefetch(
        aliases=list(dict.fromkeys([*callers, *(alias for need in needs for alias in need.aliases)])),
        documents=[document for need in needs for document in need.documents],
        balances=list(dict.fromkeys(balance for need in needs for balance in need.balances)),
        commands=[(principal, key) for principal, key, _ in requests if key],
        cases=[*cases, *told],
        outbox=[row for need in needs for row in need.outbox],
        taken_up=[*cases, *told],
    )


def _keys_of(uow: UnitOfWork, cases: Sequence[str]) -> Iterator[str]:
    """What cases are held by, as they stand before they are: who takes one up then takes what is still missing."""
    if not cases:
        return
    uow.prefetch(cases=cases)
    found = [row for row in map(uow.case, cases) if row is not None]
    uow.prefetch(documents=[row.document for row in found if row.document])
    for row in found:
        yield stream_of(row.case_id)
        invoice, _ = document_in_force(uow, row)
        if invoice is not None:
            yield from competing_keys(invoice)

"""What a command is known to need before it runs: what it must hold and what it will read.

A database is far away compared with everything else here. A command that can say beforehand what it will look at has
it locked in one round trip and read in a second, for itself or for a whole batch; what it did not foresee is read when
it is asked for.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from comptroller.application.ports.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Needs:
    """Keys to hold, and what to read once they are held."""

    keys: Sequence[str] = ()
    aliases: Sequence[str] = ()
    documents: Sequence[str] = ()
    balances: Sequence[str] = ()


def prepare(uow: UnitOfWork, wanted: Iterable[tuple[str, str, object]]) -> None:
    """Hold and read what these commands need; each with its principal and the client's key (empty for none).

    A command that knows its needs has them as `needs`.
    """
    requests = list(wanted)
    foreseen = [getattr(command, "needs", None) for _, _, command in requests]
    needs = [need for need in foreseen if isinstance(need, Needs)]
    keys = {key for need in needs for key in need.keys}
    if keys:
        uow.serialize(keys)
    if not needs:
        return
    principals = dict.fromkeys(f"person/{principal}" for principal, _, _ in requests)
    uow.prefetch(
        aliases=[*principals, *dict.fromkeys(alias for need in needs for alias in need.aliases)],
        documents=[document for need in needs for document in need.documents],
        balances=list(dict.fromkeys(balance for need in needs for balance in need.balances)),
        commands=[(principal, key) for principal, key, _ in requests if key],
    )

"""Standing invariants as they are written: what stays true of a pack whatever is changed in it.

A pack's `invariants.toml` has a table for each, with a title, the role that answers for it, and FEEL that must hold:

    [two-signatures]
    title = "Above 50,000 two people sign"
    owner = "group-controller"
    decision = "approval routing"
    holds = 'if amount > 50000 then outcome.outcome = "review" or count(outcome.steps) >= 2 else true'

Of a decision it sees the inputs and the `outcome`; with `rises` the outcomes `lower` and `higher` of inputs that differ
in that one; with `given` the named decisions as inputs. Instead of a decision it can be of something that a pack has
finitely many of (`of`), each of which must be so.
"""

import tomllib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from comptroller.domain.feel import Value
from comptroller.domain.identity import Duty, PrincipalKind
from comptroller.domain.identity.duty import DUTY_OF
from comptroller.domain.kernel.fault import Fault

INVARIANTS: Final = "invariants.toml"
KINDS: Final = ("roles", "acts", "ways")
"""What an invariant can be of beside a decision."""

_TEXTS: Final = ("title", "owner", "holds")
_KEYS: Final = frozenset({*_TEXTS, "decision", "rises", "given", "of"})


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must stay true: of a decision, or of everything of a kind (`of`)."""

    key: str
    title: str
    owner: str
    holds: str
    decision: str = ""
    rises: str = ""
    given: tuple[str, ...] = ()
    of: str = ""


def scope_of_role(kind: PrincipalKind, role: str, held: Collection[Duty], kinds: Iterable[str]) -> dict[str, Value]:
    """What an invariant of roles sees of one: who holds it, its duties, and which of the kinds of tasks they open."""
    return {
        "kind": str(kind),
        "role": role,
        "duties": [str(duty) for duty in sorted(held)],
        "tasks": list[Value](task for task in kinds if DUTY_OF.get(task) in held),
    }


def read_invariants(content: bytes, roles: Iterable[str]) -> tuple[tuple[Invariant, ...], tuple[Fault, ...]]:
    """Read a pack's invariants; what is wrong comes back as faults, the sound ones beside them."""
    try:
        tables = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return (), (_fault("01", "", f"`{INVARIANTS}` is no TOML: {error}", "mend the line that it names"),)
    known = frozenset(roles)
    found: list[Invariant] = []
    faults: list[Fault] = []
    for key, body in tables.items():
        wrong = list(_wrong(key, body, known))
        faults += wrong
        if not wrong:
            texts = {name: body.get(name, "") for name in (*_TEXTS, "decision", "rises", "of")}
            found.append(Invariant(key, given=tuple(body.get("given", ())), **texts))
    return tuple(found), tuple(faults)


def _wrong(key: str, body: Any, roles: frozenset[str]) -> Iterator[Fault]:
    if not isinstance(body, dict):
        yield _fault("02", key, "an invariant is a table", "write `[key]` above its lines")
        return
    for name in _TEXTS:
        if not isinstance(body.get(name), str) or not body[name].strip():
            yield _fault("02", f"{key}/{name}", f"the invariant has no text `{name}`", "add it")
    for name in sorted(set(body) - _KEYS):
        yield _fault("02", f"{key}/{name}", f"an invariant has no `{name}`", f"it has {', '.join(sorted(_KEYS))}")
    if isinstance(body.get("owner"), str) and body["owner"] not in roles:
        yield _fault("03", f"{key}/owner", f"the pack has no role `{body['owner']}`", "name a role of the pack")
    if bool(body.get("decision")) == bool(body.get("of")):
        yield _fault("02", key, "an invariant is of a decision, or of everything of a kind", "write `decision` or `of`")
    elif body.get("of") and body["of"] not in KINDS:
        yield _fault("02", f"{key}/of", f"nothing is known of `{body['of']}`", f"write one of {', '.join(KINDS)}")


def _fault(code: str, path: str, message: str, help_text: str) -> Fault:
    place = f"{INVARIANTS}/{path}" if path else INVARIANTS
    return Fault(f"PACK-INVARIANT-{code}", place, message, by="pack", help=help_text)

"""What moving cases to another version would come to: the mapping, who can go, who cannot and why. Nothing is done."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from comptroller.application.casework.dossier import Dossier
from comptroller.application.migrating.versions import (
    Move,
    Version,
    mapping_of,
    open_cases,
    own_fault,
    target_fault,
    target_of,
    told,
    version_of,
)
from comptroller.application.records import CaseRow
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Fault, Rejection, RejectionKind
from comptroller.domain.workflow import Process, State
from comptroller.domain.workflow.migration import can_migrate

LOOKED_AT_MAX: Final = 10_000
"""Open cases that a plan looks into, of all that it counts; a trial by a job looks into every one."""

TOLD_MAX: Final = 200
"""Cases of which a trial tells each what would become of it; the others are counted."""

SAMPLES_MAX: Final = 5
"""Cases that are named for each reason why cases stay."""


@dataclass(frozen=True, slots=True)
class PlanMigration:
    """What a move would come to."""

    move: Move


@dataclass(frozen=True, slots=True)
class FindMigrating:
    """The cases of a move, page by page, each with what keeps it where it is."""

    move: Move
    after: str = ""
    limit: int = 50


def plan_migration(session: Session, command: PlanMigration) -> dict[str, Any] | Refused:
    """The mapping and the open cases of the old version, counted; those that cannot go by what keeps them."""
    route = _route(session, command.move)
    if isinstance(route, Refused):
        return route
    looked_at = can = 0
    stayed = Stayed()
    for row in islice(_cases(session, command.move), LOOKED_AT_MAX):
        looked_at += 1
        faults = route.faults(session, row)
        can += not faults
        stayed.count(row.case_id, faults)
    reached = set(route.nodes.values())
    return {
        "process": command.move.process,
        "name": route.new.process.name,
        "from": told(session, route.old),
        "to": told(session, route.new),
        "nodes": [
            _node(route.old.process, node) | {"to": route.nodes.get(node, "")} for node in route.old.process.places
        ],
        "targets": [
            _node(route.new.process, node) | {"is_new": node not in reached} for node in route.new.process.places
        ],
        "cases": counted(session, command.move),
        "looked_at": looked_at,
        "can": can,
        "cannot": stayed.told(),
        "is_complete": looked_at < LOOKED_AT_MAX,
    }


def find_migrating(session: Session, command: FindMigrating) -> dict[str, Any] | Refused:
    """A page of the cases: `next` asks for the one behind it."""
    route = _route(session, command.move)
    if isinstance(route, Refused):
        return route
    page = list(islice(_cases(session, command.move, after=command.after), command.limit))
    cases = [(row.case_id, route.faults(session, row)) for row in page]
    return {"cases": cases, "next": page[-1].case_id if len(page) == command.limit else ""}


def mapped(session: Session, move: Move) -> Move | Refused:
    """A move with the version and the mapping that it comes to now."""
    route = _route(session, move)
    if isinstance(route, Refused):
        return route
    return replace(move, to_policy=route.new.policy.hash, nodes=route.nodes)


def counted(session: Session, move: Move) -> int:
    """How many open cases a move is about."""
    return sum(
        each.cases
        for each in session.uow.open_counts(node=move.node)
        if (each.process, each.policy_hash) == (move.process, move.from_policy)
        and move.entity in {"", each.entity}
        and session.caller.sees(each.entity)
    )


class Stayed:
    """What keeps cases where they are, with how many and which: by code and node."""

    def __init__(self) -> None:
        self.reasons: list[dict[str, Any]] = []

    def count(self, case_id: str, faults: Iterable[Fault]) -> None:
        """Count a case under each of its faults."""
        for fault in faults:
            self.add({"code": fault.code, "node": fault.path, "message": fault.message, "cases": 1, "of": [case_id]})

    def add(self, reason: dict[str, Any]) -> None:
        """Add what was counted elsewhere."""
        for known in self.reasons:
            if (known["code"], known["node"]) == (reason["code"], reason["node"]):
                known["cases"] += reason["cases"]
                known["of"] = [*known["of"], *reason["of"]][:SAMPLES_MAX]
                return
        self.reasons.append(dict(reason))

    def told(self) -> list[dict[str, Any]]:
        """The reasons, the most frequent first; `of` names some of their cases."""
        return sorted(self.reasons, key=lambda reason: (-reason["cases"], reason["code"], reason["node"]))


class Told:
    """What became of the cases of a move so far; of a trial each of the first of them."""

    def __init__(self, *, is_trial: bool, before: Mapping[str, Any] | None = None) -> None:
        self._told: dict[str, Any] = {"migrated": 0, "stayed": 0, "cannot": [], **(before or {})}
        if is_trial:
            self._told = {"is_trial": True, "of_each": [], **self._told}

    def take(self, case_id: str, faults: Sequence[Fault]) -> None:
        """Count a case that has gone, or stays for these faults."""
        name = "stayed" if faults else "migrated"
        stayed = Stayed()
        for reason in self._told["cannot"]:
            stayed.add(reason)
        stayed.count(case_id, faults)
        self._told = {**self._told, name: self._told[name] + 1, "cannot": stayed.told()}
        if "of_each" in self._told:
            fault = {"code": faults[0].code, "message": faults[0].message} if faults else {}
            self._told["of_each"] = [*self._told["of_each"], {"case_id": case_id, **fault}][:TOLD_MAX]

    def told(self) -> dict[str, Any]:
        """It in the form of the interface."""
        return self._told


def why(answer: Any) -> tuple[Fault, ...]:
    """Why a case stays where it is; nothing where it goes."""
    if not isinstance(answer, Rejection):
        return ()
    return answer.faults or (Fault(answer.code, "", answer.message),)


@dataclass(frozen=True, slots=True)
class _Route:
    """From one version to another by a mapping."""

    old: Version
    new: Version
    nodes: dict[str, str]
    named: str  # the version to go to; empty: the one in force for the entity of each case

    def faults(self, session: Session, row: CaseRow) -> tuple[Fault, ...]:
        stored: Any = decode(row.state)
        target = target_of(session, row, self.named)
        wrong = target_fault(session, row, stored["dossier"].get("earlier", []), target)
        state = State.from_json(stored["process"])
        barred = own_fault(session, Dossier.from_json(stored["dossier"]).people)
        found = can_migrate(self.old.process, self.new.process, self.nodes, state)
        return (*(each for each in (wrong, barred) if each is not None), *found)


def _route(session: Session, move: Move) -> _Route | Refused:
    old, new = (version_of(session, move.process, policy) for policy in (move.from_policy, move.to_policy))
    if isinstance(old, Refused):
        return old
    if isinstance(new, Refused):
        return new
    if old.policy.hash == new.policy.hash:
        message, help_ = "both versions are the same", "name another version to leave or to go to"
        return Refused(Rejection(RejectionKind.INVALID, "MIGRATE-VERSION-03", message, help=help_))
    nodes = mapping_of(move.nodes, old.process, new.process)
    return nodes if isinstance(nodes, Refused) else _Route(old, new, nodes, move.to_policy)


def _cases(session: Session, move: Move, *, after: str = "") -> Iterable[CaseRow]:
    for row in open_cases(session, move.process, policy_hash=move.from_policy, entity=move.entity, after=after):
        if not move.node or move.node in _standing(row):
            yield row


def _standing(row: CaseRow) -> set[str]:
    stored: Any = decode(row.state)
    return {token.node for token in State.from_json(stored["process"]).tokens.values()}


def _node(process: Process, node: str) -> dict[str, Any]:
    at = process.places[node].node
    return {"node": node, "name": str(getattr(at, "name", "") or ""), "kind": type(at).__name__}

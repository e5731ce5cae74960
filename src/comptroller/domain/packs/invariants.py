"""Proving standing invariants: each for everything that it speaks of, or broken by an example.

Of a decision an invariant is proved over all inputs (`decisions.proving`). Of what a pack has finitely many of every
one is gone through: `roles` (each kind of principal with each role, and with all of them), `acts` (each pair of acts on
one case), `ways` (each node of each process, with what every way to it passes). What is neither proved nor refuted
counts as broken.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from comptroller.domain.decisions import Model
from comptroller.domain.decisions.definitions import Definitions
from comptroller.domain.decisions.handing import Named
from comptroller.domain.decisions.proving.graphs import Graph
from comptroller.domain.decisions.proving.statements import (
    NEVER_SAID,
    NOT_THERE,
    UNREADABLE,
    VACUOUS,
    Statement,
    Verdict,
    condition_of,
    prove,
)
from comptroller.domain.feel import BUILTINS, Evaluation, Value, compile_expression
from comptroller.domain.feel.compiler import compile_node
from comptroller.domain.feel.mentions import compared_texts, parsed
from comptroller.domain.feel.text import literal_text
from comptroller.domain.identity import Duty, PrincipalKind, Role
from comptroller.domain.identity.role import attenuate
from comptroller.domain.identity.segregation import ACT_CONFLICTS, CaseAct
from comptroller.domain.packs.invariant import KINDS, Invariant, scope_of_role
from comptroller.domain.packs.source import Source
from comptroller.domain.packs.ways import Passed, passed_on_ways
from comptroller.domain.workflow import Process


@dataclass(frozen=True, slots=True)
class InvariantVerdict:
    """What became of an invariant; where it is broken, `example` breaks it and `message` says what comes of that."""

    invariant: Invariant
    verdict: Verdict
    message: str = ""
    region: Mapping[str, str] = field(default_factory=dict)
    example: Mapping[str, str] = field(default_factory=dict)  # FEEL texts
    code: str = ""  # what is wrong with the statement itself

    @property
    def holds(self) -> bool:
        """Whether it is proved: what is undecided counts as broken."""
        return self.verdict is Verdict.PROVED

    @property
    def told(self) -> str:
        """The verdict in a sentence, with what breaks it: what is null there is left out."""
        known = [f"{name} `{value}`" for name, value in self.example.items() if value != "null"]
        example = f", with {', '.join(known)}" if known else ""
        code = f" ({self.code})" if self.code else ""
        return f"{self.verdict}: {self.invariant.title}: {self.message}{example}{code}"

    def to_json(self) -> dict[str, Any]:
        """The verdict as data."""
        return {
            "invariant": self.invariant.key,
            "title": self.invariant.title,
            "owner": self.invariant.owner,
            "verdict": self.verdict.value,
            "code": self.code,
            "message": self.message,
            "region": dict(self.region),
            "example": dict(self.example),
        }


@dataclass(frozen=True, slots=True)
class Grounds:
    """What invariants are proved over: the decisions, roles and processes of one version of a pack.

    `bases` are inputs that occur, by decision: near them a
    counterexample is sought where a decision holds something that is not looked into.
    """

    version: Sequence[tuple[Definitions, Model]]
    roles: Mapping[str, Role]
    processes: Sequence[Process]
    bases: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)

    @staticmethod
    def of(source: Source) -> "Grounds":
        """What a pack's sources say."""
        return Grounds(
            version=source.version,
            roles=source.pack.roles if source.pack is not None else {},
            processes=tuple(source.processes.values()),
            bases=source.bases,
        )


SECONDS_MAX: Final = 300
"""Seconds of one proof; the bound of its questions comes first, unless a machine is slow."""

Clock = Callable[[], float]
"""Seconds that go on."""


def prove_invariants(
    invariants: Iterable[Invariant], grounds: Grounds, clock: Clock = lambda: 0.0
) -> tuple[InvariantVerdict, ...]:
    """Prove every invariant, in their order; one of a decision for `SECONDS_MAX` by the clock at most."""
    graph = Graph(grounds.version)
    return tuple(
        _of_decision(each, graph, grounds, clock) if each.decision else _of_every(each, grounds) for each in invariants
    )


def _of_decision(invariant: Invariant, graph: Graph, grounds: Grounds, clock: Clock) -> InvariantVerdict:
    named: Named | None = next((each for each in graph.decisions if each.name == invariant.decision), None)
    if named is None:
        reason = f"the pack has no decision `{invariant.decision}`"
        return InvariantVerdict(invariant, Verdict.UNDECIDED, reason, code=NOT_THERE)
    statement = Statement(named, invariant.holds, invariant.rises, invariant.given)
    until = clock() + SECONDS_MAX
    bases = grounds.bases.get(invariant.decision, ())
    proof = prove(graph, statement, bases, is_over=lambda: clock() > until)
    example = {name: literal_text(value) for name, value in proof.inputs.items()}
    return InvariantVerdict(invariant, proof.verdict, proof.message, proof.region, example, proof.code)


# ---- what there is finitely much of ----------------------------------------------------------------------------------


def _of_every(invariant: Invariant, grounds: Grounds) -> InvariantVerdict:
    """Go through everything of a kind, each as a scope of names."""
    scopes = list(_GONE_THROUGH[invariant.of](grounds))
    if unread := _unread(invariant, scopes):
        return InvariantVerdict(invariant, Verdict.UNDECIDED, unread[1], code=unread[0])
    names = tuple(scopes[0]) if scopes else ()
    written = compile_expression(invariant.holds, names)
    for scope in scopes:
        held = written.evaluate(scope, Evaluation())
        if not isinstance(held, bool):
            return InvariantVerdict(invariant, Verdict.UNDECIDED, "the statement is neither true nor false")
        if not held:
            example = {name: literal_text(value) for name, value in scope.items()}
            return InvariantVerdict(invariant, Verdict.BROKEN, "this one breaks it", example=example)
    if nowhere := _nowhere(invariant, scopes):
        return InvariantVerdict(invariant, Verdict.UNDECIDED, nowhere, code=NEVER_SAID)
    if not _applies(invariant, scopes):
        reason = f"it applies to none of the {invariant.of}: its condition is met by none"
        return InvariantVerdict(invariant, Verdict.UNDECIDED, reason, code=VACUOUS)
    return InvariantVerdict(invariant, Verdict.PROVED)


def _unread(invariant: Invariant, scopes: Sequence[Mapping[str, Value]]) -> tuple[str, str] | None:
    """Why nothing can be said, with a code: what a statement names has to be there, else it holds of everything."""
    if not scopes:
        return NOT_THERE, f"the pack has no {invariant.of} that it could be true of"
    written = compile_expression(invariant.holds, tuple(scopes[0]))
    if written.faults:
        return UNREADABLE, f"the statement cannot be read: {written.faults[0].message}"
    if unknown := written.looked_up - scopes[0].keys():
        return NOT_THERE, f"nothing here is named `{min(unknown)}`"
    return None


def _applies(invariant: Invariant, scopes: Sequence[Mapping[str, Value]]) -> bool:
    """Whether the condition of a statement is met by anything of its kind."""
    names = tuple(scopes[0])
    condition = condition_of(parsed(invariant.holds, names))
    if condition is None:
        return True
    met = compile_node(condition[0], BUILTINS, names)[0]
    return any((met(Evaluation(), scope) is True) is condition[1] for scope in scopes)


def _nowhere(invariant: Invariant, scopes: Sequence[Mapping[str, Value]]) -> str:
    """What a statement speaks of and nothing is: of that it holds whatever it says."""
    node = parsed(invariant.holds, scopes[0].keys())
    for name, text in () if node is None else compared_texts(node):
        if text not in _KNOWN.get(name, ()) and not any(_occurs(text, scope.get(name)) for scope in scopes):
            return f"`{text}` occurs nowhere in `{name}`"
    return ""


def _occurs(text: str, value: Value) -> bool:
    return text in value if isinstance(value, list) else text == value


_KNOWN: Final = {"duties": frozenset(map(str, Duty))}
"""What may be named though no role of a pack has it."""


EVERY_ROLE: Final = "every role"
"""Who holds all roles of a pack at once: what nobody of that kind does even then, nobody does."""


def _roles(grounds: Grounds) -> Iterator[dict[str, Value]]:
    """Each kind of principal with each role: its duties, and the kinds of tasks of the processes that they open."""
    everything = frozenset(duty for role in grounds.roles.values() for duty in role.duties)
    granted = {**{key: role.duties for key, role in grounds.roles.items()}, EVERY_ROLE: everything}
    kinds = sorted({kind for process in grounds.processes for kind in process.task_kinds})
    for principal in PrincipalKind:
        for role, duties in granted.items():
            yield scope_of_role(principal, role, attenuate(duties, principal), kinds)


def _acts(_: Grounds) -> Iterator[dict[str, Value]]:
    """Each pair of acts, and whether one person may not have done both on a case."""
    forbidden = {frozenset((rule.first, rule.second)) for rule in ACT_CONFLICTS}
    for first in CaseAct:
        for second in CaseAct:
            yield {"first": str(first), "second": str(second), "forbidden": frozenset((first, second)) in forbidden}


def _ways(grounds: Grounds) -> Iterator[dict[str, Value]]:
    for process in grounds.processes:
        for passed in passed_on_ways(process):
            yield _scope(process, passed)


def _scope(process: Process, passed: Passed) -> dict[str, Value]:
    return {
        "process": process.id,
        "reached": passed.reached,
        "services": list[Value](passed.services),
        "decisions": list[Value](passed.decisions),
        "tasks": list[Value](passed.tasks),
        "conditions": list[Value](passed.conditions),
    }


_GONE_THROUGH: Final = dict(zip(KINDS, (_roles, _acts, _ways), strict=True))

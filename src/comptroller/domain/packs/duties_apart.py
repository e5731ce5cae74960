"""What one principal must not hold together: the platform's pairs of duties, and what a pack says of roles.

A pack states pairs of its own as standing invariants of roles, which are proved of each of its roles when a version is
released. What somebody holds by several roles is one role more that they are of: its name is that of the roles, by
their keys, with commas between them.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

from comptroller.domain.feel import Evaluation, Expression, compile_expression
from comptroller.domain.identity import Duty, Principal, PrincipalKind, Role, conflicts, duties_of
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.packs.invariant import Invariant, scope_of_role
from comptroller.domain.packs.manifest import ROLES
from comptroller.domain.workflow import Process


def check_roles(roles: Mapping[str, Role]) -> Iterator[Fault]:
    """Roles that nobody could be given, since they hold both halves of a forbidden pair."""
    for key, role in roles.items():
        for rule in conflicts(role.duties):
            message = f"the role holds `{rule.first}` and `{rule.second}`: who has it could {rule.risk} ({rule.id})"
            yield Fault("PACK-ROLE-01", f"{ROLES}/{key}", message, by="pack", help="make two roles of it")


@dataclass(frozen=True, slots=True)
class Together:
    """What somebody holds and must not: two duties; one or none where a pack speaks of something else than a pair."""

    rule: str  # a pair's id, or an invariant's key
    what: str  # what one could do with both, or the invariant's title
    duties: tuple[Duty, ...]
    by: tuple[tuple[str, ...], ...]  # the roles through which each of the duties is held

    @property
    def text(self) -> str:
        """It in words."""
        held = " and ".join(
            f"`{duty}` ({' and '.join(roles)})" for duty, roles in zip(self.duties, self.by, strict=True)
        )
        return f"{held or 'what these roles hold together'}: {self.what} ({self.rule})"

    def to_json(self) -> dict[str, Any]:
        """It as data."""
        return {
            "rule": self.rule,
            "what": self.what,
            "duties": [str(duty) for duty in self.duties],
            "roles": [list(roles) for roles in self.by],
        }


@dataclass(frozen=True, slots=True)
class Apart:
    """The rules of one version of a pack."""

    roles: Mapping[str, Role]
    stated: tuple[tuple[Invariant, Expression], ...]
    task_kinds: tuple[str, ...]

    @staticmethod
    def of(roles: Mapping[str, Role], invariants: Iterable[Invariant], processes: Iterable[Process]) -> "Apart":
        """The rules by a version's roles, invariants and processes."""
        kinds = tuple(sorted({kind for process in processes for kind in process.task_kinds}))
        names = tuple(scope_of_role(PrincipalKind.PERSON, "", (), kinds))
        stated = tuple((each, compile_expression(each.holds, names)) for each in invariants if each.of == "roles")
        return Apart(roles, stated, kinds)

    def says_the_same(self, other: "Apart") -> bool:
        """Whether nobody can hold by the one what they do not hold by the other."""
        mine, others = ([invariant for invariant, _ in each.stated] for each in (self, other))
        return (self.roles, mine, self.task_kinds) == (other.roles, others, other.task_kinds)

    def held_by(self, principal: Principal) -> tuple[Together, ...]:
        """What the principal holds and must not: by the platform's table first; no pair is told twice."""
        held = duties_of(principal, self.roles)
        found: dict[tuple[Duty, ...], tuple[str, str]] = {}
        for rule in conflicts(held):
            found[rule.first, rule.second] = (rule.id, rule.risk)
        for invariant, statement in self.stated if held else ():
            for duties in self._broken(statement, principal, held):
                if not any(frozenset(duties) == frozenset(known) for known in found):
                    found[duties] = (invariant.key, invariant.title)
        return tuple(
            Together(rule, what, duties, tuple(self._roles_with(principal, duty) for duty in duties))
            for duties, (rule, what) in found.items()
        )

    def _broken(
        self, statement: Expression, principal: Principal, held: Collection[Duty]
    ) -> Iterator[tuple[Duty, ...]]:
        """The fewest duties that break a statement: each that does alone, else each pair; none: all together do.

        INVARIANT 2: a statement that is neither true nor false counts as broken.
        """
        name = ", ".join(sorted(principal.roles))

        def holds(duties: Collection[Duty]) -> bool:
            scope = scope_of_role(principal.kind, name, duties, self.task_kinds)
            return statement.evaluate(scope, Evaluation()) is True

        if holds(held):
            return
        alone = [(duty,) for duty in sorted(held) if not holds((duty,))]
        pairs = [] if alone else [pair for pair in combinations(sorted(held), 2) if not holds(pair)]
        yield from chain(alone, pairs) if alone or pairs else ((),)

    def _roles_with(self, principal: Principal, duty: Duty) -> tuple[str, ...]:
        return tuple(key for key in principal.roles if key in self.roles and duty in self.roles[key].duties)

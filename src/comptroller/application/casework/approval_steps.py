"""How far the steps of a case's signing are: how many signatures each needs, whose are there, and who is missing.

Read from what the case keeps: its signatures and noes, its tasks, and the steps that its process still wants.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comptroller.application.casework.stages import SIGNED, items_of
from comptroller.application.records import TaskRow
from comptroller.domain.controls.quorum import Quorum
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.workflow import State


@dataclass(slots=True)
class ApprovalStep:
    """One step. People are ids; who is missing is a person and a role: a group has no person."""

    step: str
    title: str
    stage: str  # steps of one stage are asked side by side; empty where it stands alone
    quorum: Quorum
    signed: list[str] = field(default_factory=list)
    against: list[str] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many are or were asked."""
        return len(self.signed) + len(self.against) + len(self.missing)

    @property
    def is_carried(self) -> bool:
        """Whether enough have signed."""
        return len(self.signed) >= self.quorum.needed


def approval_steps(
    dossier: Mapping[str, Any], tasks: Sequence[TaskRow], wanted: Sequence[Mapping[str, Any]]
) -> tuple[ApprovalStep, ...]:
    """Every step that was asked or is wanted, in the order of the route; what was taken back unanswered is not told."""
    steps: dict[str, ApprovalStep] = {}
    asked = sorted(_approvals(tasks), key=lambda each: (each[0].offered_at, each[0].task_id))
    for task, item in asked:
        at = _of(steps, item)
        if task.status == "open":
            at.missing.append((task.person, task.role))
    if any(task.status == "open" for task, _ in asked):
        reached = set(steps)
        for later in wanted:
            if str(later.get("step")) not in reached:
                _of(steps, later).missing.append((str(later.get("person") or ""), str(later.get("role") or "")))
    for name in ("signatures", "against"):
        for given in dossier.get(name, ()):
            found = steps.get(given["step"])
            if found is not None:
                (found.signed if name == "signatures" else found.against).append(str(given["person"]))
    return tuple(steps.values())


def wanted_steps(process: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The signatures that the route wanted when it was last found, as the process keeps them."""
    steps = State.from_json(dict(process)).variables.get("open steps")
    wanted = [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []
    return tuple(item for step in wanted for item in items_of(step))


def _approvals(tasks: Sequence[TaskRow]) -> Iterator[tuple[TaskRow, dict[str, Any]]]:
    for task in tasks:
        if task.kind in SIGNED and task.status != "void":
            detail: Any = decode(task.detail)
            yield task, dict(detail["item"])


def _of(steps: dict[str, ApprovalStep], item: Mapping[str, Any]) -> ApprovalStep:
    step, title = str(item.get("step") or ""), str(item.get("title") or "")
    return steps.setdefault(step, ApprovalStep(step, title, str(item.get("stage") or ""), Quorum.of(item)))

"""The instants of a case that figures are made of: written beside the audit entry that tells each.

Who the case waits for is told as a change: one milestone `waiting` says the party from then on, up to the next one. So
the intervals of a case lie end to end, and their sum is the elapsed time.
"""

from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.records import MilestoneRow, TaskRow
from comptroller.domain.identity import Party
from comptroller.domain.kernel.canonical_json import encode

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

SUPPLIER_ASKED: Final = "supplier"
"""Whom a question went to when its answer comes from outside."""

RECEIVED_AGAIN: Final = "received again"
"""The same document came in once more: it opens no case, and is told on the one that it opened."""

_TERMS: Final = (("due", "due date"), ("discount date", "discount date"))
"""Milestone -> the member of the outcome of decision `payment terms` that says its day."""

Finding = dict[str, Any]


def mark(  # noqa: PLR0913 - one parameter a column
    run: "CaseRun",
    seq: int,
    kind: str,
    *,
    at: datetime | None = None,
    party: str = "",
    person: str = "",
    task: str = "",
    control: str = "",
    detail: str = "",
) -> None:
    """Keep an instant of the case that the audit entry `seq` tells; `at` is now unless said."""
    own = (run.row.case_id, seq, kind, at or run.session.now, run.row.entity)
    run.session.uow.insert(MilestoneRow(*own, party, person, task, control, detail))


def mark_received(run: "CaseRun", seq: int) -> None:
    """When the document came in by its first channel, and when it was registered here."""
    mark(run, seq, "received", at=run.row.received_at)
    mark(run, seq, "registered", person=run.session.caller.id)


def mark_judged(run: "CaseRun", seq: int) -> None:
    """Every control's outcome in one milestone: all of a judgement are decided at one instant."""
    outcomes = {
        name: str(outcome.get("outcome") or "")
        for name, outcome in run.outcomes.items()
        if isinstance(outcome, dict) and name != "disposition"
    }
    mark(run, seq, "controls decided", control="disposition", detail=encode(outcomes).decode())


def mark_findings(run: "CaseRun", before: list[Finding], after: list[Finding]) -> None:
    """Tell which exceptions are new and which are gone; one that stays is neither."""
    old, new = {_identity(f): f for f in before}, {_identity(f): f for f in after}
    for key in new.keys() - old.keys():
        _mark_finding(run, "exception opened", new[key])
    for key in old.keys() - new.keys():
        _mark_finding(run, "exception closed", old[key])


def _identity(finding: Finding) -> tuple[str, str]:
    return str(finding.get("type") or ""), str(finding.get("line") or "")


def _mark_finding(run: "CaseRun", kind: str, finding: Finding) -> None:
    name, line = _identity(finding)
    told = {"type": name, "line": line, "reason": str(finding.get("reason") or "")}
    seq = run.tell(kind.replace(" ", "."), told)
    mark(run, seq, kind, detail=name, control=told["reason"])


def mark_posted(run: "CaseRun", seq: int) -> None:
    """The posting, and the days by which it is to be paid."""
    mark(run, seq, "posted", person=run.session.caller.id)
    zone: tzinfo = UTC if run.material is None else run.material.zone
    terms = run.outcomes.get("payment terms")
    days = {"due": run.invoice.due_date, "discount date": None}
    if isinstance(terms, dict):
        days |= {kind: terms[name] for kind, name in _TERMS if isinstance(terms.get(name), date)}
    for kind, day in days.items():
        if day is not None:
            mark(run, seq, kind, at=datetime.combine(day, time(), zone).astimezone(UTC))


def mark_waiting(run: "CaseRun") -> None:
    """Tell whom the case waits for from now on, where that has changed."""
    party, task = _waited_for(run)
    if party == run.dossier.waits_for:
        return
    run.dossier.waits_for = party
    seq = run.tell("waiting.changed", {"party": party, "task": task.task_id if task else ""})
    mark(run, seq, "waiting", party=party, person=task.person if task else "", task=task.task_id if task else "")


def _waited_for(run: "CaseRun") -> tuple[str, TaskRow | None]:
    """The party of the case's first open task; a question comes before what it was asked about."""
    if run.row.status != "waiting":
        return "", None
    tasks = [task for task in run.session.uow.case_tasks(run.row.case_id) if task.status == "open"]
    task = min(tasks, key=lambda task: (task.kind != "question", task.offered_at, task.task_id), default=None)
    if task is None:
        return Party.SYSTEM, None
    return party_of(run, task), task


def party_of(run: "CaseRun", task: TaskRow) -> str:
    """Whom a task makes the case wait for: a signer, the supplier, or the party of the role that is asked."""
    if task.kind in {"approval", "release"}:
        return Party.APPROVER
    if task.kind == "question" and task.node == SUPPLIER_ASKED:
        return Party.SUPPLIER
    role = run.session.policy.pack.roles.get(task.role)
    return role.party if role is not None else Party.AP

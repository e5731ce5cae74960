"""What a caller is told of a case after a command: where it stands, why, and who acts next."""

from typing import TYPE_CHECKING, Any

from comptroller.application.records import TaskRow

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun


def answer_of(run: "CaseRun") -> dict[str, Any]:
    """The case's status, outcome, reasons and open tasks, as plain JSON values."""
    open_tasks = [task for task in run.session.uow.case_tasks(run.row.case_id) if task.status == "open"]
    return {
        "case_id": run.row.case_id,
        "status": run.row.status,
        "outcome": run.row.outcome,
        "reasons": [dict(reason) for reason in run.dossier.reasons],
        "waiting_for": [waiting(task) for task in sorted(open_tasks, key=lambda task: task.task_id)],
    }


def waiting(task: TaskRow) -> dict[str, Any]:
    """One open task in the form of the interface."""
    return {"task_id": task.task_id, "person_or_role": task.person or task.role, "due": task.due}

"""Approving several tasks at once: only those that the caller opened, each as it stands now.

What is left out says why; what is approved is an act of its own for each, checked like any other. A review says before
what would be approved, and for how much.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from comptroller.application.acting.holding import may_see, whose
from comptroller.application.acting.undoing import refuse_second
from comptroller.application.open_tasks import asks, opened_tasks
from comptroller.application.records import CaseRow, TaskRow
from comptroller.application.session import Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.money import Money

APPROVED_TOGETHER: Final = frozenset({"approval", "release"})
"""Kinds of tasks that can be approved together with others."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A task as it was shown: its id, and the hash of the fields that stood there."""

    task_id: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class ReviewApprovals:
    """What would be approved together, and what left out."""

    items: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One task of a review; `left_out` says why it would not be approved."""

    shown: Shown
    case_id: str = ""
    number: str = ""
    supplier: str = ""
    gross: Money | None = None
    left_out: Rejection | None = None


@dataclass(frozen=True, slots=True)
class Review:
    """The tasks in the order asked for, and the sums of those that would be approved, a currency each."""

    items: tuple[Reviewed, ...]

    @property
    def taken(self) -> tuple[Reviewed, ...]:
        """What would be approved."""
        return tuple(each for each in self.items if each.left_out is None)

    @property
    def sums(self) -> tuple[Money, ...]:
        """What that comes to, by currency."""
        return sums_of(self.taken)


def sums_of(items: tuple[Reviewed, ...]) -> tuple[Money, ...]:
    """The gross amounts together, a currency each, in the order of their names."""
    sums: dict[str, Decimal] = {}
    for each in items:
        if each.gross is not None:
            sums[each.gross.currency] = sums.get(each.gross.currency, Decimal(0)) + each.gross.amount
    return tuple(Money(amount, currency) for currency, amount in sorted(sums.items()))


def review_approvals(session: Session, command: ReviewApprovals) -> Review:
    """Say of each task whether it could be approved together with the others; policy is asked when it is done."""
    found: list[Reviewed] = []
    left = limits.APPROVED_TOGETHER_MAX
    for shown in dict.fromkeys(command.items):
        task = session.uow.task(shown.task_id)
        case = session.uow.case(task.case_id) if task else None
        if task is None or case is None or not may_see(session, task, case):
            unknown = Rejection(RejectionKind.NOT_FOUND, "TASK-UNKNOWN-01", f"there is no task `{shown.task_id}`")
            found.append(Reviewed(shown, left_out=unknown))
            continue
        gross = Money(case.gross, case.currency) if case.gross is not None else None
        supplier, refused = case.supplier_name or case.supplier, _left_out(session, case, task, shown)
        if refused is None and not left:
            message = f"{limits.APPROVED_TOGETHER_MAX} are approved together at most"
            refused = Rejection(RejectionKind.CONFLICT, "TASK-BULK-05", message, help="tick it again afterwards")
        left -= refused is None
        found.append(Reviewed(shown, case.case_id, case.number, supplier, gross, refused))
    return Review(tuple(found))


def _left_out(session: Session, case: CaseRow, task: TaskRow, shown: Shown) -> Rejection | None:
    if task.status != "open" or task.content_hash != shown.content_hash:
        message = "what you saw is not what is to be signed now"
        return Rejection(
            RejectionKind.CONFLICT, "TASK-STALE-01", message, help="open the case again", subject=case.case_id
        )
    if not asks(session.caller, case, task):
        message = f"the task is {whose(task)}'s"
        return Rejection(RejectionKind.FORBIDDEN, "TASK-OTHER-01", message, subject=case.case_id)
    opened = task.task_id in opened_tasks(session, [task])
    return refuse_together(task, opened=opened) or refuse_second(session, task)


def refuse_together(task: TaskRow, *, opened: bool) -> Rejection | None:
    """Why a task is not approved together with others: its kind, or that the caller has not opened it as it stands."""
    if task.kind not in APPROVED_TOGETHER:
        message, help_text = "this is decided by itself, not together with others", "open the case and decide there"
        return Rejection(RejectionKind.CONFLICT, "TASK-BULK-01", message, help=help_text, subject=task.case_id)
    if not opened:
        message, help_text = "you have not opened this as it stands now", "open the case, then approve it"
        return Rejection(RejectionKind.CONFLICT, "TASK-BULK-02", message, help=help_text, subject=task.case_id)
    return None

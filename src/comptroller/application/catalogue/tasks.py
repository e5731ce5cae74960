"""Tasks: who is asked, and what people do about it."""

from typing import Final

from comptroller.application.act import ActOnTask, CarryOutAct, act_on_task, carry_out_act
from comptroller.application.acting.asking import AskQuestion, ask_question
from comptroller.application.acting.blocking import PlaceBlock, place_payment_block
from comptroller.application.acting.bulk import ReviewApprovals, review_approvals
from comptroller.application.acting.by_link import AnswerByLink, ShowAnswer, answer_by_link, show_answer
from comptroller.application.acting.cancelling import CancelCase, cancel_case
from comptroller.application.acting.handing import (
    ClaimTask,
    ReassignTask,
    ReleaseTask,
    claim_task,
    reassign_task,
    release_task,
)
from comptroller.application.acting.remarks import (
    AddComment,
    AttachFile,
    GetAttachment,
    add_comment,
    attach_file,
    get_attachment,
)
from comptroller.application.acting.undoing import UndoAct, undo_act
from comptroller.application.catalogue.duties import one
from comptroller.application.clearances import ClearScreening, clear_screening
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.open_tasks import OpenTasks, open_tasks
from comptroller.application.payment_blocks import (
    LiftPaymentBlock,
    ListPaymentBlocks,
    lift_payment_block,
    list_payment_blocks,
)
from comptroller.application.presenting.act_forms import ShowActForm, show_act_form
from comptroller.domain.identity import Duty

_ACTING: Final = frozenset(
    {
        Duty.PAYMENT_RELEASE,
        Duty.TASK_APPROVE,
        Duty.EXCEPTION_RESOLVE,
        Duty.DUPLICATE_CLEAR,
        Duty.ORDER_RELEASE,
        Duty.DOCUMENT_SUBMIT,
        Duty.SUPPLIER_VERIFY,
        Duty.POLICY_RELEASE,
    }
)

USE_CASES: Final = (
    UseCase(ActOnTask, _ACTING, act_on_task),  # the task's kind says which of them it takes
    UseCase(ClearScreening, one(Duty.SANCTIONS_CLEAR), clear_screening),
    UseCase(LiftPaymentBlock, one(Duty.PAYMENT_BLOCK_LIFT), lift_payment_block),
    UseCase(ListPaymentBlocks, one(Duty.CASE_READ), list_payment_blocks, Mode.READ),
    UseCase(ShowAnswer, one(Duty.TASK_READ), show_answer, Mode.READ),
    UseCase(AnswerByLink, _ACTING, answer_by_link),
    UseCase(ReviewApprovals, one(Duty.TASK_READ), review_approvals, Mode.READ),
    UseCase(CarryOutAct, _ACTING, carry_out_act),
    UseCase(UndoAct, _ACTING, undo_act),
    UseCase(AskQuestion, _ACTING, ask_question),
    UseCase(ClaimTask, _ACTING, claim_task),
    UseCase(ReleaseTask, _ACTING, release_task),
    UseCase(ReassignTask, _ACTING, reassign_task),
    UseCase(AddComment, one(Duty.TASK_READ), add_comment),
    UseCase(AttachFile, one(Duty.TASK_READ), attach_file),
    UseCase(GetAttachment, one(Duty.CASE_READ), get_attachment, Mode.READ),
    UseCase(CancelCase, one(Duty.CASE_CANCEL), cancel_case),
    UseCase(PlaceBlock, one(Duty.EXCEPTION_RESOLVE), place_payment_block),
    UseCase(OpenTasks, one(Duty.TASK_READ), open_tasks),
    UseCase(ShowActForm, one(Duty.CASE_READ), show_act_form, Mode.READ),
)

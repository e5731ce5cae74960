"""Every use case with the duty that it takes. What is not in this table cannot be done."""

from typing import Any, Final

from comptroller.application.access import IssueApiKey, RevokeApiKey, issue_api_key, revoke_api_key
from comptroller.application.act import ActOnTask, CarryOutAct, act_on_task, carry_out_act
from comptroller.application.acting.asking import AskQuestion, ask_question
from comptroller.application.acting.blocking import PlaceBlock, place_payment_block
from comptroller.application.acting.cancelling import CancelCase, cancel_case
from comptroller.application.acting.handing import ClaimTask, ReassignTask, claim_task, reassign_task
from comptroller.application.acting.remarks import (
    AddComment,
    AttachFile,
    GetAttachment,
    add_comment,
    attach_file,
    get_attachment,
)
from comptroller.application.acting.undoing import UndoAct, undo_act
from comptroller.application.amending import AmendRecord, ChangeAccount, amend_record, change_account
from comptroller.application.clearances import ClearScreening, clear_screening
from comptroller.application.delivery import (
    CallUp,
    FinishMessage,
    FireTimer,
    LookAtTask,
    RecordDelivery,
    RetryDelivery,
    call_up_case,
    finish_message,
    fire_timer,
    look_at_task,
    record_delivery,
    retry_delivery,
)
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.figures.show import ShowFigures, show_figures
from comptroller.application.intake_records import (
    FinishIntake,
    GetIntake,
    ListIntake,
    RegisterIntake,
    finish_intake,
    get_intake,
    list_intake,
    register_intake,
)
from comptroller.application.keying import KeyDocument, key_document
from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals, book_accruals, plan_accruals
from comptroller.application.ledger.comparing import CompareLedger, compare_ledger
from comptroller.application.ledger.reading import (
    ListJournals,
    ListLedgers,
    ListOpenItems,
    ShowAgeing,
    ShowTrialBalance,
    list_journals,
    list_ledgers,
    list_open_items,
    show_ageing,
    show_trial_balance,
)
from comptroller.application.ledger.reconciling import ReconcileLedger, reconcile_ledger
from comptroller.application.mapping_preview import PreviewMapping, preview_mapping
from comptroller.application.notices.composing import ComposeNotice, compose_notice
from comptroller.application.notices.own import (
    PreviewNotice,
    SetNoticeWishes,
    ShowSettings,
    preview_notice,
    set_notice_wishes,
    show_settings,
)
from comptroller.application.notices.sending import (
    RecordNotice,
    RemindOfTask,
    SendDigests,
    record_notice,
    remind_of_task,
    send_digests,
)
from comptroller.application.notices.subscriptions import (
    SubscribePush,
    UnsubscribePush,
    subscribe_push,
    unsubscribe_push,
)
from comptroller.application.open_tasks import OpenTasks, open_tasks
from comptroller.application.payment_blocks import (
    LiftPaymentBlock,
    ListPaymentBlocks,
    lift_payment_block,
    list_payment_blocks,
)
from comptroller.application.payments.commands import (
    ConfirmPayment,
    GetPaymentRun,
    ProposePayments,
    confirm_payment,
    get_payment_run,
    propose_payments,
)
from comptroller.application.presenting.act_forms import ShowActForm, show_act_form
from comptroller.application.presenting.case import ShowCase, show_case
from comptroller.application.presenting.figures import ShowEvidence, ShowOverview, show_evidence, show_overview
from comptroller.application.presenting.insight import ShowCasesNamed, show_cases_named
from comptroller.application.presenting.lists import (
    ShowCases,
    ShowExceptions,
    ShowQueue,
    show_cases,
    show_exceptions,
    show_queue,
)
from comptroller.application.presenting.master_data import (
    ShowAccountForm,
    ShowClearanceForm,
    show_account_form,
    show_clearance_form,
)
from comptroller.application.presenting.payments import (
    ShowPaymentRun,
    ShowPayments,
    show_payment_run,
    show_payments,
)
from comptroller.application.presenting.purchasing import (
    ShowContract,
    ShowOrder,
    ShowReceiptForm,
    show_contract,
    show_order,
    show_receipt_form,
)
from comptroller.application.presenting.supplier import ShowSupplier, ShowSuppliers, show_supplier, show_suppliers
from comptroller.application.presenting.surroundings import ShowChrome, show_chrome
from comptroller.application.purchase import TakePurchase, take_purchase
from comptroller.application.queries import (
    GetCase,
    GetDecisions,
    GetOriginal,
    GetTimeline,
    ListCases,
    ListDeliveries,
    ListReference,
    ListTasks,
    get_case,
    get_decisions,
    get_original,
    get_timeline,
    list_cases,
    list_deliveries,
    list_reference,
    list_tasks,
)
from comptroller.application.reference import PutReference, put_reference
from comptroller.application.responding import GetResponse, get_response
from comptroller.application.search.indexing import IndexCase, index_case
from comptroller.application.search.saved import EndSearch, SaveSearch, end_search, save_search
from comptroller.application.session import Environment
from comptroller.application.submit import SubmitDocument, submit_document
from comptroller.application.verification import verify
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.ids import TenantId


class VerifyAudit:
    """Recompute the whole audit log and everything that hangs on it."""


def verify_audit(environment: Environment, tenant: TenantId) -> Any:
    """Verify a tenant's log with its own key."""
    now = environment.store.read(tenant, environment.clock.now)
    return verify(environment.store, tenant, environment.verifier_of(tenant), now)


def _one(duty: Duty) -> frozenset[Duty]:
    return frozenset({duty})


_ACTING: Final = frozenset(
    {
        Duty.PAYMENT_RELEASE,
        Duty.TASK_APPROVE,
        Duty.EXCEPTION_RESOLVE,
        Duty.DUPLICATE_CLEAR,
        Duty.ORDER_RELEASE,
        Duty.DOCUMENT_SUBMIT,
        Duty.SUPPLIER_VERIFY,
    }
)
_PAYING: Final = frozenset({Duty.PAYMENT_PROPOSE, Duty.PAYMENT_RELEASE, Duty.JOURNAL_READ})
_BRINGING_IN: Final = frozenset(
    {
        Duty.REFERENCE_IMPORT,
        Duty.DOCUMENT_KEY,
        Duty.ORDER_AMEND,
        Duty.RECEIPT_RECORD,
        Duty.SUPPLIER_ENTER,
        Duty.PEOPLE_ADMINISTER,
        Duty.PERIOD_OPEN,
    }
)

_TAKING_IN: Final = frozenset({Duty.DOCUMENT_SUBMIT, Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND, Duty.RECEIPT_RECORD})

_ANYBODY: Final = frozenset(Duty)
"""Whoever holds any duty at all: an active principal of the tenant with a role."""

USE_CASES: Final = (
    UseCase(SubmitDocument, _one(Duty.DOCUMENT_SUBMIT), submit_document),
    UseCase(KeyDocument, _one(Duty.DOCUMENT_KEY), key_document),
    UseCase(RegisterIntake, _TAKING_IN, register_intake),
    UseCase(FinishIntake, _TAKING_IN, finish_intake),
    UseCase(TakePurchase, _TAKING_IN - _one(Duty.DOCUMENT_SUBMIT), take_purchase),
    UseCase(ListIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), list_intake, Mode.READ),
    UseCase(GetIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), get_intake, Mode.READ),
    UseCase(PreviewMapping, frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY}), preview_mapping, Mode.READ),
    UseCase(ActOnTask, _ACTING, act_on_task),  # the task's kind says which of them it takes
    UseCase(ClearScreening, _one(Duty.SANCTIONS_CLEAR), clear_screening),
    UseCase(LiftPaymentBlock, _one(Duty.PAYMENT_BLOCK_LIFT), lift_payment_block),
    UseCase(ListPaymentBlocks, _one(Duty.CASE_READ), list_payment_blocks, Mode.READ),
    UseCase(CarryOutAct, _ACTING, carry_out_act),
    UseCase(UndoAct, _ACTING, undo_act),
    UseCase(AskQuestion, _ACTING, ask_question),
    UseCase(ClaimTask, _ACTING, claim_task),
    UseCase(ReassignTask, _ACTING, reassign_task),
    UseCase(AddComment, _one(Duty.TASK_READ), add_comment),
    UseCase(AttachFile, _one(Duty.TASK_READ), attach_file),
    UseCase(GetAttachment, _one(Duty.CASE_READ), get_attachment, Mode.READ),
    UseCase(CancelCase, _one(Duty.CASE_CANCEL), cancel_case),
    UseCase(PlaceBlock, _one(Duty.EXCEPTION_RESOLVE), place_payment_block),
    UseCase(OpenTasks, _one(Duty.TASK_READ), open_tasks),
    UseCase(PutReference, _BRINGING_IN, put_reference),  # the record's kind says which of them it takes
    UseCase(IssueApiKey, _one(Duty.PEOPLE_ADMINISTER), issue_api_key, given_once="api_key"),
    UseCase(RevokeApiKey, _one(Duty.PEOPLE_ADMINISTER), revoke_api_key),
    UseCase(CallUp, _one(Duty.TIMER_RUN), call_up_case),
    UseCase(FireTimer, _one(Duty.TIMER_RUN), fire_timer),
    UseCase(LookAtTask, _one(Duty.TIMER_RUN), look_at_task),
    UseCase(FinishMessage, _one(Duty.TIMER_RUN), finish_message),
    UseCase(RecordDelivery, _one(Duty.TIMER_RUN), record_delivery),
    UseCase(ComposeNotice, _one(Duty.TIMER_RUN), compose_notice, Mode.READ),
    UseCase(RecordNotice, _one(Duty.TIMER_RUN), record_notice),
    UseCase(RemindOfTask, _one(Duty.TIMER_RUN), remind_of_task),
    UseCase(SendDigests, _one(Duty.TIMER_RUN), send_digests),
    UseCase(SetNoticeWishes, _ANYBODY, set_notice_wishes),
    UseCase(SubscribePush, _ANYBODY, subscribe_push),
    UseCase(UnsubscribePush, _ANYBODY, unsubscribe_push),
    UseCase(ShowSettings, _ANYBODY, show_settings, Mode.READ),
    UseCase(PreviewNotice, frozenset({Duty.REFERENCE_IMPORT, Duty.PEOPLE_ADMINISTER}), preview_notice, Mode.READ),
    UseCase(SaveSearch, _one(Duty.CASE_READ), save_search),
    UseCase(EndSearch, _one(Duty.CASE_READ), end_search),
    UseCase(IndexCase, _one(Duty.TIMER_RUN), index_case),
    UseCase(RetryDelivery, _one(Duty.DELIVERY_RETRY), retry_delivery),
    UseCase(GetCase, _one(Duty.CASE_READ), get_case, Mode.READ),
    UseCase(GetTimeline, _one(Duty.CASE_READ), get_timeline, Mode.READ),
    UseCase(GetDecisions, _one(Duty.CASE_READ), get_decisions, Mode.READ),
    UseCase(GetOriginal, _one(Duty.CASE_READ), get_original, Mode.READ),
    UseCase(GetResponse, _one(Duty.CASE_READ), get_response, Mode.READ),
    UseCase(ListCases, _one(Duty.CASE_LIST), list_cases, Mode.READ),
    UseCase(ListTasks, _one(Duty.TASK_READ), list_tasks, Mode.READ),
    UseCase(ListDeliveries, _one(Duty.DELIVERY_READ), list_deliveries, Mode.READ),
    UseCase(ListReference, _one(Duty.REFERENCE_READ), list_reference, Mode.READ),
    UseCase(ProposePayments, _one(Duty.PAYMENT_PROPOSE), propose_payments),
    UseCase(GetPaymentRun, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), get_payment_run, Mode.READ),
    UseCase(ConfirmPayment, _one(Duty.PAYMENT_CONFIRM), confirm_payment),
    UseCase(ListLedgers, _one(Duty.JOURNAL_READ), list_ledgers, Mode.READ),
    UseCase(ShowTrialBalance, _one(Duty.JOURNAL_READ), show_trial_balance, Mode.READ),
    UseCase(ListJournals, _one(Duty.JOURNAL_READ), list_journals, Mode.READ),
    UseCase(ListOpenItems, _one(Duty.JOURNAL_READ), list_open_items, Mode.READ),
    UseCase(ShowAgeing, _one(Duty.JOURNAL_READ), show_ageing, Mode.READ),
    UseCase(PlanAccruals, frozenset({Duty.PERIOD_OPEN, Duty.JOURNAL_READ}), plan_accruals, Mode.READ),
    UseCase(BookAccruals, _one(Duty.PERIOD_OPEN), book_accruals),
    UseCase(CompareLedger, _one(Duty.JOURNAL_READ), compare_ledger, Mode.READ),
    UseCase(ReconcileLedger, _one(Duty.JOURNAL_READ), reconcile_ledger, Mode.READ),
    UseCase(ShowChrome, _ANYBODY, show_chrome, Mode.READ),
    UseCase(ShowQueue, _one(Duty.TASK_READ), show_queue, Mode.READ),
    UseCase(ShowCase, _one(Duty.CASE_READ), show_case, Mode.READ),
    UseCase(AmendRecord, frozenset({Duty.ORDER_AMEND, Duty.RECEIPT_RECORD, Duty.REFERENCE_IMPORT}), amend_record),
    UseCase(ChangeAccount, frozenset({Duty.SUPPLIER_ENTER, Duty.REFERENCE_IMPORT}), change_account),
    UseCase(
        ShowPayments,
        frozenset({Duty.PAYMENT_PROPOSE, Duty.PAYMENT_RELEASE, Duty.JOURNAL_READ}),
        show_payments,
        Mode.READ,
    ),
    UseCase(ShowPaymentRun, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), show_payment_run, Mode.READ),
    UseCase(ShowAccountForm, _one(Duty.REFERENCE_READ), show_account_form, Mode.READ),
    UseCase(ShowClearanceForm, _one(Duty.REFERENCE_READ), show_clearance_form, Mode.READ),
    UseCase(ShowOrder, _one(Duty.REFERENCE_READ), show_order, Mode.READ),
    UseCase(ShowContract, _one(Duty.REFERENCE_READ), show_contract, Mode.READ),
    UseCase(ShowReceiptForm, _one(Duty.REFERENCE_READ), show_receipt_form, Mode.READ),
    UseCase(ShowActForm, _one(Duty.CASE_READ), show_act_form, Mode.READ),
    UseCase(ShowCases, _one(Duty.CASE_READ), show_cases, Mode.READ),
    UseCase(ShowExceptions, _one(Duty.CASE_READ), show_exceptions, Mode.READ),
    UseCase(ShowCasesNamed, _one(Duty.CASE_READ), show_cases_named, Mode.READ),
    UseCase(ShowFigures, _one(Duty.CASE_LIST), show_figures, Mode.READ),
    UseCase(ShowOverview, _one(Duty.CASE_LIST), show_overview, Mode.READ),
    UseCase(ShowSuppliers, _one(Duty.REFERENCE_READ), show_suppliers, Mode.READ),
    UseCase(ShowSupplier, _one(Duty.REFERENCE_READ), show_supplier, Mode.READ),
    UseCase(ShowEvidence, _one(Duty.AUDIT_READ), show_evidence, Mode.READ),
    UseCase(VerifyAudit, _one(Duty.AUDIT_VERIFY), verify_audit, Mode.OWN),
)
"""The whole of what the platform does."""

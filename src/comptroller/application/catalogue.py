"""Every use case with the duty that it takes. What is not in this table cannot be done."""

from typing import Any, Final

from comptroller.application.access import IssueApiKey, RevokeApiKey, issue_api_key, revoke_api_key
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
from comptroller.application.amending import (
    AmendRecord,
    ChangeAccount,
    ChangeRecord,
    amend_record,
    change_account,
    change_record,
)
from comptroller.application.clearances import ClearScreening, clear_screening
from comptroller.application.delivery import (
    CallUp,
    FinishMessage,
    FireTimer,
    LookAtTask,
    RecordDelivery,
    RecordFailure,
    RetryDelivery,
    SpreadThrown,
    TellCase,
    call_up_case,
    finish_message,
    fire_timer,
    look_at_task,
    record_delivery,
    record_failure,
    retry_delivery,
    spread_thrown,
    tell_case,
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
from comptroller.application.jobs.backtest import (
    GetBacktest,
    StartBacktest,
    TryCases,
    get_backtest,
    start_backtest,
    try_cases,
)
from comptroller.application.jobs.forecast import CountWays, KeepForecast, count_ways, keep_forecast
from comptroller.application.jobs.job import (
    BACKTEST,
    REPAIRS,
    SEEING,
    SEEN_BY,
    SHADOW,
    GetJob,
    KeepJob,
    ListJobs,
    get_job,
    keep_job,
    list_jobs,
)
from comptroller.application.jobs.migration import StartMigration, start_migration
from comptroller.application.jobs.repairs import StartRepairs, start_repairs
from comptroller.application.jobs.shadow import (
    GetShadow,
    StartShadow,
    TryJudged,
    get_shadow,
    start_shadow,
    try_judged,
)
from comptroller.application.jobs.stopping import StopJob, stop_job
from comptroller.application.jobs.watch import CountLive, ProposeRollback, count_live, propose_rollback
from comptroller.application.keying import KeyDocument, key_document
from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals, book_accruals, plan_accruals
from comptroller.application.ledger.attesting import (
    AttestPeriod,
    ShowAttestation,
    attest_period,
    show_attestation,
)
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
from comptroller.application.line_assignment import (
    AssignOrderLines,
    GetOrderLines,
    assign_order_lines,
    get_order_lines,
)
from comptroller.application.mapping_preview import PreviewMapping, preview_mapping
from comptroller.application.messages import SendMessage, send_message
from comptroller.application.migrating.case import MigrateCase, migrate_case
from comptroller.application.migrating.plan import FindMigrating, PlanMigration, find_migrating, plan_migration
from comptroller.application.migrating.versions import ListVersions, list_versions
from comptroller.application.notices.composing import ComposeNotice, compose_notice
from comptroller.application.notices.own import (
    SetNoticeWishes,
    ShowSettings,
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
from comptroller.application.notices.templates import (
    ListNoticeTexts,
    PreviewNotice,
    ShowNoticeText,
    list_notice_texts,
    preview_notice,
    show_notice_text,
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
from comptroller.application.people.absences import EndAbsence, RecordAbsence, end_absence, record_absence
from comptroller.application.people.delegations import (
    EndDelegation,
    RecordDelegation,
    end_delegation,
    record_delegation,
)
from comptroller.application.people.looking_after import (
    LookAfterPerson,
    LookAfterTask,
    look_after_task,
    look_after_tasks,
)
from comptroller.application.people.query import GetPerson, get_person
from comptroller.application.presenting.act_forms import ShowActForm, show_act_form
from comptroller.application.presenting.case import ShowCase, show_case
from comptroller.application.presenting.figures import ShowEvidence, ShowOverview, show_evidence, show_overview
from comptroller.application.presenting.incidents import ShowIncidents, show_incidents
from comptroller.application.presenting.insight import ShowCasesNamed, show_cases_named
from comptroller.application.presenting.intake import ShowIntake, ShowTakenIn, show_intake, show_taken_in
from comptroller.application.presenting.jobs import ShowJobs, show_jobs
from comptroller.application.presenting.keying import ShowKeyingForm, show_keying_form
from comptroller.application.presenting.line_assignment import ShowLineAssignment, show_line_assignment
from comptroller.application.presenting.lists import (
    ShowCases,
    ShowExceptions,
    ShowQueue,
    show_cases,
    show_exceptions,
    show_queue,
)
from comptroller.application.presenting.mappings import ShowMapping, show_mapping
from comptroller.application.presenting.master_data import (
    ShowAccountForm,
    ShowClearanceForm,
    show_account_form,
    show_clearance_form,
)
from comptroller.application.presenting.orders import ShowOrder, show_order
from comptroller.application.presenting.payments import (
    ShowConfirmationForm,
    ShowPaymentRun,
    ShowPayments,
    show_confirmation_form,
    show_payment_run,
    show_payments,
)
from comptroller.application.presenting.people import (
    ShowAbsenceForm,
    ShowDelegationForm,
    ShowEnding,
    ShowPeople,
    ShowPerson,
    show_absence_form,
    show_delegation_form,
    show_ending,
    show_people,
    show_person,
)
from comptroller.application.presenting.policies.calendar import ShowCalendar, show_calendar
from comptroller.application.presenting.policies.decision import (
    GetPolicyModel,
    ShowPolicy,
    get_policy_model,
    show_policy,
)
from comptroller.application.presenting.policies.drafts import ShowDraft, show_draft
from comptroller.application.presenting.policies.files import (
    ShowDraftFile,
    ShowDraftFiles,
    show_draft_file,
    show_draft_files,
)
from comptroller.application.presenting.policies.listing import ShowPolicies, show_policies
from comptroller.application.presenting.policies.overrides import (
    ShowFollowing,
    ShowOverride,
    ShowOverrides,
    show_following,
    show_override,
    show_overrides,
)
from comptroller.application.presenting.policies.rollback import ShowRollback, show_rollback
from comptroller.application.presenting.processes import (
    GetCaseModel,
    GetProcessModel,
    ShowProcess,
    ShowProcesses,
    get_case_model,
    get_process_model,
    show_process,
    show_processes,
)
from comptroller.application.presenting.purchasing import (
    ShowReceiptForm,
    show_receipt_form,
)
from comptroller.application.presenting.record_forms import (
    ShowAgreements,
    ShowRecordForm,
    show_agreements,
    show_record_form,
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
from comptroller.application.releasing.drafts import (
    ChangeDraft,
    EndDraft,
    ProposeDraft,
    RenewDraft,
    StartDraft,
    change_draft,
    end_draft,
    propose_draft,
    renew_draft,
    start_draft,
)
from comptroller.application.releasing.queries import (
    GetPolicyRequest,
    GetPolicyVersion,
    ListOverrides,
    ListPolicyRequests,
    ListPolicyVersions,
    get_policy_request,
    get_policy_version,
    list_overrides,
    list_policy_requests,
    list_policy_versions,
)
from comptroller.application.releasing.requests import (
    CheckPolicy,
    CorrectPolicy,
    FollowGroup,
    ProposePolicy,
    RollBackPolicy,
    WithdrawPolicy,
    check_policy,
    correct_policy,
    follow_group,
    propose_policy,
    roll_back_policy,
    withdraw_policy,
)
from comptroller.application.repairing import ListIncidents, RepairCase, list_incidents, repair_case
from comptroller.application.repairing_many import FindChosen, find_chosen
from comptroller.application.responding import GetResponse, get_response
from comptroller.application.search.indexing import IndexCase, index_case
from comptroller.application.search.saved import EndSearch, SaveSearch, end_search, save_search
from comptroller.application.session import Environment
from comptroller.application.starting.beginning import BeginCase, begin_case
from comptroller.application.starting.turns import TakeTurn, take_turn
from comptroller.application.studio.files import WriteFile, write_file
from comptroller.application.studio.limit import TryLimit, try_limit
from comptroller.application.studio.parameters import (
    ChangeParameters,
    ShowParameters,
    change_parameters,
    show_parameters,
)
from comptroller.application.studio.raw import GetDraftFile, GetRequestFile, get_draft_file, get_request_file
from comptroller.application.studio.recording import RecordExample, record_example
from comptroller.application.studio.tables import CheckTable, WriteTable, check_table, write_table
from comptroller.application.studio.values import ChangeValue, ShowValueForm, change_value, show_value_form
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
        Duty.POLICY_RELEASE,
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
        Duty.NOTICE_WRITE,
    }
)

_WATCHING: Final = frozenset({Duty.CASE_LIST, Duty.CASE_MIGRATE})

_TAKING_IN: Final = frozenset({Duty.DOCUMENT_SUBMIT, Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND, Duty.RECEIPT_RECORD})

_ANYBODY: Final = frozenset(Duty)
"""Whoever holds any duty at all: an active principal of the tenant with a role."""

USE_CASES: Final = (
    UseCase(SubmitDocument, _one(Duty.DOCUMENT_SUBMIT), submit_document),
    UseCase(KeyDocument, _one(Duty.DOCUMENT_KEY), key_document),
    UseCase(ShowKeyingForm, _one(Duty.DOCUMENT_KEY), show_keying_form, Mode.READ),
    UseCase(AssignOrderLines, _one(Duty.DOCUMENT_KEY), assign_order_lines),
    UseCase(GetOrderLines, _one(Duty.CASE_READ), get_order_lines, Mode.READ),
    UseCase(ShowLineAssignment, _one(Duty.DOCUMENT_KEY), show_line_assignment, Mode.READ),
    UseCase(RegisterIntake, _TAKING_IN, register_intake),
    UseCase(FinishIntake, _TAKING_IN, finish_intake),
    UseCase(TakePurchase, _TAKING_IN - _one(Duty.DOCUMENT_SUBMIT), take_purchase),
    UseCase(ListIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), list_intake, Mode.READ),
    UseCase(GetIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), get_intake, Mode.READ),
    UseCase(ShowIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), show_intake, Mode.READ),
    UseCase(ShowTakenIn, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), show_taken_in, Mode.READ),
    UseCase(PreviewMapping, frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY}), preview_mapping, Mode.READ),
    UseCase(ShowMapping, frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY}), show_mapping, Mode.READ),
    UseCase(ActOnTask, _ACTING, act_on_task),  # the task's kind says which of them it takes
    UseCase(ClearScreening, _one(Duty.SANCTIONS_CLEAR), clear_screening),
    UseCase(LiftPaymentBlock, _one(Duty.PAYMENT_BLOCK_LIFT), lift_payment_block),
    UseCase(ListPaymentBlocks, _one(Duty.CASE_READ), list_payment_blocks, Mode.READ),
    UseCase(ShowAnswer, _one(Duty.TASK_READ), show_answer, Mode.READ),
    UseCase(AnswerByLink, _ACTING, answer_by_link),
    UseCase(ReviewApprovals, _one(Duty.TASK_READ), review_approvals, Mode.READ),
    UseCase(CarryOutAct, _ACTING, carry_out_act),
    UseCase(UndoAct, _ACTING, undo_act),
    UseCase(AskQuestion, _ACTING, ask_question),
    UseCase(ClaimTask, _ACTING, claim_task),
    UseCase(ReleaseTask, _ACTING, release_task),
    UseCase(ReassignTask, _ACTING, reassign_task),
    UseCase(AddComment, _one(Duty.TASK_READ), add_comment),
    UseCase(AttachFile, _one(Duty.TASK_READ), attach_file),
    UseCase(GetAttachment, _one(Duty.CASE_READ), get_attachment, Mode.READ),
    UseCase(ListIncidents, _one(Duty.CASE_REPAIR), list_incidents, Mode.READ),
    UseCase(ShowIncidents, _one(Duty.CASE_REPAIR), show_incidents, Mode.READ),
    UseCase(RepairCase, _one(Duty.CASE_REPAIR), repair_case),
    UseCase(SendMessage, _one(Duty.MESSAGE_SEND), send_message),
    UseCase(FindChosen, SEEN_BY[REPAIRS], find_chosen, Mode.READ),
    UseCase(StartRepairs, SEEN_BY[REPAIRS], start_repairs),
    UseCase(CancelCase, _one(Duty.CASE_CANCEL), cancel_case),
    UseCase(MigrateCase, _one(Duty.CASE_MIGRATE), migrate_case),
    UseCase(FindMigrating, _one(Duty.CASE_MIGRATE), find_migrating, Mode.READ),
    UseCase(PlanMigration, _WATCHING, plan_migration, Mode.READ),
    UseCase(ListVersions, _WATCHING, list_versions, Mode.READ),
    UseCase(PlaceBlock, _one(Duty.EXCEPTION_RESOLVE), place_payment_block),
    UseCase(OpenTasks, _one(Duty.TASK_READ), open_tasks),
    UseCase(PutReference, _BRINGING_IN, put_reference),  # the record's kind says which of them it takes
    UseCase(IssueApiKey, _one(Duty.PEOPLE_ADMINISTER), issue_api_key, given_once="api_key"),
    UseCase(RevokeApiKey, _one(Duty.PEOPLE_ADMINISTER), revoke_api_key),
    UseCase(CallUp, _one(Duty.TIMER_RUN), call_up_case),
    UseCase(SpreadThrown, _one(Duty.TIMER_RUN), spread_thrown),
    UseCase(TellCase, _one(Duty.TIMER_RUN), tell_case),
    UseCase(FireTimer, _one(Duty.TIMER_RUN), fire_timer),
    UseCase(TakeTurn, _one(Duty.TIMER_RUN), take_turn),
    UseCase(BeginCase, _one(Duty.TIMER_RUN), begin_case),
    UseCase(LookAtTask, _one(Duty.TIMER_RUN), look_at_task),
    UseCase(LookAfterPerson, _one(Duty.TIMER_RUN), look_after_tasks),
    UseCase(LookAfterTask, _one(Duty.TIMER_RUN), look_after_task),
    UseCase(StartMigration, _one(Duty.CASE_MIGRATE), start_migration),
    UseCase(GetJob, SEEING, get_job, Mode.READ),
    UseCase(ListJobs, SEEING, list_jobs, Mode.READ),
    UseCase(ShowJobs, SEEING, show_jobs, Mode.READ),
    UseCase(StopJob, SEEING, stop_job),
    UseCase(KeepJob, _one(Duty.TIMER_RUN), keep_job),
    UseCase(FinishMessage, _one(Duty.TIMER_RUN), finish_message),
    UseCase(RecordDelivery, _one(Duty.TIMER_RUN), record_delivery),
    UseCase(RecordFailure, _one(Duty.TIMER_RUN), record_failure),
    UseCase(ComposeNotice, _one(Duty.TIMER_RUN), compose_notice, Mode.READ),
    UseCase(RecordNotice, _one(Duty.TIMER_RUN), record_notice),
    UseCase(RemindOfTask, _one(Duty.TIMER_RUN), remind_of_task),
    UseCase(SendDigests, _one(Duty.TIMER_RUN), send_digests),
    UseCase(SetNoticeWishes, _ANYBODY, set_notice_wishes),
    UseCase(SubscribePush, _ANYBODY, subscribe_push),
    UseCase(UnsubscribePush, _ANYBODY, unsubscribe_push),
    UseCase(ShowSettings, _ANYBODY, show_settings, Mode.READ),
    UseCase(ListNoticeTexts, _one(Duty.NOTICE_WRITE), list_notice_texts, Mode.READ),
    UseCase(ShowNoticeText, _one(Duty.NOTICE_WRITE), show_notice_text, Mode.READ),
    UseCase(PreviewNotice, frozenset({Duty.REFERENCE_IMPORT, Duty.NOTICE_WRITE}), preview_notice, Mode.READ),
    UseCase(RecordAbsence, _ANYBODY, record_absence),  # of oneself; of others by who administers people
    UseCase(EndAbsence, _ANYBODY, end_absence),
    UseCase(RecordDelegation, _ANYBODY, record_delegation),
    UseCase(EndDelegation, _ANYBODY, end_delegation),
    UseCase(GetPerson, _ANYBODY, get_person, Mode.READ),
    UseCase(SaveSearch, _one(Duty.CASE_LIST), save_search),
    UseCase(EndSearch, _one(Duty.CASE_LIST), end_search),
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
    UseCase(CheckPolicy, frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_PROPOSE}), check_policy, Mode.READ),
    UseCase(CorrectPolicy, frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_PROPOSE}), correct_policy, Mode.READ),
    UseCase(RecordExample, _one(Duty.POLICY_AUTHOR), record_example, Mode.READ),
    UseCase(StartBacktest, SEEN_BY[BACKTEST], start_backtest),
    UseCase(TryCases, SEEN_BY[BACKTEST], try_cases, Mode.READ),
    UseCase(GetBacktest, SEEN_BY[BACKTEST], get_backtest, Mode.READ),
    UseCase(CountWays, _one(Duty.TIMER_RUN), count_ways, Mode.READ),
    UseCase(KeepForecast, _one(Duty.TIMER_RUN), keep_forecast),
    UseCase(CountLive, _one(Duty.TIMER_RUN), count_live, Mode.READ),
    UseCase(ProposeRollback, _one(Duty.TIMER_RUN), propose_rollback),
    UseCase(StartShadow, SEEN_BY[SHADOW], start_shadow),
    UseCase(TryJudged, SEEN_BY[SHADOW], try_judged, Mode.READ),
    UseCase(GetShadow, SEEN_BY[SHADOW], get_shadow, Mode.READ),
    UseCase(ProposePolicy, _one(Duty.POLICY_PROPOSE), propose_policy),
    UseCase(FollowGroup, _one(Duty.POLICY_PROPOSE), follow_group),
    UseCase(RollBackPolicy, frozenset({Duty.POLICY_PROPOSE, Duty.POLICY_RELEASE}), roll_back_policy),
    UseCase(ShowCalendar, _one(Duty.POLICY_READ), show_calendar, Mode.READ),
    UseCase(ShowRollback, _one(Duty.POLICY_READ), show_rollback, Mode.READ),
    UseCase(WithdrawPolicy, frozenset({Duty.POLICY_PROPOSE, Duty.POLICY_RELEASE}), withdraw_policy),
    UseCase(ListPolicyVersions, _one(Duty.POLICY_READ), list_policy_versions, Mode.READ),
    UseCase(GetPolicyVersion, _one(Duty.POLICY_READ), get_policy_version, Mode.READ),
    UseCase(ListOverrides, _one(Duty.POLICY_READ), list_overrides, Mode.READ),
    UseCase(ShowOverrides, _one(Duty.POLICY_READ), show_overrides, Mode.READ),
    UseCase(ShowOverride, _one(Duty.POLICY_READ), show_override, Mode.READ),
    UseCase(ShowFollowing, _one(Duty.POLICY_READ), show_following, Mode.READ),
    UseCase(ListPolicyRequests, _one(Duty.POLICY_READ), list_policy_requests, Mode.READ),
    UseCase(GetPolicyRequest, _one(Duty.POLICY_READ), get_policy_request, Mode.READ),
    UseCase(ListLedgers, _one(Duty.JOURNAL_READ), list_ledgers, Mode.READ),
    UseCase(ShowTrialBalance, _one(Duty.JOURNAL_READ), show_trial_balance, Mode.READ),
    UseCase(ListJournals, _one(Duty.JOURNAL_READ), list_journals, Mode.READ),
    UseCase(ListOpenItems, _one(Duty.JOURNAL_READ), list_open_items, Mode.READ),
    UseCase(ShowAgeing, _one(Duty.JOURNAL_READ), show_ageing, Mode.READ),
    UseCase(PlanAccruals, frozenset({Duty.PERIOD_OPEN, Duty.JOURNAL_READ}), plan_accruals, Mode.READ),
    UseCase(BookAccruals, _one(Duty.PERIOD_OPEN), book_accruals),
    UseCase(ShowAttestation, frozenset({Duty.PERIOD_ATTEST, Duty.JOURNAL_READ}), show_attestation, Mode.READ),
    UseCase(AttestPeriod, _one(Duty.PERIOD_ATTEST), attest_period),
    UseCase(CompareLedger, _one(Duty.JOURNAL_READ), compare_ledger, Mode.READ),
    UseCase(ReconcileLedger, _one(Duty.JOURNAL_READ), reconcile_ledger, Mode.READ),
    UseCase(ShowChrome, _ANYBODY, show_chrome, Mode.READ),
    UseCase(ShowQueue, _one(Duty.TASK_READ), show_queue, Mode.READ),
    UseCase(ShowCase, _one(Duty.CASE_READ), show_case, Mode.READ),
    UseCase(AmendRecord, frozenset({Duty.ORDER_AMEND, Duty.RECEIPT_RECORD, Duty.REFERENCE_IMPORT}), amend_record),
    UseCase(ChangeAccount, frozenset({Duty.SUPPLIER_ENTER, Duty.REFERENCE_IMPORT}), change_account),
    UseCase(ShowPayments, _PAYING, show_payments, Mode.READ),
    UseCase(ShowPaymentRun, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), show_payment_run, Mode.READ),
    UseCase(
        ShowConfirmationForm, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), show_confirmation_form, Mode.READ
    ),
    UseCase(ShowAccountForm, _one(Duty.REFERENCE_READ), show_account_form, Mode.READ),
    UseCase(ShowClearanceForm, _one(Duty.REFERENCE_READ), show_clearance_form, Mode.READ),
    UseCase(ShowOrder, _one(Duty.REFERENCE_READ), show_order, Mode.READ),
    UseCase(ShowAgreements, _one(Duty.REFERENCE_READ), show_agreements, Mode.READ),
    UseCase(ShowRecordForm, _one(Duty.REFERENCE_READ), show_record_form, Mode.READ),
    UseCase(ChangeRecord, frozenset({Duty.ORDER_AMEND, Duty.REFERENCE_IMPORT}), change_record),
    UseCase(ShowReceiptForm, _one(Duty.REFERENCE_READ), show_receipt_form, Mode.READ),
    UseCase(ShowActForm, _one(Duty.CASE_READ), show_act_form, Mode.READ),
    UseCase(ShowPeople, frozenset({Duty.REFERENCE_READ, Duty.PEOPLE_ADMINISTER}), show_people, Mode.READ),
    UseCase(ShowPerson, _ANYBODY, show_person, Mode.READ),
    UseCase(ShowAbsenceForm, _ANYBODY, show_absence_form, Mode.READ),
    UseCase(ShowDelegationForm, _ANYBODY, show_delegation_form, Mode.READ),
    UseCase(ShowEnding, _ANYBODY, show_ending, Mode.READ),
    UseCase(ShowCases, _one(Duty.CASE_LIST), show_cases, Mode.READ),
    UseCase(ShowExceptions, _one(Duty.CASE_READ), show_exceptions, Mode.READ),
    UseCase(StartDraft, _one(Duty.POLICY_AUTHOR), start_draft),
    UseCase(ChangeDraft, _one(Duty.POLICY_AUTHOR), change_draft),
    UseCase(EndDraft, _one(Duty.POLICY_AUTHOR), end_draft),
    UseCase(RenewDraft, _one(Duty.POLICY_AUTHOR), renew_draft),
    UseCase(ProposeDraft, _one(Duty.POLICY_PROPOSE), propose_draft),
    UseCase(CheckTable, _one(Duty.POLICY_AUTHOR), check_table, Mode.READ),
    UseCase(TryLimit, _one(Duty.POLICY_AUTHOR), try_limit, Mode.READ),
    UseCase(WriteTable, _one(Duty.POLICY_AUTHOR), write_table),
    UseCase(ShowValueForm, _one(Duty.POLICY_READ), show_value_form, Mode.READ),
    UseCase(ChangeValue, _one(Duty.POLICY_AUTHOR), change_value),
    UseCase(ShowParameters, _one(Duty.POLICY_READ), show_parameters, Mode.READ),
    UseCase(ChangeParameters, _one(Duty.POLICY_AUTHOR), change_parameters),
    UseCase(GetDraftFile, _one(Duty.POLICY_READ), get_draft_file, Mode.READ),
    UseCase(GetRequestFile, _one(Duty.POLICY_READ), get_request_file, Mode.READ),
    UseCase(WriteFile, _one(Duty.POLICY_AUTHOR), write_file),
    UseCase(ShowDraftFiles, _one(Duty.POLICY_READ), show_draft_files, Mode.READ),
    UseCase(ShowDraftFile, _one(Duty.POLICY_READ), show_draft_file, Mode.READ),
    UseCase(ShowDraft, _one(Duty.POLICY_READ), show_draft, Mode.READ),
    UseCase(ShowPolicies, _one(Duty.POLICY_READ), show_policies, Mode.READ),
    UseCase(ShowPolicy, _one(Duty.POLICY_READ), show_policy, Mode.READ),
    UseCase(GetPolicyModel, _one(Duty.POLICY_READ), get_policy_model, Mode.READ),
    UseCase(ShowProcesses, _WATCHING, show_processes, Mode.READ),
    UseCase(ShowProcess, _WATCHING, show_process, Mode.READ),
    UseCase(GetProcessModel, _WATCHING, get_process_model, Mode.READ),
    UseCase(GetCaseModel, _one(Duty.CASE_READ), get_case_model, Mode.READ),
    UseCase(ShowCasesNamed, _one(Duty.CASE_LIST), show_cases_named, Mode.READ),
    UseCase(ShowFigures, _one(Duty.CASE_LIST), show_figures, Mode.READ),
    UseCase(ShowOverview, _one(Duty.CASE_LIST), show_overview, Mode.READ),
    UseCase(ShowSuppliers, _one(Duty.REFERENCE_READ), show_suppliers, Mode.READ),
    UseCase(ShowSupplier, _one(Duty.REFERENCE_READ), show_supplier, Mode.READ),
    UseCase(ShowEvidence, _one(Duty.AUDIT_READ), show_evidence, Mode.READ),
    UseCase(VerifyAudit, _one(Duty.AUDIT_VERIFY), verify_audit, Mode.OWN),
)
"""The whole of what the platform does."""

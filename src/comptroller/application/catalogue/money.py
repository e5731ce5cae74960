"""The ledger and payments."""

from typing import Final

from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals, book_accruals, plan_accruals
from comptroller.application.ledger.attesting import AttestPeriod, ShowAttestation, attest_period, show_attestation
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
from comptroller.application.payments.commands import (
    ConfirmPayment,
    GetPaymentRun,
    ProposePayments,
    confirm_payment,
    get_payment_run,
    propose_payments,
)
from comptroller.application.presenting.payments import (
    ShowConfirmationForm,
    ShowPaymentRun,
    ShowPayments,
    show_confirmation_form,
    show_payment_run,
    show_payments,
)
from comptroller.domain.identity import Duty

_PAYING: Final = frozenset({Duty.PAYMENT_PROPOSE, Duty.PAYMENT_RELEASE, Duty.JOURNAL_READ})

USE_CASES: Final = (
    UseCase(ProposePayments, one(Duty.PAYMENT_PROPOSE), propose_payments),
    UseCase(GetPaymentRun, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), get_payment_run, Mode.READ),
    UseCase(ConfirmPayment, one(Duty.PAYMENT_CONFIRM), confirm_payment),
    UseCase(ListLedgers, one(Duty.JOURNAL_READ), list_ledgers, Mode.READ),
    UseCase(ShowTrialBalance, one(Duty.JOURNAL_READ), show_trial_balance, Mode.READ),
    UseCase(ListJournals, one(Duty.JOURNAL_READ), list_journals, Mode.READ),
    UseCase(ListOpenItems, one(Duty.JOURNAL_READ), list_open_items, Mode.READ),
    UseCase(ShowAgeing, one(Duty.JOURNAL_READ), show_ageing, Mode.READ),
    UseCase(PlanAccruals, frozenset({Duty.PERIOD_OPEN, Duty.JOURNAL_READ}), plan_accruals, Mode.READ),
    UseCase(BookAccruals, one(Duty.PERIOD_OPEN), book_accruals),
    UseCase(ShowAttestation, frozenset({Duty.PERIOD_ATTEST, Duty.JOURNAL_READ}), show_attestation, Mode.READ),
    UseCase(AttestPeriod, one(Duty.PERIOD_ATTEST), attest_period),
    UseCase(CompareLedger, one(Duty.JOURNAL_READ), compare_ledger, Mode.READ),
    UseCase(ReconcileLedger, one(Duty.JOURNAL_READ), reconcile_ledger, Mode.READ),
    UseCase(ShowPayments, _PAYING, show_payments, Mode.READ),
    UseCase(ShowPaymentRun, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), show_payment_run, Mode.READ),
    UseCase(
        ShowConfirmationForm, frozenset({Duty.JOURNAL_READ, Duty.PAYMENT_CONFIRM}), show_confirmation_form, Mode.READ
    ),
)

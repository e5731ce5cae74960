"""The duties: what a role may ask the platform for. A closed list, because every use case names one of them."""

from enum import StrEnum


class Duty(StrEnum):
    """The right to ask for one kind of thing; the value is what roles in a policy pack are written with."""

    DOCUMENT_SUBMIT = "document.submit"
    DOCUMENT_KEY = "document.key"  # type in what a paper says
    DOCUMENT_CHECK = "document.check"
    CASE_READ = "case.read"
    CASE_LIST = "case.list"
    CASE_CANCEL = "case.cancel"
    TASK_READ = "task.read"
    TASK_APPROVE = "task.approve"
    EXCEPTION_RESOLVE = "exception.resolve"
    DUPLICATE_CLEAR = "duplicate.clear"
    ORDER_AMEND = "order.amend"  # create or change
    ORDER_RELEASE = "order.release"
    RECEIPT_RECORD = "receipt.record"
    SUPPLIER_ENTER = "supplier.enter"
    SUPPLIER_VERIFY = "supplier.verify"
    SANCTIONS_CLEAR = "sanctions.clear"
    PAYMENT_BLOCK_LIFT = "payment-block.lift"
    REFERENCE_READ = "reference.read"
    REFERENCE_IMPORT = "reference.import"  # from the system that owns the records
    PEOPLE_ADMINISTER = "people.administer"
    PERIOD_OPEN = "period.open"
    JOURNAL_READ = "journal.read"
    PAYMENT_PROPOSE = "payment.propose"
    PAYMENT_RELEASE = "payment.release"
    PAYMENT_CONFIRM = "payment.confirm"  # say what the bank did with a payment
    POLICY_READ = "policy.read"
    POLICY_AUTHOR = "policy.author"
    POLICY_RELEASE = "policy.release"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    DELIVERY_READ = "delivery.read"
    DELIVERY_RETRY = "delivery.retry"
    TIMER_RUN = "timer.run"

"""The duties: what a role may ask the platform for. A closed list, because every use case names one of them."""

from enum import StrEnum
from typing import Final


class Duty(StrEnum):
    """The right to ask for one kind of thing; the value is what roles in a policy pack are written with."""

    DOCUMENT_SUBMIT = "document.submit"
    DOCUMENT_KEY = "document.key"  # type in what a paper says
    DOCUMENT_CHECK = "document.check"
    CASE_READ = "case.read"
    CASE_LIST = "case.list"
    CASE_CANCEL = "case.cancel"
    CASE_MIGRATE = "case.migrate"  # have it go on by another version of its process
    CASE_REPAIR = "case.repair"  # see what is stuck, and mend it as far as the process allows
    MESSAGE_SEND = "message.send"  # tell cases what happened outside
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
    PERIOD_ATTEST = "period.attest"  # say that the figures of a period are right
    JOURNAL_READ = "journal.read"
    PAYMENT_PROPOSE = "payment.propose"
    PAYMENT_RELEASE = "payment.release"
    PAYMENT_CONFIRM = "payment.confirm"  # say what the bank did with a payment
    POLICY_READ = "policy.read"
    POLICY_AUTHOR = "policy.author"
    POLICY_PROPOSE = "policy.propose"
    POLICY_RELEASE = "policy.release"
    AUDIT_READ = "audit.read"
    AUDIT_VERIFY = "audit.verify"
    NOTICE_WRITE = "notice.write"  # the words in which people are told outside the page
    DELIVERY_READ = "delivery.read"
    DELIVERY_RETRY = "delivery.retry"
    TIMER_RUN = "timer.run"


DUTY_OF: Final = {
    "approval": Duty.TASK_APPROVE,
    "release": Duty.ORDER_RELEASE,
    "verification": Duty.SUPPLIER_VERIFY,
    "payment": Duty.PAYMENT_RELEASE,
    "policy": Duty.POLICY_RELEASE,
    "exception": Duty.EXCEPTION_RESOLVE,
    "correction": Duty.DOCUMENT_SUBMIT,
    "keying": Duty.DOCUMENT_KEY,
    "question": Duty.TASK_READ,
    "manual": Duty.TASK_READ,
}
"""The duty that each kind of task takes."""

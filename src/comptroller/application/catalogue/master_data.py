"""Records of reference: suppliers, orders, agreements and whatever else is brought in."""

from typing import Final

from comptroller.application.amending import (
    AmendRecord,
    ChangeAccount,
    ChangeRecord,
    amend_record,
    change_account,
    change_record,
)
from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.presenting.master_data import (
    ShowAccountForm,
    ShowClearanceForm,
    show_account_form,
    show_clearance_form,
)
from comptroller.application.presenting.orders import ShowOrder, show_order
from comptroller.application.presenting.purchasing import ShowReceiptForm, show_receipt_form
from comptroller.application.presenting.record_forms import (
    ShowAgreements,
    ShowRecordForm,
    show_agreements,
    show_record_form,
)
from comptroller.application.presenting.supplier import ShowSupplier, ShowSuppliers, show_supplier, show_suppliers
from comptroller.application.reference import PutReference, put_reference
from comptroller.domain.identity import Duty

_BRINGING_IN: Final = frozenset(
    {
        Duty.REFERENCE_IMPORT,
        Duty.DOCUMENT_KEY,
        Duty.ORDER_AMEND,
        Duty.RECEIPT_RECORD,
        Duty.SUPPLIER_ENTER,
        Duty.PEOPLE_ADMINISTER,
        Duty.PERIOD_OPEN,
        Duty.DUPLICATE_CLEAR,
        Duty.PERIOD_ATTEST,
        Duty.NOTICE_WRITE,
    }
)

USE_CASES: Final = (
    UseCase(PutReference, _BRINGING_IN, put_reference),  # the record's kind says which of them it takes
    UseCase(AmendRecord, frozenset({Duty.ORDER_AMEND, Duty.RECEIPT_RECORD, Duty.REFERENCE_IMPORT}), amend_record),
    UseCase(ChangeAccount, frozenset({Duty.SUPPLIER_ENTER, Duty.REFERENCE_IMPORT}), change_account),
    UseCase(ShowAccountForm, one(Duty.REFERENCE_READ), show_account_form, Mode.READ),
    UseCase(ShowClearanceForm, one(Duty.REFERENCE_READ), show_clearance_form, Mode.READ),
    UseCase(ShowOrder, one(Duty.REFERENCE_READ), show_order, Mode.READ),
    UseCase(ShowAgreements, one(Duty.REFERENCE_READ), show_agreements, Mode.READ),
    UseCase(ShowRecordForm, one(Duty.REFERENCE_READ), show_record_form, Mode.READ),
    UseCase(ChangeRecord, frozenset({Duty.ORDER_AMEND, Duty.REFERENCE_IMPORT}), change_record),
    UseCase(ShowReceiptForm, one(Duty.REFERENCE_READ), show_receipt_form, Mode.READ),
    UseCase(ShowSuppliers, one(Duty.REFERENCE_READ), show_suppliers, Mode.READ),
    UseCase(ShowSupplier, one(Duty.REFERENCE_READ), show_supplier, Mode.READ),
)

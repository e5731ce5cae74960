"""Documents: handed in, taken in, keyed, and told of."""

from typing import Final

from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
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
from comptroller.application.line_assignment import AssignOrderLines, GetOrderLines, assign_order_lines, get_order_lines
from comptroller.application.mapping_preview import PreviewMapping, preview_mapping
from comptroller.application.presenting.intake import ShowIntake, ShowTakenIn, show_intake, show_taken_in
from comptroller.application.presenting.keying import ShowKeyingForm, show_keying_form
from comptroller.application.presenting.line_assignment import ShowLineAssignment, show_line_assignment
from comptroller.application.presenting.mappings import ShowMapping, show_mapping
from comptroller.application.purchase import TakePurchase, take_purchase
from comptroller.application.responding import GetResponse, get_response
from comptroller.application.submit import SubmitDocument, submit_document
from comptroller.domain.identity import Duty

_TAKING_IN: Final = frozenset({Duty.DOCUMENT_SUBMIT, Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND, Duty.RECEIPT_RECORD})

USE_CASES: Final = (
    UseCase(SubmitDocument, one(Duty.DOCUMENT_SUBMIT), submit_document),
    UseCase(KeyDocument, one(Duty.DOCUMENT_KEY), key_document),
    UseCase(ShowKeyingForm, one(Duty.DOCUMENT_KEY), show_keying_form, Mode.READ),
    UseCase(AssignOrderLines, one(Duty.DOCUMENT_KEY), assign_order_lines),
    UseCase(GetOrderLines, one(Duty.CASE_READ), get_order_lines, Mode.READ),
    UseCase(ShowLineAssignment, one(Duty.DOCUMENT_KEY), show_line_assignment, Mode.READ),
    UseCase(RegisterIntake, _TAKING_IN, register_intake),
    UseCase(FinishIntake, _TAKING_IN, finish_intake),
    UseCase(TakePurchase, _TAKING_IN - one(Duty.DOCUMENT_SUBMIT), take_purchase),
    UseCase(ListIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), list_intake, Mode.READ),
    UseCase(GetIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), get_intake, Mode.READ),
    UseCase(ShowIntake, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), show_intake, Mode.READ),
    UseCase(ShowTakenIn, frozenset({Duty.DOCUMENT_SUBMIT, Duty.DELIVERY_READ}), show_taken_in, Mode.READ),
    UseCase(PreviewMapping, frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY}), preview_mapping, Mode.READ),
    UseCase(ShowMapping, frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY}), show_mapping, Mode.READ),
    UseCase(GetResponse, one(Duty.CASE_READ), get_response, Mode.READ),
)

"""What the buyer answers the supplier about an invoice: a status, its reasons, and what the supplier is asked to do.

# SOURCE: Peppol BIS Invoice Response 3 (T111): code lists UNCL4343OpSubset, OPStatusReason, OPStatusAction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from comptroller.domain.documents.model import Party
from comptroller.domain.kernel.fault import Fault


class ResponseStatus(StrEnum):
    """How the invoice stands with the buyer."""

    ACKNOWLEDGED = "AB"
    IN_PROCESS = "IP"
    UNDER_QUERY = "UQ"
    CONDITIONALLY_ACCEPTED = "CA"
    REJECTED = "RE"
    ACCEPTED = "AP"
    PAID = "PD"


class ResponseReason(StrEnum):
    """Why."""

    NO_ISSUE = "NON"
    REFERENCES = "REF"
    LEGAL = "LEG"
    RECEIVER_UNKNOWN = "REC"
    QUALITY = "QUA"
    DELIVERY = "DEL"
    PRICES = "PRI"
    QUANTITY = "QTY"
    ITEMS = "ITM"
    PAYMENT_TERMS = "PAY"
    NOT_RECOGNISED = "UNR"
    FINANCE = "FIN"
    PARTIALLY_PAID = "PPD"
    OTHER = "OTH"


class ResponseAction(StrEnum):
    """What the supplier is asked to do."""

    NONE = "NOA"
    PROVIDE_INFORMATION = "PIN"
    NEW_INVOICE = "NIN"
    CREDIT_FULLY = "CNF"
    CREDIT_PARTIALLY = "CNP"
    CREDIT_AMOUNT = "CNA"
    OTHER = "OTH"


@dataclass(frozen=True, slots=True)
class Clarification:
    """One reason or action in words, with the field of the invoice that it is about (a BT of EN 16931)."""

    code: ResponseReason | ResponseAction
    text: str = ""
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceResponse:
    """The buyer's answer about one invoice."""

    id: str
    issued_at: datetime
    status: ResponseStatus
    number: str  # of the invoice
    sender: Party | None  # the buyer
    receiver: Party | None  # the supplier
    issue_date: date | None = None
    type_code: str = ""
    clarifications: tuple[Clarification, ...] = ()
    effective: date | None = None
    note: str = ""


NEEDS_A_REASON: Final = frozenset(
    {ResponseStatus.UNDER_QUERY, ResponseStatus.CONDITIONALLY_ACCEPTED, ResponseStatus.REJECTED}
)


NEEDS_WORDS: Final = frozenset({"OTH", "PPD"})


def problems(response: InvoiceResponse) -> Iterator[Fault]:
    """What is missing before a response can be sent."""
    if response.status in NEEDS_A_REASON and not response.clarifications:
        message = f"the status {response.status} needs a reason or an action"
        yield Fault("RESPONSE-REASON-01", "/clarifications", message, by="response", help="say why, by a code")
    for place, told in enumerate(response.clarifications):
        if told.code.value in NEEDS_WORDS and not told.text:
            message = f"the code {told.code} says nothing without words"
            yield Fault("RESPONSE-REASON-02", f"/clarifications/{place}", message, by="response", help="say it")
    for name, party in (("sender", response.sender), ("receiver", response.receiver)):
        if party is None or not party.name:
            yield Fault("RESPONSE-PARTY-01", f"/{name}", f"the {name} has no name", by="response", help="name it")
        elif party.electronic_address is None:
            message = f"the {name} has no electronic address, so nothing carries it there"
            yield Fault("RESPONSE-PARTY-02", f"/{name}", message, by="response", help="add it to the record")
    if not response.number:
        yield Fault("RESPONSE-NUMBER-01", "/number", "the invoice has no number", by="response", help="name it")

"""What purchasing agrees: contracts, recurring agreements and their schedules, unit conversions, disputes."""

from decimal import Decimal
from typing import Any, Final

from comptroller.application.reference_kinds.checks import Body, Check, ReferenceKind, document_check
from comptroller.domain.documents.json_form import from_json
from comptroller.domain.documents.purchasing import Agreement, Contract, Dispute, Schedule, UnitConversion
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault

BUYING: Final = frozenset({Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND})
"""Who brings in what is agreed with suppliers: an import, and the buyers."""


DISPUTES: Final = ("return", "price", "quality", "quantity")
"""What a dispute may be about."""


def agreement_alias(supplier: str, reference: str) -> str:
    """The name under which a recurring agreement is found by what its invoices say."""
    return f"agreement-of/{supplier}/{' '.join(reference.casefold().split())}"


def conversions_alias(supplier: str) -> str:
    """The name under which all conversions of a supplier are found."""
    return f"conversions-of/{supplier}"


def disputes_alias(supplier: str, invoice: str) -> str:
    """The name under which the disputes about one invoice are found."""
    return f"disputes-of/{supplier}/{invoice}"


def returns_alias(order: str) -> str:
    """The name under which the returns of an order are found."""
    return f"returns-of-order/{order}"


def fault(path: str, message: str, help_text: str) -> Fault:
    """A record whose fields are right one by one, but not together."""
    return Fault("REFERENCE-FIELD-03", path, message, by="reference", help=help_text)


def days_in_order(body: Body) -> tuple[Fault, ...]:
    """The last day is not before the first."""
    first, last = body.get("valid_from"), body.get("valid_to")
    if isinstance(first, str) and isinstance(last, str) and last < first:
        return (fault("/valid_to", f"`valid_to` {last} is before `valid_from` {first}", "give the last day"),)
    return ()


def positive(record: Any, *names: str, path: str = "") -> tuple[Fault, ...]:
    """These amounts, where they are given, are above zero."""
    values = [(name, getattr(record, name)) for name in names]
    return tuple(
        fault(f"{path}/{name}", f"`{name}` is {value}", "give an amount above zero")
        for name, value in values
        if isinstance(value, Decimal) and value <= 0
    )


def _contract_check() -> Check:
    form = document_check(Contract, "number")

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        contract, _ = from_json(Contract, body)
        faults = form(key, body) + days_in_order(body)
        if contract is None:
            return faults
        faults += positive(contract, "ceiling")
        for place, price in enumerate(contract.prices):
            faults += positive(price, "base_quantity", path=f"/prices/{place}")
        return faults

    return check


def _agreement_check() -> Check:
    form = document_check(Agreement, "number")

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        agreement, _ = from_json(Agreement, body)
        faults = form(key, body) + days_in_order(body)
        if agreement is None:
            return faults
        faults += positive(agreement, "amount")
        if agreement.months < 1:
            faults += (fault("/months", f"`months` is {agreement.months}", "give the length of a period in months"),)
        if not agreement.references:
            faults += (fault("/references", "`references` is empty", "say how its invoices name the agreement"),)
        return faults

    return check


def _schedule_check() -> Check:
    form = document_check(Schedule, "number")

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        schedule, _ = from_json(Schedule, body)
        faults = form(key, body)
        periods = [each.period for each in schedule.instalments] if schedule is not None else []
        for place, period in enumerate(periods):
            year, _, month = period.partition("-")
            if not (
                year.isdecimal() and len(year) == 4 and month.isdecimal() and len(month) == 2 and 1 <= int(month) <= 12
            ):
                faults += (fault(f"/instalments/{place}/period", f"`period` is `{period}`", "give it as YYYY-MM"),)
            if period in periods[:place]:
                faults += (fault(f"/instalments/{place}/period", f"`{period}` is there twice", "give one amount"),)
        return faults

    return check


def _conversion_check() -> Check:
    form = document_check(UnitConversion, "key")

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        conversion, _ = from_json(UnitConversion, body)
        faults = form(key, body)
        return faults if conversion is None else faults + positive(conversion, "factor")

    return check


def _dispute_check() -> Check:
    form = document_check(Dispute, "number")

    def check(key: str, body: Body) -> tuple[Fault, ...]:
        dispute, _ = from_json(Dispute, body)
        faults = form(key, body)
        if dispute is None:
            return faults
        faults += positive(dispute, "amount")
        for place, line in enumerate(dispute.lines):
            faults += positive(line, "quantity", path=f"/lines/{place}")
        if dispute.kind not in DISPUTES:
            faults += (fault("/kind", f"`kind` is `{dispute.kind}`", f"say {', '.join(DISPUTES)}"),)
        if (dispute.kind == "return") != bool(dispute.lines and dispute.order):
            faults += (fault("/lines", "a return names its order and what went back; nothing else does", "say it so"),)
        return faults

    return check


def _agreement_names(_key: str, body: Body) -> tuple[str, ...]:
    return tuple(dict.fromkeys(agreement_alias(body["supplier"], each) for each in body["references"]))


def _dispute_names(_key: str, body: Body) -> tuple[str, ...]:
    order = [returns_alias(body["order"])] if body.get("order") else []
    return (disputes_alias(body["supplier"], body["invoice"]), *order)


KINDS: Final = (
    ReferenceKind("contract", _contract_check(), BUYING, subjects=lambda key, _body: (f"contract/{key}",)),
    ReferenceKind(
        "agreement",
        _agreement_check(),
        BUYING,
        _agreement_names,
        lambda key, body: (*_agreement_names(key, body), f"agreement/{key}"),
    ),
    ReferenceKind("schedule", _schedule_check(), BUYING, subjects=lambda key, _body: (f"agreement/{key}",)),
    ReferenceKind(
        "unit-conversion",
        _conversion_check(),
        BUYING,
        lambda _key, body: (conversions_alias(body["supplier"]),),
        lambda _key, body: (conversions_alias(body["supplier"]),),
    ),
    ReferenceKind(
        "dispute",
        _dispute_check(),
        frozenset({Duty.REFERENCE_IMPORT, Duty.ORDER_AMEND, Duty.RECEIPT_RECORD}),
        _dispute_names,
        lambda key, body: (*_dispute_names(key, body), *([f"order/{body['order']}"] if body.get("order") else [])),
    ),
)

"""What figures need and no case can tell: what was measured before, and payments found to be duplicates later.

A baseline is one measured number with its bounds, where it comes from and the days that it was measured on, entered by
who attests periods. It is named by what it measures, of the group (`approval-minutes`) or of an entity
(`approval-minutes/DE`); versions of it follow one another by the day from which each holds.
"""

from collections.abc import Mapping
from typing import Final

from comptroller.application.reference_kinds.checks import (
    TEXT,
    Body,
    ReferenceKind,
    is_amount,
    is_positive_decimal,
    record_check,
    spans,
)
from comptroller.application.reference_kinds.company import DAY
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import parse_decimal

BASELINE: Final = "baseline"

MEASURES: Final[Mapping[str, str]] = {
    "keying-minutes": "minutes of keying, an invoice posted",
    "exception-minutes": "minutes of exceptions and questions, an invoice posted",
    "approval-minutes": "minutes of signing, an invoice posted",
    "policy-upkeep": "what keeping policy costs, a month, in the group's currency",
    "breach-rate": "percent of breaches that were found after the effect",
    "control-adherence": "percent of required controls that decided",
    "discount-capture": "percent of discounts offered that were taken, by value",
    "late-interest": "percent of amounts paid that late payment cost on top",
    "days-paid": "days from invoice to payment, weighted by the amount",
    "cost-of-capital": "percent a year",
    "expected-loss": "frequency times severity of losses a year before, in the group's currency",
    "expected-loss-now": "the same as it is assessed now",
    "audit-hours": "hours of audit and remediation a month before",
    "audit-hours-now": "the same now",
}
"""What a return on investment is measured against; a closed list, each with its unit."""

_POSITIVE: Final = (is_positive_decimal, 'give an amount above zero as a text such as "1250.00"')
_NUMBER: Final = (is_amount, 'give a number as a text such as "4.50"')
_BASELINE: Final = spans(
    record_check(
        {
            "value": _NUMBER,
            "low": _NUMBER,
            "high": _NUMBER,
            "source": TEXT,
            "measured_from": DAY,
            "measured_to": DAY,
            "valid_from": DAY,
        },
        {"valid_to": DAY, "cases": TEXT, "note": TEXT},
    )
)


def _baseline_check(key: str, body: Body) -> tuple[Fault, ...]:
    faults = _BASELINE(key, body)
    if key.partition("/")[0] not in MEASURES:
        help_text = f"begin the key with one of {', '.join(MEASURES)}; an entity may follow behind a slash"
        faults += (
            Fault("REFERENCE-BASELINE-01", "/", f"`{key}` names nothing measured", by="reference", help=help_text),
        )
    if faults:
        return faults
    low, value, high = (parse_decimal(body[name]) or 0 for name in ("low", "value", "high"))
    if not low <= value <= high:
        message = f"`{body['value']}` does not lie between `{body['low']}` and `{body['high']}`"
        faults += (Fault("REFERENCE-BASELINE-02", "/value", message, by="reference", help="give low, value and high"),)
    if body["measured_to"] < body["measured_from"]:
        message = "it was measured until a day before it was begun"
        faults += (Fault("REFERENCE-BASELINE-03", "/measured_to", message, by="reference", help="exchange the days"),)
    return faults


KINDS: Final = (
    ReferenceKind(
        "duplicate-found",  # its key is the case that was paid a second time
        record_check(
            {"original": TEXT, "found_on": DAY, "source": TEXT},
            {"recovered": _POSITIVE, "recovered_on": DAY},  # in the currency of the case
        ),
        frozenset({Duty.REFERENCE_IMPORT, Duty.DUPLICATE_CLEAR}),
    ),
    ReferenceKind(BASELINE, _baseline_check, frozenset({Duty.PERIOD_ATTEST})),
)

"""What the company books and measures by: cost centres, rates, periods."""

from typing import Final

from comptroller.application.reference_kinds.checks import (
    TEXT,
    ReferenceKind,
    is_day,
    is_positive_decimal,
    one_of,
    record_check,
)
from comptroller.domain.identity import Duty

KINDS: Final = (
    ReferenceKind(
        "cost-centre",
        record_check({"name": TEXT, "owner": TEXT, "entity": TEXT}, {}),
        frozenset({Duty.REFERENCE_IMPORT}),
    ),
    ReferenceKind(
        "rate",
        record_check(
            {"rate": (is_positive_decimal, 'give group currency for one unit, as a text such as "1.1600"')},
            {"source": TEXT, "valid_on": (is_day, "give a day YYYY-MM-DD")},
        ),
        frozenset({Duty.REFERENCE_IMPORT}),
    ),
    ReferenceKind(
        "period",
        record_check({"state": (one_of("open", "closed", "not opened"), "say `open`, `closed` or `not opened`")}, {}),
        frozenset({Duty.REFERENCE_IMPORT, Duty.PERIOD_OPEN}),
    ),
)

"""What figures need and no case can tell: payments that were found to be duplicates after they were made.

Who finds one says so with its source; what came back of it is written into the same record.
"""

from typing import Final

from comptroller.application.reference_kinds.checks import TEXT, ReferenceKind, is_positive_decimal, record_check
from comptroller.application.reference_kinds.company import DAY
from comptroller.domain.identity import Duty

_POSITIVE: Final = (is_positive_decimal, 'give an amount above zero as a text such as "1250.00"')

KINDS: Final = (
    ReferenceKind(
        "duplicate-found",  # its key is the case that was paid a second time
        record_check(
            {"original": TEXT, "found_on": DAY, "source": TEXT},
            {"recovered": _POSITIVE, "recovered_on": DAY},  # in the currency of the case
        ),
        frozenset({Duty.REFERENCE_IMPORT, Duty.DUPLICATE_CLEAR}),
    ),
)

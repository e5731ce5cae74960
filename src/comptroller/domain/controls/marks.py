"""What a document is known again by: its lines and the period that it bills."""

from comptroller.domain.controls.context import LineMark
from comptroller.domain.documents.model import Invoice

LINES_MAX = 50
"""Lines of a document that are kept as its marks: two copies already share their first ones."""

NAME_CHARACTERS_MAX = 60
"""Characters of a line's name that tell it from its neighbours."""


def line_marks(invoice: Invoice) -> tuple[LineMark, ...]:
    """Mark the first lines of an invoice."""
    return tuple(
        LineMark(
            " ".join((line.name or line.description).casefold().split())[:NAME_CHARACTERS_MAX],
            f"{line.order_number or invoice.order_number}/{line.order_line}" if line.order_line else "",
            line.net_amount,
        )
        for line in invoice.lines[:LINES_MAX]
    )


def period_text(invoice: Invoice) -> str:
    """Write the period that an invoice bills (BG-14) so that equal periods are equal texts; empty for none."""
    period = invoice.period
    if period is None or (period.start is None and period.end is None):
        return ""
    return "/".join(day.isoformat() if day is not None else "" for day in (period.start, period.end))

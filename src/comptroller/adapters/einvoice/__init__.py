"""Electronic invoices: UBL 2.1, CII and JSON to the canonical document, and the faults of both engines."""

from comptroller.adapters.einvoice.checking import CheckResult, Engine, check, check_read, check_to_take_in
from comptroller.adapters.einvoice.invoice_response import write_invoice_response
from comptroller.adapters.einvoice.purchasing import read_purchase
from comptroller.adapters.einvoice.reading import ReadResult, Syntax, read

__all__ = [
    "CheckResult",
    "Engine",
    "ReadResult",
    "Syntax",
    "check",
    "check_read",
    "check_to_take_in",
    "read",
    "read_purchase",
    "write_invoice_response",
]

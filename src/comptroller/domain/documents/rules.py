"""The rules of EN 16931 on the canonical document: the engine `canonical`, the same for every format.

Every rule looks at what is there and is silent about what is not; that something is missing is told by the rule that
asks for it. So no fault hides another, and a fragment is checked whole. The codes are the standard's own; where the
standard's published artefacts allow a slack in an arithmetic rule, so do we, and the rule says so.
"""

from decimal import localcontext

from comptroller.domain.documents.findings import Findings
from comptroller.domain.documents.model import Invoice
from comptroller.domain.documents.rules_content import check_content
from comptroller.domain.documents.rules_lines import check_lines
from comptroller.domain.documents.rules_totals import check_totals
from comptroller.domain.documents.rules_vat import check_vat
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import CONTEXT


def check(invoice: Invoice, *, tax_slack_inclusive: bool = False) -> tuple[Fault, ...]:
    """Check an invoice or credit note against every rule; paths are JSON Pointers into the canonical document.

    The published artefacts let a category's tax deviate by less than one unit of the currency (BR-CO-17); those for
    CII by one unit and no more, and `tax_slack_inclusive` says so.

    >>> [fault.code for fault in check(Invoice(number="1"))][:3]
    ['BR-01', 'BR-03', 'BR-04']
    """
    findings = Findings()
    with localcontext(CONTEXT):
        check_content(invoice, findings)
        check_lines(invoice, findings)
        check_totals(invoice, findings)
        check_vat(invoice, findings, tax_slack_inclusive=tax_slack_inclusive)
    return tuple(findings.faults)

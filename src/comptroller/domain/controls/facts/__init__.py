"""The facts of an invoice under the names that the decision tables use.

One flat mapping serves every decision of the accounts-payable pack. Amounts named "value" and `amount` are in the
group's currency, unrounded; all others are in the document's. Percentages are sizes. None means: not known.

Document   `document kind` (invoice, credit note), `document type` (BT-3), `document number`, `currency`, `net`, `tax`,
           `gross`, `amount` (what authority is measured on: the size of the net with the VAT that is a cost,
           in group currency), `preceding count`,
           `document charges` (sum at document level), `order number` ("" for none), `missing content` (list of text),
           `faults` (list of {code, severity, by, path, message})
Dates      `issue date`, `tax date`, `order date`, `posting date`, `decision date`
Entity     `entity`, `entity country`, `group rate`, `group currency`
Supplier   `supplier`, `supplier country`, `supplier status`, `onboarding complete`, `purchasing block`,
           `supplier payment block`, `block reason`, `probation limit`, `probation end`, `contract end`,
           `supplier risk score`, `expired certificates` (list of text), `older records` (ids of older supplier
           records with the same VAT id or account), `category`
Bank       `account stated`, `account matches`, `account changed` (date), `account changed before`, `account verified`,
           `account country`, `payee differs`, `assignment notice`, `shared with` (ids of older records)
           `payee verification` (match, close match, no match, not possible), `employees with the account` (list of ids)
Intake     `channel` (door, mail, folder, file), `sender verified`, `media type`, `format profile`, `document bytes`,
           `clearance id`, `same bytes seen`, keyed (by a person)
Parties    `supplier matches`: list of {supplier, `vat id`, registration, `electronic address`, account (each same,
           other or none), name (0 to 1)}; `buyer vat stated`, `entity by vat`, `entity by name`, `entity by address`,
           `order entity`, `buyer country`
Screening  `screening hit`, `screening confirmed`, `screening score` (0 to 1), `screening list`, `screened on`,
           `screening matches` (list of text), `screening cleared by`, `screening cleared until`
Risk       `supplier days` (since the record was made), `weekend`, `first invoice`, `times the usual`
Candidates `candidates`: list of {case, number, relation, `supplier relation`, names, `same entity`, `same currency`,
           `same gross`, `same net`, days, `same kind`, `document type`, `same period`, `line overlap` (percent), `order
           line overlap`, times (so often is this amount known), source, `same source`, `one file` (rows of a file that
           is looked through whole), `same batch`, `same requester`, credit, state, later, cleared}
Spending   `spend source` (AP), `spend others`: list of {case, number, amount, days, `same subject`, `same cost centre`,
           `same requester`, `order number`, state, credit, cleared}, `spend searched days`; `spend limits` and
           `spend window` are null: a trial may bring its own
Order      `order known`, `order status`, `order type`, `order match`, `order released`, `order supplier same`,
           `order entity same`, `order currency same`, `order settled by receipts`, `settlement` (the buyer made the
           document of its receipts), `accepted total` (tolerated prices of the document, accepted by authority)
Contract   `contract source` (none, unknown, blanket order, contract), `contract number`, `contract released`,
           `contract active`, `contract supplier same`, `contract entity same`, `contract currency same`,
           `contract starts`, `contract ends`, `contract day`, `days after contract`, `contract ceiling`,
           `contract consumed`, `contract claim`, `call-off allowed`, `prices indexed`, `listed prices`: list of {line,
           listed, over, value}
Charges    `charges`: list of {type (freight, customs, packing, insurance, minimum quantity), amount, value, line},
           `goods value`, `incoterm` ("" for none)
Recurring  `recurring known`, `agreement number`, `agreement released`, `agreement in force`, `agreement entity same`,
           `agreement currency same`, `agreement period` (YYYY-MM), `period taken`, `agreed amount`, `agreed percent`,
           `scheduled`, `scheduled amount`
Credit     `original known`, `original case`, `original number`, `original state`, `original currency same`,
           `creditable` (net, left), `credit basis` (return, dispute, none), `disputed` (net, left)
Advances   `prepaid`, `prepayment percent`, `prepayment share` (with this document), `guarantee on file`,
           `advance left` (posted, not cleared), `advance expected` (with those that wait)
Terms      `order terms`, `contract terms`, `agreement terms`, `supplier terms`: {days, `discount days`,
           `discount percent`, due}; `due date stated`, `accepted on`
Lines      `lines`: list of {line, known, named (the document says which), charge (its kind, "" for none), group,
           serialised, estimated, final, uninspected, accepted ({price, quantity}: value accepted), `unit same` (or
           converted), quantity, ordered, `order unit`, `invoiced before` (by others and by earlier lines), net, price
           (billed for one of the order's units), `ordered price`, difference, side (over, under, none), percent,
           value, received, available, `over receipt`, `over receipt percent`, `over receipt value`, `over order`,
           `over order percent`, `over order value`}
Budget     `budget shares`: list of {`cost centre`, known, budget, `carry over`, committed, actual, taken, this, left,
           `used percent`}
Rates      `order currency`, `contract currency`, `ledger currency`, `rates`: list of {currency, known, rate, source,
           type, `valid on`, age (days), deviation (percent)}
Period     `posting period`, `posting period state`, `own period`, `own period state` (YYYY-MM; open, closed, not
           opened), `accrual` ({known, period, amount, account}; null for none)
Group      `trading partner`, `agreement known`, `counterpart` ({known, `currency same`, amount, difference})
Booking    `coding lines`: list of {line, ordered, `cost centre`, `cost centre known`, `cost centre open`, account,
           `account open`, amount, `unit amount`, months}; `line rounding`, `category rounding`, `document rounding`,
           `payable rounding`; `withholding certificate` (valid, expired, none), `paid in the year`; `legal hold`,
           `asset life`
Tax        `tax rows`: list of {category, rate, taxable, amount, difference, exempt}; `seller vat same`,
           `buyer vat same`, `seller registered`, `seller vat valid`, `buyer vat valid` (as the register said),
           `ship to country`, `importer` (seller where delivered duty paid, else buyer)
People     `requester`, `enterer`, `orderer`, `cost centre` ("" for none), `receivers` (list), `signed steps` (list of
           step keys), `related party` (the supplier belongs to the own group)
"""

from collections.abc import Callable
from typing import Final

from comptroller.domain.controls.context import InvoiceContext
from comptroller.domain.controls.facts.advances import advance_facts
from comptroller.domain.controls.facts.bank import bank_facts, paid_account, stated_account
from comptroller.domain.controls.facts.booking import (
    coding_facts,
    retention_facts,
    rounding_facts,
    withholding_facts,
)
from comptroller.domain.controls.facts.candidates import candidate_facts
from comptroller.domain.controls.facts.ceiling import ceiling_facts
from comptroller.domain.controls.facts.charges import charge_facts
from comptroller.domain.controls.facts.credit import credit_facts
from comptroller.domain.controls.facts.document import authority_amount, document_facts
from comptroller.domain.controls.facts.document_types import CREDIT_NOTE_TYPES
from comptroller.domain.controls.facts.intake import intake_facts
from comptroller.domain.controls.facts.kinds import Facts, FactValue
from comptroller.domain.controls.facts.ledger import budget_facts, intercompany_facts, period_facts, rate_facts
from comptroller.domain.controls.facts.order import line_facts, order_facts
from comptroller.domain.controls.facts.parties import party_facts
from comptroller.domain.controls.facts.people import people_facts
from comptroller.domain.controls.facts.recurring import recurring_facts
from comptroller.domain.controls.facts.risk import risk_facts
from comptroller.domain.controls.facts.screening import screening_facts
from comptroller.domain.controls.facts.spending import spending_facts
from comptroller.domain.controls.facts.supplier import supplier_facts
from comptroller.domain.controls.facts.tax import tax_facts
from comptroller.domain.controls.facts.terms import terms_facts
from comptroller.domain.controls.matching import LineMatch, match_lines
from comptroller.domain.documents.model import Invoice

SOURCES: Final[tuple[Callable[[Invoice, InvoiceContext], Facts], ...]] = (
    document_facts,
    supplier_facts,
    bank_facts,
    candidate_facts,
    spending_facts,
    order_facts,
    charge_facts,
    ceiling_facts,
    recurring_facts,
    credit_facts,
    advance_facts,
    terms_facts,
    tax_facts,
    people_facts,
    intake_facts,
    party_facts,
    screening_facts,
    risk_facts,
    budget_facts,
    rate_facts,
    period_facts,
    intercompany_facts,
    coding_facts,
    rounding_facts,
    withholding_facts,
    retention_facts,
)
"""Every module of facts: names told by one are told by no other."""


def invoice_facts(invoice: Invoice, context: InvoiceContext, matches: tuple[LineMatch, ...] | None = None) -> Facts:
    """State every fact of an invoice that a decision may ask for; `matches` saves measuring the lines twice."""
    facts: Facts = {}
    for source in SOURCES:
        facts |= source(invoice, context)
    facts["lines"] = [
        line_facts(match, invoice, context) for match in (match_lines(invoice, context) if matches is None else matches)
    ]
    return facts


__all__ = [
    "CREDIT_NOTE_TYPES",
    "FactValue",
    "Facts",
    "authority_amount",
    "invoice_facts",
    "paid_account",
    "stated_account",
]

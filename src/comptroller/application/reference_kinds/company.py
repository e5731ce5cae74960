"""What the ledger is kept by: rates, periods, cost centres, accounts, budgets, accruals, the group's other books.

Every record is versioned; where a thing holds for a time, its record says from when to when, and the newest version
that has begun is in force. Amounts are texts, in the currency that each field names.
"""

from typing import Final

from comptroller.application.reference_kinds.checks import (
    CURRENCY,
    TEXT,
    Body,
    Check,
    ReferenceKind,
    is_amount,
    is_day,
    is_month,
    is_positive_decimal,
    is_truth,
    one_of,
    record_check,
    spans,
)
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Fault
from comptroller.domain.kernel.money import MINOR_UNITS

_IMPORT: Final = frozenset({Duty.REFERENCE_IMPORT})
DAY: Final = (is_day, "give a day YYYY-MM-DD")
MONTH: Final = (is_month, "give a month YYYY-MM")
AMOUNT: Final = (is_amount, 'give an amount as a text such as "1250.00"')
VALIDITY: Final = {"valid_from": DAY, "valid_to": DAY}


def _named(check: Check, *parts: str) -> Check:
    """A record whose key is made of these fields, one after another with slashes."""

    def checked(key: str, body: Body) -> tuple[Fault, ...]:
        faults = check(key, body)
        named = "/".join(str(body.get(part, "")) for part in parts)
        if not faults and named != key:
            message = f"the record is of `{named}`, its key is `{key}`"
            faults += (Fault("REFERENCE-KEY-02", "/", message, by="reference", help="make them the same"),)
        return faults

    return checked


def _rate_check(key: str, body: Body) -> tuple[Fault, ...]:
    faults = _RATE(key, body)
    currency, _, day = key.partition("/")
    if currency not in MINOR_UNITS:
        message = f"`{currency}` is no currency"
        faults += (
            Fault("REFERENCE-RATE-01", "/", message, by="reference", help="begin the key with an ISO 4217 code"),
        )
    if day and day != body.get("valid_on"):
        message = f"the record begins on `{body.get('valid_on', '')}`, its key says `{day}`"
        faults += (Fault("REFERENCE-RATE-02", "/valid_on", message, by="reference", help="make them the same"),)
    return faults


_RATE: Final = record_check(
    {"rate": (is_positive_decimal, 'give group currency for one unit, as a text such as "1.1600"')},
    {
        "source": TEXT,
        "type": (one_of("daily", "monthly", "agreed"), "say `daily`, `monthly` or `agreed`"),
        "valid_on": DAY,
        "reference": (is_positive_decimal, "give the reference that the rate is held against, as a text"),
    },
)


def _rate_aliases(key: str, _body: Body) -> tuple[str, ...]:
    """A rate of a day is found by its month: so a look-up reads the rates of two months, never of years."""
    currency, _, day = key.partition("/")
    return (f"rate-of/{currency}/{day[:7]}",) if day else ()


def _accrual_aliases(_key: str, body: Body) -> tuple[str, ...]:
    of = f"order/{body['order']}" if body.get("order") else f"document/{body.get('supplier')}/{body.get('number')}"
    return (f"accrual-of/{body['entity']}/{body['period']}/{of}",)


KINDS: Final = (
    ReferenceKind(
        "cost-centre",
        spans(
            record_check(
                {"name": TEXT, "owner": TEXT, "entity": TEXT},
                {"status": (one_of("open", "closed"), "say `open` or `closed`"), **VALIDITY},
            )
        ),
        _IMPORT,
        subjects=lambda key, _body: (f"cost-centre/{key}",),
    ),
    ReferenceKind(
        "coding",  # of a supplier, `DE/S08`, or of one document of it, `DE/S08/LC-90077`
        record_check({"cost_centre": TEXT}, {"coded_by": TEXT, "text": TEXT}),
        frozenset({Duty.REFERENCE_IMPORT, Duty.DOCUMENT_KEY}),
        subjects=lambda key, _body: (f"coding/{key}",),
    ),
    ReferenceKind(
        "ledger-account",
        spans(
            record_check(
                {
                    "name": TEXT,
                    "type": (one_of("asset", "liability", "equity", "income", "expense"), "say which it is"),
                },
                {"status": (one_of("open", "closed"), "say `open` or `closed`"), **VALIDITY},
            )
        ),
        _IMPORT,
        subjects=lambda key, _body: (f"ledger-account/{key}",),
    ),
    ReferenceKind("rate", _rate_check, _IMPORT, _rate_aliases, lambda key, _body: (f"rate/{key.partition('/')[0]}",)),
    ReferenceKind(
        "period",
        record_check({"state": (one_of("open", "closed", "not opened"), "say `open`, `closed` or `not opened`")}, {}),
        frozenset({Duty.REFERENCE_IMPORT, Duty.PERIOD_OPEN}),
        subjects=lambda key, _body: (f"period/{key}",),
    ),
    ReferenceKind(
        "budget",
        _named(
            spans(
                record_check(
                    {"entity": TEXT, "cost_centre": TEXT, "year": TEXT, "amount": AMOUNT},
                    {"carry_over": AMOUNT, "committed": AMOUNT, "actual": AMOUNT, "owner": TEXT, **VALIDITY},
                )
            ),
            "entity",
            "cost_centre",
            "year",
        ),
        _IMPORT,
        subjects=lambda key, _body: (f"budget/{key}",),
    ),
    ReferenceKind(
        "accrual",
        record_check(
            {"entity": TEXT, "period": MONTH, "amount": AMOUNT, "account": TEXT, "liability_account": TEXT},
            {
                "order": TEXT,
                "supplier": TEXT,
                "number": TEXT,
                "cost_centre": TEXT,
                "text": TEXT,
                "reversed": (is_truth, "say true or false"),
            },
        ),
        _IMPORT,
        _accrual_aliases,
    ),
    ReferenceKind(
        "intercompany-agreement",
        _named(
            spans(
                record_check({"supplier": TEXT, "entity": TEXT, "subject": TEXT}, {"currency": CURRENCY, **VALIDITY})
            ),
            "supplier",
            "entity",
        ),
        _IMPORT,
        subjects=lambda key, _body: (f"intercompany-agreement/{key}",),
    ),
    ReferenceKind(
        "counterpart-document",
        _named(
            record_check(
                {"supplier": TEXT, "entity": TEXT, "number": TEXT, "currency": CURRENCY, "amount": AMOUNT},
                {"booked_on": DAY, "text": TEXT},
            ),
            "supplier",
            "entity",
            "number",
        ),
        _IMPORT,
        subjects=lambda key, _body: (f"counterpart-document/{key}",),
    ),
)

"""The OpenAPI parts of the ledger's answers."""

from typing import Any, Final

from comptroller.entrypoints.http.schemas import CASE_ANSWER, DECIMAL, FLAG, NUMBER, TEXT

Schema = dict[str, Any]


def _record(members: Schema) -> Schema:
    return {"type": "object", "properties": members, "required": list(members), "additionalProperties": True}


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def answer(status: int, description: str, schema: Schema) -> dict[int | str, dict[str, Any]]:
    """One answer of a route."""
    return {status: {"description": description, "content": {"application/json": {"schema": schema}}}}


_OBJECT: Final[Schema] = {"type": "object"}

TRIAL_BALANCE: Final = answer(
    200,
    "the trial balance",
    _record(
        {
            "entity": TEXT,
            "currency": TEXT,
            "period": TEXT,
            "accounts": _list(
                _record(
                    {
                        "account": TEXT,
                        "name": TEXT,
                        "carried_forward": DECIMAL,
                        "moved": DECIMAL,
                        "balance": DECIMAL,
                        "currencies": _OBJECT,
                    }
                )
            ),
            "balances": FLAG,
            "difference": DECIMAL,
        }
    ),
)
JOURNAL: Final = _record(
    {
        "journal_id": TEXT,
        "kind": TEXT,
        "case_id": TEXT,
        "period": TEXT,
        "posted_on": TEXT,
        "currency": TEXT,
        "rate": DECIMAL,
        "lines": _list(_record({"account": TEXT, "amount": DECIMAL, "local_amount": DECIMAL, "text": TEXT})),
    }
)
JOURNALS: Final = answer(
    200, "a page of journals; `next` asks for the one behind it", _record({"journals": _list(JOURNAL), "next": TEXT})
)
OPEN_ITEMS: Final = answer(
    200,
    "the open items by supplier",
    _record(
        {
            "entity": TEXT,
            "suppliers": _list(_record({"supplier": TEXT, "local_amount": DECIMAL, "items": _list(_OBJECT)})),
            "items": NUMBER,
            "local_amount": DECIMAL,
        }
    ),
)
_BUCKETS: Final = _list(_record({"bucket": TEXT, "items": NUMBER, "local_amount": DECIMAL, "item_ids": _list(TEXT)}))
AGEING: Final = answer(
    200,
    "the buckets",
    _record({"entity": TEXT, "by_days_past_due": _BUCKETS, "by_business_days": _BUCKETS, "late_items": NUMBER}),
)
RECONCILIATION: Final = answer(
    200,
    "the checks; a place where two sides differ is listed under `where`",
    _record(
        {
            "entity": TEXT,
            "agrees": FLAG,
            "checks": _list(
                _record({"check": TEXT, "ledger": DECIMAL, "other": DECIMAL, "agrees": FLAG, "where": _list(_OBJECT)})
            ),
        }
    ),
)
_SHARE: Final[Schema] = {"anyOf": [DECIMAL, {"type": "null"}]}
COVERAGE: Final = answer(
    200,
    "the comparison; every document of either side is in exactly one list",
    _record(
        {
            "entity": TEXT,
            "period": TEXT,
            "documents": NUMBER,
            "covered": NUMBER,
            "coverage_percent": _SHARE,
            "matched": _list(_OBJECT),
            "differing": _list(_OBJECT),
            "bypass": _list(_OBJECT),
            "unposted": _list(_OBJECT),
        }
    ),
)

_RUN: Final = _record(
    {
        "case_id": TEXT,
        "entity": TEXT,
        "currency": TEXT,
        "pay_on": TEXT,
        "total": DECIMAL,
        "items": _list(_OBJECT),
        "held": _list(_record({"item_id": TEXT, "reason": TEXT, "text": TEXT})),
        "payments": _list(_record({"payment_id": TEXT, "supplier": TEXT, "amount": DECIMAL, "status": TEXT})),
    }
)


def _body(members: Schema, required: list[str]) -> Schema:
    schema = {"type": "object", "properties": members, "required": required}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


PROPOSE_BODY: Final = _body({"entity": TEXT, "currency": TEXT, "pay_on": TEXT}, ["entity"])
CONFIRM_BODY: Final = _body({"outcome": TEXT, "on": TEXT, "reference": TEXT}, ["outcome"])
_PROPOSED: Final[Schema] = {"allOf": [CASE_ANSWER, _record({"run": _RUN})]}
PROPOSED: Final = answer(201, "the run, waiting for its release", _PROPOSED) | answer(200, "a dry run", _PROPOSED)
PAYMENT_RUN: Final = answer(200, "the run", _RUN)
CONFIRMED: Final = answer(
    200, "the payment as it stands", _record({"payment_id": TEXT, "status": TEXT, "items": _list(TEXT)})
)
ACCRUE_BODY: Final = _body({"content_hash": TEXT}, ["content_hash"])
ACCRUALS: Final = answer(
    200,
    "what is accrued and what is left out, each with its reason",
    _record(
        {
            "entity": TEXT,
            "period": TEXT,
            "dated": TEXT,
            "reversed_on": TEXT,
            "goods_received": DECIMAL,
            "in_process": DECIMAL,
            "items": _list(_record({"subject": TEXT, "amount": DECIMAL, "text": TEXT, "reason": TEXT})),
            "left_out": _list(_OBJECT),
            "content_hash": TEXT,
        }
    ),
)

ATTEST_BODY: Final = _body({"content_hash": TEXT, "note": TEXT}, ["content_hash"])
ATTESTATION: Final = answer(
    200,
    "the figures with their hash, what is to be settled first, and the attestation where there is one",
    _record(
        {
            "entity": TEXT,
            "period": TEXT,
            "currency": TEXT,
            "debit": DECIMAL,
            "credit": DECIMAL,
            "accounts": NUMBER,
            "content_hash": TEXT,
            "open_points": _list(TEXT),
            "attestation": {"anyOf": [_OBJECT, {"type": "null"}]},
        }
    ),
)

"""What is asked of cases, and of what each has."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from comptroller.adapters.database.queries.forms import (
    DATABASES,
    by_keys,
    columns,
    equal,
    exact_sum,
    joined,
    listing,
    lookup,
    of_cases,
    query,
    select,
)
from comptroller.adapters.database.query import Database, Query
from comptroller.adapters.database.schema import TABLE_OF
from comptroller.application import records
from comptroller.domain.documents.model import DocumentKind

_case = TABLE_OF[records.CaseRow].table
_candidate = TABLE_OF[records.CandidateRow].table
_candidate_key = TABLE_OF[records.CandidateKeyRow].table
_wait = TABLE_OF[records.WaitRow].table
_milestone = TABLE_OF[records.MilestoneRow].table
_block = TABLE_OF[records.PaymentBlockRow].table

CASE: Final = by_keys("case", records.CaseRow, "case_id")
DOCUMENT: Final = by_keys("document", records.DocumentRow, "digest")
CASE_DOCUMENTS: Final = of_cases("case_documents", records.DocumentRow)
CANDIDATES: Final = lookup(
    "candidates",
    (records.CandidateRow, records.CaseRow),
    lambda row: row[0].case_id,
    _candidate.c.case_id,
    lambda database: joined(database, _candidate, columns(records.CandidateRow), records.CaseRow, "case_id"),
)
_known_as = select(records.CandidateKeyRow, *equal(records.CandidateKeyRow, "lookup"))
CANDIDATES_BEFORE: Final = query(
    "candidates_before",
    (records.CandidateKeyRow,),
    _known_as.where(_candidate_key.c.day <= sa.bindparam("day"))
    .order_by(_candidate_key.c.day.desc(), _candidate_key.c.case_id.desc())
    .limit(sa.bindparam("limit")),
)
CANDIDATES_AFTER: Final = query(
    "candidates_after",
    (records.CandidateKeyRow,),
    _known_as.where(_candidate_key.c.day > sa.bindparam("day"))
    .order_by(_candidate_key.c.day, _candidate_key.c.case_id)
    .limit(sa.bindparam("limit")),
)
BALANCES: Final = by_keys("balances", records.BalanceRow, "balance")
WAITING_FOR: Final = listing("waiting_for", records.WaitRow, "message correlation", _wait.c.case_id, _wait.c.token)
CASE_WAITS: Final = of_cases("case_waits", records.WaitRow)
DECISIONS: Final = of_cases("decisions", records.DecisionRow)
PRIVATE_TEXTS: Final = by_keys("private_texts", records.PrivateTextRow, "commitment")
CASE_MILESTONES: Final = of_cases("case_milestones", records.MilestoneRow)
OPENED: Final = by_keys("opened", records.MilestoneRow, "case_id", *equal(records.MilestoneRow, "kind", "person"))
MILESTONES: Final = query(
    "milestones",
    (records.MilestoneRow,),
    select(
        records.MilestoneRow,
        *equal(records.MilestoneRow, "kind"),
        _milestone.c.at >= sa.bindparam("since"),
        _milestone.c.at < sa.bindparam("until"),
    )
    .order_by(_milestone.c.at, _milestone.c.case_id, _milestone.c.seq)
    .limit(sa.bindparam("limit")),
)
SUPPLIER_CASES: Final = listing("supplier_cases", records.CaseRow, "supplier", _case.c.received_at, _case.c.case_id)
NEWEST_SUPPLIER_CASES: Final = query(
    "newest_supplier_cases",
    (records.CaseRow,),
    select(records.CaseRow, *equal(records.CaseRow, "supplier"))
    .order_by(_case.c.received_at.desc(), _case.c.case_id.desc())
    .limit(sa.bindparam("limit")),
)
PAYMENT_BLOCK: Final = by_keys("payment_block", records.PaymentBlockRow, "block_id")
CASE_BLOCKS: Final = of_cases("case_blocks", records.PaymentBlockRow)
SUPPLIER_BLOCKS: Final = listing(
    "supplier_blocks", records.PaymentBlockRow, "supplier", _block.c.placed_at, _block.c.block_id
)
ATTACHMENTS: Final = of_cases("attachments", records.AttachmentRow)


def _case_counts(database: Database, *of: sa.ColumnElement[bool]) -> sa.Select[Any]:
    groups = (_case.c.kind, _case.c.status, _case.c.outcome, _case.c.entity, _case.c.currency)
    credit = _case.c.kind == sa.literal_column(f"'{DocumentKind.CREDIT_NOTE.value}'")
    sums = [exact_sum(database, amount, credit) for amount in (_case.c.net, _case.c.gross)]
    statement = sa.select(*groups, sa.func.count(), *sums).where(_case.c.tenant == sa.bindparam("tenant"), *of)
    return statement.group_by(*groups).order_by(*groups)


def _marked(kind: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[bool], ...]:
    """The cases with a milestone of a kind, once for each."""
    same = (_milestone.c[name] == _case.c[name] for name in ("tenant", "case_id"))
    return (*same, _milestone.c.kind == kind)


_COUNTED: Final = (str, str, str, str, str, int, Decimal, Decimal)
CASE_COUNTS: Final = Query("case_counts", _COUNTED, {database: _case_counts(database) for database in DATABASES})
MARKED_COUNTS: Final = Query(
    "marked_counts",
    _COUNTED,
    {database: _case_counts(database, *_marked(sa.bindparam("kind"))) for database in DATABASES},
)
_LISTED_BY: Final = ("", "kind", "outcome", "status")
_NARROWED_BY: Final = ("kind", "outcome", "status", "policy_hash")
_PLACE: Final = (_case.c.received_at, _case.c.case_id)


def _case_page(name: str, by: str, *more: sa.ColumnElement[bool], behind: bool, oldest: bool, whole: bool) -> Query:
    arrival, conditions = sa.tuple_(*_PLACE), [*more, *(equal(records.CaseRow, by) if by else [])]
    if behind:
        after = sa.tuple_(sa.bindparam("received_at"), sa.bindparam("after"))
        conditions.append(arrival > after if oldest else arrival < after)
    conditions += [_if_asked(name) for name in _NARROWED_BY if name != by]
    rows = select(records.CaseRow, *conditions)
    statement = (
        (rows if whole else rows.with_only_columns(*_PLACE))
        .order_by(*(_PLACE if oldest else (column.desc() for column in _PLACE)))
        .limit(sa.bindparam("limit"))
    )
    name = f"{name}{f'_by_{by}' * bool(by)}{'_oldest' * oldest}{'_behind' * behind}"
    return query(name, (records.CaseRow,) if whole else (datetime, str), statement)


def _if_asked(name: str) -> sa.ColumnElement[bool]:
    """That a column is what is asked for, if anything is; no index is gone by for it."""
    return sa.or_(sa.bindparam(name) == "", _case.c[name] == sa.bindparam(name))


_PAGES: Final = [(by, behind, oldest) for by in _LISTED_BY for behind in (False, True) for oldest in (False, True)]
CASES: Final = {
    (by, behind, oldest): _case_page("cases", by, behind=behind, oldest=oldest, whole=True)
    for by, behind, oldest in _PAGES
}
"""Pages of cases: of one kind, outcome or status or all; the first or the one behind a case; oldest or newest first."""

CASE_PLACES: Final = {
    (by, behind, oldest): _case_page(
        "case_places",
        by,
        (_case.c.entity.concat("") if by == "kind" else _case.c.entity) == sa.bindparam("entity"),
        behind=behind,
        oldest=oldest,
        whole=False,
    )
    for by, behind, oldest in _PAGES
}
"""Where the cases of one entity stand in such pages; those of a kind are few and go by its index."""

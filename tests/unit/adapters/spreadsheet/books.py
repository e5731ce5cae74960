"""A small model whose table is taken out, and the edits a controller makes in a spreadsheet program."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from comptroller.adapters.spreadsheet import to_workbook
from comptroller.adapters.spreadsheet.tables import tables_of
from comptroller.domain.decisions.definitions import (
    Decision,
    DecisionTable,
    Definitions,
    HitPolicy,
    InformationItem,
    InputClause,
    InputData,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)

SHEET = "approver"
"""Where the table of the model stands."""

TABLE = DecisionTable(
    inputs=(
        InputClause(LiteralExpression("net amount", "number", id="e1"), UnaryTests(">= 0", "a1"), "net", "i1"),
        InputClause(LiteralExpression("account", "string", id="e2"), label="account", id="i2"),
    ),
    outputs=(OutputClause("who", "string", UnaryTests('"clerk", "chief"'), LiteralExpression('"chief"'), "o1"),),
    rules=(
        Rule(
            (UnaryTests("< 1000", "r1a"), UnaryTests('"0010"', "r1b")),
            (LiteralExpression('"clerk"', id="r1c"),),
            ("small",),
            "AP-1",
        ),
        Rule(
            (UnaryTests("-", "r2a"), UnaryTests("", "r2b")),
            (LiteralExpression('"chief"', id="r2c"),),
            ("= all",),
            "AP-2",
        ),
    ),
    hit_policy=HitPolicy.FIRST,
    annotations=("why",),
    id="approver-table",
)
"""Headers stand in rows 2 to 11 (row 5 is hidden), rules in 12 and 13; columns: C net, D account, E who, F why."""

MODEL = Definitions(
    "approvals",
    "urn:approvals",
    elements=(
        InputData("net", "net amount", InformationItem("net amount", "number")),
        InputData("account", "account", InformationItem("account", "string")),
        Decision(
            "approver",
            "approver",
            InformationItem("approver", "string"),
            TABLE,
            required_inputs=(Reference("urn:approvals", "net"), Reference("urn:approvals", "account")),
        ),
    ),
    source_hash="ab" * 32,
)


def edited(change: Callable[[Worksheet], Any], book: bytes | None = None, sheet: str = SHEET) -> bytes:
    """The book after somebody changed one of its sheets and saved it."""
    loaded = load_workbook(BytesIO(to_workbook(MODEL) if book is None else book))
    change(loaded[sheet])
    return saved(loaded)


def saved(loaded: Any) -> bytes:
    buffer = BytesIO()
    loaded.save(buffer)
    return buffer.getvalue()


def table_in(definitions: Definitions) -> DecisionTable:
    ((_, _, table),) = tables_of(definitions)
    return table

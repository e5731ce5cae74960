"""A table goes to a book and comes back with nothing lost, also by way of LibreOffice."""

import os
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.unit.adapters.spreadsheet.books import MODEL, SHEET, TABLE

from comptroller.adapters.dmn_xml import read
from comptroller.adapters.spreadsheet import from_workbook, mark_faults, to_workbook
from comptroller.adapters.spreadsheet.tables import tables_of
from comptroller.domain.decisions.definitions import (
    Aggregation,
    BoxedExpression,
    BusinessKnowledgeModel,
    Context,
    ContextEntry,
    Decision,
    DecisionTable,
    Definitions,
    FunctionDefinition,
    HitPolicy,
    InformationItem,
    InputClause,
    LiteralExpression,
    OutputClause,
    Reference,
    Rule,
    UnaryTests,
)
from comptroller.domain.kernel.fault import Fault

ROOT = Path(__file__).parents[4]
PACK = sorted((ROOT / "packs" / "accounts-payable" / "decisions").glob("*.dmn"))
KIT = Path(os.environ.get("CONFORMANCE_DATA", "")) / "dmn-tck"
KIT_FILES = sorted(KIT.glob("compliance-level-*/*/*.dmn")) if "CONFORMANCE_DATA" in os.environ else []
FILES = [
    *(pytest.param(path, id=path.stem) for path in PACK),
    *(pytest.param(path, id=path.stem, marks=pytest.mark.conformance) for path in KIT_FILES),
]
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")

TRAPS = [
    *("", "-", " ", "1/2", "0010", "=1+1", "= x", "'quoted", "''", "#N/A", "TRUE", "1E5", "+1", "@now", "_x0041_"),
    *(
        "a\rb",
        "a\r\nb",
        "\n",
        "\t x \t",
        "_x005F_x0041_",
        "\x0b",
        "ä€\U0001d4b3",
        "x" * 32_767,
        "y" * 33_000,
        "table approver",
    ),
]
TEXTS = st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.text(max_size=4) | st.sampled_from(["History", "Model", "a/b:c", "'a'", "n" * 40, "[1]", "x!A1"])
IDS = st.sampled_from(["", "a", "b", "1", "2", "#1", "rule 1"])
LITERALS = st.builds(LiteralExpression, TEXTS, NAMES, st.sampled_from(["feel", "urn:python"]), IDS)
TESTS = st.builds(UnaryTests, TEXTS, IDS)


@st.composite
def tables(draw: st.DrawFn) -> DecisionTable:
    """Any table, also one that no modeller would let pass: rules that are too short or too long, ids used twice."""
    rule = st.builds(
        Rule,
        st.lists(TESTS, max_size=3).map(tuple),
        st.lists(LITERALS, max_size=3).map(tuple),
        st.lists(TEXTS, max_size=3).map(tuple),
        IDS,
    )
    inputs = st.builds(InputClause, LITERALS, st.none() | TESTS, NAMES, IDS)
    outputs = st.builds(OutputClause, NAMES, NAMES, st.none() | TESTS, st.none() | LITERALS, IDS)
    return DecisionTable(
        inputs=tuple(draw(st.lists(inputs, max_size=2))),
        outputs=tuple(draw(st.lists(outputs, min_size=1, max_size=2))),
        rules=tuple(draw(st.lists(rule, max_size=4))),
        hit_policy=draw(st.sampled_from(HitPolicy)),
        aggregation=draw(st.sampled_from(Aggregation)),
        annotations=tuple(draw(st.lists(TEXTS, max_size=2))),
        type_ref=draw(NAMES),
        id=draw(IDS),
    )


@st.composite
def models(draw: st.DrawFn) -> Definitions:
    """Models with tables as a decision's logic, inside of a context, and in a business knowledge model."""

    def inside(table: DecisionTable) -> BoxedExpression:
        return Context((ContextEntry(InformationItem("t"), table), ContextEntry(None, LiteralExpression("t"))))

    decisions = draw(st.lists(st.builds(Decision, IDS, NAMES, st.just(InformationItem("d")), tables()), max_size=3))
    boxed = draw(
        st.lists(st.builds(Decision, IDS, NAMES, st.just(InformationItem("d")), tables().map(inside)), max_size=1)
    )
    functions = st.builds(FunctionDefinition, st.just(()), tables())
    models = st.builds(BusinessKnowledgeModel, IDS, NAMES, st.just(InformationItem("b")), functions)
    knowledge = draw(st.lists(models, max_size=1))
    return Definitions(draw(NAMES), "urn:m", elements=(*decisions, *boxed, *knowledge), source_hash="00")


@given(models())
@settings(max_examples=40, deadline=None)
def test_any_table_comes_back_as_it_was(definitions: Definitions) -> None:
    assert from_workbook(to_workbook(definitions), definitions) == (definitions, ())


@given(models())
@settings(max_examples=10, deadline=None)
def test_marking_a_book_leaves_its_tables_as_they_are(definitions: Definitions) -> None:
    marked = mark_faults(to_workbook(definitions), [Fault("SHEET-X-01", "Model!C1", "wrong")])
    assert from_workbook(marked, definitions) == (definitions, ())


@pytest.mark.parametrize("path", FILES)
def test_every_table_of_a_model_comes_back_as_it_was(path: Path) -> None:
    definitions, _ = read(path.read_bytes())
    assert definitions is not None
    assert from_workbook(to_workbook(definitions), definitions) == (definitions, ())


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here: put `soffice` on the path")
@pytest.mark.parametrize("path", PACK, ids=lambda path: path.stem)
def test_every_table_comes_back_by_way_of_libreoffice(path: Path, tmp_path: Path) -> None:
    definitions, _ = read(path.read_bytes())
    assert definitions is not None
    assert from_workbook(by_libreoffice(to_workbook(definitions), tmp_path), definitions) == (definitions, ())


def of_traps(texts: list[str]) -> Definitions:
    """A table with a rule for each text, the text in every cell."""
    rules = tuple(
        Rule((UnaryTests(text),), (LiteralExpression(text),), (text,), f"r{number}")
        for number, text in enumerate(texts)
    )
    table = DecisionTable((InputClause(LiteralExpression("= x")),), (OutputClause("'o"),), rules, annotations=("0010",))
    return Definitions("m", "urn:m", elements=(Decision("d", "d", InformationItem("d"), table),))


def test_every_trap_comes_back() -> None:
    definitions = of_traps(TRAPS)
    book = to_workbook(definitions)
    assert from_workbook(book, definitions) == (definitions, ())
    assert from_workbook(mark_faults(book, []), definitions) == (definitions, ())


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not here: put `soffice` on the path")
def test_every_trap_comes_back_by_way_of_libreoffice(tmp_path: Path) -> None:
    # LibreOffice itself writes an escaped escape wrongly
    definitions = of_traps([text for text in TRAPS if text != "_x005F_x0041_"])
    assert from_workbook(by_libreoffice(to_workbook(definitions), tmp_path), definitions) == (definitions, ())


def by_libreoffice(book: bytes, folder: Path) -> bytes:
    """The book after LibreOffice opened it and saved it anew."""
    assert OFFICE is not None
    source = folder / "book.xlsx"
    source.write_bytes(book)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "saved"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "saved" / "book.xlsx").read_bytes()


def test_a_controller_finds_what_a_table_is_made_of() -> None:
    book = load_workbook(BytesIO(to_workbook(MODEL)))
    shown = [["" if cell.value is None else cell.value for cell in row] for row in book[SHEET].iter_rows()]
    assert shown == [
        ["table approver", "approver", "", "", "", ""],
        ["hit policy", "hit policy", "FIRST", "", "", ""],
        ["aggregation", "aggregation", "", "", "", ""],
        ["type of the answer", "type of the answer", "", "", "", ""],
        ["columns", "columns", "input 1 i1", "input 2 i2", "output 1 o1", "annotation 1"],
        ["column", "column", "input", "input", "output", "annotation"],
        ["name", "name", "net", "account", "who", "why"],
        ["expression", "expression", "net amount", "account", "", ""],
        ["type", "type", "number", "string", "string", ""],
        ["allowed values", "allowed values", ">= 0", "", '"clerk", "chief"', ""],
        ["default", "default", "", "", '"chief"', ""],
        ["rule AP-1", "1", "< 1000", '"0010"', '"clerk"', "small"],
        ["rule AP-2", "2", "-", "", '"chief"', "= all"],
    ]
    assert book[SHEET].column_dimensions["A"].hidden
    assert book[SHEET].row_dimensions[5].hidden
    assert {cell.data_type for row in book[SHEET].iter_rows() for cell in row if cell.value} == {"s"}
    assert {cell.number_format for row in book[SHEET].iter_rows() for cell in row if cell.value} == {"@"}
    offered = {str(rule.sqref): rule.formula1 for rule in book[SHEET].data_validations.dataValidation}
    assert offered["C2"] == '"UNIQUE,ANY,PRIORITY,FIRST,RULE ORDER,OUTPUT ORDER,COLLECT"'
    assert offered["C3"] == '"SUM,MIN,MAX,COUNT"'


def test_the_first_sheet_tells_what_the_model_holds() -> None:
    book = load_workbook(BytesIO(to_workbook(MODEL)))
    assert book.sheetnames == ["Model", "approver"]
    shown = [[cell.value or "" for cell in row[1:]] for row in book["Model"].iter_rows()]
    assert shown == [
        ["model", "approvals", "", "", ""],
        ["namespace", "urn:approvals", "", "", ""],
        ["version (SHA-256)", "ab" * 32, "", "", ""],
        ["", "", "", "", ""],
        ["sheet", "decision", "hit policy", "aggregation", "rules"],
        ["approver", "approver", "FIRST", "", "2"],
        ["", "", "", "", ""],
        ["element", "kind", "needs", "kind", ""],
        ["net amount", "input data", "", "", ""],
        ["account", "input data", "", "", ""],
        ["approver", "decision", "net amount", "input data", ""],
        ["approver", "decision", "account", "input data", ""],
    ]


def test_sheets_have_names_that_excel_accepts_and_none_twice() -> None:
    names = ["Model", "history", "a/b", "a:b", "x" * 40, "x" * 50, "'", "Ä", "ä", ""]
    elements = tuple(Decision(f"d{n}", name, InformationItem("d"), TABLE) for n, name in enumerate(names))
    definitions = Definitions("m", "urn:m", elements=elements)
    sheets = load_workbook(BytesIO(to_workbook(definitions))).sheetnames
    assert sheets == [
        *("Model", "Model (2)", "history (2)", "a b", "a b (2)", "x" * 31, "x" * 27 + " (2)"),
        *("table", "Ä", "ä (2)", "table (2)"),
    ]
    assert from_workbook(to_workbook(definitions), definitions) == (definitions, ())


def test_what_an_imported_model_answers_is_named_in_the_requirements() -> None:
    decision = Decision("d", "d", InformationItem("d"), TABLE, required_decisions=(Reference("urn:other", "x"),))
    book = load_workbook(BytesIO(to_workbook(Definitions("m", "urn:m", elements=(decision,)))))
    last = [cell.value for cell in list(book["Model"].iter_rows())[-1]]
    assert last == ["d", "d", "decision", "urn:other#x", "imported", None]


def test_more_rules_than_a_sheet_may_have_are_refused_when_written() -> None:
    table = DecisionTable((), (OutputClause(),), (TABLE.rules[0],) * 20_001)
    with pytest.raises(ValueError, match="more rules or columns"):
        to_workbook(Definitions("m", "urn:m", elements=(Decision("d", "d", InformationItem("d"), table),)))


def test_a_table_is_found_wherever_it_stands() -> None:
    inner = Context((ContextEntry(InformationItem("t"), TABLE),))
    definitions = Definitions("m", "urn:m", elements=(Decision("d", "d", InformationItem("d"), inner),))
    assert [key for key, _, _ in tables_of(definitions)] == ["d/entries/1/value"]

"""An outside ledger held against the cases: its extract is chosen, how it is written is guessed and can be mended,
and what went round the cases is listed. Nothing of the file is kept; it goes along with the form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.adapters.ledger_extract import COLUMNS, NEEDED, read_extract, read_mapping
from comptroller.adapters.ledger_extract.suggesting import DAYS, DECIMALS, Suggested, suggest
from comptroller.application.ledger.comparing import CompareLedger
from comptroller.application.ledger.reading import ListLedgers
from comptroller.application.views.forms import (
    CellText,
    FieldGroup,
    FieldKind,
    FieldView,
    FormView,
    LinkView,
    TableView,
)
from comptroller.domain.kernel.fault import Fault, Rejection
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web import formats
from comptroller.entrypoints.web.forms import Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.packing import FILE_BYTES_MAX, PACKED_CHARACTERS_MAX, pack, unpack
from comptroller.entrypoints.web.visitor import Door, Visitor

LABELS: Final = {
    "number": "Document number",
    "amount": "Amount",
    "date": "Day",
    "account": "Account",
    "text": "Text",
    "journal": "Journal",
}
_DECIMALS: Final = {",": "1.234,50", ".": "1,234.50"}
_SEPARATORS: Final = {";": "Semicolon", ",": "Comma", "\t": "Tab", "|": "Bar"}
_ENCODINGS: Final = {"utf-8-sig": "UTF-8", "cp1252": "Windows, Western Europe", "utf-16": "UTF-16"}
_SIGNS: Final = {"negative": "With a minus, as ledgers do", "positive": "Without a minus"}
_BESIDE: Final = {
    "EXTRACT-AMOUNT-01": "column-amount",
    "EXTRACT-DATE-01": "column-date",
    "EXTRACT-TEXT-01": "encoding",
    "EXTRACT-COLUMN-01": "file",
    "EXTRACT-ROW-01": "file",
}


def add_extract_pages(app: FastAPI, door: Door) -> None:
    """Put the comparison beside the ledger."""
    pages = ExtractPages(door)
    app.add_api_route("/ledger/extract", pages.form, methods=["GET"], include_in_schema=False)
    app.add_api_route("/ledger/extract", pages.compare, methods=["POST"], include_in_schema=False)


class ExtractPages:
    """The form, and what the comparison found."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def form(self, request: Request, entity: str = "") -> Response:
        """The form that asks for an extract."""
        visitor = self._door.visitor(request)
        return form_page(visitor, _form(visitor, {"entity": entity}))

    async def compare(self, request: Request) -> Response:
        """Compare the extract with the cases."""
        sent = await form_of(request, whole={"packed": PACKED_CHARACTERS_MAX})
        return await run_in_threadpool(_compare, self._door.acting(request, sent.form_token), sent)


def _compare(visitor: Visitor, sent: Sent) -> Response:
    typed, content = dict(sent.typed), unpack(sent.typed.pop("packed", ""))
    if "file" in sent.files:
        name, _, content = sent.files["file"]
        typed["file_name"] = name
    suggested = suggest(content, _own_payables(visitor))
    problem = _file_problem(content) or ("" if suggested.cells else "no row of heads can be read in it; save it as CSV")
    if problem:
        return form_page(visitor, _form(visitor, typed).filled(typed, {"file": problem}), 422)
    if "file" in sent.files:  # another file may be written in another way
        typed |= _typed_of(suggested)
    form = replace(
        _form(visitor, typed, suggested), hidden=(("packed", pack(content)), ("file_name", typed["file_name"]))
    )
    problems = {f"column-{name}": "choose the column" for name in NEEDED if not typed.get(f"column-{name}")}
    if problems:
        return form_page(visitor, form.filled(typed, problems), 422)
    mapped = read_mapping(_mapping_of(typed))
    documents, faults = ((), mapped) if isinstance(mapped, tuple) else read_extract(content, mapped)
    if faults:
        return form_page(
            visitor, form.filled(typed, _problems_of(faults), help="nothing is compared until all is read"), 422
        )
    answer = visitor.ask(CompareLedger(typed.get("entity", ""), typed.get("period", ""), documents))
    if isinstance(answer, Rejection):
        return form_page(visitor, typed_of(form, typed, answer, "entity"), int(STATUS[answer.kind]))
    shown = replace(form.filled(typed), facts=_facts(answer, typed["file_name"]), tables=_tables(answer))
    return form_page(visitor, shown)


def _file_problem(content: bytes) -> str:
    if not content.strip():
        return "choose the extract"
    if content.startswith(b"PK"):
        return "this is a book: save its sheet as CSV"
    if len(content) > FILE_BYTES_MAX:
        return f"the file is larger than {FILE_BYTES_MAX // 1024**2} MiB: compare it on the command line"
    return ""


def _own_payables(visitor: Visitor) -> Sequence[str]:
    accounts: Sequence[str] = visitor.need(ListLedgers())["payables"]
    return accounts


def _form(visitor: Visitor, typed: Mapping[str, str], suggested: Suggested | None = None) -> FormView:
    ledgers = tuple((each["entity"], str(each["name"])) for each in visitor.need(ListLedgers())["ledgers"])
    period = f"{visitor.chrome('ledger').now:%Y-%m}"
    about = (
        FieldView("entity", "Entity", FieldKind.CHOICE, value=typed.get("entity", ""), options=ledgers),
        FieldView("period", "Period of the cases", FieldKind.MONTH, value=period),
        FieldView(
            "file",
            "Another extract" if suggested else "Extract of the ledger",
            FieldKind.FILE,
            required=suggested is None,
            hint="CSV with a row of heads, as the ledger exports it",
        ),
    )
    groups = [FieldGroup("", about)]
    if suggested is not None:
        groups += [FieldGroup("Which column is what", _column_fields(suggested)), _style_group()]
    return FormView(
        title="Compare a ledger with the cases",
        action="/ledger/extract",
        button="Compare",
        back=LinkView("Coverage of the own ledger", "/ledger?view=coverage"),
        lead="What another ledger has posted is held against the cases of the period: what was posted without a case, "
        "what differs, and which case has no posting there. Nothing of the file is kept.",
        groups=tuple(groups),
        place="ledger",
        has_file=True,
    )


def _column_fields(suggested: Suggested) -> tuple[FieldView, ...]:
    heads = tuple((head, head) for head in suggested.cells)
    fields = []
    for name in (*NEEDED, *(name for name in COLUMNS if name not in NEEDED)):
        head = suggested.body["columns"].get(name, "")
        example = next((cell for cell in suggested.cells.get(head, ()) if cell.strip()), "")
        options = (("", "Choose" if name in NEEDED else "No column"), *heads)
        hint = f"`{example[:40]}`" if example else ""
        fields.append(
            FieldView(f"column-{name}", LABELS[name], FieldKind.CHOICE, options=options, hint=hint, required=False)
        )
    return tuple(fields)


def _style_group() -> FieldGroup:
    def choice(name: str, label: str, options: Mapping[str, str]) -> FieldView:
        return FieldView(name, label, FieldKind.CHOICE, options=tuple(options.items()), required=False)

    days = {written: style for style, written in DAYS.items()}
    fields = (
        FieldView("payables", "Accounts of what is owed", required=False, hint="With commas; none: all rows"),
        choice("credit_is", "What is owed is written", _SIGNS),
        choice("decimal", "Numbers", {DECIMALS[name]: _DECIMALS[DECIMALS[name]] for name in DECIMALS}),
        choice("date_format", "Days", days),
        choice("delimiter", "Between columns", _SEPARATORS),
        choice("encoding", "Letters", _ENCODINGS),
    )
    return FieldGroup("How it is written, as far as can be told from it", fields)


def _typed_of(suggested: Suggested) -> dict[str, str]:
    """The form filled with what was suggested; a column that was not found is chosen by a person."""
    columns = {f"column-{name}": suggested.body["columns"].get(name, "") for name in COLUMNS}
    style = {
        name: str(suggested.body[name]) for name in ("credit_is", "decimal", "date_format", "delimiter", "encoding")
    }
    return {**columns, **style, "payables": ", ".join(suggested.body["payables"])}


def _mapping_of(typed: Mapping[str, str]) -> dict[str, Any]:
    columns = {name: typed[f"column-{name}"] for name in COLUMNS if typed.get(f"column-{name}")}
    style = {
        name: typed[name] for name in ("credit_is", "decimal", "date_format", "delimiter", "encoding") if name in typed
    }
    payables = [account.strip() for account in typed.get("payables", "").split(",") if account.strip()]
    return {"columns": columns, "payables": payables, **style}


def _problems_of(faults: Sequence[Fault]) -> dict[str, str]:
    """The first fault of each field, and how many more there are like it."""
    told: dict[str, list[str]] = {}
    for fault in faults:
        told.setdefault(_BESIDE.get(fault.code, fault.path.strip("/").replace("columns/", "column-")), []).append(
            fault.message
        )
    return {
        name: f"{texts[0]} (and {len(texts) - 1} more)" if len(texts) > 1 else texts[0] for name, texts in told.items()
    }


def _facts(answer: Mapping[str, Any], file_name: str) -> tuple[tuple[str, str], ...]:
    by_number, by_value = answer["coverage_percent"], answer["coverage_by_value_percent"]
    covered = f"{answer['covered']} of {answer['documents']}"
    return (
        ("Extract", f"`{file_name}`"),
        ("Documents with a case", covered if by_number is None else f"{covered}, {formats.percent(by_number)}"),
        *((("By value", formats.percent(by_value)),) if by_value is not None else ()),
    )


def _tables(answer: Mapping[str, Any]) -> tuple[TableView, ...]:
    currency = answer["currency"]

    def money(value: Decimal) -> CellText:
        return CellText(value=value, currency=currency, is_number=True)

    def about(row: Mapping[str, Any]) -> tuple[CellText, CellText]:
        case = row.get("case_id", "")
        number = CellText(
            row["number"] or "without number", href=f"/cases/{case}" if case else "", sub=row.get("text", "")
        )
        return number, CellText(row["date"].isoformat() if row["date"] else "", sub=row.get("place", ""))

    bypass = tuple((*about(row), CellText(row["account"]), money(row["amount"])) for row in answer["bypass"])
    differing = tuple((*about(row), money(row["difference"]), money(row["amount"])) for row in answer["differing"])
    unposted = tuple((*about(row), money(row["amount"])) for row in answer["unposted"])
    return (
        TableView(
            "Posted without a case", ("Document", "On", "Account", "Amount"), bypass, "Everything posted has a case."
        ),
        TableView(
            "Differs from its case", ("Document", "On", "More than the case", "Amount"), differing, "Nothing differs."
        ),
        TableView(
            "A case, and no posting", ("Document", "On", "Amount"), unposted, "Every posted case is in the extract."
        ),
    )

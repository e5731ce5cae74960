"""The page where a person says which column of a table is what, sees the invoices that it makes, and saves that."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, Final

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.intake import incoming_file, take_in
from comptroller.application.mapping_preview import PreviewMapping
from comptroller.application.ports.intake import TYPES
from comptroller.application.presenting.mapping_words import LABELS
from comptroller.application.presenting.mappings import NEW, KnownMapping, ShowMapping
from comptroller.application.reference import PutReference
from comptroller.application.views.forms import FieldView
from comptroller.domain.kernel.fault import Fault, Rejection, Severity
from comptroller.domain.kernel.money import parse_decimal
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.forms import Sent, form_of
from comptroller.entrypoints.web.mapping_form import (
    LineGroup,
    billed_to,
    line_groups,
    name_of,
    notes_of,
    problems_of,
    record_of,
    style_fields,
    typed_of,
)
from comptroller.entrypoints.web.packing import FILE_BYTES_MAX, PACKED_CHARACTERS_MAX, pack, unpack
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Visitor

TABLES: Final = {suffix: TYPES[suffix] for suffix in (".csv", ".xlsx")}
SAMPLE_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: its head, what it is taken for, and some of its cells."""

    head: str
    fields: tuple[str, ...]
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MappingView:
    """The page: the file, the form, and the invoices that both make."""

    key: str
    version: int
    title: str
    name: str
    file_name: str
    packed: str = field(repr=False)
    problems: tuple[tuple[str, str, str], ...]  # where, what it is called, what is wrong
    problem: str
    help: str
    columns: tuple[Column, ...]
    choices: tuple[str, ...]  # heads to choose from
    style: tuple[FieldView, ...]
    groups: tuple[LineGroup, ...]
    companies: tuple[tuple[str, str], ...]
    documents: tuple[Mapping[str, Any], ...]
    documents_in_all: int
    faulty: int
    faults: tuple[Mapping[str, Any], ...]  # of the file as a whole
    is_read: bool


def add_mapping_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the mappings beside the intake."""
    pages = MappingPages(door, dispatcher)
    app.add_api_route("/mappings/{key:key}", pages.mapping, methods=["GET"], include_in_schema=False)
    app.add_api_route("/mappings/{key:key}", pages.build, methods=["POST"], include_in_schema=False)


class MappingPages:
    """One mapping, on file or begun."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def mapping(self, request: Request, key: str) -> Response:
        """The mapping as it stands; a file shows what it makes of it."""
        visitor = self._door.visitor(request)
        known: KnownMapping = visitor.need(ShowMapping(key))
        return page_of(visitor, known, Building(typed_of(known.body)))

    async def build(self, request: Request, key: str) -> Response:
        """Show what the mapping makes of the file; save it, and hand the file in, where that is asked for."""
        sent = await form_of(request, whole={"packed": PACKED_CHARACTERS_MAX})
        visitor = self._door.acting(request, sent.form_token)
        return await run_in_threadpool(self._build, visitor, key, sent)

    def _build(self, visitor: Visitor, key: str, sent: Sent) -> Response:
        known: KnownMapping = visitor.need(ShowMapping(key))
        built = looked_at(visitor, known, sent)
        if not sent.typed.get("do") or built.problems:
            return page_of(visitor, known, built, 422 if built.problems else 200)
        return self._save(visitor, known, built, sent)

    def _save(self, visitor: Visitor, known: KnownMapping, built: "Building", sent: Sent) -> Response:
        key = name_of(built.typed.get("name", "")) if known.key == NEW else known.key
        problems = {}
        if not key or key == NEW:
            problems["name"] = "give it a name, such as the supplier's"
        if sent.typed["do"] == "hand in" and not built.content:
            problems["file"] = "choose the file that is handed in"
        if problems:
            return page_of(visitor, known, built.told(problems), 422)
        version = built.typed.get("version", "")
        seen = int(version) if version.isascii() and version.isdigit() else known.version
        answer = visitor.ask(PutReference("mapping", key, record_of(built.typed), seen))
        if isinstance(answer, Rejection):
            told = built.told(problems_of(answer.faults), "" if answer.faults else answer.message, answer.help)
            return page_of(visitor, known, told, int(STATUS[answer.kind]))
        if sent.typed["do"] != "hand in":
            return RedirectResponse(f"/mappings/{key}", 303)
        media_type = TABLES[PurePosixPath(built.file_name.lower()).suffix]
        incoming = incoming_file(
            built.content, name=built.file_name, media_type=media_type, channel="file", mapping=key
        )
        taken = take_in(self._dispatcher, visitor.session.tenant, visitor.session.person, incoming)
        if isinstance(taken, Rejection):
            saved: KnownMapping = visitor.need(ShowMapping(key))
            told = built.told({}, f"the mapping is saved; the file is not handed in: {taken.message}", taken.help)
            return page_of(visitor, saved, told, int(STATUS[taken.kind]))
        return RedirectResponse(f"/intake/{taken['intake_id']}", 303)


@dataclass(frozen=True, slots=True)
class Building:
    """A mapping being built: what was typed, the file that goes along, what it makes of it, and what is wrong."""

    typed: Mapping[str, str]
    content: bytes = field(default=b"", repr=False)
    file_name: str = ""
    shown: Mapping[str, Any] | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    help: str = ""

    def told(self, problems: Mapping[str, str], problem: str = "", help: str = "") -> "Building":  # noqa: A002 - a rejection's own word
        """The same, with what is wrong."""
        return replace(self, problems=problems, problem=problem, help=help)


def looked_at(visitor: Visitor, known: KnownMapping, sent: Sent) -> Building:
    """What a form and the file that came with it, or goes along with it, make."""
    typed = {name: text for name, text in sent.typed.items() if name not in {"do", "packed", "company"}}
    company = known.companies.get(sent.typed.get("company", ""))
    if company is not None:
        typed = billed_to(typed, company)
    name, content, problem = _file_of(sent)
    built = Building(typed, content, name)
    if problem or (not content and not sent.typed.get("do")):
        return built.told({"file": problem or "choose a file"})
    if not content:
        return built
    record = record_of(typed)
    shown = visitor.ask(PreviewMapping(content, record))
    if isinstance(shown, Rejection):
        return built.told(problems_of(shown.faults), "" if shown.faults else shown.message, shown.help)
    if "columns" not in record:
        suggested = {name: shown["mapping"][name] for name in ("columns", "decimals", "days")}
        typed |= typed_of({**suggested, "constants": {}})
    built = replace(built, typed=typed, shown=shown)
    wrong = [Fault(fault["code"], fault["path"], fault["message"]) for fault in shown["faults"]]
    return built.told(problems_of(fault for fault in wrong if fault.path.startswith("/")))


def _file_of(sent: Sent) -> tuple[str, bytes, str]:
    """The file that was chosen, or the one that goes along; its name, its bytes, and what is wrong with it."""
    name, packed = sent.typed.get("file_name", ""), sent.typed.get("packed", "")
    if "file" in sent.files:
        name, _, content = sent.files["file"]
        if PurePosixPath(name.lower()).suffix not in TABLES:
            return name, b"", f"`{name[:80]}` is neither a CSV nor an XLSX file"
        if len(content) > FILE_BYTES_MAX:
            size = FILE_BYTES_MAX // 1024**2
            return name, b"", f"the file is larger than {size} MiB: build the mapping on a part of it"
        return name, content, "" if content.strip() else "the file is empty"
    content = unpack(packed) if packed else b""
    return name, content, "the file did not come back whole; choose it again" if packed and not content else ""


def page_of(visitor: Visitor, known: KnownMapping, built: Building, status: int = 200) -> Response:
    """The page."""
    typed, shown = built.typed, built.shown or {}
    heads, rows = shown.get("columns", []), shown.get("sample", [])
    columns = record_of(typed).get("columns", {})
    cells = {head: tuple(row[place] for row in rows if place < len(row)) for place, head in enumerate(heads)}
    sample = {head: next((cell for cell in told if cell.strip()), "") for head, told in cells.items()}
    documents = tuple(_summary(document) for document in shown.get("documents", ()))
    notes = notes_of((fault for document in documents for fault in document["faults"]), columns)
    groups = line_groups(typed, sample, built.problems, notes)
    style = style_fields(typed, shown.get("sheets", ()), built.problems)
    labels = {f"column-{line.name}": line.label for group in groups for line in group.lines}
    labels |= {f"constant-{line.name}": line.label for group in groups for line in group.lines}
    labels |= {each.name: each.label for each in style} | {"file": "File", "name": "Name of the mapping"}
    name = typed.get("name", "")
    view = MappingView(
        key=known.key,
        version=known.version,
        title="Which column is what" if known.key == NEW else f"Mapping {known.body.get('name') or known.key}",
        name=name,
        file_name=built.file_name,
        packed=pack(built.content) if built.content else "",
        problems=tuple((where, labels.get(where, where), text) for where, text in built.problems.items()),
        problem=built.problem,
        help=built.help,
        columns=tuple(
            Column(head, tuple(LABELS[name] for name in columns if columns[name] == head), cells[head][:SAMPLE_SHOWN])
            for head in heads
        ),
        choices=tuple(dict.fromkeys([*(head for head in heads if head), *columns.values()])),
        style=style,
        groups=groups,
        companies=tuple((key, str(body.get("name") or key)) for key, body in known.companies.items()),
        documents=documents,
        documents_in_all=int(shown.get("documents_in_all", 0)),
        faulty=sum(1 for document in documents if document["is_faulty"]),
        faults=tuple(fault for fault in shown.get("faults", ()) if not fault["path"].startswith("/")),
        is_read=bool(shown),
    )
    return html("mapping.html", visitor.chrome("intake"), view, status)


def _summary(document: Mapping[str, Any]) -> dict[str, Any]:
    """An invoice of the file in one row, with its faults."""
    made = document["canonical"] or {}
    rows = document["rows"]
    return {
        "number": document["number"],
        "rows": f"rows {rows[0]} to {rows[-1]}" if len(rows) > 1 else f"row {rows[0]}",
        "supplier": (made.get("seller") or {}).get("name", ""),
        "issued": made.get("issue_date", ""),
        "currency": made.get("currency", ""),
        "gross": parse_decimal(str((made.get("totals") or {}).get("gross", ""))),
        "faults": document["faults"],
        "is_faulty": any(fault["severity"] == Severity.ERROR for fault in document["faults"]),
    }

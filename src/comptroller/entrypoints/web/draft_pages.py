"""The studio's pages that write: a draft is begun, its tables are written in the grid or a spreadsheet, it is ended."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request

from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.dmn_xml import write as write_dmn
from comptroller.adapters.spreadsheet import read_workbook
from comptroller.application.presenting.policies.decision import GetPolicyModel, PolicyModel
from comptroller.application.presenting.policies.drafts import ShowDraft
from comptroller.application.presenting.policies.files import ShowDraftFile, ShowDraftFiles
from comptroller.application.releasing.drafts import ChangeDraft, EndDraft, ProposeDraft, RenewDraft, StartDraft
from comptroller.application.releasing.scope import Scope
from comptroller.application.studio.editing import WrittenRow
from comptroller.application.studio.files import WriteFile
from comptroller.application.studio.heads import ColumnKind, WrittenColumn, WrittenHead
from comptroller.application.studio.limit import TryLimit
from comptroller.application.studio.parameters import ChangeParameters, ShowParameters
from comptroller.application.studio.tables import CheckTable, WriteTable
from comptroller.application.studio.values import CELL, ChangeValue, ShowValueForm
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection, RejectionKind, Severity
from comptroller.domain.packs.timeline import WHOLE
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field as FormField
from comptroller.entrypoints.web.addresses import Text, Told
from comptroller.entrypoints.web.forms import Sent, form_of, form_page, typed_of
from comptroller.entrypoints.web.pages import HEADERS, html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor

ROWS_CHARACTERS_MAX: Final = 4_000_000
HEAD_CHARACTERS_MAX: Final = 400_000

ACCOUNT: Final = "account/"
"""What the names of a parameter's field begin with."""


class _Row(BaseModel):
    """A row as the grid sends it."""

    id: str = Field(max_length=200)
    before: str = Field(max_length=200)
    cells: list[str] = Field(max_length=200)


class _Column(BaseModel):
    """A column as the grid sends it."""

    model_config = ConfigDict(str_strip_whitespace=True)

    kind: ColumnKind
    before: int = Field(ge=-1, le=10_000)
    name: str = Field(max_length=200)
    expression: str = Field(max_length=4_000)
    type_ref: str = Field(max_length=200)
    allowed: str = Field(max_length=4_000)
    default: str = Field(max_length=4_000)


class _Head(BaseModel):
    """The head of a table as the grid sends it."""

    policy: str = Field(max_length=40)
    columns: list[_Column]


_ROWS: Final = TypeAdapter(list[_Row])


def add_draft_pages(app: FastAPI, door: Door) -> None:
    """Put the pages of drafts beside the others."""
    pages = DraftPages(door)
    for path, endpoint, method in (
        ("/drafts", pages.start, "POST"),
        ("/drafts/{draft:key}", pages.draft, "GET"),
        ("/drafts/{draft:key}/files", pages.files, "GET"),
        ("/drafts/{draft:key}/files/{path:path}", pages.file, "GET"),
        ("/drafts/{draft:key}/files/{path:path}", pages.write, "POST"),
        ("/drafts/{draft:key}/end", pages.end, "POST"),
        ("/drafts/{draft:key}/renew", pages.renew, "POST"),
        ("/drafts/{draft:key}/propose", pages.propose, "POST"),
        ("/drafts/{draft:key}/parameters", pages.parameters, "GET"),
        ("/drafts/{draft:key}/parameters", pages.change_parameters, "POST"),
        ("/drafts/{draft:key}/policies/{key:key}/check", pages.check, "POST"),
        ("/drafts/{draft:key}/policies/{key:key}/limit", pages.limit, "POST"),
        ("/drafts/{draft:key}/policies/{key:key}/rows", pages.rows, "POST"),
        ("/drafts/{draft:key}/policies/{key:key}/rows/{rule:key}/from", pages.value, "GET"),
        ("/drafts/{draft:key}/policies/{key:key}/rows/{rule:key}/from", pages.change_value, "POST"),
        ("/drafts/{draft:key}/policies/{key:key}/book", pages.book, "POST"),
    ):
        app.add_api_route(path, endpoint, methods=[method], include_in_schema=False)


class DraftPages:
    """A draft, and what is written into it."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def start(
        self, request: Request, title: Told = "", entity: Told = "", key: FormField = "", form_token: FormField = ""
    ) -> Response:
        """Begin a draft, and go to the decision that it is to change."""
        visitor = self._door.acting(request, form_token)
        draft = visitor.need(StartDraft(title, entity))["draft"]
        return RedirectResponse(f"/drafts/{draft}/policies/{key}" if key else f"/drafts/{draft}", 303)

    def draft(self, request: Request, draft: str, check: Text = "") -> Response:
        """What a draft changes; `check`: and what would send its request back."""
        visitor = self._door.visitor(request)
        return html("draft.html", visitor.chrome("policies"), visitor.need(ShowDraft(draft, bool(check))))

    def files(self, request: Request, draft: str) -> Response:
        """The files of a draft."""
        visitor = self._door.visitor(request)
        return html("draft-files.html", visitor.chrome("policies"), visitor.need(ShowDraftFiles(draft)))

    def file(self, request: Request, draft: str, path: str) -> Response:
        """One of them."""
        visitor = self._door.visitor(request)
        return html("draft-file.html", visitor.chrome("policies"), visitor.need(ShowDraftFile(draft, path)))

    async def write(self, request: Request, draft: str, path: str) -> Response:
        """Keep what a file says, as it was typed or as the file that was brought back."""
        visitor, sent = await self._sent(request)
        _, _, brought = sent.files.get("file", ("", "", b""))
        command = WriteFile(draft, _version(sent), path, brought or sent.typed.get("text", "").encode())
        await run_in_threadpool(visitor.need, command)
        return RedirectResponse(f"/drafts/{draft}/files/{quote(path)}", 303)

    def end(self, request: Request, draft: str, form_token: FormField = "") -> Response:
        """Let a draft go."""
        self._door.acting(request, form_token).need(EndDraft(draft))
        return RedirectResponse("/policies", 303)

    def renew(self, request: Request, draft: str, form_token: FormField = "") -> Response:
        """Hold a draft against the version in force."""
        self._door.acting(request, form_token).need(RenewDraft(draft))
        return RedirectResponse(f"/drafts/{draft}", 303)

    async def propose(self, request: Request, draft: str) -> Response:
        """Put a draft before those who may release it, and go to its request."""
        visitor, sent = await self._sent(request)
        title, valid_from = sent.typed.get("title", ""), sent.typed.get("valid_from", "")
        keep, take, begin = (tuple(_listed(sent.typed.get(name, ""))) for name in ("keep", "take", "begin"))
        share = sent.typed.get("share", "")
        scope = Scope(keep=keep, take=take, begin=begin, share=_whole(share) if share else WHOLE)
        is_emergency = "emergency" in sent.typed
        command = ProposeDraft(draft, _version(sent), title, valid_from, emergency=is_emergency, scope=scope)
        answer = await run_in_threadpool(visitor.need, command)
        return RedirectResponse(f"/cases/{answer['case_id']}", 303)

    def parameters(self, request: Request, draft: str) -> Response:
        """The accounts of a pack, to change."""
        visitor = self._door.visitor(request)
        return html("parameters.html", visitor.chrome("policies"), visitor.need(ShowParameters(draft)))

    async def change_parameters(self, request: Request, draft: str) -> Response:
        """Keep changed accounts."""
        visitor, sent = await self._sent(request)
        accounts = {name.removeprefix(ACCOUNT): text for name, text in sent.typed.items() if name.startswith(ACCOUNT)}
        await run_in_threadpool(visitor.need, ChangeParameters(draft, _version(sent), accounts))
        return RedirectResponse(f"/drafts/{draft}", 303)

    def value(self, request: Request, draft: str, key: str, rule: str) -> Response:
        """The form by which a row's values are others from a day on."""
        visitor = self._door.visitor(request)
        return form_page(visitor, visitor.need(ShowValueForm(draft, key, rule)))

    async def change_value(self, request: Request, draft: str, key: str, rule: str) -> Response:
        """End the row and begin a new one, or show what is wrong."""
        visitor, sent = await self._sent(request)
        return await run_in_threadpool(_change_value, visitor, draft, key, rule, sent)

    async def check(self, request: Request, draft: str, key: str) -> Response:
        """What is wrong with the rows of the grid: nothing is kept."""
        visitor, sent = await self._sent(request)
        return await run_in_threadpool(
            _answer, visitor, CheckTable(draft, key, _rows(visitor, sent), _head(visitor, sent))
        )

    async def limit(self, request: Request, draft: str, key: str) -> Response:
        """What a limit of the grid would mean for the tenant's cases, wherever it is put: nothing is kept."""
        visitor, sent = await self._sent(request)
        row, column, number = (_whole(sent.typed.get(name, "")) for name in ("row", "column", "number"))
        together = "together" in sent.typed
        command = TryLimit(draft, key, _rows(visitor, sent), _head(visitor, sent), row, column, number, together)
        return await run_in_threadpool(_answer, visitor, command)

    async def rows(self, request: Request, draft: str, key: str) -> Response:
        """Keep the rows of the grid."""
        visitor, sent = await self._sent(request)
        command = WriteTable(draft, key, _version(sent), _rows(visitor, sent), _head(visitor, sent))
        return await run_in_threadpool(_answer, visitor, command)

    async def book(self, request: Request, draft: str, key: str) -> Response:
        """Keep what a book says."""
        visitor, sent = await self._sent(request)
        return await run_in_threadpool(_bring_back, visitor, draft, key, sent)

    async def _sent(self, request: Request) -> tuple[Visitor, Sent]:
        sent = await form_of(
            request,
            whole={"rows": ROWS_CHARACTERS_MAX, "head": HEAD_CHARACTERS_MAX, "text": limits.POLICY_FILE_BYTES_MAX},
        )
        return self._door.acting(request, sent.form_token), sent


def _change_value(visitor: Visitor, draft: str, key: str, rule: str, sent: Sent) -> Response:
    typed = sent.typed
    cells = {_whole(name.removeprefix(CELL)): text for name, text in typed.items() if name.startswith(CELL)}
    command = ChangeValue(draft, key, _version(sent), rule, typed.get("day", ""), cells, typed.get("text", ""))
    answer = visitor.ask(command)
    if isinstance(answer, Rejection):
        beside = answer.faults[0].path if answer.faults else ""
        view = typed_of(visitor.need(ShowValueForm(draft, key, rule)), typed, answer, beside)
        return form_page(visitor, view, int(STATUS[answer.kind]))
    return RedirectResponse(f"/drafts/{draft}/policies/{key}#rule-{answer['row']}", 303)


def _rows(visitor: Visitor, sent: Sent) -> tuple[WrittenRow, ...]:
    try:
        rows = _ROWS.validate_json(sent.typed.get("rows", ""))
    except ValidationError:
        raise _no_table(visitor, "rows") from None
    return tuple(WrittenRow(row.id.strip(), row.before, tuple(row.cells)) for row in rows)


def _head(visitor: Visitor, sent: Sent) -> WrittenHead | None:
    """The head of the grid; none where it was not sent: it is as it was."""
    if "head" not in sent.typed:
        return None
    try:
        head = _Head.model_validate_json(sent.typed["head"])
    except ValidationError:
        raise _no_table(visitor, "columns") from None
    columns = (
        WrittenColumn(of.kind, of.before, of.name, of.expression, of.type_ref, of.allowed, of.default)
        for of in head.columns
    )
    return WrittenHead(head.policy, tuple(columns))


def _no_table(visitor: Visitor, what: str) -> Turned:
    rejection = Rejection(
        RejectionKind.INVALID, "POLICY-ROWS-01", f"the {what} are none of a table", help="open the page again"
    )
    return Turned(visitor, rejection)


def _listed(text: str) -> Iterator[str]:
    return (each.strip() for each in text.split(";") if each.strip())


def _version(sent: Sent) -> int:
    return _whole(sent.typed.get("version", ""))


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _answer(visitor: Visitor, command: object) -> Response:
    """The answer as data, for the script that asked."""
    answer: Any = visitor.ask(command)
    if isinstance(answer, Rejection):
        problem = {"problem": answer.message, "help": answer.help, "code": answer.code}
        return JSONResponse(problem, int(STATUS[answer.kind]), HEADERS)
    return JSONResponse(answer, headers=HEADERS)


def _bring_back(visitor: Visitor, draft: str, key: str, sent: Sent) -> Response:
    model: PolicyModel = visitor.need(GetPolicyModel(key, draft))
    original, _ = read_dmn(model.content)
    assert original is not None  # the decision was found in it
    _, _, content = sent.files.get("book", ("", "", b""))
    taken = read_workbook(content, original)
    faults = tuple(fault for fault in taken.faults if fault.severity is Severity.ERROR)
    if faults:
        message = f"nothing is changed, the book has faults: {faults[0].path} {faults[0].message}"
        raise Turned(visitor, Rejection(RejectionKind.INVALID, faults[0].code, message, faults, help=faults[0].help))
    written = write_dmn(taken.definitions, model.content).decode()
    visitor.need(ChangeDraft(draft, _version(sent), {model.path: written}))
    return RedirectResponse(f"/drafts/{draft}/policies/{key}", 303)

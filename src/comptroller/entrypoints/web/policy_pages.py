"""The studio's pages that read, of the version in force or of a draft: decisions, their tables, and trying them."""

from typing import Annotated, Final

from fastapi import Depends, FastAPI, Query
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.requests import Request

from comptroller.adapters.dmn_xml import read as read_dmn
from comptroller.adapters.spreadsheet import to_workbook
from comptroller.application.presenting.policies.decision import GetPolicyModel, PolicyModel, ShowPolicy
from comptroller.application.presenting.policies.elements import key_of
from comptroller.application.presenting.policies.listing import ShowPolicies
from comptroller.application.presenting.policies.trial import Trial
from comptroller.application.studio.recording import RecordExample
from comptroller.entrypoints.web.addresses import Text
from comptroller.entrypoints.web.forms import form_of
from comptroller.entrypoints.web.pages import HEADERS, html
from comptroller.entrypoints.web.visitor import Door, Visitor

DMN: Final = "application/xml"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

FACT: Final = "fact/"
"""What the names of a trial's fields begin with; the path of the fact follows."""

YAML: Final = "application/yaml"

Place = Annotated[int, Query(ge=-1, le=10_000)]
Entry = Annotated[int, Query(ge=0, le=2**31 - 1)]


def _draft(request: Request) -> str:
    return str(request.path_params.get("draft", ""))


InDraft = Annotated[str, Depends(_draft)]
"""The draft that an address names; none: the version in force."""


def add_policy_pages(app: FastAPI, door: Door) -> None:
    """Put the studio beside the other pages."""
    pages = PolicyPages(door)
    for home in ("/policies", "/drafts/{draft:key}/policies"):
        for path, endpoint, method in (
            ("", pages.policies, "GET"),
            ("/{key:key}", pages.policy, "GET"),
            ("/{key:key}/trial", pages.trial, "POST"),
            ("/{key:key}/model", pages.model, "GET"),
            ("/{key:key}/tables", pages.tables, "GET"),
        ):
            app.add_api_route(home + path, endpoint, methods=[method], include_in_schema=False)
    app.add_api_route("/cases/{case_id:key}/example", pages.example, methods=["GET"], include_in_schema=False)


class PolicyPages:
    """The list of decisions and one of them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def policies(self, request: Request, draft: InDraft, q: Text = "", show: Text = "") -> Response:
        """The decisions of the version in force, or as a draft has them."""
        visitor = self._door.visitor(request)
        return html("policies.html", visitor.chrome("policies"), visitor.need(ShowPolicies(q, show, draft)))

    def policy(self, request: Request, key: str, draft: InDraft, example: Place = -1) -> Response:
        """One decision; `example` fills the form that tries it, and decides it."""
        return _page(self._door.visitor(request), ShowPolicy(key, Trial(example), draft))

    async def trial(self, request: Request, key: str, draft: InDraft) -> Response:
        """What a decision says of the facts that were typed: nothing is done and nothing is kept."""
        sent = await form_of(request)
        visitor = self._door.acting(request, sent.form_token)
        facts = {name.removeprefix(FACT): text for name, text in sent.typed.items() if name.startswith(FACT)}
        example = sent.typed.get("example", "")
        filled = Trial(int(example) if example.isascii() and example.isdigit() else -1, facts)
        return await run_in_threadpool(_page, visitor, ShowPolicy(key, filled, draft))

    def model(self, request: Request, key: str, draft: InDraft) -> Response:
        """The DMN file that holds a decision."""
        return _download(self._door.visitor(request).need(GetPolicyModel(key, draft)))

    def tables(self, request: Request, key: str, draft: InDraft) -> Response:
        """The tables of that file as a book for a spreadsheet."""
        model: PolicyModel = self._door.visitor(request).need(GetPolicyModel(key, draft))
        definitions, _ = read_dmn(model.content)
        assert definitions is not None  # the decision was found in it
        return _attached(to_workbook(definitions), WORKBOOK, f"{_stem(model)}.xlsx")

    def example(self, request: Request, case_id: str, decision: Text = "", seq: Entry = 0) -> Response:
        """A decision of a case as a file of examples, masked."""
        made = self._door.visitor(request).need(RecordExample(case_id, decision, seq))
        return _attached(made["yaml"].encode(), YAML, f"{key_of(made['decision'])}-recorded.yaml")


def _page(visitor: Visitor, asked: ShowPolicy) -> Response:
    return html("policy.html", visitor.chrome("policies"), visitor.need(asked))


def _download(model: PolicyModel) -> Response:
    return _attached(model.content, DMN, f"{_stem(model)}.dmn")


def _stem(model: PolicyModel) -> str:
    return model.path.rpartition("/")[2].removesuffix(".dmn")


def _attached(content: bytes, media_type: str, name: str) -> Response:
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)

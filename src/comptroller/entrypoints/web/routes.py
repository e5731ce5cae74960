"""The pages: each reads its address, runs use cases as the person signed in, and renders one view.

Nothing acts on GET. A form that acts is answered with the page that comes next, or with the same page and the reason
beside the field.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, quote

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request

from comptroller.adapters.pdf_pages import PDF, page_image
from comptroller.application.access import authenticate
from comptroller.application.act import ActOnTask
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.open_tasks import OpenTasks
from comptroller.application.presenting.case import ShowCase
from comptroller.application.presenting.figures import ShowEvidence, ShowOverview, verification_view
from comptroller.application.presenting.lists import ShowCases, ShowExceptions, ShowQueue
from comptroller.application.presenting.surroundings import DoorView, neutral_door, show_door
from comptroller.application.queries import GetCase, GetDecisions, GetOriginal, GetTimeline
from comptroller.application.verification import VerifyAudit
from comptroller.application.views import CaseItem, CasesView, CaseTab, Chrome, ErrorView, ShownAs
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.http.problems import STATUS, json_response
from comptroller.entrypoints.web import spreadsheet
from comptroller.entrypoints.web.act_pages import add_act_pages
from comptroller.entrypoints.web.addresses import (
    NOTHING_ASKED,
    Address,
    Asked,
    Field,
    Page,
    Seen,
    Text,
    Told,
    Value,
    is_ahead_of_time,
    local,
)
from comptroller.entrypoints.web.answer_pages import add_answer_pages
from comptroller.entrypoints.web.assignment_pages import add_assignment_pages
from comptroller.entrypoints.web.backtest_pages import add_backtest_pages
from comptroller.entrypoints.web.call_backs import TellsOfCall
from comptroller.entrypoints.web.correction_pages import add_correction_pages
from comptroller.entrypoints.web.draft_pages import add_draft_pages
from comptroller.entrypoints.web.extract_pages import add_extract_pages
from comptroller.entrypoints.web.failures import add_failure_pages, error_view
from comptroller.entrypoints.web.incident_pages import add_incident_pages
from comptroller.entrypoints.web.insight_pages import add_insight_pages
from comptroller.entrypoints.web.intake_pages import add_intake_pages
from comptroller.entrypoints.web.job_pages import add_job_pages
from comptroller.entrypoints.web.keying_pages import add_keying_pages
from comptroller.entrypoints.web.ledger_pages import add_ledger_pages
from comptroller.entrypoints.web.mapping_pages import add_mapping_pages
from comptroller.entrypoints.web.migration_pages import add_migration_pages
from comptroller.entrypoints.web.notice_pages import add_notice_pages
from comptroller.entrypoints.web.originals import in_sight
from comptroller.entrypoints.web.override_pages import add_override_pages
from comptroller.entrypoints.web.own import CaughtMails, add_own_pages
from comptroller.entrypoints.web.pages import HEADERS, STATIC, html, tenant_style
from comptroller.entrypoints.web.payment_pages import add_payment_pages
from comptroller.entrypoints.web.people_pages import add_people_pages
from comptroller.entrypoints.web.policy_pages import add_policy_pages
from comptroller.entrypoints.web.process_pages import add_process_pages
from comptroller.entrypoints.web.purchasing_pages import add_purchasing_pages
from comptroller.entrypoints.web.raw_pages import add_raw_pages
from comptroller.entrypoints.web.record_pages import add_record_pages
from comptroller.entrypoints.web.release_pages import add_release_pages
from comptroller.entrypoints.web.session import COOKIE, LIFETIME, Sealer
from comptroller.entrypoints.web.sheets import sheet
from comptroller.entrypoints.web.supplier_pages import add_supplier_pages
from comptroller.entrypoints.web.together_pages import add_together_pages
from comptroller.entrypoints.web.visitor import Roleless, SignInNeeded, Turned, Visitor

DATA: Final = {"case": GetCase, "timeline": GetTimeline, "decisions": GetDecisions}
"""What of a case can be had as JSON beside its page."""


def add_pages(app: FastAPI, dispatcher: Dispatcher, *, session_secret: str, mailbox: CaughtMails | None = None) -> None:
    """Put the pages beside the HTTP interface; `mailbox` holds what a demonstration's mail catcher caught."""
    pages = Pages(dispatcher, Sealer(session_secret), has_mails=mailbox is not None)
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    for path, endpoint, methods in (
        ("/", pages.home, ["GET"]),
        ("/sign-in", pages.door, ["GET"]),
        ("/sign-in", pages.sign_in, ["POST"]),
        ("/sign-out", pages.sign_out, ["POST"]),
        ("/tenant.css", pages.style, ["GET"]),
        ("/queue", pages.queue, ["GET"]),
        ("/cases", pages.cases, ["GET"]),
        ("/queue.{form:sheet}", pages.queue_sheet, ["GET"]),
        ("/cases.{form:sheet}", pages.cases_sheet, ["GET"]),
        ("/exceptions.{form:sheet}", pages.exceptions_sheet, ["GET"]),
        ("/cases/{case_id:key}", pages.case, ["GET"]),
        ("/cases/{case_id:key}/data/{part}", pages.data, ["GET"]),
        ("/cases/{case_id:key}/original", pages.original, ["GET"]),
        ("/cases/{case_id:key}/original/{page:int}.png", pages.original_page, ["GET"]),
        ("/exceptions", pages.exceptions, ["GET"]),
        ("/overview", pages.overview, ["GET"]),
        ("/evidence", pages.evidence, ["GET"]),
        ("/evidence/verify", pages.verify, ["POST"]),
        ("/tasks/{task_id:key}/actions", pages.act, ["POST"]),
    ):
        app.add_api_route(path, endpoint, methods=methods, include_in_schema=False)
    add_own_pages(app, pages, mailbox)
    add_notice_pages(app, pages)
    add_act_pages(app, pages)
    add_together_pages(app, pages)
    add_answer_pages(app, pages, dispatcher)
    add_keying_pages(app, pages, dispatcher)
    add_assignment_pages(app, pages)
    add_intake_pages(app, pages, dispatcher)
    add_mapping_pages(app, pages, dispatcher)
    add_insight_pages(app, pages)
    add_backtest_pages(app, pages)
    add_process_pages(app, pages)
    add_policy_pages(app, pages)
    add_release_pages(app, pages)
    add_correction_pages(app, pages)
    add_raw_pages(app, pages)
    add_override_pages(app, pages)
    add_draft_pages(app, pages)
    add_incident_pages(app, pages, dispatcher)
    add_job_pages(app, pages)
    add_migration_pages(app, pages, dispatcher)
    add_ledger_pages(app, pages)
    add_extract_pages(app, pages)
    add_supplier_pages(app, pages)
    add_purchasing_pages(app, pages)
    add_record_pages(app, pages)
    add_payment_pages(app, pages)
    add_people_pages(app, pages)
    app.add_exception_handler(SignInNeeded, pages.to_door)
    app.add_exception_handler(Turned, pages.refused)
    app.add_exception_handler(Roleless, pages.roleless)
    add_failure_pages(app, pages.chrome_of)


class Pages:
    """The pages of one web process."""

    def __init__(self, dispatcher: Dispatcher, sealer: Sealer, *, has_mails: bool = False) -> None:
        self._dispatcher = dispatcher
        self._sealer = sealer
        self._has_mails = has_mails

    # The door

    def visitor(self, request: Request) -> Visitor:
        """Who is signed in."""
        cookie = request.cookies.get(COOKIE, "")
        session = self._sealer.open(cookie, self._dispatcher.environment.clock.machine_now())
        if session is None:
            raise SignInNeeded
        return Visitor(self._dispatcher, session, self._sealer.form_token(cookie), has_mails=self._has_mails)

    def acting(self, request: Request, form_token: str) -> Visitor:
        """Who sent a form that was made for them; anything else is turned away."""
        visitor = self.visitor(request)
        if not self._sealer.is_form_token(request.cookies.get(COOKIE, ""), form_token):
            text = "this form was not made for your session"
            raise Turned(visitor, Rejection(RejectionKind.FORBIDDEN, "FORM-TOKEN-01", text, help="open the page again"))
        return visitor

    def _door(self, onward: str) -> tuple[TenantId, DoorView]:
        """The door of the only tenant or of a demonstration; where there are several, one that names none."""
        environment = self._dispatcher.environment
        tenants = environment.store.tenants()
        if not tenants:
            raise SignInNeeded
        doors = [(tenant, self._tenant_door(tenant, onward)) for tenant in tenants]
        for tenant, door in doors:
            if door.is_demonstration or len(doors) == 1:
                return tenant, door
        return tenants[0], neutral_door(environment.clock.machine_now(), onward)

    def _tenant_door(self, tenant: TenantId, onward: str = "/") -> DoorView:
        environment = self._dispatcher.environment
        return environment.store.read(tenant, lambda uow: show_door(environment, uow, onward))

    def chrome_of(self, request: Request) -> Chrome:
        """What surrounds a page about a failure: the visitor's own, or nobody's."""
        try:
            return self.visitor(request).chrome("")
        except (SignInNeeded, Roleless):
            return neutral_door(self._dispatcher.environment.clock.machine_now(), "/").chrome

    def home(self, request: Request) -> Response:
        """Lead to the first place that the visitor may open, or to the door."""
        places = self.visitor(request).chrome("").navigation
        if not places:
            raise Roleless
        return RedirectResponse(f"/{places[0].key}", 303)

    def door(self, onward: Address = "/") -> Response:
        """The sign-in."""
        _, door = self._door(local(onward))
        return html("sign-in.html", door.chrome, door.sign_in)

    def sign_in(self, request: Request, person: Field = "", api_key: Field = "", onward: Field = "/") -> Response:
        """Sign in: by API key, in a demonstration by choice."""
        tenant, door = self._door(local(onward))
        if api_key:
            found = authenticate(self._dispatcher.environment, api_key)
            if isinstance(found, Rejection):
                problem = "This key is not known here, or it was revoked."
                return html("sign-in.html", door.chrome, replace(door.sign_in, problem=problem), 401)
            tenant, person = found
        elif not door.is_demonstration or person not in door.people:
            text = f"there is nobody called `{person}` to sign in as"
            rejection = Rejection(RejectionKind.UNAUTHENTICATED, "SIGN-IN-01", text)
            return html("error.html", door.chrome, error_view(rejection), 401)
        response = RedirectResponse(local(onward), 303)
        response.set_cookie(
            COOKIE,
            self._sealer.seal(tenant, person, self._dispatcher.environment.clock.machine_now()),
            max_age=int(LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",  # a link in a message opens the page; what acts carries the form's token
            secure=request.url.scheme == "https",
        )
        return response

    def sign_out(self, request: Request, form_token: Field = "") -> Response:
        """Forget who is here."""
        self.acting(request, form_token)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE)
        return response

    def style(self, request: Request) -> Response:
        """The colour of the visitor's tenant; the address carries the tenant's name, so that no cache mixes them up."""
        try:
            door = self._tenant_door(self.visitor(request).session.tenant)
        except SignInNeeded:
            _, door = self._door("/")
        headers = {"Cache-Control": "private, max-age=300", "Vary": "Cookie"}
        return Response(tenant_style(door.colour), media_type="text/css", headers=headers)

    async def to_door(self, request: Request, _error: Exception) -> Response:
        """Lead to the sign-in and back; without any tenant there is nowhere to lead to."""
        if not self._dispatcher.environment.store.tenants():
            return Response("no tenant yet: run `comptroller demo`", 503, media_type="text/plain")
        query = f"?{request.url.query}" if request.url.query else ""
        onward = request.url.path + query if request.method == "GET" else "/"
        return RedirectResponse(f"/sign-in?onward={quote(onward, safe='/')}", 303)

    async def refused(self, _request: Request, error: Exception) -> Response:
        """A refusal as a page."""
        assert isinstance(error, Turned)
        return html(
            "error.html", error.visitor.chrome(""), error_view(error.rejection), int(STATUS[error.rejection.kind])
        )

    async def roleless(self, _request: Request, _error: Exception) -> Response:
        """Who has no role, or none any more, is told so."""
        text = "you are known here, but you hold no role with anything to do or to see"
        view = ErrorView(403, "Nothing to do here", text, "ROLE-NONE-01", "ask who administers your company's people")
        chrome = neutral_door(self._dispatcher.environment.clock.machine_now(), "/").chrome
        return html("error.html", chrome, view, view.status)

    # Lists

    def queue(
        self,
        request: Request,
        kind: Text = "",
        age: Text = "",
        sort: Text = "due",
        page: Page = 1,
        answered: Value = "",
    ) -> Response:
        """What waits for this person."""
        visitor = self.visitor(request)
        return html("queue.html", visitor.chrome("queue", answered), visitor.need(ShowQueue(kind, sort, page, age)))

    def queue_sheet(self, request: Request, form: str, kind: Text = "", age: Text = "", sort: Text = "due") -> Response:
        """The whole queue for a spreadsheet."""
        visitor = self.visitor(request)
        view = visitor.need(ShowQueue(kind, sort, age=age, whole=True))
        return sheet(visitor, form, "queue", spreadsheet.seen(spreadsheet.QUEUE, "queue", view.columns), view.items)

    def cases(
        self,
        request: Request,
        status: Value = "",
        outcome: Text = "",
        currency: Text = "",
        q: Text = "",
        after: Value = "",
        sort: Text = "",
    ) -> Response:
        """The cases that this person may see."""
        visitor = self.visitor(request)
        view = visitor.need(ShowCases(status, outcome, currency, q, after, sort))
        return html("cases.html", visitor.chrome("cases"), view)

    def cases_sheet(
        self,
        request: Request,
        form: str,
        status: Value = "",
        outcome: Text = "",
        currency: Text = "",
        q: Text = "",
        sort: Text = "",
    ) -> Response:
        """All cases under the filter for a spreadsheet, page after page."""
        visitor, command = self.visitor(request), ShowCases(status, outcome, currency, q, sort=sort)
        view = visitor.need(command)
        columns = spreadsheet.seen(spreadsheet.CASES, "cases", view.columns)
        return sheet(visitor, form, "cases", columns, _all_cases(visitor, command, view))

    def exceptions(
        self,
        request: Request,
        type: Text = "",  # noqa: A002 - a part of the address
        mine: bool = False,  # noqa: FBT001, FBT002 - a part of the address
        age: Text = "",
        sort: Text = "offered",
        page: Page = 1,
    ) -> Response:
        """The open exceptions."""
        visitor = self.visitor(request)
        view = visitor.need(ShowExceptions(type, mine, sort, page, age))
        return html("exceptions.html", visitor.chrome("exceptions"), view)

    def exceptions_sheet(
        self,
        request: Request,
        form: str,
        type: Text = "",  # noqa: A002 - a part of the address
        mine: bool = False,  # noqa: FBT001, FBT002 - a part of the address
        age: Text = "",
        sort: Text = "offered",
    ) -> Response:
        """All open exceptions for a spreadsheet."""
        visitor = self.visitor(request)
        view = visitor.need(ShowExceptions(type, mine, sort, age=age, whole=True))
        columns = spreadsheet.seen(spreadsheet.EXCEPTIONS, "exceptions", view.columns)
        return sheet(visitor, form, "exceptions", columns, view.items)

    def overview(self, request: Request) -> Response:
        """The figures."""
        visitor = self.visitor(request)
        return html("overview.html", visitor.chrome("overview"), visitor.need(ShowOverview()))

    def evidence(self, request: Request) -> Response:
        """The log."""
        visitor = self.visitor(request)
        return html("evidence.html", visitor.chrome("evidence"), visitor.need(ShowEvidence()))

    def verify(self, request: Request, form_token: Field = "") -> Response:
        """Verify the log now and show the answer."""
        visitor = self.acting(request, form_token)
        report = visitor.need(VerifyAudit())
        chrome = visitor.chrome("evidence")
        view = replace(visitor.need(ShowEvidence()), verification=verification_view(report, chrome.now))
        return html("evidence.html", chrome, view)

    # A case

    def case(
        self,
        request: Request,
        case_id: str,
        tab: Text = "match",
        document: Text = "",
        answered: Value = "",
        task: Value = "",
        asked: Asked = NOTHING_ASKED,
    ) -> Response:
        """One case."""
        visitor = self.visitor(request)
        chosen = CaseTab(tab) if tab in set(CaseTab) else CaseTab.MATCH
        shown_as = ShownAs(document) if document in set(ShownAs) else ShownAs.INVOICE
        command = ShowCase(case_id, chosen, shown_as, asked, task=task)
        view = visitor.need(command)
        if view.is_new and not is_ahead_of_time(request):
            visitor.ask(OpenTasks(case_id))  # no act: a record of having been shown
            view = visitor.need(command)
        is_seen = shown_as is not ShownAs.INVOICE or not view.document.number
        if view.original.digest and is_seen:  # a case about a record has no document
            view = replace(view, original=in_sight(view.original, visitor.need(GetOriginal(case_id))["content"]))
        return html("case.html", visitor.chrome("cases", answered), view)

    def data(self, request: Request, case_id: str, part: str) -> Response:
        """A part of a case as the HTTP interface gives it."""
        visitor = self.visitor(request)
        if part not in DATA:
            raise Turned(visitor, Rejection(RejectionKind.NOT_FOUND, "DATA-PART-01", f"a case has no `{part}`"))
        return json_response(visitor.need(DATA[part](case_id)))

    def original(self, request: Request, case_id: str, digest: Text = "") -> Response:
        """The document, byte for byte; one of several by its digest."""
        found = self.visitor(request).need(GetOriginal(case_id, digest))
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{found["digest"][:12]}"'}
        return Response(found["content"], 200, headers, media_type=found["media_type"])

    def original_page(self, request: Request, case_id: str, page: int) -> Response:
        """A page of a PDF as a picture; the content never changes, so a browser may keep it for the session."""
        found = self.visitor(request).need(GetOriginal(case_id))
        image = page_image(found["content"], page) if found["media_type"] == PDF else None
        if image is None:
            return Response("there is no such page to show", 404, HEADERS, media_type="text/plain")
        headers = {**HEADERS, "Cache-Control": "private, max-age=3600", "Comptroller-Pages": str(image.pages)}
        return Response(image.png, 200, headers, media_type="image/png")

    def act(
        self,
        request: Request,
        task_id: str,
        action: Told = "",
        content_hash: Told = "",
        reason: Told = "",
        seen: Seen = 0,
        form_token: Field = "",
        *,
        told: TellsOfCall,
    ) -> Response:
        """Answer a task, and open the next; an act that is refused leads back to the case, with what was typed."""
        visitor = self.acting(request, form_token)
        call = told.call_back(visitor.chrome("").time_zone) if told.called_at else None
        answer = visitor.ask(ActOnTask(task_id, action, content_hash, reason, call))
        if isinstance(answer, Rejection):
            return self._refused_act(visitor, answer, task_id, reason, seen)
        queue = visitor.ask(ShowQueue())
        items = () if isinstance(queue, Rejection) else queue.items
        place = f"/cases/{items[0].case_id}" if items else "/queue"
        return RedirectResponse(f"{place}?answered={quote(task_id)}", 303)

    @staticmethod
    def _refused_act(visitor: Visitor, rejection: Rejection, task_id: str, reason: str, seen: int) -> Response:
        case_id = task_id.partition("-")[0]
        if rejection.kind is RejectionKind.INVALID:
            command = ShowCase(case_id, reason=reason, problem=rejection.message, task=task_id)
        else:
            command = ShowCase(case_id, reason=reason, refused=rejection, seen=seen, task=task_id)
        view = visitor.ask(command)
        if isinstance(view, Rejection):
            raise Turned(visitor, rejection)
        return html("case.html", visitor.chrome("cases"), view, int(STATUS[rejection.kind]))


def _all_cases(visitor: Visitor, command: ShowCases, view: CasesView) -> Iterator[CaseItem]:
    yield from view.items
    while view.next_query:
        view = visitor.need(replace(command, after=parse_qs(view.next_query)["after"][0]))
        yield from view.items

"""The pages: each reads its address, runs use cases as the person signed in, and renders one view.

Nothing acts on GET. A form that acts is answered with the page that comes next, or with the same page and the reason
beside the field.
"""

from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.requests import Request

from comptroller.application.access import authenticate
from comptroller.application.act import ActOnTask
from comptroller.application.catalogue import VerifyAudit
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.dispatcher import Request as Command
from comptroller.application.presenting.case import ShowCase
from comptroller.application.presenting.figures import ShowEvidence, ShowOverview, verification_view
from comptroller.application.presenting.lists import ShowCases, ShowExceptions, ShowQueue
from comptroller.application.presenting.surroundings import DoorView, ShowChrome, show_door
from comptroller.application.queries import GetOriginal
from comptroller.application.views import CaseTab, Chrome, ErrorView, Notice, Standing
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.pages import CONTENT_SECURITY_POLICY, STATIC, page, tenant_style
from comptroller.entrypoints.web.session import COOKIE, LIFETIME, Sealer, WebSession

HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Text = Annotated[str, Query(max_length=200)]
Field = Annotated[str, Form(max_length=4000)]


class SignInNeeded(Exception):
    """Leaves a page that needs a person; the handler leads to the sign-in and back."""


class Turned(Exception):
    """Leaves a page with a refusal; the handler renders it in words."""

    def __init__(self, visitor: "Visitor", rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.visitor = visitor
        self.rejection = rejection


class Visitor:
    """The person behind one request."""

    def __init__(self, dispatcher: Dispatcher, session: WebSession, form_token: str) -> None:
        self._dispatcher = dispatcher
        self.session = session
        self.form_token = form_token

    def ask(self, command: object) -> Any:
        """Run a use case as this person; the answer, or the rejection."""
        return self._dispatcher.execute(self.session.tenant, Command(self.session.person, command))

    def need(self, command: object) -> Any:
        """Run a use case that must answer."""
        answer = self.ask(command)
        if isinstance(answer, Rejection):
            raise Turned(self, answer)
        return answer

    def chrome(self, current: str) -> Chrome:
        """What surrounds the page."""
        chrome = self.ask(ShowChrome(current))
        if isinstance(chrome, Rejection):
            raise SignInNeeded
        assert isinstance(chrome, Chrome)
        return replace(chrome, form_token=self.form_token)


def add_pages(app: FastAPI, dispatcher: Dispatcher, *, session_secret: str) -> None:
    """Put the pages beside the HTTP interface."""
    pages = Pages(dispatcher, Sealer(session_secret))
    app.mount("/static", StaticFiles(directory=STATIC, check_dir=False), name="static")
    for path, endpoint, methods in (
        ("/", pages.home, ["GET"]),
        ("/sign-in", pages.door, ["GET"]),
        ("/sign-in", pages.sign_in, ["POST"]),
        ("/sign-out", pages.sign_out, ["POST"]),
        ("/tenant.css", pages.style, ["GET"]),
        ("/queue", pages.queue, ["GET"]),
        ("/cases", pages.cases, ["GET"]),
        ("/cases/{case_id}", pages.case, ["GET"]),
        ("/cases/{case_id}/original", pages.original, ["GET"]),
        ("/exceptions", pages.exceptions, ["GET"]),
        ("/overview", pages.overview, ["GET"]),
        ("/evidence", pages.evidence, ["GET"]),
        ("/evidence/verify", pages.verify, ["POST"]),
        ("/tasks/{task_id}/actions", pages.act, ["POST"]),
    ):
        app.add_api_route(path, endpoint, methods=methods, include_in_schema=False)
    app.add_exception_handler(SignInNeeded, pages.to_door)
    app.add_exception_handler(Turned, pages.refused)


def html(template: str, chrome: Chrome, view: object, status: int = 200) -> HTMLResponse:
    """A page as a response."""
    return HTMLResponse(page(template, chrome, view), status, HEADERS)


class Pages:
    """The pages of one web process."""

    def __init__(self, dispatcher: Dispatcher, sealer: Sealer) -> None:
        self._dispatcher = dispatcher
        self._sealer = sealer

    # ---- the door --------------------------------------------------------------------------------------------------

    def visitor(self, request: Request) -> Visitor:
        """Who is signed in."""
        cookie = request.cookies.get(COOKIE, "")
        session = self._sealer.open(cookie, self._dispatcher.environment.clock.machine_now())
        if session is None:
            raise SignInNeeded
        return Visitor(self._dispatcher, session, self._sealer.form_token(cookie))

    def _acting(self, request: Request, form_token: str) -> Visitor:
        visitor = self.visitor(request)
        if not self._sealer.is_form_token(request.cookies.get(COOKIE, ""), form_token):
            text = "this form was not made for your session"
            raise Turned(visitor, Rejection(RejectionKind.FORBIDDEN, "FORM-TOKEN-01", text, help="open the page again"))
        return visitor

    def _door(self, onward: str) -> tuple[TenantId, DoorView]:
        environment = self._dispatcher.environment
        tenants = environment.store.tenants()
        if not tenants:
            raise SignInNeeded
        tenant = tenants[0]
        return tenant, environment.store.read(tenant, lambda uow: show_door(environment, uow, onward))

    def home(self, request: Request) -> Response:
        """Lead to the queue, or to the door."""
        self.visitor(request)
        return RedirectResponse("/queue", 303)

    def door(self, onward: Text = "/queue") -> Response:
        """The sign-in."""
        _, door = self._door(_local(onward))
        return html("sign-in.html", door.chrome, door.sign_in)

    def sign_in(self, person: Field = "", api_key: Field = "", onward: Field = "/queue") -> Response:
        """Sign in: by choice in a demonstration, by API key elsewhere."""
        tenant, door = self._door(_local(onward))
        if api_key:
            found = authenticate(self._dispatcher.environment, api_key)
            if isinstance(found, Rejection):
                return html("error.html", door.chrome, _error(found), 401)
            tenant, person = found
        elif not door.is_demonstration or person not in door.people:
            text = f"there is nobody called `{person}` to sign in as"
            return html(
                "error.html", door.chrome, _error(Rejection(RejectionKind.UNAUTHENTICATED, "SIGN-IN-01", text)), 401
            )
        now = self._dispatcher.environment.clock.machine_now()
        response = RedirectResponse(_local(onward), 303)
        seal = self._sealer.seal(tenant, person, now)
        response.set_cookie(COOKIE, seal, max_age=int(LIFETIME.total_seconds()), httponly=True, samesite="strict")
        return response

    def sign_out(self, request: Request, form_token: Field = "") -> Response:
        """Forget who is here."""
        self._acting(request, form_token)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE)
        return response

    def style(self) -> Response:
        """The tenant's colour as a style sheet."""
        _, door = self._door("/")
        return Response(tenant_style(door.colour), media_type="text/css", headers={"Cache-Control": "max-age=300"})

    async def to_door(self, request: Request, _error: Exception) -> Response:
        """Lead to the sign-in and back; without any tenant there is nowhere to lead to."""
        if not self._dispatcher.environment.store.tenants():
            return Response("no tenant yet: run `comptroller demo`", 503, media_type="text/plain")
        onward = request.url.path if request.method == "GET" else "/queue"
        return RedirectResponse(f"/sign-in?onward={quote(onward)}", 303)

    async def refused(self, _request: Request, error: Exception) -> Response:
        """A refusal as a page."""
        assert isinstance(error, Turned)
        return html("error.html", error.visitor.chrome(""), _error(error.rejection), int(STATUS[error.rejection.kind]))

    # ---- lists -----------------------------------------------------------------------------------------------------

    def queue(self, request: Request, done: Text = "", case: Text = "") -> Response:
        """What waits for this person."""
        visitor = self.visitor(request)
        chrome = visitor.chrome("queue")
        if done:
            chrome = replace(chrome, notice=Notice(f"Recorded: {done}", Standing.PASSED, case))
        return html("queue.html", chrome, visitor.need(ShowQueue()))

    def cases(
        self, request: Request, status: Text = "", outcome: Text = "", q: Text = "", after: Text = ""
    ) -> Response:
        """The cases that this person may see."""
        visitor = self.visitor(request)
        return html("cases.html", visitor.chrome("cases"), visitor.need(ShowCases(status, outcome, q, after)))

    def exceptions(self, request: Request, type: Text = "", mine: bool = False) -> Response:  # noqa: A002, FBT001, FBT002 - parts of the address
        """The open exceptions."""
        visitor = self.visitor(request)
        return html("exceptions.html", visitor.chrome("exceptions"), visitor.need(ShowExceptions(type, mine)))

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
        visitor = self._acting(request, form_token)
        report = visitor.need(VerifyAudit())
        chrome = visitor.chrome("evidence")
        view = replace(visitor.need(ShowEvidence()), verification=verification_view(report, chrome.now))
        return html("evidence.html", chrome, view)

    # ---- a case ----------------------------------------------------------------------------------------------------

    def case(self, request: Request, case_id: str, tab: Text = "match", document: Text = "") -> Response:
        """One case."""
        visitor = self.visitor(request)
        chosen = CaseTab(tab) if tab in set(CaseTab) else CaseTab.MATCH
        view = visitor.need(ShowCase(case_id, chosen, original=document == "original"))
        return html("case.html", visitor.chrome("cases"), view)

    def original(self, request: Request, case_id: str) -> Response:
        """The document, byte for byte."""
        found = self.visitor(request).need(GetOriginal(case_id))
        headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{found["digest"][:12]}"'}
        return Response(found["content"], 200, headers, media_type=found["media_type"])

    def act(
        self,
        request: Request,
        task_id: str,
        action: Field = "",
        content_hash: Field = "",
        reason: Field = "",
        form_token: Field = "",
    ) -> Response:
        """Answer a task; what was typed stays when the answer has a fault."""
        visitor = self._acting(request, form_token)
        answer = visitor.ask(ActOnTask(task_id, action, content_hash, reason))
        if not isinstance(answer, Rejection):
            case_id = answer["case_id"]
            said = action if answer.get("applied", True) else "not signed, because the controls have changed"
            return RedirectResponse(f"/queue?done={quote(said)}&case={quote(case_id)}", 303)
        if answer.kind is RejectionKind.INVALID:
            view = visitor.ask(ShowCase(task_id.partition("-")[0], reason=reason, problem=answer.message))
            if not isinstance(view, Rejection):
                return html("case.html", visitor.chrome("cases"), view, 422)
        raise Turned(visitor, answer)


def _local(path: str) -> str:
    """A path of this site; anything that leads elsewhere becomes the queue."""
    parts = urlsplit(path)
    is_local = not parts.scheme and not parts.netloc and path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local else "/queue"


_TITLES: Final = {
    RejectionKind.FORBIDDEN: "You may not do this",
    RejectionKind.NOT_FOUND: "Not here",
    RejectionKind.CONFLICT: "Something has changed",
    RejectionKind.UNAUTHENTICATED: "Not signed in",
    RejectionKind.UNAVAILABLE: "Not now",
}


def _error(rejection: Rejection) -> ErrorView:
    recorded = " The attempt is recorded." if rejection.breach else ""
    return ErrorView(
        int(STATUS[rejection.kind]),
        _TITLES.get(rejection.kind, "This did not work"),
        f"{rejection.message[:1].upper()}{rejection.message[1:]}.{recorded}",
        rejection.code,
        rejection.help,
        rejection.faults,
        rejection.subject,
    )

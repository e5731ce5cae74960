"""A person's own pages: where to go to, what to be told, how, and in which browsers; in a demonstration caught mails.

The service worker is served from the root, because it speaks for the pages below its own address.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Final, Protocol

from fastapi import FastAPI, Form
from fastapi.responses import FileResponse, RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.notices.own import SetNoticeWishes, ShowSettings
from comptroller.application.notices.subscriptions import SubscribePush, UnsubscribePush
from comptroller.application.ports.notices import PushTarget
from comptroller.application.presenting.going import FindPlaces
from comptroller.application.search.columns import ChooseColumns
from comptroller.application.search.saved import EndSearch, SaveSearch
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field, Told, Value
from comptroller.entrypoints.web.pages import HEADERS, STATIC, html
from comptroller.entrypoints.web.visitor import Door, Turned

WORKER: Final = STATIC / "push-worker.js"

Chosen = Annotated[list[str], Form(max_length=20, default_factory=list)]
"""The boxes of one name that were ticked."""


class CaughtMail(Protocol):
    """A mail as the demonstration's catcher keeps it."""

    @property
    def list_id(self) -> str: ...  # noqa: D102 - the header's value


class CaughtMails(Protocol):
    """The demonstration's mailbox."""

    def mails(self) -> tuple[CaughtMail, ...]:
        """The mails that are kept, the newest first."""
        ...


@dataclass(frozen=True, slots=True)
class MailsView:
    """The caught mails of a tenant."""

    mails: tuple[CaughtMail, ...]


def add_own_pages(app: FastAPI, door: Door, mailbox: CaughtMails | None) -> None:
    """Put the pages beside the others; the caught mails where there is a catcher."""
    pages = OwnPages(door, mailbox)
    app.add_api_route("/push-worker.js", push_worker, methods=["GET"], include_in_schema=False)
    routes: list[tuple[str, Callable[..., Response], list[str]]] = [
        ("/find", pages.find, ["GET"]),
        ("/settings", pages.settings, ["GET"]),
        ("/settings/notices", pages.set_wishes, ["POST"]),
        ("/settings/browsers", pages.subscribe, ["POST"]),
        ("/settings/browsers/{key}/end", pages.unsubscribe, ["POST"]),
    ]
    routes += [
        ("/cases/searches", pages.save_search, ["POST"]),
        ("/lists/{name}/columns", pages.choose_columns, ["POST"]),
        ("/cases/searches/{key}/end", pages.end_search, ["POST"]),
    ]
    if mailbox is not None:
        routes.append(("/mails", pages.mails, ["GET"]))
    for path, endpoint, methods in routes:
        app.add_api_route(path, endpoint, methods=methods, include_in_schema=False)


def push_worker() -> Response:
    """The script that shows push messages; the same for everybody."""
    headers = {**HEADERS, "Cache-Control": "no-cache"}
    return FileResponse(WORKER, headers=headers, media_type="text/javascript")


class OwnPages:
    """The pages about the person who is here."""

    def __init__(self, door: Door, mailbox: CaughtMails | None) -> None:
        self._door = door
        self._mailbox = mailbox

    def find(self, request: Request, q: Value = "") -> Response:
        """Where the person may go to by a few words; the palette takes its list from here."""
        visitor = self._door.visitor(request)
        return html("find.html", visitor.chrome("find"), visitor.need(FindPlaces(q)))

    def settings(self, request: Request) -> Response:
        """What the person may set."""
        visitor = self._door.visitor(request)
        return html("settings.html", visitor.chrome("settings"), visitor.need(ShowSettings()))

    def set_wishes(self, request: Request, mail: Chosen, push: Chosen, form_token: Field = "") -> Response:
        """Keep what the person wants to be told."""
        visitor = self._door.acting(request, form_token)
        visitor.need(SetNoticeWishes(tuple(mail), tuple(push)))
        return RedirectResponse("/settings", 303)

    def subscribe(
        self,
        request: Request,
        endpoint: Told = "",
        p256dh: Told = "",
        auth: Told = "",
        form_token: Field = "",
    ) -> Response:
        """Take this browser in."""
        visitor = self._door.acting(request, form_token)
        label = _browser(request.headers.get("user-agent", ""))
        answer = visitor.ask(SubscribePush(PushTarget(endpoint, p256dh, auth), label))
        if isinstance(answer, Rejection):
            view = replace(visitor.need(ShowSettings()), problem=answer.message)
            return html("settings.html", visitor.chrome("settings"), view, int(STATUS[answer.kind]))
        return RedirectResponse("/settings", 303)

    def unsubscribe(self, request: Request, key: str, form_token: Field = "") -> Response:
        """Let a browser go."""
        visitor = self._door.acting(request, form_token)
        visitor.need(UnsubscribePush(key))
        return RedirectResponse("/settings", 303)

    def choose_columns(
        self, request: Request, name: str, column: Chosen, address: Field = "", form_token: Field = ""
    ) -> Response:
        """Keep which columns of a list the person sees."""
        self._door.acting(request, form_token).need(ChooseColumns(name, tuple(column)))
        return RedirectResponse(f"/{name}{f'?{address}' if address else ''}", 303)

    def save_search(
        self, request: Request, name: Told = "", query: Told = "", role: Told = "", form_token: Field = ""
    ) -> Response:
        """Keep the list of cases as it is filtered."""
        visitor = self._door.acting(request, form_token)
        kept = visitor.need(SaveSearch(name, query, role))
        return RedirectResponse(f"/cases?{kept['query']}", 303)

    def end_search(self, request: Request, key: str, form_token: Field = "") -> Response:
        """Keep a search no longer."""
        visitor = self._door.acting(request, form_token)
        ended = visitor.need(EndSearch(key))
        return RedirectResponse(f"/cases?{ended['query']}", 303)

    def mails(self, request: Request) -> Response:
        """The caught mails to people of this tenant, in plain text."""
        visitor = self._door.visitor(request)
        assert self._mailbox is not None  # else there is no such page
        if not visitor.is_demonstration:
            raise Turned(visitor, Rejection(RejectionKind.NOT_FOUND, "MAILS-NONE-01", "no mails are caught here"))
        ours = f"<notices.{visitor.session.tenant}."
        found = tuple(mail for mail in self._mailbox.mails() if mail.list_id.startswith(ours))
        return html("mails.html", visitor.chrome("mails"), MailsView(found))


def _browser(agent: str) -> str:
    """A browser's name for people, as far as it says one."""
    system = next((name for name in ("Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux") if name in agent), "")
    names = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    name = next((title for sign, title in names if sign in agent), "A browser")
    return f"{name} on {system}" if system else name

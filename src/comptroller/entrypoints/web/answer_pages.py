"""Where a link in a mail leads: what is asked, and an answer that takes a second proof of who is there.

INVARIANT 5: nothing acts on GET. What reads mails ahead of people finds a page that asks to sign in, and uses nothing
up.
"""

from dataclasses import replace

from fastapi import FastAPI
from fastapi.responses import RedirectResponse, Response
from starlette.requests import Request

from comptroller.application.access import authenticate
from comptroller.application.acting.by_link import AnswerByLink, AnswerView, ShowAnswer
from comptroller.application.dispatcher import Dispatcher
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.entrypoints.http.problems import STATUS
from comptroller.entrypoints.web.addresses import Field, Told
from comptroller.entrypoints.web.pages import html
from comptroller.entrypoints.web.visitor import Door, Turned, Visitor


def add_answer_pages(app: FastAPI, door: Door, dispatcher: Dispatcher) -> None:
    """Put the page of links beside the others."""
    pages = AnswerPages(door, dispatcher)
    app.add_api_route("/answers/{link}", pages.show, methods=["GET"], include_in_schema=False)
    app.add_api_route("/answers/{link}", pages.answer, methods=["POST"], include_in_schema=False)


class AnswerPages:
    """The page of a link, and its answer."""

    def __init__(self, door: Door, dispatcher: Dispatcher) -> None:
        self._door = door
        self._dispatcher = dispatcher

    def show(self, request: Request, link: str) -> Response:
        """What the link is about; looking uses nothing up."""
        visitor = self._door.visitor(request)
        return _page(visitor, visitor.need(ShowAnswer(link)))

    def answer(
        self,
        request: Request,
        link: str,
        action: Told = "",
        reason: Told = "",
        again: Field = "",
        form_token: Field = "",
    ) -> Response:
        """Answer, once it is proved again who is there."""
        visitor = self._door.acting(request, form_token)
        view: AnswerView = visitor.need(ShowAnswer(link))
        if not self._is_there(visitor, again):
            problem = "this does not prove who you are: nothing was done, and the link is as good as before"
            return _page(visitor, replace(view, reason=reason, problem=problem), 401)
        answer = visitor.ask(AnswerByLink(link, action, reason))
        if isinstance(answer, Rejection) and answer.kind is RejectionKind.INVALID:
            return _page(visitor, replace(view, reason=reason, problem=answer.message), int(STATUS[answer.kind]))
        if isinstance(answer, Rejection):
            raise Turned(visitor, answer)
        return RedirectResponse(f"/cases/{view.case_id}", 303)

    def _is_there(self, visitor: Visitor, again: str) -> bool:
        """Whether who is signed in has signed in again: by API key, in a demonstration by name."""
        session = visitor.session
        if visitor.is_demonstration and again == session.person:
            return True
        return authenticate(self._dispatcher.environment, again) == (session.tenant, session.person)


def _page(visitor: Visitor, view: AnswerView, status: int = 200) -> Response:
    page = {"asked": view, "is_demonstration": visitor.is_demonstration, "me": visitor.session.person}
    return html("answer.html", visitor.chrome("queue"), page, status)

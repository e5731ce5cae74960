"""Who stands behind a request, and the ways of leaving a page without an answer."""

from dataclasses import replace
from typing import Any, Protocol

from starlette.requests import Request

from comptroller.application.dispatcher import Dispatcher
from comptroller.application.dispatcher import Request as Command
from comptroller.application.presenting.surroundings import ShowChrome
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.views import Chrome
from comptroller.domain.kernel.fault import Rejection
from comptroller.entrypoints.web.session import WebSession


class SignInNeeded(Exception):
    """Leaves a page that needs a person; the handler leads to the sign-in and back."""


class Roleless(Exception):
    """Leaves a page because its visitor may do nothing here: there is no page to surround."""


class Turned(Exception):
    """Leaves a page with a refusal; the handler renders it in words."""

    def __init__(self, visitor: "Visitor", rejection: Rejection) -> None:
        super().__init__(rejection.code)
        self.visitor = visitor
        self.rejection = rejection


class Visitor:
    """The person behind one request."""

    def __init__(
        self, dispatcher: Dispatcher, session: WebSession, form_token: str, *, has_mails: bool = False
    ) -> None:
        self._dispatcher = dispatcher
        self._has_mails = has_mails
        self.session = session
        self.form_token = form_token

    def ask(self, command: object) -> Any:
        """Run a use case as this person; the answer, or the rejection."""
        return self._dispatcher.execute(self.session.tenant, Command(self.session.person, command))

    def rehearse(self, command: object) -> Any:
        """The answer that a command would get now; nothing is done."""
        return self._dispatcher.rehearse(self.session.tenant, Command(self.session.person, command))

    def need(self, command: object) -> Any:
        """Run a use case that must answer."""
        answer = self.ask(command)
        if isinstance(answer, Rejection):
            raise Turned(self, answer)
        return answer

    def chrome(self, current: str, answered: str = "") -> Chrome:
        """What surrounds the page; after a task was answered, with what that did."""
        chrome = self.ask(ShowChrome(current, answered))
        if isinstance(chrome, Rejection):
            raise Roleless
        assert isinstance(chrome, Chrome)
        return replace(chrome, form_token=self.form_token, has_mails=self._has_mails and self.is_demonstration)

    @property
    def is_demonstration(self) -> bool:
        """Whether the person's tenant is a demonstration."""
        about = self._dispatcher.environment.store.read(self.session.tenant, tenant_record)
        return "clock_start" in about


class Door(Protocol):
    """What pages need of all pages: who is here, and whether a form was made for them."""

    def visitor(self, request: Request) -> Visitor:
        """Who is signed in."""
        ...

    def acting(self, request: Request, form_token: str) -> Visitor:
        """Who sent a form that was made for them."""
        ...

"""Who is calling: an API key in the `Authorization` header, never in the address."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated

from fastapi import Depends, Header
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from comptroller.application.access import authenticate
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.dispatcher import Request as Command
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.ids import TenantId
from comptroller.entrypoints.http.problems import Problem

_BEARER = HTTPBearer(auto_error=False, description="an API key `ck_<tenant>_<secret>`")


@dataclass(frozen=True, slots=True)
class Calling:
    """A request's principal, and the door to the use cases."""

    dispatcher: Dispatcher
    tenant: TenantId
    principal: str
    idempotency_key: str

    def run(self, command: object, *, rehearse: bool = False) -> object:
        """Run a use case; a refusal leaves as a problem."""
        request = Command(self.principal, command, "" if rehearse else self.idempotency_key)
        if rehearse:
            answer = self.dispatcher.rehearse(self.tenant, request)
        else:
            answer = self.dispatcher.execute(self.tenant, request)
        if isinstance(answer, Rejection):
            raise Problem(answer)
        return answer

    def attempt(self, command: object, place: int) -> object:
        """Run one of several use cases; the answer, or the refusal. Each has a key of its own, by its place."""
        request = Command(self.principal, command, key_at(place, self.idempotency_key))
        return self.dispatcher.execute(self.tenant, request)


def key_at(place: int, key: str) -> str:
    """The key of one of several commands; a key that leaves no room for the place is named by its hash."""
    if len(key) + len(f"/{place}") > limits.IDEMPOTENCY_KEY_CHARACTERS_MAX:
        key = sha256(key.encode()).hexdigest()
    return f"{key}/{place}" if key else ""


def calling(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    idempotency_key: Annotated[
        str,
        Header(
            max_length=limits.IDEMPOTENCY_KEY_CHARACTERS_MAX,
            pattern=r"^[\x20-\x7e]*$",
            description="a key of the client's choice; a repeat with the same key is answered, not done again",
        ),
    ] = "",
) -> Calling:
    """Authenticate a request."""
    dispatcher: Dispatcher = request.app.state.dispatcher
    found = authenticate(dispatcher.environment, credentials.credentials if credentials else "")
    if isinstance(found, Rejection):
        raise Problem(found)
    tenant, principal = found
    return Calling(dispatcher, tenant, principal, idempotency_key)


Caller = Annotated[Calling, Depends(calling)]

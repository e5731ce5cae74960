"""The browsers in which a person wants to be reached: reference records of the person, sealed like all of them."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from comptroller.application.notices.wishes import SUBSCRIPTION_KIND
from comptroller.application.ports.notices import PushTarget
from comptroller.application.ports.store import UnitOfWork
from comptroller.application.reference_kinds.checks import ReferenceKind
from comptroller.application.reference_store import store_version
from comptroller.application.session import Refused, Session
from comptroller.domain.identity import PrincipalKind
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind

KIND: Final = ReferenceKind(
    SUBSCRIPTION_KIND,
    lambda _key, _body: (),
    frozenset(),
    lambda _key, body: (f"push-of/{body['person']}",),
)
"""Written by the use cases here only: nobody subscribes for somebody else."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One browser of one person."""

    key: str
    person: str
    target: PushTarget
    label: str


@dataclass(frozen=True, slots=True)
class SubscribePush:
    """The caller wants to be told things in this browser."""

    target: PushTarget
    label: str = ""


@dataclass(frozen=True, slots=True)
class UnsubscribePush:
    """The caller wants to be told nothing in this browser any more."""

    key: str


def subscribe_push(session: Session, command: SubscribePush) -> dict[str, Any] | Refused:
    """Take a browser in, where its push service is one that is allowed here."""
    push = session.environment.notices.push
    if push is None:
        return _refused(RejectionKind.UNAVAILABLE, "01", "push is not set up here", "ask the operator")
    if session.caller.principal.kind is not PrincipalKind.PERSON:
        return _refused(RejectionKind.FORBIDDEN, "02", "only people are told things in a browser", "")
    problem = push.problem_of(command.target)
    if problem:
        return _refused(RejectionKind.INVALID, "03", problem, "subscribe from the page, in a browser that is known")
    key = sha256(f"{session.caller.id} {command.target.endpoint}".encode()).hexdigest()[:32]
    session.uow.serialize([f"push-of/{session.caller.id}"])
    held = subscriptions_of(session.uow, session.caller.id)
    if len(held) >= limits.PUSH_SUBSCRIPTIONS_MAX and key not in {one.key for one in held}:
        text = f"you are reached in {len(held)} browsers already"
        return _refused(RejectionKind.CONFLICT, "04", text, "end one of them first")
    body = {
        "person": session.caller.id,
        "endpoint": command.target.endpoint,
        "public_key": command.target.public_key,
        "secret": command.target.secret,
        "label": command.label[:100],
        "active": True,
    }
    store_version(session, KIND, key, body)
    return {"key": key}


def unsubscribe_push(session: Session, command: UnsubscribePush) -> dict[str, Any] | Refused:
    """Let a browser go."""
    held = {one.key: one for one in subscriptions_of(session.uow, session.caller.id)}
    if command.key not in held:
        return _refused(RejectionKind.NOT_FOUND, "05", "there is no such browser of yours", "")
    end_subscription(session, held[command.key])
    return {"key": command.key}


def end_subscription(session: Session, subscription: Subscription) -> None:
    """Keep nothing of a subscription but whose it was."""
    store_version(session, KIND, subscription.key, {"person": subscription.person, "active": False})


def subscriptions_of(uow: UnitOfWork, person: str) -> tuple[Subscription, ...]:
    """The browsers in which a person is reached."""
    alias = f"push-of/{person}"
    found = []
    for row in uow.references([alias])[alias]:
        body: Any = decode(row.body)
        if body["active"]:
            target = PushTarget(body["endpoint"], body["public_key"], body["secret"])
            found.append(Subscription(row.key, person, target, body.get("label", "")))
    return tuple(sorted(found, key=lambda one: one.key))


def _refused(kind: RejectionKind, number: str, text: str, what: str) -> Refused:
    return Refused(Rejection(kind, f"PUSH-SUBSCRIPTION-{number}", text, help=what))

"""What a change means for the signatures that were given on what stood there before: asked of policy, field by field.

What a person was shown is kept with the signature, sealed and where it can be erased; a signature whose fields cannot
be read any more falls.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from comptroller.application.casework.dossier import SignatureGiven
from comptroller.domain.controls.content import changes, shown_fields
from comptroller.domain.feel import Value
from comptroller.domain.kernel.canonical_json import decode, encode

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

SECRET: Final = frozenset({"account"})
"""Fields of which policy is only told that they changed: decisions are recorded with their inputs."""

DECISION: Final = "material change"
ALL: Final = "*"


def keep_shown(run: "CaseRun", route: Any) -> str:
    """Keep the fields that a signer was shown; answers the commitment that stands for them."""
    session = run.session
    text = encode(shown_fields(run.invoice, run.context, str(route.get("text") or ""))).decode()
    return session.evidence.withhold(text, salt=session.environment.chance.salt())


def sort_signatures(run: "CaseRun", route: Any) -> list[tuple[SignatureGiven, str]]:
    """Take every signature that was given on other fields before policy.

    Answers those that fall, each with the reason. What policy lets stand is bound to the fields of now.
    """
    fallen: list[tuple[SignatureGiven, str]] = []
    now = run.dossier.content_hash
    for place, signature in enumerate(run.dossier.signatures):
        if signature.content_hash == now:
            continue
        outcome = _asked(run, signature, route)
        steps = outcome.get("steps")
        if not isinstance(steps, list) or ALL in steps or signature.step in steps:
            fallen.append((signature, f"the signed fields have changed: {outcome.get('text') or 'nobody can say how'}"))
            continue
        run.dossier.signatures[place] = replace(signature, content_hash=now)
        told = {"step": signature.step, "person": signature.person, "reason": str(outcome.get("text") or "")}
        run.tell("signature.kept", {**told, "fields": outcome.get("fields"), "content_hash": now})
    return fallen


def _asked(run: "CaseRun", signature: SignatureGiven, route: Any) -> dict[str, Any]:
    run.facts["changes"] = _changes(run, signature, route)
    outcome = run.keep_outcome(DECISION, run.decide(DECISION))
    return outcome if isinstance(outcome, dict) else {}


def _changes(run: "CaseRun", signature: SignatureGiven, route: Any) -> list[Value] | None:
    texts = run.session.uow.private_texts([signature.shown]) if signature.shown else {}
    if signature.shown not in texts:
        return None
    shown: Any = decode(texts[signature.shown])
    now = shown_fields(run.invoice, run.context, str(route.get("text") or ""))
    return [
        {"field": change.field, "old": _told(change.field, change.old), "new": _told(change.field, change.new)}
        for change in changes(shown, now)
    ]


def _told(field: str, value: Any) -> str:
    return "not told" if field in SECRET else encode(value).decode()

"""Sending a case back to an earlier step of its approval: who signed there is asked again.

The signatures of that step fall, and those of every step behind it, which rested on them; a step that was asked beside
it keeps its own. Each that falls is told. Sent back to the clerk, a case is corrected instead: then policy says which
signatures the correction touches (decision 36).
"""

from collections.abc import Mapping
from typing import Any

from comptroller.application.casework.dossier import Dossier, SignatureGiven
from comptroller.application.casework.routing import void_signature
from comptroller.application.casework.run import CaseRun
from comptroller.domain.kernel.fault import Rejection, RejectionKind


def steps_back(route: Mapping[str, Any], dossier: Dossier) -> list[dict[str, Any]]:
    """The steps of a route that somebody has signed, in its order."""
    signed = {given.step for given in dossier.signatures}
    return [step for step in route.get("steps") or () if step.get("step") in signed]


def refuse_step(route: Mapping[str, Any], dossier: Dossier, to: str) -> Rejection | None:
    """Why a case cannot be sent back to a step: nobody has signed it."""
    known = [str(step["step"]) for step in steps_back(route, dossier)]
    if to in known:
        return None
    steps = ", ".join(f"`{each}`" for each in known)
    return Rejection(
        RejectionKind.INVALID,
        "TASK-SEND-01",
        f"nobody has signed a step `{to}` of this case",
        help=f"send back to {steps}, or without `to` to who corrects the document" if steps else "leave `to` out",
    )


def falls_with(route: Mapping[str, Any], dossier: Dossier, to: str) -> list[SignatureGiven]:
    """The signatures that fall when a step is asked again."""
    steps = list(route.get("steps") or ())
    place = next((at for at, step in enumerate(steps) if step.get("step") == to), len(steps))
    stage = steps[place].get("stage") if place < len(steps) else ""
    fallen = {to} | {str(step["step"]) for step in steps[place:] if not stage or step.get("stage") != stage}
    return [given for given in dossier.signatures if given.step in fallen]


def let_fall(run: CaseRun, route: Mapping[str, Any], to: str) -> list[SignatureGiven]:
    """Let the signatures fall, and tell each; answers them."""
    fallen = falls_with(route, run.dossier, to)
    for given in fallen:
        void_signature(run, given, f"{run.session.caller.id} sent the case back to this step or one before it")
    return fallen

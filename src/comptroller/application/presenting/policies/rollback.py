"""The form that asks for the version that was in force before the one that is now."""

from dataclasses import dataclass

from comptroller.application.caller import PACK
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.application.views.forms import FieldGroup, FieldKind, FieldView, FormView, LinkView
from comptroller.domain.identity import Duty
from comptroller.domain.packs.timeline import InForce


@dataclass(frozen=True, slots=True)
class ShowRollback:
    """What a rollback would lead to, and the reason that it asks for."""

    entity: str = ""  # whose; empty: the group's


def show_rollback(session: Session, command: ShowRollback) -> FormView:
    """The form, off where nothing was in force before or who looks may not ask for it."""
    timeline = timeline_of(session.uow, PACK)
    entity, name = command.entity, Names(session).entity(command.entity) if command.entity else ""
    now, before = timeline.in_force(entity), timeline.before(entity)
    if not entity and timeline.trials:
        now, before = timeline.trials[0], now  # it ends, and nothing else
    refusal = "" if before is not None else "nothing was in force before this version"
    if not session.caller.sees(entity):
        now, before, refusal = None, None, "who works for it asks for a rollback"
    if not session.caller.duties & {Duty.POLICY_PROPOSE, Duty.POLICY_RELEASE}:
        refusal = "who proposes or releases policy asks for a rollback"
    versions = (("In force", now), ("Goes back to", before))
    return FormView(
        title=f"{name}: go back to the version before" if name else "Go back to the version before",
        action="/releases/rollback",
        button="Ask for it",
        hidden=(("entity", entity),) if entity else (),
        groups=(FieldGroup("", (FieldView("reason", "Reason", FieldKind.WORDS),)),),
        back=LinkView("Back to the releases", "/releases"),
        lead="One signature of somebody else puts it in force at once, whatever its checks say. "
        "Running cases keep the version that they began with.",
        facts=tuple((title, _told(entry)) for title, entry in versions if entry is not None),
        refusal=refusal,
        place="policies",
    )


def _told(entry: InForce) -> str:
    return f"{entry.title or 'Founded'}, version {entry.version[:12]}"

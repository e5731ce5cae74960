"""Entities that decide otherwise than their group: the list of them, and one with what it says otherwise."""

from dataclasses import dataclass

from comptroller.application.caller import PACK
from comptroller.application.presenting.policies.changes import changed_tables, text_changes
from comptroller.application.presenting.policies.drafts import may_author
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.queries import override_of
from comptroller.application.releasing.release import today
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Refused, Session
from comptroller.application.views.forms import FieldGroup, FieldKind, FieldView, FormView, LinkView
from comptroller.application.views.policies import OverrideLine, OverrideView
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.timeline import InForce


@dataclass(frozen=True, slots=True)
class ShowOverrides:
    """The entities that decide otherwise than the group."""


@dataclass(frozen=True, slots=True)
class ShowOverride:
    """What one entity says otherwise than the group."""

    entity: str


@dataclass(frozen=True, slots=True)
class ShowFollowing:
    """The form that asks that an entity decides as the group does again."""

    entity: str


def overrides_shown(session: Session) -> tuple[OverrideLine, ...]:
    """The entities with a version of their own that the caller works for."""
    return tuple(_line(session, entry) for entry in _overriding(session))


def show_overrides(session: Session, _command: ShowOverrides) -> tuple[OverrideLine, ...]:
    """Each that the caller works for."""
    return overrides_shown(session)


def show_override(session: Session, command: ShowOverride) -> OverrideView | Refused:
    """The entity's version against the group's, as a draft is shown against the version that it began with."""
    entry = next((each for each in _overriding(session) if each.entity == command.entity), None)
    if entry is None:
        return Refused(_none(command.entity))
    packs, uow = session.environment.packs, session.uow
    group, own = (packs.version(uow, each) for each in (entry.base, entry.version))
    paths = [path for path in sorted({**group.files, **own.files}) if group.files.get(path) != own.files.get(path)]
    return OverrideView(
        line=_line(session, entry),
        version=entry.version,
        base=entry.base,
        tables=tuple(changed_tables(group, own, [path for path in paths if path in own.definitions])),
        texts=tuple(text_changes(group, own, paths)),
        may_author=may_author(session),
        may_propose=Duty.POLICY_PROPOSE in session.caller.duties,
    )


def show_following(session: Session, command: ShowFollowing) -> FormView | Refused:
    """The form, off for who proposes no policy."""
    entry = next((each for each in _overriding(session) if each.entity == command.entity), None)
    if entry is None:
        return Refused(_none(command.entity))
    line = _line(session, entry)
    may = Duty.POLICY_PROPOSE in session.caller.duties
    return FormView(
        title=f"{line.name} decides as the group does again",
        action=f"/overrides/{line.entity}/follow",
        button="Ask for it",
        groups=(
            FieldGroup(
                "",
                (
                    FieldView("title", "Why", FieldKind.WORDS),
                    FieldView("valid_from", "From (empty: once it is signed)", FieldKind.DAY, required=False),
                ),
            ),
        ),
        back=LinkView("Back to what it decides otherwise", f"/overrides/{line.entity}"),
        lead="Others sign it. Running cases keep the version that they began with.",
        facts=(("Overrides until now", ", ".join(line.overrides)),),
        refusal="" if may else "who proposes policy asks for this",
        place="policies",
    )


def _overriding(session: Session) -> list[InForce]:
    found = timeline_of(session.uow, PACK).overriding(today(session))
    return [each for each in found if each.version and session.caller.sees(each.entity)]


def _line(session: Session, entry: InForce) -> OverrideLine:
    said = override_of(session, entry)
    name = Names(session).entity(entry.entity)
    return OverrideLine(entry.entity, name, entry.recorded_at, tuple(said["overrides"]), entry.case_id)


def _none(entity: str) -> Rejection:
    text = f"`{entity[:80]}` decides as the group does"
    return Rejection(RejectionKind.NOT_FOUND, "POLICY-OVERRIDE-01", text, help="open the list of releases")

"""For whom a version is to count: the group or one entity, every case or a share of those that begin.

Only who works for an entity has a say in what it decides by, and only who works for all of them in what the group does.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from comptroller.application.caller import PACK
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.fault import Rejection, RejectionKind
from comptroller.domain.packs.overriding import Side
from comptroller.domain.packs.timeline import WHOLE, Timeline

Answers = Mapping[str, Mapping[str, Side]]
"""Whose part counts where both wrote it anew: by entity, and by the name of a part."""


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a version is to count, and what becomes of what entities override.

    `keep` and `take` say whose part counts where both wrote it anew, as `FR:price tolerance`, or `FR` for all of it.
    """

    entity: str = ""  # whose version it is to be; empty: the group's
    keep: tuple[str, ...] = ()  # the entity's counts
    take: tuple[str, ...] = ()  # the group's counts
    begin: tuple[str, ...] = ()  # entities with which it is to begin; empty: with all
    share: int = WHOLE  # of the cases that begin, in percent

    @property
    def is_trial(self) -> bool:
        """Whether it is to count for some cases only, until another request makes it everybody's."""
        return bool(self.begin) or self.share != WHOLE

    @property
    def answers(self) -> Answers:
        """Whose part counts."""
        answers: dict[str, dict[str, Side]] = {}
        for side, said in ((Side.KEEP, self.keep), (Side.TAKE, self.take)):
            for text in said:
                entity, _, name = text.partition(":")
                answers.setdefault(entity.strip(), {})[name.strip()] = side
        return answers


EVERYBODY: Final = Scope()


def not_for(session: Session, entity: str) -> Rejection | None:
    """Why the caller has nothing to do with what an entity decides by; the group's policy is for all to try."""
    alias = f"entity/{entity}"
    if not entity or (session.caller.sees(entity) and session.uow.references([alias])[alias]):
        return None
    text = f"there is no entity `{entity[:80]}` for which you work"
    return Rejection(RejectionKind.FORBIDDEN, "POLICY-ENTITY-01", text, help="name one of yours")


def no_say(session: Session, entity: str) -> Rejection | None:
    """Why the caller proposes nothing for an entity, or for the group: it is for who works for all its entities."""
    if entity or session.caller.sees(entity):
        return not_for(session, entity)
    text = "the group's policy is changed by who works for all its entities"
    return Rejection(RejectionKind.FORBIDDEN, "POLICY-ENTITY-02", text, help="name the entity whose policy it is")


def out_of_bounds(session: Session, scope: Scope, version: str, valid_from: date, today: date) -> Rejection | None:
    """Why a version cannot be proposed for whom it is meant, whatever it says."""
    timeline = timeline_of(session.uow, PACK)
    group, entities = timeline.in_force(), {each.entity for each in timeline.overriding(today)}
    if scope.entity and group is not None and valid_from < group.valid_from:
        text = f"it builds on the group's version, which counts from {group.valid_from.isoformat()} on"
        return Rejection(RejectionKind.INVALID, "POLICY-DAY-03", text, help="give that day or a later one")
    if scope.entity and len(entities | {scope.entity}) > limits.ENTITIES_OVERRIDING_MAX:
        text = f"{limits.ENTITIES_OVERRIDING_MAX} entities have a version of their own already"
        return Rejection(RejectionKind.CONFLICT, "POLICY-ENTITY-03", text, help="let one of them follow the group")
    unknown = sorted(scope.answers.keys() - entities)
    if unknown:
        text = f"`{unknown[0][:80]}` has no version of its own that could be kept or taken"
        return Rejection(RejectionKind.INVALID, "POLICY-ANSWER-01", text, help="write it as `FR:price tolerance`")
    return _no_trial_of(session, scope, version, valid_from, today) if scope.is_trial else None


def _no_trial_of(session: Session, scope: Scope, version: str, valid_from: date, today: date) -> Rejection | None:
    refused = next((found for each in scope.begin if (found := not_for(session, each)) is not None), None)
    if refused is not None:
        return refused
    if not 1 <= scope.share <= WHOLE:
        text = f"a share has between 1 and {WHOLE} percent of the cases"
        return Rejection(RejectionKind.INVALID, "POLICY-TRIAL-01", text, help="give `share` in percent")
    if scope.entity or valid_from < today or len(scope.begin) > limits.ENTITIES_OVERRIDING_MAX:
        text = "an entity's own version, and what counts from a day in the past, begin with every case"
        return Rejection(RejectionKind.INVALID, "POLICY-TRIAL-02", text, help="leave the share and the entities out")
    running = candidate_on_trial(session, timeline_of(session.uow, PACK))
    if running not in {"", version}:
        text, what = f"version {running[:12]} is on trial", "release it to everybody, or end it first"
        return Rejection(RejectionKind.CONFLICT, "POLICY-TRIAL-03", text, help=what)
    return None


def candidate_on_trial(session: Session, timeline: Timeline) -> str:
    """The version that is on trial, as it was proposed; empty where none is."""
    row = session.uow.case(timeline.trials[0].case_id) if timeline.trials else None
    if row is None:
        return ""
    state: Any = decode(row.state)
    return str(state["dossier"]["proposal"]["version"])

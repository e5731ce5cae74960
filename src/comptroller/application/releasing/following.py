"""The judgements of cases in the order of time, for whoever follows behind them.

A judgement is the milestone `controls decided`: every decision of one is taken at its instant. Who follows goes from
watermark to watermark, and stays so far behind that no transaction can commit a judgement behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from comptroller.application.ports.store import UnitOfWork
from comptroller.application.records import MilestoneRow
from comptroller.application.session import Session
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import parse_instant
from comptroller.domain.packs.timeline import GROUP, InForce, Timeline, Way

JUDGED: Final = "controls decided"

PAGE: Final = 20
"""Judgements that are dealt with in one step: a second's work."""

_NEXT: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Judged:
    """Some judgements, and the watermark: the instant before which all are told."""

    judgements: Sequence[MilestoneRow]
    watermark: datetime


def settled(session: Session) -> datetime:
    """The instant before which every judgement is committed."""
    return session.now - timedelta(seconds=limits.FOLLOWING_BEHIND_S)


def judged_between(uow: UnitOfWork, since: datetime, until: datetime) -> Judged:
    """The first judgements from a watermark on; those of one instant are never torn apart."""
    if since >= until:
        return Judged((), since)
    found = uow.milestones_between(JUDGED, since, until, PAGE)
    if len(found) < PAGE:
        return Judged(found, until)
    last = found[-1].at
    if found[0].at < last:
        return Judged([each for each in found if each.at < last], last)
    return Judged(uow.milestones_between(JUDGED, last, last + _NEXT), last + _NEXT)


def taken_over(timeline: Timeline, entity: str, version: str, since: datetime) -> InForce | None:
    """The entry that took the place of a version which was in force for an entity, or the group, at an instant."""
    later = (each for each in timeline.entries if each.entity in {GROUP, entity} and each.recorded_at > since)
    return next((each for each in later if each.version != version and each.way is not Way.TRIAL), None)


def judgements_of(uow: UnitOfWork, case_id: str) -> Sequence[MilestoneRow]:
    """The judgements of one case, the oldest first."""
    return [each for each in uow.milestones(case_id) if each.kind == JUDGED]


def instant_of(text: str) -> datetime:
    """An instant that a job was begun with, or has come to."""
    value = parse_instant(text)
    assert value is not None  # the platform wrote it
    return value

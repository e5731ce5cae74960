"""Drafts as their authors and readers see them: the list, and one with what it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from comptroller.application.caller import PACK
from comptroller.application.jobs.job import BACKTEST, SEEN_BY
from comptroller.application.packs import Study
from comptroller.application.presenting.policies.changes import changed_tables, text_changes
from comptroller.application.presenting.policies.elements import inventory, key_of
from comptroller.application.presenting.policies.finding import counted
from comptroller.application.presenting.policies.process_changes import addresses_of, process_changes
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.checks import assessed
from comptroller.application.releasing.drafts import OPEN, Draft, open_drafts
from comptroller.application.releasing.overrides import bearing_of
from comptroller.application.releasing.release import today
from comptroller.application.releasing.timeline import policy_standing, timeline_of
from comptroller.application.session import Refused, Session
from comptroller.application.studio.sources import base_of, new_faults, source_of
from comptroller.application.views.policies import DraftLink, DraftView, Found
from comptroller.domain.identity import Duty


@dataclass(frozen=True, slots=True)
class ShowDraft:
    """One draft: what it changes, and how its examples come out."""

    key: str
    check: bool = False  # as its request would be


def show_draft(session: Session, command: ShowDraft) -> DraftView | Refused:
    """The draft against the version that it began with."""
    source = source_of(session, command.key)
    if isinstance(source, Refused):
        return source
    draft, after = source.draft, source.study
    assert draft is not None  # it was asked for by its key
    before, paths = base_of(session, draft), sorted(draft.files)
    models = [path for path in paths if path in after.definitions]
    files = [after.file(path) for path in models]
    shown_in = {(each.decision, each.title): path for path, of in after.situations.items() for each in of}
    wrong = [each for file in files for each in file.coverage.wrong]
    processes = tuple(process_changes(session, before.files, after.files, addresses_of(draft.key)))
    drawn = {each.path for each in processes}
    others = any(not path.endswith((".dmn", ".yaml")) for path in paths)  # told apart from what is looked through
    faults = after.faults + tuple(fault for file in files for fault in file.model.faults)
    stops, proved = _checked(session, draft, before, after) if command.check and paths else (None, 0)
    return DraftView(
        link=draft_link(session, draft),
        base=draft.base,
        is_current=draft.base == policy_standing(session, draft.entity).hash,
        case_id=draft.case_id,
        may_propose=draft.state == OPEN and Duty.POLICY_PROPOSE in session.caller.duties,
        may_answer=not draft.entity and bool(timeline_of(session.uow, PACK).overriding(today(session))),
        may_backtest=bool(SEEN_BY[BACKTEST] & session.caller.duties),
        tables=tuple(changed_tables(before, after, models)),
        processes=processes,
        texts=tuple(text_changes(before, after, [path for path in paths if path not in drawn])),
        faults=tuple(dict.fromkeys([*faults, *(new_faults(session, before, after) if others else ())])),
        wrong=tuple((each.title, each.told, shown_in[each.decision, each.title]) for each in wrong),
        examples=sum(file.coverage.situations for file in files),
        stops=stops,
        proved=proved,
        found=_found(after, models),
        found_before=_found(before, models),
        decisions=tuple((key_of(each.name), each.name) for file in files for each in inventory(file.definitions)),
    )


def _checked(session: Session, draft: Draft, before: Study, after: Study) -> tuple[tuple[str, ...], int]:
    """What would send the request back, as the check of the request finds it, and how many invariants were proved."""
    found = assessed(session, before.files, after.files)
    bearing = bearing_of(session, after.files, draft.entity, today(session))
    return (*bearing.stops, *found.stops), sum(each.holds for each in found.invariants)


def draft_link(session: Session, draft: Draft) -> DraftLink:
    """A draft as it stands above each of its pages."""
    return DraftLink(
        key=draft.key,
        title=draft.title,
        version=draft.version,
        state=draft.state,
        author=Names(session).person(draft.author) or draft.author,
        may_write=draft.state == OPEN and draft.author == session.caller.id and may_author(session),
        changes=tuple(PurePosixPath(path).name for path in sorted(draft.files)),
        entity=Names(session).entity(draft.entity) if draft.entity else "",
        saved_at=draft.saved_at,
    )


def drafts_shown(session: Session) -> tuple[DraftLink, ...]:
    """The drafts that are being written, one's own first."""
    links = [draft_link(session, draft) for draft in open_drafts(session)]
    return tuple(sorted(links, key=lambda link: not link.may_write))


def may_author(session: Session) -> bool:
    """Whether the caller writes policy."""
    return Duty.POLICY_AUTHOR in session.caller.duties


def _found(study: Study, paths: Sequence[str]) -> Found:
    return counted(finding for path in paths if path in study.definitions for finding in study.file(path).findings)

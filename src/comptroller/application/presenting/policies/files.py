"""The files of a draft: what is no table is written as the text that it is, or brought back from another program."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from comptroller.application.packs import Study
from comptroller.application.presenting.policies.changes import line_changes
from comptroller.application.presenting.policies.drafts import draft_link
from comptroller.application.presenting.policies.process_changes import addresses_of, process_changes
from comptroller.application.releasing.drafts import Draft
from comptroller.application.session import Refused, Session
from comptroller.application.studio.files import unknown_file
from comptroller.application.studio.sources import base_of, new_faults, source_of
from comptroller.application.views.drafts import DraftFile, DraftFilesView, DraftFileView
from comptroller.domain.packs.coverage import Wrong

PARTS: Final = {
    "decisions": "Decisions",
    "processes": "Processes",
    "examples": "Examples",
    "": "About the pack",
}
"""The folders of a pack, and what stands beside them."""

MODELS: Final = (".dmn", ".bpmn")
"""What is written by a modeller, or in the grid."""


@dataclass(frozen=True, slots=True)
class ShowDraftFiles:
    """The files of a draft."""

    draft: str


@dataclass(frozen=True, slots=True)
class ShowDraftFile:
    """One file of a draft."""

    draft: str
    path: str


def show_draft_files(session: Session, command: ShowDraftFiles) -> DraftFilesView | Refused:
    """Every file, by the part of the pack that it is."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    draft = _named(source.draft)
    by_part: dict[str, list[DraftFile]] = {title: [] for title in PARTS.values()}
    for path in sorted(source.study.files):
        name = PurePosixPath(path).name
        by_part.setdefault(part_of(path), []).append(DraftFile(path, name, path in draft.files))
    parts = tuple((title, tuple(files)) for title, files in by_part.items() if files)
    return DraftFilesView(draft_link(session, draft), parts)


def show_draft_file(session: Session, command: ShowDraftFile) -> DraftFileView | Refused:
    """The file with what it says otherwise than before, and what is wrong with it."""
    source = source_of(session, command.draft)
    if isinstance(source, Refused):
        return source
    draft, study, path = _named(source.draft), source.study, command.path
    if path not in study.files:
        return Refused(unknown_file(path))
    before = base_of(session, draft)
    drawn = process_changes(session, before.files, study.files, addresses_of(draft.key))
    shown = {(each.decision, each.title) for each in study.situations.get(path, ())}
    return DraftFileView(
        link=draft_link(session, draft),
        path=path,
        part=part_of(path),
        text=study.files[path].decode(),
        is_text=not path.endswith(MODELS),
        change=line_changes(path, before.files[path], study.files[path]) if path in draft.files else None,
        faults=tuple(new_faults(session, before, study)) if path in draft.files else (),
        wrong=tuple(
            (each.title, each.told)
            for each in _wrong(study, {decision for decision, _ in shown})
            if (each.decision, each.title) in shown
        ),
        examples=len(shown),
        processes=tuple(each for each in drawn if each.path == path),
    )


def part_of(path: str) -> str:
    """What a file is a part of, by its folder."""
    folder = path.partition("/")[0] if "/" in path else ""
    return PARTS.get(folder, folder.capitalize())


def _named(draft: Draft | None) -> Draft:
    assert draft is not None  # it was asked for by its key
    return draft


def _wrong(study: Study, decisions: set[str]) -> Iterator[Wrong]:
    """The examples of some decisions that come out otherwise."""
    holders = {path for path, element in study.elements if element.name in decisions}
    return (each for path in sorted(holders) for each in study.file(path).coverage.wrong)

"""Processes that a version of a pack says otherwise: two drawings, and every element that differs in words."""

from collections.abc import Iterator, Mapping

from comptroller.application.session import Session
from comptroller.application.views.processes import ElementChangeView, ElementMark, ProcessDifferenceView
from comptroller.domain.workflow import Process
from comptroller.domain.workflow.difference import Becomes, ElementChange, process_difference


def process_changes(
    session: Session, before: Mapping[str, bytes], after: Mapping[str, bytes], addresses: tuple[str, str]
) -> Iterator[ProcessDifferenceView]:
    """The processes that both versions have and that differ; to an address the path of the file is added."""
    differing = [path for path in after if path.endswith(".bpmn") and after[path] != before.get(path)]
    if not differing:
        return
    packs = session.environment.packs
    old, new = packs.source(before).processes, packs.source(after).processes
    for path in differing:
        if path in old and path in new:
            yield _view(path, old[path], new[path], addresses)


def _view(path: str, old: Process, new: Process, addresses: tuple[str, str]) -> ProcessDifferenceView:
    changes = process_difference(old, new)
    return ProcessDifferenceView(
        name=new.name or new.id,
        path=path,
        before=addresses[0] + path,
        after=addresses[1] + path,
        marks_before=tuple(_marks(changes, is_after=False)),
        marks_after=tuple(_marks(changes, is_after=True)),
        changes=tuple(ElementChangeView(each.becomes.value, each.title, each.told) for each in changes),
    )


def _marks(changes: tuple[ElementChange, ...], *, is_after: bool) -> Iterator[ElementMark]:
    for each in changes:
        node = each.after if is_after else each.before
        if node:
            yield ElementMark(node, each.becomes.value)
        flows, becomes = (each.flows_after, Becomes.ADDED) if is_after else (each.flows_before, Becomes.REMOVED)
        for flow in flows:
            yield ElementMark(flow, becomes.value, is_flow=True)


def addresses_of(draft: str) -> tuple[str, str]:
    """Where the files of a draft are, as they were and as they are."""
    return f"/drafts/{draft}/raw/before/", f"/drafts/{draft}/raw/after/"

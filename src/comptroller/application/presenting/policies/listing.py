"""The list of decisions: the inventory of a version, and what else its models decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from comptroller.application.caller import PACK
from comptroller.application.packs import FileStudy
from comptroller.application.presenting.policies.drafts import draft_link, drafts_shown, may_author
from comptroller.application.presenting.policies.elements import (
    findings_of,
    inventory,
    key_of,
    part_link,
    reached,
    table_of,
)
from comptroller.application.presenting.policies.finding import counted
from comptroller.application.presenting.policies.overrides import overrides_shown
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.drafts import open_drafts
from comptroller.application.releasing.queries import ListPolicyRequests, list_policy_requests
from comptroller.application.releasing.timeline import timeline_of
from comptroller.application.session import Refused, Session
from comptroller.application.studio.sources import Source, source_of
from comptroller.application.views.lists import FilterChip
from comptroller.application.views.policies import PendingChange, PoliciesView, PolicyItem
from comptroller.domain.decisions.definitions import Decision, DecisionPolicy, Element
from comptroller.domain.packs.timeline import BEGINNING, GROUP

DATE_BASES: Final = {
    "tax": "tax point",
    "match": "order date",
    "posting": "posting date",
    "now": "moment of decision",
}


@dataclass(frozen=True, slots=True)
class ShowPolicies:
    """The decisions of the version in force, or of a draft, that hold a text, under a filter."""

    query: str = ""
    chosen: str = ""
    draft: str = ""


def show_policies(session: Session, command: ShowPolicies) -> PoliciesView | Refused:
    """The inventory in its order, then what has no number."""
    source, policy = source_of(session, command.draft), session.policy
    if isinstance(source, Refused):
        return source
    study = source.study
    names, words = Names(session), command.query.casefold().split()
    pending = _Pending.of(session, names) if source.draft is None else _Pending({}, {})
    items = [
        item
        for path in study.definitions
        for item, text in _items(study.file(path), names, pending)
        if all(word in text for word in words)
    ]
    items.sort(key=lambda item: (_first_number(item.number), item.name))
    shown = [item for item in items if _passes(item, command.chosen)]
    return PoliciesView(
        home=home_of(source),
        draft=draft_link(session, source.draft) if source.draft is not None else None,
        drafts=drafts_shown(session) if source.draft is None else (),
        may_author=may_author(session),
        entities=tuple(entities_shown(session, names)) if source.draft is None else (),
        overrides=overrides_shown(session) if source.draft is None else (),
        items=tuple(shown),
        of=len(items),
        filters=tuple(_filters(items, command)),
        query=command.query,
        chosen=command.chosen,
        version=policy.hash,
        since=_since(session),
        name=f"{policy.pack.name} {policy.pack.version}",
    )


@dataclass(frozen=True, slots=True)
class _Pending:
    """What is not in force yet: drafts by the files that they write, requests by the decisions that they change."""

    drafts: Mapping[str, Sequence[PendingChange]]
    requests: Mapping[str, Sequence[PendingChange]]

    @classmethod
    def of(cls, session: Session, names: Names) -> "_Pending":
        drafts: dict[str, list[PendingChange]] = {}
        for draft in open_drafts(session):
            told = PendingChange(f"in a draft by {names.person(draft.author)}", f"/drafts/{draft.key}")
            for path in draft.files:
                drafts.setdefault(path, []).append(told)
        requests: dict[str, list[PendingChange]] = {}
        found: Any = list_policy_requests(session, ListPolicyRequests())
        for each in found["requests"]:
            if each["status"] == "waiting":
                told = PendingChange(f"asked for: {each['title']}", f"/cases/{each['case_id']}")
                for name in each.get("changes", {}).get("decisions", ()):
                    requests.setdefault(name, []).append(told)
        return cls(drafts, requests)

    def about(self, path: str, elements: Sequence[Element]) -> tuple[PendingChange, ...]:
        """What changes some elements of a file."""
        asked = [told for each in elements for told in self.requests.get(each.name, ())]
        return tuple(dict.fromkeys([*asked, *self.drafts.get(path, ())]))


def _since(session: Session) -> date | None:
    entry = timeline_of(session.uow, PACK).in_force()
    return None if entry is None or entry.valid_from == BEGINNING else entry.valid_from


def entities_shown(session: Session, names: Names) -> Iterator[tuple[str, str]]:
    """Whose policy the caller has to do with: keys and names, the group's under none."""
    if session.caller.sees(GROUP):
        yield GROUP, "the group"
    for row in session.uow.reference_list("entity"):
        if session.caller.sees(row.key):
            yield row.key, names.entity(row.key)


def home_of(source: Source) -> str:
    """Where the pages of a version or draft lie."""
    return f"/drafts/{source.draft.key}/policies" if source.draft is not None else "/policies"


def _items(file: FileStudy, names: Names, pending: _Pending) -> Iterator[tuple[PolicyItem, str]]:
    """The decisions of a model with what they are searched by; what none of them needs stands for itself."""
    tops: Sequence[Decision] = inventory(file.definitions)
    told: set[str] = set()
    for top in tops:
        of = [each for each in reached(file.definitions, top) if table_of(each) is not None]
        told.update(each.id for each in of)
        yield _item(file, top, of, names, pending), _text(top, of)
    for each in file.definitions.elements:
        if table_of(each) is not None and each.id not in told:
            yield _item(file, each, [each], names, pending), _text(each, [each])


def _item(file: FileStudy, top: Element, tables: Sequence[Element], names: Names, pending: _Pending) -> PolicyItem:
    policy = top.policy if isinstance(top, Decision) else DecisionPolicy()
    places = {f"{file.path}/{each.name}" for each in tables}
    reaching = {
        each.name
        for each in file.definitions.elements
        if any(top is under for under in reached(file.definitions, each))
    }
    rules = [rule for rule in file.coverage.rules if rule.table in places]
    return PolicyItem(
        key=key_of(top.name),
        name=top.name,
        number=policy.number,
        question=top.question if isinstance(top, Decision) else "",
        owner=names.role(policy.owner) if policy.owner else "",
        date_basis=DATE_BASES.get(policy.date_basis, policy.date_basis) if policy.number else "",
        rechecked=policy.recheck,
        risk=policy.risk,
        tables=tuple(part_link(file, each) for each in tables),
        rules=len(rules),
        rules_shown=sum(rule.shown for rule in rules),
        examples=sum(situation.decision in reaching for situation in file.situations),
        wrong=sum(wrong.decision in reaching for wrong in file.coverage.wrong),
        found=counted(finding for each in tables for finding in findings_of(file, each)),
        pending=pending.about(file.path, [top, *tables]),
    )


def _text(top: Element, tables: Sequence[Element]) -> str:
    """What a decision is searched by: its words and those of its rows."""
    about = [top.name]
    if isinstance(top, Decision):
        about += [top.question, top.description, top.policy.risk, top.policy.number]
    for each in tables:
        about.append(each.name)
        table = table_of(each)
        for rule in table.rules if table is not None else ():
            about += [rule.id, *rule.annotations, *(entry.text for entry in rule.outputs)]
    return " ".join(about).casefold()


def _passes(item: PolicyItem, chosen: str) -> bool:
    match chosen:
        case "errors":
            return item.found.errors > 0
        case "warnings":
            return item.found.warnings > 0
        case "uncovered":
            return item.rules_shown < item.rules or item.wrong > 0
        case "rechecked":
            return item.rechecked
        case "changing":
            return bool(item.pending)
        case "":
            return True
        case _:
            return item.owner == chosen


def _filters(items: Sequence[PolicyItem], command: ShowPolicies) -> Iterator[FilterChip]:
    owners = sorted({item.owner for item in items if item.owner})
    for title, chosen in (
        ("All", ""),
        ("Being changed", "changing"),
        ("With errors", "errors"),
        ("With warnings", "warnings"),
        ("Not shown by examples", "uncovered"),
        ("Checked again at effect", "rechecked"),
        *((owner, owner) for owner in owners),
    ):
        count = sum(_passes(item, chosen) for item in items)
        if count or chosen == command.chosen:
            query = urlencode({name: text for name, text in (("q", command.query), ("show", chosen)) if text})
            yield FilterChip(title, query, active=chosen == command.chosen, count=count)


def _first_number(number: str) -> int:
    """The first number of `15, 16` or `9-12`; what has none stands last."""
    digits = number[: len(number) - len(number.lstrip("0123456789"))]
    return int(digits) if digits else 10_000

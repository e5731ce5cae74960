"""What who signs a change of policy reads: what is decided otherwise, from when, on what evidence, what stopped it."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

from comptroller.application.caller import PACK
from comptroller.application.jobs.forecast import kept_forecast
from comptroller.application.jobs.job import BACKTEST, SEEN_BY, visible_job
from comptroller.application.jobs.shadow import shadows
from comptroller.application.presenting.policies.forecast import forecast_view
from comptroller.application.presenting.policies.process_changes import process_changes
from comptroller.application.presenting.policies.regions import gathered
from comptroller.application.presenting.policies.states import state_views
from comptroller.application.presenting.words import Names
from comptroller.application.records import CaseRow
from comptroller.application.releasing.backtested import backtests_of
from comptroller.application.releasing.release import BACKTESTS, FROZEN, KIND
from comptroller.application.releasing.sources import stored_files
from comptroller.application.releasing.states import states_of
from comptroller.application.releasing.timeline import policy_for, timeline_of
from comptroller.application.session import Refused, Session
from comptroller.application.views import ProposalView
from comptroller.application.views.processes import ProcessDifferenceView
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.packs.backtest import otherwise

__all__ = ["KIND", "policy_proposal"]

CHANGES_SHOWN: Final = 40
"""Regions, and as many other changes, told on the page; the evidence beside the case holds them all."""

WHY: Final = {FROZEN: "Frozen", "POLICY-UNDECIDED-01": "Not decided", "POLICY-REVIEW-01": "Review"}
"""What the reasons of a request are about, by their codes; policy's own say who signs."""

EVIDENCE: Final = {
    "changes": "What changes",
    "findings": "Findings in the tables that change",
    "examples": "Examples",
    "invariants": "Standing invariants that the change may touch",
    "forecast": "Forecast",
    "overrides": "What entities have by it",
    "correction": "What it would have decided otherwise since its day",
    "people": "Who would hold duties that belong apart",
    BACKTESTS: "Backtests",
}


def policy_proposal(session: Session, names: Names, row: CaseRow, dossier: dict[str, Any]) -> ProposalView:
    """A request of a version of policy."""
    proposal: dict[str, Any] = dossier["proposal"]
    kept: dict[str, str] = proposal.get("evidence", {})
    found = {each.digest: each.content for each in session.uow.attachments(row.case_id)}
    parts: dict[str, Any] = {name: decode(found[digest]) for name, digest in kept.items() if digest in found}
    changes: dict[str, Any] = parts["changes"]["changes"] if "changes" in parts else {}
    regions = gathered((each["decision"], each["where"], each["what"]) for each in changes.get("regions", ()))
    told = changes.get("notes", changes.get("difference", ()))  # of a request that was checked by an earlier release
    hidden = max(len(told) - CHANGES_SHOWN, 0) + max(len(regions) - CHANGES_SHOWN, 0)
    more = [f"{hidden} changes more: see the evidence"] if hidden else []
    way = "Rollback" if proposal["rollback"] else "Emergency change" if proposal["emergency"] else "Change"
    in_force = policy_for(session, proposal["entity"]).hash
    stops = dossier.get("reasons", ()) if row.status == "returned" else ()
    forecast = kept_forecast(session.uow, row.case_id)
    if forecast is not None:
        kept = {**kept, "forecast": forecast[0]}
    return ProposalView(
        f"{way} of policy",
        (*told[:CHANGES_SHOWN], *more),
        regions=regions[:CHANGES_SHOWN],
        processes=tuple(_processes(session, row, proposal)),
        facts=tuple(_facts(names, proposal, parts, () if stops else dossier.get("reasons", ()))),
        states=state_views(names, states_of(row, timeline_of(session.uow, PACK))),
        stops=tuple(str(reason["text"]) for reason in stops),
        evidence=tuple((EVIDENCE.get(name, name), digest) for name, digest in kept.items()),
        version=proposal["version"],
        heading=proposal["title"],
        entity=proposal["entity"],
        may_backtest=bool(SEEN_BY[BACKTEST] & session.caller.duties) and proposal["version"] != in_force,
        tries=(*_backtests(session, proposal, parts), *_shadows(session, proposal["version"])),
        forecast=forecast_view(session, row.case_id),
        unchanged="No decision is taken otherwise.",
    )


def _backtests(session: Session, proposal: dict[str, Any], parts: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Backtests of the version that are no part of what is signed, and whether they become one."""
    known = {each["job"] for each in parts.get(BACKTESTS, {}).get(BACKTESTS, ())}
    for each in backtests_of(session, proposal):
        if each["job"] not in known and not isinstance(visible_job(session, each["job"]), Refused):
            told = f"{otherwise(each)}; it ended after the check"
            yield f"/backtests/{each['job']}", "Over the cases on record", told


def _shadows(session: Session, version: str) -> Iterator[tuple[str, str, str]]:
    """The newest shadows of a version that the caller may see: each with what it has seen."""
    for job, _ in shadows(session):
        if job.wish["version"] == version and not isinstance(visible_job(session, job.job_id), Refused):
            text = otherwise(job.told or {"changed": 0, "cases": 0}, "live cases")
            yield f"/shadows/{job.job_id}", "Beside the version in force", text


def _of_entities(names: Names, proposal: dict[str, Any], parts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Whose version it is and what that overrides, or what entities have on a version of the group."""
    if proposal["entity"]:
        own = parts.get("overrides", {}).get("overrides", {}).get("overrides", ())
        yield "For", names.entity(proposal["entity"])
        yield "Overrides", ", ".join(own) or "nothing: it decides as the group does"
    if "share" in proposal:
        begin = ", ".join(names.entity(each) for each in proposal["begin"]) or "all entities"
        yield "On trial", f"{begin}, {proposal['share']} % of the cases that begin"
    found = parts.get("overrides", {}).get("overrides", {}).get("entities", ())
    stopped = {each["entity"] for each in found if each["stops"]}
    for each in proposal.get("entities", ()):
        kept = f"keeps {', '.join(each['kept'])}" if each["kept"] else "decides as the group does"
        yield names.entity(each["entity"]), "cannot be brought onto it" if each["entity"] in stopped else kept


def _processes(session: Session, row: CaseRow, proposal: dict[str, Any]) -> Iterator[ProcessDifferenceView]:
    if "processes" in proposal.get("changes", {}).get("parts", ()):
        before, after = (stored_files(session.uow, proposal[name]) or {} for name in ("base", "version"))
        here = f"/cases/{row.case_id}/files"
        yield from process_changes(session, before, after, (f"{here}/before/", f"{here}/after/"))


def _asked_for(proposal: dict[str, Any]) -> Iterator[tuple[str, str | date]]:
    """The day that was asked for, where policy puts it off: nobody takes the one for the other."""
    if proposal.get("counts_from", "") > proposal["valid_from"]:
        yield "Asked for", date.fromisoformat(proposal["valid_from"])


def _facts(
    names: Names, proposal: dict[str, Any], parts: dict[str, Any], reasons: Iterable[dict[str, str]]
) -> list[tuple[str, str | date]]:
    facts: list[tuple[str, str | date]] = [
        ("Version", proposal["version"][:12]),
        ("In the place of", proposal["base"][:12]),
        ("Counts from", date.fromisoformat(proposal.get("counts_from") or proposal["valid_from"])),
        *_asked_for(proposal),
        ("Written by", ", ".join(names.person(author) for author in proposal["authors"])),
        *((WHY.get(each["code"], "Who signs"), str(each["text"])) for each in reasons),
        *_of_entities(names, proposal, parts),
    ]
    changed = proposal.get("changes", {}).get("decisions")
    if changed:
        facts.append(("Decisions", ", ".join(changed)))
    if "examples" in parts and "findings" in parts:
        examples = parts["examples"]["examples"]
        wrong = len(examples["wrong"])
        facts.append(("Examples", f"{examples['run']} run, {wrong or 'none'} came out otherwise"))
        new = sum(finding["new"] for finding in parts["findings"]["findings"])
        facts.append(("New errors in tables", str(new) if new else "none"))
    if "invariants" in parts:
        verdicts = [each["verdict"] for each in parts["invariants"]["invariants"]]
        unproved = sum(verdict != "proved" for verdict in verdicts)
        facts.append(("Standing invariants", f"{len(verdicts)} gone through, {unproved or 'none'} not proved"))
    facts += [("Backtest", text) for text in _backtested(names, parts)]
    if "people" in parts:
        held = dict.fromkeys(names.person(each["person"]) for each in parts["people"]["people"])
        facts.append(("Would hold duties that belong apart", ", ".join(held)))
    return facts


def _backtested(names: Names, parts: dict[str, Any]) -> Iterator[str]:
    """What the backtests that are signed with the request have found; that there is none is told too."""
    found = parts.get(BACKTESTS, {}).get(BACKTESTS, ())
    for each in found:
        money = [
            f"{each['currency']} {Decimal(each[name]).scaleb(-each['amount_scale']):,}"
            for name in ("changed_amount", "amount")
        ]
        day = date.fromisoformat(each["since"])
        since = f"{day.day} {day:%b %Y}"
        whose = ", ".join(map(names.entity, each["units"])) or "no entity"
        yield (
            f"{otherwise(each, f'cases since {since}')}: {money[0]} of {money[1]}"
            f" ({whose}; by {names.person(each['by'])})"
        )
    if not found:
        yield "none was run before the check"

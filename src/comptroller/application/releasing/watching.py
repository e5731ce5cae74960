"""A change of policy is forecast where it is proposed, and held against that once it is in force.

By which figures, and when they speak against it, is a decision of policy, of the version in force and never of the
candidate: a change does not choose what it is measured by. What it comes to is fixed with the request. Both are long
jobs of the platform's own, which nobody can stop; here they are begun, in the transaction of the request.
"""

from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from comptroller.application.caller import SYSTEM
from comptroller.application.jobs.job import EVERYWHERE, FORECAST, WATCH, begin_job
from comptroller.domain.kernel import limits
from comptroller.domain.kernel.instant import instant_text
from comptroller.domain.packs.forecast import Rule

if TYPE_CHECKING:
    from comptroller.application.casework.run import CaseRun

RULES: Final = "release forecast"
"""The decision that says by which figures a change is watched."""


def forecast_id(case_id: str) -> str:
    """The name of the job that forecasts a change."""
    return f"forecast-{case_id}"


def watch_id(case_id: str) -> str:
    """The name of the job that holds a change against its forecast."""
    return f"watch-{case_id}"


def begin_forecast(run: "CaseRun") -> None:
    """Have forecast what policy watches this change by; that it watches it by nothing, or cannot say, is told."""
    rows = run.decide(RULES).value if run.knows(RULES) else []
    rules = [Rule.read(row) for row in rows] if isinstance(rows, list) else [None]
    read = [asdict(rule) for rule in rules if rule is not None]
    if not read or len(read) < len(rules):
        why = f"`{RULES}` names no figure" if not rules else f"`{RULES}` cannot be gone by"
        run.tell("policy.not.forecast", {"why": why})
        return
    proposal, session = run.dossier.proposal, run.session
    since = session.now - timedelta(days=limits.FORECAST_DAYS_MAX)
    wish = {"case_id": run.row.case_id, "version": proposal["version"], "base": proposal["base"], "rules": read}
    wish |= {"entity": proposal["entity"], "since": instant_text(since), "until": instant_text(session.now)}
    seen_by = proposal["entity"] or EVERYWHERE
    begin_job(session, forecast_id(run.row.case_id), FORECAST, wish, total=0, entity=seen_by, by=SYSTEM)


def begin_watch(run: "CaseRun") -> None:
    """Have a change that has come in force held against its forecast, where it has one."""
    session, proposal, case_id = run.session, run.dossier.proposal, run.row.case_id
    if session.uow.outbox(forecast_id(case_id)) is None:
        return
    until = session.now + timedelta(days=limits.WATCH_DAYS_MAX)
    wish = {"case_id": case_id, "version": proposal["version"], "entity": proposal["entity"]}
    wish |= {"since": instant_text(session.now), "until": instant_text(until)}
    seen_by = proposal["entity"] or EVERYWHERE
    begin_job(session, watch_id(case_id), WATCH, wish, total=0, entity=seen_by, by=SYSTEM)

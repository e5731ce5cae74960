"""What a change of policy is expected to do, and what it does: the figures that policy watches it by."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from comptroller.application.jobs.forecast import kept_forecast
from comptroller.application.jobs.job import OVER, Job
from comptroller.application.jobs.watch import percent
from comptroller.application.releasing.watching import forecast_id, watch_id
from comptroller.application.session import Session
from comptroller.application.views import FigureView, ForecastView
from comptroller.domain.packs.forecast import Forecast, Seen

_ENDS: Final[Mapping[str, str]] = {
    "": "",
    "time": "; its days are over",
    "overtaken": "; another version is in force",
    "left": "",
}


def forecast_view(session: Session, case_id: str) -> ForecastView | None:
    """The forecast of a request as far as it has come; None where policy watches the change by nothing."""
    begun, kept = session.uow.outbox(forecast_id(case_id)), kept_forecast(session.uow, case_id)
    if begun is None:
        return None
    if kept is None:
        state = "could not be made: see the long jobs" if begun.status in OVER else "is being made"
        return ForecastView(f"The forecast {state}.")
    content, row = kept[1], session.uow.outbox(watch_id(case_id))
    told: Any = (Job.read(row).told or {}) if row is not None else {}
    ways = told.get("ways", {})
    left_out = f", {content['left_out']} left out for want of facts" if int(content["left_out"]) else ""
    made = f"By {content['cases']} cases on record, each as it was judged first{left_out}."
    watched = f" Held against {sum(ways.values())} that began since{_ENDS[told.get('ends', '')]}." if row else ""
    seen = [Forecast.read(each).seen(ways) for each in content["figures"]]
    figures = tuple(_figure(each, is_watched=row is not None) for each in seen)
    return ForecastView(made + watched, figures, told.get("rollback", ""))


def _figure(seen: Seen, *, is_watched: bool) -> FigureView:
    forecast, rule = seen.forecast, seen.forecast.rule
    expected = percent(forecast.band.low), percent(forecast.band.high)
    standing, verdict = _verdict(seen) if is_watched else ("neutral", "")
    view = FigureView(rule.figure, expected, f"{forecast.hits} of {forecast.cases}", standing, verdict)
    if not seen.cases:
        return view
    shares = percent(seen.interval.low), percent(seen.interval.high)
    return replace(view, seen=shares, seen_of=f"{seen.hits} of {seen.cases}")


def _verdict(seen: Seen) -> tuple[str, str]:
    if not seen.is_enough:
        return "waiting", f"says something from {seen.forecast.rule.cases} cases on"
    return ("stopped", "outside the forecast") if seen.leaves else ("passed", "as forecast")

"""What a change of policy is expected to do, and what it does: the figures that policy watches it by."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from comptroller.application.jobs.job import OVER
from comptroller.application.jobs.watch import forecast_told, percent
from comptroller.application.releasing.watching import forecast_id
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
    begun, told = session.uow.outbox(forecast_id(case_id)), forecast_told(session, case_id)
    if begun is None:
        return None
    if told["forecast"] is None:
        state = "could not be made: see the long jobs" if begun.status in OVER else "is being made"
        return ForecastView(f"The forecast {state}.")
    content, live = told["forecast"], told["live"]
    ways = live["ways"] if live else {}
    left_out = f", {content['left_out']} left out for want of facts" if int(content["left_out"]) else ""
    made = f"By {content['cases']} cases on record, each as it was judged first{left_out}."
    watched = f" Held against {live['cases']} that began since{_ENDS[live['ends']]}." if live else ""
    seen = [Forecast.read(each).seen(ways) for each in content["figures"]]
    figures = tuple(_figure(each, is_watched=live is not None) for each in seen)
    return ForecastView(made + watched, figures, live.get("rollback", "") if live else "")


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

"""Return on investment in four dimensions: what was measured in a period, against baselines that were measured before.

Nothing is assumed: a part for which no baseline is on file is not measured, and says which record would measure it.
Each part has a low and a high by the bounds of its baselines, and nothing is counted in two parts. What paying later
is worth is shown and not added: it is no reason to pay a supplier late.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from functools import partial
from typing import Any, Final

from comptroller.application.figures.controls import parameters, touches
from comptroller.application.figures.material import Material, TooMany
from comptroller.application.figures.model import By, result_of
from comptroller.application.figures.money import late_costs
from comptroller.application.figures.show import DEFINITIONS, ShowFigures, more_than_computed, rounded, spanned
from comptroller.application.reference_kinds.measuring import BASELINE, MEASURES
from comptroller.application.session import Refused, Session
from comptroller.domain.kernel.canonical_json import decode
from comptroller.domain.kernel.instant import parse_day
from comptroller.domain.kernel.money import CONTEXT, ZERO

MONEY: Final = "group currency"
YEAR: Final = Decimal(365)
MONTHS: Final = Decimal(12)


@dataclass(frozen=True, slots=True)
class ShowReturn:
    """The return of the days `first` to `last`; without them, of the running month to today."""

    first: date | None = None
    last: date | None = None
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A number that was measured before, with its bounds and where it comes from."""

    key: str
    value: Decimal
    low: Decimal
    high: Decimal
    source: str
    measured_from: str
    measured_to: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a dimension; without a value it is not measured, and `lacking` says what would measure it."""

    title: str
    method: str
    unit: str = MONEY
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    actual: Decimal | None = None
    baselines: tuple[Baseline, ...] = ()
    figure: str = ""  # that opens to the cases
    counted: bool = True  # in the sum of its dimension
    lacking: str = ""


def show_return(session: Session, command: ShowReturn) -> dict[str, Any] | Refused:
    """Each dimension with its parts and their sum, as plain values."""
    span = spanned(session, ShowFigures(command.first, command.last, command.entity))
    if isinstance(span, Refused):
        return span
    material = Material(session, span, command.entity)
    measured = Return(material, parameters(material), partial(baseline_of, material))
    try:
        with localcontext(CONTEXT):
            dimensions = {title: tuple(make(measured)) for title, make in DIMENSIONS.items()}
    except TooMany as too_many:
        return more_than_computed(too_many)
    return {
        "from": span.first,
        "to": span.last,
        "time_zone": str(span.zone),
        "currency": material.group_currency,
        "entity": command.entity,
        "dimensions": [_dimension(title, parts) for title, parts in dimensions.items()],
    }


def _dimension(title: str, parts: tuple[Part, ...]) -> dict[str, Any]:
    money = [part for part in parts if part.unit == MONEY and part.counted]
    known = [part for part in money if part.value is not None]
    sums = {
        name: rounded(sum((getattr(part, name) for part in known), ZERO)) if known else None
        for name in ("value", "low", "high")
    }
    return {
        "dimension": title,
        **sums,
        "complete": len(known) == len(money),
        "parts": [_part(part) for part in parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "part": part.title,
        "unit": part.unit,
        "method": part.method,
        **{name: rounded(getattr(part, name)) for name in ("value", "low", "high", "actual")},
        "counted": part.counted,
        "figure": part.figure,
        "baselines": [
            {
                "baseline": each.key,
                "is": MEASURES[each.key.partition("/")[0]],
                "value": each.value,
                "low": each.low,
                "high": each.high,
                "source": each.source,
                "measured_from": each.measured_from,
                "measured_to": each.measured_to,
                "recorded_by": each.recorded_by,
            }
            for each in part.baselines
        ],
        "lacking": part.lacking,
    }


class Return:
    """What the parts are made of: the period's figures and the baselines that hold for it."""

    def __init__(self, material: Material, said: Mapping[str, Any], baseline: Callable[[str], Baseline | None]) -> None:
        self.material = material
        self.days = Decimal((material.span.last - material.span.first).days + 1)
        self.months = self.days * MONTHS / YEAR
        self.parameters = said
        self.baseline = baseline

    def figure(self, key: str, *, without: str = "") -> tuple[Decimal | None, Decimal]:
        """A figure's value and its denominator, samples of one part left out."""
        asked = self.material.entity
        samples = [
            each
            for each in DEFINITIONS[key].samples(self.material)
            if asked in {"", each.entity} and (not without or each.part != without)
        ]
        total = result_of(DEFINITIONS[key], samples, By.NONE).total
        return total.value, total.denominator

    def against(self, part: Part, measures: tuple[str, ...], worth: Callable[..., Decimal]) -> Part:
        """A part by its baselines: their values give its value, their bounds its bounds."""
        found = {measure: self.baseline(measure) for measure in measures}
        known = [each for each in found.values() if each is not None]
        if len(known) < len(measures):
            return replace(part, baselines=tuple(known), lacking=part.lacking or self._lacking(found))
        if part.lacking:
            return replace(part, baselines=tuple(known))
        bounds = [worth(*each) for each in _corners(known)]
        value = worth(*(each.value for each in known))
        return replace(part, value=value, low=min(bounds), high=max(bounds), baselines=tuple(known))

    def _lacking(self, found: Mapping[str, Baseline | None]) -> str:
        entity = f"/{self.material.entity}" if self.material.entity else ""
        missing = " and ".join(f"`{each}{entity}`" for each, baseline in found.items() if baseline is None)
        return f"not measured: who attests periods enters the baseline {missing}, measured before the period"


def baseline_of(material: Material, measure: str) -> Baseline | None:
    """The version that holds on the last day, measured before the first one, of the very population."""
    key = f"{measure}/{material.entity}" if material.entity else measure
    span, found = material.span, None
    for row in material.session.uow.reference_versions(BASELINE, key):
        body: Any = decode(row.body)
        ends = parse_day(body.get("valid_to", "")) or span.last
        holds = body["valid_from"] <= span.last.isoformat() and ends >= span.last
        if holds and body["measured_to"] < span.first.isoformat():
            found = _baseline(key, body, row.recorded_by)
    return found


def _baseline(key: str, body: Mapping[str, str], by: str) -> Baseline:
    value, low, high = (Decimal(body[name]) for name in ("value", "low", "high"))
    return Baseline(key, value, low, high, body["source"], body["measured_from"], body["measured_to"], by)


def _corners(known: list[Baseline]) -> Iterator[tuple[Decimal, ...]]:
    """Every choice of a low or a high for each baseline."""
    corners: list[tuple[Decimal, ...]] = [()]
    for each in known:
        corners = [(*corner, bound) for corner in corners for bound in (each.low, each.high)]
    yield from corners


NO_RATE: Final = "not measured: policy states no loaded rate an hour in `figure parameters`"


def _labour(about: Return) -> Iterator[Part]:
    rate, most = about.parameters.get("loaded rate an hour"), about.parameters.get("touch minutes at most")
    fixed = about.parameters.get("platform and service an invoice")
    material = about.material
    volume, spent = Decimal(len(material.posted)), dict.fromkeys(("keying", "exception", "approval"), ZERO)
    lacking = "" if isinstance(rate, Decimal) and isinstance(most, Decimal) else NO_RATE
    cases = {case.row.case_id: case for case in (*material.posted, *material.closed)}
    for case in cases.values():
        for step, minutes in touches(case, most if isinstance(most, Decimal) else ZERO):
            spent[step] += minutes
    for step, minutes in spent.items():
        actual = minutes / volume if volume else None
        method = "(baseline minutes an invoice x invoices posted - minutes measured) x loaded rate / 60"
        part = Part(step.capitalize(), method, actual=actual, figure="cost-per-invoice", lacking=lacking)
        yield about.against(
            part,
            (f"{step}-minutes",),
            lambda was, spent=minutes: (was * volume - spent) * (rate or ZERO) / 60,
        )
    run = Part("Platform and service", "what an invoice costs of both x invoices posted, taken off", actual=fixed)
    if isinstance(fixed, Decimal):
        cost = -fixed * volume
        yield replace(run, value=cost, low=cost, high=cost)
    else:
        yield replace(run, lacking="not measured: policy states no cost of an invoice in `figure parameters`")
    upkeep = Part("Upkeep of policy", "the cost of a month x the months of the period, taken off")
    yield about.against(upkeep, ("policy-upkeep",), lambda cost: -cost * about.months)


def _control(about: Return) -> Iterator[Part]:
    for title, key, measure, sign in (
        ("Breaches found after the effect", "breach-leakage", "breach-rate", -1),
        ("Adherence to controls", "control-adherence", "control-adherence", 1),
    ):
        actual, _ = about.figure(key)
        lacking = "" if actual is not None else "not measured: there is nothing to measure in the period"
        method = "points between the baseline and the period, better is above zero"
        part = Part(title, method, unit="points", actual=actual, figure=key, lacking=lacking)
        yield about.against(
            part,
            (measure,),
            lambda was, now=actual, sign=sign: sign * ((now or ZERO) - was),
        )
    attempts, _ = about.figure("breach-attempts")
    method = "acts refused or diverted; a number, and no money: no loss followed"
    yield Part(
        "Unauthorised acts stopped",
        method,
        unit="count",
        value=attempts,
        low=attempts,
        high=attempts,
        actual=attempts,
        figure="breach-attempts",
    )


NOTHING_PAID: Final = "not measured: nothing was paid in the period"


def working_capital(about: Return) -> Iterator[Part]:
    """Discounts and late payment against what was measured before, and apart from them the days paid."""
    actual, offered = about.figure("discount-capture", without="can still be taken")
    lacking = "" if actual is not None else "not measured: no discount has been taken or missed in the period"
    method = "points of capture above the baseline x discounts offered and decided"
    part = Part("Discounts", method, actual=actual, figure="discount-capture", lacking=lacking)
    yield about.against(part, ("discount-capture",), lambda was: ((actual or ZERO) - was) * offered / 100)

    costs = late_costs(about.material)
    lacking = "not measured: no rate for late payment is on file" if costs is None else ""
    added, paid = costs or (ZERO, ZERO)
    lacking = lacking or ("" if paid else NOTHING_PAID)
    share = added * 100 / paid if paid else None
    method = "baseline percent of what was paid, less what the law added to what was paid late"
    part = Part("Late interest and fees", method, actual=share, figure="days-beyond-terms", lacking=lacking)
    yield about.against(part, ("late-interest",), lambda was: was * paid / 100 - added)

    now, _ = about.figure("weighted-days-paid")
    _, bought = about.figure("days-payable")
    lacking = "" if now is not None else NOTHING_PAID
    method = "days paid above the baseline x purchases a day x cost of capital, for the days of the period; not added"
    part = Part("Days paid", method, actual=now, figure="weighted-days-paid", counted=False, lacking=lacking)
    yield about.against(
        part,
        ("days-paid", "cost-of-capital"),
        lambda was, cost: ((now or ZERO) - was) * bought / about.days * cost / 100 * about.days / YEAR,
    )


def _risk(about: Return) -> Iterator[Part]:
    prevented, _ = about.figure("duplicate-prevention")
    method = "the payable of duplicates turned down before payment, as confirmed"
    yield Part(
        "Duplicates prevented",
        method,
        value=prevented,
        low=prevented,
        high=prevented,
        actual=prevented,
        figure="duplicate-prevention",
    )
    method = "expected loss a year before, less that of now, for the days of the period"
    yield about.against(
        Part("Expected loss", method),
        ("expected-loss", "expected-loss-now"),
        lambda was, now: (was - now) * about.days / YEAR,
    )
    rate = about.parameters.get("loaded rate an hour")
    method = "hours of audit and remediation a month before, less those of now, x loaded rate, for the period"
    part = Part("Audit and remediation", method, lacking="" if isinstance(rate, Decimal) else NO_RATE)
    yield about.against(
        part, ("audit-hours", "audit-hours-now"), lambda was, now: (was - now) * about.months * (rate or ZERO)
    )


DIMENSIONS: Final[Mapping[str, Callable[[Return], Iterator[Part]]]] = {
    "Labour efficiency": _labour,
    "Control effectiveness": _control,
    "Working capital": working_capital,
    "Risk reduction": _risk,
}

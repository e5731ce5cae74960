"""Looks a register of payments through: the pack's own decisions judge every pair and every window.

Pairs that have the same facts get the same verdict, so that each sort of pair is judged once, many sorts at a time.
Of all that a row is a copy of, the gravest and nearest is told: one finding a row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from comptroller.domain.controls.register import PairFacts, Payment, Register, Window, pairs, windows
from comptroller.domain.decisions import Model
from comptroller.domain.kernel.money import Money

CHUNK: Final = 50_000
"""Pairs that are looked at together."""

JUDGED_TOGETHER: Final = 1_000
"""Sorts of pairs that one decision takes: its budget of steps is a multiple of what they need."""

VERDICTS_KEPT_MAX: Final = 500_000

NUMBER: Final = "\ue000"
"""Stands for the other number in a verdict's text (private use: no file has it)."""

CASE: Final = "\ue001"
ROWS_NAMED_MAX: Final = 5
"""Rows that the sentence of a split names; all of them stand beside it."""

GRAVITY: Final = {"certain": 0, "possible": 1}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What decision 8 says of one sort of pair."""

    outcome: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A row that asks for what an earlier one asked for already."""

    first: Payment
    second: Payment
    verdict: Verdict
    facts: PairFacts
    credited_by: Payment | None

    @property
    def text(self) -> str:
        """The verdict's sentence about this pair."""
        return (
            self.verdict.text.replace(NUMBER, self.first.number or "none")
            .replace(f"is case {CASE}", f"stands in {CASE}")
            .replace(f"case {CASE}", CASE)
            .replace(CASE, f"row {self.first.row}")
        )


@dataclass(frozen=True, slots=True)
class Split:
    """Rows that stay below a limit which they pass together."""

    payments: tuple[Payment, ...]
    by: str
    outcome: str
    reason: str
    text: str
    limit: Decimal
    total: Decimal
    breach: str


class DecisionFailed(Exception):
    """The pack's decision gave no answer: nothing is cleared by that, and nothing is told."""


def copies(payments: Sequence[Payment], model: Model, day: date) -> Iterator[Copy]:
    """Judge every pair worth comparing; findings in the order of the later row."""
    register = Register(payments)
    verdicts: dict[PairFacts, Verdict] = {}
    best: dict[int, tuple[tuple[int, int, int], int, PairFacts]] = {}
    source = pairs(payments)
    while chunk := list(islice(source, CHUNK)):
        facts = [register.facts(one, other) for one, other in chunk]
        if len(verdicts) > VERDICTS_KEPT_MAX:
            verdicts.clear()
        _judge(dict.fromkeys(fact for fact in facts if fact not in verdicts), verdicts, model, day)
        for (one, other), fact in zip(chunk, facts, strict=True):
            verdict = verdicts[fact]
            if verdict.outcome == "none":
                continue
            rank = (GRAVITY.get(verdict.outcome, 1), fact.days, -one)
            if other not in best or rank < best[other][0]:
                best[other] = (rank, one, fact)
    _judge(dict.fromkeys(fact for _, _, fact in best.values() if fact not in verdicts), verdicts, model, day)
    for other in sorted(best):
        _, one, fact = best[other]
        credit = register.credit_after(one, other)
        credited_by = payments[credit] if credit is not None else None
        yield Copy(payments[one], payments[other], verdicts[fact], fact, credited_by)


def _judge(wanted: Iterable[PairFacts], verdicts: dict[PairFacts, Verdict], model: Model, day: date) -> None:
    source = iter(wanted)
    while together := list(islice(source, JUDGED_TOGETHER)):
        candidates = [fact.of_candidate(NUMBER, CASE) for fact in together]
        outcome = model.decide("candidate verdicts", {"candidates": candidates, "decision date": day})
        answers: Any = outcome.value
        if not isinstance(answers, list) or len(answers) != len(together):
            raise DecisionFailed("; ".join(fault.message for fault in outcome.faults) or "no answer")
        for fact, answer in zip(together, answers, strict=True):
            verdicts[fact] = Verdict(str(answer["outcome"]), str(answer["reason"]), str(answer["text"]))


def splits(
    payments: Sequence[Payment],
    model: Model,
    day: date,
    *,
    window: int | None = None,
    ceilings: Sequence[Decimal] = (),
) -> Iterator[Split]:
    """Judge every window in which a limit is passed by parts; the policy's own limits and days where none are given."""
    by_sort: dict[tuple[str, str], list[Payment]] = {}
    for payment in payments:
        by_sort.setdefault((payment.source, payment.category), []).append(payment)
    for (source, category), sort in by_sort.items():
        given: dict[str, Any] = {"spend source": source, "category": category or None, "decision date": day}
        days = window if window is not None else _decided(model, "split window", given)
        limits = list(ceilings) or _decided(model, "approval limits", given)
        trial = {"spend window": Decimal(window) if window is not None else None}
        given |= {**trial, "spend limits": list(ceilings) or None}
        for found in windows(sort, int(days), [Decimal(limit) for limit in limits]):
            split = _split(sort, found, model, given, int(days))
            if split is not None:
                yield split


def _decided(model: Model, name: str, given: Mapping[str, Any]) -> Any:
    outcome = model.decide(name, given)
    if outcome.value is None:
        raise DecisionFailed("; ".join(fault.message for fault in outcome.faults) or f"`{name}` gave nothing")
    return outcome.value


def _split(
    payments: Sequence[Payment], found: Window, model: Model, given: Mapping[str, Any], days: int
) -> Split | None:
    parts = [payments[place] for place in found.places]
    last = parts[-1]
    others = [
        {
            "case": f"row {part.row}",
            "number": part.number or None,
            "amount": part.amount,
            "days": Decimal(abs((last.day - part.day).days)),
            "same subject": bool(last.description) and part.description == last.description,
            "same cost centre": bool(last.cost_centre) and part.cost_centre == last.cost_centre,
            "same requester": bool(last.requester) and part.requester == last.requester,
            "order number": part.order_number,
            "state": "paid",
            "credit": part.is_credit,
            "cleared": False,
        }
        for part in parts[:-1]
    ]
    facts = {
        **given,
        "amount": last.amount,
        "order number": last.order_number,
        "document kind": "invoice",
        "spend others": others,
        "spend searched days": Decimal(days),
        "group currency": last.currency or None,
    }
    value: Any = model.decide("split", facts).value
    if value is None or value["outcome"] != "aggregate":
        return None
    said = str(value["text"]).partition(":")[0]
    total, limit = (str(Money(value[name], last.currency)).strip() for name in ("amount", "limit"))
    text = f"{said}: {total} against {limit}, {_rows(parts)}"
    breach = str(value["breach"])
    return Split(
        tuple(parts), found.by, "aggregate", str(value["reason"]), text, value["limit"], value["amount"], breach
    )


def _rows(parts: Sequence[Payment]) -> str:
    """Where the parts stand, as a sentence names them."""
    named = [str(part.row) for part in parts[:ROWS_NAMED_MAX]]
    rest = len(parts) - len(named)
    last = f"{rest} more" if rest else named.pop()
    return f"rows {', '.join(named)} and {last}"

"""What two rows of a register have in common, under the names that decision 8 uses for a candidate."""

from collections import Counter
from collections.abc import Hashable, Sequence
from decimal import Decimal
from typing import NamedTuple

from comptroller.domain.controls import numbers, similarity
from comptroller.domain.controls.facts.document_types import CREDIT_NOTE_TYPES
from comptroller.domain.controls.facts.kinds import Facts
from comptroller.domain.controls.register.pairing import by_amount
from comptroller.domain.controls.register.payment import Payment


class PairFacts(NamedTuple):
    """The facts of one pair; equal facts get equal verdicts, so that each is judged once."""

    relation: str | None
    supplier_relation: str | None
    names: str | None
    same_entity: bool
    same_currency: bool
    same_gross: bool
    same_net: bool | None
    days: int
    same_kind: bool
    document_type: str
    line_overlap: int | None
    times: int
    source: str
    same_source: bool
    same_batch: bool | None
    same_requester: bool | None
    credit: bool

    def of_candidate(self, number: str, case: str) -> Facts:
        """Write them as decision 8 reads a candidate."""
        return {
            "case": case,
            "number": number,
            "relation": self.relation,
            "supplier relation": self.supplier_relation,
            "names": self.names,
            "same entity": self.same_entity,
            "same currency": self.same_currency,
            "same gross": self.same_gross,
            "same net": self.same_net,
            "days": Decimal(self.days),
            "same kind": self.same_kind,
            "document type": self.document_type or None,
            "same period": None,
            "line overlap": None if self.line_overlap is None else Decimal(self.line_overlap),
            "order line overlap": False,
            "times": Decimal(self.times),
            "source": self.source,
            "same source": self.same_source,
            "one file": True,
            "same batch": self.same_batch,
            "same requester": self.same_requester,
            "credit": self.credit,
            "state": "paid",
            "later": False,
            "cleared": False,
        }


class Register:
    """The payments of a file, with what is known of all of them together."""

    def __init__(self, payments: Sequence[Payment]) -> None:
        self.payments = payments
        self._times: Counter[Hashable] = Counter()
        self._credits: dict[Hashable, list[int]] = {}
        for place, payment in enumerate(payments):
            key = by_amount(payment)
            if key is None:
                continue
            if payment.is_credit:
                self._credits.setdefault(key, []).append(place)
            else:
                self._times[key] += 1

    def facts(self, one: int, other: int) -> PairFacts:
        """Compare two payments, the earlier one first."""
        first, second = self.payments[one], self.payments[other]
        supplier, names = _suppliers(first, second)
        return PairFacts(
            _numbers(first, second),
            supplier,
            names,
            first.entity == second.entity,
            first.currency == second.currency,
            first.amount == second.amount or (first.is_credit != second.is_credit and -first.amount == second.amount),
            None if first.net is None or second.net is None else first.net == second.net,
            abs((second.day - first.day).days),
            _is_credit(first) == _is_credit(second),
            first.document_type,
            _overlap(first, second),
            max(1, self._times[by_amount(second)]) if second.key else 1,
            first.source,
            first.source == second.source,
            _same(first.batch, second.batch),
            _same(first.requester, second.requester),
            _is_credit(first),
        )

    def credit_after(self, one: int, other: int) -> int | None:
        """The place of a credit of the same amount of the supplier that came after both: the copy may be mended."""
        day = max(self.payments[one].day, self.payments[other].day)
        found = self._credits.get(by_amount(self.payments[other]), ())
        return next((place for place in found if self.payments[place].day >= day), None)


def _is_credit(payment: Payment) -> bool:
    return payment.is_credit != (payment.document_type in CREDIT_NOTE_TYPES)


def _numbers(first: Payment, second: Payment) -> str | None:
    if first.number and first.number == second.number:
        return "equal" if first.normalised else None
    return numbers.relation_of_normalised(first.normalised, second.normalised)


def _suppliers(first: Payment, second: Payment) -> tuple[str | None, str | None]:
    """The relation of the suppliers and of their names; nothing is told of a supplier that is not known."""
    if not first.key or not second.key:
        return None, None
    if first.key == second.key:
        return "same", None
    names = similarity.relation(first.supplier, second.supplier)
    if first.vat_id and first.vat_id == second.vat_id:
        return "same VAT id", names
    if first.account and first.account == second.account:
        return "same account", names
    if first.group and first.group == second.group:
        return "same group", names
    return ("other" if names in {None, "different"} else "similar name"), names


def _same(first: str, second: str) -> bool | None:
    return first == second if first and second else None


def _overlap(first: Payment, second: Payment) -> int | None:
    """How much of what describes them is the same, in percent: purpose, cost centre, person; None without any."""
    told = [
        (one, other)
        for one, other in (
            (first.description, second.description),
            (first.cost_centre, second.cost_centre),
            (first.requester, second.requester),
        )
        if one or other
    ]
    return 100 * sum(one == other for one, other in told) // len(told) if told else None

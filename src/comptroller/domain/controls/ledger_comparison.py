"""Holds a ledger's payables documents against the cases: the control that the control was used.

A document of the ledger and a case belong together when they name each other, or by their number; of several with the
same number the one of the same amount comes first, and each case is taken once. What is left on the ledger's side was
posted without a case; what is left on ours was never posted there.

Coverage is the share of the ledger's documents that have a case, by number and by value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from comptroller.domain.controls.numbers import stem
from comptroller.domain.kernel.money import CONTEXT, ZERO


@dataclass(frozen=True, slots=True)
class LedgerDocument:
    """One payables document as a ledger has it; the amount is what is owed, negative for a credit."""

    place: str  # the row of the extract, or the journal
    number: str
    day: date | None
    amount: Decimal
    account: str = ""
    text: str = ""
    journal: str = ""
    case_id: str = ""  # where the ledger itself names the case


@dataclass(frozen=True, slots=True)
class CaseDocument:
    """One posted document of ours."""

    case_id: str
    number: str
    day: date | None
    amount: Decimal
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A document of the ledger and its case."""

    document: LedgerDocument
    case: CaseDocument

    @property
    def difference(self) -> Decimal:
        """What the ledger has more than the case."""
        return CONTEXT.subtract(self.document.amount, self.case.amount)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found; every document of either side is in exactly one list."""

    matched: tuple[Pair, ...]
    differing: tuple[Pair, ...]
    bypass: tuple[LedgerDocument, ...]  # posted without a case
    unposted: tuple[CaseDocument, ...]  # a case without its posting

    @property
    def documents(self) -> int:
        """How many documents the ledger has."""
        return len(self.matched) + len(self.differing) + len(self.bypass)

    @property
    def covered(self) -> int:
        """How many of them have a case."""
        return len(self.matched) + len(self.differing)

    def coverage(self) -> Decimal | None:
        """The covered share in percent; None where the ledger has no document."""
        return CONTEXT.divide(Decimal(100 * self.covered), Decimal(self.documents)) if self.documents else None

    def coverage_by_value(self) -> Decimal | None:
        """The covered share of the sum of sizes in percent."""
        with localcontext(CONTEXT):
            covered = sum((abs(pair.document.amount) for pair in (*self.matched, *self.differing)), ZERO)
            total = covered + sum((abs(document.amount) for document in self.bypass), ZERO)
            return covered * 100 / total if total else None


def compare(documents: Iterable[LedgerDocument], cases: Iterable[CaseDocument]) -> Comparison:
    """Pair the two sides; both orders are kept, so that the same input gives the same answer."""
    ours = list(cases)
    by_case: dict[str, list[CaseDocument]] = {}
    by_number: dict[str, list[CaseDocument]] = {}
    for case in ours:
        by_case.setdefault(case.case_id, []).append(case)
        by_number.setdefault(stem(case.number), []).append(case)
    taken: set[int] = set()
    matched: list[Pair] = []
    differing: list[Pair] = []
    bypass: list[LedgerDocument] = []
    for document in documents:
        found = _case_of(document, by_case, by_number, taken)
        if found is None:
            bypass.append(document)
            continue
        taken.add(id(found))
        pair = Pair(document, found)
        (differing if pair.difference else matched).append(pair)
    unposted = tuple(case for case in ours if id(case) not in taken)
    return Comparison(tuple(matched), tuple(differing), tuple(bypass), unposted)


def _case_of(
    document: LedgerDocument,
    by_case: Mapping[str, Sequence[CaseDocument]],
    by_number: Mapping[str, Sequence[CaseDocument]],
    taken: set[int],
) -> CaseDocument | None:
    if document.case_id:
        found = by_case.get(document.case_id, ())
    else:
        found = by_number.get(stem(document.number), ()) if stem(document.number) else ()
    left = [case for case in found if id(case) not in taken]
    same = [case for case in left if case.amount == document.amount]
    return next(iter(same or left), None)

"""What a job that takes cases through two versions has found so far: the tally, the cases that change, facts that lack.

It is kept with the job, read at each step and written with it: a count that was left goes on as if it had not been.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from comptroller.application.jobs.job import FOUND, Job
from comptroller.application.presenting.tenant import tenant_record
from comptroller.application.presenting.words import Names
from comptroller.application.releasing.backtested import SCALE
from comptroller.application.releasing.history import Tried
from comptroller.application.session import Session
from comptroller.domain.packs.tally import Tally

CHANGED_TOLD_MAX: Final = 200
"""Cases that come out otherwise and are told one by one; the others are counted."""


@dataclass(slots=True)
class Findings:
    """Cases that were taken through two versions, counted and, where they change, told one by one."""

    tally: Tally = field(default_factory=Tally)
    changed: list[dict[str, Any]] = field(default_factory=list)
    lacks: dict[str, int] = field(default_factory=dict)  # facts that nobody recorded, with how many cases

    @classmethod
    def of(cls, job: Job) -> Self:
        """Read what a job has found so far."""
        kept = (job.told or {}).get(FOUND)
        return cls(Tally.read(kept["tally"]), list(kept["changed"]), dict(kept["lacks"])) if kept else cls()

    def add(self, tried: Tried, names: Mapping[str, str]) -> None:
        """Count a case."""
        self.tally.add(tried.pair, names, tried.amount)
        self.lacks |= {fact: self.lacks.get(fact, 0) + 1 for fact in tried.lacks}
        if tried.pair.differs:
            self.changed.append(case_told(tried))

    def take_out(self, tried: Tried, names: Mapping[str, str]) -> None:
        """Count a case no more that was counted so."""
        self.tally.take_out(tried.pair, names, tried.amount)
        self.lacks |= {fact: self.lacks.get(fact, 0) - 1 for fact in tried.lacks}
        self.lacks = {fact: cases for fact, cases in self.lacks.items() if cases > 0}
        self.changed = [each for each in self.changed if each["case_id"] != tried.row.case_id]

    def keep(self, *, newest: bool) -> None:
        """Leave out of those that are told what is more than can be: first what goes the same way as before."""
        diverted = [each for each in self.changed if each["before"] != each["after"]]
        others = [each for each in self.changed if each["before"] == each["after"]]
        kept = [*others, *diverted][-CHANGED_TOLD_MAX:] if newest else [*diverted, *others][:CHANGED_TOLD_MAX]
        self.changed = kept

    def told(self) -> dict[str, Any]:
        """What the job tells, and keeps."""
        whole = self.tally.whole()
        found = {"tally": self.tally.facts(), "changed": self.changed, "lacks": self.lacks}
        sums = {"cases": whole.cases, "changed": whole.changed, "diverted": whole.diverted}
        return {**sums, FOUND: found}

    def answer(self, session: Session, groups: Sequence[str], minutes: int) -> dict[str, Any]:
        """The figures, in all and by group, and the cases that change; `titles` are those of steps named as a role."""
        names, sides = Names(session), [side for pair in self.tally.pairs for side in (pair.before, pair.after)]
        return {
            "minutes_a_signature": minutes,
            **money_told(session),
            "figures": self.tally.whole(minutes).facts(),
            **{f"by_{group}": {name: of.facts() for name, of in self.tally.sums(group, minutes)} for group in groups},
            "moves": [
                {"before": asdict(pair.before), "after": asdict(pair.after), "cases": cases, "amount": amount}
                for pair, cases, amount in self.tally.moves()
            ],
            "changed": self.changed,
            "titles": {step: names.role(step) for side in sides for step in side.steps},
            "lacks": self.lacks,
        }


def money_told(session: Session) -> dict[str, Any]:
    """In what amounts of cases are told."""
    return {"currency": str(tenant_record(session.uow).get("group_currency") or ""), "amount_scale": SCALE}


def case_told(tried: Tried) -> dict[str, Any]:
    """A case that comes out otherwise, with what both versions make of it; its amount in minor units."""
    return {
        "case_id": tried.row.case_id,
        "number": tried.row.number,
        "entity": tried.row.entity,
        "supplier": tried.row.supplier_name,
        "amount": tried.amount,
        "before": asdict(tried.pair.before),
        "after": asdict(tried.pair.after),
        "decisions": list(tried.decisions),
    }

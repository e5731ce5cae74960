"""A correction as its page shows it: cases by number and name, outcomes in words, amounts with their currency."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from comptroller.application.jobs.correction import GetCorrection, get_correction
from comptroller.application.presenting.policies.outcomes import said
from comptroller.application.presenting.words import Names
from comptroller.application.session import Refused, Session
from comptroller.application.views.corrections import CorrectedDecision, CorrectionView
from comptroller.domain.kernel.money import Money


@dataclass(frozen=True, slots=True)
class ShowCorrection:
    """A correction as far as it has come."""

    job_id: str


def show_correction(session: Session, command: ShowCorrection) -> CorrectionView | Refused:
    """Every decision that would have been another; those that are only worded otherwise apart."""
    job = get_correction(session, GetCorrection(command.job_id))
    if isinstance(job, Refused):
        return job
    names = Names(session)
    found = [_corrected(names, each) for each in job["decisions"]]
    return CorrectionView(
        job,
        tuple(Money(Decimal(amount), currency) for currency, amount in sorted(job["gross"].items())),
        tuple(each for each in found if not each.is_reworded),
        tuple(each for each in found if each.is_reworded),
    )


def _corrected(names: Names, told: dict[str, Any]) -> CorrectedDecision:
    gross = told["gross"]
    return CorrectedDecision(
        case_id=told["case_id"],
        number=told["number"],
        supplier=told["supplier"],
        entity=names.entity(told["entity"]),
        decision=told["decision"],
        gross=None if gross is None else Money(Decimal(gross), told["currency"]),
        before=names.told(said(told["before"])),
        after=names.told(said(told["after"])),
        difference=names.told(str(told.get("difference", ""))),  # an earlier release kept none
        is_reworded=told["reworded"],
        unknown=tuple(told["unknown"]),
    )

"""Figures, and the proof of the evidence behind them."""

from typing import Final

from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.figures.returns import ShowReturn, show_return
from comptroller.application.figures.show import ShowFigures, show_figures
from comptroller.application.jobs.job import FIGURES, REPLAY, SEEN_BY, STOPPED_BY
from comptroller.application.jobs.measuring import (
    GetMeasured,
    MeasureDays,
    StartMeasuring,
    get_measured,
    measure_days,
    start_measuring,
)
from comptroller.application.jobs.replay import (
    GetReplay,
    JudgePosted,
    StartReplay,
    get_replay,
    judge_posted,
    start_replay,
)
from comptroller.application.presenting.figures import ShowEvidence, ShowOverview, show_evidence, show_overview
from comptroller.application.presenting.insight import ShowCasesNamed, ShowInsight, show_cases_named, show_insight
from comptroller.application.verification import VerifyAudit, verify_audit
from comptroller.domain.identity import Duty

USE_CASES: Final = (
    UseCase(ShowCasesNamed, one(Duty.CASE_LIST), show_cases_named, Mode.READ),
    UseCase(ShowInsight, one(Duty.CASE_LIST), show_insight, Mode.READ),
    UseCase(ShowFigures, one(Duty.CASE_LIST), show_figures, Mode.READ),
    UseCase(ShowReturn, one(Duty.CASE_LIST), show_return, Mode.READ),
    UseCase(StartMeasuring, STOPPED_BY[FIGURES], start_measuring),
    UseCase(MeasureDays, SEEN_BY[FIGURES], measure_days, Mode.READ),
    UseCase(GetMeasured, SEEN_BY[FIGURES], get_measured, Mode.READ),
    UseCase(StartReplay, STOPPED_BY[REPLAY], start_replay),
    UseCase(JudgePosted, SEEN_BY[REPLAY], judge_posted, Mode.READ),
    UseCase(GetReplay, SEEN_BY[REPLAY], get_replay, Mode.READ),
    UseCase(ShowOverview, one(Duty.CASE_LIST), show_overview, Mode.READ),
    UseCase(ShowEvidence, one(Duty.AUDIT_READ), show_evidence, Mode.READ),
    UseCase(VerifyAudit, one(Duty.AUDIT_VERIFY), verify_audit, Mode.OWN),
)

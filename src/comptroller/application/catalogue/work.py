"""What only the platform does by itself, when its time has come."""

from typing import Final

from comptroller.application.catalogue.duties import one
from comptroller.application.delivery import (
    CallUp,
    FinishMessage,
    FireTimer,
    LookAtTask,
    RecordDelivery,
    RecordFailure,
    RetryDelivery,
    SpreadThrown,
    TellCase,
    call_up_case,
    finish_message,
    fire_timer,
    look_at_task,
    record_delivery,
    record_failure,
    retry_delivery,
    spread_thrown,
    tell_case,
)
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.jobs.job import KeepJob, keep_job
from comptroller.application.notices.composing import ComposeNotice, compose_notice
from comptroller.application.notices.sending import (
    RecordNotice,
    RemindOfTask,
    SendDigests,
    record_notice,
    remind_of_task,
    send_digests,
)
from comptroller.application.people.looking_after import (
    LookAfterPerson,
    LookAfterTask,
    look_after_task,
    look_after_tasks,
)
from comptroller.application.search.indexing import IndexCase, index_case
from comptroller.application.starting.beginning import BeginCase, begin_case
from comptroller.application.starting.turns import TakeTurn, take_turn
from comptroller.domain.identity import Duty

USE_CASES: Final = (
    UseCase(CallUp, one(Duty.TIMER_RUN), call_up_case),
    UseCase(SpreadThrown, one(Duty.TIMER_RUN), spread_thrown),
    UseCase(TellCase, one(Duty.TIMER_RUN), tell_case),
    UseCase(FireTimer, one(Duty.TIMER_RUN), fire_timer),
    UseCase(TakeTurn, one(Duty.TIMER_RUN), take_turn),
    UseCase(BeginCase, one(Duty.TIMER_RUN), begin_case),
    UseCase(LookAtTask, one(Duty.TIMER_RUN), look_at_task),
    UseCase(LookAfterPerson, one(Duty.TIMER_RUN), look_after_tasks),
    UseCase(LookAfterTask, one(Duty.TIMER_RUN), look_after_task),
    UseCase(KeepJob, one(Duty.TIMER_RUN), keep_job),
    UseCase(FinishMessage, one(Duty.TIMER_RUN), finish_message),
    UseCase(RecordDelivery, one(Duty.TIMER_RUN), record_delivery),
    UseCase(RecordFailure, one(Duty.TIMER_RUN), record_failure),
    UseCase(ComposeNotice, one(Duty.TIMER_RUN), compose_notice, Mode.READ),
    UseCase(RecordNotice, one(Duty.TIMER_RUN), record_notice),
    UseCase(RemindOfTask, one(Duty.TIMER_RUN), remind_of_task),
    UseCase(SendDigests, one(Duty.TIMER_RUN), send_digests),
    UseCase(IndexCase, one(Duty.TIMER_RUN), index_case),
    UseCase(RetryDelivery, one(Duty.DELIVERY_RETRY), retry_delivery),
)

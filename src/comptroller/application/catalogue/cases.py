"""Cases and their processes: looked at, found, repaired, moved to other versions."""

from typing import Final

from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.jobs.job import REPAIRS, SEEING, SEEN_BY, GetJob, ListJobs, get_job, list_jobs
from comptroller.application.jobs.migration import StartMigration, start_migration
from comptroller.application.jobs.repairs import StartRepairs, start_repairs
from comptroller.application.jobs.stopping import StopJob, stop_job
from comptroller.application.messages import SendMessage, send_message
from comptroller.application.migrating.case import MigrateCase, migrate_case
from comptroller.application.migrating.plan import FindMigrating, PlanMigration, find_migrating, plan_migration
from comptroller.application.migrating.versions import ListVersions, list_versions
from comptroller.application.presenting.case import ShowCase, show_case
from comptroller.application.presenting.incidents import ShowIncidents, show_incidents
from comptroller.application.presenting.jobs import ShowJobs, show_jobs
from comptroller.application.presenting.lists import (
    ShowCases,
    ShowExceptions,
    ShowQueue,
    show_cases,
    show_exceptions,
    show_queue,
)
from comptroller.application.presenting.processes import (
    GetCaseModel,
    GetProcessModel,
    ShowProcess,
    ShowProcesses,
    get_case_model,
    get_process_model,
    show_process,
    show_processes,
)
from comptroller.application.queries import (
    GetCase,
    GetDecisions,
    GetOriginal,
    GetTimeline,
    ListCases,
    ListDeliveries,
    ListReference,
    ListTasks,
    get_case,
    get_decisions,
    get_original,
    get_timeline,
    list_cases,
    list_deliveries,
    list_reference,
    list_tasks,
)
from comptroller.application.repairing import ListIncidents, RepairCase, list_incidents, repair_case
from comptroller.application.repairing_many import FindChosen, find_chosen
from comptroller.application.search.columns import ChooseColumns, choose_columns
from comptroller.application.search.saved import EndSearch, SaveSearch, end_search, save_search
from comptroller.domain.identity import Duty

_WATCHING: Final = frozenset({Duty.CASE_LIST, Duty.CASE_MIGRATE})

USE_CASES: Final = (
    UseCase(ListIncidents, one(Duty.CASE_REPAIR), list_incidents, Mode.READ),
    UseCase(ShowIncidents, one(Duty.CASE_REPAIR), show_incidents, Mode.READ),
    UseCase(RepairCase, one(Duty.CASE_REPAIR), repair_case),
    UseCase(SendMessage, one(Duty.MESSAGE_SEND), send_message),
    UseCase(FindChosen, SEEN_BY[REPAIRS], find_chosen, Mode.READ),
    UseCase(StartRepairs, SEEN_BY[REPAIRS], start_repairs),
    UseCase(MigrateCase, one(Duty.CASE_MIGRATE), migrate_case),
    UseCase(FindMigrating, one(Duty.CASE_MIGRATE), find_migrating, Mode.READ),
    UseCase(PlanMigration, _WATCHING, plan_migration, Mode.READ),
    UseCase(ListVersions, _WATCHING, list_versions, Mode.READ),
    UseCase(StartMigration, one(Duty.CASE_MIGRATE), start_migration),
    UseCase(GetJob, SEEING, get_job, Mode.READ),
    UseCase(ListJobs, SEEING, list_jobs, Mode.READ),
    UseCase(ShowJobs, SEEING, show_jobs, Mode.READ),
    UseCase(StopJob, SEEING, stop_job),
    UseCase(ChooseColumns, frozenset({Duty.TASK_READ, Duty.CASE_LIST, Duty.CASE_READ}), choose_columns),
    UseCase(SaveSearch, one(Duty.CASE_LIST), save_search),
    UseCase(EndSearch, one(Duty.CASE_LIST), end_search),
    UseCase(GetCase, one(Duty.CASE_READ), get_case, Mode.READ),
    UseCase(GetTimeline, one(Duty.CASE_READ), get_timeline, Mode.READ),
    UseCase(GetDecisions, one(Duty.CASE_READ), get_decisions, Mode.READ),
    UseCase(GetOriginal, one(Duty.CASE_READ), get_original, Mode.READ),
    UseCase(ListCases, one(Duty.CASE_LIST), list_cases, Mode.READ),
    UseCase(ListTasks, one(Duty.TASK_READ), list_tasks, Mode.READ),
    UseCase(ListDeliveries, one(Duty.DELIVERY_READ), list_deliveries, Mode.READ),
    UseCase(ListReference, one(Duty.REFERENCE_READ), list_reference, Mode.READ),
    UseCase(ShowQueue, one(Duty.TASK_READ), show_queue, Mode.READ),
    UseCase(ShowCase, one(Duty.CASE_READ), show_case, Mode.READ),
    UseCase(ShowCases, one(Duty.CASE_LIST), show_cases, Mode.READ),
    UseCase(ShowExceptions, one(Duty.CASE_READ), show_exceptions, Mode.READ),
    UseCase(ShowProcesses, _WATCHING, show_processes, Mode.READ),
    UseCase(ShowProcess, _WATCHING, show_process, Mode.READ),
    UseCase(GetProcessModel, _WATCHING, get_process_model, Mode.READ),
    UseCase(GetCaseModel, one(Duty.CASE_READ), get_case_model, Mode.READ),
)

"""Nothing can be done that takes no duty: every use case names one, and refuses whoever does not hold it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
from tests.acceptance.cast import NOBODY, ROLES, Cast, assemble
from tests.acceptance.company import TENANT, Company, Databases, Snapshot

from comptroller.application import records
from comptroller.application.access import IssueApiKey, RevokeApiKey
from comptroller.application.act import ActOnTask, CarryOutAct
from comptroller.application.acting.asking import AskQuestion
from comptroller.application.acting.blocking import PlaceBlock
from comptroller.application.acting.bulk import ReviewApprovals, Shown
from comptroller.application.acting.by_link import AnswerByLink, ShowAnswer
from comptroller.application.acting.cancelling import CancelCase
from comptroller.application.acting.handing import ClaimTask, ReassignTask, ReleaseTask
from comptroller.application.acting.remarks import AddComment, AttachFile, GetAttachment
from comptroller.application.acting.undoing import UndoAct
from comptroller.application.amending import AmendRecord, ChangeAccount, ChangeRecord
from comptroller.application.catalogue import USE_CASES
from comptroller.application.clearances import ClearScreening
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
)
from comptroller.application.dispatcher import Request, UseCase
from comptroller.application.figures.returns import ShowReturn
from comptroller.application.figures.show import ShowFigures
from comptroller.application.intake_records import FinishIntake, GetIntake, Incoming, ListIntake, RegisterIntake
from comptroller.application.jobs.backtest import GetBacktest, ListChanged, StartBacktest, TryCases
from comptroller.application.jobs.correction import CorrectCases, GetCorrection, StartCorrection
from comptroller.application.jobs.forecast import CountWays, KeepForecast
from comptroller.application.jobs.job import GetJob, Job, KeepJob, ListJobs
from comptroller.application.jobs.measuring import GetMeasured, MeasureDays, StartMeasuring
from comptroller.application.jobs.migration import StartMigration
from comptroller.application.jobs.repairs import StartRepairs
from comptroller.application.jobs.replay import GetReplay, JudgePosted, StartReplay
from comptroller.application.jobs.shadow import GetShadow, StartShadow, TryJudged
from comptroller.application.jobs.stopping import StopJob
from comptroller.application.jobs.watch import CountLive, ProposeRollback
from comptroller.application.keying import KeyDocument
from comptroller.application.ledger.accruals import BookAccruals, PlanAccruals
from comptroller.application.ledger.attesting import AttestPeriod, ShowAttestation
from comptroller.application.ledger.comparing import CompareLedger
from comptroller.application.ledger.reading import (
    ListJournals,
    ListLedgers,
    ListOpenItems,
    ShowAgeing,
    ShowTrialBalance,
)
from comptroller.application.ledger.reconciling import ReconcileLedger
from comptroller.application.line_assignment import AssignOrderLines, GetOrderLines
from comptroller.application.mapping_preview import PreviewMapping
from comptroller.application.messages import SendMessage
from comptroller.application.migrating.case import MigrateCase
from comptroller.application.migrating.plan import FindMigrating, PlanMigration
from comptroller.application.migrating.versions import ListVersions, Move
from comptroller.application.notices.composing import ComposeNotice, Unwanted
from comptroller.application.notices.own import SetNoticeWishes, ShowSettings
from comptroller.application.notices.sending import RecordNotice, RemindOfTask, SendDigests
from comptroller.application.notices.subscriptions import SubscribePush, UnsubscribePush
from comptroller.application.notices.templates import ListNoticeTexts, PreviewNotice, ShowNoticeText
from comptroller.application.open_tasks import OpenTasks
from comptroller.application.payment_blocks import LiftPaymentBlock, ListPaymentBlocks
from comptroller.application.payments.commands import ConfirmPayment, GetPaymentRun, ProposePayments
from comptroller.application.people.absences import EndAbsence, RecordAbsence
from comptroller.application.people.delegations import EndDelegation, RecordDelegation
from comptroller.application.people.held_together import ListHeldTogether
from comptroller.application.people.looking_after import LookAfterPerson, LookAfterTask
from comptroller.application.people.query import GetPerson
from comptroller.application.ports.notices import PushTarget
from comptroller.application.ports.surroundings import Delivered
from comptroller.application.presenting.act_forms import ShowActForm
from comptroller.application.presenting.case import ShowCase
from comptroller.application.presenting.figures import ShowEvidence, ShowOverview
from comptroller.application.presenting.going import FindPlaces
from comptroller.application.presenting.incidents import ShowIncidents
from comptroller.application.presenting.insight import ShowCasesNamed, ShowInsight
from comptroller.application.presenting.intake import ShowIntake, ShowTakenIn
from comptroller.application.presenting.jobs import ShowJobs
from comptroller.application.presenting.keying import ShowKeyingForm
from comptroller.application.presenting.line_assignment import ShowLineAssignment
from comptroller.application.presenting.lists import ShowCases, ShowExceptions, ShowQueue
from comptroller.application.presenting.mappings import ShowMapping
from comptroller.application.presenting.master_data import ShowAccountForm, ShowClearanceForm
from comptroller.application.presenting.orders import ShowOrder
from comptroller.application.presenting.payments import ShowConfirmationForm, ShowPaymentRun, ShowPayments
from comptroller.application.presenting.people import (
    ShowAbsenceForm,
    ShowDelegationForm,
    ShowEnding,
    ShowPeople,
    ShowPerson,
)
from comptroller.application.presenting.policies.correction import ShowCorrection
from comptroller.application.presenting.policies.decision import GetPolicyModel, ShowPolicy
from comptroller.application.presenting.policies.drafts import ShowDraft
from comptroller.application.presenting.policies.files import ShowDraftFile, ShowDraftFiles
from comptroller.application.presenting.policies.in_force import ShowInForce
from comptroller.application.presenting.policies.listing import ShowPolicies
from comptroller.application.presenting.policies.overrides import ShowFollowing, ShowOverride
from comptroller.application.presenting.policies.releases import ShowReleases
from comptroller.application.presenting.policies.rollback import ShowRollback
from comptroller.application.presenting.processes import (
    GetCaseModel,
    GetProcessModel,
    ShowProcess,
    ShowProcesses,
)
from comptroller.application.presenting.purchasing import ShowReceiptForm
from comptroller.application.presenting.record_forms import ShowAgreements, ShowRecordForm
from comptroller.application.presenting.supplier import ShowSupplier, ShowSuppliers
from comptroller.application.presenting.surroundings import ShowChrome
from comptroller.application.purchase import TakePurchase
from comptroller.application.queries import (
    GetCase,
    GetDecisions,
    GetOriginal,
    GetTimeline,
    ListCases,
    ListDeliveries,
    ListReference,
    ListTasks,
)
from comptroller.application.records import revised
from comptroller.application.reference import PutReference
from comptroller.application.releasing.drafts import ChangeDraft, EndDraft, ProposeDraft, RenewDraft, StartDraft
from comptroller.application.releasing.history import Candidate
from comptroller.application.releasing.queries import (
    GetPolicyRequest,
    GetPolicyVersion,
    ListOverrides,
    ListPolicyRequests,
    ListPolicyVersions,
)
from comptroller.application.releasing.requests import (
    CheckPolicy,
    CorrectPolicy,
    FollowGroup,
    ProposePolicy,
    RollBackPolicy,
    WithdrawPolicy,
)
from comptroller.application.repairing import ListIncidents, RepairCase
from comptroller.application.repairing_many import Chosen, FindChosen, RepairCases
from comptroller.application.responding import GetResponse
from comptroller.application.search.columns import ChooseColumns
from comptroller.application.search.indexing import IndexCase
from comptroller.application.search.saved import EndSearch, SaveSearch
from comptroller.application.starting.beginning import BeginCase
from comptroller.application.starting.turns import TakeTurn
from comptroller.application.studio.files import WriteFile
from comptroller.application.studio.limit import TryLimit
from comptroller.application.studio.parameters import ChangeParameters, ShowParameters
from comptroller.application.studio.raw import GetDraftFile, GetRequestFile
from comptroller.application.studio.recording import RecordExample
from comptroller.application.studio.tables import CheckTable, WriteTable
from comptroller.application.studio.values import ChangeValue, ShowValueForm
from comptroller.application.submit import SubmitDocument
from comptroller.application.verification import VerifyAudit
from comptroller.domain.documents.model import DocumentKind
from comptroller.domain.documents.purchase import PurchaseDocument, PurchaseKind
from comptroller.domain.identity import Duty
from comptroller.domain.kernel.fault import Rejection
from comptroller.domain.kernel.instant import instant_text

NOW: Final = datetime(2026, 3, 27, tzinfo=UTC)
NOTICE: Final = records.OutboxRow(
    "n", "", "notices", "notice", "mail", "n", '{"kind":"digest","person":"p"}', "leased", NOW, 0, "w", NOW, 1, ""
)
THROWN: Final = '{"name":"m","about":"case/c","key":"","carries":{}}'
ROW: Final = records.OutboxRow("o", "", "cases", "message", "", "o", "{}", "leased", NOW, 0, "w", NOW, 1, "")


class NotRead:
    """What a reader answers that could read nothing."""

    kind = DocumentKind.UNKNOWN
    profile = ""
    invoice = None
    faults = ()
    media_type = ""
    to_key = False


COMMANDS: Final[dict[type, Any]] = {
    type(command): command
    for command in (
        SubmitDocument(b"", "application/json", NotRead()),
        RegisterIntake(Incoming("file", "k", "n", "text/csv", b"")),
        FinishIntake("i", ()),
        TakePurchase(PurchaseDocument(PurchaseKind.ORDER, "1", "1", None, None, "", {}), "d"),
        ListIntake(),
        GetIntake("i"),
        PreviewMapping(b""),
        ShowMapping("new"),
        ShowIntake(),
        ShowTakenIn("i"),
        ShowKeyingForm("c"),
        KeyDocument(b"{}", "application/json", NotRead(), case_id="c"),
        GetOrderLines("c"),
        ShowLineAssignment("c"),
        AssignOrderLines("c", "d", {"1": "1"}),
        ActOnTask("t", "approve", ""),
        CarryOutAct(revised(ROW, payload='{"action":"approve","content_hash":"","reason":"","until":""}')),
        UndoAct("t"),
        AskQuestion("t", "supplier", "which?"),
        ClaimTask("t"),
        ReleaseTask("t"),
        ReassignTask("t", "nobody.at.all", "because"),
        AddComment("c", "seen"),
        AttachFile("c", "note", "text/plain", b"x"),
        GetAttachment("c", "0"),
        CancelCase("c", "because"),
        MigrateCase("c", "because"),
        FindMigrating(Move("invoice", "v")),
        PlanMigration(Move("invoice", "v")),
        ListVersions("invoice"),
        PlaceBlock("c", "dispute", "because"),
        OpenTasks("c"),
        ClearScreening("S14", "v", "2026-04-30", "because"),
        LiftPaymentBlock("b", "because"),
        ListPaymentBlocks("S01"),
        PutReference("order", "X", {}),
        IssueApiKey("nobody.at.all"),
        RevokeApiKey("0"),
        CallUp("c"),
        SpreadThrown(revised(ROW, payload=THROWN)),
        TellCase(revised(ROW, payload=THROWN)),
        FireTimer(ROW),
        TakeTurn(ROW),
        BeginCase(ROW),
        LookAtTask(ROW),
        FinishMessage(ROW),
        LookAfterPerson(ROW),
        LookAfterTask(ROW),
        RecordAbsence("p", "2026-03-27", "2026-03-27"),
        EndAbsence("p", "k"),
        RecordDelegation("p", "q", "2026-03-27", "2026-03-27"),
        EndDelegation("p", "k"),
        GetPerson("p"),
        ListHeldTogether(),
        ShowPeople(),
        ShowPerson("p"),
        ShowAbsenceForm("p"),
        ShowDelegationForm("p"),
        ShowEnding("p", "absences", "k"),
        RecordDelivery(ROW, Delivered(accepted=True, retry=False, status=200, detail="")),
        RecordFailure(ROW, "a defect"),
        IndexCase(ROW),
        SaveSearch("mine", "outcome=posted"),
        EndSearch("k"),
        ComposeNotice(NOTICE),
        RecordNotice(NOTICE, Unwanted("nobody wants it")),
        RemindOfTask(ROW),
        SendDigests(ROW),
        SetNoticeWishes((), ()),
        SubscribePush(PushTarget("", "", "")),
        UnsubscribePush("k"),
        ShowSettings(),
        ListNoticeTexts(),
        ShowNoticeText("digest", "en"),
        PreviewNotice("digest", "en"),
        RetryDelivery("o", "because"),
        GetCase("c"),
        GetTimeline("c"),
        GetDecisions("c"),
        GetResponse("c"),
        GetOriginal("c"),
        ListCases(),
        ListTasks(),
        ShowAnswer("none"),
        AnswerByLink("none", "approve"),
        ReviewApprovals((Shown("none", "none"),)),
        ListDeliveries(),
        ListReference("order"),
        ListLedgers(),
        ShowTrialBalance("DE"),
        ShowFigures(),
        ShowReturn(),
        StartMeasuring("2026-03-01", "2026-03-31"),
        MeasureDays(date(2026, 3, 1), date(2026, 3, 31)),
        GetMeasured("j"),
        StartReplay("2026-03-01", "2026-03-31"),
        JudgePosted({}),
        GetReplay("j"),
        ShowCasesNamed(("c",)),
        ListIncidents(),
        ShowIncidents(),
        StartMigration(Move("invoice", "v"), "r"),
        GetJob("j"),
        ListJobs(),
        ShowJobs(),
        KeepJob(ROW, Job("o", "intake", "p", "", "", {}, 0), is_over=True),
        RepairCase("c", "retry", "r"),
        StartDraft("a change"),
        ChangeDraft("k", 1, {}),
        EndDraft("k"),
        RenewDraft("k"),
        ProposeDraft("k", 1),
        CheckTable("k", "may-sign", ()),
        WriteTable("k", "may-sign", 1, ()),
        TryLimit("k", "may-sign", (), None, 0, 0),
        ShowDraft("k"),
        ShowDraftFiles("k"),
        ShowDraftFile("k", "README.md"),
        WriteFile("k", 1, "README.md", b""),
        GetDraftFile("k", "README.md"),
        GetRequestFile("c", "README.md"),
        ShowParameters("k"),
        ShowValueForm("k", "may-sign", "r"),
        ChangeValue("k", "may-sign", 1, "r", "2026-04-01", {}),
        ChangeParameters("k", 1, {}),
        SendMessage("m", "k"),
        FindChosen(Chosen(("c",))),
        StartRepairs(RepairCases(Chosen(("c",)), "retry", "r")),
        StopJob("j", "r"),
        ShowPolicies(),
        ShowPolicy("may-sign"),
        GetPolicyModel("may-sign"),
        ShowProcesses(),
        ShowProcess("invoice"),
        GetProcessModel("invoice", "v"),
        GetCaseModel("c"),
        ShowSuppliers(),
        ShowSupplier("S01"),
        ListJournals("DE"),
        ListOpenItems("DE"),
        ShowAgeing("DE"),
        ReconcileLedger("DE"),
        ProposePayments("DE"),
        GetPaymentRun("c"),
        ConfirmPayment("c.P1", "executed"),
        CheckPolicy({}),
        CorrectPolicy({}, "2026-03-01"),
        RecordExample("c", "d"),
        StartBacktest(Candidate("v"), "2026-03-01"),
        TryCases({"version": "v", "base": "v"}, date(2026, 3, 1)),
        GetBacktest("j"),
        ListChanged("j"),
        StartCorrection(Candidate("v"), "2026-03-01"),
        CorrectCases({"version": "v", "base": "v"}, date(2026, 3, 1)),
        GetCorrection("j"),
        ShowCorrection("j"),
        ShowInForce(),
        ShowReleases(),
        CountWays("v", "v", "", *(instant_text(NOW),) * 2),
        KeepForecast("c", {}),
        CountLive("c", "v", "", *(instant_text(NOW),) * 3),
        ProposeRollback("c", "v", "", "because"),
        StartShadow(Candidate("v")),
        TryJudged("v", "v", *(instant_text(NOW),) * 3),
        GetShadow("j"),
        ProposePolicy("t", {}),
        FollowGroup("DE", "t"),
        RollBackPolicy("because"),
        ShowRollback(),
        WithdrawPolicy("c", "because"),
        ListPolicyVersions(),
        GetPolicyVersion(),
        ListOverrides(),
        ShowOverride("DE"),
        ShowFollowing("DE"),
        ListPolicyRequests(),
        GetPolicyRequest("c"),
        CompareLedger("DE"),
        PlanAccruals("DE", "2026-03"),
        BookAccruals("DE", "2026-03", "0"),
        ShowAttestation("DE", "2026-03"),
        AttestPeriod("DE", "2026-03", "0"),
        ShowChrome("queue"),
        ShowInsight(),
        ChooseColumns("cases", ("gross",)),
        FindPlaces("nord"),
        ShowQueue(),
        ShowCase("c"),
        ShowActForm("c", "cancel"),
        AmendRecord("order", "PO-2026-0103", 1, {}),
        ChangeAccount("S22", "AC-1", "", "mail", ""),
        ShowPayments(),
        ShowPaymentRun("c"),
        ShowConfirmationForm("c.P1"),
        ShowAccountForm("S22"),
        ShowClearanceForm("S14"),
        ShowOrder("PO-2026-0103"),
        ShowAgreements(),
        ShowRecordForm("contract", "CT-2023-016"),
        ChangeRecord("contract", "CT-2023-016", 1, {}),
        ShowReceiptForm("PO-2026-0103"),
        ShowCases(),
        ShowExceptions(),
        ShowOverview(),
        ShowEvidence(),
        VerifyAudit(),
    )
}


@pytest.fixture(scope="module")
def cast(databases: Databases, loaded: Snapshot) -> Iterator[Cast]:
    with databases.company(loaded) as company:
        yield assemble(company)


def named(use_case: UseCase) -> str:
    return use_case.command.__name__


def answer(company: Company, principal: str, use_case: UseCase) -> object:
    return company.platform.dispatcher.execute(TENANT, Request(principal, COMMANDS[use_case.command]))


def test_every_use_case_is_tried() -> None:
    assert {use_case.command for use_case in USE_CASES} == set(COMMANDS)
    assert len(USE_CASES) == len({use_case.command for use_case in USE_CASES})


@pytest.mark.parametrize("use_case", USE_CASES, ids=named)
def test_use_case_takes_a_duty(use_case: UseCase) -> None:
    assert use_case.duties
    assert use_case.duties <= frozenset(Duty)


@pytest.mark.parametrize("use_case", USE_CASES, ids=named)
def test_use_case_refuses_every_role_without_its_duty(cast: Cast, use_case: UseCase) -> None:
    without = [role for role, body in ROLES.items() if not use_case.duties & {Duty(duty) for duty in body["duties"]}]
    for role in [NOBODY, *without]:
        refused = answer(cast.company, Cast.principal(role), use_case)
        assert isinstance(refused, Rejection), role
        assert refused.code == "AUTH-DUTY-01", role


@pytest.mark.parametrize("use_case", USE_CASES, ids=named)
def test_use_case_refuses_who_is_unknown(cast: Cast, use_case: UseCase) -> None:
    refused = answer(cast.company, "nobody.at.all", use_case)
    assert isinstance(refused, Rejection)
    assert refused.code == "AUTH-PRINCIPAL-01"

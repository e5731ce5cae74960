"""Policy: written, tried, checked, proposed, released and watched."""

from typing import Final

from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.jobs.backtest import (
    GetBacktest,
    ListChanged,
    StartBacktest,
    TryCases,
    get_backtest,
    list_changed,
    start_backtest,
    try_cases,
)
from comptroller.application.jobs.correction import (
    CorrectCases,
    GetCorrection,
    StartCorrection,
    correct_cases,
    get_correction,
    start_correction,
)
from comptroller.application.jobs.forecast import CountWays, KeepForecast, count_ways, keep_forecast
from comptroller.application.jobs.job import BACKTEST, CORRECTION, SEEN_BY, SHADOW
from comptroller.application.jobs.shadow import GetShadow, StartShadow, TryJudged, get_shadow, start_shadow, try_judged
from comptroller.application.jobs.watch import CountLive, ProposeRollback, count_live, propose_rollback
from comptroller.application.presenting.policies.correction import ShowCorrection, show_correction
from comptroller.application.presenting.policies.decision import (
    GetPolicyModel,
    ShowPolicy,
    get_policy_model,
    show_policy,
)
from comptroller.application.presenting.policies.drafts import ShowDraft, show_draft
from comptroller.application.presenting.policies.files import (
    ShowDraftFile,
    ShowDraftFiles,
    show_draft_file,
    show_draft_files,
)
from comptroller.application.presenting.policies.in_force import ShowInForce, show_in_force
from comptroller.application.presenting.policies.listing import ShowPolicies, show_policies
from comptroller.application.presenting.policies.overrides import (
    ShowFollowing,
    ShowOverride,
    show_following,
    show_override,
)
from comptroller.application.presenting.policies.releases import ShowReleases, show_releases
from comptroller.application.presenting.policies.rollback import ShowRollback, show_rollback
from comptroller.application.releasing.drafts import (
    ChangeDraft,
    EndDraft,
    ProposeDraft,
    RenewDraft,
    StartDraft,
    change_draft,
    end_draft,
    propose_draft,
    renew_draft,
    start_draft,
)
from comptroller.application.releasing.queries import (
    GetPolicyRequest,
    GetPolicyVersion,
    ListOverrides,
    ListPolicyRequests,
    ListPolicyVersions,
    get_policy_request,
    get_policy_version,
    list_overrides,
    list_policy_requests,
    list_policy_versions,
)
from comptroller.application.releasing.requests import (
    CheckPolicy,
    CorrectPolicy,
    FollowGroup,
    ProposePolicy,
    RollBackPolicy,
    WithdrawPolicy,
    check_policy,
    correct_policy,
    follow_group,
    propose_policy,
    roll_back_policy,
    withdraw_policy,
)
from comptroller.application.studio.files import WriteFile, write_file
from comptroller.application.studio.limit import TryLimit, try_limit
from comptroller.application.studio.parameters import (
    ChangeParameters,
    ShowParameters,
    change_parameters,
    show_parameters,
)
from comptroller.application.studio.raw import GetDraftFile, GetRequestFile, get_draft_file, get_request_file
from comptroller.application.studio.recording import RecordExample, record_example
from comptroller.application.studio.tables import CheckTable, WriteTable, check_table, write_table
from comptroller.application.studio.values import ChangeValue, ShowValueForm, change_value, show_value_form
from comptroller.domain.identity import Duty

USE_CASES: Final = (
    UseCase(CheckPolicy, frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_PROPOSE}), check_policy, Mode.READ),
    UseCase(CorrectPolicy, frozenset({Duty.POLICY_AUTHOR, Duty.POLICY_PROPOSE}), correct_policy, Mode.READ),
    UseCase(RecordExample, one(Duty.POLICY_AUTHOR), record_example, Mode.READ),
    UseCase(StartBacktest, SEEN_BY[BACKTEST], start_backtest),
    UseCase(TryCases, SEEN_BY[BACKTEST], try_cases, Mode.READ),
    UseCase(GetBacktest, SEEN_BY[BACKTEST], get_backtest, Mode.READ),
    UseCase(ListChanged, SEEN_BY[BACKTEST], list_changed, Mode.READ),
    UseCase(StartCorrection, SEEN_BY[CORRECTION], start_correction),
    UseCase(CorrectCases, SEEN_BY[CORRECTION], correct_cases, Mode.READ),
    UseCase(GetCorrection, SEEN_BY[CORRECTION], get_correction, Mode.READ),
    UseCase(ShowCorrection, SEEN_BY[CORRECTION], show_correction, Mode.READ),
    UseCase(ShowInForce, one(Duty.POLICY_READ), show_in_force, Mode.READ),
    UseCase(CountWays, one(Duty.TIMER_RUN), count_ways, Mode.READ),
    UseCase(KeepForecast, one(Duty.TIMER_RUN), keep_forecast),
    UseCase(CountLive, one(Duty.TIMER_RUN), count_live, Mode.READ),
    UseCase(ProposeRollback, one(Duty.TIMER_RUN), propose_rollback),
    UseCase(StartShadow, SEEN_BY[SHADOW], start_shadow),
    UseCase(TryJudged, SEEN_BY[SHADOW], try_judged, Mode.READ),
    UseCase(GetShadow, SEEN_BY[SHADOW], get_shadow, Mode.READ),
    UseCase(ProposePolicy, one(Duty.POLICY_PROPOSE), propose_policy),
    UseCase(FollowGroup, one(Duty.POLICY_PROPOSE), follow_group),
    UseCase(RollBackPolicy, frozenset({Duty.POLICY_PROPOSE, Duty.POLICY_RELEASE}), roll_back_policy),
    UseCase(ShowReleases, one(Duty.POLICY_READ), show_releases, Mode.READ),
    UseCase(ShowRollback, one(Duty.POLICY_READ), show_rollback, Mode.READ),
    UseCase(WithdrawPolicy, frozenset({Duty.POLICY_PROPOSE, Duty.POLICY_RELEASE}), withdraw_policy),
    UseCase(ListPolicyVersions, one(Duty.POLICY_READ), list_policy_versions, Mode.READ),
    UseCase(GetPolicyVersion, one(Duty.POLICY_READ), get_policy_version, Mode.READ),
    UseCase(ListOverrides, one(Duty.POLICY_READ), list_overrides, Mode.READ),
    UseCase(ShowOverride, one(Duty.POLICY_READ), show_override, Mode.READ),
    UseCase(ShowFollowing, one(Duty.POLICY_READ), show_following, Mode.READ),
    UseCase(ListPolicyRequests, one(Duty.POLICY_READ), list_policy_requests, Mode.READ),
    UseCase(GetPolicyRequest, one(Duty.POLICY_READ), get_policy_request, Mode.READ),
    UseCase(StartDraft, one(Duty.POLICY_AUTHOR), start_draft),
    UseCase(ChangeDraft, one(Duty.POLICY_AUTHOR), change_draft),
    UseCase(EndDraft, one(Duty.POLICY_AUTHOR), end_draft),
    UseCase(RenewDraft, one(Duty.POLICY_AUTHOR), renew_draft),
    UseCase(ProposeDraft, one(Duty.POLICY_PROPOSE), propose_draft),
    UseCase(CheckTable, one(Duty.POLICY_AUTHOR), check_table, Mode.READ),
    UseCase(TryLimit, one(Duty.POLICY_AUTHOR), try_limit, Mode.READ),
    UseCase(WriteTable, one(Duty.POLICY_AUTHOR), write_table),
    UseCase(ShowValueForm, one(Duty.POLICY_READ), show_value_form, Mode.READ),
    UseCase(ChangeValue, one(Duty.POLICY_AUTHOR), change_value),
    UseCase(ShowParameters, one(Duty.POLICY_READ), show_parameters, Mode.READ),
    UseCase(ChangeParameters, one(Duty.POLICY_AUTHOR), change_parameters),
    UseCase(GetDraftFile, one(Duty.POLICY_READ), get_draft_file, Mode.READ),
    UseCase(GetRequestFile, one(Duty.POLICY_READ), get_request_file, Mode.READ),
    UseCase(WriteFile, one(Duty.POLICY_AUTHOR), write_file),
    UseCase(ShowDraftFiles, one(Duty.POLICY_READ), show_draft_files, Mode.READ),
    UseCase(ShowDraftFile, one(Duty.POLICY_READ), show_draft_file, Mode.READ),
    UseCase(ShowDraft, one(Duty.POLICY_READ), show_draft, Mode.READ),
    UseCase(ShowPolicies, one(Duty.POLICY_READ), show_policies, Mode.READ),
    UseCase(ShowPolicy, one(Duty.POLICY_READ), show_policy, Mode.READ),
    UseCase(GetPolicyModel, one(Duty.POLICY_READ), get_policy_model, Mode.READ),
)

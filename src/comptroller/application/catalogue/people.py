"""People: their keys, absences and delegations, and what they are told."""

from typing import Final

from comptroller.application.access import IssueApiKey, RevokeApiKey, issue_api_key, revoke_api_key
from comptroller.application.catalogue.duties import one
from comptroller.application.dispatcher import Mode, UseCase
from comptroller.application.notices.own import SetNoticeWishes, ShowSettings, set_notice_wishes, show_settings
from comptroller.application.notices.subscriptions import (
    SubscribePush,
    UnsubscribePush,
    subscribe_push,
    unsubscribe_push,
)
from comptroller.application.notices.templates import (
    ListNoticeTexts,
    PreviewNotice,
    ShowNoticeText,
    list_notice_texts,
    preview_notice,
    show_notice_text,
)
from comptroller.application.people.absences import EndAbsence, RecordAbsence, end_absence, record_absence
from comptroller.application.people.delegations import (
    EndDelegation,
    RecordDelegation,
    end_delegation,
    record_delegation,
)
from comptroller.application.people.held_together import ListHeldTogether, list_held_together
from comptroller.application.people.query import GetPerson, get_person
from comptroller.application.presenting.going import FindPlaces, find_places
from comptroller.application.presenting.people import (
    ShowAbsenceForm,
    ShowDelegationForm,
    ShowEnding,
    ShowPeople,
    ShowPerson,
    show_absence_form,
    show_delegation_form,
    show_ending,
    show_people,
    show_person,
)
from comptroller.application.presenting.surroundings import ShowChrome, show_chrome
from comptroller.domain.identity import Duty

_ANYBODY: Final = frozenset(Duty)
"""Whoever holds any duty at all: an active principal of the tenant with a role."""

USE_CASES: Final = (
    UseCase(IssueApiKey, one(Duty.PEOPLE_ADMINISTER), issue_api_key, given_once="api_key"),
    UseCase(RevokeApiKey, one(Duty.PEOPLE_ADMINISTER), revoke_api_key),
    UseCase(SetNoticeWishes, _ANYBODY, set_notice_wishes),
    UseCase(SubscribePush, _ANYBODY, subscribe_push),
    UseCase(UnsubscribePush, _ANYBODY, unsubscribe_push),
    UseCase(ShowSettings, _ANYBODY, show_settings, Mode.READ),
    UseCase(ListNoticeTexts, one(Duty.NOTICE_WRITE), list_notice_texts, Mode.READ),
    UseCase(ShowNoticeText, one(Duty.NOTICE_WRITE), show_notice_text, Mode.READ),
    UseCase(PreviewNotice, frozenset({Duty.REFERENCE_IMPORT, Duty.NOTICE_WRITE}), preview_notice, Mode.READ),
    UseCase(RecordAbsence, _ANYBODY, record_absence),  # of oneself; of others by who administers people
    UseCase(EndAbsence, _ANYBODY, end_absence),
    UseCase(RecordDelegation, _ANYBODY, record_delegation),
    UseCase(EndDelegation, _ANYBODY, end_delegation),
    UseCase(GetPerson, _ANYBODY, get_person, Mode.READ),
    UseCase(ListHeldTogether, frozenset({Duty.REFERENCE_READ, Duty.PEOPLE_ADMINISTER}), list_held_together, Mode.READ),
    UseCase(ShowChrome, _ANYBODY, show_chrome, Mode.READ),
    UseCase(FindPlaces, _ANYBODY, find_places, Mode.READ),
    UseCase(ShowPeople, frozenset({Duty.REFERENCE_READ, Duty.PEOPLE_ADMINISTER}), show_people, Mode.READ),
    UseCase(ShowPerson, _ANYBODY, show_person, Mode.READ),
    UseCase(ShowAbsenceForm, _ANYBODY, show_absence_form, Mode.READ),
    UseCase(ShowDelegationForm, _ANYBODY, show_delegation_form, Mode.READ),
    UseCase(ShowEnding, _ANYBODY, show_ending, Mode.READ),
)

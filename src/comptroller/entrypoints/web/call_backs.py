"""The form by which a person tells of a call to a supplier: which number, who answered, when, what the bank says."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

from comptroller.application.casework.account_change import CallBack
from comptroller.entrypoints.web.addresses import Told


@dataclass(frozen=True, slots=True)
class CallTold:
    """The fields of the form as typed; the hour is one of the tenant's zone."""

    number: str
    spoken_to: str
    called_at: str
    payee_check: str

    def call_back(self, zone: str) -> CallBack | None:
        """The call, where the form tells of one with a time that can be read."""
        try:
            at = datetime.fromisoformat(self.called_at)
        except ValueError:
            return None
        if at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo(zone))
        return CallBack(self.number, self.spoken_to, at, self.payee_check)


def _told(number: Told = "", spoken_to: Told = "", called_at: Told = "", payee_check: Told = "") -> CallTold:
    return CallTold(number, spoken_to, called_at, payee_check)


TellsOfCall = Annotated[CallTold, Depends(_told)]

"""What the ledger's system bears is a setting; one that makes no sense ends the process before it begins."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from comptroller.application.ports.work import Terms
from comptroller.bootstrap import SettingsError, ledger_connector, ledger_terms
from comptroller.settings import Settings


def settings(at_once: str, per_s: str) -> Settings:
    return Settings(Path(), "", "", "", ledger_at_once=at_once, ledger_per_s=per_s)


@pytest.mark.parametrize(
    ("at_once", "per_s", "terms"),
    [("", "", Terms()), ("4", "", Terms(4)), ("", "0.5", Terms(0, 0.5)), ("2", "100", Terms(2, 100.0))],
    ids=["nothing", "four at once", "one in two seconds", "both"],
)
def test_terms_are_read(at_once: str, per_s: str, terms: Terms) -> None:
    assert ledger_terms(settings(at_once, per_s)) == terms


@pytest.mark.parametrize(("at_once", "per_s"), [("-1", ""), ("many", ""), ("", "-2"), ("", "nan"), ("", "1/2")])
def test_terms_that_make_no_sense_are_refused(at_once: str, per_s: str) -> None:
    with pytest.raises(SettingsError, match="COMPTROLLER_LEDGER"):
        ledger_terms(settings(at_once, per_s))


@pytest.mark.parametrize("address", ["htp://ledger:secret@host", "http://", "ledger.example/post", "http://[::1"])
def test_address_that_is_none_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError, match="COMPTROLLER_LEDGER_URL") as refused:
        ledger_connector(address, lambda: datetime(2026, 3, 27, tzinfo=UTC))
    assert "secret" not in str(refused.value)

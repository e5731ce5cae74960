"""Notices are switched on by settings that go together; half of them is told when a process starts, not by silence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from comptroller.adapters.surroundings import machine_time
from comptroller.bootstrap import SettingsError, notice_channels
from comptroller.settings import Settings

WHOLE = Settings(
    Path("var"), "sqlite:///x", "", "", "https://c.example", "smtps://mail.example",
    "notices@c.example", "mailto:o@c.example",
)  # fmt: skip


def test_whole_settings_open_both_ways(tmp_path: Path) -> None:
    channels = notice_channels(WHOLE, tmp_path, machine_time)
    assert (channels.names, channels.base_url) == (("mail", "push"), "https://c.example")
    assert (tmp_path / "vapid.push-key").stat().st_mode & 0o077 == 0


def test_no_settings_open_none(tmp_path: Path) -> None:
    nothing = replace(WHOLE, base_url="", mail_url="", mail_from="", push_contact="")
    assert notice_channels(nothing, tmp_path, machine_time).names == ()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"base_url": ""}, "COMPTROLLER_BASE_URL"),
        ({"base_url": "http://c.example"}, "COMPTROLLER_BASE_URL"),
        ({"base_url": "https://c.example?x=1"}, "COMPTROLLER_BASE_URL"),
        ({"mail_from": "nobody"}, "COMPTROLLER_MAIL_FROM"),
        ({"mail_url": "mail.example"}, "COMPTROLLER_MAIL_URL"),
        ({"push_contact": "o@c.example"}, "COMPTROLLER_PUSH_CONTACT"),
    ],
)
def test_half_settings_are_refused_by_name(changes: dict[str, Any], named: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=named):
        notice_channels(replace(WHOLE, **changes), tmp_path, machine_time)

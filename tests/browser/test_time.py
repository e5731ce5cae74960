"""The company's own zone: every page tells its time, and says which one it is."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from tests.acceptance.cast import OTHER, PACK
from tests.browser.conftest import Visit
from tests.browser.site import Site

from comptroller.adapters.database import upgrade
from comptroller.application.founding import Founding, found_tenant
from comptroller.bootstrap import build, pack_files
from comptroller.settings import Settings


@pytest.mark.parametrize("person", ["", "samuel.grant"], ids=["at the door", "inside"])
def test_pages_tell_the_companys_time_and_who_runs_them(site: Site, visit: Visit, person: str) -> None:
    foot = visit(site, person, "/evidence").locator("footer")
    expect(foot).to_contain_text(re.compile(r"27\sMar\s2026, 09:\d\d\sCET"))
    expect(foot.get_by_title("Europe/Berlin")).to_have_count(1)
    expect(foot).to_contain_text("Managed by Northlight Services")


def test_story_and_its_days_are_in_the_companys_time(site: Site, visit: Visit) -> None:
    page = visit(site, "clara.weiss", f"/cases/{site.cases['D02']}?tab=timeline")
    first = page.locator("main .timeline time").first
    expect(first).to_have_text(re.compile(r"^09:\d\d:\d\d$"))
    expect(first).to_have_attribute("title", re.compile(r"27\sMar\s2026, 09:\d\d\sCET"))
    expect(first).to_have_attribute("datetime", re.compile(r"^2026-03-27T08:"))


def test_company_without_a_zone_has_utc(earnest_site: Site, visit: Visit) -> None:
    expect(visit(earnest_site).locator("footer")).to_contain_text(re.compile(r"\d\d:\d\d\sUTC"))


def test_company_is_not_founded_in_a_zone_that_nobody_knows(tmp_path: Path) -> None:
    settings = Settings(tmp_path, f"sqlite:///{tmp_path / 'comptroller.sqlite3'}", "", "browser")
    upgrade(settings.database_url)
    platform = build(settings)
    try:
        founding = Founding(OTHER, "Another company", "#333333", pack_files(PACK), time_zone="Europe/Nowhere")
        with pytest.raises(ValueError, match="no time zone `Europe/Nowhere`"):
            found_tenant(platform.environment, founding)
        assert list(platform.environment.store.tenants()) == []
    finally:
        platform.close()

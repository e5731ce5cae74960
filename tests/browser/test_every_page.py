"""What holds for every page: readable for everybody, at every width, in words."""

import re
import tomllib
from typing import Any

import pytest
from playwright.sync_api import Page
from tests.acceptance.company import ROOT
from tests.browser.conftest import Look, Scheme, Visit
from tests.browser.places import AXE, CONTRAST, PLACES, findings, forge_form
from tests.browser.site import Site

PHONE, DESK = 390, 1440
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
ROLES: dict[str, Any] = tomllib.loads((ROOT / "packs/accounts-payable/roles.toml").read_text())

OVERFLOW = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const beyond = [...document.querySelectorAll("main *")].filter(
        (found) => found.getBoundingClientRect().right > width + 1 && !found.closest("pre, .tabline, .chips, .away"));
    return ["the page", ...beyond.slice(0, 5).map((found) => found.outerHTML.slice(0, 120))];
}"""
READ = """() => {
    const quoted = "pre, .long, .outline, .rules, .findings, .logic";
    for (const verbatim of document.querySelectorAll(quoted)) verbatim.remove();
    for (const folded of document.querySelectorAll("details")) folded.open = true;
    return document.body.innerText;
}"""

SQUEEZED = """() => [...document.querySelectorAll("main td, main th, main dd, main p, main button")].filter((found) => {
    if (found.closest(".list thead")) return false;
    const width = found.getBoundingClientRect().width;
    return found.innerText.trim().length > 12 && width > 1 && width < 4 * parseFloat(getComputedStyle(found).fontSize);
}).map((found) => found.outerHTML.slice(0, 120))"""
"""Where a text stands in a column of a few letters."""

KEYS = {
    "a case's key": r"\b01[0-9a-z]{24}\b",
    "an instant for machines": r"\d{4}-\d\d-\d\dT\d\d:",
    "a day for machines": r"(?<![-\w])\d{4}-\d\d-\d\d(?![-\w])",
    "a value of the program": r"\b(?:True|False|None|undefined|decisionTable)\b|[{}\[\]]",
    "a media type": r"\bapplication/\w+",
    "an entry's type": r"\b(?:case|command|decision|facts|journal|process|signature|task)\.[a-z]+\b",
    "digits that nobody reads": r"\.\d*0{4,}(?!\d)|\.\d{7,}",
    "an unlimited entity": r"(?:^|[ ,·])\*(?:$|[ ,·])",
    "quotes of the program": r"`",
}
"""What stands for a word that a person would need."""


def test_axe_core_is_installed() -> None:
    assert AXE.exists(), "run `npm ci` where the page's package.json lies"


@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("name", PLACES)
def test_a_page_is_readable_for_everybody(site: Site, look: Look, name: str, width: int) -> None:
    page = look(site, PLACES[name], width)
    found = {"for everybody": findings(page), "beyond the edge": page.evaluate(OVERFLOW) if width == PHONE else []}
    page.emulate_media(color_scheme="dark")
    found["in the dark"] = findings(page, only=CONTRAST)  # nothing else depends on colours
    text = visible_text(page)
    found |= {kind: re.findall(key, text, re.MULTILINE) for kind, key in KEYS.items()}
    found["a key"] = [key for key in (*site.keys, *ROLES) if re.search(r"[-.]", key) and key in text]
    assert {what: where for what, where in found.items() if where} == {}


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_axe_finds_nothing_on_a_refusal(site: Site, visit: Visit, width: int) -> None:
    page = visit(site, "samuel.grant", "/evidence", width=width)
    forge_form(page, "/evidence/verify")
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert findings(page) == []


@pytest.mark.parametrize("name", PLACES)
def test_nothing_is_wider_than_a_phone_with_large_text(site: Site, look: Look, name: str) -> None:
    page = look(site, PLACES[name], PHONE, large_text=True)
    assert page.evaluate("() => getComputedStyle(document.documentElement).fontSize") == "32px"
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(SQUEEZED) == []


def visible_text(page: Page) -> str:
    """What a person can read on a page, what is folded included; what is quoted byte for byte is not."""
    text = page.evaluate(READ)
    assert isinstance(text, str)
    return text


def test_looking_leaves_no_trace(site: Site, look: Look) -> None:
    """Nothing acts on GET: after a look at every page the log is as long as before, but for who has opened what."""

    def entries() -> int:
        with site.api("samuel.grant") as auditor:
            report = auditor.get("/v1/audit/verification").json()
            stories = [auditor.get(f"/v1/cases/{case_id}/timeline").json() for case_id in {*site.cases.values()}]
        opened: int = sum(entry["type"] == "task.opened" for story in stories for entry in story["entries"])
        return int(report["size"]) + int(report["unsequenced"]) - opened

    before = entries()
    for name, place in PLACES.items():
        if not name.startswith("no"):  # asking for what is not there, or not for one, is recorded as a refusal
            look(site, place, DESK)
    assert entries() == before

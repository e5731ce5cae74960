"""A real browser before a real server: Chromium, `comptroller serve` as a process, the demonstration company in it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright
from tests.browser.pictures import keep_picture
from tests.browser.places import Place
from tests.browser.site import EVERYBODY, Site, at_once, copy_home, found_demonstration, found_other, serving

from comptroller.application.presenting.paging import LISTED_MAX

CHROMIUM: Final = Path("/usr/bin/chromium")
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PATIENCE_MS: Final = 30_000
"""How long a page may take on a machine that has other things to do."""

Scheme = Literal["light", "dark"]
Visit = Callable[..., Page]
"""`visit(site, person, path, width=, script=)`: a page in a window of its own, signed in."""

Look = Callable[..., Page]
"""`look(site, place, width, large_text=)`: a page in a window that is shared with whoever else only looks."""


Picture = Callable[[Page, str], None]
"""`picture(page, name)`: keeps what is to be seen, where pictures are asked for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--pictures docs/pictures` keeps a picture of each page of the storyline there."""
    parser.addoption("--pictures", default="", help="a directory to keep the pictures of the storyline in")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here needs the browser; pictures are taken in the order of the story."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)
    if config.getoption("--pictures", default=""):
        items.sort(key=lambda item: (item.location[0], item.location[1] or 0))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, where there is a Chromium for it to drive."""
    if not CHROMIUM.exists():
        message = f"{CHROMIUM} is not there"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium as people have it."""
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def large_text_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium of somebody who has set the text to 200 %."""
    arguments = [*ARGUMENTS, "--blink-settings=defaultFontSize=32,defaultFixedFontSize=26"]
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
    yield launched
    launched.close()


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The demonstration company at rest, beside another company in the same database."""

    home: Path
    keys: dict[str, str]
    cases: dict[str, str]


@pytest.fixture(scope="session")
def demonstration(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """Founded once; not where there is no browser to look at it."""
    assert browser.is_connected()
    home = tmp_path_factory.mktemp("browser") / "founded"
    home.mkdir()
    keys, cases = found_demonstration(home)
    return Demonstration(home, {**keys, EVERYBODY: found_other(home)}, cases)


@pytest.fixture(scope="session")
def site(demonstration: Demonstration) -> Iterator[Site]:
    """The company for tests that only look."""
    home = copy_home(demonstration.home, demonstration.home.with_name("looked-at"))
    with serving(home, demonstration.keys, demonstration.cases) as served:
        yield served


@pytest.fixture(scope="session")
def busy_site(demonstration: Demonstration) -> Iterator[Site]:
    """The company for tests that act, each on a document of its own."""
    home = at_once(copy_home(demonstration.home, demonstration.home.with_name("acted-in")))
    with serving(home, demonstration.keys, demonstration.cases) as served:
        yield served


@pytest.fixture(scope="module")
def told_site(demonstration: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The company with nothing in it but the demonstration, for each module that signs its documents anew."""
    home = copy_home(demonstration.home, tmp_path_factory.mktemp("told") / "home")
    with serving(home, demonstration.keys, demonstration.cases) as served:
        yield served


@pytest.fixture(scope="session")
def crowded_site(demonstration: Demonstration) -> Iterator[Site]:
    """The company with more exceptions than a page lists."""
    home = copy_home(demonstration.home, demonstration.home.with_name("crowded"))
    with serving(home, demonstration.keys, demonstration.cases) as served:
        served.hand_in_held([f"AS-{20_000 + place}" for place in range(LISTED_MAX + 10)])
        yield served


@pytest.fixture
def own_site(demonstration: Demonstration, tmp_path: Path) -> Iterator[Site]:
    """The company for one test that counts on nobody else's documents."""
    home = at_once(copy_home(demonstration.home, tmp_path / "home"))
    with serving(home, demonstration.keys, demonstration.cases) as served:
        yield served


@pytest.fixture(scope="session")
def earnest_site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A company that is no demonstration, alone on its server."""
    assert browser.is_connected()
    home = tmp_path_factory.mktemp("earnest")
    with serving(home, {EVERYBODY: found_other(home)}, {}) as served:
        yield served


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens pages; each person in a window of their own, all closed afterwards."""
    contexts = []

    def opened(
        site: Site,
        person: str = "",
        path: str = "/",
        *,
        width: int = 1440,
        script: bool = True,
    ) -> Page:
        contexts.append(come_in(browser, site, person, width, script=script))
        page = contexts[-1].new_page()
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Picture:
    """Keeps pictures where `--pictures` says; without it, keeps none."""
    into: str = request.config.getoption("--pictures", default="")

    def kept(page: Page, name: str) -> None:
        if into:
            keep_picture(page, Path(into) / f"{name}.png")

    return kept


@pytest.fixture(scope="session")
def look(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Look]:
    """Opens pages in windows that stay: for looking, one for each person and size is enough."""
    pages: dict[tuple[str, str, int, bool], Page] = {}

    def opened(site: Site, place: Place, width: int, *, large_text: bool = False) -> Page:
        key = (site.url, place.person, width, large_text)
        if key not in pages:
            used: Browser = request.getfixturevalue("large_text_browser") if large_text else browser
            pages[key] = come_in(used, site, place.person, width).new_page()
        pages[key].emulate_media(color_scheme="light")
        pages[key].goto(place.on(site))
        return pages[key]

    yield opened
    for page in pages.values():
        page.context.close()


def come_in(browser: Browser, site: Site, person: str, width: int, *, script: bool = True) -> BrowserContext:
    """A window of somebody who has signed in; of nobody yet without a name."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": width, "height": 844},
        java_script_enabled=script,
        has_touch=width < 768,
    )
    context.set_default_timeout(PATIENCE_MS)
    if person:
        signed_in = context.request.post("/sign-in", form={"person": person}, max_redirects=0)
        assert signed_in.status == 303, signed_in.text()
    return context

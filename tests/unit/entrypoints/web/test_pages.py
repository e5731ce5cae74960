"""The templates: they show what the view says, escape what a sender wrote, and need neither script nor inline style."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from comptroller.application.views import (
    ActionView,
    CaseItem,
    CasesView,
    CaseTab,
    CaseView,
    Chrome,
    DecisionView,
    ErrorView,
    EvidenceView,
    ExceptionsView,
    NavigationItem,
    OriginalView,
    OverviewView,
    PeopleGroup,
    PersonChoice,
    ProcessView,
    ProofView,
    QueueItem,
    QueueView,
    ShownAs,
    SignInView,
    Standing,
    TaskView,
)
from comptroller.domain.documents.model import Invoice, Line, Party, Totals
from comptroller.domain.kernel.money import Money
from comptroller.entrypoints.web.pages import page, tenant_style

NOW = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
LENA = PersonChoice("lena.vogt", "Lena Vogt", ("Plant manager",), ("DE",))
CHROME = Chrome(
    "brennhof",
    "Brennhof Group SE",
    NOW,
    "Europe/Berlin",
    person=LENA,
    navigation=(NavigationItem("queue", "My queue", "q", 1), NavigationItem("cases", "Cases", "c")),
    current="queue",
    form_token="a-form-token",
)
HOSTILE = "<script>alert(1)</script>"
HASH = "ab" * 32
NET = Money(Decimal(3120), "EUR")
APPROVE = ActionView("approve", "Approve", key="a")
REJECT = ActionView("reject", "Reject", needs_reason=True, key="r")
CASE = CaseView(
    case_id="c11",
    number="KE-774412",
    supplier="Kaltbach Energie GmbH",
    entity="DE",
    entity_name="Brennhof GmbH",
    status="waiting",
    summary="Waits for a signature",
    standing=Standing.WAITING,
    received_at=NOW - timedelta(hours=1),
    received_by="Tomasz Zielinski",
    document=Invoice(
        number="KE-774412",
        issue_date=date(2026, 3, 20),
        type_code="380",
        currency="EUR",
        seller=Party(name=HOSTILE),
        totals=Totals(net=Decimal("3120.00"), gross=Decimal("3712.80"), payable=Decimal("3712.80")),
        lines=(Line("1", "Electricity", quantity=Decimal(12000), unit="KWH", net_price=Decimal("0.26")),),
    ),
    original=OriginalView(HASH, "application/xml", 4812, HOSTILE),
    proof=ProofView(HASH, HASH, HASH, HASH, 9, HASH),
    process=ProcessView("Invoice", HASH, ()),
    gross=Money(Decimal("3712.80"), "EUR"),
    task=TaskView("t11", "approval", "Approve", "You own the cost centre", "content-hash", NOW, (APPROVE, REJECT)),
    decisions=(DecisionView("line match", "Match", "not applicable", Standing.NEUTRAL, "no order"),),
)
ITEM = CaseItem("c11", "KE-774412", HOSTILE, "DE", "waiting", "Held", Standing.WAITING, NOW)
TASK = QueueItem("t11", "c11", "approval", "Approve", HOSTILE, "KE-774412", "Brennhof GmbH", "", "why", NOW, NOW, NET)
PAGES = {
    "sign-in.html": SignInView((PeopleGroup("Sign", (LENA,)),), "/queue"),
    "queue.html": QueueView((TASK,)),
    "cases.html": CasesView((ITEM,), (), 1),
    "exceptions.html": ExceptionsView(()),
    "overview.html": OverviewView((), longest_waiting=(ITEM,)),
    "evidence.html": EvidenceView(0, 0),
    "error.html": ErrorView(404, "Not found", HOSTILE),
    "case.html": CASE,
}


def form_tags(html: str) -> list[str]:
    return re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL)


@pytest.mark.parametrize("template", PAGES)
def test_a_page_keeps_to_its_content_security_policy(template: str) -> None:
    html = page(template, CHROME, PAGES[template])
    assert HOSTILE not in html
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=\"/static/)|https?://", html)


@pytest.mark.parametrize("template", PAGES)
def test_every_form_that_acts_carries_the_token(template: str) -> None:
    for form in form_tags(page(template, CHROME, PAGES[template])):
        assert 'name="form_token" value="a-form-token"' in form


@pytest.mark.parametrize("tab", CaseTab)
def test_every_tab_is_drawn_without_script(tab: CaseTab) -> None:
    html = page("case.html", CHROME, replace(CASE, tab=tab))
    assert re.search(rf'id="tab-{tab}" href="/cases/c11\?tab={tab}#tabs"[^>]*aria-current="page"', html)


def test_the_original_is_shown_escaped() -> None:
    html = page("case.html", CHROME, replace(CASE, shown_as=ShownAs.ORIGINAL))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;</pre>" in html


def test_a_signature_sends_back_the_hash_of_what_was_shown() -> None:
    (form,) = (form for form in form_tags(page("case.html", CHROME, CASE)) if "/tasks/t11/actions" in form)
    assert 'name="content_hash" value="content-hash"' in form
    assert re.findall(r'name="action" value="(\w+)"', form) == ["approve", "reject"]


def test_an_act_that_is_not_allowed_is_disabled_and_says_why() -> None:
    assert CASE.task is not None
    refused = replace(APPROVE, allowed=False, refusal="you entered this invoice")
    html = page("case.html", CHROME, replace(CASE, task=replace(CASE.task, actions=(refused, REJECT))))
    assert re.search(r'value="approve"[^>]* disabled aria-describedby="not-1"', html)
    assert "Approve is off: you entered this invoice" in html


def test_nothing_can_be_done_where_nothing_is_asked() -> None:
    assert "/actions" not in page("case.html", CHROME, replace(CASE, task=None))


def test_the_tenants_style_carries_both_accents() -> None:
    assert "--accent: light-dark(#1d5fa8, " in tenant_style("#1d5fa8")

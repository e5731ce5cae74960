"""A person's own page: what to be told, in which browsers; and the mails that a demonstration catches."""

from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from re import findall

import pytest
from starlette.testclient import TestClient
from tests.acceptance.company import Databases, Snapshot
from tests.acceptance.notified import Notified, notified
from tests.acceptance.test_links import signed_in
from tests.acceptance.test_notices import hand_in

from comptroller.adapters.mail import MailServer, SmtpSender
from comptroller.adapters.mail.catcher import Mailbox, MailCatcher
from comptroller.application.catalogue import USE_CASES
from comptroller.application.dispatcher import Dispatcher
from comptroller.application.notices.wishes import wishes_of
from comptroller.application.work import work_until_idle
from comptroller.domain.notices import NoticeKind


@pytest.fixture
def told(databases: Databases, founded: Snapshot) -> Iterator[Notified]:
    with notified(databases, founded) as made:
        yield made


def token(client: TestClient) -> str:
    return str(findall(r'name="form_token" value="([0-9a-f]+)"', client.get("/settings").text)[0])


def test_person_chooses_what_to_be_told(told: Notified) -> None:
    client = signed_in(told.company, "lena.vogt")
    page = client.get("/settings").text
    assert "lena.vogt@brennhof.example" in page
    form = {"form_token": token(client), "mail": ["digest"], "push": []}
    assert client.post("/settings/notices", data=form).status_code == 303
    wishes = told.company.read(lambda uow: wishes_of(uow, ["lena.vogt"]))["lena.vogt"]
    assert (set(wishes.mail), set(wishes.push)) == ({NoticeKind.DIGEST}, set())
    nothing = {"form_token": token(client)}
    assert client.post("/settings/notices", data=nothing).status_code == 303
    assert told.company.read(lambda uow: wishes_of(uow, ["lena.vogt"]))["lena.vogt"].mail == frozenset()


@pytest.mark.parametrize("path", ["/settings/notices", "/settings/browsers", "/settings/browsers/k/end"])
def test_form_of_another_site_does_nothing(told: Notified, path: str) -> None:
    client = signed_in(told.company, "lena.vogt")
    assert client.post(path, data={"form_token": "forged", "mail": ["digest"]}).status_code == 403


def test_browser_is_taken_in_and_let_go(told: Notified) -> None:
    client = signed_in(told.company, "lena.vogt")
    form = {"form_token": token(client), "endpoint": "https://push.example/one", "p256dh": "k", "auth": "s"}
    agent = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    assert client.post("/settings/browsers", data=form, headers=agent).status_code == 303
    page = client.get("/settings").text
    assert "Firefox on Linux" in page
    (key,) = findall(r"/settings/browsers/([0-9a-f]{32})/end", page)
    assert client.post(f"/settings/browsers/{key}/end", data={"form_token": token(client)}).status_code == 303
    assert "Firefox on Linux" not in client.get("/settings").text


def test_browser_of_another_service_is_refused_beside_the_button(told: Notified) -> None:
    client = signed_in(told.company, "lena.vogt")
    form = {"form_token": token(client), "endpoint": "https://evil.example/", "p256dh": "k", "auth": "s"}
    answer = client.post("/settings/browsers", data=form)
    assert (answer.status_code, "not allowed here" in answer.text) == (422, True)


def test_demonstration_shows_the_mails_it_catches_in_plain_text(told: Notified) -> None:
    mailbox = Mailbox()
    catcher = MailCatcher(mailbox)
    server = MailServer.read(f"smtp://127.0.0.1:{catcher.start()}")
    environment = told.company.platform.environment
    sender = SmtpSender(server, sender="notices@brennhof.example")
    dispatcher = Dispatcher(replace(environment, notices=replace(environment.notices, mail=sender)), USE_CASES)
    try:
        hand_in(told.company, "D11")
        work_until_idle(dispatcher, "acceptance")
    finally:
        catcher.stop()
    with_mails = replace(told.company, platform=replace(told.company.platform, dispatcher=dispatcher), mailbox=mailbox)
    shown = signed_in(with_mails, "priya.nair").get("/mails")
    assert shown.status_code == 200
    assert "KE-774412" in shown.text
    assert "Guten Tag Lena Vogt" in shown.text
    assert 'href="/mails"' in shown.text
    assert signed_in(told.company, "priya.nair").get("/mails").status_code == 404


def written(client: TestClient, path: str, **typed: str) -> tuple[int, str]:
    """Send the form of a notice's words; status and page."""
    answer = client.post(path, data={"form_token": token(client), **typed})
    return answer.status_code, answer.text


def test_operator_writes_the_words_of_a_notice_and_sees_them_filled_in(told: Notified) -> None:
    client, path = signed_in(told.company, "mika.ranta"), "/settings/texts/task-offered/de"
    assert "/settings/texts" in client.get("/settings").text
    assert "Guten Tag Ada Example" in client.get(path).text
    words = {"subject": "Bitte: {{number}}", "text": "{{person}}: {{link}}", "html": "<p>Für {{supplier}}</p>"}
    status, page = written(client, path, **words)
    assert (status, "<strong>Bitte: R-2026-118</strong>" in page) == (200, True)
    assert "<p>Für Example &amp; Sons Ltd</p>" in page
    assert written(client, path, do="keep", version="0", **words)[0] == 303
    assert "your company's, version 1" in unescape(client.get("/settings/texts").text).lower()
    hand_in(told.company, "D11")
    told.company.work()
    assert [mail.subject for mail in told.post.tried] == ["Bitte: KE-774412"]


def test_words_with_a_fault_are_neither_shown_nor_kept(told: Notified) -> None:
    client, path = signed_in(told.company, "mika.ranta"), "/settings/texts/task-offered/de"
    words = {"subject": "{{iban}}", "text": "x", "html": "<img src=x>"}
    for do in ("", "keep"):
        status, page = written(client, path, do=do, **words)
        assert status == 422
        assert "Line 1: there is no field" in page
        assert "<img" not in page
        assert "With an invented example" not in page
    assert "The product's words" in unescape(client.get(path).text)


def test_words_that_somebody_else_wrote_meanwhile_are_not_overwritten(told: Notified) -> None:
    client, path = signed_in(told.company, "mika.ranta"), "/settings/texts/digest/en"
    words = {"subject": "{{count}} waiting", "text": "{{link}}", "html": ""}
    assert written(client, path, do="keep", version="0", **words)[0] == 303
    assert written(client, path, do="keep", version="0", **{**words, "subject": "mine"})[0] == 409
    status, page = written(client, path, do="product")
    assert (status, "{{count}} waiting for you" in page) == (200, True)


@pytest.mark.parametrize("path", ["nothing/de", "digest/DE", "digest/d1"])
def test_notice_that_is_none_is_not_there(told: Notified, path: str) -> None:
    assert signed_in(told.company, "mika.ranta").get(f"/settings/texts/{path}").status_code == 404

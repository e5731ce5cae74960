"""Mails are handed to a real server on this machine; what it answers is told apart."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from tests.unit.adapters.mail.test_message import MAIL

from comptroller.adapters.mail import MailAddressError, MailServer, SmtpSender
from comptroller.adapters.mail.catcher import Mailbox, MailCatcher


@pytest.fixture
def catcher() -> Iterator[tuple[Mailbox, SmtpSender]]:
    mailbox = Mailbox(kept=3)
    server = MailCatcher(mailbox)
    port = server.start()
    yield mailbox, SmtpSender(MailServer.read(f"smtp://127.0.0.1:{port}"), sender="notices@acme.example")
    server.stop()


def test_mail_arrives(catcher: tuple[Mailbox, SmtpSender]) -> None:
    mailbox, sender = catcher
    delivered = sender.send(replace(MAIL, text="Fällig.\n.\nEnde\n"))
    assert (delivered.accepted, delivered.status) == (True, 250)
    (mail,) = mailbox.mails()
    assert (mail.to, mail.subject, mail.text) == (
        "Ada Example <ada@acme.example>",
        "Approve: R-1",
        "Fällig.\n.\nEnde\n",
    )
    assert mail.list_id == "<notices.acme.acme.example>"


def test_catcher_keeps_the_last_mails_only(catcher: tuple[Mailbox, SmtpSender]) -> None:
    mailbox, sender = catcher
    for number in range(5):
        assert sender.send(replace(MAIL, subject=f"mail {number}")).accepted
    assert [mail.subject for mail in mailbox.mails()] == ["mail 4", "mail 3", "mail 2"]


class Refusing:
    """A server that says no to a reader, or to the mail."""

    def __init__(self, *, rcpt: str = "250 ok", data: str = "250 ok") -> None:
        self._rcpt, self._data = rcpt, data

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - the library's name
        envelope.rcpt_tos.append(address)
        return self._rcpt

    async def handle_DATA(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802 - the library's name
        return self._data


@pytest.mark.parametrize(
    ("answers", "retry", "status"),
    [
        pytest.param({"rcpt": "550 no such person"}, False, 550, id="nobody there"),
        pytest.param({"rcpt": "451 later"}, True, 451, id="later"),
        pytest.param({"data": "554 no"}, False, 554, id="the mail is refused"),
        pytest.param({"data": "452 full"}, True, 452, id="no room"),
    ],
)
def test_answers_are_told_apart(answers: dict[str, str], retry: bool, status: int) -> None:
    server = MailCatcher(Refusing(**answers))
    port = server.start()
    try:
        sender = SmtpSender(MailServer.read(f"smtp://127.0.0.1:{port}"), sender="notices@acme.example")
        delivered = sender.send(MAIL)
    finally:
        server.stop()
    assert (delivered.accepted, delivered.retry, delivered.status) == (False, retry, status)


def test_server_that_is_not_there_is_tried_again() -> None:
    server = MailCatcher(Mailbox())
    port = server.start()
    server.stop()
    delivered = SmtpSender(MailServer.read(f"smtp://127.0.0.1:{port}"), sender="notices@acme.example").send(MAIL)
    assert (delivered.accepted, delivered.retry, delivered.status) == (False, True, 0)


def test_no_mail_goes_in_the_clear_to_another_machine(catcher: tuple[Mailbox, SmtpSender]) -> None:
    mailbox, sender = catcher
    server = replace(sender._server, security="starttls")  # as another machine's would be taken
    delivered = SmtpSender(server, sender="notices@acme.example").send(MAIL)
    assert (delivered.accepted, delivered.retry) == (False, True)
    assert mailbox.mails() == ()


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtps://ada:p%40ss@mail.example", MailServer("mail.example", 465, "tls", "ada", "p@ss")),
        ("smtp://mail.example", MailServer("mail.example", 587, "starttls")),
        ("smtp://127.0.0.1:2525", MailServer("127.0.0.1", 2525, "none")),
    ],
)
def test_address_of_a_server(url: str, server: MailServer) -> None:
    assert MailServer.read(url) == server


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://x:y", "smtp://x/?tls=none"])
def test_address_that_is_none(url: str) -> None:
    with pytest.raises(MailAddressError):
        MailServer.read(url)

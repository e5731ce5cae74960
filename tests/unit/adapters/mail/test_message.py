"""Mails as they go out: headers that machines go by, and that nothing can break out of."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Final

import pytest

from comptroller.adapters.mail import build_message
from comptroller.application.ports.notices import Mail

MAIL: Final = Mail(
    key="notice.t1.task-offered.ada.mail",
    tenant="acme",
    tenant_name="Acme Group",
    to_name="Ada Example",
    to_address="ada@acme.example",
    subject="Approve: R-1",
    text="Approve R-1.\n",
    html="<p>Approve R-1.</p>",
    at=datetime(2026, 3, 27, 8, tzinfo=UTC),
)


def sent(mail: Mail) -> EmailMessage:
    content = build_message(mail, sender="notices@acme.example").as_bytes()
    return message_from_bytes(content, policy=default)


def test_headers_say_what_the_mail_is() -> None:
    message = sent(MAIL)
    assert message["From"] == "Acme Group <notices@acme.example>"
    assert message["To"] == "Ada Example <ada@acme.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<notices.acme.acme.example>"
    assert message["Date"] == "Fri, 27 Mar 2026 08:00:00 +0000"
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_repeat_has_the_same_message_id_and_another_notice_has_another() -> None:
    first, repeat = sent(MAIL)["Message-ID"], sent(replace(MAIL, subject="Approve: R-1, again"))["Message-ID"]
    assert first == repeat
    assert sent(replace(MAIL, key="another"))["Message-ID"] != first
    assert sent(replace(MAIL, tenant="other"))["Message-ID"] != first


@pytest.mark.parametrize(
    "breaking", ["\r\nBcc: eve@evil.example", "\nBcc: eve@evil.example\n\nhello", "\u2028Bcc: x", "\x00"]
)
@pytest.mark.parametrize("name", ["subject", "to_name", "tenant_name"])
def test_no_header_is_broken_out_of(name: str, breaking: str) -> None:
    message = sent(replace(MAIL, **{name: f"Ada{breaking}"}))  # type: ignore[arg-type] # the names of texts
    assert message["Bcc"] is None
    assert len(message.keys()) == len(sent(MAIL).keys())
    assert message.get_body(("plain",)).get_content().splitlines() == MAIL.text.splitlines()  # type: ignore[union-attr] # it has one


@pytest.mark.parametrize("address", ["ada@acme.example\nBcc: eve@evil.example", "ada@acme.example>, <eve@evil.example"])
def test_address_that_is_more_than_one_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        build_message(replace(MAIL, to_address=address), sender="notices@acme.example")


def test_names_travel_encoded() -> None:
    mail = replace(MAIL, to_name="Amélie, „die“ <Laurent>", subject="Überfällig: ½")
    content = build_message(mail, sender="notices@acme.example").as_bytes()
    assert content.partition(b"\r\n\r\n")[0].isascii()
    message = sent(mail)
    assert message["To"].addresses[0].display_name == "Amélie, „die“ <Laurent>"
    assert message["To"].addresses[0].addr_spec == "ada@acme.example"
    assert message["Subject"] == "Überfällig: ½"

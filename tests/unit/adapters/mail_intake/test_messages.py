"""A mail to its documents: whatever the parts are called, and nothing passed over that may hold one."""

from email.message import EmailMessage

import pytest

from comptroller.adapters.mail_intake import open_mail
from comptroller.adapters.mail_intake.messages import ATTACHMENTS_MAX, DEPTH_MAX

PDF = b"%PDF-1.7 x"
XML = b"<?xml version='1.0'?><a/>"


def mail(*parts: tuple[bytes, str, str]) -> EmailMessage:
    """A mail with files: content, media type, name."""
    message = EmailMessage()
    message["From"] = "a@supplier.example"
    message.set_content("see attached")
    for content, media_type, name in parts:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name or None)
    return message


def found(message: EmailMessage) -> list[tuple[str, str, bool]]:
    """Each part: name, media type, whether it is read."""
    return [(each.name, each.media_type, not each.not_read) for each in open_mail(message.as_bytes()).attachments]


@pytest.mark.parametrize(
    ("content", "media_type", "name", "read_as"),
    [
        pytest.param(PDF, "application/octet-stream", "R-1.PDF", "application/pdf", id="by the end of its name"),
        pytest.param(PDF, "application/octet-stream", "Rechnung 4711", "application/pdf", id="by its bytes"),
        pytest.param(XML, "application/octet-stream", "", "application/xml", id="without a name, by its bytes"),
        pytest.param(XML, "application/xml", "r.dat", "application/xml", id="by its media type"),
    ],
)
def test_document_is_found_by_what_tells_it(content: bytes, media_type: str, name: str, read_as: str) -> None:
    assert found(mail((content, media_type, name))) == [(name or "part 1", read_as, True)]


@pytest.mark.parametrize(
    ("content", "media_type", "name"),
    [
        pytest.param(b"\x89PNG", "image/png", "logo.png", id="a picture"),
        pytest.param(b"%PDF-1.7", "text/plain", "notes.txt", id="a text"),
        pytest.param(b"PK\x03\x04", "application/octet-stream", "terms.docx", id="a text document"),
        pytest.param(b"0\x82", "application/pkcs7-signature", "smime.p7s", id="a signature"),
    ],
)
def test_what_is_no_document_is_passed_over(content: bytes, media_type: str, name: str) -> None:
    assert found(mail((content, media_type, name))) == []


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param(b"PK\x03\x04", "invoices.zip", id="an archive"),
        pytest.param(b"PK\x03\x04", "invoices", id="an archive by its bytes"),
        pytest.param(b"\x78\x9f\x3e\x22rest", "winmail.dat", id="Outlook's own form"),
        pytest.param(b"0\x82", "smime.p7m", id="an encrypted mail"),
    ],
)
def test_what_may_hold_documents_is_told(content: bytes, name: str) -> None:
    media_type = "application/octet-stream"
    assert found(mail((PDF, media_type, "r.pdf"), (content, media_type, name))) == [
        ("r.pdf", "application/pdf", True),
        (name, media_type, False),
    ]


def test_mails_in_mails_are_looked_into_however_they_are_attached() -> None:
    inner = mail((PDF, "application/pdf", "r.pdf"))
    forwarded = mail()
    forwarded.add_attachment(inner)
    as_file = mail((forwarded.as_bytes(), "application/octet-stream", "fwd.eml"))
    assert found(as_file) == [("r.pdf", "application/pdf", True)]


def test_mails_in_mails_end_somewhere_and_that_is_told() -> None:
    inner = mail((PDF, "application/pdf", "r.pdf"))
    for _ in range(DEPTH_MAX + 1):
        inner = mail((inner.as_bytes(), "application/octet-stream", "fwd.eml"))
    assert found(inner) == [("fwd.eml", "application/octet-stream", False)]


def test_what_comes_after_the_last_attachment_that_is_read_is_told() -> None:
    many = found(mail(*((PDF, "application/pdf", f"{n}.pdf") for n in range(ATTACHMENTS_MAX + 3))))
    assert (len(many), many[-1]) == (ATTACHMENTS_MAX + 1, ("all others", "", False))

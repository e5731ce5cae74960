"""What comes in, part by part: a part that is not looked into is one that failed, and the others are taken in."""

from types import SimpleNamespace
from typing import Any

from comptroller.application.intake import MAIL, NOT_READ, parts_of
from comptroller.application.intake_records import Incoming
from comptroller.application.ports.intake import Attachment, Mail


def test_part_of_a_mail_that_is_not_looked_into_is_told_beside_the_others() -> None:
    attachments = (
        Attachment("all.zip", "application/zip", b"", "it holds other files"),
        Attachment("r.pdf", "application/pdf", b"%PDF-"),
    )
    environment: Any = SimpleNamespace(
        open_mail=lambda _content: Mail("<1>", "a@supplier.example", False, "", attachments),
        read_purchase=lambda _content: None,
        tables=SimpleNamespace(is_table=lambda _content, _media_type: False),
        read_document=lambda _content, _media_type: "read",
    )
    first, second = parts_of(environment, Incoming("mail", "k", "m.eml", MAIL, b"x"), None)
    assert [(fault.code, fault.message) for fault in first.faults] == [
        (NOT_READ, "`all.zip` was not looked into: it holds other files")
    ]
    assert (second.name, str(second.read), second.faults) == ("r.pdf", "read", ())

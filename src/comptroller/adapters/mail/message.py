"""A notice as a message of RFC 5322: what it says in plain text and in HTML, and headers that machines go by.

No header can be broken out of: the headers are set as values of the standard library's policy, which writes names
encoded and refuses a line break; control characters are taken out before. The Message-ID is made of the notice's key,
so that a repeat is recognised as the same message. `Auto-Submitted` keeps holiday answers away (RFC 3834).
"""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from comptroller.application.ports.notices import Mail

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_NO_LABEL: Final = re.compile(r"[^a-z0-9-]+")


def build_message(mail: Mail, *, sender: str) -> EmailMessage:
    """Build the message; `sender` is the address that it comes from."""
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(one_line(mail.tenant_name), addr_spec=sender)
    message["To"] = Address(one_line(mail.to_name), addr_spec=mail.to_address)
    message["Subject"] = one_line(mail.subject)
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{message_key(mail)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Precedence"] = "list"
    label = _NO_LABEL.sub("-", mail.tenant.lower()).strip("-") or "tenant"
    message["List-Id"] = f"<notices.{label}.{domain}>"
    message.set_content(mail.text)
    if mail.html.strip():
        message.add_alternative(mail.html, subtype="html")
    return message


def message_key(mail: Mail) -> str:
    """What names a notice to the outside: the same at every attempt, telling nothing."""
    return sha256(f"{mail.tenant}\0{mail.key}".encode()).hexdigest()[:40]


def one_line(text: str) -> str:
    """A text as a header can hold it."""
    return _CONTROL.sub(" ", text).strip()

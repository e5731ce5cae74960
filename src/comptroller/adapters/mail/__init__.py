"""Mail: messages of notices, and the servers that take them."""

from comptroller.adapters.mail.message import build_message
from comptroller.adapters.mail.smtp import MailAddressError, MailServer, SmtpSender

__all__ = ["MailAddressError", "MailServer", "SmtpSender", "build_message"]

"""Mail that comes in: messages taken apart, and the mailbox they come to."""

from comptroller.adapters.mail_intake.mailbox import Mailbox, MailboxError, MailboxServer
from comptroller.adapters.mail_intake.messages import open_mail

__all__ = ["Mailbox", "MailboxError", "MailboxServer", "open_mail"]

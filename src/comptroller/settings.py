"""The settings of one process: the only module that reads the environment."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this process keeps its things and whom it talks to.

    `COMPTROLLER_HOME` (default `var`) holds the embedded database and the signing keys; `COMPTROLLER_DATABASE_URL`
    names another database; `COMPTROLLER_LEDGER_URL` switches on the HTTP connector, and `COMPTROLLER_LEDGER_AT_ONCE`
    and `COMPTROLLER_LEDGER_PER_S` say what its system bears of all workers together; `COMPTROLLER_SESSION_SECRET` signs
    the page's sessions (made afresh, and so ending with the process, when it is not set).

    `COMPTROLLER_BASE_URL` is the address of the page that links in notices begin with; with it `COMPTROLLER_MAIL_URL`
    and `COMPTROLLER_MAIL_FROM` switch on mail, and `COMPTROLLER_PUSH_CONTACT` (a `mailto:` of the operator, which push
    services are told) web push; `COMPTROLLER_PUSH_HOSTS` names other push services than those of the known browsers.

    `COMPTROLLER_WAKE_URL` names a broker that tells workers that there is work (`nats://host:4222/installation`);
    without one they look for it themselves.

    `COMPTROLLER_INTAKE_MAILBOX_URL` (`imaps://user:password@host/INBOX`) is the mailbox that `intake mailbox` reads;
    `COMPTROLLER_INTAKE_MAIL_SERVER` is the name under which the server that receives its mail says what it found out
    about senders (RFC 8601): without it no sender counts as verified.
    """

    home: Path
    database_url: str
    ledger_url: str
    session_secret: str
    base_url: str = ""
    mail_url: str = ""
    mail_from: str = ""
    push_contact: str = ""
    push_hosts: tuple[str, ...] = ()
    intake_mailbox_url: str = ""
    intake_mail_server: str = ""
    ledger_at_once: str = ""
    ledger_per_s: str = ""
    wake_url: str = ""

    @classmethod
    def read(cls, *, home: Path | None = None, database_url: str = "") -> Self:
        """Read the environment; what the command line names goes before it."""
        home = home or Path(os.environ.get("COMPTROLLER_HOME", "var"))
        url = database_url or os.environ.get("COMPTROLLER_DATABASE_URL", "")
        return cls(
            home=home,
            database_url=url or f"sqlite:///{home / 'comptroller.sqlite3'}",
            ledger_url=os.environ.get("COMPTROLLER_LEDGER_URL", ""),
            session_secret=os.environ.get("COMPTROLLER_SESSION_SECRET", ""),
            base_url=os.environ.get("COMPTROLLER_BASE_URL", "").rstrip("/"),
            ledger_at_once=os.environ.get("COMPTROLLER_LEDGER_AT_ONCE", ""),
            ledger_per_s=os.environ.get("COMPTROLLER_LEDGER_PER_S", ""),
            wake_url=os.environ.get("COMPTROLLER_WAKE_URL", ""),
            mail_url=os.environ.get("COMPTROLLER_MAIL_URL", ""),
            mail_from=os.environ.get("COMPTROLLER_MAIL_FROM", ""),
            push_contact=os.environ.get("COMPTROLLER_PUSH_CONTACT", ""),
            intake_mailbox_url=os.environ.get("COMPTROLLER_INTAKE_MAILBOX_URL", ""),
            intake_mail_server=os.environ.get("COMPTROLLER_INTAKE_MAIL_SERVER", ""),
            push_hosts=tuple(os.environ.get("COMPTROLLER_PUSH_HOSTS", "").replace(",", " ").split()),
        )

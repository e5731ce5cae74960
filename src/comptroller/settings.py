"""The settings of one process: the only module that reads the environment."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Settings:
    """Where this process keeps its things and whom it talks to.

    `COMPTROLLER_HOME` (default `var`) holds the embedded database and the signing keys; `COMPTROLLER_DATABASE_URL`
    names another database; `COMPTROLLER_LEDGER_URL` switches on the HTTP connector; `COMPTROLLER_SESSION_SECRET` signs
    the page's sessions (made afresh, and so ending with the process, when it is not set).
    """

    home: Path
    database_url: str
    ledger_url: str
    session_secret: str

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
        )

"""Bring a database to this version's schema: `comptroller db upgrade`.

Alembic's versions, shipped inside the package, are the only thing that creates or changes a table.
"""

from pathlib import Path
from threading import Lock
from typing import Final

import sqlalchemy as sa

from comptroller.adapters.database.sqlite_statistics import write_statistics

MIGRATIONS: Final = Path(__file__).parent / "migrations"

_ALEMBIC: Final = Lock()
"""Alembic keeps the migration that runs in a global variable."""


def engine_url(database_url: str) -> sa.URL:
    """Return SQLAlchemy's form of a database URL; a `ValueError` names a database that is none of ours."""
    url = sa.make_url(database_url)
    match url.drivername:
        case "postgresql" | "postgres":
            return url.set(drivername="postgresql+psycopg")
        case "sqlite" if url.database and url.database != ":memory:":
            return url
    raise ValueError(f"`{url.render_as_string()}` is neither `sqlite:///path` nor `postgresql://...`")


def revisions() -> tuple[str, ...]:
    """Every revision of the schema that this release knows, the newest first: what its files are called by."""
    names = (path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*_*.py"))
    return tuple(sorted((name for name in names if name), reverse=True))


def upgrade(database_url: str, revision: str = "head") -> None:
    """Create the schema or bring it up to date; a database that is up to date stays as it is."""
    from alembic import command  # noqa: PLC0415 - only who needs it loads it
    from alembic.config import Config  # noqa: PLC0415 - as above

    engine = sa.create_engine(engine_url(database_url), poolclass=sa.NullPool)
    with _ALEMBIC, engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two deployments at once take turns
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('comptroller db upgrade'))"))
        else:
            connection.execute(sa.text("PRAGMA journal_mode = WAL"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        if connection.dialect.name == "sqlite":
            write_statistics(connection)

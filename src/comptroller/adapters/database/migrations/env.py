"""Alembic's entry point: runs the versions on the connection that `upgrade` opened."""

from alembic import context

from comptroller.adapters.database.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()

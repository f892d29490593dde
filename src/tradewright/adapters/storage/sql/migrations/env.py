"""Where Alembic enters: migrations run on the connection that the program opened, inside its transaction."""

from __future__ import annotations

from alembic import context

from tradewright.adapters.storage.sql.schema import METADATA

__all__: list[str] = []

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    # SQLite can undo the making of tables; Alembic does not count on it unless told.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()

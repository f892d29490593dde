"""Where Alembic enters: migrations run on the connection that the program opened, inside its transaction."""

from __future__ import annotations

from alembic import context

__all__: list[str] = []

context.configure(connection=context.config.attributes["connection"], version_table_schema="market_data")
context.run_migrations()

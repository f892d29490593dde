"""How late a source of bars is by design, beside what it was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the column."""
    op.add_column("coverage", sa.Column("delay_s", sa.Float(), nullable=True))


def downgrade() -> None:
    """Take it away."""
    with op.batch_alter_table("coverage") as table:
        table.drop_column("delay_s")

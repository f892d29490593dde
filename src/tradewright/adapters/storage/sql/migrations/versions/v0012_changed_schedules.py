"""How often a schedule was changed, when, and whether the settings say it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make the columns."""
    op.add_column("schedules", sa.Column("revision", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("schedules", sa.Column("changed_ns", sa.BigInteger(), nullable=True))
    op.add_column("schedules", sa.Column("is_declared", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take them away."""
    with op.batch_alter_table("schedules") as table:
        for name in ("is_declared", "changed_ns", "revision"):
            table.drop_column(name)

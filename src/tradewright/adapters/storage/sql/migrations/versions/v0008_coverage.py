"""Which days of which series a source of bars was asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "coverage",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("instrument", sa.String(128), nullable=False),
        sa.Column("timeframe", sa.String(16), nullable=False),
        sa.Column("adjustment", sa.String(16), nullable=False),
        sa.Column("first_day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("stop_day", sa.Integer(), nullable=False),
        sa.Column("asked_ns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "instrument", "timeframe", "adjustment", "first_day", name="pk_coverage"),
    )


def downgrade() -> None:
    """Take it away."""
    op.drop_table("coverage")

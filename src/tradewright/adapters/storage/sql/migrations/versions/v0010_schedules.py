"""What is to happen by itself, and what became of each time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("expression", sa.String(200), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("missed", sa.String(16), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("grace_s", sa.Float(53), nullable=False),
        sa.Column("owner", sa.String(128), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("cursor_ns", sa.BigInteger(), nullable=False),
        sa.Column("paused_ns", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("name", name="uq_schedules_name"),
    )
    op.create_table(
        "firings",
        sa.Column("schedule_id", sa.String(64), nullable=False),
        sa.Column("due_ns", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at_ns", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name="fk_firings_schedule_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("schedule_id", "due_ns", name="pk_firings"),
    )
    op.create_index("ix_firings_state_at_ns", "firings", ["state", "at_ns"])


def downgrade() -> None:
    """Take them away."""
    op.drop_table("firings")
    op.drop_table("schedules")

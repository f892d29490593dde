"""Runs, what was measured of them, and what they left behind."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    _runs()
    op.create_index("ix_runs_created_ns", "runs", ["created_ns"])
    op.create_index("ix_runs_record_hash", "runs", ["record_hash"])
    _of_run("run_symbols", "position", sa.Column("position", sa.Integer(), nullable=False), _text("symbol"))
    op.create_index("ix_run_symbols_symbol", "run_symbols", ["symbol"])
    _of_run("run_tags", "position", sa.Column("position", sa.Integer(), nullable=False), _text("tag"))
    op.create_index("ix_run_tags_tag", "run_tags", ["tag"])
    _of_run(
        "run_metrics",
        "key",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.Float(53)),
        sa.Column("reason", sa.Text()),
    )
    op.create_index("ix_run_metrics_key_value", "run_metrics", ["key", "value"])
    _of_run(
        "artifacts",
        "name",
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("media_type", sa.String(128), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
    )
    op.create_index("ix_artifacts_digest", "artifacts", ["digest"])


def downgrade() -> None:
    """Take them away again, with everything in them."""
    for table in ("artifacts", "run_metrics", "run_tags", "run_symbols", "runs"):
        op.drop_table(table)


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("name", sa.Text()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_ns", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("timeframe", sa.String(16), nullable=False),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10), nullable=False),
        sa.Column("record_hash", sa.String(64), nullable=False),
        sa.Column("config_hash", sa.String(64), nullable=False),
        sa.Column("code_version", sa.String(64), nullable=False),
        sa.Column("config", sa.JSON(), nullable=False),
        sa.Column("recipe", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )


def _of_run(table: str, key: str, *columns: sa.Column[object]) -> None:
    """A table whose rows belong to a run and go with it."""
    op.create_table(
        table,
        sa.Column("run_id", sa.String(64), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=f"fk_{table}_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", key, name=f"pk_{table}"),
    )


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=False)

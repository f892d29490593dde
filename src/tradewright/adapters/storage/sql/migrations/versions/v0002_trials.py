"""Searches, the data they were measured on, and their trials."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of the trial ledger."""
    _searches()
    op.create_index("ix_searches_family_timeframe", "searches", ["family", "timeframe"])
    op.create_table(
        "search_instruments",
        sa.Column("search_key", sa.Integer(), nullable=False),
        sa.Column("instrument", sa.String(128), nullable=False),
        _of_search("search_instruments"),
        sa.PrimaryKeyConstraint("search_key", "instrument", name="pk_search_instruments"),
    )
    op.create_index("ix_search_instruments_instrument", "search_instruments", ["instrument"])
    _trials()
    counted = ["search_key", "state", "configuration", "sequence", "sharpe"]
    op.create_index(f"ix_trials_{'_'.join(counted)}", "trials", counted)


def downgrade() -> None:
    """Take them away again, with everything in them."""
    for table in ("trials", "search_instruments", "searches"):
        op.drop_table(table)


def _searches() -> None:
    op.create_table(
        "searches",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("strategy", sa.Text(), nullable=False),
        sa.Column("settings", sa.String(64), nullable=False),
        sa.Column("timeframe", sa.String(16), nullable=False),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("last", sa.String(10), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_searches"),
        sa.UniqueConstraint("id", name="uq_searches_id"),
    )


def _trials() -> None:
    op.create_table(
        "trials",
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("search_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("time", sa.Integer(), nullable=False),
        sa.Column("configuration", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("sharpe", sa.Float(53)),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("metrics", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("periods", sa.Integer()),
        sa.Column("returns", sa.LargeBinary()),
        _of_search("trials"),
        sa.PrimaryKeyConstraint("sequence", name="pk_trials"),
        sa.UniqueConstraint("search_key", "number", name="uq_trials_search_key_number"),
        sqlite_autoincrement=True,
    )


def _of_search(table: str) -> sa.ForeignKeyConstraint:
    """Rows that belong to a search go with it."""
    return sa.ForeignKeyConstraint(["search_key"], ["searches.key"], name=f"fk_{table}_search_key", ondelete="CASCADE")

"""The control room: users and what they hold and did, jobs, events, alerts; and a star on runs."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0004"
down_revision = "0003"

_LISTING = ("created_ns", "id", "strategy", "kind", "status", "star")
_RUN_INDEXES = (("strategy", "id"), ("name", "id"))
_WIDENED = (
    ("run_symbols", ("symbol",)),
    ("run_tags", ("tag",)),
    ("run_metrics", ("key", "value")),
)
"""Indexes that get the id of the run as well, so that lists are answered out of them."""
_TABLES = (
    "deliveries", "alerts", "events", "jobs", "idempotency", "audit", "attempts", "tokens", "sign_ins", "users",
    "installation",
)  # fmt: skip


def upgrade() -> None:
    """Make the tables, and what lists of runs are sorted by."""
    op.add_column("runs", sa.Column("star", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_runs_listing", "runs", list(_LISTING))
    _indexes("runs", *_RUN_INDEXES)
    for table, columns in _WIDENED:
        op.drop_index(_name(table, columns), table)
        _indexes(table, (*columns, "run_id"))
    _installation()
    _users()
    _sign_ins()
    _tokens()
    _attempts()
    _audit()
    _idempotency()
    _jobs()
    _events()
    _alerts()
    _deliveries()


def downgrade() -> None:
    """Take them away again, with everything in them."""
    for table in _TABLES:
        op.drop_table(table)
    for table, columns in _WIDENED:
        op.drop_index(_name(table, (*columns, "run_id")), table)
        _indexes(table, columns)
    for columns in _RUN_INDEXES:
        op.drop_index(_name("runs", columns), "runs")
    op.drop_index("ix_runs_listing", "runs")
    op.drop_column("runs", "star")


def _indexes(table: str, *indexes: tuple[str, ...]) -> None:
    for columns in indexes:
        op.create_index(_name(table, columns), table, list(columns))


def _name(table: str, columns: tuple[str, ...]) -> str:
    return f"ix_{table}_{'_'.join(columns)}"


def _words(length: int, *names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(length), nullable=False) for name in names]


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False) for name in names]


def _maybe_instants(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger()) for name in names]


def _numbered() -> sa.Column[int]:
    return sa.Column("number", sa.BigInteger(), nullable=False, autoincrement=False)


def _goes_with(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """Rows that belong to another go with it."""
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def _installation() -> None:
    made = op.create_table("installation", *_words(64, "id"), sa.PrimaryKeyConstraint("id", name="pk_installation"))
    op.bulk_insert(made, [{"id": uuid.uuid4().hex}])


def _users() -> None:
    op.create_table(
        "users",
        *_words(64, "id"),
        *_words(128, "name"),
        *_words(16, "role"),
        *_texts("password_hash"),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        *_instants("created_ns"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )


def _sign_ins() -> None:
    op.create_table(
        "sign_ins",
        *_words(64, "id", "family", "user_id", "token_hash"),
        *_instants("created_ns", "expires_ns"),
        *_maybe_instants("used_ns", "revoked_ns"),
        _goes_with("sign_ins", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_ins"),
        sa.UniqueConstraint("token_hash", name="uq_sign_ins_token_hash"),
    )
    _indexes("sign_ins", ("family",), ("user_id",), ("expires_ns",))


def _tokens() -> None:
    op.create_table(
        "tokens",
        *_words(64, "id", "user_id", "token_hash"),
        *_texts("name"),
        sa.Column("scopes", sa.JSON(), nullable=False),
        *_instants("created_ns"),
        *_maybe_instants("expires_ns", "used_ns", "revoked_ns"),
        _goes_with("tokens", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("token_hash", name="uq_tokens_token_hash"),
    )
    _indexes("tokens", ("user_id",))


def _attempts() -> None:
    op.create_table(
        "attempts",
        *_words(160, "key"),
        sa.Column("count", sa.Integer(), nullable=False),
        *_instants("last_ns"),
        sa.PrimaryKeyConstraint("key", name="pk_attempts"),
    )
    _indexes("attempts", ("last_ns",))


def _audit() -> None:
    op.create_table(
        "audit",
        _numbered(),
        *_instants("at_ns"),
        *_texts("who", "subject"),
        *_words(64, "action"),
        *_words(16, "outcome"),
        sa.Column("request_id", sa.Text()),
        sa.Column("address", sa.Text()),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    _indexes("audit", ("at_ns",), ("who", "number"), ("action", "number"), ("subject", "number"))


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        *_words(64, "user_id"),
        *_words(255, "key"),
        *_words(16, "method"),
        *_texts("path"),
        *_words(64, "body_hash"),
        sa.Column("status", sa.Integer()),
        sa.Column("answer", sa.JSON()),
        *_instants("at_ns"),
        sa.PrimaryKeyConstraint("user_id", "key", name="pk_idempotency"),
    )
    _indexes("idempotency", ("at_ns",))


def _jobs() -> None:
    op.create_table(
        "jobs",
        *_words(64, "id"),
        *_words(16, "kind", "state"),
        *_texts("owner"),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("limit_seconds", sa.Float(53)),
        sa.Column("limit_memory_mb", sa.Integer()),
        *_instants("created_ns"),
        sa.Column("attempts_most", sa.Integer(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        *_maybe_instants("started_ns", "ended_ns", "heartbeat_ns", "cancel_asked_ns"),
        sa.Column("worker", sa.Text()),
        sa.Column("pid", sa.Integer()),
        sa.Column("progress", sa.JSON()),
        sa.Column("run_id", sa.String(64)),
        sa.Column("error", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    _indexes("jobs", ("created_ns", "id"), ("state", "created_ns", "id"), ("state", "heartbeat_ns"))


def _events() -> None:
    op.create_table(
        "events",
        *_words(128, "topic"),
        sa.Column("seq", sa.BigInteger(), nullable=False, autoincrement=False),
        *_instants("at_ns"),
        *_words(64, "kind"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "seq", name="pk_events"),
    )
    _indexes("events", ("at_ns",))


def _alerts() -> None:
    op.create_table(
        "alerts",
        *_words(64, "id", "rule"),
        *_texts("subject", "sentence"),
        *_words(16, "severity"),
        sa.Column("hint", sa.Text()),
        *_instants("first_ns", "last_ns"),
        sa.Column("count", sa.Integer(), nullable=False),
        *_maybe_instants("acknowledged_ns", "resolved_ns"),
        sa.Column("acknowledged_by", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    _indexes("alerts", ("last_ns", "id"), ("rule", "subject", "resolved_ns"))


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        _numbered(),
        *_words(64, "alert_id", "channel"),
        *_instants("at_ns"),
        sa.Column("error", sa.Text()),
        _goes_with("deliveries", "alert_id", "alerts"),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
    )
    _indexes("deliveries", ("alert_id", "number"), ("channel", "number"))

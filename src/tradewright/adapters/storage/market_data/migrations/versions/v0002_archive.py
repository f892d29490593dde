"""Segments whose rows lie in an archive: the digest under which they are kept there."""

from __future__ import annotations

from alembic import op

__all__ = ["down_revision", "downgrade", "revision", "upgrade"]

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the column."""
    op.execute("ALTER TABLE market_data.segments ADD COLUMN archived text")


def downgrade() -> None:
    """Take it away; what was archived is then not found again."""
    op.execute("ALTER TABLE market_data.segments DROP COLUMN archived")

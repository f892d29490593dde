"""Every change of the tables, one file each under `versions`, from the first table on.

Alembic runs them; a migration that has been released is not changed again.
"""

from __future__ import annotations

__all__: list[str] = []

"""Every change of the tables of bars, one file each under `versions`, from the first table on; they only add.

Alembic runs them; a migration that has been released is not changed again.
"""

from __future__ import annotations

__all__: list[str] = []

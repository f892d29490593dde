"""What is kept in a database: its tables, their migrations, and the stores that read and write them.

Written with SQLAlchemy, over SQLite unless a server is configured; nothing here may use what only one database
understands outside `database`. Frames and records do not enter.
"""

from __future__ import annotations

__all__: list[str] = []

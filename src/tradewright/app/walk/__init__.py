"""Walking forward: search on one stretch of history, trade the choice on the next, and again, to one record."""

from __future__ import annotations

__all__: list[str] = []

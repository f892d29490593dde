"""What a search shows: its trials, its best with the number of trials, DSR and PBO beside it, and pictures of both.

Everything reads the search's record and what research says of it; nothing here judges chance by a formula of its own,
and nothing runs a strategy but through the function it was given.
"""

from __future__ import annotations

from tradewright.reporting.search.result import SearchResult

__all__ = ["SearchResult"]

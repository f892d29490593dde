"""The table of bars is cut by time into years, so that what is old can be let go without touching what is new."""

from __future__ import annotations

from contextlib import closing

import numpy as np

from ..postgres.driver import connected

__all__ = ["Partitions", "years"]

_LOCK = 0x7472_6164_6579
"""Number of the lock under which partitions are made."""

_SUMMARIZE = """
    SELECT brin_summarize_new_values(i.indexrelid) FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin'
    WHERE i.indrelid = to_regclass(%s)
"""


def years(first_ns: int, last_ns: int) -> range:
    """The calendar years, in UTC, of the instants from one to another."""
    ends = np.array([first_ns, last_ns], "datetime64[ns]").astype("datetime64[Y]").astype(np.int64) + 1970
    return range(int(ends[0]), int(ends[1]) + 1)


class Partitions:
    """The years for which a database has a table of rows.

    Parameters
    ----------
    dsn : str
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._known: set[int] = set()
        self._filled: set[int] = set()

    def require(self, first_ns: int, last_ns: int) -> None:
        """Make the partitions that bars of this stretch need, where they are not there.

        Each is made aside and attached in a transaction of its own: neither who reads nor who writes waits for it,
        and it stays whatever becomes of the command.

        Raises
        ------
        psycopg.Error
            When the server cannot be reached, or refuses.
        """
        self._filled.update(years(first_ns, last_ns))
        missing = [year for year in years(first_ns, last_ns) if year not in self._known]
        if not missing:
            return
        with closing(connected(self._dsn, autocommit=True)) as server:
            for year in missing:
                with server.transaction():
                    server.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                    if server.execute("SELECT to_regclass(%s)", (f"market_data.bars_{year}",)).fetchall() == [(None,)]:
                        server.execute(f"CREATE TABLE market_data.bars_{year} (LIKE market_data.bars INCLUDING ALL)")
                        server.execute(
                            f"ALTER TABLE market_data.bars ATTACH PARTITION market_data.bars_{year}"
                            f" FOR VALUES FROM ({_start_ns(year)}) TO ({_start_ns(year + 1)})"
                        )
                self._known.add(year)

    def summarize(self) -> None:
        """Let the index know of what was written since the last time.

        The server does so by itself a minute or more later; until then whoever reads a segment is led through every
        page that was filled meanwhile.

        Raises
        ------
        psycopg.Error
            When the server cannot be reached, or refuses.
        """
        filled, self._filled = self._filled, set()
        if filled:
            with closing(connected(self._dsn, autocommit=True)) as server:
                for year in sorted(filled):
                    server.execute(_SUMMARIZE, (f"market_data.bars_{year}",))


def _start_ns(year: int) -> int:
    return int(np.datetime64(f"{year:04}-01-01", "ns").astype(np.int64))

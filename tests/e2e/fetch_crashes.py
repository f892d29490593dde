"""Kill a fetch at a named step and say what it left: `python -m tests.e2e.fetch_crashes FOLDER [BARS STATE]`.

Over files in a folder and a state in a file, or over two databases by their connection strings. For every step: a fetch
of three days in three pieces, killed by SIGKILL at the step; a look at what is there; the same fetch once more. Prints
one JSON object by step.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import delete
from tests.e2e.store_crashes import killed
from tests.feed_stage import ScriptedHistory, at, bars_of
from tests.markets import intraday, share
from tests.risk_desk import HandClock
from tests.stores import AnyStore, content, emptied

from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented import catalogue, writer
from tradewright.adapters.storage.sql.control_tables import installation
from tradewright.adapters.storage.sql.coverage import SqlCoverageBook
from tradewright.adapters.storage.sql.database import Database
from tradewright.adapters.storage.sql.duties import SqlDuties
from tradewright.adapters.storage.sql.schema import METADATA
from tradewright.adapters.storage.sql.server import ServerDatabase
from tradewright.app.fetch import series
from tradewright.app.fetch.keeping import Keeper
from tradewright.app.fetch.series import FetchAsk, FetchDesk, Fetched, Fetcher
from tradewright.bootstrap.series_turns import DutyTurns
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import Provider

MONDAY, DAYS = 18_267, 3  # 2020-01-06
TAPE = intraday([[100 + day + minute / 10 for minute in range(30)] for day in range(DAYS)])
STEPS: dict[str, tuple[Any, str, int, str]] = {
    "the turn is taken": (SqlDuties, "move", 1, "after"),
    "the first piece came": (Keeper, "keep", 1, "before"),
    "the first piece is put aside": (writer.SegmentedBarWriter, "commit", 1, "before"),
    "the first piece is stored": (SqlCoverageBook, "mark", 1, "before"),
    "the first piece is known": (SqlCoverageBook, "mark", 1, "after"),
    "the second piece came": (Keeper, "keep", 2, "before"),
    "in the transaction of the second": (catalogue, "put", 2, "after"),
    "the second piece is stored": (SqlCoverageBook, "mark", 2, "before"),
    "the second piece is known": (SqlCoverageBook, "mark", 2, "after"),
    "the last piece is stored": (SqlCoverageBook, "mark", 3, "before"),
    "all is known": (SqlCoverageBook, "mark", 3, "after"),
    "before the turn is given back": (SqlDuties, "leave", 1, "before"),
    "before the series is looked over": (Keeper, "look_over", 1, "before"),
}

AMID = (
    "the first piece is put aside", "in the transaction of the second", "the second piece is stored",
    "before the turn is given back",
)  # fmt: skip


class Shares:
    """Knows every symbol as a share."""

    async def instrument(self, symbol: str) -> Any:
        return share(symbol)


class Desk:
    """The stores, opened anew: what another process left is read, and no connection is shared with it."""

    def __init__(self, store: AnyStore, state: Database) -> None:
        self.store, self.book = store, SqlCoverageBook(state)
        self.clock = HandClock(at("2020-03-01T00:00:00"))
        self.desk = FetchDesk(store, self.book, DutyTurns(state), self.clock)
        self.history = ScriptedHistory(self.clock, bars_of(TAPE))
        self.ask = FetchAsk(share(), Timeframe.parse("1m"), MONDAY, MONDAY + DAYS)

    def fetch(self) -> Fetched:
        provider = Provider(name="scripted", source="scripted", history=self.history, instruments=Shares())
        return asyncio.run(Fetcher(provider, self.desk).fetch(self.ask))

    def look(self) -> dict[str, Any]:
        """How many bars of the tape are there, whole and sound, and which days are known."""
        versions = content(self.store)
        rows = len(self.store.read(self.ask.key)) if versions else 0
        if versions:
            assert self.store.read(self.ask.key).fingerprint == TAPE.rows(0, rows).fingerprint
        known = self.book.covered("scripted", self.ask.key)
        return {"rows": rows, "known": sum(stop - first for first, stop in known)}


def crash(opened: Callable[[], Desk], step: tuple[Any, str, int, str]) -> dict[str, Any]:
    """What one killed fetch leaves, and what the next one does."""
    signal_number = killed(step, lambda: opened().fetch())
    desk = opened()
    left = desk.look()
    done = desk.fetch()
    return {
        "signal": signal_number, "left": left, "asked": len(desk.history.asked), "new": done.new, "after": desk.look(),
        "whole": desk.store.read(desk.ask.key).fingerprint == TAPE.fingerprint,
    }  # fmt: skip


def cleared(state: Database) -> Database:
    """With nothing in it."""
    with state.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            if table is not installation:
                connection.execute(delete(table))
    return state


def main(folder: Path, *servers: str) -> None:
    """All steps; over servers, where a kill is the end of a connection, those in which something is under way."""
    series._PIECE_BARS = 1440
    told = {}
    for number, name in enumerate(AMID if servers else STEPS):

        def opened(place: Path = folder / str(number)) -> Desk:
            if servers:
                return Desk(DatabaseBarStore(servers[0]), ServerDatabase(servers[1]))
            return Desk(ParquetBarStore(place), Database(folder / "runs.db"))

        if servers:
            emptied(servers[0])
        cleared(ServerDatabase(servers[1]) if servers else Database(folder / "runs.db"))
        told[name] = crash(opened, STEPS[name])
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])

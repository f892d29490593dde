"""What the tests of stores share: small series with everything a store has to keep."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tradewright.adapters.storage.market_data.store import DatabaseBarStore
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.domain.bars import Actions, Adjustment, Bars, SessionIndex
from tradewright.domain.instrument import Equity, Instrument
from tradewright.domain.stored import SeriesKey, WriteMode, Written
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe

AnyStore = ParquetBarStore | DatabaseBarStore

FIRST_DAY = 19_723
"""2024-01-01, as days since 1970-01-01."""


def days(rows: int, symbol: str = "ACME", *, first: int = 0, **changes: Any) -> Bars:
    """Daily bars, one a day from 2024-01-01 + `first` on; a row's prices depend on its date alone."""
    label = FIRST_DAY + first + np.arange(rows, dtype=np.int64)
    close = 100 + 10 * np.sin(label / 9)
    before = 100 + 10 * np.sin((label - 1) / 9)
    start = label * NS_PER_DAY + 870 * NS_PER_MINUTE
    values: dict[str, Any] = {
        "instrument": Equity(symbol, "XNYS"),
        "timeframe": Timeframe.parse("1d"),
        "open_time": start,
        "close_time": start + 390 * NS_PER_MINUTE,
        "open": before,
        "high": np.maximum(close, before) + 1,
        "low": np.minimum(close, before) - 1,
        "close": close,
        "volume": 1000.0 + label,
        "sessions": SessionIndex(label, np.arange(rows, dtype=np.int64)),
        "source": f"{symbol}.csv",
    }
    return Bars(**{**values, **changes})


def minutes(sessions: int, per_session: int, symbol: str = "ACME", **changes: Any) -> Bars:
    """One-minute bars, `per_session` a day."""
    label = np.repeat(FIRST_DAY + np.arange(sessions, dtype=np.int64), per_session)
    start = label * NS_PER_DAY + np.tile(np.arange(per_session, dtype=np.int64) + 870, sessions) * NS_PER_MINUTE
    price = 50 + np.arange(len(label)) / 7
    values: dict[str, Any] = {
        "instrument": Equity(symbol, "XNYS"), "timeframe": Timeframe.parse("1m"), "open_time": start,
        "close_time": start + NS_PER_MINUTE, "open": price, "high": price + 1, "low": price - 1, "close": price,
        "volume": np.full(len(label), 5.0), "sessions": SessionIndex.of_labels(label), "source": f"{symbol}.csv",
    }  # fmt: skip
    return Bars(**{**values, **changes})


def with_prices(bars: Bars, row: int, **prices: float) -> Bars:
    """The same bars with other values in one row."""
    columns = {name: getattr(bars, name).copy() for name in prices}
    for name, price in prices.items():
        columns[name][row] = price
    return replace(bars, **columns)


def actions(splits: dict[int, float] | None = None, dividends: dict[int, float] | None = None) -> Actions:
    """Splits and dividends by the number of the day after 2024-01-01."""
    splits, dividends = splits or {}, dividends or {}
    return Actions(
        np.array([FIRST_DAY + day for day in splits], np.int64), np.array(list(splits.values()), np.float64),
        np.array([FIRST_DAY + day for day in dividends], np.int64), np.array(list(dividends.values()), np.float64),
    )  # fmt: skip


def write(store: AnyStore, *series: Bars, mode: WriteMode = WriteMode.NEW) -> tuple[Written, ...]:
    """One command that writes all of them."""
    with store.writing() as writer:
        for bars in series:
            writer.add(bars, mode)
    return writer.written


def key(symbol: str = "ACME", timeframe: str = "1d", adjustment: str = "raw", exchange: str = "XNYS") -> SeriesKey:
    """The key of a series made here."""
    return SeriesKey(f"{exchange}:{symbol}", Timeframe.parse(timeframe), Adjustment(adjustment))


def full_instrument(symbol: str = "ES") -> Instrument:
    """An instrument in which no field is at its default."""
    from tradewright.domain.instrument import InstrumentKind

    return Instrument(
        symbol, "XCME", InstrumentKind.FUTURE, currency="EUR", calendar="XNYS", lot=2.0, tick=0.25, multiplier=50.0,
        has_volume=False, margin=12_000.0, maintenance=11_000.5, expiry_ns=1_800_000_000_000_000_001, venue="ib",
    )  # fmt: skip


def content(store: AnyStore) -> dict[str, tuple[str, ...]]:
    """Versions by series, with what is read of the current one checked; equal stores, equal answers."""
    found = {}
    for stored in store.series():
        assert [checked.fault for checked in store.check(store.versions(stored.key))] == [None] * len(
            store.versions(stored.key)
        )
        assert store.read(stored.key).fingerprint == stored.version
        found[str(stored.key)] = tuple(version.version for version in store.versions(stored.key))
    return found


def segment_names(store: AnyStore) -> set[str]:
    """The names of all segments that the store holds."""
    if isinstance(store, ParquetBarStore):
        return {path.stem for path in store.files.rglob("*.parquet")}
    with store.connected() as connection:
        return {name for (name,) in connection.execute("SELECT name FROM segments").fetchall()}


def orphans(store: AnyStore) -> list[str]:
    """Files or rows that the store holds and no version needs."""
    return _orphaned_files(store) if isinstance(store, ParquetBarStore) else _orphaned_rows(store)


def _orphaned_files(store: ParquetBarStore) -> list[str]:
    from tradewright.adapters.storage.parquet import notes
    from tradewright.adapters.storage.parquet.database import connected

    with connected(store.database) as connection:
        needed = notes.all_files(connection)
    there = {path.relative_to(store.files).as_posix() for path in store.files.rglob("*") if path.is_file()}
    assert needed <= there
    return sorted(there - needed)


def _orphaned_rows(store: DatabaseBarStore) -> list[str]:
    with store.connected() as connection:
        needed = {number for (number,) in connection.execute("SELECT segment FROM parts").fetchall()}
        there = {number for (number,) in connection.execute("SELECT DISTINCT segment FROM bars").fetchall()}
    assert needed <= there
    return sorted(map(str, there - needed))


def emptied(dsn: str) -> str:
    """A database whose tables of bars have nothing in them."""
    import psycopg

    from tradewright.adapters.storage.market_data.schema import bring_up, revision_of

    with psycopg.connect(dsn, autocommit=True) as server:
        if revision_of(server) is None:
            bring_up(dsn)
        server.execute("TRUNCATE market_data.bars, market_data.series, market_data.unneeded CASCADE")
    return dsn

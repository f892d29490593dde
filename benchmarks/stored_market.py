"""The stores of P5: a hundred symbols of minutes, as Tradewright keeps them and as its peers would.

One random walk is written a hundred times at different prices, one symbol at a time, so that a hundred million rows
need the memory of a million.
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import market

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.market import Market
    from tradewright.domain.bars import Bars

SYMBOLS = 100
ONE = "S042"
"""The symbol that is asked for; the row of its name."""

STORE, HIVE, COLUMNS = "storage", "hive", "columns"
PRICES = ("open", "high", "low", "close")
BYTES_PER_ROW = 60
SPARE = 2 * 10**9


def with_peers(folder: Path, length: int) -> None:
    """Write a hundred symbols of `length` bars: the store, a Parquet folder by symbol, and one array per column."""
    made = _one(folder, length)
    _store(folder, made, SYMBOLS)
    _hive(folder, made)
    _arrays(folder, made)


def alone(folder: Path, length: int) -> None:
    """Write the store alone, with as many of the hundred symbols as the disk has room for, and say so."""
    for name in (HIVE, COLUMNS):
        shutil.rmtree(folder / name, ignore_errors=True)
    free = shutil.disk_usage(folder).free
    room = max(1, min(SYMBOLS, (free - SPARE) // (length * BYTES_PER_ROW)))
    if room < SYMBOLS:
        print(f"{free / 1e9:.1f} GB are free: {room} symbols of {length:,} bars instead of {SYMBOLS}", file=sys.stderr)
    _store(folder, _one(folder, length), int(room))


def _one(folder: Path, length: int) -> Market:
    market.minutes(folder, length)
    return market.load(folder, length)


def _series(made: Market, count: int, after: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in range(after, count):
        prices = {name: getattr(made, name)[0] * (1 + row / 100) for name in PRICES}
        yield f"S{row:03d}", {**prices, "volume": made.volume[0]}


def series(made: Market, count: int, after: int = 0) -> Iterator[Bars]:
    """The bars of the symbols from number `after` up to `count`."""
    from tradewright.domain.bars import Bars, SessionIndex
    from tradewright.domain.instrument import Crypto
    from tradewright.domain.timeframe import Timeframe

    sessions = SessionIndex.of_labels(made.open_time // market.DAY_NS)
    times = made.open_time, made.open_time + market.MINUTE_NS
    for symbol, columns in _series(made, count, after):
        yield Bars(Crypto(symbol), Timeframe.parse("1m"), *times, **columns, sessions=sessions)


def _store(folder: Path, made: Market, count: int) -> None:
    from tradewright.adapters.storage.parquet.store import ParquetBarStore

    shutil.rmtree(folder / STORE, ignore_errors=True)
    with ParquetBarStore(folder / STORE / "bars").writing() as writer:
        for bars in series(made, count):
            writer.add(bars)


def _hive(folder: Path, made: Market) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    for symbol, columns in _series(made, SYMBOLS):
        place = folder / HIVE / f"symbol={symbol}"
        place.mkdir(parents=True, exist_ok=True)
        table = pa.table({"open_time": made.open_time, **columns})
        parquet.write_table(table, place / "bars.parquet", compression="lz4", use_dictionary=False)


def _arrays(folder: Path, made: Market) -> None:
    place = folder / COLUMNS
    place.mkdir(exist_ok=True)
    shape = (SYMBOLS, made.open_time.size)
    opened = {
        name: np.lib.format.open_memmap(place / f"{name}.npy", mode="w+", dtype=np.float64, shape=shape)
        for name in (*PRICES, "volume")
    }
    for row, (_, columns) in enumerate(_series(made, SYMBOLS)):
        for name, column in columns.items():
            opened[name][row] = column
    np.save(place / "open_time.npy", made.open_time)

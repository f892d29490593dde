"""The synthetic market shared by all contenders: seeded, written once per run, read by every child process."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

MINUTE_NS = 60 * 1_000_000_000
DAY_NS = 24 * 60 * MINUTE_NS
START = np.datetime64("2015-01-01T00:00:00", "ns")
START_PRICE = 100.0
VOLUME = 1_000_000.0


@dataclass(frozen=True)
class Market:
    """Bars as columns.

    `open_time` holds int64 nanoseconds UTC, shape (bars,); the others float64, shape (symbols, bars), one contiguous
    row per symbol.
    """

    open_time: NDArray[np.int64]
    open: NDArray[np.float64]
    high: NDArray[np.float64]
    low: NDArray[np.float64]
    close: NDArray[np.float64]
    volume: NDArray[np.float64]

    @property
    def units(self) -> int:
        """Bars times symbols."""
        return int(self.close.size)

    @property
    def symbols(self) -> tuple[str, ...]:
        """Names of the rows, in order."""
        return tuple(f"S{row:03d}" for row in range(len(self.close)))

    @property
    def month_starts(self) -> NDArray[np.bool_]:
        """True on the first bar of a calendar month other than the month of the first bar, shape (bars,)."""
        months = self.open_time.view("datetime64[ns]").astype("datetime64[M]")
        return np.concatenate(([False], months[1:] != months[:-1]))

    def save(self, folder: Path) -> None:
        """Write one `.npy` file per column."""
        for item in fields(self):
            np.save(folder / f"{item.name}.npy", getattr(self, item.name))


def load(folder: Path, length: int) -> Market:
    """Read the first `length` bars of every symbol of the market that `Market.save` wrote."""
    return Market(**{item.name: _column(folder / f"{item.name}.npy", length) for item in fields(Market)})


def _column(path: Path, length: int) -> NDArray[Any]:
    column = np.load(path, mmap_mode="r")
    return np.load(path) if length >= column.shape[-1] else np.array(column[..., :length], order="C")


def random_walks(open_time: NDArray[np.int64], symbols: int, *, volatility: float, seed: int) -> Market:
    """Return geometric random walks with small gaps between bars.

    `volatility` is the standard deviation of a bar's log return.
    Prices are not rounded to a tick, so two averages are never exactly equal and every engine sees the same crossings.
    """
    rng = np.random.default_rng(seed)
    shape = (symbols, len(open_time))
    close = START_PRICE * np.exp(np.cumsum(rng.normal(0.0, volatility, shape), axis=1))
    before = np.concatenate((np.full((symbols, 1), START_PRICE), close[:, :-1]), axis=1)
    opened = before * np.exp(rng.normal(0.0, volatility / 5, shape))
    reach = np.abs(rng.normal(0.0, volatility / 2, (2, *shape)))
    return Market(
        open_time=open_time,
        open=opened,
        high=np.maximum(opened, close) * (1.0 + reach[0]),
        low=np.minimum(opened, close) * (1.0 - reach[1]),
        close=close,
        volume=np.full(shape, VOLUME),
    )


def minutes(folder: Path, length: int) -> None:
    """Write one symbol that trades around the clock, `length` one-minute bars."""
    open_time = START.astype(np.int64) + MINUTE_NS * np.arange(length, dtype=np.int64)
    random_walks(open_time, 1, volatility=0.0005, seed=1).save(folder)


def panel(folder: Path, length: int) -> None:
    """Write 500 symbols with one bar per weekday, `length` days."""
    first = START.astype("datetime64[D]")
    days = np.busday_offset(first, np.arange(length), roll="forward").astype("datetime64[ns]").astype(np.int64)
    random_walks(days, 500, volatility=0.015, seed=3).save(folder)

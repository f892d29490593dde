"""P5's rivals: one symbol out of a folder of Parquet files by symbol, or out of one array per column, as arrays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.stored_market import COLUMNS, HIVE, ONE, PRICES
from benchmarks.workload import Outcome, Trial

if TYPE_CHECKING:
    from benchmarks.market import Market

NAMES = ("open_time", *PRICES, "volume")


def polars_hive(_: Market) -> Trial:
    """Return a lazy scan with a filter on the partition."""
    import polars as pl

    root = Path.cwd() / HIVE

    def run() -> dict[str, Any]:
        frame = pl.scan_parquet(root, hive_partitioning=True).filter(pl.col("symbol") == ONE).collect()
        return {name: frame[name].to_numpy() for name in NAMES}

    return Trial(run, outcome)


def pyarrow_hive(_: Market) -> Trial:
    """Return a data set with a filter on the partition."""
    from pyarrow import dataset

    root = Path.cwd() / HIVE

    def run() -> dict[str, Any]:
        found = dataset.dataset(root, partitioning="hive").to_table(filter=dataset.field("symbol") == ONE)
        return {name: found.column(name).to_numpy() for name in NAMES}

    return Trial(run, outcome)


def memory_map(_: Market) -> Trial:
    """Return copies out of mapped arrays."""
    root, row = Path.cwd() / COLUMNS, int(ONE[1:])

    def run() -> dict[str, Any]:
        mapped = {name: np.load(root / f"{name}.npy", mmap_mode="r") for name in NAMES}
        return {name: np.array(column[row] if column.ndim > 1 else column) for name, column in mapped.items()}

    return Trial(run, outcome)


def outcome(found: dict[str, Any]) -> Outcome:
    """Return what shows that the same bars were read."""
    return {"rows": len(found["close"]), "close": float(found["close"].sum())}

"""Which store of bars a process uses."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tradewright.bootstrap.home import storage_folder

if TYPE_CHECKING:
    from os import PathLike

    from tradewright.ports.bar_store import BarStore

__all__ = ["bar_store"]

BARS = "bars"


def bar_store(folder: str | PathLike[str] | None = None) -> BarStore:
    """The store of bars in the folder of all stores, or in another one. It is made when something is first written."""
    from tradewright.adapters.storage.parquet.store import ParquetBarStore

    return ParquetBarStore((storage_folder() if folder is None else Path(folder).expanduser()) / BARS)

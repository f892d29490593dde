"""Folders of series: readable, and apart on every file system."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.stores import content, days, key, write

from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented.paths import folder_of, safe_name

DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}
AWKWARD = [
    "BRK/B",
    "BTC/USD",
    "aapl",
    "AAPL",
    "CON",
    "con",
    "NUL.X",
    "..",
    ".",
    "A.",
    "^GSPC",
    "ES=F",
    "日経",
    "A B",
    "%2f",
]


def test_common_symbols_stand_as_they_are() -> None:
    assert folder_of(key("BRK.B", "15m", "full", "XNYS")) == "XNYS/BRK.B/15m/full"


@given(st.lists(st.one_of(st.text(min_size=1, max_size=120), st.sampled_from(AWKWARD)), min_size=2, max_size=6))
def test_different_names_lie_apart_even_where_case_does_not_count(names: list[str]) -> None:
    told = {safe_name(name).casefold() for name in names}
    assert len(told) == len(set(names))
    for name in told:
        assert len(name.encode()) <= 120
        assert not set(name) & set('/\\:*?"<>| ')
        assert name.isascii()
        assert name.partition(".")[0] not in DEVICES
        assert not name.startswith(".")
        assert not name.endswith(".")


def test_every_awkward_symbol_is_stored_and_read(tmp_path: Path) -> None:
    store = ParquetBarStore(tmp_path)
    write(store, *(days(3, symbol) for symbol in AWKWARD))
    assert set(content(store)) == {f"XNYS:{symbol} 1d raw" for symbol in AWKWARD}


@pytest.mark.parametrize("symbol", AWKWARD)
def test_no_symbol_leaves_the_folder_of_the_store(symbol: str) -> None:
    parts = folder_of(key(symbol)).split("/")
    assert len(parts) == 4
    assert not {"..", ".", ""} & set(parts)

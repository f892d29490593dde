"""`tw.load_bars` with a source: what the store lacks is fetched first, and what is not as it should be is said."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import tradewright as tw
from tradewright.adapters.providers.synthetic import SyntheticShares
from tradewright.domain.errors import ConfigError, DataError, SymbolNotFoundError
from tradewright.face.stored_bars import SourceWarning

RANGE = ("2024-01-02", "2024-01-31")
HEADER = "date,open,high,low,close,volume\n"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without settings, and the folder of its stores."""
    monkeypatch.chdir(tmp_path)
    return tmp_path / "store"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The symbols whose history the synthetic market was asked for."""
    symbols: list[str] = []
    bars = SyntheticShares.bars

    async def counted(self: SyntheticShares, symbol: str, *rest: Any) -> Any:
        symbols.append(symbol)
        return await bars(self, symbol, *rest)

    monkeypatch.setattr(SyntheticShares, "bars", counted)
    return symbols


def test_what_is_missing_is_fetched_once_and_read_from_the_store(place: Path, asked: list[str]) -> None:
    first = tw.load_bars("AAPL", *RANGE, source="synthetic", folder=place)
    again = tw.load_bars("AAPL", "2024-01-10", "2024-01-20", source="synthetic", folder=place)
    assert (first.instrument.id, len(first), first.synthetic) == ("SYNTHETIC:AAPL", 21, True)
    assert again.close.tolist() == first.close[6:13].tolist()
    assert asked == ["AAPL"]
    assert tw.load_bars("AAPL", *RANGE, folder=place).fingerprint == first.fingerprint


def test_several_symbols_are_a_mapping_by_their_names(place: Path) -> None:
    both = tw.load_bars(["AAPL", "MSFT"], *RANGE, "1h", source="synthetic", folder=place)
    assert {name: bars.instrument.id for name, bars in both.items()} == {
        "AAPL": "SYNTHETIC:AAPL", "MSFT": "SYNTHETIC:MSFT",
    }  # fmt: skip


def test_it_works_where_an_event_loop_runs_as_in_a_notebook(place: Path) -> None:
    async def cell() -> int:
        return len(tw.load_bars("AAPL", *RANGE, source="synthetic", folder=place))

    assert asyncio.run(cell()) == 21


def test_those_who_ask_at_once_fetch_once(place: Path, asked: list[str]) -> None:
    begin = threading.Barrier(3, timeout=60)

    def load(_: int) -> str:
        begin.wait()
        bars: str = tw.load_bars("AAPL", *RANGE, source="synthetic", folder=place).fingerprint
        return bars

    with ThreadPoolExecutor(3) as threads:
        assert len(set(threads.map(load, range(3)))) == 1
    assert asked == ["AAPL"]


def test_a_folder_of_the_settings_is_a_source_and_bars_of_it_are_real(place: Path) -> None:
    (place.parent / "bars").mkdir()
    (place.parent / "bars" / "ACME.csv").write_text(f"{HEADER}2024-01-02,10,12,9,11,100\n2024-01-03,11,12,10,12,100\n")
    settings = "providers:\n  mine: {kind: folder, path: bars, timeframe: 1d, calendar: XNYS}\n"
    (place.parent / "tradewright.yaml").write_text(settings)
    for source in ("mine", "auto"):
        bars = tw.load_bars("ACME", *RANGE, source=source, folder=place)
        assert (bars.instrument.id, bars.close.tolist(), bars.synthetic) == ("XNYS:ACME", [11.0, 12.0], False)
        assert bars.source.startswith("mine ")


def test_with_nothing_configured_auto_is_synthetic_and_says_so(place: Path) -> None:
    with pytest.warns(SourceWarning, match="SYNTHETIC, made up"):
        bars = tw.load_bars("AAPL", *RANGE, source="auto", folder=place)
    assert (bars.synthetic, bars.source[:9]) == (True, "SYNTHETIC")


def test_auto_says_which_sources_it_passed_over(place: Path) -> None:
    for name in ("one", "two"):
        (place.parent / name).mkdir()
        (place.parent / name / f"{name.upper()}.csv").write_text(f"{HEADER}2024-01-02,10,12,9,11,100\n")
    said = "path: {0}, timeframe: 1d, calendar: XNYS"
    settings = "".join(f"  {name}: {{kind: folder, {said.format(name)}}}\n" for name in ("one", "two"))
    (place.parent / "tradewright.yaml").write_text(f"data: {{sources: [two, one]}}\nproviders:\n{settings}")
    with pytest.warns(SourceWarning, match="ONE: passed over two .*No file holds ONE"):
        assert tw.load_bars("ONE", *RANGE, source="auto", folder=place).source.startswith("one ")
    tw.load_bars("TWO", *RANGE, source="auto", folder=place)


@pytest.mark.parametrize(
    ("symbol", "more", "error", "sentence"),
    [
        ("../x", {"source": "synthetic"}, SymbolNotFoundError, "no symbol of the synthetic market"),
        ("AAPL", {"source": "nosuch"}, ConfigError, "no provider of bars 'nosuch'"),
        ("AAPL", {"source": 3}, ConfigError, "source"),
        ("AAPL", {"source": "synthetic", "version": "abcdef"}, ConfigError, "Leave source= or version= out"),
        ("AAPL", {"source": "synthetic", "timeframe": "1w"}, DataError, "not fetched"),
    ],
)
def test_what_cannot_be_had_is_an_error_that_says_why(
    place: Path, symbol: str, more: Any, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        tw.load_bars(symbol, *RANGE, folder=place, **more)
    assert sentence in str(caught.value)

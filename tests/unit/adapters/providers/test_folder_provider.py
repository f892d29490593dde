"""Files of a folder as a provider: read as an import reads them, each of its own symbol."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.feed_stage import at
from tests.risk_desk import HandClock

import tradewright as tw
from tradewright.adapters.data.reading import DroppedRowsWarning
from tradewright.adapters.providers.folder import KIND
from tradewright.domain.credentials import Credentials
from tradewright.domain.errors import BadRowsError, ConfigError, SymbolNotFoundError, TimeframeError
from tradewright.domain.timeframe import Timeframe
from tradewright.ports.provider import BarProvider, ProviderAccess

HEADER = "date,open,high,low,close,volume,split_ratio\n"
ROWS = ["2020-01-06,10,12,9,11,100,1\n", "2020-01-07,11,12,10,12,100,2\n", "2020-01-08,6,7,5,6,200,1\n"]
DAY = Timeframe.parse("1d")
SPAN = (at("2020-01-06T00:00:00"), at("2020-02-01T00:00:00"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ACME.csv").write_text(HEADER + "".join(ROWS))
    return tmp_path


def opened(folder: Path, **options: str) -> BarProvider:
    said = {"path": folder.name, "timeframe": "1d", "calendar": "XNYS", **options}
    keys = Credentials("credentials for mine", "providers.mine", {})
    return KIND.open(ProviderAccess(name="mine", clock=HandClock(), keys=keys, folder=folder.parent, options=said))


def bars(provider: BarProvider, symbol: str = "ACME", timeframe: Timeframe = DAY) -> Any:
    return asyncio.run(provider.history.bars(symbol, timeframe, *SPAN))


def test_its_bars_are_those_of_an_import(folder: Path) -> None:
    provider = opened(folder)
    read = tw.read_bars(folder / "ACME.csv", symbol="ACME", calendar="XNYS", timeframe="1d")
    assert bars(provider) == [read.bar(row) for row in range(3)]
    assert asyncio.run(provider.instruments.instrument("ACME")) == read.instrument
    assert provider.name == "mine"
    assert not provider.is_synthetic


def test_only_bars_between_the_instants_are_given(folder: Path) -> None:
    found = asyncio.run(opened(folder).history.bars("ACME", DAY, at("2020-01-07T00:00:00"), at("2020-01-08T00:00:00")))
    assert [bar.close for bar in found] == [12.0]


def test_splits_and_dividends_of_a_file_are_its_actions(folder: Path) -> None:
    provider = opened(folder)
    assert provider.actions is not None
    first = 18_267
    found = asyncio.run(provider.actions.actions("ACME", first, first + 5))
    assert [(each.kind, each.day, each.value, each.source) for each in found] == [("split", first + 1, 2.0, "mine")]
    assert asyncio.run(provider.actions.actions("ACME", first + 2, first + 5)) == []


def test_a_file_that_is_alone_is_not_of_every_symbol(folder: Path) -> None:
    with pytest.raises(SymbolNotFoundError, match="No file holds ACM"):
        asyncio.run(opened(folder).instruments.instrument("ACM"))


def test_where_the_symbol_stands_in_the_name_can_be_said(folder: Path) -> None:
    (folder / "ACME.csv").rename(folder / "ACME_1d_2020.csv")
    assert len(bars(opened(folder, symbol_from="{symbol}_1d_*"))) == 3


def test_bars_of_another_length_are_not_there(folder: Path) -> None:
    with pytest.raises(TimeframeError, match="hold bars of 1d, not of 1h"):
        bars(opened(folder), timeframe=Timeframe.parse("1h"))


def test_rows_that_cannot_be_are_named_by_line_and_left_out_only_as_asked(folder: Path) -> None:
    (folder / "ACME.csv").write_text(HEADER + ROWS[0] + "2020-01-07,11,9,10,12,100,1\n" + ROWS[2])
    with pytest.raises(BadRowsError, match="Line 3 of"):
        bars(opened(folder))
    with pytest.warns(DroppedRowsWarning, match="1 of 3 rows"):
        assert len(bars(opened(folder, bad_rows="drop"))) == 2


def test_a_folder_that_changes_is_another_source(folder: Path) -> None:
    before = opened(folder).source
    assert before == opened(folder).source
    (folder / "ACME.csv").write_text(HEADER + "".join(ROWS[:2]))
    assert opened(folder).source != before
    assert before.startswith("mine ")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [({"path": "nowhere"}, r"There is no folder .*nowhere"), ({"stamp": "stop"}, "'stop' is not a choice")],
)
def test_settings_that_cannot_be_used_are_refused(folder: Path, options: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        asyncio.run(opened(folder, **options).instruments.instrument("ACME"))


def test_the_length_of_the_bars_has_to_be_said(folder: Path) -> None:
    keys = Credentials("credentials for mine", "providers.mine", {})
    access = ProviderAccess(name="mine", clock=HandClock(), keys=keys, folder=folder, options={"path": "."})
    with pytest.raises(ConfigError, match="how long a bar lasts"):
        KIND.open(access)

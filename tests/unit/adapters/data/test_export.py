"""Bars as files: what a file of bars can say it says to the last digit, and what it cannot is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stores import actions, days, minutes, with_prices

from tradewright.adapters.data.export import FORMATS, left_out, write_csv
from tradewright.face.bars import read_bars


def test_dates_are_dates_and_instants_are_in_utc(tmp_path: Path) -> None:
    write_csv(days(2), tmp_path / "d.csv")
    write_csv(minutes(1, 2), tmp_path / "m.csv")
    assert (tmp_path / "d.csv").read_text().splitlines()[1].startswith("2024-01-01,")
    assert (tmp_path / "m.csv").read_text().splitlines()[1:] == [
        "2024-01-01T14:30:00Z,50,51,49,50,5",
        "2024-01-01T14:31:00Z,50.142857142857146,51.142857142857146,49.142857142857146,50.142857142857146,5",
    ]


def test_fractions_of_a_second_are_kept(tmp_path: Path) -> None:
    late = minutes(1, 2, open_time=minutes(1, 2).open_time + 1)
    write_csv(late, tmp_path / "m.csv")
    assert "2024-01-01T14:30:00.000000001Z" in (tmp_path / "m.csv").read_text()


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("volume", [0.1 + 0.2, 1e-7, 123456789.123456789, 5e-324, 1.7976931348623157e308])
def test_every_digit_comes_back(tmp_path: Path, kind: str, volume: float) -> None:
    bars = with_prices(days(3), 1, volume=volume)
    FORMATS[kind](bars, tmp_path / f"x.{kind}")
    read = read_bars(tmp_path / f"x.{kind}", symbol="ACME", calendar="24/7", timeframe="1d")
    assert read.volume.tobytes() == bars.volume.tobytes()
    assert read.close.tobytes() == bars.close.tobytes()


def test_actions_stand_on_the_first_row_of_their_day(tmp_path: Path) -> None:
    bars = minutes(2, 2, actions=actions({1: 2.0}, {0: 0.5}))
    write_csv(bars, tmp_path / "m.csv")
    head, *rows = (line.split(",") for line in (tmp_path / "m.csv").read_text().splitlines())
    assert head[-2:] == ["ex_dividend", "split_ratio"]
    assert [row[-2:] for row in rows] == [["0.5", "1"], ["0", "1"], ["0", "2"], ["0", "1"]]
    assert left_out(bars) == []


def test_actions_that_a_file_cannot_say_are_told() -> None:
    bars = days(5, actions=actions({9: 2.0}, {1: 0.5}))
    assert left_out(bars) == ["Left out of the file, on days without a bar: 1 split of ACME."]


def test_a_market_without_volume_has_no_column_of_it(tmp_path: Path) -> None:
    bars = days(2)
    write_csv(bars.with_instrument(bars.instrument.without_volume()), tmp_path / "d.csv")
    assert (tmp_path / "d.csv").read_text().splitlines()[0] == "timestamp,open,high,low,close"

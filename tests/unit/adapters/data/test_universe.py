"""Files, folders and patterns, and the symbols they hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tradewright.adapters.data.universe import BarFile, bar_files, require_room
from tradewright.domain.errors import (
    ConfigError,
    DataError,
    DataNotAvailableError,
    ResourceError,
    SymbolNotFoundError,
)

PATTERN = "{symbol}_1d_*"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("AAPL_1d_2006.csv.gz", "BRK.B_1d_2006.csv", "MSFT_1d_2006.parquet", "notes.txt", "factors.csv"):
        (tmp_path / name).write_bytes(b"x" * 100)
    return tmp_path


def symbols(files: list[BarFile]) -> list[str]:
    return [each.symbol for each in files]


def test_one_symbol_names_the_bars_of_a_single_file(folder: Path) -> None:
    assert bar_files([str(folder / "AAPL_1d_2006.csv.gz")], ["APPLE"])[0].symbol == "APPLE"


def test_without_a_pattern_the_whole_file_name_is_the_symbol(folder: Path) -> None:
    assert symbols(bar_files([str(folder / "BRK.B_1d_2006.csv")])) == ["BRK.B_1d_2006"]


def test_a_pattern_takes_the_symbols_of_a_folder_and_leaves_other_files_out(folder: Path) -> None:
    assert symbols(bar_files([str(folder)], symbol_from=PATTERN)) == ["AAPL", "BRK.B", "MSFT"]


def test_a_glob_is_expanded_in_order(folder: Path) -> None:
    assert symbols(bar_files([str(folder / "*_1d_*")], symbol_from=PATTERN)) == ["AAPL", "BRK.B", "MSFT"]


def test_a_relative_glob_counts_from_the_working_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert symbols(bar_files(["*.parquet"], symbol_from=PATTERN)) == ["MSFT"]


def test_symbols_select_and_order(folder: Path) -> None:
    assert symbols(bar_files([str(folder)], ["MSFT", "AAPL"], PATTERN)) == ["MSFT", "AAPL"]


def test_an_unknown_symbol_is_answered_with_the_nearest(folder: Path) -> None:
    with pytest.raises(SymbolNotFoundError, match=r"No file holds APPL. Did you mean AAPL"):
        bar_files([str(folder)], ["APPL"], PATTERN)


def test_a_symbol_hidden_in_a_longer_name_is_answered_with_the_pattern(folder: Path) -> None:
    with pytest.raises(SymbolNotFoundError, match=r"--symbol-from '{symbol}_\*'"):
        bar_files([str(folder)], ["AAPL"])


def test_a_symbol_like_no_other_is_answered_with_what_there_is(folder: Path) -> None:
    with pytest.raises(SymbolNotFoundError, match=r"There are AAPL, BRK.B, MSFT"):
        bar_files([str(folder)], ["QQQQ"], PATTERN)


def test_two_files_of_one_symbol_are_refused(folder: Path) -> None:
    with pytest.raises(DataError, match=r"both hold AAPL"):
        bar_files([str(folder), str(folder / "AAPL_1d_2006.csv.gz")], symbol_from=PATTERN)


def test_a_named_file_that_does_not_fit_the_pattern_is_refused(folder: Path) -> None:
    with pytest.raises(DataError, match=r"factors.csv does not fit"):
        bar_files([str(folder / "factors.csv")], symbol_from=PATTERN)


def test_a_pattern_without_the_symbol_is_refused(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"does not say where the symbol stands"):
        bar_files([str(folder)], symbol_from="*_1d")


@pytest.mark.parametrize("said", ["*.feather", "empty"])
def test_what_finds_nothing_is_refused(folder: Path, said: str) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(DataNotAvailableError):
        bar_files([str(folder / said)])


def test_a_folder_in_which_nothing_fits_the_pattern_is_refused(folder: Path) -> None:
    with pytest.raises(DataNotAvailableError, match=r"No file name fits"):
        bar_files([str(folder)], symbol_from="{symbol}_5m")


def test_files_that_would_not_fit_in_memory_are_refused_with_the_estimate(folder: Path) -> None:
    files = bar_files([str(folder)], symbol_from=PATTERN)
    # 500 unpacked + 100 + 100, and three times the largest while it is read.
    with pytest.raises(ResourceError, match=r"3 files needs about 0.0 GB"):
        require_room(files, 2_199)
    require_room(files, 2_200)


def test_where_the_system_does_not_tell_its_memory_nothing_is_refused(folder: Path) -> None:
    require_room(bar_files([str(folder)]), None)
    require_room([BarFile("GONE", folder / "gone.csv")], 0)

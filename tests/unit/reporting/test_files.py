"""Files are there whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from tests.builders import random_walk, round_trips, run_record

from tradewright.domain.errors import ConfigError, ResourceError
from tradewright.reporting import files
from tradewright.reporting.result import Result


def full(*_args: object, **_kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def result() -> Result:
    closes = random_walk(60)
    return Result(run_record(closes, round_trips(closes)))


def test_a_file_appears_with_its_folder(tmp_path: Path) -> None:
    written = files.write_file(tmp_path / "deep" / "note.txt", "é\n")
    assert written.read_bytes() == "é\n".encode()
    assert [path.name for path in written.parent.iterdir()] == ["note.txt"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    target = files.write_file(tmp_path / "out.json", "old")
    if step == "fsync":
        monkeypatch.setattr("tradewright.reporting.files.os.fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ResourceError, match=r"The disk is full: '.*out\.json' was not written"):
        files.write_file(target, "new")
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert target.read_text() == "old"


def test_a_full_disk_in_the_middle_of_a_folder_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Result
) -> None:
    monkeypatch.setattr("tradewright.reporting.exports._metric_rows", full)
    with pytest.raises(ResourceError, match="nothing half-written was left"):
        result.to_csv(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_files_of_an_existing_folder_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Result
) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "trades.csv").write_text("old")
    monkeypatch.setattr("tradewright.reporting.exports._metric_rows", full)
    with pytest.raises(ResourceError):
        result.to_csv(folder)
    assert [path.name for path in folder.iterdir()] == ["trades.csv"]
    assert (folder / "trades.csv").read_text() == "old"


def test_an_existing_folder_keeps_what_else_lies_there(tmp_path: Path, result: Result) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result.to_csv(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "contributions.csv", "cost_scenarios.csv", "drawdowns.csv", "equity.csv", "fills.csv", "metrics.csv",
        "monthly.csv", "notes.txt", "orders.csv", "trades.csv", "yearly.csv",
    ]  # fmt: skip


def test_a_path_that_cannot_be_written_is_one_sentence(tmp_path: Path, result: Result) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        result.to_json(tmp_path / "file" / "out.json")
    with pytest.raises(ConfigError, match="cannot be written"):
        result.to_csv(tmp_path / "file")


def test_a_report_on_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Result
) -> None:
    monkeypatch.setattr("tradewright.reporting.files.os.fsync", full)
    with pytest.raises(ResourceError):
        result.report(tmp_path / "out.html")
    assert list(tmp_path.iterdir()) == []

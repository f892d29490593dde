"""What a process tells is read with suspicion, and what it prints is kept within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tradewright.adapters.storage.folder.job_logs import FolderJobLogs
from tradewright.app.jobs.output import MOST_GATHERED, JobOutput
from tradewright.app.jobs.told import Told
from tradewright.domain.errors import ResourceError, StorageError

S = 1_000_000_000
NOTHING = {
    "type": "Error", "sentence": "The command failed without a word.", "hint": None, "file": None, "line": None
}  # fmt: skip


def bars(done: int, total: int | None) -> dict[str, Any]:
    return {"done": done, "total": total, "unit": "bars"}


def progress_after(*messages: tuple[float, dict[str, Any]]) -> Any:
    told = Told(0)
    for seconds, message in messages:
        told.take(message, int(seconds * S))
    return told.progress(5, int(messages[-1][0] * S))


def test_the_rate_counts_from_the_first_progress() -> None:
    """Starting took ten seconds, which say nothing about the work."""
    found = progress_after(
        (10, {"done": 0, "total": 90, "unit": "bars"}), (12, {"done": 60, "total": 90, "unit": "bars"})
    )
    assert (found.rate, found.seconds_left, found.at_ns) == (30.0, 1.0, 5)


def test_progress_names_the_search_whose_trials_it_counts() -> None:
    found = progress_after((0, {"search": "ab" * 32}), (1, {"done": 5, "total": 9, "unit": "trials"}))
    assert found.search == "ab" * 32
    assert progress_after((0, {"search": "../x"}), (1, {"done": 5, "total": 9, "unit": "trials"})).search is None


def test_another_stage_counts_anew() -> None:
    found = progress_after(
        (1, {"done": 0, "total": 2, "unit": "files"}), (2, {"done": 2, "total": 2, "unit": "files"}),
        (3, {"done": 100, "total": 300, "unit": "bars"}), (4, {"done": 200, "total": 300, "unit": "bars"}),
    )  # fmt: skip
    assert (found.rate, found.seconds_left) == (100.0, 1.0)


def test_without_a_total_nothing_is_promised() -> None:
    found = progress_after(
        (0, {"done": 0, "total": None, "unit": "bars"}), (1, {"done": 5, "total": None, "unit": "bars"})
    )
    assert (found.total, found.rate, found.seconds_left) == (None, 5.0, None)


def test_what_did_not_change_is_not_told_again() -> None:
    told = Told(0)
    told.take({"done": 1, "total": 2, "unit": "bars"}, 0)
    assert told.progress(1, 1) is not None
    assert told.progress(2, 2) is None


@pytest.mark.parametrize("done", ["5", None, -1, float("inf"), True, [], {}])
def test_progress_that_is_no_number_is_passed_over(done: Any) -> None:
    assert progress_after((1, {"done": done, "total": 5, "unit": "bars"})) is None


@pytest.mark.parametrize("run", ["../../x", "AB" * 16, "", 5, None, "ab", "a" * 65])
def test_a_run_that_is_no_id_is_passed_over(run: Any) -> None:
    told = Told(0)
    told.take({"run": run}, 0)
    assert told.run_id is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({}, NOTHING),
        ({"sentence": 5, "line": "3", "type": [], "more": 1},
         NOTHING),
        ({"type": "DataError", "sentence": "x" * 9_000, "hint": "Look.", "file": "a.py", "line": 3},
         {"type": "DataError", "sentence": "x" * 4_000, "hint": "Look.", "file": "a.py", "line": 3}),
    ],
)  # fmt: skip
def test_a_failure_has_its_five_words_and_no_other(said: Any, kept: Any) -> None:
    told = Told(0)
    told.take({"error": said}, 0)
    assert told.error == kept


# ---------------------------------------------------------------- output


def test_a_job_that_prints_without_end_does_not_fill_the_disk(tmp_path: Path) -> None:
    log = FolderJobLogs(tmp_path)
    output = JobOutput(log, "j1", most=100)
    for number in range(1000):
        output.take(f"line {number}\n".encode())
    output.flush()
    kept = log.read("j1", 0, 10_000)[0].decode()
    assert len(kept) < 200
    assert kept.endswith("[The log ends here: more than 100 bytes were printed.]\n")
    assert output.last_lines[-1] == "line 999"


def test_the_last_lines_are_short_and_few_however_long_they_were() -> None:
    output = JobOutput(Nowhere(), "j1")
    output.take(b"x" * 10_000_000)
    output.take(b"\n\n\xff\n" + b"y" * 5_000)
    assert output.last_lines == ["x" * 500, "\ufffd", "y" * 500]


class Nowhere:
    """A log that takes nothing while it has an error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.asked, self.kept = error, 0, b""

    def append(self, job_id: str, text: bytes) -> None:
        self.asked += 1
        if self.error is not None:
            raise self.error
        self.kept += text

    def read(self, job_id: str, offset: int, limit: int) -> tuple[bytes, int]:
        return b"", offset

    def forget(self, before_ns: int) -> None:
        self.kept = b""


def test_a_disk_that_is_full_costs_the_log_and_not_the_work() -> None:
    log = Nowhere(ResourceError("The disk is full."))
    output = JobOutput(log, "j1")
    for _ in range(3):
        output.take(b"said\n")
        output.flush()
    assert (log.asked, output.last_lines) == (1, ["said"] * 3)


def test_what_is_printed_while_the_store_is_away_waits_for_it() -> None:
    log = Nowhere(StorageError("The database cannot be reached."))
    output = JobOutput(log, "j1")
    output.take(b"one\n")
    output.flush()
    # No store that is away is asked for every piece that comes.
    output.take(b"x" * 300_000 + b"\n")
    assert log.asked == 1
    log.error = None
    output.take(b"two\n")
    output.flush()
    assert log.kept == b"one\n" + b"x" * 300_000 + b"\ntwo\n"


def test_what_waits_for_the_store_is_bounded_and_what_is_missing_is_said() -> None:
    log = Nowhere(StorageError("The database cannot be reached."))
    output = JobOutput(log, "j1", most=2 * MOST_GATHERED)
    output.flush()
    for _ in range(2):
        output.take(b"x" * MOST_GATHERED)
    log.error = None
    output.flush()
    output.take(b"more\n")
    output.flush()
    kept = log.kept.lstrip(b"x").decode()
    assert len(log.kept) - len(kept) == MOST_GATHERED
    assert kept.startswith("[4,194,") and "bytes are missing here: the store was away.]" in kept  # noqa: PT018


def test_many_small_pieces_are_one_writing_and_a_large_one_does_not_wait() -> None:
    log = Nowhere()
    output = JobOutput(log, "j1")
    for _ in range(100):
        output.take(b"line\n")
    assert log.asked == 0
    output.flush()
    output.flush()
    assert log.asked == 1
    output.take(b"y" * 300_000)
    assert log.asked == 2


# ---------------------------------------------------------------- logs as files


def test_a_log_is_read_from_where_the_reader_stopped(tmp_path: Path) -> None:
    log = FolderJobLogs(tmp_path / "not" / "there")
    assert log.read("j1", 0, 10) == (b"", 0)
    log.append("j1", b"one\n")
    log.append("j1", b"two\n")
    assert log.read("j1", 0, 5) == (b"one\nt", 5)
    assert log.read("j1", 5, 100) == (b"wo\n", 8)
    assert log.read("j1", 8, 100) == (b"", 8)


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".", "a" * 200, "a b"])
def test_an_id_never_leads_out_of_the_folder(tmp_path: Path, name: str) -> None:
    log = FolderJobLogs(tmp_path)
    with pytest.raises(StorageError, match="cannot be called"):
        log.append(name, b"x")
    with pytest.raises(StorageError, match="cannot be called"):
        log.read(name, 0, 1)


def test_a_folder_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be used"):
        FolderJobLogs(tmp_path / "file").append("j1", b"x")

"""What a command tells the process that started it: progress, the kept run, why it failed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.command_line import SAY, Tw

from tradewright.bootstrap.run_archive import run_archive
from tradewright.cli.channel import VARIABLE, Channel, channel, open_channel
from tradewright.cli.progress import Progress
from tradewright.domain.errors import DataError
from tradewright.face.runs import load_run


class Pipe:
    """Both ends."""

    def __init__(self) -> None:
        self.reader, self.writer = os.pipe()
        os.set_blocking(self.reader, False)

    def lines(self) -> list[Any]:
        try:
            return [json.loads(line) for line in os.read(self.reader, 1 << 20).splitlines()]
        except BlockingIOError:
            return []


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pipe]:
    """A pipe that the environment names."""
    both = Pipe()
    monkeypatch.setenv(VARIABLE, str(both.writer))
    yield both
    open_channel({})
    os.close(both.reader)
    os.close(both.writer)


def test_a_backtest_tells_progress_and_the_run_it_kept(tw: Tw, pipe: Pipe) -> None:
    run = tw("backtest", "sma.py", "ACME.csv", *SAY, "--json")
    *progress, last = pipe.lines()
    assert progress[-1] == {"done": 120, "total": 120, "unit": "bars"}
    assert {each["unit"] for each in progress} == {"files", "bars"}
    assert load_run(last["run"]).hash == json.loads(run.out)["hash"]
    assert "Running" not in run.err


def test_a_search_tells_its_trials_and_keeps_the_run_of_its_best(tw: Tw, pipe: Pipe) -> None:
    run = tw("optimize", "sma.py", "ACME.csv", *SAY, "--param", "fast=5,10", "--param", "slow=15", "--json", "--keep")
    *progress, last = pipe.lines()
    assert progress[-1] == {"done": 2, "total": 2, "unit": "trials"}
    archive = run_archive()
    kept = archive.found(last["run"])
    assert kept.label.kind == "optimize"
    assert archive.document(kept, "search").decode() == run.out  # type: ignore[union-attr]


def test_an_import_tells_its_files(tw: Tw, pipe: Pipe) -> None:
    assert tw("data", "import", "ACME.csv", *SAY).code == 0
    assert pipe.lines()[-1] == {"done": 1, "total": 1, "unit": "files"}


def test_a_failure_of_a_strategy_names_file_and_line(tw: Tw, pipe: Pipe, desk: Path) -> None:
    (desk / "bad.py").write_text("def bad(ctx):\n    1 / 0\n")
    assert tw("backtest", "bad.py:bad", "ACME.csv", *SAY, "--json").code == 1
    error = pipe.lines()[-1]["error"]
    assert (error["type"], error["file"], error["line"]) == ("StrategyRaisedError", str(desk / "bad.py"), 2)
    assert "ZeroDivisionError" in error["sentence"]
    assert error["hint"] == "The line is: 1 / 0"


@pytest.mark.parametrize(
    ("words", "kind"), [(["backtest", "none"], "ConfigError"), (["backtest", "sma.py", "--nonsense"], "NoSuchOption")]
)
def test_bad_usage_is_told_too(tw: Tw, pipe: Pipe, words: list[str], kind: str) -> None:
    run = tw(*words)
    error = pipe.lines()[-1]["error"]
    assert error["type"] == kind
    assert error["sentence"].splitlines()[0] in run.err


def test_a_run_that_cannot_be_kept_is_told(tw: Tw, pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> str:
        raise DataError("It does not fit.")

    monkeypatch.setattr("tradewright.face.runs.keep_run", refuse)
    assert tw("backtest", "sma.py", "ACME.csv", *SAY, "--json").code == 1
    assert pipe.lines()[-1]["error"]["sentence"] == "It does not fit."


def test_what_was_found_is_told_as_the_failure_of_a_job(tw: Tw, pipe: Pipe, storage: Path) -> None:
    """The command went through; that something is not as it should be is why its job fails."""
    (storage / "accounts" / "paper" / "alpaca-1").mkdir(parents=True)
    assert tw("reconcile", "--all").code == 1
    error = pipe.lines()[-1]["error"]
    assert error["sentence"].startswith("paper/alpaca-1: the journal and the venue do not agree, or could not be")


def test_what_the_command_starts_does_not_hear_of_the_pipe(tw: Tw, pipe: Pipe) -> None:
    tw("strategies")
    assert VARIABLE not in os.environ
    assert not os.get_inheritable(pipe.writer)


@pytest.mark.parametrize("said", ["", "none", "-1", "99999", "1e3"])
def test_what_is_no_pipe_is_not_written_to(said: str) -> None:
    open_channel({VARIABLE: said})
    assert not channel().is_open


def test_a_file_is_no_pipe(tmp_path: Path) -> None:
    with (tmp_path / "file").open("w") as stream:
        open_channel({VARIABLE: str(stream.fileno())})
        assert not channel().is_open


def test_progress_comes_a_few_times_a_second_and_the_end_always(pipe: Pipe) -> None:
    seconds = iter(number / 100 for number in range(1000))
    told = Channel(pipe.writer, now=lambda: next(seconds))
    for done in range(100):
        told.progress(done + 1, 100, "bars")
    found = [line["done"] for line in pipe.lines()]
    assert found[-1] == 100
    assert 4 <= len(found) <= 7


def test_progress_never_waits_for_a_reader(pipe: Pipe) -> None:
    told = Channel(pipe.writer)
    for _ in range(5_000):
        told.progress(1, 1, "bars of a unit that is long enough to fill the pipe soon")
    assert len(pipe.lines()) < 5_000


def test_a_reader_that_is_gone_costs_nothing() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    Channel(writer).run("ab")
    os.close(writer)


def test_work_that_nobody_listens_to_need_not_tell() -> None:
    open_channel({})
    assert Progress("Running", "bars", quiet=True).listener is None


def test_the_text_of_a_failure_is_bounded(pipe: Pipe) -> None:
    Channel(pipe.writer).failed(DataError("x"), "x" * 100_000, "y" * 100_000)
    assert len(pipe.lines()[0]["error"]["sentence"]) == 4_000


def test_without_a_listener_the_program_starts_as_light_as_ever() -> None:
    seen = "print('tradewright.engine.failures' in sys.modules)"
    code = f"import sys; from tradewright.cli import main; main(['--help']); {seen}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"

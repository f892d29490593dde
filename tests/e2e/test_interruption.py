"""The program as a process: Ctrl-C, a closed pipe, a full disk, no terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.command_line import SAY, left_behind

PROGRAM = [sys.executable, "-c", "import sys; from tradewright.cli import main; sys.exit(main())"]
ENDLESS = """
from tradewright import Strategy


class Endless(Strategy):
    def on_bar(self, ctx):
        print("running", flush=True)
        while True:
            pass
"""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("desk")]


def start(*args: str, out: int = subprocess.PIPE) -> subprocess.Popen[str]:
    return subprocess.Popen([*PROGRAM, *args], stdout=out, stderr=subprocess.PIPE, text=True)


def stop_when_running(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Press Ctrl-C once the strategy is at work."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.strip() == "running":
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    return process.returncode, err


def test_ctrl_c_stops_cleanly_and_says_that_nothing_was_written(desk: Path) -> None:
    (desk / "endless.py").write_text(ENDLESS)
    code, err = stop_when_running(start("backtest", "endless.py", "ACME.csv", *SAY))
    assert (code, err.splitlines()[-1]) == (130, "Stopped. Nothing was written.")
    assert left_behind(desk, "endless.py", "sma.py", "ACME.csv") == []


def test_ctrl_c_in_a_series_of_runs_says_what_is_finished_and_stays(desk: Path) -> None:
    (desk / "endless.py").write_text(
        ENDLESS.replace(
            "def on_bar(self, ctx):", "def on_bar(self, ctx):\n        if ctx.symbols[0] == 'AAA':\n            return"
        )
    )
    for symbol in ("AAA", "BBB"):
        (desk / f"{symbol}.csv").write_text((desk / "ACME.csv").read_text())
    code, err = stop_when_running(start("backtest", "endless.py", "AAA.csv", "BBB.csv", *SAY, "--each", "--out", "out"))
    assert (code, err.splitlines()[-1]) == (130, "Stopped. Kept: out/AAA.")
    assert [path.name for path in (desk / "out").iterdir()] == ["AAA"]
    assert {"report.html", "result.json", "trades.csv"} <= {path.name for path in (desk / "out" / "AAA").iterdir()}


def test_a_reader_that_goes_away_is_no_failure_worth_a_word() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = start("strategies", "--json", out=writing)
    os.close(writing)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (141, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only some systems have a device that is always full")
def test_output_onto_a_full_disk_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        process = start("strategies", out=full.fileno())
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.splitlines()[0] == "The disk is full: the output is not complete."
    assert "Traceback" not in err
    assert "Exception ignored" not in err


@pytest.mark.skipif(not Path("/bin/sh").exists(), reason="only some systems have a shell that limits files")
def test_a_file_that_the_system_refuses_to_let_grow_leaves_nothing_behind(desk: Path) -> None:
    """The report is megabytes; the shell lets no file grow beyond two of them."""
    words = " ".join(SAY)
    limited = f"ulimit -f 4000; exec '{sys.executable}' -c '{PROGRAM[2]}' backtest sma.py ACME.csv {words} --out mine"
    done = subprocess.run(["/bin/sh", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == "The disk is full: 'mine' was not written, and nothing half-written was left."
    assert left_behind(desk, "sma.py", "ACME.csv") == []


def test_an_ascii_terminal_gets_question_marks_rather_than_a_traceback() -> None:
    done = subprocess.run(
        [*PROGRAM, "backtest", "sma.py", "ACME.csv", *SAY],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "Total return" in done.stdout


def test_the_installed_command_answers() -> None:
    done = subprocess.run(
        [Path(sys.executable).parent / "tradewright", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("tradewright ")


def test_a_program_started_without_an_output_does_its_work(desk: Path) -> None:
    command = f'exec "{sys.executable}" -c "$0" "$@" >&-'
    args = ("backtest", "sma.py", "ACME.csv", *SAY, "--out", "mine")
    done = subprocess.run(["sh", "-c", command, PROGRAM[-1], *args], stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert (desk / "mine" / "report.html").exists()

"""Jobs from the queue to the kept run: a real worker, every kind, and the numbers of the command line."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from tests.child_processes import kill_9, until
from tests.command_line import SAY, SMA, Tw, csv_of

from tradewright.api.import_words import printed_document
from tradewright.bootstrap.bar_store import bar_store
from tradewright.bootstrap.coverage import coverage_book
from tradewright.bootstrap.jobs import job_queue
from tradewright.bootstrap.run_archive import run_archive
from tradewright.domain.control.jobs import Job, JobState
from tradewright.marketdata.synthetic_days import SyntheticDays

PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
pytestmark = pytest.mark.slow

SPACE = {"fast": [5, 8], "slow": {"low": 12, "high": 18, "step": 6}}


class Office(NamedTuple):
    """A project with a strategy and a file of bars, its store, and the worker's environment."""

    folder: Path
    environment: dict[str, str]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """``tradewright worker`` in a project, told to end afterwards."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "sma.py").write_text(SMA)
    (folder / "ACME.csv").write_text(csv_of())
    said = {"TRADEWRIGHT_STORAGE__FOLDER": str(folder / "store")}
    process = subprocess.Popen([*PROGRAM, "worker", "--most", "2"], cwd=folder, env={**os.environ, **said})
    try:
        yield Office(folder, said)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    finally:
        if process.poll() is None:
            kill_9(process.pid)
            process.wait()


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder and the store of the worker."""
    monkeypatch.chdir(office.folder)
    for name, value in office.environment.items():
        monkeypatch.setenv(name, value)
    return office.folder


def over(job: Job) -> Job:
    """How it ended, once it has."""
    queue = job_queue()
    until(lambda: queue.job(job.id).state.is_over, f"the end of {job.id}", 120)
    return queue.job(job.id)


def submitted(kind: str, **request: Any) -> Job:
    return job_queue().submit(kind, request, owner="ada")


def done(job: Job) -> Job:
    ended = over(job)
    assert ended.state is JobState.DONE, ended.error
    return ended


def test_every_kind_of_job_gives_what_the_command_line_gives(desk: Path, tw: Tw) -> None:
    statements = {"timeframe": "1d", "calendar": "24/7"}
    imported = done(submitted("import", files=["ACME.csv"], **statements))
    again = json.loads(tw("data", "import", "ACME.csv", *SAY, "--json").out)
    assert again["files"][0]["effect"] == "unchanged"
    assert "ACME" in job_queue().printed(imported.id)[0].decode()

    market = {"strategy": "sma.py:SmaCross", "symbols": ["ACME"], "source": "store"}
    typed = ("sma.py:SmaCross", "--symbols", "ACME", "--json", "--no-keep")
    tried = ("--param", "fast=5,8", "--param", "slow=12:18:6")
    windows = ("--train", "60d", "--test", "20d")
    jobs = {
        "backtest": submitted("backtest", **market, params={"fast": 8}, cash="50000", tags=["night"]),
        "optimize": submitted("optimize", **market, space=SPACE),
        "walk_forward": submitted("walk_forward", **market, space=SPACE, train="60d", test="20d"),
    }
    lines = {
        "backtest": tw("backtest", *typed, "--param", "fast=8", "--cash", "50000").out,
        "optimize": tw("optimize", *typed, *tried).out,
        "walk_forward": tw("walk-forward", *typed, *tried, *windows).out,
    }
    archive = run_archive()
    kept = {kind: archive.found(done(job).run_id or "none") for kind, job in jobs.items()}
    assert {kind: run.label.kind for kind, run in kept.items()} == {kind: kind for kind in jobs}
    assert kept["backtest"].label.tags == ("night",)
    assert kept["backtest"].record_hash == json.loads(lines["backtest"])["hash"]
    search, walk = (json.loads(archive.document(kept[kind], name) or b"{}") for kind, name in DOCUMENTS.items())
    assert search["trials"] == json.loads(lines["optimize"])["trials"]
    assert walk["folds"] == json.loads(lines["walk_forward"])["folds"]
    assert kept["walk_forward"].record_hash == walk["result"]["hash"]


DOCUMENTS = {"optimize": "search", "walk_forward": "walk_forward"}


def test_a_strategy_that_raises_is_told_with_file_line_and_what_it_printed(desk: Path, tw: Tw) -> None:
    (desk / "bad.py").write_text("def bad(ctx):\n    print('before the fall')\n    1 / 0\n")
    request = json.dumps({"strategy": "bad.py:bad", "source": "synthetic"})
    run = tw("jobs", "submit", "backtest", request, "--wait", "--json")
    ended = json.loads(run.out)
    assert (run.code, ended["state"]) == (1, "failed")
    assert (ended["error"]["type"], ended["error"]["line"]) == ("StrategyRaisedError", 3)
    assert ended["error"]["file"] == str(desk / "bad.py")
    assert "before the fall" in ended["error"]["last_lines"]


def test_a_strategy_that_hangs_is_cancelled_and_nothing_of_it_is_kept(desk: Path) -> None:
    (desk / "hang.py").write_text("def hang(ctx):\n    print('there', flush=True)\n    while True:\n        pass\n")
    job, queue = submitted("backtest", strategy="hang.py:hang", source="synthetic"), job_queue()
    until(lambda: b"there" in queue.printed(job.id)[0], "it to hang", 120)
    queue.cancel(job.id)
    ended = over(job)
    assert (ended.state, ended.run_id) == (JobState.CANCELLED, None)


def test_a_fetch_tells_how_far_it_is_and_what_became_of_every_symbol(desk: Path) -> None:
    asked = {"source": "synthetic", "timeframe": "1h", "start": "2024-01-02", "end": "2024-03-28"}
    job = done(submitted("fetch", symbols=["AAPL", "MSFT"], **asked))
    assert job.progress is not None
    assert (job.progress.done, job.progress.total, job.progress.unit) == (174, 174, "days")
    told = printed_document(job_queue(), job.id)["symbols"]
    assert [(each["instrument"], each["new"]) for each in told] == [
        ("SYNTHETIC:AAPL", 61 * 7),
        ("SYNTHETIC:MSFT", 61 * 7),
    ]


def test_a_fetch_that_is_cancelled_keeps_whole_pieces_and_the_next_goes_on_from_there(desk: Path, tw: Tw) -> None:
    asked: Any = {"source": "synthetic", "symbols": ["LONG"], "timeframe": "1m", "start": "2004-01-05"}
    queue, job = job_queue(), submitted("fetch", **asked, end="2023-12-29")

    def is_told() -> bool:
        progress = queue.job(job.id).progress
        return progress is not None and bool(progress.rate) and progress.seconds_left is not None

    until(is_told, "progress with a rate and the time left", 120)
    queue.cancel(job.id)
    ended = over(job)
    assert ended.state is JobState.CANCELLED
    store = bar_store()
    (series,) = store.series("LONG")
    assert all(each.is_sound for each in store.check([series]))
    ((first, stop),) = coverage_book().covered("SYNTHETIC", series.key)
    made = SyntheticDays(series.instrument).bars(series.key.timeframe, first, stop - 1)
    assert store.read(series.key).close[: len(made)].tolist() == made.close.tolist()
    words = ("LONG", "--source", "synthetic", "--timeframe", "1m", "--start", asked["start"], "--end")
    rest = tw("data", "fetch", *words, str(np.datetime64(stop - 1, "D")), "--json").out
    assert json.loads(rest)["symbols"][0]["days_asked"] == 0


def test_a_worker_that_is_attached_ends_with_the_process_that_started_it(desk: Path) -> None:
    code = (
        "import os, subprocess, sys\n"
        f"one = subprocess.Popen([*{PROGRAM!r}, 'worker', '--attached'], stderr=subprocess.PIPE)\n"
        "one.stderr.readline(); print(one.pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code], cwd=desk, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout
    assert parent.stdin
    with parent.stdout, parent.stdin:
        pid = int(parent.stdout.readline())
        kill_9(parent.pid)
        parent.wait()
    until(lambda: not _exists(pid), "the end of the worker")


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"

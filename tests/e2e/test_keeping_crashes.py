"""A process killed while it keeps or deletes a run leaves no half run: what is listed can be shown."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tradewright as tw
from tradewright.bootstrap.run_archive import run_archive

pytestmark = pytest.mark.slow

# Killed by itself, without any handler: the moment is the call of a named step.
KILLED = """
import importlib, os, signal, sys
import tradewright as tw

step, action, run_id = sys.argv[1:4]
place, _, name = step.rpartition(".")
module, _, cls = place.partition(":")
owner = getattr(importlib.import_module(module), cls) if cls else importlib.import_module(module)
real = getattr(owner, name)
left = [int(sys.argv[4])]

def dying(*args, **keywords):
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left[0] -= 1
    return real(*args, **keywords)

setattr(owner, name, dying)
if action == "keep":
    def hold(ctx): ...
    tw.keep_run(tw.backtest(hold, tw.synthetic_bars(bars=40, seed=5)))
else:
    tw.delete_run(run_id)
"""

FOLDER = "tradewright.adapters.storage.folder.artifacts"
SQL = "tradewright.adapters.storage.sql.run_store"


def killed(tmp_path: Path, step: str, action: str, calls: int, run_id: str = "") -> None:
    script = tmp_path / "dies.py"
    script.write_text(KILLED)
    argv = [sys.executable, str(script), step, action, run_id, str(calls)]
    done = subprocess.run(argv, env=os.environ, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -9, done.stderr


def hold(ctx: object) -> None:
    """Do nothing."""


def all_can_be_shown() -> int:
    runs = tw.kept_runs()
    for run_id in runs.index:
        assert tw.load_run(run_id).to_json()
    return len(runs)


LIMITED = """
import resource, sys
from tradewright.cli import main

resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
sys.exit(main(["backtest", "sma_cross", "--synthetic", "--json"]))
"""


@pytest.mark.parametrize("most", [100, 8_000, 40_000])
def test_files_that_may_not_grow_cost_the_keeping_and_not_the_result(tmp_path: Path, most: int) -> None:
    script = tmp_path / "limited.py"
    script.write_text(LIMITED)
    argv = [sys.executable, str(script), str(most)]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["hash"]) == 64
    assert "The run was not kept." in done.stderr
    assert "Traceback" not in done.stderr
    assert all_can_be_shown() == 0


TOGETHER = """
import sys
import tradewright as tw

def hold(ctx): ...
result = tw.backtest(hold, tw.synthetic_bars(bars=40))
sys.stdin.readline()
first = tw.keep_run(result)
tw.keep_run(result)
tw.delete_run(first)
"""


def test_processes_keep_and_delete_at_once(tmp_path: Path) -> None:
    """What one of them frees is the very content that the others are keeping."""
    (tmp_path / "keeps.py").write_text(TOGETHER)
    argv = [sys.executable, "keeps.py"]
    pipes = {"stdin": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(argv, cwd=tmp_path, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    said = [process.communicate("go\n", timeout=120)[1] for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    assert all_can_be_shown() == 3


@pytest.mark.parametrize(
    ("step", "calls"),
    [
        (f"{FOLDER}._write", 0),
        (f"{FOLDER}._write", 1),
        (f"{FOLDER}:FolderArtifacts.put", 2),
        (f"{SQL}:_Writer.add", 0),
        (f"{SQL}:_Writer._insert", 2),
    ],
)
def test_a_run_that_was_being_kept_is_not_there(tmp_path: Path, step: str, calls: int) -> None:
    before = tw.keep_run(tw.backtest(hold, tw.synthetic_bars(bars=40)))
    killed(tmp_path, step, "keep", calls)
    assert list(tw.kept_runs().index) == [before]
    assert all_can_be_shown() == 1


@pytest.mark.parametrize(
    ("step", "calls", "left"),
    [(f"{SQL}:_Writer.remove", 0, 2), (f"{SQL}:_Writer.digests", 0, 1), (f"{FOLDER}:FolderArtifacts.retain", 0, 1)],
)
def test_a_run_that_was_being_deleted_is_there_or_gone(tmp_path: Path, step: str, calls: int, left: int) -> None:
    first, second = (tw.keep_run(tw.backtest(hold, tw.synthetic_bars(bars=40, seed=seed))) for seed in (1, 2))
    killed(tmp_path, step, "delete", calls, first)
    assert all_can_be_shown() == left
    tw.delete_run(second)
    artifacts = run_archive().artifacts
    needed = {each.digest for run_id in tw.kept_runs().index for each in run_archive().found(run_id).artifacts}
    assert {path.name for path in artifacts._files()} == needed  # type: ignore[attr-defined]

"""Searches of the control room on a cluster of Ray: the real one, in processes that the worker did not start."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.child_processes import kill_9, until

from tradewright.bootstrap.jobs import job_queue
from tradewright.bootstrap.run_archive import run_archive
from tradewright.domain.control.jobs import Job, JobState

pytestmark = pytest.mark.slow

PROGRAM = (sys.executable, "-c", "from tradewright.cli import main; raise SystemExit(main())")
CLUSTER = """
import logging, sys, ray
ray.init(address="local", num_cpus=1, include_dashboard=False, log_to_driver=False, logging_level=logging.CRITICAL,
         object_store_memory=100 * 2**20, _temp_dir=sys.argv[1])
context = ray.get_runtime_context()
print(context.gcs_address, context.get_node_id(), flush=True)
sys.stdin.read()
"""
STRATEGY = '''"""A cross that leaves a mark wherever an actor of Ray carries it out."""

import os
import sys

from tradewright import Param, Strategy
from tradewright import indicators as ta

MARKS = "{marks}"


def mark(name):
    ray = sys.modules.get("ray")
    if ray is None or not ray.is_initialized() or ray.get_runtime_context().get_actor_id() is None:
        return False
    with open(os.path.join(MARKS, f"{{name}}-{{os.getpid()}}"), "w") as stream:
        stream.write(ray.get_runtime_context().get_node_id())
    return True


class Cross(Strategy):
    fast = Param(5, low=2, high=60)
    slow = Param(15, low=10, high=250)

    def setup(self):
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_start(self, ctx):
        mark("ran")
        while self.fast == 60 and mark("hangs"):
            pass

    def on_bar(self, ctx):
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(0.95)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()
'''


class Office(NamedTuple):
    """A project and its marks, the one node of a cluster that its worker knows of, and the cluster."""

    folder: Path
    marks: Path
    node: str
    cluster: subprocess.Popen[str]
    environment: dict[str, str]


@contextmanager
def process(*words: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that is gone afterwards."""
    begun = subprocess.Popen(words, text=True, **options)
    try:
        yield begun
    finally:
        if begun.poll() is None:
            kill_9(begun.pid)
        begun.wait()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """``tradewright worker`` beside a cluster that runs already."""
    folder = tmp_path_factory.mktemp("office")
    marks = folder / "marks"
    marks.mkdir()
    (folder / "cross.py").write_text(STRATEGY.format(marks=marks))
    (folder / "tradewright.yaml").write_text("search: {executor: ray}\n")
    # Sockets lie in it, whose paths may not be long.
    temporary = tempfile.mkdtemp(prefix="ray-")
    told = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    quiet = {**os.environ, "HOME": str(folder), **told}
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, temporary, ignore_errors=True)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        cluster = stack.enter_context(process(sys.executable, "-c", CLUSTER, temporary, cwd=folder, env=quiet, **pipes))
        assert cluster.stdin is not None
        assert cluster.stdout is not None
        stack.callback(cluster.stdout.close)
        stack.callback(cluster.stdin.close)
        address, node = cluster.stdout.readline().split()
        said = {"TRADEWRIGHT_STORAGE__FOLDER": str(folder / "store")}
        environment = {**quiet, **said, "RAY_ADDRESS": address}
        worker = stack.enter_context(process(*PROGRAM, "worker", "--most", "1", cwd=folder, env=environment))
        yield Office(folder, marks, node, cluster, said)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0


@pytest.fixture
def desk(office: Office, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The working folder and the store of the worker, and no marks."""
    monkeypatch.chdir(office.folder)
    for name, value in office.environment.items():
        monkeypatch.setenv(name, value)
    for old in office.marks.iterdir():
        old.unlink()
    return office


def submitted(fast: list[int], **request: Any) -> Job:
    """A search in the queue."""
    market = {"strategy": "cross.py:Cross", "symbols": ["ACME"], "source": "synthetic", "engine": "python"}
    asked = {**market, "space": {"fast": fast, "slow": [12, 18]}, "start": "2024-01-01", **request}
    return job_queue().submit("optimize", asked, owner="ada")


def over(job: Job) -> Job:
    """How it ended, once it has."""
    queue = job_queue()
    until(lambda: queue.job(job.id).state.is_over, f"the end of {job.id}", 120)
    return queue.job(job.id)


def found(job: Job) -> tuple[Any, str]:
    """The trials of a search that is done, and the hash of its best."""
    ended, archive = over(job), run_archive()
    assert ended.state is JobState.DONE, ended.error
    run = archive.found(ended.run_id or "none")
    return json.loads(archive.document(run, "search") or b"{}")["trials"], str(run.record_hash)


def is_alive(pid: int) -> bool:
    """Whether a process is there, and not only its end that nobody asked for yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except OSError:
        return False


def test_a_search_on_the_cluster_finds_what_threads_find(desk: Office) -> None:
    here = found(submitted([4, 6, 8], executor="threads"))
    assert list(desk.marks.iterdir()) == []
    there = found(submitted([4, 6, 8]))
    assert there == here
    # One actor: as many as the cluster has processors, however many there are here.
    assert [mark.read_text() for mark in desk.marks.iterdir()] == [desk.node]


def test_a_search_that_hangs_on_the_cluster_is_cancelled_and_leaves_nothing_there(desk: Office) -> None:
    job, queue = submitted([60]), job_queue()
    until(lambda: list(desk.marks.glob("hangs-*")), "it to hang", 120)
    queue.cancel(job.id)
    ended = over(job)
    assert (ended.state, ended.run_id) == (JobState.CANCELLED, None)
    for mark in desk.marks.iterdir():
        pid = int(mark.name.rpartition("-")[2])
        until(lambda pid=pid: not is_alive(pid), f"the end of the actor {pid}")
    assert desk.cluster.poll() is None, "what others started goes on"

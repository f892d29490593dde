"""A worker whose jobs are small programs that a request carries: the machinery is real, the work weighs nothing.

Run as a program it is one worker: ``python -m tests.light_jobs MOST LOST_AFTER_S [KINDS]``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from tests.child_processes import TELL, kill_9, until, words

from tradewright.app.jobs.book import JobBook
from tradewright.app.jobs.rules import ROLES, WorkerRules
from tradewright.app.jobs.supervisor import Wish
from tradewright.bootstrap.jobs import job_book, job_supervisor
from tradewright.domain.control.jobs import Job, JobKind, JobLimits, JobQuery, JobState
from tradewright.domain.control.paging import Slice
from tradewright.ports.children import ChildCommand

MARKS = "LIGHT_JOBS_MARKS"
"""Names the folder in which jobs of other requests leave their marks."""
OVER = frozenset(state for state in JobState if state.is_over)


def command(job: Job, limits: JobLimits) -> ChildCommand:
    """The program that the request carries, with ``tell`` at hand; of any other request one that leaves its mark."""
    wall = None if limits.memory_mb is None else limits.memory_mb + 200
    program = job.request.get("program") or f"open({os.environ[MARKS]!r} + '/{job.id}', 'w').close()"
    return ChildCommand(words(TELL + program), job.id, memory_mb=wall)


def main(most: str, lost_after_s: str, kinds: str = ",".join(ROLES)) -> None:
    """Work until a signal comes."""
    heard: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda which, _: heard.append(which))
    rules = WorkerRules(frozenset(map(JobKind, kinds.split(","))), int(most), lost_after_s=float(lost_after_s))
    supervisor = job_supervisor(rules, command)
    supervisor.run(lambda: Wish(min(len(heard), Wish.LEAVE_NOW)))


class LightDesk:
    """A queue of such jobs in the storage folder of the environment."""

    def __init__(self) -> None:
        self.book: JobBook = job_book()
        self._number = 0

    def add(
        self, program: str, *, attempts: int = 2, limits: JobLimits | None = None, kind: JobKind = JobKind.BACKTEST
    ) -> str:
        """Put a program into the queue."""
        self._number += 1
        job = Job(
            f"j{self._number:05d}", kind, JobState.QUEUED, "ada", {"program": program},
            limits or JobLimits(), self.book.clock.now_ns(), attempts_most=attempts,
        )  # fmt: skip
        return self.book.add(job).id

    def job(self, job_id: str) -> Job:
        """How it stands."""
        found = self.book.store.get(job_id)
        assert found is not None
        return found

    def over(self, job_id: str) -> Job:
        """How it ended, once it has."""
        until(lambda: self.job(job_id).state.is_over, f"the end of {job_id}")
        return self.job(job_id)


@contextmanager
def a_worker(most: int = 2, lost_after_s: float = 1.0) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process, gone afterwards."""
    process = begun(most, lost_after_s)
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_9(process.pid)
        process.wait()


def begun(most: int, lost_after_s: float, kinds: tuple[JobKind, ...] = ROLES) -> subprocess.Popen[bytes]:
    """A worker process."""
    line = [sys.executable, "-m", "tests.light_jobs", str(most), str(lost_after_s), ",".join(kinds)]
    root = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": path}
    return subprocess.Popen(line, env=environment)


@dataclass(frozen=True)
class Siege:
    """Many jobs, and workers that are killed while they work them off."""

    jobs: int
    kills: int
    workers: int
    most: int
    lost_after_s: float = 1.0
    seed: int = 7


class Outlived(NamedTuple):
    """What came of it."""

    lost: int
    not_done: int
    kills: int
    begun_again: int


def lose_none(light: LightDesk, marks: Path, siege: Siege, deadline_s: float = 600.0) -> Outlived:
    """Queue jobs that each leave a mark, kill workers in between, and count the marks that are missing."""
    marks.mkdir()
    draw = random.Random(siege.seed)  # noqa: S311 - which worker falls, the same in every run
    program = "open({!r}, 'w').close()"
    jobs = [light.add(program.format(f"{marks}/{number}"), attempts=99) for number in range(siege.jobs)]
    crew = [begun(siege.most, siege.lost_after_s) for _ in range(siege.workers)]
    try:
        for kill in range(1, siege.kills + 1):
            share = siege.jobs * kill // (siege.kills + 2)
            until(lambda share=share: len(list(marks.iterdir())) >= share, f"{share} to be done", deadline_s)
            fallen = draw.randrange(siege.workers)
            kill_9(crew[fallen].pid)
            crew[fallen].wait()
            crew[fallen] = begun(siege.most, siege.lost_after_s)
        over = JobQuery(states=OVER)
        until(lambda: light.book.store.page(over, Slice(1)).total == siege.jobs, "the end of all", deadline_s)
    finally:
        for worker in crew:
            kill_9(worker.pid)
            worker.wait()
    ended = [light.job(job) for job in jobs]
    return Outlived(
        lost=siege.jobs - len(list(marks.iterdir())),
        not_done=sum(job.state is not JobState.DONE for job in ended),
        kills=siege.kills,
        begun_again=sum(job.attempt - 1 for job in ended),
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A thousand jobs while server and workers are killed: how many are lost or doubled (none may be), and the time.

``python -m benchmarks.jobs_under_kill [JOBS] [KILLS]``, from the top of the checkout. First workers alone are killed
while they work off what is queued; then the server, too, while it is asked for jobs over HTTP. The jobs are processes
that leave a mark and end, so that what is measured is the queue, its doors, its workers and their processes. Needs the
tests, which bring the worker.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

WORKERS, MOST = 3, 4


def main(jobs: int = 1_000, kills: int = 20) -> int:
    """Print what came of it; 1 where a job was lost or doubled."""
    return max(_workers_alone(jobs, kills), _server_too(jobs, kills))


def _workers_alone(jobs: int, kills: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRADEWRIGHT_STORAGE__FOLDER"] = f"{folder}/store"
        from tests.light_jobs import LightDesk, Siege, lose_none

        begun = time.perf_counter()
        siege = Siege(jobs=jobs, kills=kills, workers=WORKERS, most=MOST, lost_after_s=2.0)
        found = lose_none(LightDesk(), Path(folder) / "marks", siege, deadline_s=3_600)
        seconds = time.perf_counter() - begun
    print(f"{jobs:,} jobs, {WORKERS} workers of {MOST} at a time, {found.kills} of them killed (SIGKILL)")
    print(f"lost {found.lost}, not done {found.not_done}, begun again {found.begun_again}")
    print(f"{seconds:.1f} s, {jobs / seconds:.1f} jobs/s")
    return 1 if found.lost or found.not_done else 0


def _server_too(jobs: int, kills: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TRADEWRIGHT_STORAGE__FOLDER"] = f"{folder}/store"
        from tests.sieges import besieged

        begun = time.perf_counter()
        found = besieged(Path(folder), jobs, (kills, kills), deadline_s=3_600)
        seconds = time.perf_counter() - begun
    print(f"{jobs:,} jobs asked for over HTTP; server killed {found.server_kills} times, workers {found.worker_kills}")
    print(
        f"queued {found.queued}, done {found.done}, marks {found.marks}; {found.asked} requests, repetitions included"
    )
    print(f"{seconds:.1f} s, {jobs / seconds:.1f} jobs/s")
    return 0 if (found.queued, found.done, found.marks) == (jobs, jobs, jobs) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

"""A thousand queued jobs while workers are killed: how many are lost (none may be), and how long they take.

``python -m benchmarks.jobs_under_kill [JOBS] [KILLS]``, from the top of the checkout. The jobs are processes that leave
a mark and end, so that what is measured is the queue, its workers and their processes. Needs the tests, which
bring the worker.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

WORKERS, MOST = 3, 4


def main(jobs: int = 1_000, kills: int = 20) -> int:
    """Print what came of it; 1 where a job was lost."""
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


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))

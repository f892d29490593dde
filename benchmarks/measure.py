"""CPU time and memory of this process, read from the operating system."""

from __future__ import annotations

import os
import resource
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

STATUS = Path("/proc/self/status")


def cpu_seconds() -> float:
    """Return user and system seconds of all threads of this process and of the children it waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def resident_bytes() -> int:
    """Return the resident size now."""
    return _status_bytes("VmRSS")


def peak_resident_bytes() -> int:
    """Return the largest resident size this process ever had."""
    return _status_bytes("VmHWM")


def _status_bytes(key: str) -> int:
    if not STATUS.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    lines = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(lines[key].split()[0]) * 1024


@dataclass
class Stopwatch:
    """Measures CPU and wall seconds of its `with` block."""

    cpu_s: float = 0.0
    wall_s: float = 0.0

    def __enter__(self) -> Self:
        self.cpu_s, self.wall_s = cpu_seconds(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_s, self.wall_s = cpu_seconds() - self.cpu_s, time.perf_counter() - self.wall_s


def run_process(argv: list[str], folder: Path, environment: dict[str, str]) -> tuple[float, float, int, str]:
    """Run a program to its end in `folder` and return its CPU seconds, wall seconds, exit code and error text."""
    errors = folder / "stderr.txt"
    with errors.open("wb") as sink:
        started = time.perf_counter()
        process = subprocess.Popen(argv, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=sink)
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, wall_s, process.returncode, errors.read_text(errors="replace")

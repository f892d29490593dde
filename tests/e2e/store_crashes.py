"""Kill a writing process at a named step and say what it left: `python -m tests.e2e.store_crashes FOLDER`.

For every step: a store with one series; a command that appends to it and adds another, killed by SIGKILL at the step; a
look at what is there; a next command; a look again. Prints one JSON object by step.
"""

from __future__ import annotations

import functools
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.stores import content, days, orphans, write

from tradewright.adapters.storage.parquet import durable, files, notes, store
from tradewright.adapters.storage.parquet.store import ParquetBarStore
from tradewright.adapters.storage.segmented import catalogue, writer
from tradewright.domain.stored import WriteMode

# step → module, function, which call, whether before it or after it
STEPS: dict[str, tuple[Any, str, int, str]] = {
    "before the note": (notes, "start_write", 1, "before"),
    "after the note, not committed": (notes, "start_write", 1, "after"),
    "before the first file": (durable, "write_aside", 1, "before"),
    "first file written aside": (durable, "write_aside", 1, "after"),
    "first file in place": (files, "write_durably", 1, "after"),
    "files of both in place": (files, "write_durably", 4, "after"),
    "before the transaction": (writer.SegmentedBarWriter, "commit", 1, "before"),
    "in the transaction, before the first series": (catalogue, "put", 1, "before"),
    "in the transaction, after the first series": (catalogue, "put", 1, "after"),
    "in the transaction, after the last": (notes, "finish_write", 1, "after"),
    "after the transaction": (writer.SegmentedBarWriter, "commit", 1, "after"),
}
SWEEPS: dict[str, tuple[Any, str, int, str]] = {
    "before the sweep": (store, "_sweep", 1, "before"),
    "after the sweep": (store, "_sweep", 1, "after"),
}


def deadly(function: Callable[..., Any], call: int, when: str) -> Callable[..., Any]:
    """The function, killing the process before or after it does its work the so-and-so-manieth time."""
    count = 0

    @functools.wraps(function)
    def wrapper(*args: Any, **keywords: Any) -> Any:
        nonlocal count
        count += 1
        if count == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = function(*args, **keywords)
        if count == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    return wrapper


def killed(step: tuple[Any, str, int, str], work: Callable[[], object]) -> int:
    """Do the work in a process of its own that dies at the step; the signal that ended it."""
    place, name, call, when = step
    child = os.fork()
    if child == 0:
        setattr(place, name, deadly(getattr(place, name), call, when))
        work()
        os._exit(0)
    return os.WTERMSIG(os.waitpid(child, 0)[1])


def command(bars: ParquetBarStore) -> None:
    """Append to one series and add another."""
    with bars.writing() as writing:
        writing.add(days(10, "ACME", first=8), WriteMode.APPEND)
        writing.add(days(20, "OTHER"), WriteMode.APPEND)


def look(bars: ParquetBarStore) -> dict[str, Any]:
    """The content, whole and sound, and what is left over."""
    return {"content": content(bars), "orphans": len(orphans(bars))}


def crash(folder: Path, step: tuple[Any, str, int, str], *, interrupted: bool = False) -> dict[str, Any]:
    """What one killed command leaves, and what the next one makes of it."""
    bars = ParquetBarStore(folder, segment_rows=8)
    write(bars, days(10, "ACME"))
    before = content(bars)
    if interrupted:
        killed(STEPS["files of both in place"], lambda: command(bars))
    signal_number = killed(step, lambda: command(bars))
    found = {"signal": signal_number, "before": before, "left": look(bars)}
    write(bars, days(3, "NEXT"))
    found["next"] = look(bars)
    command(bars)
    found["again"] = look(bars)
    return found


def main(folder: Path) -> None:
    """All steps."""
    told = {name: crash(folder / str(number), step) for number, (name, step) in enumerate(STEPS.items())}
    told |= {name: crash(folder / name, step, interrupted=True) for name, step in SWEEPS.items()}
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

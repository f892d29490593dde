"""The fresh process one contender is measured in: `python -m benchmarks.child WORKLOAD CONTENDER FOLDER LENGTH`.

Writes one JSON object to FOLDER/sample.json: `status` is "ok", "missing" (a module is not installed) or "failed".
With CONTENDER "--make" it writes the workload's data instead, so that the memory this takes is nobody's.
"""

from __future__ import annotations

import gc
import importlib.metadata
import importlib.util
import json
import sys
import traceback
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import market as markets
from benchmarks.catalogue import find
from benchmarks.measure import Stopwatch, peak_resident_bytes, resident_bytes
from benchmarks.workload import Engine

if TYPE_CHECKING:
    from benchmarks.workload import Trial, Workload

MAKE = "--make"
RUNS = 5
LONG_RUN_S = 1.0


def measure(workload: Workload, engine: Engine, folder: Path, length: int) -> dict[str, Any]:
    """Warm up on a small head of the market, run the whole and return the figures; memory is the first whole run's."""
    small = markets.load(folder, min(length, workload.warm_length))
    with Stopwatch() as start:
        trial = engine.prepare(small)
        trial.outcome(trial.run())
    del trial, small
    gc.collect()
    base = resident_bytes()
    market = markets.load(folder, length)
    units, trial = market.units, engine.prepare(market)
    del market
    gc.collect()
    prepared = peak_resident_bytes()
    with Stopwatch() as first:
        answer = trial.run()
    peak = peak_resident_bytes()
    outcome = dict(trial.outcome(answer))
    del answer
    best = repeated(trial, first)
    return {
        "status": "ok",
        "units": units,
        "calls": engine.calls,
        "cpu_s": best.cpu_s,
        "wall_s": best.wall_s,
        "first_cpu_s": first.cpu_s,
        "start_cpu_s": start.cpu_s,
        "rss_bytes": peak - base,
        "prepare_rss_bytes": prepared - base,
        "outcome": outcome,
        "versions": versions(engine.modules),
    }


def versions(modules: tuple[str, ...]) -> dict[str, str]:
    """Return the version of the distribution each module came with."""
    sources = importlib.metadata.packages_distributions()
    return {name: importlib.metadata.version(sources[name][0]) for name in modules if name in sources}


def repeated(trial: Trial, first: Stopwatch) -> Stopwatch:
    """Return the run with the least CPU time out of the first and four more, which short runs are granted.

    The first run pays for fetching its memory from the operating system; where it lasts tenths of a second that is
    most of it, and it drifts.
    """
    watches = [first]
    while len(watches) < RUNS and first.cpu_s < LONG_RUN_S:
        gc.collect()
        with Stopwatch() as watch:
            trial.run()
        watches.append(watch)
    return min(watches, key=lambda watch: watch.cpu_s)


def attempt(workload: Workload, engine: Engine, folder: Path, length: int) -> dict[str, Any]:
    """Measure, or say why it was not possible."""
    absent = [name for name in engine.modules if importlib.util.find_spec(name) is None]
    if absent:
        return {"status": "missing", "reason": ", ".join(absent)}
    try:
        return measure(workload, engine, folder, length)
    except Exception as error:  # noqa: BLE001 - whatever a peer raises belongs into the table
        return {"status": "failed", "reason": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}


def main(argv: list[str]) -> None:
    """Do what the command line says."""
    key, name, where, length = argv
    folder, workload = Path(where), find(key)
    if name == MAKE:
        workload.make(folder, int(length))
        return
    warnings.simplefilter("ignore")
    engine = workload.contender(name)
    assert isinstance(engine, Engine)
    sample = attempt(workload, engine, folder, min(int(length), engine.most or int(length)))
    (folder / "sample.json").write_text(json.dumps(sample))


if __name__ == "__main__":
    main(sys.argv[1:])

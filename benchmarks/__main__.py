"""`python -m benchmarks`: run the workloads and print the table."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import table
from benchmarks.catalogue import select
from benchmarks.live_many import PACE
from benchmarks.runner import PEERS_PYTHON, peers_python, run

if TYPE_CHECKING:
    from benchmarks.workload import Workload


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", default=[], metavar="KEY", help="a workload such as P1; may be repeated"
    )
    parser.add_argument(
        "--repeat", type=int, default=3, metavar="N", help="rounds; the table shows medians (default 3)"
    )
    parser.add_argument("--quick", action="store_true", help="smaller markets: the order of magnitude in a minute")
    parser.add_argument(
        "--minutes", type=int, default=0, metavar="N", help="once, in real time, for so long: workloads with a pace"
    )
    parser.add_argument("--json", action="store_true", help="print every figure and every sample as JSON")
    return parser.parse_args()


def in_real_time(workloads: list[Workload], minutes: int) -> list[Workload]:
    """Those of the workloads that can come at their own pace, made so long.

    Raises
    ------
    LookupError
        If none can.
    """
    chosen = [replace(each, length=each.per_minute * minutes) for each in workloads if each.per_minute]
    if not chosen:
        raise LookupError("None of these workloads has a pace of its own; P8b has.")
    os.environ[PACE] = "1"
    return chosen


def main() -> int:
    """Run what was asked for; 1 if a contender that is installed failed, 2 for an unknown workload."""
    options = arguments()
    try:
        workloads = select(options.only)
        workloads = in_real_time(workloads, options.minutes) if options.minutes else workloads
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    rounds = 1 if options.minutes else max(1, options.repeat)
    with tempfile.TemporaryDirectory(prefix="tradewright-bench-") as name:
        standings = [
            standing
            for workload in workloads
            for standing in run(workload, rounds, quick=options.quick, folder=Path(name), say=_say)
        ]
    if options.json:
        print(json.dumps(table.as_json(standings), indent=2))
    else:
        source = f"Python {platform.python_version()}; peers run by {peers_python()} ({PEERS_PYTHON})"
        print(source, table.versions(standings), table.text(standings), *table.told(standings), sep="\n\n")
    failures = table.failures(standings)
    print("\n".join(failures), file=sys.stderr)
    return 1 if failures else 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

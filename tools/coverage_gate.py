"""Refuse a coverage report in which a room is tested less than it was promised to be.

Reads the JSON report of coverage and compares, for each room with a floor of its own and for the whole package, the
share of statements and the share of branches that ran; the lower of the two counts. Ends with status 1 if one falls
short.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

FLOORS = {"domain": 90.0, "quant": 90.0, "simulation": 90.0, "risk": 90.0, "engine": 90.0}
OVERALL = 80.0
_KEYS = ("covered_lines", "num_statements", "covered_branches", "num_branches")


class Share(NamedTuple):
    """How much of a group of files ran, in percent of its statements and of its branches."""

    statements: float
    branches: float

    @property
    def lower(self) -> float:
        """The share that counts against a floor."""
        return min(self.statements, self.branches)


def percent(done: int, of: int) -> float:
    """The share in percent; nothing to run is fully run."""
    return 100.0 * done / of if of else 100.0


def share(summaries: list[dict[str, Any]]) -> Share:
    """The share that ran over several files of the report."""
    total = {key: sum(summary[key] for summary in summaries) for key in _KEYS}
    return Share(
        percent(total["covered_lines"], total["num_statements"]),
        percent(total["covered_branches"], total["num_branches"]),
    )


def room_of(path: str) -> str:
    """The room a file of the report lies in, by the folder below `tradewright`; the root's own files have none."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    inside = parts[parts.index("tradewright") + 1 :]
    return inside[0] if len(inside) > 1 else ""


def verdicts(files: dict[str, dict[str, Any]]) -> list[tuple[str, Share, float]]:
    """Each floor with the share that stands against it; a room without a file is a mistake in FLOORS, not a pass."""
    rows = []
    for room, floor in FLOORS.items():
        summaries = [entry["summary"] for path, entry in files.items() if room_of(path) == room]
        rows.append((room, share(summaries) if summaries else Share(0.0, 0.0), floor))
    rows.append(("overall", share([entry["summary"] for entry in files.values()]), OVERALL))
    return rows


def main(report: str) -> int:
    """Print one line for each floor and return the exit status."""
    rows = verdicts(json.loads(Path(report).read_text(encoding="utf-8"))["files"])
    for room, ran, floor in rows:
        word = "ok" if ran.lower >= floor else "TOO LOW"
        shares = f"statements {ran.statements:5.1f} %  branches {ran.branches:5.1f} %"
        print(f"coverage {room:<10} {shares}  floor {floor:.0f} %  {word}")
    return int(any(ran.lower < floor for _, ran, floor in rows))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""The folder of a run, a search, a walk or a study: report, JSON and tables, all of them or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tradewright.reporting.monte_carlo.result import MonteCarloResult
    from tradewright.reporting.result import Result
    from tradewright.reporting.search.result import SearchResult
    from tradewright.reporting.walk.result import WalkForwardResult

__all__ = [
    "REPORT",
    "run_folder_name",
    "search_folder_name",
    "study_folder_name",
    "walk_folder_name",
    "write_run",
    "write_search",
    "write_study",
    "write_walk",
]

REPORT = "report.html"


def run_folder_name(result: Result) -> str:
    """A name made of the strategies and the record's hash: equal runs, equal folder."""
    names = "+".join(strategy.name for strategy in result.record.strategies)
    return f"{_plain(names)}-{result.hash[:8]}"


def search_folder_name(search: SearchResult) -> str:
    """A name made of the strategy and of what was searched: equal searches, equal folder."""
    header = search.record.header
    return f"search-{_plain(header.strategy)}-{header.id[:8]}"


def walk_folder_name(walk: WalkForwardResult) -> str:
    """A name made of the strategy and of what came out of sample: equal walks, equal folder."""
    return f"walk-{_plain(walk.record.strategy)}-{walk.result.hash[:8]}"


def study_folder_name(study: MonteCarloResult) -> str:
    """A name made of the run's; a study of another kind has another."""
    return f"{_plain(study.study.kind)}-{run_folder_name(study.result)}"


def write_run(result: Result, folder: str | Path) -> Path:
    """Write ``report.html``, ``result.json`` and the tables as CSV.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ResourceError
        When the disk is full; nothing is left then.
    ConfigError
        When the folder cannot be written.
    MissingExtraError
        When Plotly, which draws the report, is not installed.
    """
    from tradewright.reporting import exports, files, html, plots

    page = html.report(result.findings, plots.library_script())
    document = exports.canonical(result.to_dict())
    writers = exports.csv_writers(result.record, result.metrics)
    writers |= {
        REPORT: lambda path: path.write_text(page, encoding="utf-8", newline="\n"),
        "result.json": lambda path: path.write_text(document, encoding="utf-8", newline="\n"),
    }
    return files.write_folder(folder, writers)


def write_search(search: SearchResult, folder: str | Path) -> Path:
    """Write ``report.html``, ``search.json`` and ``trials.csv``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ResourceError, ConfigError, MissingExtraError
        As `write_run`.
    """
    from tradewright.reporting import files

    writers: dict[str, Callable[[Path], object]] = {
        REPORT: search.report,
        "search.json": search.to_json,
        "trials.csv": search.to_csv,
    }
    return files.write_folder(folder, writers)


def write_walk(walk: WalkForwardResult, folder: str | Path) -> Path:
    """Write ``report.html``, ``walk-forward.json``, ``folds.csv`` and the tables of the out-of-sample run as CSV.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ResourceError, ConfigError, MissingExtraError
        As `write_run`.
    """
    from tradewright.reporting import files

    return files.write_folder(folder, {**walk.csv_writers(), REPORT: walk.report, "walk-forward.json": walk.to_json})


def write_study(study: MonteCarloResult, folder: str | Path) -> Path:
    """Write ``report.html`` and ``monte-carlo.json``.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    ResourceError, ConfigError, MissingExtraError
        As `write_run`.
    """
    from tradewright.reporting import files

    return files.write_folder(folder, {REPORT: study.report, "monte-carlo.json": study.to_json})


def _plain(name: str) -> str:
    """A name that any file system takes."""
    return re.sub(r"[^A-Za-z0-9_+.-]+", "_", name)

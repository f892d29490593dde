"""`tradewright optimize`: search parameters, count every trial, and say how likely the best is luck."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .choices import choices_of
from .keeping import keep_all, keeping_options, label_of
from .lazy import Command
from .options import run_options
from .outcome import FAILED
from .search_options import search_arguments, search_options, taken
from .search_progress import SearchProgress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradewright.reporting.search.result import SearchResult

    from .choices import Choices
    from .outcome import Outcome

__all__ = ["optimize", "stopped_well"]


@click.command(
    cls=Command,
    epilog='Example: optimize sma_cross --synthetic --param fast=5:60:5 --param slow=20,50 --where "fast < slow"',
)
@click.argument("strategy")
@click.argument("more_files", nargs=-1, metavar="[FILE]...")
@search_options
@run_options
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where results go. [runs/search-NAME-HASH]")
@keeping_options("no-keep")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; files are written only with --out.")
@click.pass_obj
def optimize(outcome: Outcome, /, strategy: str, more_files: tuple[str, ...], **options: Any) -> None:
    """Search the parameters of STRATEGY over stored bars; print the best beside how likely it is luck.

    Every trial is a backtest over the same bars, scored from the same date, and is counted: DSR and PBO are of all
    configurations of the strategy's family that were ever tried on overlapping data. A search that was stopped goes on
    when the same command is given again.
    """
    out, show, as_json = (options.pop(name) for name in ("out", "show", "as_json"))
    wish = taken(options)
    keep, label = label_of(options)
    options["files"] = (*options["files"], *more_files)
    choices = choices_of(strategy, options)
    # With JSON, what a strategy prints must not mix with the document.
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        search = _search(choices, wish, outcome, quiet=as_json)
        folder = _written(search, out, choices) if out is not None or not as_json else None
    if folder is not None:
        outcome.kept = [str(folder)]
    if as_json:
        click.echo(search.to_json(), nl=False)
    else:
        click.echo(f"{search.summary()}\n\nWritten to {folder}: report.html, search.json and trials.csv")
    outcome.code = outcome.code if search.best is not None else FAILED
    if keep:
        keep_all({"": search}, label, outcome, aside=as_json)
    if show and folder is not None:
        _open(folder)


def _search(choices: Choices, wish: dict[str, Any], outcome: Outcome, *, quiet: bool) -> SearchResult:
    from tradewright.bootstrap.policies import costs_of
    from tradewright.face.search import optimize as run

    from .backtest import load
    from .beside import beside
    from .market import bars_of

    strategy = load(choices)
    # Before the files are read: a slip in an option should not cost the reading.
    arguments = search_arguments(strategy, wish, choices.said["params"])
    bars = bars_of(choices.said)
    made = beside(choices.said, bars)
    progress = SearchProgress(", ".join(wish.get("objectives", ("sharpe",))), quiet=quiet)
    with progress, stopped_well(progress, outcome, counted=arguments.get("ledger", True)):
        found: SearchResult = run(
            strategy,
            bars,
            costs=costs_of(choices.said),
            progress=progress,
            **arguments,
            **choices.policies,
            **made,
        )
    return found


@contextlib.contextmanager
def stopped_well(progress: SearchProgress, outcome: Outcome, *, counted: bool) -> Iterator[None]:
    """Say what stays when the search is stopped."""
    try:
        yield
    except KeyboardInterrupt:
        if counted and progress.done:
            noun = "trial" if progress.done == 1 else "trials"
            outcome.kept.append(f"{progress.done:,} {noun}, and the same command goes on from there")
        raise


def _written(search: SearchResult, out: Path | None, choices: Choices) -> Path:
    from tradewright.bootstrap.run_folder import search_folder_name, write_search

    return write_search(search, choices.runs / search_folder_name(search) if out is None else out)


def _open(folder: Path) -> None:
    from tradewright.bootstrap.run_folder import REPORT

    from .output import open_in_browser

    open_in_browser(folder / REPORT)

"""`tradewright walk-forward`: choose on one stretch of history, trade the choice on the next, and again."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .choices import choices_of
from .keeping import keep_all, keeping_options, label_of
from .lazy import Command
from .optimize import stopped_well
from .options import run_options
from .outcome import FAILED
from .search_options import search_arguments, search_options, taken
from .search_progress import SearchProgress

if TYPE_CHECKING:
    from tradewright.domain.search import Trial
    from tradewright.reporting.walk.result import WalkForwardResult

    from .choices import Choices
    from .outcome import Outcome

__all__ = ["walk_forward"]

_WINDOWS = ("train", "test", "step", "gap", "anchored", "partial")


@click.command(
    cls=Command,
    epilog="Example: walk-forward sma_cross --synthetic --param fast=5:30:5 --param slow=20,50 --train 252d --test 63d",
)
@click.argument("strategy")
@click.argument("more_files", nargs=-1, metavar="[FILE]...")
@click.option("--train", required=True, metavar="252d", help="How long to train: 500 (bars), 252d (sessions), 12w, 1y.")
@click.option("--test", required=True, metavar="63d", help="How long to test what was chosen.")
@click.option("--step", metavar="63d", help="From one test to the next. [as long as a test]")
@click.option("--gap", type=click.IntRange(min=0), metavar="BARS", help="Left out at the end of training. [0]")
@click.option("--anchored/--rolling", default=None, help="Train from the first bar on, always. [rolling]")
@click.option("--partial/--whole", default=None, help="Keep a last test that the data cut short. [partial]")
@search_options
@run_options
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where results go. [runs/walk-NAME-HASH]")
@keeping_options("no-keep")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; files are written only with --out.")
@click.pass_obj
def walk_forward(outcome: Outcome, /, strategy: str, more_files: tuple[str, ...], **options: Any) -> None:
    """Search STRATEGY on one stretch of history, trade the best on the next, step on; print what came out of sample.

    The tests are one account: each begins with what the one before it left and ends flat, costs included. Every trial
    of every window is counted. A walk that was stopped goes on when the same command is given again.
    """
    out, show, as_json = (options.pop(name) for name in ("out", "show", "as_json"))
    windows = {name: value for name in _WINDOWS if (value := options.pop(name)) is not None}
    wish = taken(options)
    keep, label = label_of(options)
    options["files"] = (*options["files"], *more_files)
    choices = choices_of(strategy, options)
    # With JSON, what a strategy prints must not mix with the document.
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        walk = _walk(choices, wish, windows, outcome, quiet=as_json)
        folder = _written(walk, out, choices) if out is not None or not as_json else None
    if folder is not None:
        outcome.kept = [str(folder)]
    if as_json:
        click.echo(walk.to_json(), nl=False)
    else:
        click.echo(f"{walk.summary()}\n\nWritten to {folder}: report.html, walk-forward.json and the tables as CSV")
    if all(fold.test is None for fold in walk.record.folds):
        outcome.code = FAILED
    if keep:
        keep_all({"": walk}, label, outcome, aside=as_json)
    if show and folder is not None:
        from tradewright.bootstrap.run_folder import REPORT

        from .output import open_in_browser

        open_in_browser(folder / REPORT)


def _walk(
    choices: Choices, wish: dict[str, Any], windows: dict[str, Any], outcome: Outcome, *, quiet: bool
) -> WalkForwardResult:
    from tradewright.bootstrap.policies import costs_of
    from tradewright.face.walk import walk_forward as run

    from .backtest import load
    from .beside import beside
    from .market import bars_of

    strategy = load(choices)
    # Before the files are read: a slip in an option should not cost the reading.
    arguments = search_arguments(strategy, wish, choices.said["params"])
    bars = bars_of(choices.said)
    made = beside(choices.said, bars)
    said = {"costs": costs_of(choices.said), **windows, **arguments, **choices.policies, **made}
    progress = SearchProgress("", quiet=quiet)

    def tell(done: int, total: int | None, _: Trial | None) -> None:
        # The best so far is that of one window, and would read as that of the walk.
        progress(done, total, None)

    with progress, stopped_well(progress, outcome, counted=arguments.get("ledger", True)):
        found: WalkForwardResult = run(strategy, bars, progress=tell, **said)
    return found


def _written(walk: WalkForwardResult, out: Path | None, choices: Choices) -> Path:
    from tradewright.bootstrap.run_folder import walk_folder_name, write_walk

    return write_walk(walk, choices.runs / walk_folder_name(walk) if out is None else out)

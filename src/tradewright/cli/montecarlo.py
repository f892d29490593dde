"""`tradewright montecarlo`: how else a run could have gone."""

from __future__ import annotations

import contextlib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .choices import choices_of
from .lazy import Command
from .options import backtest_options
from .progress import Progress

if TYPE_CHECKING:
    from tradewright.reporting.monte_carlo.result import MonteCarloResult
    from tradewright.reporting.result import Result

    from .outcome import Outcome

__all__ = ["montecarlo"]

_ID = re.compile(r"[0-9a-f]{4,64}")
_DRAWING = ("method", "runs", "replace", "compound", "block", "fixed", "executor", "workers")
_STAYS = frozenset({"seed"})
"""Options of a run that have a meaning where the run is a kept one: the seed is also that of the paths."""


@click.command(cls=Command, epilog="Example: montecarlo sma_cross --synthetic --method returns")
@click.argument("subject", metavar="STRATEGY|RUN")
@click.argument("more_files", nargs=-1, metavar="[FILE]...")
@click.option("--method", type=click.Choice(["trades", "returns", "bars"]), help="What is drawn again. [trades]")
@click.option("--runs", type=click.IntRange(min=1), metavar="N", help="How many paths. [1000]")
@click.option("--resample/--shuffle", "replace", default=None, help="Trades drawn anew, or in other orders. [resample]")
@click.option("--compound/--money", default=None, help="Trades earn shares of the equity, or their money. [compound]")
@click.option("--block", type=float, metavar="SESSIONS", help="Of returns or bars, on average. [from the data]")
@click.option("--fixed/--random", default=None, help="Whether all blocks of returns are as long. [random]")
@click.option("--executor", metavar="NAME", help="Of bars: auto, threads, processes, ray. [auto]")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="[one for each processor]")
@backtest_options
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="[runs/monte-carlo-NAME-HASH]")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; files are written only with --out.")
@click.pass_obj
def montecarlo(outcome: Outcome, /, subject: str, more_files: tuple[str, ...], **options: Any) -> None:
    """Draw other ways a run could have gone; print the run beside them.

    The run is a kept one (its id, or its first digits), or one of STRATEGY made now, with the options of backtest.
    Trades are drawn again or put in other orders, returns in blocks, or the strategy runs anew over bars whose moves
    are drawn again.
    """
    out, show, as_json = (options.pop(name) for name in ("out", "show", "as_json"))
    drawing = {name: value for name in _DRAWING if (value := options.pop(name)) is not None}
    if options["seed"] is not None:
        drawing["seed"] = options["seed"]
    options["files"] = (*options["files"], *more_files)
    # With JSON, what a strategy prints must not mix with the document.
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        result, runs = _run_of(subject, options, quiet=as_json)
        study = _study(result, drawing, quiet=as_json)
        folder = _written(study, out, runs) if out is not None or not as_json else None
    if folder is not None:
        outcome.kept.append(str(folder))
    if as_json:
        click.echo(study.to_json(), nl=False)
    else:
        click.echo(f"{study.summary()}\n\nWritten to {folder}: report.html and monte-carlo.json")
    if show and folder is not None:
        from tradewright.bootstrap.run_folder import REPORT

        from .output import open_in_browser

        open_in_browser(folder / REPORT)


def _run_of(subject: str, options: dict[str, Any], *, quiet: bool) -> tuple[Result, Path]:
    """The run, and the folder in which results get theirs."""
    if _is_kept(subject):
        _require_none(options)
        from tradewright.face.runs import load_run

        from .choices import runs_folder

        return load_run(subject), runs_folder()
    from .backtest import load, run_one
    from .beside import beside
    from .choices import parameters
    from .market import bars_of

    choices = choices_of(subject, options)
    strategy = load(choices)
    # Before the files are read: a slip in an option should not cost the reading.
    parameters(strategy, choices.said["params"])
    bars = bars_of(choices.said)
    return run_one(strategy, choices, bars, beside=beside(choices.said, bars), quiet=quiet), choices.runs


def _is_kept(subject: str) -> bool:
    """Whether it is the id of a run, or its first digits, and no strategy of the catalogue."""
    from tradewright.bootstrap.catalogue import find_catalogue

    return bool(_ID.fullmatch(subject)) and subject not in find_catalogue(Path.cwd()).entries


def _require_none(options: dict[str, Any]) -> None:
    """A kept run is as it was made."""
    from tradewright.domain.errors import ConfigError

    said = [name for name, value in options.items() if value is not None and value != () and name not in _STAYS]
    if said:
        option = {"files": "data", "params": "param"}.get(said[0], said[0]).replace("_", "-")
        raise ConfigError(
            f"--{option} is about a run that is made now, and the run is a kept one.", hint="Leave it out."
        )


def _study(result: Result, drawing: dict[str, Any], *, quiet: bool) -> MonteCarloResult:
    from tradewright.face.monte_carlo import monte_carlo

    with Progress("Running again", "histories", quiet=quiet) as progress:
        found: MonteCarloResult = monte_carlo(result, progress=progress.listener, **drawing)
    return found


def _written(study: MonteCarloResult, out: Path | None, runs: Path) -> Path:
    from tradewright.bootstrap.run_folder import study_folder_name, write_study

    return write_study(study, runs / study_folder_name(study) if out is None else out)

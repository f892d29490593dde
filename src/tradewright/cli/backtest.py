"""`tradewright backtest`: a strategy over stored bars, with a summary and a folder of results."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .choices import Choices, choices_of, parameters
from .keeping import keep_all, keeping_options, label_of
from .lazy import Command
from .options import backtest_options
from .progress import Progress
from .search_options import counting_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.reporting.result import Result

    from .outcome import Outcome

__all__ = ["backtest", "load", "run_one"]

RUNS = Path("runs")
_HEADLINES = ("total_return", "sharpe", "max_drawdown", "trades")


@click.command(cls=Command)
@click.argument("strategy")
@click.argument("more_files", nargs=-1, metavar="[FILE]...")
@backtest_options
@click.option("--each", is_flag=True, help="Run every symbol by itself instead of all on one account.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where the results go. [runs/NAME-HASH]")
@counting_options
@keeping_options("keep")
@click.option("--open", "show", is_flag=True, help="Open the report in the browser.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON; files are written only with --out.")
@click.pass_obj
def backtest(outcome: Outcome, /, strategy: str, more_files: tuple[str, ...], **options: Any) -> None:
    """Run STRATEGY over stored bars; print a summary, write a report, JSON and tables.

    STRATEGY is a catalogue name, path/file.py[:Class] or package.module:Class. Several files, folders and globs make a
    universe of symbols. Every row is checked, and nothing is written unless the run went through.
    """
    each, out, show, as_json = (options.pop(name) for name in ("each", "out", "show", "as_json"))
    counting = {name: options.pop(name) for name in ("ledger", "family")}
    keep, label = label_of(options)
    options["files"] = (*options["files"], *more_files)
    choices = choices_of(strategy, options)
    results: list[Result] = []
    folders: list[Path] = []
    # With JSON, what a strategy prints must not mix with the document.
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        for source, run in _results(choices, each=each, quiet=as_json):
            result = _counted(run, source, counting, outcome)
            results.append(result)
            if out is not None or not as_json:
                folders.append(_write(result, out, choices.runs, each=each))
                outcome.kept.append(str(folders[-1]))
    if as_json:
        _print_documents(results, each=each)
    else:
        _print_summaries(results, folders)
    if choices.keep if keep is None else keep:
        named = {_symbols(result): result for result in results} if len(results) > 1 else {"": results[0]}
        keep_all(named, label, outcome, aside=as_json)
    if show and folders:
        _open(folders[0])


def load(choices: Choices) -> Any:
    """The strategy that was named."""
    from tradewright.strategy.registry import load_strategy

    return load_strategy(choices.reference)


def run_one(
    strategy: Any, choices: Choices, bars: Mapping[str, Bars], *, beside: Mapping[str, Any], quiet: bool = False
) -> Result:
    """One run with the choices made and what stands beside its bars, its progress on the standard error."""
    from tradewright.bootstrap.policies import costs_of
    from tradewright.face.backtest import backtest as run

    with Progress("Running", "bars", quiet=quiet) as progress:
        return run(
            strategy,
            bars,
            params=parameters(strategy, choices.said["params"]) or None,
            costs=costs_of(choices.said),
            progress=progress.listener,
            **choices.policies,
            **beside,
        )


def _results(choices: Choices, *, each: bool, quiet: bool) -> Iterator[tuple[Any, Result]]:
    """The strategy and one result, or one for every symbol."""
    from .beside import beside, for_share
    from .market import bars_of

    strategy = load(choices)
    # Before the files are read: a slip in an option should not cost the reading.
    parameters(strategy, choices.said["params"])
    bars = bars_of(choices.said)
    made = beside(choices.said, bars)
    for share in [{symbol: one} for symbol, one in bars.items()] if each else [bars]:
        yield strategy, run_one(strategy, choices, share, beside=for_share(made, share), quiet=quiet)


def _counted(result: Result, strategy: Any, counting: Mapping[str, Any], outcome: Outcome) -> Result:
    """The result with how many configurations of its kind were tried; not to be counted costs the code."""
    from tradewright.domain.errors import ResourceError, StorageError
    from tradewright.face.search import counted

    from .outcome import FAILED, sentence

    if counting["ledger"] is False:
        return result
    try:
        return counted(result, strategy, family=counting["family"])
    except (StorageError, ResourceError) as error:
        click.echo(f"The run was not counted. {sentence(error)}", err=True)
        outcome.code = FAILED
        return result


def _write(result: Result, out: Path | None, runs: Path, *, each: bool) -> Path:
    from tradewright.bootstrap.run_folder import run_folder_name, write_run

    if out is not None:
        return write_run(result, out / _symbols(result) if each else out)
    prefix = f"{_symbols(result)}-" if each else ""
    return write_run(result, runs / f"{prefix}{run_folder_name(result)}")


def _symbols(result: Result) -> str:
    return "+".join(key.symbol for key in result.record.data)


def _print_documents(results: list[Result], *, each: bool) -> None:
    from .output import print_json

    if each:
        print_json({"runs": [result.to_dict() for result in results]})
    else:
        click.echo(results[0].to_json(), nl=False)


def _print_summaries(results: list[Result], folders: list[Path]) -> None:
    if len(results) == 1:
        click.echo(results[0].summary())
        click.echo(f"\nWritten to {folders[0]}: report.html, result.json and the tables as CSV")
        return
    from tradewright.reporting.presentation import metric_text

    from .output import print_table

    rows = [
        [
            _symbols(result),
            *(metric_text(result.metrics, key, result.config.currency) for key in _HEADLINES),
            str(folder),
        ]
        for result, folder in zip(results, folders, strict=True)
    ]
    labels = [results[0].metrics.info(key).label for key in _HEADLINES]
    print_table(["Symbol", *labels, "Written to"], rows, right=range(1, len(labels) + 1))


def _open(folder: Path) -> None:
    from tradewright.bootstrap.run_folder import REPORT

    from .output import open_in_browser

    open_in_browser(folder / REPORT)

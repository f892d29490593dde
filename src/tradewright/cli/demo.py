"""`tradewright demo`: two strategies on a synthetic market, offline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .backtest import RUNS
from .keeping import keep_all
from .lazy import Command

if TYPE_CHECKING:
    from tradewright.reporting.result import Result

    from .outcome import Outcome

__all__ = ["demo"]

SYMBOLS = ("ALDER", "BIRCH", "CEDAR", "HAZEL", "LINDEN", "MAPLE", "ROWAN", "WILLOW")
STRATEGIES = ("sma_cross", "momentum_rotation")
SEED = 7
TAG = "demo"
_SHOWN = (
    "total_return", "cagr", "volatility", "sharpe", "sortino", "max_drawdown", "trades", "win_rate", "turnover",
    "total_costs",
)  # fmt: skip


@click.command(cls=Command)
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where the reports go. [runs/demo]")
@click.option("--open", "show", is_flag=True, help="Open the first report in the browser.")
@click.pass_obj
def demo(outcome: Outcome, /, out: Path | None, *, show: bool) -> None:
    """Run two of the shipped strategies on a SYNTHETIC market; print their metrics, write a report of each.

    The runs are kept, once. Needs no data, no keys and no network.
    """
    from tradewright.bootstrap.run_folder import REPORT, write_run

    click.echo(
        f"SYNTHETIC market, made up (seed {SEED}): {len(SYMBOLS)} shares, ten years of daily bars.\n"
        "It says nothing about any real market."
    )
    results = _results()
    folders = []
    for result in results:
        folders.append(write_run(result, (out or RUNS / "demo") / result.record.strategies[0].name))
        outcome.kept.append(str(folders[-1]))
    _print_side_by_side(results)
    click.echo("Reports:")
    for folder in folders:
        click.echo(f"  {folder / REPORT}")
    click.echo()
    _keep_once(results, outcome)
    click.echo("\nNext: tradewright serve --open         the runs in the browser\n"
               "      tradewright new strategy my_idea  a strategy of your own")  # fmt: skip
    if show:
        from .output import open_in_browser

        open_in_browser(folders[0] / REPORT)


def _results() -> list[Result]:
    """The single-symbol strategy on the first share, the rotation on all of them."""
    from tradewright.bootstrap.catalogue import shipped_catalogue
    from tradewright.face.backtest import backtest
    from tradewright.face.bars import synthetic_bars
    from tradewright.strategy.registry import load_strategy

    catalogue = shipped_catalogue()
    market = synthetic_bars(SYMBOLS, seed=SEED)
    shares = ({SYMBOLS[0]: market[SYMBOLS[0]]}, market)
    return [
        backtest(load_strategy(catalogue.entry(name).reference), share, seed=SEED)
        for name, share in zip(STRATEGIES, shares, strict=True)
    ]


def _keep_once(results: list[Result], outcome: Outcome) -> None:
    """Keep what no earlier demo has kept; a store that cannot take it costs the exit code, not the reports."""
    from tradewright.bootstrap.run_archive import run_archive
    from tradewright.domain.errors import TradewrightError
    from tradewright.domain.kept_run import RunQuery

    from .outcome import FAILED, sentence

    try:
        known = {run.record_hash for run in run_archive().query(RunQuery(tag=TAG))}
    except TradewrightError as error:
        click.echo(f"The runs were not kept. {sentence(error)}", err=True)
        outcome.code = FAILED
        return
    new = {result.record.strategies[0].name: result for result in results if result.record.hash not in known}
    keep_all(new, {"name": None, "note": "", "tags": (TAG,)}, outcome, aside=False)
    if not new:
        click.echo("Both runs were kept before.")


def _print_side_by_side(results: list[Result]) -> None:
    from tradewright.reporting.presentation import metric_text, unit_text

    from .output import print_table

    names = [f"{result.record.strategies[0].name} (SYNTHETIC)" for result in results]
    rows = [
        [
            results[0].metrics.info(key).label,
            *(metric_text(result.metrics, key, result.config.currency) for result in results),
            unit_text(results[0].metrics.info(key), results[0].config.currency),
        ]
        for key in _SHOWN
    ]
    print_table(["Metric", *names, ""], rows, right=range(1, len(names) + 1))

"""`tradewright check`: whether a strategy knows what it could not have known, found out by running it again."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

import click

from .choices import Choices, choices_of, parameters
from .lazy import Command
from .options import backtest_options
from .outcome import FAILED
from .progress import Progress

if TYPE_CHECKING:
    from tradewright.app.checks.report import CheckReport

    from .outcome import Outcome

__all__ = ["check"]

_OF_THE_RESULT = frozenset({"risk_free", "quality", "metrics_from"})
"""Policies that say how a result is told, and change nothing that is decided."""


@click.command(cls=Command, epilog="Example: check mine.py --data AAPL.csv --timeframe 1d --calendar XNAS")
@click.argument("strategy")
@click.argument("more_files", nargs=-1, metavar="[FILE]...")
@backtest_options
@click.option("--cuts", type=click.IntRange(min=1), metavar="N", help="Bars after which the history is cut. [48]")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.pass_obj
def check(outcome: Outcome, /, strategy: str, more_files: tuple[str, ...], **options: Any) -> None:
    """Check STRATEGY for bias: look-ahead, repainting, short warm-up, unstable chance, survivorship.

    The strategy is run again on histories that end earlier, go on otherwise and begin later; its decisions up to there
    must stay the same. Every finding names symbol, bar, both values and the line that read it. The exit code is 1 when
    something was found; notices do not count.
    """
    as_json, cuts = options.pop("as_json"), options.pop("cuts")
    options["files"] = (*options["files"], *more_files)
    choices = choices_of(strategy, options)
    # With JSON, what a strategy prints must not mix with the document.
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        report = _checked(choices, {} if cuts is None else {"cuts": cuts}, quiet=as_json)
    if as_json:
        from .output import print_json

        print_json(report.to_dict())
    else:
        click.echo(report.summary())
    outcome.code = outcome.code if report.passed else FAILED


def _checked(choices: Choices, wish: dict[str, Any], *, quiet: bool) -> CheckReport:
    from tradewright.bootstrap.policies import costs_of
    from tradewright.face.checking import check as run

    from .backtest import load
    from .beside import beside
    from .market import bars_of

    strategy = load(choices)
    # Before the files are read: a slip in an option should not cost the reading.
    params = parameters(strategy, choices.said["params"]) or None
    bars = bars_of(choices.said)
    made = {name: value for name, value in beside(choices.said, bars).items() if name != "benchmark"}
    policies = {name: value for name, value in choices.policies.items() if name not in _OF_THE_RESULT}
    with Progress("Checking", "cuts", quiet=quiet) as progress:
        wish["progress"] = progress.listener
        return run(strategy, bars, params=params, costs=costs_of(choices.said), **wish, **policies, **made)

"""The options of a backtest, named as the arguments of `tradewright.backtest` and `tradewright.read_bars`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from tradewright.bootstrap.policies import COMMISSION_FORMS, SLIPPAGE_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["backtest_options", "run_options", "statement_options"]

Function = TypeVar("Function", bound="Callable[..., Any]")

# Nothing has a default here: what is not said is left to settings and catalogue, and then to the functions themselves.
_STATEMENTS = (
    click.option("--symbol-from", metavar="PATTERN", help="Where file names hold the symbol: '{symbol}_1d_*'."),
    click.option("--calendar", metavar="NAME", help="Whose sessions: XNYS, XNAS, XLON …, 24/7 (coins), 24/5 (FX)."),
    click.option("--timeframe", metavar="1d", help="How long a bar lasts: 1m, 15m, 1h, 1d, 1w, 1mo."),
    click.option("--tz", metavar="ZONE", help="Zone of stamps that name none, such as America/New_York."),
    click.option("--stamp", type=click.Choice(["start", "end", "session"]), help="What a stamp marks."),
    click.option("--epoch", type=click.Choice(["s", "ms", "us", "ns"]), help="Unit of stamps that are numbers."),
    click.option("--volume", type=click.Choice(["none"]), help="Declare that volume is not known."),
    click.option("--adjust", metavar="COLUMN", help="Scale prices by this column of adjusted closes."),
    click.option("--adjustment", type=click.Choice(["raw", "split", "full"]), help="What the prices already contain."),
    click.option("--actions", metavar="FILE", help="Splits and dividends of raw prices: a factor file, or none."),
    click.option(
        "--bad-rows", type=click.Choice(["refuse", "drop"]), help="Refuse impossible rows, or leave them out."
    ),
    click.option(
        "--suspects", type=click.Choice(["keep", "drop", "refuse"]), help="Spikes, repeated prices, no volume. [keep]"
    ),
    click.option("--sessions", type=click.Choice(["strict", "regular", "extended"]), help="Rows outside the hours."),
)
_PARAM = click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the strategy.")
_OPTIONS = (
    click.option("--data", "files", multiple=True, metavar="FILE…", help="A CSV or Parquet file, a folder or a glob."),
    click.option("--synthetic", is_flag=True, default=None, help="Trade a synthetic market instead of files."),
    click.option(
        "--source",
        type=click.Choice(["files", "store", "synthetic", "auto"]),
        help="The same in words; auto fetches first what the store lacks.",
    ),
    click.option("--symbols", metavar="A,B", help="What to trade; every file by default. Names a single file's bars."),
    click.option("--data-version", metavar="DIGITS", help="Which version of a stored symbol. [the current one]"),
    click.option("--as-of", metavar="DATE", help="Stored bars and actions as they were known on that date."),
    click.option(
        "--hours", type=click.Choice(["regular", "extended"]), help="Of stored bars: without or with those around them."
    ),
    *_STATEMENTS,
    click.option("--start", metavar="DATE", help="First date traded; earlier bars warm up."),
    click.option("--end", metavar="DATE", help="Last date, included."),
    click.option("--cash", type=float, metavar="AMOUNT", help="What the account begins with. [100000]"),
    click.option("--currency", metavar="USD", help="Of the account, and of the prices unless said. [USD]"),
    click.option("--data-currency", metavar="EUR", help="Of the prices, where it is another; see --fx."),
    click.option(
        "--fx", multiple=True, metavar="EUR=FILE", help="Account currency per unit of it: a file or a number."
    ),
    click.option("--costs", type=click.Choice(["none", "default"]), help="Trade for nothing, or as by default."),
    click.option("--slippage-bps", type=float, metavar="BPS", help="How far fills land from the price. [10]"),
    click.option("--slippage", metavar="MODEL", help=f"Instead, a model: {SLIPPAGE_FORMS}."),
    click.option("--commission", metavar="MODEL", help=f"{COMMISSION_FORMS}. [per-trade:1.0]"),
    click.option("--limits", type=click.Choice(["none", "cautious", "standard", "bold"]), help="Risk limits. [none]"),
    click.option("--shorts/--no-shorts", default=None, help="Allow short positions, without leverage."),
    click.option("--margin", metavar="0.5,0.25", help="A margin account: initial and maintenance, as fractions."),
    _PARAM,
    click.option("--fill-at", type=click.Choice(["open", "close"]), help="Where market orders fill. [open]"),
    click.option("--size-at", type=click.Choice(["decision", "fill"]), help="When quantities are fixed. [decision]"),
    click.option("--intrabar", type=click.Choice(["worst", "ohlc"]), help="How a bar is read inside. [worst]"),
    click.option("--limit-fill", type=click.Choice(["through", "touch"]), help="When limits fill. [through]"),
    click.option("--insufficient", type=click.Choice(["reject", "clip"]), help="What cannot be paid. [reject]"),
    click.option("--latency-bars", type=click.IntRange(min=0), metavar="N", help="Bars by which orders are late. [0]"),
    click.option("--detail", multiple=True, metavar="FILE…", help="Finer bars, replayed inside the trading bars."),
    click.option("--detail-timeframe", metavar="1m", help="How long a finer bar lasts."),
    click.option("--detail-stamp", type=click.Choice(["start", "end"]), help="What their stamps mark. [start]"),
    click.option("--lots", type=click.Choice(["fifo", "lifo", "highest_cost"]), help="What is closed first. [fifo]"),
    click.option("--finalize/--no-finalize", default=None, help="Close what is open at the last close."),
    click.option("--benchmark", metavar="NAME", help="A symbol of the run or the store, or a file. [itself]"),
    click.option("--metrics-from", type=click.Choice(["start", "ready"]), help="When metrics begin. [start]"),
    click.option("--risk-free", type=float, metavar="RATE", help="Yearly, for the metrics, a fraction. [0]"),
    click.option("--quality", type=click.Choice(["keep", "refuse"]), help="Run over doubtful bars, or refuse. [keep]"),
    click.option("--engine", type=click.Choice(["auto", "python", "compiled"]), help="How bars are run. [auto]"),
    click.option("--seed", type=int, help="Of the strategy's generator, and of a synthetic market. [0]"),
)


def backtest_options(function: Function) -> Function:
    """Give a command all of them, in this order."""
    return _given(function, _OPTIONS)


def run_options(function: Function) -> Function:
    """Give a command all of them but the parameters, which it reads in its own way."""
    return _given(function, [option for option in _OPTIONS if option is not _PARAM])


def statement_options(function: Function) -> Function:
    """Give a command those that say what files do not say themselves."""
    return _given(function, _STATEMENTS)


def _given(function: Function, options: Sequence[Callable[[Function], Function]]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function

"""The options of a backtest, named as the arguments of `tradewright.backtest` and `tradewright.read_bars`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from tradewright.bootstrap.policies import COMMISSION_FORMS, SLIPPAGE_FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["backtest_options"]

Function = TypeVar("Function", bound="Callable[..., Any]")

# Nothing has a default here: what is not said is left to the catalogue entry, and then to the functions themselves.
_OPTIONS = (
    click.option("--data", "files", multiple=True, metavar="FILE…", help="A CSV or Parquet file, a folder or a glob."),
    click.option("--synthetic", is_flag=True, help="Trade a synthetic market instead of files."),
    click.option("--source", type=click.Choice(["files", "synthetic"]), help="The same in words."),
    click.option("--symbols", metavar="A,B", help="What to trade; every file by default. Names a single file's bars."),
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
    click.option("--start", metavar="DATE", help="First date traded; earlier bars warm up."),
    click.option("--end", metavar="DATE", help="Last date, included."),
    click.option("--cash", type=float, metavar="AMOUNT", help="What the account begins with. [100000]"),
    click.option("--currency", metavar="USD", help="Of the account and of the prices. [USD]"),
    click.option("--costs", type=click.Choice(["none", "default"]), help="Trade for nothing, or as by default."),
    click.option("--slippage-bps", type=float, metavar="BPS", help="How far fills land from the price. [10]"),
    click.option("--slippage", metavar="MODEL", help=f"Instead, a model: {SLIPPAGE_FORMS}."),
    click.option("--commission", metavar="MODEL", help=f"{COMMISSION_FORMS}. [per-trade:1.0]"),
    click.option("--limits", type=click.Choice(["none", "cautious", "standard", "bold"]), help="Risk limits. [none]"),
    click.option("--shorts", is_flag=True, default=None, help="Allow short positions, without leverage."),
    click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the strategy."),
    click.option("--fill-at", type=click.Choice(["open", "close"]), help="Where market orders fill. [open]"),
    click.option("--size-at", type=click.Choice(["decision", "fill"]), help="When quantities are fixed. [decision]"),
    click.option("--intrabar", type=click.Choice(["worst", "ohlc"]), help="How a bar is read inside. [worst]"),
    click.option("--limit-fill", type=click.Choice(["through", "touch"]), help="When limits fill. [through]"),
    click.option("--finalize", is_flag=True, default=None, help="Close what is open at the last close."),
    click.option("--quality", type=click.Choice(["keep", "refuse"]), help="Run over doubtful bars, or refuse. [keep]"),
    click.option("--seed", type=int, help="Of the strategy's generator, and of a synthetic market. [0]"),
)


def backtest_options(function: Function) -> Function:
    """Give a command all of them, in this order."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function

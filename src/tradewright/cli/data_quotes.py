"""`tradewright data quotes`: what is bid and asked now, as it changes."""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import TYPE_CHECKING, Any

import click

from .lazy import Command

if TYPE_CHECKING:
    from tradewright.app.live.feed.status import FeedNote
    from tradewright.domain.quote import Quote

__all__ = ["quotes"]


@click.command("quotes", cls=Command)
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option("--source", required=True, metavar="NAME", help="Whose quotes: a provider, or a broker of the settings.")
@click.option("--once", is_flag=True, help="End with the first quote of each symbol.")
@click.option(
    "--within", type=click.FloatRange(min=0, min_open=True), default=60.0, metavar="SECONDS",
    help="How long --once waits. [60]",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print each quote as a line of JSON.")
def quotes(*, symbols: tuple[str, ...], source: str, once: bool, within: float, as_json: bool) -> None:
    """Print the live quotes of SYMBOLs until stopped: time, bid and ask with what stands there, and the spread.

    Where several quotes of a symbol come at once, the latest is printed. A connection that is lost is opened again.
    Exit code 1 where --once found no quote in time.
    """
    from tradewright.bootstrap.quoting import QuoteOrder, follow_quotes

    order = QuoteOrder(source, tuple(dict.fromkeys(symbols)), within if once else None)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(follow_quotes(order, _as_json if as_json else _printed, _told))


def _printed(quote: Quote) -> None:
    from tradewright.domain.moments import utc

    bid, ask = _side(quote.bid, quote.bid_size), _side(quote.ask, quote.ask_size)
    half, mid = quote.half_spread, quote.mid
    spread = quote.why_no_mid if half is None or mid is None else f"{2e4 * half / mid:.1f} bps"
    click.echo(f"{utc(quote.at_ns):%Y-%m-%d %H:%M:%S.%f}Z  {quote.symbol:<8}  {bid:>20} | {ask:<20}  {spread}")


def _side(price: float | None, size: float) -> str:
    return "-" if price is None else f"{price:g} x {size:g}"


def _as_json(quote: Quote) -> None:
    plain: dict[str, Any] = {name: getattr(quote, name) for name in quote.__slots__}
    click.echo(json.dumps({**plain, "mid": quote.mid, "half_spread": quote.half_spread}))


def _told(note: FeedNote) -> None:
    click.echo(note.sentence, err=True)

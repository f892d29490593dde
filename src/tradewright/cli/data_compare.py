"""`tradewright data compare`: the same bars of two sources side by side."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from tradewright.domain.errors import ConfigError

from .channel import channel
from .lazy import Command
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.app.compare import Compared
    from tradewright.bootstrap.comparing import ComparedSymbol
    from tradewright.marketdata.comparison import Absent, Comparison, Difference

    from .outcome import Outcome

__all__ = ["compare_bars"]


@click.command("compare", cls=Command)
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option(
    "--sources", required=True, metavar="A,B",
    help="Which two: store, store@VERSION, a provider, or a broker of the settings.",
)  # fmt: skip
@click.option("--timeframe", default="1d", metavar="1d", help="How long a bar lasts. [1d]")
@click.option("--start", metavar="DATE", help="First session. [as far back as both have, a year of providers]")
@click.option("--end", metavar="DATE", help="Last session. [the last that both have]")
@click.option("--adjustment", type=click.Choice(["raw", "split", "full"]), help="Which of the stored prices.")
@click.option(
    "--tolerance", type=click.FloatRange(min=0, max=1), default=0.001, metavar="FRACTION",
    help="How far prices may lie apart and count as the same. [0.001]",
)  # fmt: skip
@click.option(
    "--volume-tolerance", "volume", type=click.FloatRange(min=0, max=1), default=0.05, metavar="FRACTION",
    help="How far volumes may. [0.05]",
)  # fmt: skip
@click.option("--no-volume", is_flag=True, help="Compare no volumes: those of one venue are not the market's.")
@click.option(
    "--differing", type=click.Choice(["fail", "pass"]), default="fail",
    help="Whether bars that differ make the command end with 1, or only those that cannot be compared. [fail]",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.pass_obj
def compare_bars(outcome: Outcome, /, *, as_json: bool, **said: Any) -> None:
    """Put the bars of SYMBOLs out of two sources beside each other.

    Tells what either lacks, what differs beyond the tolerance, and what explains it as a whole: shifted stamps,
    a split or dividends that one side is adjusted for, another unit. Nothing is kept. Ends with 1 where they differ
    (unless --differing=pass) or a symbol cannot be compared.
    """
    from tradewright.app.stored_bars import days_between
    from tradewright.bootstrap.comparing import ComparisonOrder, compare_symbols
    from tradewright.marketdata.comparison import Tolerance

    from .outcome import FAILED
    from .output import print_json

    days = days_between(said.pop("start"), said.pop("end"))
    may_differ = said.pop("differing") == "pass"
    volume, is_left_out = said.pop("volume"), said.pop("no_volume")
    tolerance = Tolerance(said.pop("tolerance"), None if is_left_out else volume)
    order = ComparisonOrder(sources=_both(said.pop("sources")), days=days, tolerance=tolerance, **said)
    with Progress("Comparing", "symbols", quiet=as_json) as progress:
        done = asyncio.run(compare_symbols(order, progress.listener))
    if not all(may_differ or each.compared.comparison.is_same for each in done if each.compared is not None):
        outcome.code = FAILED
    if any(each.compared is None for each in done):
        outcome.code = FAILED
        _tell_job(done)
    if as_json:
        print_json({"sources": list(order.sources), "symbols": [_plain(each) for each in done]})
    else:
        _tell(done, order.sources)


def _tell_job(done: Sequence[ComparedSymbol]) -> None:
    """Say to whom the command is a job why it ends without all that was asked for."""
    lost = [(each.symbol, each.error) for each in done if each.error is not None]
    for symbol, error in lost[:1]:
        many = f" {len(lost)} of {len(done)} symbols were not." if len(lost) > 1 else ""
        channel().failed(error, f"{symbol} was not compared: {error.message}{many}", error.hint)


def _both(sources: str) -> tuple[str, str]:
    names = [each.strip() for each in sources.split(",")]
    if len(names) != 2 or not all(names):
        raise ConfigError(f"'{sources}' does not name two sources.", hint="Write them as --sources store,alpaca.")
    return names[0], names[1]


# ---------------------------------------------------------------- in words


def _tell(done: Sequence[ComparedSymbol], sources: tuple[str, str]) -> None:
    from .output import print_table

    rows = [_row(each.compared) for each in done if each.compared is not None]
    if rows:
        columns = ["Series", "From", "To", *sources, "Common", *(f"Not in {name}" for name in sources), "Differing", ""]
        print_table(columns, rows, right=tuple(range(3, 9)))
    for each in done:
        if each.compared is not None:
            _tell_one(each.compared, sources)
        elif each.error is not None:
            click.echo(f"{each.symbol} was not compared: {each.error.message}", err=True)
            if each.error.hint:
                click.echo(f"  {each.error.hint}", err=True)


def _row(compared: Compared) -> list[str]:
    found, bars = compared.comparison, compared.first
    first, last = (_stamp(compared, stamp) for stamp in (int(bars.labels()[0]), int(bars.labels()[-1])))
    counts = *found.rows, found.common, *found.missing, found.rows_differing
    word = "same" if found.is_same else "different"
    return [f"{bars.instrument.id} {bars.timeframe}", first, last, *(f"{count:,}" for count in counts), word]


def _tell_one(compared: Compared, sources: tuple[str, str]) -> None:
    found = compared.comparison
    if found.is_same:
        return
    click.echo(f"{compared.first.instrument.id} {compared.first.timeframe}")
    for pattern in found.patterns:
        click.echo(f"  ! {pattern.sentence}")
    for absent in found.absent:
        click.echo(f"  {_absent_text(compared, absent)} not in {sources[absent.side]}.")
    if found.differing:
        counts = ", ".join(f"{name} {count:,}" for name, count in found.differing.items())
        click.echo(f"  Differing: {counts}. The furthest apart:")
    for each in found.worst:
        values = " and ".join(f"{value:.10g}" for value in each.values)
        click.echo(f"    {_stamp(compared, each.stamp_ns)}  {each.name:<6}  {values}  ({each.relative:.2%})")


def _absent_text(compared: Compared, absent: Absent) -> str:
    first, last = _stamp(compared, absent.first_ns), _stamp(compared, absent.last_ns)
    if absent.count == 1:
        return f"{first}: 1 bar is"
    return f"{first} to {last}: {absent.count:,} bars are"


def _stamp(compared: Compared, stamp_ns: int) -> str:
    from tradewright.marketdata.findings import written

    return written(stamp_ns, is_intraday=compared.first.timeframe.is_intraday)


# ---------------------------------------------------------------- as JSON


def _plain(each: ComparedSymbol) -> dict[str, Any]:
    if each.compared is None:
        error = each.error
        return {"symbol": each.symbol, "error": error and error.message, "hint": error and error.hint}
    found, bars = each.compared.comparison, each.compared.first
    return {
        "symbol": each.symbol,
        "instrument": bars.instrument.id,
        "timeframe": str(bars.timeframe),
        "same": found.is_same,
        "rows": list(found.rows),
        "common": found.common,
        "missing": list(found.missing),
        "absent": [_plain_absent(absent) for absent in found.absent],
        "differing": found.differing,
        "rows_differing": found.rows_differing,
        "patterns": _plain_patterns(found),
        "worst": [_plain_difference(difference) for difference in found.worst],
    }


def _plain_absent(absent: Absent) -> dict[str, Any]:
    from tradewright.domain.moments import instant_text

    first, last = instant_text(absent.first_ns), instant_text(absent.last_ns)
    return {"side": absent.side, "first": first, "last": last, "count": absent.count}


def _plain_patterns(found: Comparison) -> list[dict[str, Any]]:
    from tradewright.domain.moments import instant_text

    return [
        {
            "kind": each.kind.value,
            "sentence": each.sentence,
            "value": each.value,
            "from": None if each.at_ns is None else instant_text(each.at_ns),
        }
        for each in found.patterns
    ]


def _plain_difference(difference: Difference) -> dict[str, Any]:
    from tradewright.domain.moments import instant_text

    values = list(difference.values)
    at = instant_text(difference.stamp_ns)
    return {"at": at, "name": difference.name, "values": values, "relative": difference.relative}

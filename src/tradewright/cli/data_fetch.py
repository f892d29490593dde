"""`tradewright data fetch`: bars out of a provider's history into the store, only those that are missing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from .channel import channel
from .lazy import Command
from .left_out import rows_left_out_told
from .progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradewright.app.fetch.series import Fetched
    from tradewright.app.fetch.several import FetchedSymbol
    from tradewright.domain.errors import DataError

    from .outcome import Outcome

__all__ = ["fetch_bars", "tell_sources"]

_SHOWN_NOTES, _SHOWN_SYMBOLS = 3, 10


@click.command("fetch", cls=Command)
@click.argument("symbols", nargs=-1, required=True, metavar="SYMBOL...")
@click.option(
    "--source", required=True, metavar="NAME",
    help="Whose history: a provider, a broker of the settings, or auto for all of them in their order.",
)  # fmt: skip
@click.option("--timeframe", default="1d", metavar="1d", help="How long a bar lasts. [1d]")
@click.option("--start", metavar="DATE", help="First session. [a year back]")
@click.option("--end", metavar="DATE", help="Last session. [today]")
@click.option(
    "--hours", type=click.Choice(["regular", "extended"]), default="regular",
    help="Those of the exchange, or also before the open and after the close. [regular]",
)  # fmt: skip
@click.option("--refresh", is_flag=True, help="Ask for what is known, too; what was revised makes a new version.")
@click.option("--json", "as_json", is_flag=True, help="Print what became of each symbol as JSON.")
@click.pass_obj
def fetch_bars(outcome: Outcome, /, *, as_json: bool, **said: Any) -> None:
    """Fetch what is missing of SYMBOLs: unadjusted bars of the hours of their exchange, with splits and dividends.

    A day is asked for once, and today again until its session has closed. Each piece is in the store before the next
    is asked for: interrupted, the same command goes on with the rest. Who fetches the same series at the same time
    waits for the other and finds it known. Bars that cannot be are left out, and their days asked for again. Exit code
    1 where that is so, or a symbol could not be fetched.
    """
    from tradewright.app.stored_bars import days_between
    from tradewright.bootstrap.fetching import FetchOrder, fetch

    from .outcome import FAILED
    from .output import print_json

    days = days_between(said.pop("start"), said.pop("end"))
    with rows_left_out_told(), Progress("Fetching", "days", quiet=as_json) as progress:
        done = asyncio.run(fetch(FetchOrder(days=days, **said), progress.listener))
    outcome.kept.extend(str(each.fetched.key) for each in done if each.fetched is not None and each.fetched.new)
    lost = [each for each in done if each.error is not None]
    wanting = [each.fetched for each in done if each.fetched is not None and each.fetched.incomplete]
    if lost:
        outcome.code = FAILED
        _tell_job(lost, len(done))
    elif wanting:
        outcome.wanting(_incomplete(wanting))
    tell_sources(done)
    if as_json:
        print_json({"symbols": [_plain(each) for each in done]})
    else:
        _tell(done)


def _tell_job(lost: Sequence[FetchedSymbol], asked: int) -> None:
    """Say to whom the command is a job why it ends without all that was asked for."""
    error = lost[0].error
    if error is not None:
        many = f" {len(lost)} of {asked} symbols were not." if len(lost) > 1 else ""
        channel().failed(error, f"{lost[0].symbol} was not fetched: {error.message}{many}", error.hint)


def _incomplete(wanting: Sequence[Fetched]) -> DataError:
    from tradewright.domain.errors import DataError

    first, rows = wanting[0], sum(len(each.findings) for each in wanting)
    others = f", and of {len(wanting) - 1} more series" if len(wanting) > 1 else ""
    return DataError(
        f"{rows:,} bars of {first.key}{others} cannot be and were left out: {first.findings[0].sentence}",
        hint="The next fetch asks for their days again; 'tradewright data check' names each of them.",
    )


def tell_sources(done: Sequence[FetchedSymbol]) -> None:
    """Say on the standard error which sources were passed over, and which bars are made up."""
    for each in done:
        for sentence in each.passed:
            click.echo(f"{each.symbol}: passed over {sentence}", err=True)
    made_up = [each.symbol for each in done if each.synthetic]
    if made_up:
        click.echo(
            f"SYNTHETIC: the bars of {', '.join(made_up[:_SHOWN_SYMBOLS])} are made up and say nothing of any market.",
            err=True,
        )


def _tell(done: Sequence[FetchedSymbol]) -> None:
    from .output import print_table

    rows = [[str(each.fetched.key), each.source, *_numbers(each.fetched)] for each in done if each.fetched is not None]
    if rows:
        columns = ["Series", "Source", "Days asked for", "Came", "New", "Revised", "Left out"]
        print_table(columns, rows, right=(2, 3, 4, 5, 6))
    for each in done:
        if each.error is not None:
            click.echo(f"{each.symbol} was not fetched: {each.error.message}", err=True)
            if each.error.hint:
                click.echo(f"  {each.error.hint}", err=True)
        elif each.fetched is not None:
            for note in each.fetched.notes[:_SHOWN_NOTES]:
                click.echo(note, err=True)
            _tell_again(each.fetched)


def _tell_again(fetched: Fetched) -> None:
    """Say which days do not count as known although they were asked for."""
    for days, why in ((fetched.incomplete, "bars of them were left out"), (fetched.lacking, "the source has none")):
        if days:
            click.echo(f"{days.days:,} days of {fetched.key} are asked for again next time: {why}.", err=True)


def _numbers(fetched: Fetched) -> list[str]:
    counts = fetched.missing.days, fetched.came, fetched.new, fetched.revised, fetched.refused
    return [f"{count:,}" for count in counts]


def _plain(each: FetchedSymbol) -> dict[str, Any]:
    passed = {"passed_over": each.passed}
    if each.fetched is None:
        error = each.error
        return {"symbol": each.symbol, "error": error and error.message, "hint": error and error.hint, **passed}
    names = ("pieces", "came", "new", "revised", "refused", "told", "notes")
    return {
        "symbol": each.symbol,
        **each.fetched.key.to_dict(),
        "source": each.source,
        "synthetic": each.synthetic,
        **passed,
        "days_asked": each.fetched.missing.days,
        "days_incomplete": each.fetched.incomplete.days,
        "days_lacking": each.fetched.lacking.days,
        **{name: getattr(each.fetched, name) for name in names},
    }

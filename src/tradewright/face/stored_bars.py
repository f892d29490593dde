"""Bars from the store, fetched into it first where a source is named."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from tradewright.domain.bars import Adjustment
from tradewright.domain.errors import ConfigError
from tradewright.domain.timeframe import Timeframe
from tradewright.face.arguments import iso_date, of_kind

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Coroutine, Sequence
    from os import PathLike

    from tradewright.app.fetch.several import FetchedSymbol
    from tradewright.app.stored_bars import Wanted
    from tradewright.domain.instrument import Instrument
    from tradewright.marketdata.placement import Hours

__all__ = ["SourceWarning", "load_bars", "stored_instruments"]


class SourceWarning(UserWarning):
    """Bars are of another source than the first one, or made up; the text says which and why."""


def load_bars(  # noqa: PLR0913 - a public call with keyword options
    symbols: str | Sequence[str],
    start: str | dt.date | None = None,
    end: str | dt.date | None = None,
    timeframe: str | Timeframe = "1d",
    *,
    source: str | None = None,
    adjustment: str | None = None,
    version: str | None = None,
    as_of: str | dt.date | None = None,
    hours: str | None = None,
    folder: str | PathLike[str] | None = None,
) -> Any:
    """Read bars from the store that ``tradewright data import`` and ``tradewright data fetch`` fill.

    Parameters
    ----------
    symbols : str or sequence of str
        ``"AAPL"``, or ``"XNAS:AAPL"`` where several exchanges have the name.
    start, end : str or date, optional
        First and last date, both included; sessions of exchanges, UTC dates of markets around the clock.
    timeframe : str or Timeframe
        Of the stored bars: ``"1m"``, ``"15m"``, ``"1h"``, ``"1d"``, ``"1w"``, ``"1mo"``.
    source : str, optional
        Fetch first what the store lacks of these days: a provider (``"yahoo"``, ``"folder"``, ``"synthetic"`` …), a
        broker of the settings, or ``"auto"`` for every configured one in its order. Without `start` a year back,
        without `end` up to today. What is known is not asked for; who fetches the same just now is waited for.
    adjustment : {"raw", "split", "full"}, optional
        Which of the stored ones; may be left out where there is one. What is not stored adjusted so is computed from
        the least adjusted bars there are and their actions (see `adjust_bars`).
    version : str, optional
        Content version, its first six digits or more; of one symbol. The current one when left out.
    as_of : str or date, optional
        Only what was known when that date ended in UTC: bars that had closed, and splits and dividends as they had
        been announced by then. Of unadjusted bars, adjusted by what is left where that is asked for.
    hours : {"regular", "extended"}, optional
        Of bars shorter than a day: only those of the hours of their exchange, or also those before the open and after
        the close; with `source` they are fetched so. What is stored when left out.
    folder : path, optional
        Of the stores; the configured one when left out.

    Returns
    -------
    Bars or dict of str to Bars
        Bars for one name, a mapping from each name as given for a sequence. Equal to what was imported, with
        `origin` and `source` naming the store's version and `quality` what was found.

    Raises
    ------
    SymbolNotFoundError
        When the store does not know a symbol, or knows it of several exchanges; names the nearest, the candidates, or
        the present name of what was called so once.
    DataNotAvailableError
        When there is nothing of that timeframe, adjustment, version, range or hours; says what there is.
    ConfigError
        When an argument is none of its choices, several adjustments are stored and none is named, or a source cannot be
        used as it is configured.
    BrokerError
        When a source refuses the credentials (`AuthenticationError`), cannot be reached or has no complete answer.
    ResourceError
        When the bars would not fit in memory.
    StorageError
        When the store is damaged.

    Warns
    -----
    SourceWarning
        When with ``"auto"`` a source was passed over, and why, or nothing is configured and the bars are SYNTHETIC.
    DroppedRowsWarning
        When bars that the source sent cannot be and were left out; their days are asked for again next time.

    Examples
    --------
    >>> import tempfile
    >>> import tradewright as tw
    >>> tw.load_bars("AAPL", folder=tempfile.mkdtemp())
    Traceback (most recent call last):
        ...
    tradewright.domain.errors.SymbolNotFoundError: AAPL is not in the store. It is empty; 'tradewright data import' ...
    """
    from tradewright.app.backtest import free_memory
    from tradewright.app.stored_bars import Wanted, days_between, load_all
    from tradewright.bootstrap.bar_store import bar_store
    from tradewright.engine.dates import day_of

    names = _names(symbols)
    if version is not None:
        of_kind("version", version, str, "Give its first digits as text, such as '3d396c8d1cce'.")
    wanted = Wanted(
        timeframe=Timeframe.parse(timeframe),
        adjustment=None if adjustment is None else _adjustment(adjustment),
        version=version,
        days=days_between(iso_date("start", start), iso_date("end", end)),
        as_of=None if as_of is None else day_of(str(iso_date("as_of", as_of)), "as_of"),
        hours=None if hours is None else _hours(hours),
    )
    meant = dict.fromkeys(names) if source is None else _fetched(names, wanted, source, folder)
    found = load_all(bar_store(folder), [meant[name] or name for name in names], wanted, free=free_memory())
    loaded = {name: found[meant[name] or name] for name in names}
    return loaded[names[0]] if isinstance(symbols, str) else loaded


def stored_instruments(
    symbols: Sequence[str], timeframe: str, adjustment: str | None = None, version: str | None = None
) -> dict[str, Instrument]:
    """What `load_bars` would read the bars of, by the names as given; nothing is read. Errors as of `load_bars`."""
    from tradewright.app.stored_bars import Wanted, find
    from tradewright.bootstrap.bar_store import bar_store

    store = bar_store()
    wanted = Wanted(Timeframe.parse(timeframe), None if adjustment is None else _adjustment(adjustment), version)
    return {name: find(store, name, wanted).instrument for name in symbols}


def _fetched(names: list[str], wanted: Wanted, source: str, folder: Any) -> dict[str, str | None]:
    """Fetch what the store lacks; the instrument of each name."""
    from tradewright.bootstrap.fetching import FetchOrder, fetch

    of_kind("source", source, str, "Give the name of a provider, or 'auto'.")
    if wanted.version is not None:
        raise ConfigError("A version is what it was, and no source adds to it.", hint="Leave source= or version= out.")
    order = FetchOrder(source, names, str(wanted.timeframe), wanted.days, hours=str(wanted.hours or "regular"))
    done = _to_its_end(fetch(order, folder=folder))
    for each in done:
        if each.error is not None:
            raise each.error
        for sentence in each.passed:
            warnings.warn(f"{each.symbol}: passed over {sentence}", SourceWarning, stacklevel=3)
        _warn_of_rows(each)
    if source == "auto" and any(each.synthetic for each in done):
        said = "No source of bars is configured: these are SYNTHETIC, made up, and say nothing about any market."
        warnings.warn(said, SourceWarning, stacklevel=3)
    return {each.symbol: None if each.fetched is None else each.fetched.key.instrument for each in done}


def _warn_of_rows(each: FetchedSymbol) -> None:
    """Say that bars were left out which the source sent."""
    from tradewright.face.bars import DroppedRowsWarning

    findings = [] if each.fetched is None else each.fetched.findings
    if findings:
        more = "" if len(findings) == 1 else f" So were {len(findings) - 1:,} more."
        warnings.warn(f"{findings[0].sentence}{more}", DroppedRowsWarning, stacklevel=4)


def _to_its_end(work: Coroutine[Any, Any, list[FetchedSymbol]]) -> list[FetchedSymbol]:
    """Wait for work that is written for an event loop, also where one runs already, as in a notebook."""
    import asyncio

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def _names(symbols: Any) -> list[str]:
    is_list = not isinstance(symbols, str) and hasattr(symbols, "__iter__")
    names = list(symbols) if is_list else [symbols]
    if not all(isinstance(name, str) for name in names):
        raise ConfigError(
            f"symbols={symbols!r:.60} is neither a name nor a list of names.", hint="Give 'AAPL' or ['AAPL', 'MSFT']."
        )
    return names


def _adjustment(text: str) -> Adjustment:
    try:
        return Adjustment(text)
    except ValueError:
        raise ConfigError(f"adjustment={text!r} is not a choice.", hint="Use 'raw', 'split' or 'full'.") from None


def _hours(text: str) -> Hours:
    from tradewright.marketdata.placement import Hours

    if text not in (Hours.REGULAR, Hours.EXTENDED):
        raise ConfigError(f"hours={text!r} is not a choice.", hint="Use 'regular' or 'extended'.")
    return Hours(text)

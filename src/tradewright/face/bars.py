"""Bars from files, frames, and a synthetic market."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.adapters.data.reading import DroppedRowsWarning, open_file, read, request_of
from tradewright.domain.errors import ConfigError
from tradewright.domain.instrument import ALWAYS_OPEN, Crypto, Equity
from tradewright.domain.timeframe import Timeframe
from tradewright.face.arguments import seed_number
from tradewright.face.origins import file_origin, synthetic_origin, with_origin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from tradewright.domain.bars import Actions, Bars
    from tradewright.domain.instrument import Instrument

__all__ = ["DroppedRowsWarning", "bars_from", "read_bars", "synthetic_bars"]


def read_bars(  # noqa: PLR0913 - a public call; every argument is a statement about the data
    path: str | PathLike[str],
    *,
    instrument: Instrument | None = None,
    symbol: str | None = None,
    exchange: str | None = None,
    calendar: str | None = None,
    currency: str | None = None,
    timeframe: str | Timeframe,
    tz: str | None = None,
    stamp: str | None = None,
    epoch: str | None = None,
    columns: Mapping[str, str] | None = None,
    volume: str | None = None,
    adjust: str | None = None,
    adjustment: str = "raw",
    actions: Actions | str | PathLike[str] | None = None,
    bad_rows: str = "refuse",
    suspects: str = "keep",
    sessions: str = "strict",
) -> Bars:
    r"""Read bars from a CSV file (also gzipped) or a Parquet file.

    Columns are found by their usual names in any case (``timestamp``, ``date``, ``datetime``, ``time``; ``open``,
    ``high``, ``low``, ``close``; ``volume``). Nothing is guessed and nothing repaired: what the file does not say, say
    here.

    Parameters
    ----------
    path : str or path
        The file.
    instrument : Instrument, optional
        What the bars are of. Without it, `symbol` with `exchange` or `calendar`.
    symbol, exchange, calendar : str, optional
        The short form: ``symbol="AAPL", calendar="XNAS"`` is a share, ``calendar="24/7"`` a coin, ``"24/5"`` a currency
        pair. The exchange is the calendar's name unless given, and the calendar the exchange's.
    currency : str, optional
        Of the prices; in the short form US dollars unless given, for a currency pair its second currency.
    timeframe : str or Timeframe
        How long a bar lasts: ``"1m"``, ``"15m"``, ``"1h"``, ``"1d"``, ``"1w"``, ``"1mo"``.
    tz : str, optional
        Time zone of stamps that name none, such as ``"America/New_York"``. Dates of daily and longer bars need none.
    stamp : {"start", "end", "session"}, optional
        What a stamp marks: the instant a bar opens (default for bars shorter than a day), the instant it ends, or its
        session's date (default for a day and longer).
    epoch : {"s", "ms", "us", "ns"}, optional
        Unit of stamps that are numbers since 1970.
    columns : mapping, optional
        Other column names by field, e.g. ``{"close": "Last"}``; fields are time, open, high, low, close, volume.
    volume : {"none"}, optional
        Declare that volume is not known; orders are then not capped by it. A file without a volume column says so.
    adjust : str, optional
        Column of adjusted closes by which open, high, low and close are scaled; volume stays as it is.
    adjustment : {"raw", "split", "full"}
        What the prices already contain. `adjust` makes it ``"full"``.
    actions : Actions, path or "none", optional
        Splits and dividends that raw prices do not contain: values, or a factor file. Columns ``ex_dividend`` and
        ``split_ratio`` are read by themselves unless ``"none"``.
    bad_rows : {"refuse", "drop"}
        Refuse a file with impossible rows or times that stand twice, or leave such rows out (of two of one time the
        later) and warn (`DroppedRowsWarning`). `Bars.quality` names every one.
    suspects : {"keep", "drop", "refuse"}
        Rows that are hard to believe: spikes, prices that repeat, bars without volume.
    sessions : {"strict", "regular", "extended"}
        Rows outside session hours: refuse them, leave them out, or keep them with the session of their local day.

    Returns
    -------
    Bars
        Validated, in UTC, each complete at its `close_time`.

    Raises
    ------
    BadRowsError
        When rows are impossible, out of order, there twice or suspect; names the line, counted from 1 with the header.
    CalendarError
        When no calendar is known or stamps contradict it.
    DataError
        When the file, its columns or its stamps cannot be read as stated.
    ConfigError
        When an argument is not one of its choices.
    InstrumentError
        When neither `instrument` nor `symbol` is given, or both.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "BTCUSD.csv"
    >>> _ = file.write_text("date,open,high,low,close,volume\n2024-01-01,42,44,41,43,10\n2024-01-02,43,45,42,44,12")
    >>> read_bars(file, symbol="BTCUSD", calendar="24/7", timeframe="1d")
    <Bars CRYPTO:BTCUSD 1d, 2 rows, 2024-01-01T00:00 … 2024-01-02T00:00>
    """
    said = dict(locals())
    return with_origin(read(open_file(path), request_of(said)), file_origin(said))


def bars_from(  # noqa: PLR0913 - a public call; every argument is a statement about the data
    frame: Any,
    *,
    instrument: Instrument | None = None,
    symbol: str | None = None,
    exchange: str | None = None,
    calendar: str | None = None,
    currency: str | None = None,
    timeframe: str | Timeframe,
    tz: str | None = None,
    stamp: str | None = None,
    epoch: str | None = None,
    columns: Mapping[str, str] | None = None,
    volume: str | None = None,
    adjust: str | None = None,
    adjustment: str = "raw",
    actions: Actions | str | PathLike[str] | None = None,
    bad_rows: str = "refuse",
    suspects: str = "keep",
    sessions: str = "strict",
) -> Bars:
    """Make bars from a pandas or polars frame, an Arrow table, or a mapping of arrays.

    A pandas index of times counts as the time column. All other arguments, results and errors are those of `read_bars`;
    rows are counted from 0.

    Parameters
    ----------
    frame : DataFrame, Table or Mapping
    instrument, symbol, exchange, calendar, currency, timeframe, tz, stamp, epoch
        See `read_bars`.
    columns, volume, adjust, adjustment, actions, bad_rows, suspects, sessions
        See `read_bars`.

    Examples
    --------
    >>> day = {"date": ["2024-01-01"], "open": [1.0], "high": [2.0], "low": [1.0], "close": [2.0], "volume": [5.0]}
    >>> bars_from(day, symbol="ETHUSD", calendar="24/7", timeframe="1d").close.tolist()
    [2.0]
    """
    from tradewright.adapters.data.frames import open_frame

    request = request_of(locals())
    return read(open_frame(frame), request)


def synthetic_bars(  # noqa: PLR0913 - a public call with keyword options
    symbol: str | Sequence[str] = "SYN",
    *,
    timeframe: str | Timeframe = "1d",
    start: str = "2015-01-01",
    end: str | None = None,
    bars: int | None = None,
    seed: int = 0,
    calendar: str = "XNYS",
    volatility: float = 1.0,
    correlation: float = 0.4,
    start_price: float = 100.0,
    tick: float = 0.01,
) -> Any:
    """Make bars of a market that never was, the same for the same arguments on every machine.

    The market switches between rising, falling, calm and turbulent stretches, gaps overnight, and trades most at the
    open and the close. Prices are multiples of the tick; high and low come from steps inside the bar.

    Parameters
    ----------
    symbol : str or sequence of str
        One name, or several that share the market's moods and part of its moves.
    timeframe : str or Timeframe
    start, end : str
        First and last date (ISO); `end` is included. Of weeks and months only whole ones are made.
    bars : int, optional
        How many bars, instead of `end`; 2520 unless either is given.
    seed : int
    calendar : str
        Whose sessions the market keeps; ``"24/7"`` makes coins.
    volatility : float
        Scales every move; 1 is about 20 % a year.
    correlation : float
        Between the moves of two symbols, from 0 to 1.
    start_price, tick : float

    Returns
    -------
    Bars or dict of str to Bars
        With ``synthetic=True`` and a source that begins with ``"SYNTHETIC"``.

    Raises
    ------
    ConfigError
        When an argument is impossible.
    CalendarError
        When the calendar is unknown or too short.

    Examples
    --------
    >>> made = synthetic_bars(bars=3, calendar="24/7", seed=7)
    >>> made, made.source, made.synthetic
    (<Bars SYNTHETIC:SYN 1d, 3 rows, 2015-01-01T00:00 … 2015-01-03T00:00>, 'SYNTHETIC seed=7', True)
    """
    said = dict(locals())
    import numpy as np

    from tradewright.marketdata.synthetic import MarketModel, synthetic_market

    names = [symbol] if isinstance(symbol, str) else list(symbol)
    model = MarketModel(volatility=volatility, correlation=correlation, start_price=start_price)
    make = Crypto if calendar == ALWAYS_OPEN else None
    instruments = [
        make(name, "SYNTHETIC", tick=tick) if make else Equity(name, "SYNTHETIC", calendar=calendar, tick=tick)
        for name in names
    ]
    made = synthetic_market(
        instruments,
        Timeframe.parse(timeframe),
        _span(start, end, bars),
        rng=np.random.default_rng(seed_number(seed)),
        model=model,
        label=f"SYNTHETIC seed={seed}",
    )
    made = {name: with_origin(series, synthetic_origin(name, said)) for name, series in made.items()}
    return made[names[0]] if isinstance(symbol, str) else made


def _span(start: str, end: str | None, bars: int | None) -> tuple[int, int | None, int | None]:
    """First day, last day or None, count or None."""
    if end is not None and bars is not None:
        raise ConfigError(
            "A synthetic market ends at a date or after a number of bars, not both.", hint="Leave one out."
        )
    last = None if end is None else _day("end", end)
    return _day("start", start), last, bars if end is not None or bars is not None else 2520


def _day(name: str, text: str) -> int:
    import datetime as dt

    try:
        return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days
    except (TypeError, ValueError):
        raise ConfigError(f"{name}='{text}' is not a date.", hint="Write it as '2015-01-31'.") from None

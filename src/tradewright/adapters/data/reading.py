"""The arguments of a reading taken apart, the reading itself, and what it takes to do it once more."""

from __future__ import annotations

import difflib
import warnings
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from tradewright.domain.bars import Actions, Adjustment, Bars
from tradewright.domain.errors import ConfigError, DataError, InstrumentError
from tradewright.domain.instrument import ALWAYS_OPEN, WEEKDAYS, Crypto, Equity, FxPair, Instrument
from tradewright.domain.timeframe import Timeframe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from tradewright.adapters.data.actions import FactorRows
    from tradewright.adapters.data.raw import RawTable, ReadRequest
    from tradewright.marketdata.published_factors import PublishedFactors

__all__ = ["DroppedRowsWarning", "open_file", "published_factors", "read", "request_of"]

_Choice = TypeVar("_Choice", bound=StrEnum)


class DroppedRowsWarning(UserWarning):
    """Rows of a source were left out, as asked; the text says how many and why the first."""


def open_file(path: str | PathLike[str]) -> RawTable:
    """The rows of a file as they stand in it."""
    import os

    from tradewright.adapters.data.csv_file import open_csv
    from tradewright.adapters.data.parquet_file import is_parquet, open_parquet

    file = os.fspath(path)
    return open_parquet(file) if is_parquet(file) else open_csv(file)


def read(table: RawTable, request: ReadRequest) -> Bars:
    """Rows as bars; what was left out is told as a warning to the caller of the public call."""
    from tradewright.adapters.data.normalise import normalise

    bars, note = normalise(table, request)
    if note.sentence:
        warnings.warn(note.sentence, DroppedRowsWarning, stacklevel=3)
        bars = replace(bars, source=f"{bars.source} ({note.dropped_count} rows left out)")
    # Hashed here, once, so that no run pays for it.
    _ = bars.fingerprint
    return bars


def request_of(said: Mapping[str, Any]) -> ReadRequest:
    """Take the arguments of a public call apart; refuse what is none of their choices."""
    from tradewright.adapters.data.raw import BadRows, ReadRequest, Stamp, Suspects
    from tradewright.marketdata.placement import Hours

    timeframe = Timeframe.parse(said["timeframe"])
    instrument = _instrument(said["instrument"], said["symbol"], said["exchange"], said["calendar"])
    if said["currency"] is not None:
        instrument = replace(instrument, currency=said["currency"])
    if said["volume"] not in (None, "none"):
        raise ConfigError(
            f"volume='{said['volume']}' is not a choice.",
            hint="Use volume='none', or columns={'volume': ...} to name the column.",
        )
    adjustment = _choice(Adjustment, "adjustment", said["adjustment"])
    if said["adjust"] is not None and adjustment is Adjustment.RAW:
        adjustment = Adjustment.FULL
    return ReadRequest(
        instrument=instrument.without_volume() if said["volume"] == "none" else instrument,
        timeframe=timeframe,
        stamp=_stamp(said["stamp"], timeframe, Stamp),
        tz=said["tz"],
        epoch=said["epoch"],
        columns=dict(said["columns"] or {}),
        adjust=said["adjust"],
        adjustment=adjustment,
        actions=_actions(said["actions"], adjustment),
        bad_rows=_choice(BadRows, "bad_rows", said["bad_rows"]),
        suspects=_choice(Suspects, "suspects", said["suspects"]),
        hours=_choice(Hours, "sessions", said["sessions"]),
    )


def _stamp(value: str | None, timeframe: Timeframe, kind: type[_Choice]) -> _Choice:
    if value is None:
        return kind("start" if timeframe.is_intraday else "session")
    if value == "session" and timeframe.is_intraday:
        raise ConfigError(f"A session date cannot stamp bars of {timeframe}.", hint="Use stamp='start' or stamp='end'.")
    return _choice(kind, "stamp", value)


def _choice(kind: type[_Choice], name: str, value: str) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        choices = [str(choice) for choice in kind]
        near = difflib.get_close_matches(str(value), choices, n=1)
        hint = f"Did you mean '{near[0]}'?" if near else f"Use {', '.join(map(repr, choices))}."
        raise ConfigError(f"{name}={value!r} is not a choice.", hint=hint) from None


def _instrument(
    instrument: Instrument | None, symbol: str | None, exchange: str | None, calendar: str | None
) -> Instrument:
    if instrument is not None:
        if symbol or exchange:
            raise InstrumentError("Bars are of an instrument or of a symbol, not of both.", hint="Leave one out.")
        return instrument if calendar is None else replace(instrument, calendar=calendar)
    if symbol is None:
        raise InstrumentError(
            "Bars need to know what they are of.",
            hint="Pass instrument=Equity('AAPL', exchange='XNAS'), or symbol='AAPL' and calendar='XNAS'.",
        )
    if calendar == ALWAYS_OPEN:
        return Crypto(symbol, exchange or "CRYPTO")
    if calendar == WEEKDAYS:
        return FxPair(symbol, exchange or "FX")
    if calendar is None and exchange is None:
        # Without a calendar the reader refuses, and says what to pass.
        return Instrument(symbol, "UNKNOWN")
    return Equity(symbol, exchange or calendar or "", calendar=calendar or exchange)


def _actions(value: Actions | str | PathLike[str] | None, adjustment: Adjustment) -> Actions | FactorRows | None:
    if value is None or isinstance(value, Actions):
        found: Actions | FactorRows | None = value
    elif value == "none":
        return Actions()
    else:
        found = _factors(value)
    if found is not None and adjustment is not Adjustment.RAW:
        raise DataError(
            f"Prices with adjustment='{adjustment}' already contain their corporate actions.",
            hint="Leave actions= out, or read the raw prices.",
        )
    return found


def published_factors(path: str | PathLike[str]) -> PublishedFactors:
    """The rows of a factor file, for `scale_by_factors`."""
    from pathlib import Path

    from tradewright.marketdata.published_factors import PublishedFactors

    rows = _factors(path)
    return PublishedFactors(rows.days, rows.price_factor, rows.split_factor, str(Path(path).absolute()))


def _factors(path: str | PathLike[str]) -> FactorRows:
    import os

    from tradewright.adapters.data.actions import read_factors
    from tradewright.adapters.data.csv_file import open_csv

    return read_factors(open_csv(os.fspath(path)))

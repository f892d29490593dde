"""The bars of an origin once more: files, stores and synthetic markets, and what was done to them afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tradewright.domain.actions import Actions, CorporateAction
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.instrument import Instrument, InstrumentKind
from tradewright.domain.plain_values import from_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.bars import Bars

__all__ = ["OriginReader"]


class OriginReader:
    """Gives bars by their origin; a synthetic market of several symbols is made once."""

    def __init__(self) -> None:
        self._markets: dict[str, dict[str, Bars]] = {}

    def __call__(self, origin: Mapping[str, Any]) -> Bars:
        """The bars of an origin.

        Raises
        ------
        DataNotAvailableError
            When its kind is not known, or it is empty.
        DataError
            When they cannot be read as they were.
        """
        readers = {"file": self._file, "synthetic": self._synthetic, "store": self._store}
        kind = str(origin.get("kind", ""))
        if kind not in readers:
            raise DataNotAvailableError(f"Nothing is known of where the bars came from ('{kind}').")
        bars = readers[kind](origin)
        for step in origin.get("then", ()):
            bars = _step(bars, step)
        return bars

    def _file(self, origin: Mapping[str, Any]) -> Bars:
        import warnings

        from tradewright.adapters.data.reading import DroppedRowsWarning

        from .bars import read_bars

        if not Path(origin["path"]).is_file():
            raise DataNotAvailableError(f"{origin['path']} is gone.", hint="Put the file back where it was.")
        with warnings.catch_warnings():
            # It was told when they were read first.
            warnings.simplefilter("ignore", DroppedRowsWarning)
            return read_bars(origin["path"], **{name: _said(value) for name, value in origin["statements"].items()})

    def _synthetic(self, origin: Mapping[str, Any]) -> Bars:
        from .bars import synthetic_bars

        arguments = origin["arguments"]
        key = repr(sorted(arguments.items()))
        if key not in self._markets:
            symbol = arguments["symbol"]
            names = [symbol] if isinstance(symbol, str) else list(symbol)
            self._markets[key] = synthetic_bars(**{**arguments, "symbol": names})
        return self._markets[key][origin["symbol"]]

    def _store(self, origin: Mapping[str, Any]) -> Bars:
        from tradewright.app.stored_bars import as_traded, days_between
        from tradewright.bootstrap.bar_store import bar_store
        from tradewright.domain.stored import SeriesKey

        days = days_between(origin.get("start"), origin.get("end"))
        store, key = bar_store(), SeriesKey.from_dict(origin)
        bars = store.read(key, days, origin["version"])
        return as_traded(bars, next(each for each in store.versions(key) if each.version == origin["version"]))


def _said(value: Any) -> Any:
    """The argument of `read_bars` that stands in an origin."""
    if isinstance(value, dict) and set(value) == {"instrument"}:
        fields = from_plain(value["instrument"])
        return Instrument(**{**fields, "kind": InstrumentKind(fields["kind"])})
    if isinstance(value, dict) and "actions" in value and set(value) <= {"actions", "announced"}:
        said = tuple(CorporateAction.from_dict(each) for each in value.get("announced", ()))
        return Actions(**{name: from_plain(column) for name, column in value["actions"].items()}, announced=said)
    return from_plain(value)


def _step(bars: Bars, step: Mapping[str, Any]) -> Bars:
    """What was done to bars after they were read."""
    from tradewright.engine.dates import day_of
    from tradewright.marketdata.adjust import adjust
    from tradewright.marketdata.hours import in_hours
    from tradewright.marketdata.placement import Hours
    from tradewright.marketdata.point_in_time import as_known_on
    from tradewright.marketdata.resample import resample

    from .adjusting import adjust_bars

    ((name, value),) = step.items()
    if name == "days":
        return _days(bars, *value.split("/"))
    if name == "as_of":
        return as_known_on(bars, day_of(value, "date"))
    if name == "hours":
        return in_hours(bars, Hours(value))
    if name == "adjust":
        return adjust(bars, value)
    if name == "resample":
        return resample(bars, value)
    if name == "factors":
        to, _, path = value.partition(" ")
        return adjust_bars(bars, to, factors=path)
    raise DataNotAvailableError(f"Nothing is known of the step '{name}' that the bars went through.")


def _days(bars: Bars, first: str, last: str) -> Bars:
    """The bars of the sessions from one date to another; a side that is empty is open."""
    import numpy as np

    labels = bars.sessions.row_labels(len(bars)).astype("datetime64[D]")
    begin = int(np.searchsorted(labels, np.datetime64(first))) if first else 0
    stop = int(np.searchsorted(labels, np.datetime64(last), "right")) if last else len(bars)
    return bars.rows(begin, stop)

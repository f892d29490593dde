"""A chart as Yahoo sends it: rows, what it says of the instrument, splits and dividends inside of its range."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from tradewright.adapters.wire.rows import number_in
from tradewright.domain.errors import AuthenticationError, BrokerError, DataError, SymbolNotFoundError

from .places import yahoo_symbol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.adapters.providers.asking import Asker

__all__ = ["COLUMNS", "Chart", "Dividend", "Row", "Split", "YahooDoor"]

_NS = 1_000_000_000
COLUMNS = ("open", "high", "low", "close", "volume")
_NOTHING_THERE = ("Data doesn't exist", "No data found for")


class Row(NamedTuple):
    """One row: when it is stamped (UTC nanoseconds), its prices and its volume by name, as they were sent."""

    stamp: int
    said: Mapping[str, Any]


class Split(NamedTuple):
    """A split: when it is stamped (UTC nanoseconds), and new shares per old share."""

    stamp: int
    ratio: float


class Dividend(NamedTuple):
    """A dividend: when it is stamped (UTC nanoseconds), and cash per share of today, in the unit of the prices."""

    stamp: int
    cash: float


class Chart(NamedTuple):
    """What was sent: rows in the order of their stamps, without those in which nothing was traded."""

    meta: Mapping[str, Any]
    rows: Sequence[Row]
    splits: Sequence[Split]
    dividends: Sequence[Dividend]


class YahooDoor:
    """Questions to Yahoo.

    Parameters
    ----------
    asker : Asker
    """

    def __init__(self, asker: Asker) -> None:
        self._asker = asker

    async def chart(self, symbol: str, interval: str, first_ns: int, last_ns: int) -> Chart | None:
        """The chart of a symbol between two instants; None where Yahoo says that there is nothing.

        Raises
        ------
        SymbolNotFoundError
            When Yahoo does not know the symbol.
        DataError
            When Yahoo does not keep bars of that length so long.
        BrokerError
            When there was no whole answer.
        """
        query: dict[str, str | int] = {
            "period1": first_ns // _NS, "period2": -(-last_ns // _NS), "interval": interval, "events": "div,split",
            "includePrePost": "false",
        }  # fmt: skip
        return await self._asked(symbol, query)

    async def about(self, symbol: str) -> Chart | None:
        """What a chart says of a symbol; errors as of `chart`."""
        return await self._asked(symbol, {"interval": "1d", "range": "1d"})

    async def _asked(self, symbol: str, query: Mapping[str, str | int]) -> Chart | None:
        path = f"/v8/finance/chart/{quote(yahoo_symbol(symbol), safe='')}"
        status, body = await self._asker.ask(path, query)
        said = body.get("chart")
        error = said.get("error") if isinstance(said, dict) else None
        if status != 200 or error:
            self._require_nothing_there(status, error, symbol)
            return None
        result = said.get("result") if isinstance(said, dict) else None
        if not isinstance(result, list) or len(result) != 1 or not isinstance(result[0], dict):
            raise BrokerError(f"Yahoo sent no chart of {symbol}.")
        return _chart(result[0], symbol)

    def _require_nothing_there(self, status: int, error: Any, symbol: str) -> None:
        why = self._asker.shown(error.get("description", "") if isinstance(error, dict) else "")
        if any(why.startswith(words) for words in _NOTHING_THERE) and status == 400:
            return
        if status == 404:
            raise SymbolNotFoundError(f"Yahoo does not know {symbol}.")
        if status in (401, 403):
            raise AuthenticationError("Yahoo refuses to answer without a session of its pages.")
        if status == 422:
            raise DataError(f"Yahoo has no such bars of {symbol}: {why}")
        raise BrokerError(f"Yahoo answered {status} about {symbol}: {why or 'no reason'}")

    async def close(self) -> None:
        """Let its connections go."""
        await self._asker.close()


def _chart(said: Mapping[str, Any], symbol: str) -> Chart:
    meta = said.get("meta")
    if not isinstance(meta, dict) or meta.get("symbol", "") != yahoo_symbol(symbol):
        raise BrokerError(f"Yahoo sent the chart of another symbol than {symbol}.")
    try:
        return Chart(meta, _rows(said), _splits(said), _dividends(said))
    except DataError as error:
        raise BrokerError(f"The chart of {symbol} from Yahoo cannot be used: {error}") from None


def _rows(said: Mapping[str, Any]) -> list[Row]:
    stamps = said.get("timestamp", [])
    columns = _columns(said) if stamps else {name: [] for name in COLUMNS}
    if any(not isinstance(each, list) or len(each) != len(stamps) for each in (stamps, *columns.values())):
        raise DataError("its columns are not as long as there are stamps.")
    rows = []
    for stamp, *values in zip(stamps, *columns.values(), strict=True):
        if any(value is not None for value in values[:4]):
            at = int(number_in({"stamp": stamp}, "stamp")) * _NS
            rows.append(Row(at, dict(zip(COLUMNS, values, strict=True))))
    return sorted(rows, key=lambda each: each.stamp)


def _columns(said: Mapping[str, Any]) -> dict[str, Any]:
    quotes = _part(said, "indicators").get("quote")
    if not isinstance(quotes, list) or len(quotes) != 1 or not isinstance(quotes[0], dict):
        raise DataError("it has stamps and no prices.")
    return {name: quotes[0].get(name) for name in COLUMNS}


def _part(said: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A mapping inside of it; nothing said is an empty one."""
    part = said.get(name)
    if part is None:
        return {}
    if not isinstance(part, dict):
        raise DataError(f"'{name}' is no mapping.")
    return part


def _splits(said: Mapping[str, Any]) -> list[Split]:
    found = _part(_part(said, "events"), "splits")
    made = []
    for each in found.values():
        ratio = number_in(each, "numerator") / (number_in(each, "denominator") or float("nan"))
        if not 0 < ratio < float("inf"):
            raise DataError("a split is no number of new shares for old ones.")
        made.append(Split(int(number_in(each, "date")) * _NS, ratio))
    return sorted(made)


def _dividends(said: Mapping[str, Any]) -> list[Dividend]:
    found = _part(_part(said, "events"), "dividends")
    return sorted(Dividend(int(number_in(each, "date")) * _NS, number_in(each, "amount")) for each in found.values())

"""Corporate actions from Polygon's reference: every page, in its own words put into ours."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from tradewright.adapters.wire.rows import number_in
from tradewright.domain.actions import ActionKind, CorporateAction
from tradewright.domain.errors import BrokerError, DataError, DataNotAvailableError
from tradewright.domain.moments import utc
from tradewright.domain.timeframe import NS_PER_DAY

from .words import ZONE, ticker_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .door import PolygonDoor

__all__ = ["PolygonActions"]

SOURCE = "polygon"
_PAGE = 1000
_EPOCH = dt.date(1970, 1, 1)


class PolygonActions:
    """A `tradewright.ports.provider.ActionSource`: splits, dividends with their declaration, names, and ends.

    Its aggregates are those of a ticker, whoever bore it, so that bars of former names are asked for under them.

    Parameters
    ----------
    door : PolygonDoor
    """

    def __init__(self, door: PolygonDoor) -> None:
        self._door = door

    @property
    def joins_names(self) -> bool:
        """Whether bars of former names come under the present one."""
        return False

    async def actions(self, symbol: str, first_day: int, stop_day: int) -> Sequence[CorporateAction]:
        """What takes effect from one day up to, and without, another.

        Raises
        ------
        DataNotAvailableError
            When the plan of the key does not include them.
        SymbolNotFoundError
            For what is no ticker of a share.
        BrokerError
            When an answer is not whole, or cannot be used.
        """
        ticker = ticker_of(symbol)
        try:
            found = [
                *await self._dated(ticker, "splits", "execution_date", (first_day, stop_day), _split),
                *await self._dated(ticker, "dividends", "ex_dividend_date", (first_day, stop_day), _dividend),
                *await self._names(ticker),
                *await self._ends(ticker),
            ]
        except DataError as error:
            raise DataNotAvailableError(error.message, hint=error.hint) from None
        return [each for each in found if first_day <= each.day < stop_day]

    async def _dated(
        self, ticker: str, what: str, field: str, days: tuple[int, int], read: Callable[[Any], CorporateAction]
    ) -> list[CorporateAction]:
        query: dict[str, str | int] = {
            "ticker": ticker, f"{field}.gte": _date(days[0]), f"{field}.lt": _date(days[1]), "order": "asc",
            "sort": field, "limit": _PAGE,
        }  # fmt: skip
        found: list[CorporateAction] = []
        async for said in self._door.pages(f"/v3/reference/{what}", query):
            rows = said.get("results", [])
            if not isinstance(rows, list):
                raise BrokerError(f"Polygon sent no list of {what} of {ticker}.")
            found += [_read(read, row, ticker, what) for row in rows]
        return found

    async def _names(self, ticker: str) -> list[CorporateAction]:
        said = await self._door.ask(f"/vX/reference/tickers/{ticker}/events", {"types": "ticker_change"})
        results = {} if said is None else said.get("results")
        events = results.get("events", []) if isinstance(results, dict) else None
        if not isinstance(events, list):
            raise BrokerError(f"Polygon sent no list of the names of {ticker}.")
        found: list[CorporateAction] = _read(_renames, events, ticker, "names")
        return found

    async def _ends(self, ticker: str) -> list[CorporateAction]:
        if await self._door.ask(f"/v3/reference/tickers/{ticker}", {}) is not None:
            return []  # what ended bore the name before
        said = await self._door.ask("/v3/reference/tickers", {"ticker": ticker, "active": "false", "limit": _PAGE})
        rows = [] if said is None else said.get("results", [])
        if not isinstance(rows, list):
            raise BrokerError(f"Polygon sent no list of what {ticker} was.")
        return [_read(_end, row, ticker, "ends") for row in rows if _tells_end(row, ticker)]


def _read(read: Callable[[Any], Any], row: Any, ticker: str, what: str) -> Any:
    try:
        return read(row)
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError, DataError) as error:
        raise BrokerError(f"An entry among the {what} of {ticker} from Polygon cannot be used: {error}") from None


def _split(row: Any) -> CorporateAction:
    ratio = number_in(row, "split_to") / number_in(row, "split_from")
    return CorporateAction(
        kind=ActionKind.SPLIT, symbol=row["ticker"], day=_day(row["execution_date"]), source=SOURCE, ratio=ratio
    )


def _dividend(row: Any) -> CorporateAction:
    declared = row.get("declaration_date")
    return CorporateAction(
        kind=ActionKind.DIVIDEND,
        symbol=row["ticker"],
        day=_day(row["ex_dividend_date"]),
        source=SOURCE,
        # At which hour of the day it was declared nobody says: it is known when the day is over.
        known_ns=None if not declared else (_day(declared) + 1) * NS_PER_DAY,
        cash=number_in(row, "cash_amount"),
        currency=str(row["currency"]).upper() if row.get("currency") else None,
    )


def _renames(events: Any) -> list[CorporateAction]:
    borne = sorted((_day(each["date"]), str(each["ticker_change"]["ticker"])) for each in events)
    return [
        CorporateAction(kind=ActionKind.RENAME, symbol=old, day=day, source=SOURCE, to=new)
        for (_, old), (day, new) in pairwise(borne)
        if old != new
    ]


def _tells_end(row: Any, ticker: str) -> bool:
    return isinstance(row, dict) and row.get("ticker") == ticker and bool(row.get("delisted_utc"))


def _end(row: Any) -> CorporateAction:
    """The day after the last one on which it was traded."""
    moment = dt.datetime.fromisoformat(row["delisted_utc"])
    last = moment.astimezone(ZONE).date() if moment.tzinfo is not None else moment.date()
    return CorporateAction(
        kind=ActionKind.DELISTING, symbol=row["ticker"], day=(last - _EPOCH).days + 1, source=SOURCE
    )  # fmt: skip


def _day(date: str) -> int:
    return (dt.date.fromisoformat(date) - _EPOCH).days


def _date(day: int) -> str:
    return utc(day * NS_PER_DAY).date().isoformat()

"""Corporate actions from Alpaca's market-data interface: every page, in its own words put into ours."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tradewright.domain.actions import ActionKind, CorporateAction
from tradewright.domain.errors import BrokerError, DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .door import Door

__all__ = ["AlpacaActions"]

SOURCE = "alpaca"
_PATH = "/v1/corporate-actions"
_MOST = 1000
_BEFORE, _AFTER = 31, 366
"""Days that processing may lie before the day on which an action takes effect, and after it: dividends are processed
when they are paid."""


class AlpacaActions:
    """A `tradewright.ports.provider.ActionSource`: splits, dividends, spin-offs, names, ends with their terms.

    What else it lists (rights, redemptions, units taken apart) is told by name.

    It does not say when an action was announced. Its history of bars knows the bars under former names already.

    Parameters
    ----------
    door : Door
        Of the market-data interface.
    assets : Door
        Of the trading interface: what is traded now has not ended, whatever ended under its name before.
    page : int
        Entries of one page.
    """

    def __init__(self, door: Door, assets: Door, page: int) -> None:
        self._door = door
        self._assets = assets
        self._page = min(page, _MOST)

    @property
    def joins_names(self) -> bool:
        """Whether bars of former names come under the present one."""
        return True

    async def actions(self, symbol: str, first_day: int, stop_day: int) -> Sequence[CorporateAction]:
        """What takes effect from one day up to, and without, another.

        Raises
        ------
        BrokerError
            When a page is missing or cannot be used.
        """
        found = [each for row in await self._rows(symbol, first_day, stop_day) for each in _read(symbol, *row)]
        inside = [each for each in found if first_day <= each.day < stop_day]
        ends = [each for each in inside if each.kind is ActionKind.DELISTING]
        return [each for each in inside if each not in ends] if ends and await self._is_traded(symbol) else inside

    async def _is_traded(self, symbol: str) -> bool:
        said = await self._assets.ask(f"/v2/assets/{symbol}")
        return isinstance(said, dict) and said.get("status") == "active"

    async def _rows(self, symbol: str, first_day: int, stop_day: int) -> list[tuple[str, Any]]:
        query: dict[str, str | int | None] = {
            "symbols": symbol,
            "types": ",".join(_TYPES),
            "start": _date(first_day - _BEFORE),
            "end": _date(stop_day + _AFTER),
            "limit": self._page,
            "sort": "asc",
        }
        found: list[tuple[str, Any]] = []
        while True:
            said = await self._door.ask(_PATH, query)
            lists = said.get("corporate_actions") if isinstance(said, dict) else None
            if not isinstance(lists, dict):
                raise BrokerError(f"Alpaca sent no corporate actions of {symbol}.")
            found += [(name, row) for name in _READERS for row in lists.get(name) or ()]
            token = said.get("next_page_token")
            if not token:
                return found
            query["page_token"] = str(token)


def _read(symbol: str, name: str, row: Any) -> list[CorporateAction]:
    try:
        is_of_another = name in _SUBJECTS and row[_SUBJECTS[name]] != symbol
        read = None if is_of_another else _READERS[name](row)
    except (AttributeError, KeyError, TypeError, ValueError, ZeroDivisionError, DataError) as error:
        raise BrokerError(f"An entry under {name} of {symbol} from Alpaca cannot be used: {error}") from None
    return [read] if read is not None and symbol in (read.symbol, read.to) else []


def _split(row: Any) -> CorporateAction:
    ratio = float(row["new_rate"]) / float(row["old_rate"])
    return _action(ActionKind.SPLIT, row, ratio=ratio)


def _stock_dividend(row: Any) -> CorporateAction:
    return _action(ActionKind.SPLIT, row, ratio=1.0 + float(row["rate"]))


def _dividend(row: Any) -> CorporateAction:
    return _action(ActionKind.DIVIDEND, row, cash=float(row["rate"]), currency="USD")


def _action(kind: ActionKind, row: Any, **said: Any) -> CorporateAction:
    return CorporateAction(kind=kind, symbol=row["symbol"], day=_day(row["ex_date"]), source=SOURCE, **said)


def _rename(row: Any) -> CorporateAction | None:
    old, new = row["old_symbol"], row["new_symbol"]
    day = _day(row["process_date"])
    # Where only the number of the security changed, the name is the same.
    return None if old == new else CorporateAction(
        kind=ActionKind.RENAME, symbol=old, day=day, source=SOURCE, to=new
    )  # fmt: skip


def _spinoff(row: Any) -> CorporateAction:
    ratio = float(row["new_rate"]) / float(row["source_rate"])
    return CorporateAction(
        kind=ActionKind.SPINOFF, symbol=row["source_symbol"], day=_day(row["ex_date"]), source=SOURCE, ratio=ratio,
        to=row["new_symbol"],
    )  # fmt: skip


def _cash_merger(row: Any) -> CorporateAction:
    return _merged(row, cash=float(row["rate"]))


def _stock_merger(row: Any) -> CorporateAction:
    return _merged(row, ratio=_exchanged(row), to=row["acquirer_symbol"])


def _mixed_merger(row: Any) -> CorporateAction:
    return _merged(row, ratio=_exchanged(row), to=row["acquirer_symbol"], cash=float(row["cash_rate"]))


def _exchanged(row: Any) -> float:
    return float(row["acquirer_rate"]) / float(row["acquiree_rate"])


def _merged(row: Any, **terms: Any) -> CorporateAction:
    return _ended(row["acquiree_symbol"], row["effective_date"], **terms)


def _removal(row: Any) -> CorporateAction:
    return _ended(row["symbol"], row["process_date"])


def _ended(symbol: str, date: str, **terms: Any) -> CorporateAction:
    # It may have been traded on that day still.
    return CorporateAction(kind=ActionKind.DELISTING, symbol=symbol, day=_day(date) + 1, source=SOURCE, **terms)


def _rights(row: Any) -> CorporateAction:
    note = f"a distribution of {float(row['rate']):g} rights {row['new_symbol']} per share"
    return _named(row["source_symbol"], row["ex_date"], note)


def _redemption(row: Any) -> CorporateAction:
    return _named(row["symbol"], row["process_date"], f"a redemption at {float(row['rate']):g}")


def _unit_split(row: Any) -> CorporateAction:
    parts = f"{float(row['new_rate']):g} {row['new_symbol']} and {float(row['alternate_rate']):g}"
    note = f"a division of {float(row['old_rate']):g} units into {parts} {row['alternate_symbol']}"
    return _named(row["old_symbol"], row["effective_date"], note)


def _named(symbol: str, date: str, note: str) -> CorporateAction:
    return CorporateAction(kind=ActionKind.OTHER, symbol=symbol, day=_day(date), source=SOURCE, note=note)


def _day(date: str) -> int:
    return (dt.date.fromisoformat(date) - dt.date(1970, 1, 1)).days


def _date(day: int) -> str:
    return (dt.date(1970, 1, 1) + dt.timedelta(day)).isoformat()


_READERS: dict[str, Callable[[Any], CorporateAction | None]] = {
    "forward_splits": _split,
    "reverse_splits": _split,
    "stock_dividends": _stock_dividend,
    "cash_dividends": _dividend,
    "spin_offs": _spinoff,
    "name_changes": _rename,
    "cash_mergers": _cash_merger,
    "stock_mergers": _stock_merger,
    "stock_and_cash_mergers": _mixed_merger,
    "worthless_removals": _removal,
    "rights_distributions": _rights,
    "redemptions": _redemption,
    "unit_splits": _unit_split,
}
_SUBJECTS = {
    "spin_offs": "source_symbol",
    "rights_distributions": "source_symbol",
    "unit_splits": "old_symbol",
    **dict.fromkeys(("cash_mergers", "stock_mergers", "stock_and_cash_mergers"), "acquiree_symbol"),
}
"""Of lists in whose entries another symbol stands besides: whose holders an entry concerns."""
_TYPES = tuple(name.removesuffix("s") for name in _READERS)

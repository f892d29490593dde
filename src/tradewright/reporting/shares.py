"""Who and what made the result: symbols, strategies, ways out, tags and holding times, each with its trades."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.order import OrderRole, OrderType
from tradewright.reporting import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord

    Texts = NDArray[np.object_]

__all__ = ["Share", "by_exit", "by_holding", "by_strategy", "by_symbol", "by_tag", "ways_out"]

_HOLDINGS = (1, 2, 5, 10, 20, 50, 100, 250, 1_000)
_ROLES = {
    OrderRole.STOP_LOSS: "stop loss",
    OrderRole.TAKE_PROFIT: "take profit",
    OrderRole.LIQUIDATION: "margin call",
    OrderRole.FINALIZE: "end of the run",
}


class Share(NamedTuple):
    """The closed trades of one group; money in account currency, `unrealized` of what is still open."""

    name: str
    trades: int
    wins: int
    net: float
    costs: float
    mean_return: float | None
    median_return: float | None
    unrealized: float = 0.0

    @property
    def total(self) -> float:
        """Net of closed trades and the open profit."""
        return self.net + self.unrealized

    @property
    def win_rate(self) -> float | None:
        """Share of its trades with a profit."""
        return self.wins / self.trades if self.trades else None


def by_symbol(record: RunRecord) -> tuple[Share, ...]:
    """Contribution of each symbol, the largest first; symbols that never traded are there with nothing."""
    return _contributions(record, "symbol", record.symbols)


def by_strategy(record: RunRecord) -> tuple[Share, ...]:
    """Contribution of each strategy, the largest first."""
    return _contributions(record, "strategy", tuple(strategy.name for strategy in record.strategies))


def ways_out(record: RunRecord) -> Texts:
    """How each trade ended: the role of the closing order, or its kind where the strategy placed it itself."""
    orders = record.orders
    place = {int(number): row for row, number in enumerate(orders["id"].tolist())}
    roles, types = tuple(OrderRole), tuple(OrderType)
    words: dict[int, str] = {}
    for number in np.unique(record.trades["exit_order"]).astype(int).tolist():
        words[number] = _way(orders, place.get(number), roles, types)
    return np.array([words[int(number)] for number in record.trades["exit_order"]], object)


def by_exit(record: RunRecord) -> tuple[Share, ...]:
    """Trades by the way they ended, the most frequent first."""
    return _frequent(_shares(record, ways_out(record)))


def by_tag(record: RunRecord, leg: str) -> tuple[Share, ...]:
    """Trades by the tag of their ``entry`` or ``exit`` order, the most frequent first; untagged ones as ``–``."""
    tags = tables.trades(record)[f"{leg}_tag"]
    return _frequent(_shares(record, np.where(tags == "", "–", tags)))


def by_holding(record: RunRecord) -> tuple[Share, ...]:
    """Trades by how many bars they were held, in rising classes."""
    bars = record.trades["bars"]
    edges = np.array([0, *_HOLDINGS, np.inf])
    classes = np.searchsorted(edges, bars, "left")
    groups = []
    for number in np.unique(classes).tolist():
        low, high = edges[max(number - 1, 0)], edges[number]
        groups.append((number, _class_name(low, high)))
    names = dict(groups)
    found = {share.name: share for share in _shares(record, np.array([names[each] for each in classes], object))}
    return tuple(found[name] for _, name in groups)


def _class_name(low: float, high: float) -> str:
    if high == 0:
        return "0"
    first = int(low) + 1
    if not np.isfinite(high):
        return f"over {int(low):,}"
    return f"{first:,}" if high <= first else f"{first:,} to {int(high):,}"


def _way(
    orders: Mapping[str, NDArray[np.float64]],
    row: int | None,
    roles: tuple[OrderRole, ...],
    types: tuple[OrderType, ...],
) -> str:
    if row is None:
        return "settlement"
    role = roles[int(orders["role"][row])]
    return _ROLES.get(role) or f"{types[int(orders['type'][row])]} order".replace("_", " ")


def _contributions(record: RunRecord, column: str, names: tuple[str, ...]) -> tuple[Share, ...]:
    found = {share.name: share for share in _shares(record, tables.trades(record)[column])}
    shares = [found.get(name, Share(name, 0, 0, 0.0, 0.0, None, None)) for name in dict.fromkeys(names)]
    opened = dict.fromkeys(names, 0.0)
    for position in record.open_positions:
        opened[getattr(position, column)] += position.unrealized
    whole = [share._replace(unrealized=opened[share.name]) for share in shares]
    return tuple(sorted(whole, key=lambda share: -share.total))


def _shares(record: RunRecord, names: Texts) -> list[Share]:
    """Each group's trades, summed."""
    trades = record.trades
    costs = trades["commission"] + trades["tax"] + trades["financing"]
    shares = []
    for name, chosen in _groups(names.tolist()).items():
        returns, net = trades["return"][chosen], trades["net"][chosen]
        shares.append(
            Share(str(name), len(chosen), int((net > 0).sum()), float(net.sum()), float(costs[chosen].sum()),
                  float(returns.mean()), float(np.median(returns)))
        )  # fmt: skip
    return shares


def _groups(names: list[str]) -> dict[str, NDArray[np.int64]]:
    """Rows of each name, names in order of their first row."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    codes = np.array([numbers[name] for name in names], np.int64)
    order = np.argsort(codes, kind="stable")
    edges = np.searchsorted(codes[order], np.arange(len(numbers) + 1))
    return {name: order[edges[number] : edges[number + 1]] for name, number in numbers.items()}


def _frequent(shares: list[Share]) -> tuple[Share, ...]:
    return tuple(sorted(shares, key=lambda share: (-share.trades, share.name)))

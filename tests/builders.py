"""Run records built by hand, from closes and fills, so that what reads a record can be tested without an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from tradewright.domain.bars import SessionIndex
from tradewright.domain.events import EventKind, Reason
from tradewright.domain.instrument import Equity
from tradewright.domain.order import OrderRole, OrderStatus, OrderType, TimeInForce
from tradewright.domain.record import (
    EVENT_COLUMNS,
    ORDER_COLUMNS,
    TRADE_COLUMNS,
    DataKey,
    LogLine,
    OpenPosition,
    RunConfig,
    RunRecord,
    StrategyInfo,
    Timeline,
)
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE

COSTS = {
    "slippage": {"model": "Bps", "bps": 10.0}, "commission": {"model": "PerTrade", "amount": 1.0}, "tax_buy": 0.0,
    "tax_sell": 0.0, "borrow_rate": 0.0, "interest_rate": 0.0, "participation": 0.1, "free": False,
}  # fmt: skip
NO_COSTS = {**COSTS, "slippage": {"model": "NoSlippage"}, "commission": {"model": "NoCommission"}, "free": True}
MONDAY = 18_267  # 2020-01-06, as days since 1970-01-01


class Dealt(NamedTuple):
    """One fill: row, signed units, price, and what it cost."""

    row: int
    quantity: float
    price: float
    fee: float = 0.0
    tax: float = 0.0
    slippage: float = 0.0
    phase: int = 0
    book: int = 0


class Refused(NamedTuple):
    """One refused order: row of the decision, signed units, why."""

    row: int
    quantity: float
    reason: Reason
    book: int = 0


def weekdays(count: int, first_day: int = MONDAY) -> np.ndarray:
    """That many weekdays as days since 1970-01-01."""
    days = first_day + np.arange(count * 2 + 4)
    return days[(days + 3) % 7 < 5][:count].astype(np.int64)


def daily_timeline(rows: int, *, first_row: int = 0, sessions_per_year: int = 252) -> Timeline:
    """One row a weekday, open 14:30 to 21:00 UTC."""
    days = weekdays(rows)
    start = days * NS_PER_DAY + 870 * NS_PER_MINUTE
    index = SessionIndex(days, np.arange(rows, dtype=np.int64))
    return Timeline(start, start + 390 * NS_PER_MINUTE, index, False, sessions_per_year, first_row)


def minute_timeline(sessions: int, per_session: int = 390, *, first_row: int = 0) -> Timeline:
    """One row a minute from 14:30 UTC on, on weekdays."""
    days = weekdays(sessions)
    minutes = np.arange(per_session, dtype=np.int64) + 870
    start = (days[:, None] * NS_PER_DAY + minutes[None, :] * NS_PER_MINUTE).ravel()
    index = SessionIndex(days, np.arange(sessions, dtype=np.int64) * per_session)
    return Timeline(start, start + NS_PER_MINUTE, index, True, 252, first_row)


def config(**changes: Any) -> RunConfig:
    """The defaults of a backtest, changed where asked."""
    values: dict[str, Any] = {
        "cash": 100_000.0, "currency": "USD", "start": None, "end": None, "seed": 7, "fill_at": "open",
        "size_at": "decision", "intrabar": "worst", "limit_fill": "through", "insufficient": "reject",
        "participation": 0.1, "finalize": False, "metrics_from": "start", "costs": COSTS,
        "margin": {"initial": 1.0, "maintenance": 0.0, "shorts": False}, "limits": {"name": "none"},
    }  # fmt: skip
    return RunConfig(**{**values, **changes})


def table(columns: Sequence[str], rows: Iterable[Mapping[str, float]]) -> dict[str, np.ndarray]:
    """Rows as float64 columns; what a row leaves out is 0."""
    listed = list(rows)
    return {name: np.array([row.get(name, 0.0) for row in listed], np.float64) for name in columns}


def _ledger(dealt: Sequence[Dealt], cash: float, books: int) -> tuple[list[dict[str, float]], np.ndarray]:
    """Fill events in order, and the position of each book after the last of them."""
    position, basis, events = np.zeros(books), np.zeros(books), []
    for number, fill in enumerate(dealt, 1):
        before = position[fill.book]
        position[fill.book] += fill.quantity
        grows = before * fill.quantity >= 0
        kept = position[fill.book] / before if before and not grows else 0.0
        basis[fill.book] = basis[fill.book] + fill.quantity * fill.price if grows else basis[fill.book] * kept
        cash -= fill.quantity * fill.price + fill.fee + fill.tax
        events.append(
            {**fill._asdict(), "kind": EventKind.FILL, "order_id": number, "fx": 1.0, "cash": cash,
             "position": position[fill.book], "basis": basis[fill.book]}
        )  # fmt: skip
    return events, position


def _equity(closes: np.ndarray, dealt: Sequence[Dealt], cash: float) -> np.ndarray:
    """Cash plus positions at each close; `closes` is (symbols, rows)."""
    flow = np.zeros(closes.shape[1])
    held = np.zeros_like(closes)
    for fill in dealt:
        flow[fill.row] -= fill.quantity * fill.price + fill.fee + fill.tax
        held[fill.book % len(closes), fill.row] += fill.quantity
    return cash + np.cumsum(flow) + (np.cumsum(held, axis=1) * closes).sum(axis=0)


def _round_trips(dealt: Sequence[Dealt], timeline: Timeline) -> list[dict[str, float]]:
    """FIFO pairs of opening and closing quantities; costs are shared by quantity."""
    lots: dict[int, list[list[float]]] = {}
    trades = []
    for number, fill in enumerate(dealt, 1):
        left = fill.quantity
        queue = lots.setdefault(fill.book, [])
        while queue and left * queue[0][0] < 0:
            lot = queue[0]
            units = min(abs(left), abs(lot[0]))
            side = 1.0 if lot[0] > 0 else -1.0
            trades.append(_trade(dealt[int(lot[1])], fill, units, side, (int(lot[1]) + 1, number), timeline))
            lot[0] -= side * units
            left += side * units
            if lot[0] == 0:
                queue.pop(0)
        if left:
            queue.append([left, number - 1])
    return trades


def _trade(
    entry: Dealt, leave: Dealt, units: float, side: float, orders: tuple[int, int], timeline: Timeline
) -> dict[str, float]:
    gross = side * units * (leave.price - entry.price)
    shares = [(fill, units / abs(fill.quantity)) for fill in (entry, leave)]
    commission = sum(fill.fee * share for fill, share in shares)
    tax = sum(fill.tax * share for fill, share in shares)
    net = gross - commission - tax
    return {
        "book": entry.book, "side": side, "quantity": units, "entry_row": entry.row, "exit_row": leave.row,
        "entry_time": timeline.open_time[entry.row], "exit_time": timeline.open_time[leave.row],
        "entry_price": entry.price, "exit_price": leave.price, "entry_order": orders[0], "exit_order": orders[1],
        "gross": gross, "commission": commission, "tax": tax, "financing": 0.0,
        "slippage": sum(fill.slippage * share for fill, share in shares), "net": net,
        "return": net / (units * entry.price), "mae": min(0.0, side * (leave.price / entry.price - 1)),
        "mfe": max(0.0, side * (leave.price / entry.price - 1)), "bars": leave.row - entry.row,
    }  # fmt: skip


def _orders(dealt: Sequence[Dealt], refused: Sequence[Refused]) -> list[dict[str, float]]:
    """A filled market order per fill, decided one row earlier, then the refused ones."""
    kind = list(OrderType).index(OrderType.MARKET)
    base = {
        "type": kind, "role": list(OrderRole).index(OrderRole.PLAIN), "tif": list(TimeInForce).index(TimeInForce.GTC),
        "limit": np.nan, "stop": np.nan, "trail": np.nan, "display": np.nan,
    }  # fmt: skip
    filled = [
        {**base, "id": number, "book": fill.book, "row": max(fill.row - 1, 0), "side": np.sign(fill.quantity),
         "quantity": abs(fill.quantity), "filled": abs(fill.quantity), "price": fill.price, "ended": fill.row,
         "status": list(OrderStatus).index(OrderStatus.FILLED)}
        for number, fill in enumerate(dealt, 1)
    ]  # fmt: skip
    return filled + [
        {**base, "id": number, "book": order.book, "row": order.row, "side": np.sign(order.quantity),
         "quantity": abs(order.quantity), "price": np.nan, "ended": order.row + 1, "reason": order.reason,
         "status": list(OrderStatus).index(OrderStatus.REJECTED)}
        for number, order in enumerate(refused, len(dealt) + 1)
    ]  # fmt: skip


def run_record(  # the record's own fields
    closes: Sequence[float] | Mapping[str, Sequence[float]],
    dealt: Sequence[Dealt] = (),
    *,
    refused: Sequence[Refused] = (),
    timeline: Timeline | None = None,
    equity: Sequence[float] | None = None,
    strategies: Sequence[str] = ("SmaCross",),
    timeframe: str = "1d",
    synthetic: bool = False,
    tags: Mapping[int, str] | None = None,
    logs: tuple[LogLine, ...] = (),
    **changes: Any,
) -> RunRecord:
    """A record whose money is consistent: closes and fills in, everything else follows."""
    named = dict(closes) if isinstance(closes, Mapping) else {"ACME": closes}
    prices = np.array([np.asarray(column, np.float64) for column in named.values()])
    timeline = timeline or daily_timeline(prices.shape[1])
    settings = config(**changes)
    books = len(named) * len(strategies)
    events, position = _ledger(dealt, settings.cash, books)
    marked = _equity(prices, dealt, settings.cash) if equity is None else np.asarray(equity, np.float64)
    rows_held, gross = _held(prices, dealt, marked, timeline)
    return RunRecord(
        config=settings,
        strategies=tuple(StrategyInfo(name, {"fast": 10, "slow": 30}, "0" * 64, 30, "class") for name in strategies),
        instruments=tuple(Equity(name, exchange="XNYS") for name in named),
        data=tuple(
            DataKey(
                name,
                timeframe,
                "f" * 64,
                prices.shape[1],
                _day(timeline, 0),
                _day(timeline, -1),
                "raw",
                "SYNTHETIC walk" if synthetic else f"{name}.csv",
                synthetic,
            )
            for name in named
        ),
        code_version="0.1.0",
        timeline=timeline,
        equity=marked,
        exposure=gross,
        rows_in_market=rows_held,
        events=table(EVENT_COLUMNS, events),
        orders=table(ORDER_COLUMNS, _orders(dealt, refused)),
        trades=table(TRADE_COLUMNS, _round_trips(dealt, timeline)),
        tags=tags or {},
        client_ids={},
        open_positions=_open(position, prices, dealt, list(named), strategies),
        logs=logs,
        bars=dict(zip(named, prices, strict=True)),
        meta={"tier": "interpreted"},
    )


def _day(timeline: Timeline, row: int) -> str:
    return str(np.datetime64(int(timeline.sessions.labels[row]), "D"))


def _held(prices: np.ndarray, dealt: Sequence[Dealt], equity: np.ndarray, timeline: Timeline) -> tuple[int, np.ndarray]:
    """Rows with a position at any time, and gross exposure over equity at the session closes."""
    moved = np.zeros_like(prices)
    for fill in dealt:
        moved[fill.book % len(prices), fill.row] += fill.quantity
    units = np.cumsum(moved, axis=1)
    before = np.hstack((np.zeros((len(prices), 1)), units[:, :-1]))
    in_market = ((units != 0) | (before != 0)).any(axis=0)[timeline.first_row :]
    gross = np.abs(units * prices).sum(axis=0) / equity
    return int(in_market.sum()), gross[timeline.session_closes()]


def _open(
    position: np.ndarray, prices: np.ndarray, dealt: Sequence[Dealt], names: list[str], strategies: Sequence[str]
) -> tuple[OpenPosition, ...]:
    found = []
    for book in np.flatnonzero(position):
        symbol, mark = book % len(names), prices[book % len(names), -1]
        last = [fill.price for fill in dealt if fill.book == book][-1]
        value, gain = position[book] * mark, position[book] * (mark - last)
        found.append(
            OpenPosition(int(book), names[symbol], strategies[book // len(names)], float(position[book]), float(last),
                         float(mark), float(value), float(gain))
        )  # fmt: skip
    return tuple(found)


def random_walk(rows: int, *, seed: int = 1, drift: float = 0.0003, spread: float = 0.012) -> np.ndarray:
    """Closes of a made-up market, starting near 100."""
    generator = np.random.default_rng(seed)
    return 100.0 * np.exp(np.cumsum(generator.normal(drift, spread, rows)))


def round_trips(closes: np.ndarray, *, every: int = 12, hold: int = 7, units: float = 500.0) -> list[Dealt]:
    """Buy every so many rows, sell after `hold`, with the default costs; the last one may stay open."""
    fills = []
    for row in range(1, len(closes) - 1, every):
        for at, side in ((row, 1.0), (row + hold, -1.0)):
            if at < len(closes):
                price = closes[at] * (1 + side * 0.001)
                fills.append(Dealt(at, side * units, float(price), 1.0, 0.0, float(units * closes[at] * 0.001)))
    return fills

"""Hand-made and random markets for tests of the engine: bars of any shape, and strategies that follow a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from tests.builders import MONDAY, weekdays

import tradewright as tw
from tradewright.domain.bars import Adjustment, Bars, SessionIndex
from tradewright.domain.instrument import Instrument
from tradewright.domain.timeframe import NS_PER_DAY, NS_PER_MINUTE, Timeframe

OPENS = 870  # minutes after midnight UTC, 14:30
CLOSES = 1260  # 21:00
FREE = tw.Costs.none()
Row = float | Sequence[float]


def share(symbol: str = "ACME", **changes: Any) -> Instrument:
    """A share in New York, in whole units."""
    return tw.Equity(symbol, "XNYS", **changes)


def _columns(rows: Sequence[Row], volume: float) -> dict[str, np.ndarray]:
    """Rows as columns: a price that stays, (open, high, low, close), or those with the volume."""
    full = [[row] * 4 if isinstance(row, (int, float)) else list(row) for row in rows]
    table = np.array([[*row, volume][:5] for row in full], np.float64)
    return dict(zip(("open", "high", "low", "close", "volume"), table.T.copy(), strict=True))


def daily(
    rows: Sequence[Row | None],
    instrument: Instrument | None = None,
    *,
    volume: float = 1e9,
    first_day: int = MONDAY,
    actions: tw.Actions | None = None,
    adjustment: Adjustment = Adjustment.RAW,
) -> Bars:
    """One row a weekday from 14:30 to 21:00 UTC; None is a day without a bar."""
    days = weekdays(len(rows), first_day)
    kept = [number for number, row in enumerate(rows) if row is not None]
    days = days[kept]
    start = days * NS_PER_DAY
    return Bars(
        instrument=instrument or share(),
        timeframe=Timeframe.parse("1d"),
        open_time=start + OPENS * NS_PER_MINUTE,
        close_time=start + CLOSES * NS_PER_MINUTE,
        sessions=SessionIndex(days, np.arange(len(days), dtype=np.int64)),
        actions=actions or tw.Actions(),
        adjustment=adjustment,
        **_columns([rows[number] for number in kept], volume),
    )


def intraday(
    sessions: Sequence[Sequence[Row | None]],
    instrument: Instrument | None = None,
    *,
    minutes: int = 1,
    volume: float = 1e9,
    actions: tw.Actions | None = None,
    first_day: int = MONDAY,
) -> Bars:
    """Sessions of equal bars from 14:30 UTC on; None is a bar that is missing."""
    days = weekdays(len(sessions), first_day)
    kept = [(day, place, row) for day, rows in enumerate(sessions) for place, row in enumerate(rows) if row is not None]
    start = np.array([days[day] * NS_PER_DAY + (OPENS + place * minutes) * NS_PER_MINUTE for day, place, _ in kept])
    labels = np.array([days[day] for day, _, _ in kept], np.int64)
    return Bars(
        instrument=instrument or share(),
        timeframe=Timeframe.parse(f"{minutes}m"),
        open_time=start,
        close_time=start + minutes * NS_PER_MINUTE,
        sessions=SessionIndex.of_labels(labels),
        actions=actions or tw.Actions(),
        **_columns([row for _, _, row in kept], volume),
    )


def split_on(row: int, ratio: float, first_day: int = MONDAY) -> tw.Actions:
    """A split that takes effect before the open of a daily row."""
    return tw.Actions(split_days=weekdays(row + 1, first_day)[-1:], split_ratios=np.array([ratio]))


def dividend_on(row: int, amount: float, first_day: int = MONDAY) -> tw.Actions:
    """A dividend with its ex-date on a daily row."""
    return tw.Actions(dividend_days=weekdays(row + 1, first_day)[-1:], dividends=np.array([amount]))


def row_of(ctx: Any) -> int:
    """Row of the timeline that a context stands on."""
    return int(ctx._cursor.row)


Step = Callable[[Any], Any]


def script(steps: Mapping[int, Step], **hooks: Callable[..., Any]) -> type[tw.Strategy]:
    """A strategy that does at the close of each row what the steps say; `hooks` are further methods by name."""

    class Scripted(tw.Strategy):
        def on_bar(self, ctx):
            step = steps.get(row_of(ctx))
            # The answer of an order call is not the strategy's answer.
            if step is not None:
                step(ctx)

    for name, hook in hooks.items():
        setattr(Scripted, name, hook)
    return Scripted


def play(bars: Any, steps: Mapping[int, Step], *, hooks: Mapping[str, Any] | None = None, **options: Any) -> tw.Result:
    """Run a script over bars without costs, unless told."""
    return tw.backtest(script(steps, **(hooks or {})), bars, **{"costs": FREE, **options})


def fills(result: tw.Result) -> list[tuple[int, float, float]]:
    """Row, signed units and price of every fill."""
    events = result.record.events
    chosen = events["kind"] == 1
    return list(
        zip(
            events["row"][chosen].astype(int).tolist(),
            events["quantity"][chosen].tolist(),
            events["price"][chosen].tolist(),
            strict=True,
        )
    )


def endings(result: tw.Result) -> list[tuple[int, str, str]]:
    """Row, order number's status and reason of every order that ended without its last fill."""
    frame = result.orders
    raw = result.record.orders
    ended = frame["status"].isin(["cancelled", "expired", "rejected"]).to_numpy()
    rows = raw["ended"][ended].astype(int).tolist()
    return list(zip(rows, frame["status"][ended], frame["reason"][ended], strict=True))

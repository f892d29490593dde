"""Other engines' rules written again, each as the plainest loop that has them, to judge ours on any period and file.

They share nothing with the engine: plain lists, no order objects, no indicators but a mean over a slice.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

Column = Sequence[float]


class Outcome(NamedTuple):
    """What a naive loop ended with: equity at every close, closed trades as (entry, exit, signed units), last units."""

    equity: list[float]
    trades: list[tuple[float, float, float]]
    units: float
    commission: float


def mean(values: Column, stop: int, period: int) -> float:
    """The mean of the `period` values that end with index `stop`; NaN while there are fewer."""
    return math.fsum(values[stop - period + 1 : stop + 1]) / period if stop >= period - 1 else math.nan


def crossings(first: Column, second: Column, *, from_equal: bool = True) -> Iterator[int]:
    """For each index +1 where `first` rises through `second`, -1 where it falls through, else 0.

    Values closer than a billionth count as equal; `from_equal` says whether leaving equality is a crossing.
    """
    for i in range(len(first)):
        before = round(first[i - 1] - second[i - 1], 9) if i else math.nan
        now = round(first[i] - second[i], 9)
        touching = from_equal and before == 0
        yield 1 if (before < 0 or touching) and now > 0 else -1 if (before > 0 or touching) and now < 0 else 0


def reversing(
    opens: Column,
    closes: Column,
    periods: tuple[int, int],
    *,
    fee: float = 0.0,
    markup: float = 0.0,
    flat_at_end: bool = False,
) -> Outcome:
    """Long after a cross up, short after a cross down, whole cash in whole units at the next open.

    `fee` is a fraction of every notional; `markup` worsens entry prices by a fraction instead. With `flat_at_end` the
    last bar's open closes what is held.
    """
    fast, slow = ([mean(closes, i, period) for i in range(len(closes))] for period in periods)
    signals = list(crossings(fast, slow, from_equal=False))
    cash, units, entry, paid = 10_000.0, 0.0, 0.0, 0.0
    equity, trades = [], []
    for i, price in enumerate(opens):
        wanted = signals[i - 1] if i else 0
        leaves = wanted or (flat_at_end and i == len(opens) - 1)
        if leaves and units:
            cash += units * price - fee * abs(units) * price
            paid += fee * abs(units) * price
            trades.append((entry, price, units))
            units = 0.0
        if wanted and not (flat_at_end and i == len(opens) - 1):
            entry = price * (1 + wanted * markup)
            units = wanted * (cash // (entry * (1 + fee)))
            cash -= units * entry + fee * abs(units) * entry
            paid += fee * abs(units) * entry
        equity.append(cash + units * closes[i])
    return Outcome(equity, trades, units, paid)


def one_unit(
    opens: Column, closes: Column, period: int, *, multiplier: float = 1.0, per_contract: float = 0.0
) -> Outcome:
    """One unit bought at the open after the close rises through its mean, sold at the open after it falls through."""
    average = [mean(closes, i, period) for i in range(len(closes))]
    signals = list(crossings(closes, average))
    cash, units, entry, paid = 10_000.0, 0.0, 0.0, 0.0
    equity, trades = [], []
    for i, price in enumerate(opens):
        signal = signals[i - 1] if i else 0
        if (signal > 0 and not units) or (signal < 0 and units):
            change = 1.0 if signal > 0 else -1.0
            cash -= change * price * multiplier + per_contract
            paid += per_contract
            if units:
                trades.append((entry, price, units))
            entry, units = price, units + change
        equity.append(cash + units * closes[i] * multiplier)
    return Outcome(equity, trades, units, paid)


def held_above_mean(opens: Column, closes: Column, period: int, units: float, cash: float) -> Outcome:
    """A fixed quantity while the close is above its mean, nothing while it is below; orders fill at the next open."""
    held, entry, equity, trades = 0.0, 0.0, [], []
    for i, price in enumerate(opens):
        average = mean(closes, i - 1, period) if i else math.nan
        if not held and i and closes[i - 1] > average:
            held, entry, cash = units, price, cash - units * price
        elif held and closes[i - 1] < average:
            trades.append((entry, price, held))
            held, cash = 0.0, cash + held * price
        equity.append(cash + held * closes[i])
    return Outcome(equity, trades, held, 0.0)


def crossing_with_share(opens: Column, closes: Column, period: int, cash: float, share: float = 0.9) -> Outcome:
    """Bought with a share of the cash, in whole units at the close of the signal, while above the mean."""
    average = [mean(closes, i, period) for i in range(len(closes))]
    signals = list(crossings(closes, average))
    held, entry, equity, trades = 0.0, 0.0, [], []
    for i, price in enumerate(opens):
        signal = signals[i - 1] if i else 0
        wanted = (cash * share) // closes[i - 1] if i else 0.0
        if signal > 0 and not held and wanted * price <= cash:
            held, entry, cash = wanted, price, cash - wanted * price
        elif signal < 0 and held:
            trades.append((entry, price, held))
            held, cash = 0.0, cash + held * price
        equity.append(cash + held * closes[i])
    return Outcome(equity, trades, held, 0.0)


def sharpe(equity: Column, cash: float, yearly: float, sessions: int = 252) -> float:
    """Mean excess of the simple returns over their deviation (ddof 1), times √sessions."""
    levels = [cash, *equity]
    returns = [now / before - 1 for before, now in pairwise(levels)]
    average = math.fsum(returns) / len(returns)
    variance = math.fsum((r - average) ** 2 for r in returns) / (len(returns) - 1)
    return (average - yearly / sessions) / math.sqrt(variance) * math.sqrt(sessions)


def deepest_fall(equity: Column, cash: float) -> float:
    """The largest fall from a peak, as a fraction, not above 0."""
    peak, worst = cash, 0.0
    for level in equity:
        peak = max(peak, level)
        worst = min(worst, level / peak - 1)
    return worst

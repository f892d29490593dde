"""What the metrics are computed from: each quantity leaves the record once, when the first metric asks for it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tradewright.domain.events import EventKind
from tradewright.domain.order import OrderStatus
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.quant.arrays import sequential_mean, sequential_sum
from tradewright.quant.drawdown import drawdown_episodes
from tradewright.quant.ratios import per_period
from tradewright.quant.returns import returns_from_equity
from tradewright.quant.undefined import Undefined
from tradewright.reporting import curves

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tradewright.domain.record import RunRecord
    from tradewright.quant.arrays import FloatArray
    from tradewright.reporting.evidence import Evidence

__all__ = ["CurveInputs", "Dealing", "Inputs", "Water"]

_FINANCING = (EventKind.DIVIDEND, EventKind.BORROW, EventKind.INTEREST, EventKind.FUNDING)


class Water(NamedTuple):
    """The drawdowns of a run: depths as fractions, lengths in days, None where equity never fell."""

    deepest: float
    average: float | None
    longest_days: float
    average_days: float | None
    peak_equity: float


class Dealing(NamedTuple):
    """What was dealt and paid: money in account currency, costs positive."""

    fills: int
    traded_value: float
    commission: float
    tax: float
    slippage: float
    financing: float

    @property
    def trading_costs(self) -> float:
        """What each unit traded cost: commission, tax, and the slippage inside the prices."""
        return self.commission + self.tax + self.slippage


class CurveInputs:
    """What is known of a run by its equity at the session closes: enough for `CURVE_KEYS`.

    Parameters
    ----------
    curve : (s + 1,) float64
        Equity at the start and at every session close.
    final_equity : float
    max_drawdown : float
        Of the equity marked at every bar.
    periods : float
        Return periods of a year.
    risk_free : float
        Annual rate, a fraction.
    """

    def __init__(
        self, curve: FloatArray, final_equity: float, max_drawdown: float, *, periods: float, risk_free: float
    ) -> None:
        self.curve = curve
        self.cash = float(curve[0])
        self.final_equity = final_equity
        self.net_profit = final_equity - self.cash
        self.periods = periods
        self.risk_free = per_period(risk_free, periods)
        self.years = (len(curve) - 1) / periods
        self.water = Water(max_drawdown, None, 0.0, None, self.cash)

    @cached_property
    def returns(self) -> FloatArray:
        """Simple returns between the points of `curve`."""
        return returns_from_equity(self.curve)


class Inputs:
    """The record as metrics see it.

    Parameters
    ----------
    record : RunRecord
    risk_free : float
        Annual rate, a fraction.
    benchmark : (s + 1,) float64, optional
        Benchmark prices at the start and at every session close.
    evidence : Evidence
    """

    def __init__(self, record: RunRecord, risk_free: float, benchmark: FloatArray | None, evidence: Evidence) -> None:
        self.record = record
        self.benchmark = benchmark
        self.evidence = evidence
        self.periods = curves.periods_per_year(record)
        self.risk_free = per_period(risk_free, self.periods)
        self.cash = record.config.cash

    @cached_property
    def curve(self) -> FloatArray:
        """Equity at the start and at every session close."""
        return curves.session_equity(self.record)

    @cached_property
    def returns(self) -> FloatArray:
        """Simple returns between the points of `curve`."""
        return returns_from_equity(self.curve)

    @property
    def years(self) -> float:
        """Length of the run in years of the calendar's sessions."""
        return (len(self.curve) - 1) / self.periods

    @property
    def final_equity(self) -> float:
        """Equity at the last close; the starting cash when nothing was traded through."""
        return float(self.record.equity[-1]) if self._rows else self.cash

    @property
    def net_profit(self) -> float:
        """Final equity less starting cash."""
        return self.final_equity - self.cash

    @property
    def _rows(self) -> int:
        return len(self.record.timeline) - self.record.timeline.first_row

    @cached_property
    def water(self) -> Water:
        """The drawdowns of the marked equity, the starting cash included."""
        equity = curves.marked_equity(self.record)
        episodes = drawdown_episodes(equity)
        peak = float(np.max(equity))
        if not len(episodes.peak):
            return Water(0.0, None, 0.0, None, peak)
        times = curves.marked_times(self.record)
        days = (times[episodes.end] - times[episodes.peak]) / NS_PER_DAY
        depth = episodes.depth
        return Water(float(depth.min()), sequential_mean(depth), float(days.max()), sequential_mean(days), peak)

    @cached_property
    def traded(self) -> FloatArray:
        """Value of each event's units in account currency, for fills what they traded; (events,) float64."""
        table = self.record.events
        return np.abs(table["quantity"]) * table["price"] * table["fx"] * self._multipliers(table["book"])

    @cached_property
    def dealing(self) -> Dealing:
        """Fills and what they cost, and what holding cost or brought; events of financing carry the amount received."""
        table = self.record.events
        kind = table["kind"]
        filled, financed = kind == EventKind.FILL, np.isin(kind, _FINANCING)
        return Dealing(
            fills=int(filled.sum()),
            traded_value=sequential_sum(self.traded[filled]),
            commission=sequential_sum(table["fee"][~financed]),
            tax=sequential_sum(table["tax"][~financed]),
            slippage=sequential_sum(table["slippage"][filled]),
            financing=0.0 - sequential_sum(table["quantity"][financed]),
        )

    def _multipliers(self, books: NDArray[np.float64]) -> FloatArray:
        each = np.array([instrument.multiplier for instrument in self.record.instruments])
        return each[books.astype(np.int64) % len(each)]

    @property
    def nets(self) -> FloatArray:
        """Net profit of each closed trade, in money."""
        return self.record.trades["net"]

    @property
    def trade_returns(self) -> FloatArray:
        """Net return of each closed trade."""
        return self.record.trades["return"]

    @property
    def rejected(self) -> int:
        """Orders that ended as rejected."""
        number = tuple(OrderStatus).index(OrderStatus.REJECTED)
        return int(np.count_nonzero(self.record.orders["status"] == number))

    @property
    def days(self) -> float:
        """Calendar days from the first traded bar's open to the last close."""
        if not self._rows:
            raise Undefined("no bar was traded on")
        line = self.record.timeline
        return float(line.close_time[-1] - line.open_time[line.first_row]) / NS_PER_DAY

    @property
    def time_in_market(self) -> float:
        """Share of the traded rows in which any position existed at any time."""
        if not self._rows:
            raise Undefined("no bar was traded on")
        return self.record.rows_in_market / self._rows

    @cached_property
    def benchmark_returns(self) -> FloatArray:
        """Simple returns of the benchmark over the same periods as `returns`."""
        if self.benchmark is None:
            several = len(self.record.symbols) > 1
            raise Undefined(
                "the run has several symbols and no benchmark was given"
                if several
                else "the record carries no prices and no benchmark was given"
            )
        return returns_from_equity(self.benchmark)

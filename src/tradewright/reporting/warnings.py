"""What a reader must know before believing a result: found once, in a fixed order, each one sentence with numbers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.events import Reason
from tradewright.domain.order import OrderStatus, OrderType
from tradewright.reporting import formatting, wording

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.record import RunRecord
    from tradewright.reporting.metrics import Metrics

__all__ = ["ResultWarning", "Severity", "find_warnings", "refusals"]

FEW_TRADES = 30
FEW_DAYS = 365.0
ABSURD_SHARPE = 5.0
ABSURD_GROWTH = 10.0
NO_VARIATION = 1e-6


class Severity(StrEnum):
    """How much a warning takes from a result."""

    NOTICE = "notice"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class ResultWarning:
    """One thing to know about a result: a stable code, how grave it is, and a sentence with the numbers."""

    code: str
    severity: Severity
    sentence: str

    def __str__(self) -> str:
        return self.sentence


Found = ResultWarning | None


def find_warnings(record: RunRecord, metrics: Metrics) -> tuple[ResultWarning, ...]:
    """Everything to warn of, gravest kind of doubt first and always in the same order."""
    found = (rule(record, metrics) for rule in _RULES)
    return tuple(warning for warning in found if warning is not None)


def refusals(record: RunRecord) -> list[tuple[str, int]]:
    """Why orders were refused, as sentences with their counts, the most frequent first."""
    rejected = record.orders["status"] == tuple(OrderStatus).index(OrderStatus.REJECTED)
    numbers, counts = np.unique(record.orders["reason"][rejected].astype(np.int64), return_counts=True)
    order = sorted(zip(-counts, numbers, strict=True))
    return [(Reason(int(number)).sentence or "No reason was recorded.", int(-count)) for count, number in order]


def _synthetic(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001 - all rules are called alike
    if not record.is_synthetic:
        return None
    names = wording.listed(tuple(key.symbol for key in record.data if key.synthetic))
    return ResultWarning(
        "synthetic_data", Severity.WARN, f"The data is SYNTHETIC ({names}): the result says nothing about any market."
    )


def _ruined(record: RunRecord, metrics: Metrics) -> Found:
    lowest = float(record.equity[record.timeline.first_row :].min(initial=np.inf))
    if lowest > 0:
        return None
    shown = formatting.money(lowest, record.config.currency)
    return ResultWarning(
        "ruined",
        Severity.FAIL,
        f"Equity fell to {shown} {record.config.currency}: the account was ruined"
        f" (total return {formatting.returns(metrics['total_return'])}).",
    )


def _absurd_sharpe(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    sharpe = metrics["sharpe"]
    if sharpe is None or abs(sharpe) <= ABSURD_SHARPE:
        return None
    return ResultWarning(
        "absurd_sharpe",
        Severity.FAIL,
        f"A Sharpe of {formatting.ratio(sharpe, metrics['sharpe_se'])} is beyond ±{ABSURD_SHARPE:g}:"
        " look for look-ahead, missing costs or a broken price.",
    )


def _absurd_growth(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    growth = metrics["cagr"]
    if growth is None or growth <= ABSURD_GROWTH:
        return None
    return ResultWarning(
        "absurd_growth",
        Severity.FAIL,
        f"A CAGR of {formatting.returns(growth)} is beyond 1,000 % a year: the span is too short to be"
        " annualised, or a price is broken.",
    )


def _no_variation(record: RunRecord, metrics: Metrics) -> Found:
    volatility = metrics["volatility"]
    if volatility is None or volatility > NO_VARIATION or metrics["fills"] == 0:
        return None
    sessions = len(record.timeline.session_closes())
    return ResultWarning(
        "near_zero_variance",
        Severity.FAIL,
        f"Returns hardly vary over {wording.plural(sessions, 'session')}"
        f" (volatility {volatility:.1e} a year): ratios mean nothing.",
    )


def _no_trades(record: RunRecord, metrics: Metrics) -> Found:
    if metrics["trades"]:
        return None
    orders = metrics["orders"] or 0
    if not orders:
        why = "the strategy placed no order"
    else:
        reasons = "; ".join(f"{count} × {sentence}" for sentence, count in refusals(record)[:3])
        why = f"{wording.plural(orders, 'order')} placed" + (f", refused: {reasons}" if reasons else "")
    return ResultWarning("no_trades", Severity.WARN, f"No trade was closed: {why.rstrip('.')}.")


def _few_trades(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    trades = metrics["trades"] or 0
    if not 0 < trades < FEW_TRADES:
        return None
    return ResultWarning(
        "few_trades",
        Severity.WARN,
        f"{wording.plural(trades, 'closed trade')} is a small sample: under {FEW_TRADES},"
        " luck explains most differences.",
    )


def _short_period(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    days = metrics["duration"]
    if days is None or days >= FEW_DAYS - 5:
        return None
    return ResultWarning(
        "short_period",
        Severity.WARN,
        f"The run covers {formatting.duration(days * 86_400)}, less than a year: annual figures are extrapolated.",
    )


def _no_costs(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    paid = [metrics[name] or 0.0 for name in ("commission", "tax", "slippage")]
    if any(paid) or not metrics["fills"]:
        return None
    fills = wording.plural(metrics["fills"] or 0, "fill")
    return ResultWarning("no_costs", Severity.WARN, f"No costs: {fills} paid no commission, no tax and no slippage.")


def _close_fills(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    if record.config.fill_at != "close":
        return None
    return ResultWarning(
        "fill_at_close",
        Severity.WARN,
        'Optimistic fills: fill_at="close" trades at the very price that was decided on.',
    )


def _touch_fills(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    if record.config.limit_fill != "touch":
        return None
    return ResultWarning(
        "limit_fill_touch",
        Severity.WARN,
        'Optimistic fills: limit_fill="touch" fills a limit that was only touched, as if first in the queue.',
    )


def _fill_sizes(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    if record.config.size_at != "fill":
        return None
    return ResultWarning(
        "size_at_fill",
        Severity.WARN,
        'Optimistic sizing: size_at="fill" knows the fill price before it decides the quantity.',
    )


def _refused(record: RunRecord, metrics: Metrics) -> Found:
    count, orders = metrics["rejected_orders"] or 0, metrics["orders"] or 0
    if not count or not metrics["trades"]:
        return None
    sentence, most = refusals(record)[0]
    return ResultWarning(
        "rejected_orders",
        Severity.WARN,
        f"{count:,} of {wording.plural(orders, 'order')} refused, most often ({most:,} ×): {sentence}",
    )


def _starved(record: RunRecord, metrics: Metrics) -> Found:  # noqa: ARG001
    """Market orders that the volume never sufficed for: the strategy is larger than its market."""
    orders = record.orders
    working = (orders["ended"] < 0) & (orders["row"] < len(record.timeline) - 1)
    count = int((working & (orders["type"] == _MARKET)).sum())
    if not count:
        return None
    share = f"{formatting.percent(record.config.participation)} of a bar's volume"
    return ResultWarning(
        "starved_orders",
        Severity.WARN,
        f"{wording.plural(count, 'market order')} still not filled at the end: orders may take {share}.",
    )


def _open(record: RunRecord, metrics: Metrics) -> Found:
    held = metrics["open_positions"] or 0
    if not held:
        return None
    gain = formatting.money(metrics["unrealized"], record.config.currency, sign=True)
    return ResultWarning(
        "open_positions",
        Severity.NOTICE,
        f"{wording.plural(held, 'position')} still open at the end, {gain} {record.config.currency} unrealised;"
        " trade statistics leave it out.",
    )


_MARKET = tuple(OrderType).index(OrderType.MARKET)

_RULES: tuple[Callable[[RunRecord, Metrics], Found], ...] = (
    _synthetic,
    _ruined,
    _absurd_sharpe,
    _absurd_growth,
    _no_variation,
    _no_trades,
    _few_trades,
    _short_period,
    _no_costs,
    _close_fills,
    _touch_fills,
    _fill_sizes,
    _refused,
    _starved,
    _open,
)

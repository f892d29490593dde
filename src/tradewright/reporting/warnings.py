"""What a reader must know before believing a result: found once, in a fixed order, each one sentence with numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tradewright.domain.events import Reason
from tradewright.domain.order import OrderStatus, OrderType
from tradewright.reporting import data_doubts, formatting, wording
from tradewright.reporting.doubt import Case, Found, ResultWarning, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.record import RunRecord

__all__ = ["ResultWarning", "Severity", "find_warnings", "refusals"]

FEW_TRADES = 30
FEW_DAYS = 365.0
ABSURD_SHARPE = 5.0
HEAVY_COSTS = 0.5
ABSURD_GROWTH = 10.0
NO_VARIATION = 1e-6
RUINED = 0.01


def find_warnings(case: Case) -> tuple[ResultWarning, ...]:
    """Everything to warn of, gravest kind of doubt first and always in the same order."""
    found = (rule(case) for rule in _RULES)
    doubts = tuple(warning for warning in found if warning is not None)
    return doubts + data_doubts.find(case)


def refusals(record: RunRecord) -> list[tuple[str, int]]:
    """Why orders were refused, as sentences with their counts, the most frequent first."""
    rejected = record.orders["status"] == tuple(OrderStatus).index(OrderStatus.REJECTED)
    numbers, counts = np.unique(record.orders["reason"][rejected].astype(np.int64), return_counts=True)
    order = sorted(zip(-counts, numbers, strict=True))
    return [(Reason(int(number)).sentence or "No reason was recorded.", int(-count)) for count, number in order]


def _synthetic(case: Case) -> Found:
    if not case.record.is_synthetic:
        return None
    names = wording.listed(tuple(key.symbol for key in case.record.data if key.synthetic))
    return ResultWarning(
        "synthetic_data", Severity.WARN, f"The data is SYNTHETIC ({names}): the result says nothing about any market."
    )


def _ruined(case: Case) -> Found:
    lowest = float(case.record.equity[case.record.timeline.first_row :].min(initial=np.inf))
    if lowest > RUINED * case.record.config.cash:
        return None
    shown = formatting.money(lowest, case.record.config.currency)
    return ResultWarning(
        "ruined",
        Severity.FAIL,
        f"Equity fell to {shown} {case.record.config.currency}: the account was ruined"
        f" (total return {formatting.returns(case.metrics['total_return'])}).",
    )


def _absurd_sharpe(case: Case) -> Found:
    sharpe = case.metrics["sharpe"]
    if sharpe is None or abs(sharpe) <= ABSURD_SHARPE:
        return None
    return ResultWarning(
        "absurd_sharpe",
        Severity.FAIL,
        f"A Sharpe of {formatting.ratio(sharpe, case.metrics['sharpe_se'])} is beyond ±{ABSURD_SHARPE:g}:"
        " look for look-ahead, missing costs or a broken price.",
    )


def _absurd_growth(case: Case) -> Found:
    growth = case.metrics["cagr"]
    if growth is None or growth <= ABSURD_GROWTH:
        return None
    return ResultWarning(
        "absurd_growth",
        Severity.FAIL,
        f"A CAGR of {formatting.returns(growth)} is beyond 1,000 % a year: the span is too short to be"
        " annualised, or a price is broken.",
    )


def _no_variation(case: Case) -> Found:
    volatility = case.metrics["volatility"]
    if volatility is None or volatility > NO_VARIATION or case.metrics["fills"] == 0:
        return None
    sessions = len(case.record.timeline.session_closes())
    return ResultWarning(
        "near_zero_variance",
        Severity.FAIL,
        f"Returns hardly vary over {wording.plural(sessions, 'session')}"
        f" (volatility {volatility:.1e} a year): ratios mean nothing.",
    )


def _no_trades(case: Case) -> Found:
    if case.metrics["trades"]:
        return None
    orders = case.metrics["orders"] or 0
    if not orders:
        why = "the strategy placed no order"
    else:
        reasons = "; ".join(f"{count} × {sentence}" for sentence, count in refusals(case.record)[:3])
        why = f"{wording.plural(orders, 'order')} placed" + (f", refused: {reasons}" if reasons else "")
    return ResultWarning("no_trades", Severity.WARN, f"No trade was closed: {why.rstrip('.')}.")


def _few_trades(case: Case) -> Found:
    trades = case.metrics["trades"] or 0
    if not 0 < trades < FEW_TRADES:
        return None
    return ResultWarning(
        "few_trades",
        Severity.WARN,
        f"{wording.plural(trades, 'closed trade')} is a small sample: under {FEW_TRADES},"
        " luck explains most differences.",
    )


def _short_period(case: Case) -> Found:
    days = case.metrics["duration"]
    if days is None or days >= FEW_DAYS - 5:
        return None
    return ResultWarning(
        "short_period",
        Severity.WARN,
        f"The run covers {formatting.duration(days * 86_400)}, less than a year: annual figures are extrapolated.",
    )


def _no_costs(case: Case) -> Found:
    paid = [case.metrics[name] or 0.0 for name in ("commission", "tax", "slippage")]
    if any(paid) or not case.metrics["fills"]:
        return None
    fills = wording.plural(case.metrics["fills"] or 0, "fill")
    return ResultWarning("no_costs", Severity.WARN, f"No costs: {fills} paid no commission, no tax and no slippage.")


def _heavy_costs(case: Case) -> Found:
    share = case.metrics["cost_share"]
    if share is None or share < HEAVY_COSTS:
        return None
    taken = "all of the profit before them and more" if share >= 1 else "most of the profit before them"
    return ResultWarning(
        "heavy_costs",
        Severity.WARN,
        f"Costs take {taken} ({formatting.percent(share)}); break-even is at"
        f" {formatting.bps(case.metrics['break_even_bps'])} of the value traded.",
    )


def _close_fills(case: Case) -> Found:
    if case.record.config.fill_at != "close":
        return None
    return ResultWarning(
        "fill_at_close",
        Severity.WARN,
        'Optimistic fills: fill_at="close" trades at the very price that was decided on.',
    )


def _touch_fills(case: Case) -> Found:
    if case.record.config.limit_fill != "touch":
        return None
    return ResultWarning(
        "limit_fill_touch",
        Severity.WARN,
        'Optimistic fills: limit_fill="touch" fills a limit that was only touched, as if first in the queue.',
    )


def _fill_sizes(case: Case) -> Found:
    if case.record.config.size_at != "fill":
        return None
    return ResultWarning(
        "size_at_fill",
        Severity.WARN,
        'Optimistic sizing: size_at="fill" knows the fill price before it decides the quantity.',
    )


def _refused(case: Case) -> Found:
    count, orders = case.metrics["rejected_orders"] or 0, case.metrics["orders"] or 0
    if not count or not case.metrics["trades"]:
        return None
    sentence, most = refusals(case.record)[0]
    return ResultWarning(
        "rejected_orders",
        Severity.WARN,
        f"{count:,} of {wording.plural(orders, 'order')} refused, most often ({most:,} ×): {sentence}",
    )


def _starved(case: Case) -> Found:
    """Market orders that the volume never sufficed for: the strategy is larger than its market."""
    orders = case.record.orders
    working = (orders["ended"] < 0) & (orders["row"] < len(case.record.timeline) - 1)
    count = int((working & (orders["type"] == _MARKET)).sum())
    if not count:
        return None
    share = f"{formatting.percent(case.record.config.participation)} of a bar's volume"
    return ResultWarning(
        "starved_orders",
        Severity.WARN,
        f"{wording.plural(count, 'market order')} still not filled at the end: orders may take {share}.",
    )


def _open(case: Case) -> Found:
    held = case.metrics["open_positions"] or 0
    if not held:
        return None
    gain = formatting.money(case.metrics["unrealized"], case.record.config.currency, sign=True)
    return ResultWarning(
        "open_positions",
        Severity.NOTICE,
        f"{wording.plural(held, 'position')} still open at the end, {gain} {case.record.config.currency} unrealised;"
        " trade statistics leave it out.",
    )


_MARKET = tuple(OrderType).index(OrderType.MARKET)

_RULES: tuple[Callable[[Case], Found], ...] = (
    _synthetic,
    _ruined,
    _absurd_sharpe,
    _absurd_growth,
    _no_variation,
    _no_trades,
    _few_trades,
    _short_period,
    _no_costs,
    _heavy_costs,
    _close_fills,
    _touch_fills,
    _fill_sizes,
    _refused,
    _starved,
    _open,
)

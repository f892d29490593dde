"""What the report tells beyond the metrics: other costs, worst drawdowns, shares of the result, activity, years."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.builders import Dealt, daily_timeline, minute_timeline, random_walk, round_trips, run_record

import tradewright as tw
from tradewright.domain.events import EventKind
from tradewright.domain.order import OrderRole
from tradewright.domain.record import RunRecord
from tradewright.reporting import curves, derived, drawdowns, shares
from tradewright.reporting.activity import activity
from tradewright.reporting.cost_scenarios import MULTIPLES, scenarios
from tradewright.reporting.findings import examine
from tradewright.reporting.inputs import Inputs

CLOSES = random_walk(400, seed=5)


def record(**changes: Any) -> RunRecord:
    return run_record(CLOSES, round_trips(CLOSES), **changes)


def inputs(of: RunRecord) -> Inputs:
    return examine(of).metrics.inputs


def test_at_the_costs_that_were_paid_the_scenario_is_the_run() -> None:
    run = record()
    as_it_was = scenarios(inputs(run))[MULTIPLES.index(1.0)]
    assert np.array_equal(as_it_was.equity[1:], run.equity)
    assert as_it_was.sharpe == examine(run).metrics["sharpe"]
    assert as_it_was.max_drawdown == examine(run).metrics["max_drawdown"]


def test_a_multiple_takes_that_much_of_commission_tax_and_slippage() -> None:
    run = record()
    metrics = examine(run).metrics
    paid = metrics["commission"] + metrics["tax"] + metrics["slippage"]
    found = {each.multiple: each for each in scenarios(inputs(run))}
    for multiple, each in found.items():
        assert each.costs == pytest.approx(multiple * paid)
        assert each.equity[-1] == pytest.approx(run.equity[-1] - (multiple - 1) * paid)


def test_financing_is_no_cost_of_trading() -> None:
    run = record()
    row = {name: column[-1] for name, column in run.events.items()}
    financed = row | {"kind": EventKind.BORROW, "quantity": -50.0, "fee": 9.0, "tax": 0.0, "slippage": 0.0}
    with_borrow = replace(run, events={name: np.append(run.events[name], value) for name, value in financed.items()})
    assert scenarios(inputs(with_borrow))[-1].costs == pytest.approx(scenarios(inputs(run))[-1].costs)


def test_costs_that_leave_nothing_are_ruin_without_a_sharpe() -> None:
    heavy = [fill._replace(fee=900.0) for fill in round_trips(CLOSES)]
    last = scenarios(inputs(run_record(CLOSES, heavy)))[-1]
    assert last.is_ruined
    assert (last.sharpe, last.sharpe_reason) == (None, "equity is not positive, so returns have no base")


def test_the_worst_drawdowns_come_deepest_first_and_open_ones_have_no_recovery() -> None:
    run = run_record([10.0] * 6, equity=[100.0, 90.0, 100.0, 120.0, 60.0, 90.0], cash=100.0)
    deepest, second = drawdowns.worst(run)
    assert (deepest.depth, deepest.peak, deepest.valley, deepest.recovery) == (-0.5, 4, 5, None)
    assert deepest.days_to_recover is None
    assert (second.depth, second.recovery) == (pytest.approx(-0.1), 3)
    assert second.days_to_recover == pytest.approx(1.0)


def test_the_deepest_drawdown_is_the_metric() -> None:
    run = record()
    assert drawdowns.worst(run)[0].depth == examine(run).metrics["max_drawdown"]
    assert len(drawdowns.worst(run)) <= 10


def test_contributions_of_symbols_add_up_to_the_trades_and_what_is_open() -> None:
    pair = run_record({"ACME": CLOSES, "ZETA": CLOSES, "IDLE": CLOSES},
                      [*round_trips(CLOSES, every=30), Dealt(3, 10, 100.0, book=1)])  # fmt: skip
    found = {share.name: share for share in shares.by_symbol(pair)}
    assert set(found) == {"ACME", "ZETA", "IDLE"}
    assert found["IDLE"].total == 0.0
    assert found["IDLE"].win_rate is None
    assert found["ZETA"].unrealized == pair.open_positions[-1].unrealized
    assert sum(share.net for share in found.values()) == pytest.approx(pair.trades["net"].sum())


def test_symbols_and_account_are_the_net_profit_to_the_last_fee() -> None:
    run = tw.backtest(lambda ctx: None if ctx.has_position() else ctx.buy(10), tw.synthetic_bars(bars=60, seed=2))
    columns = derived.contributions(run.record)
    of_all = columns["contribution"][columns["kind"] != "strategy"]
    assert of_all.sum() == pytest.approx(run.metrics["net_profit"], abs=1e-9)
    # The fee of the entry that is still open belongs to no trade yet.
    assert columns["contribution"][columns["kind"] == "account"] == pytest.approx(-1.0)


def test_contributions_of_strategies_are_told_apart() -> None:
    fills = [Dealt(1, 10, 10.0), Dealt(2, -10, 12.0), Dealt(3, 10, 12.0, book=1), Dealt(4, -10, 9.0, book=1)]
    found = shares.by_strategy(run_record([10.0] * 6, fills, strategies=("One", "Two")))
    assert [(share.name, share.net) for share in found] == [("One", 20.0), ("Two", -30.0)]


def test_a_trade_ends_by_the_role_of_its_order_or_by_its_kind() -> None:
    run = record()
    run.orders["role"][1] = tuple(OrderRole).index(OrderRole.STOP_LOSS)
    found = {share.name: share.trades for share in shares.by_exit(run)}
    assert found["stop loss"] == 1
    assert found["market order"] == len(run.trades["net"]) - 1


def test_tags_group_trades_and_untagged_ones_stay() -> None:
    found = {share.name: share.trades for share in shares.by_tag(record(tags={1: "a", 3: "b", 5: "b"}), "entry")}
    assert (found["a"], found["b"]) == (1, 2)
    assert found["–"] == len(record().trades["net"]) - 3


def test_holding_classes_rise_and_hold_every_trade() -> None:
    run = record()
    run.trades["bars"][:4] = [0, 1, 7, 5_000]
    found = shares.by_holding(run)
    assert sum(share.trades for share in found) == len(run.trades["net"])
    assert [share.name for share in found] == ["0", "1", "6 to 10", "over 1,000"]


def test_turnover_by_month_has_every_month_and_adds_up_to_what_was_traded() -> None:
    run = record()
    found = activity(inputs(run))
    assert found.step == "month"
    assert len(found.spans) == 19
    days = Days(run)
    value = sum(turnover * days.mean_equity(span) for span, turnover in zip(found.spans, found.turnover, strict=True))
    assert value == pytest.approx(examine(run).metrics["traded_value"])


class Days:
    """Mean equity of a month, counted the long way."""

    def __init__(self, run: RunRecord) -> None:
        self.months = run.timeline.sessions.labels.astype("datetime64[D]").astype("datetime64[M]").astype(str)
        self.equity = run.equity

    def mean_equity(self, month: str) -> float:
        return float(self.equity[self.months == month].mean())


def test_a_short_run_counts_turnover_by_day() -> None:
    line = minute_timeline(3)
    found = activity(inputs(run_record(random_walk(len(line)), timeline=line, timeframe="1m")))
    assert (found.step, found.spans) == ("day", ("2020-01-06", "2020-01-07", "2020-01-08"))
    assert found.turnover.tolist() == [0.0, 0.0, 0.0]


def test_years_compare_the_run_with_its_benchmark() -> None:
    run = record()
    table = derived.yearly(run, examine(run).metrics)
    assert table["year"].tolist() == [2020, 2021]
    growth = np.prod(1 + table["benchmark"]) - 1
    assert growth == pytest.approx(examine(run).metrics["benchmark_return"])
    assert np.prod(1 + table["strategy"]) - 1 == pytest.approx(examine(run).metrics["total_return"])
    assert table["difference"] == pytest.approx(table["strategy"] - table["benchmark"])


def test_a_month_that_began_without_equity_has_no_return() -> None:
    equity = np.concatenate((np.full(30, 100.0), np.full(30, -5.0)))
    run = run_record([10.0] * 60, timeline=daily_timeline(60), equity=equity, cash=100.0)
    (year,) = curves.months(run)
    assert year.months[1] == pytest.approx(-1.05)
    assert np.isnan(year.months[2])
    assert year.total == pytest.approx(-1.05)


def test_a_year_that_began_without_equity_has_no_return() -> None:
    equity = np.concatenate((np.full(30, 100.0), np.full(270, -5.0)))
    _, second = curves.months(run_record([10.0] * 300, timeline=daily_timeline(300), equity=equity, cash=100.0))
    assert np.isnan(second.total)

"""The metrics of hand-made runs, computed by hand beside them."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from tests.builders import (
    NO_COSTS,
    Dealt,
    Refused,
    daily_timeline,
    minute_timeline,
    random_walk,
    round_trips,
    run_record,
)

from tradewright.domain.errors import ConfigError, DataError
from tradewright.domain.events import EventKind, Reason
from tradewright.reporting.catalog import BY_KEY, CATALOG
from tradewright.reporting.evidence import Evidence
from tradewright.reporting.measures import MEASURES
from tradewright.reporting.metrics import Metrics, UnknownMetricError

CLOSES = [10.0, 10.0, 11.0, 9.0, 12.0, 12.0]


def curve(*equity: float, cash: float = 100.0, **changes: object) -> Metrics:
    """Metrics of a run with exactly this equity and nothing traded."""
    return Metrics(run_record([10.0] * len(equity), equity=equity, cash=cash, **changes))


def two_trades() -> Metrics:
    """Ten units won 20 - 2, ten units lost 20 + 2 of commission; cash 1,000."""
    fills = [
        Dealt(1, 10, 10.0, 1.0),
        Dealt(2, -10, 12.0, 1.0),
        Dealt(3, 10, 9.0, 1.0, slippage=2.0),
        Dealt(5, -10, 7.0, 1.0),
    ]
    return Metrics(run_record(CLOSES, fills, cash=1_000.0, refused=[Refused(4, 5, Reason.CANNOT_BE_PAID)]))


def test_every_metric_of_the_catalog_is_computed_and_no_other() -> None:
    assert set(MEASURES) == set(BY_KEY) == {info.key for info in CATALOG}


def test_total_return_is_over_the_starting_cash_not_the_first_close() -> None:
    assert curve(90.0, 120.0)["total_return"] == pytest.approx(0.20)


def test_returns_begin_with_the_starting_cash() -> None:
    # 100 → 110 → 99 → 108.9: +10 %, -10 %, +10 %
    metrics = curve(110.0, 99.0, 108.9)
    deviation = math.sqrt((2 * (1 / 15) ** 2 + (2 / 15) ** 2) / 2)
    assert metrics["annual_return"] == pytest.approx(0.1 / 3 * 252)
    assert metrics["volatility"] == pytest.approx(deviation * math.sqrt(252))
    assert metrics["sharpe"] == pytest.approx(0.1 / 3 / deviation * math.sqrt(252))
    assert metrics["omega"] == pytest.approx(2.0)


def test_cagr_counts_the_calendars_sessions() -> None:
    rows = 126
    equity = np.full(rows, 121.0)
    assert curve(*equity)["cagr"] == pytest.approx(1.21**2 - 1)


def test_around_the_clock_markets_have_365_sessions_a_year() -> None:
    record = run_record(
        [10.0] * 73, equity=[110.0] * 73, cash=100.0, timeline=daily_timeline(73, sessions_per_year=365)
    )
    assert Metrics(record)["cagr"] == pytest.approx(1.1**5 - 1)


def test_weekly_bars_are_annualised_with_52_weeks() -> None:
    record = run_record([10.0] * 26, equity=[110.0] * 26, cash=100.0, timeframe="1w")
    assert Metrics(record)["cagr"] == pytest.approx(1.1**2 - 1)


def test_risk_free_is_annual_and_taken_off_every_session() -> None:
    free = Metrics(run_record([10.0] * 3, equity=[110.0, 99.0, 108.9], cash=100.0), risk_free=0.05)
    plain = curve(110.0, 99.0, 108.9)
    expected = plain["sharpe"] - 0.05 / plain["volatility"]
    assert free["sharpe"] == pytest.approx(expected)


def test_drawdown_counts_a_loss_from_the_starting_cash() -> None:
    metrics = curve(80.0, 100.0, 110.0, 99.0, 110.0)
    assert metrics["max_drawdown"] == pytest.approx(-0.20)
    assert metrics["avg_drawdown"] == pytest.approx(-0.15)
    assert metrics["calmar"] == pytest.approx(metrics["cagr"] / 0.20)


def test_drawdown_lasts_from_the_peak_to_the_close_that_regains_it() -> None:
    # Monday's close is the peak, Thursday's regains it; Friday falls and never recovers.
    metrics = curve(110.0, 100.0, 105.0, 110.0, 100.0)
    assert metrics["max_drawdown_duration"] == pytest.approx(3.0)
    assert metrics["avg_drawdown_duration"] == pytest.approx(2.0)


def test_intraday_drawdown_is_of_every_bar_and_returns_of_session_closes() -> None:
    line = minute_timeline(2, 3)
    record = run_record([10.0] * 6, equity=[100, 50, 110, 110, 60, 99], cash=100.0, timeline=line, timeframe="1m")
    metrics = Metrics(record)
    assert metrics["max_drawdown"] == pytest.approx(-0.5)
    assert metrics["annual_return"] == pytest.approx((0.1 - 0.1) / 2 * 252, abs=1e-12)


def test_rows_that_only_warmed_up_are_left_out() -> None:
    line = daily_timeline(5, first_row=3)
    record = run_record([10.0] * 5, equity=[100, 100, 100, 90, 120], cash=100.0, timeline=line)
    metrics = Metrics(record)
    assert metrics["max_drawdown"] == pytest.approx(-0.1)
    assert metrics["cagr"] == pytest.approx(1.2**126 - 1)


def test_trade_statistics_are_after_costs() -> None:
    metrics = two_trades()
    assert metrics["trades"] == 2
    assert metrics["win_rate"] == 0.5
    assert metrics["avg_win"] == pytest.approx(18.0)
    assert metrics["avg_loss"] == pytest.approx(-22.0)
    assert metrics["profit_factor"] == pytest.approx(18 / 22)
    assert metrics["profit_factor_returns"] == pytest.approx((18 / 100) / (22 / 90))
    assert metrics["expectancy"] == pytest.approx(-2.0)
    assert metrics["best_trade"] == pytest.approx(0.18)
    assert metrics["worst_trade"] == pytest.approx(-22 / 90)
    assert metrics["avg_bars_held"] == 1.5
    assert metrics["sqn"] == pytest.approx(math.sqrt(2) * -2 / math.sqrt(800))


def test_named_money_adds_up_to_the_change_of_equity() -> None:
    metrics = two_trades()
    assert metrics["net_profit"] == pytest.approx(metrics["realized"] + metrics["unrealized"] - metrics["total_costs"])
    assert metrics["net_profit"] == pytest.approx(-4.0)


def test_costs_are_split_and_slippage_is_a_memo() -> None:
    metrics = two_trades()
    assert (metrics["commission"], metrics["tax"], metrics["financing"], metrics["slippage"]) == (4.0, 0.0, 0.0, 2.0)
    assert metrics["total_costs"] == 4.0
    # 10 × (10 + 12 + 9 + 7) traded; the result before trading costs is -4 + 4 + 2.
    assert metrics["traded_value"] == pytest.approx(380.0)
    assert metrics["break_even_bps"] == pytest.approx(2 / 380 * 1e4)
    assert metrics["cost_share"] == pytest.approx(3.0)


def test_financing_is_what_was_paid_less_what_was_received() -> None:
    record = run_record(CLOSES, [Dealt(1, 10, 10.0)], cash=1_000.0)
    for kind, received in ((EventKind.DIVIDEND, 5.0), (EventKind.BORROW, -2.0)):
        for name, column in record.events.items():
            value = {"kind": float(kind), "quantity": received}.get(name, column[-1])
            record.events[name] = np.append(column, value)
    metrics = Metrics(record)
    assert metrics["financing"] == pytest.approx(-3.0)
    assert metrics["traded_value"] == pytest.approx(100.0)


def test_exposure_counts_every_bar_with_a_position_at_any_time() -> None:
    # Held from row 1 to the open of row 2, and from row 3 to the open of row 5: rows 1, 2, 3, 4, 5 of 6.
    metrics = two_trades()
    assert metrics["exposure"] == pytest.approx(5 / 6)
    assert metrics["rejected_orders"] == 1
    assert metrics["orders"] == 5
    assert metrics["fills"] == 4


def test_turnover_is_what_was_bought_and_sold_over_mean_equity_a_year() -> None:
    metrics = two_trades()
    record_equity = [1000.0, 999.0, 1018.0, 1017.0, 1047.0, 996.0]
    assert metrics["turnover"] == pytest.approx(380.0 / np.mean(record_equity) * 252 / 6)


def test_the_benchmark_of_one_symbol_is_holding_it_from_the_first_close() -> None:
    metrics = two_trades()
    assert metrics["benchmark_return"] == pytest.approx(0.2)


def test_a_run_that_holds_its_symbol_has_beta_one_and_no_alpha() -> None:
    closes = random_walk(60, seed=3)
    record = run_record(closes, equity=closes / closes[0] * 1_000.0, cash=1_000.0)
    metrics = Metrics(record)
    assert metrics["beta"] == pytest.approx(1.0)
    assert metrics["alpha"] == pytest.approx(0.0, abs=1e-12)
    assert metrics["information_ratio"] is None


def test_several_symbols_have_no_benchmark_unless_one_is_given() -> None:
    record = run_record({"ACME": CLOSES, "ZETA": CLOSES})
    metrics = Metrics(record)
    assert metrics["beta"] is None
    assert metrics.reason("beta") == "the run has several symbols and no benchmark was given"
    assert Metrics(record, benchmark=np.array(CLOSES))["benchmark_return"] == pytest.approx(0.2)


def test_a_benchmark_of_another_length_is_refused() -> None:
    with pytest.raises(DataError, match="3 values for the 6 session closes"):
        Metrics(run_record(CLOSES), benchmark=np.array([1.0, 2.0, 3.0]))


def test_deflated_sharpe_needs_a_search() -> None:
    record = run_record(random_walk(300), round_trips(random_walk(300)))
    assert Metrics(record).reason("deflated_sharpe") == "not part of a search"
    one = Metrics(record, evidence=Evidence(trials=1, trials_variance=0.01))
    assert one["deflated_sharpe"] == pytest.approx(one["psr"])
    many = Metrics(record, evidence=Evidence(trials=500, trials_variance=0.01))
    assert many["deflated_sharpe"] < many["psr"]


def test_a_run_without_trades_has_reasons_not_zeros() -> None:
    metrics = curve(100.0, 100.0, 100.0)
    assert metrics["trades"] == 0
    for key in ("win_rate", "profit_factor", "sqn", "best_trade", "avg_bars_held", "expectancy"):
        assert metrics[key] is None
        assert metrics.reason(key)
    assert metrics["sharpe"] is None
    assert metrics["max_drawdown"] == 0.0
    assert metrics["avg_drawdown"] is None


def test_a_ruined_account_has_no_sharpe_but_a_total_return() -> None:
    metrics = curve(50.0, -10.0, -20.0)
    assert metrics["total_return"] == pytest.approx(-1.2)
    assert metrics["sharpe"] is None
    assert metrics["cagr"] is None


def test_no_metric_is_ever_infinite_or_nan() -> None:
    records = [run_record([10.0]), run_record(CLOSES, [Dealt(1, 1, 10.0)]), run_record([10.0] * 3, costs=NO_COSTS)]
    for record in records:
        for key, value in Metrics(record).items():
            assert value is None or math.isfinite(value), key
            assert (value is None) == (Metrics(record).reason(key) is not None), key


def test_an_unknown_key_names_the_nearest_and_is_a_key_error() -> None:
    metrics = two_trades()
    with pytest.raises(UnknownMetricError, match="Did you mean 'sharpe'"):
        metrics["sharp"]
    assert metrics.get("nothing", 3) == 3
    assert "nothing" not in metrics
    assert issubclass(UnknownMetricError, ConfigError)


def test_answers_do_not_depend_on_the_order_of_questions() -> None:
    record = run_record(random_walk(200), round_trips(random_walk(200)))
    forward, backward = Metrics(record), Metrics(record)
    assert {key: forward[key] for key in forward} == {key: backward[key] for key in reversed(list(backward))}


@pytest.mark.slow
def test_a_million_bars_and_twenty_thousand_trades_take_milliseconds() -> None:
    line = minute_timeline(2_565)
    closes = random_walk(len(line), spread=0.0005)
    record = run_record(closes, round_trips(closes, every=50), timeline=line, timeframe="1m")
    taken = []
    for _ in range(3):
        begun = time.process_time()
        dict(Metrics(record))
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.3  # ten times what it takes on a quiet machine


def test_every_metric_says_its_unit_and_convention() -> None:
    metrics = two_trades()
    assert metrics.unit("max_drawdown") == "fraction, a change"
    assert "starting cash" in metrics.convention("max_drawdown")
    assert repr(metrics).startswith("<Metrics: ")

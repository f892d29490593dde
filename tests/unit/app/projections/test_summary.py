"""What trading came to is added up by mode and currency, and what is undefined says why."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from tradewright.app.projections.summary import Period, ratios_of, summaries
from tradewright.domain.control.trading import SessionDay, SessionFact
from tradewright.quant.ratios import sharpe, sortino

S = 1_000_000_000
TODAY = 20_600
NOW = TODAY * 86_400 * S + 50_000 * S


def session(name="alpha", mode="paper", currency="USD", *, calendar="XNYS", why="", **standing):
    said = {"measured_ns": NOW - 2 * S, **standing} if standing else None
    about = {"instruments": [{"symbol": "ACME", "multiplier": 2.0, "calendar": calendar}]}
    measured = None if said is None else said["measured_ns"]
    return SessionFact(name, 1, mode, "simulated", "sandbox", "DU1", "1m", currency, False, ("Cross",), ("ACME",),
                       about, said, 1, measured, measured, why)  # fmt: skip


def day(back, began, equity, name="alpha", **counts):
    return SessionDay(name, TODAY - back, NOW, began, equity, **counts)


def only(sessions, days, period=Period.ALL):
    (found,) = summaries(sessions, days, period, NOW)
    return found


def test_modes_and_currencies_are_never_added_up():
    sessions = [session("a"), session("b", "live"), session("c", currency="EUR"), session("d")]
    found = summaries(sessions, [day(0, 100.0, 110.0, each) for each in "abcd"], Period.ALL, NOW)
    assert [(*each.group, each.values["pnl"], each.sessions) for each in found] == [
        ("live", "USD", 10.0, 1), ("paper", "EUR", 10.0, 1), ("paper", "USD", 20.0, 2),
    ]  # fmt: skip


def test_money_that_a_new_session_brings_is_no_gain():
    days = [day(1, 100.0, 110.0), day(0, 110.0, 110.0), day(0, 1000.0, 1000.0, "beta")]
    found = only([session(), session("beta")], days)
    assert [each.gain for each in found.points] == [10.0, 0.0]
    assert found.values["return"] == pytest.approx(0.1)
    assert found.points[-1].equity == 1110.0


def test_ratios_are_those_of_the_daily_returns():
    equity = [100.0, 110.0, 99.0, 105.0]
    days = [
        day(3 - at, before, after) for at, (before, after) in enumerate(zip([100.0, *equity], equity, strict=False))
    ]
    found = only([session()], days)
    returns = np.array([0.0, 0.1, -0.1, 105 / 99 - 1])
    assert found.values["sharpe"] == pytest.approx(sharpe(returns, 252))
    assert found.values["sortino"] == pytest.approx(sortino(returns, 252))
    assert (found.values["max_drawdown"], found.values["drawdown"]) == pytest.approx((0.1, 1 - 105 / 110))
    assert (found.values["day_pnl"], found.values["day_return"]) == pytest.approx((6.0, 105 / 99 - 1))


def test_markets_that_never_close_have_more_days_in_a_year():
    days = [day(2, 100.0, 101.0), day(1, 101.0, 100.0), day(0, 100.0, 103.0)]
    some, every = (only([session(calendar=each)], days).values["sharpe"] for each in ("XNYS", "24/7"))
    assert every / some == pytest.approx(math.sqrt(365 / 252))


def test_what_is_undefined_says_why():
    found = only([session()], [day(0, 100.0, 100.0)])
    missing = {key for key, value in found.values.items() if value is None}
    assert missing == set(found.reasons)
    assert {"equity", "sharpe", "sortino", "win_rate", "fill_rate", "feed_age_s"} <= missing
    assert found.reasons["win_rate"] == "No trade was closed."
    assert found.reasons["equity"] == "No session of this mode and currency runs."
    assert found.values["max_drawdown"] == 0.0


def test_a_session_that_its_record_does_not_value_has_counts_but_no_returns():
    found = only([session()], [day(0, None, None, placed=3, filled=1, unfilled=1, traded=5.0)])
    assert (found.values["orders"], found.values["fill_rate"]) == (3.0, 0.5)
    assert (found.values["pnl"], found.values["turnover"]) == (None, None)
    assert found.reasons["pnl"] == "No session was valued within the period."


def test_what_stands_is_what_running_sessions_said_last():
    feed = {"last_close_ns": NOW - 30 * S}
    held = [{"symbol": "ACME", "quantity": -5.0, "mark": 10.0}, {"symbol": "ACME", "quantity": 0.0, "mark": 1.0}]
    one = session("a", equity=90.0, positions=held, orders=[{}], feed=feed, latency_ms={"p50": 1.0, "p99": 9.0})
    two = session("b", equity=10.0, feed={"last_close_ns": NOW - 5 * S}, latency_ms={"p50": 2.0, "p99": None})
    over = session("c", equity=1000.0, why="End of the day")
    silent = session("d", equity=1000.0, measured_ns=NOW - 60 * S)
    found = only([one, two, over, silent], [])
    said = {key: value for key, value in found.values.items() if value is not None}
    assert said == {
        "equity": 100.0, "exposure": 100.0, "open_positions": 1.0, "open_orders": 1.0, "order_latency_p50_ms": 2.0,
        "order_latency_p99_ms": 9.0, "feed_age_s": 30.0, "orders": 0.0, "trades": 0.0,
    }  # fmt: skip
    assert (found.running, found.sessions, found.day) == (2, 0, None)


def test_of_a_day_only_the_latest_session_date_counts():
    days = [day(3, 100.0, 120.0, placed=1), day(2, 120.0, 110.0, placed=1)]
    found = only([session()], days, Period.DAY)
    assert (found.day, found.values["pnl"], found.values["orders"]) == (TODAY - 2, -10.0, 1.0)


@pytest.mark.parametrize(("period", "back"), [("1w", 6), ("1m", 29), ("3m", 88), ("1y", 364)])
def test_a_period_ends_today(period, back):
    """The day is the 27th of May 2026."""
    first = Period(period).first_day(NOW)
    assert TODAY - first == back
    assert [each.sessions for each in summaries([session()], [day(back, 1, 1)], Period(period), NOW)] == [1]
    assert [each.sessions for each in summaries([session()], [day(back + 1, 1, 1)], Period(period), NOW)] == [0]


def test_the_ratios_of_one_session_are_those_of_its_days():
    days = [day(2, 100.0, 110.0), day(1, 110.0, 99.0), day(0, 99.0, 105.0)]
    rows = SimpleNamespace(days=lambda first, session: days, named=lambda _: [session()])
    both = only([session()], days).values
    assert ratios_of(rows, "alpha") == (both["sharpe"], both["sortino"])
    assert ratios_of(SimpleNamespace(days=lambda first, session: [], named=lambda _: []), "none") == (None, None)

"""What a session did is counted as its record grows, and what is not known is not shown as zero."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tradewright.adapters.metrics.memory import HeldMetrics
from tradewright.app.metering.house import HouseMeter
from tradewright.app.metering.tally import SessionTally
from tradewright.domain import gauges
from tradewright.domain.control.jobs import JobKind, JobState
from tradewright.domain.control.readings import DiskReading, SessionReading
from tradewright.domain.live.session import Happened, Placed, Row

S = 1_000_000_000
NOW = 1000 * S


class Log:
    """A record that grows."""

    def __init__(self):
        self.rows = []

    def add(self, *outputs):
        self.rows.append((Row(0, len(self.rows) * S, (), 0, ()), outputs))

    def entries(self, after=0):
        for number, (given, outputs) in enumerate(self.rows[after:], after + 1):
            yield number, given, outputs


def placed(number):
    return Placed(number, 0, "ACME", 1, 10.0, "market", "day")


def fill(number, quantity, price, fee=0.0):
    return Happened("fill", number, 0, "ACME", quantity, price, fee)


def counted(*rows):
    log, tally = Log(), SessionTally()
    for outputs in rows:
        log.add(*outputs)
    tally.advance(log)
    return tally


def test_nothing_is_known_of_a_session_that_did_nothing():
    tally = counted((), ())
    assert (tally.fill_rate, tally.win_rate, tally.traded) == (None, None, 0.0)


def test_orders_with_a_fill_are_counted_among_those_that_ended():
    ended = Happened("cancelled", 2, 0, "ACME", 5.0, 0.0, 0.0)
    tally = counted((placed(1), placed(2), placed(3)), (fill(1, 4, 10), fill(1, 6, 10)), (ended,))
    assert tally.fill_rate == 0.5


def test_an_order_that_filled_in_part_and_was_cancelled_filled():
    tally = counted((fill(1, 4, 10), Happened("cancelled", 1, 0, "ACME", 6.0, 0.0, 0.0)))
    assert tally.fill_rate == 1.0


def test_a_trade_is_won_when_it_gains_after_fees():
    won = [fill(1, 10, 100.0), fill(2, -10, 101.0)]
    lost_by_fees = [fill(3, 10, 100.0, 6.0), fill(4, -10, 101.0, 6.0)]
    tally = counted(won, lost_by_fees)
    assert (tally.trades, tally.won, tally.win_rate) == (2, 1, 0.5)


def test_a_short_trade_gains_when_the_price_falls():
    assert counted([fill(1, -10, 100.0), fill(2, 10, 99.0)]).win_rate == 1.0


def test_a_position_in_parts_is_one_trade_at_its_average():
    """Bought at 100 and 110, so at 105; sold at 104 and 107: a gain of -1 and +2 on ten each."""
    tally = counted([fill(1, 10, 100.0), fill(2, 10, 110.0), fill(3, -10, 104.0)], [fill(4, -10, 107.0)])
    assert (tally.trades, tally.won) == (1, 1)


def test_a_position_that_turns_over_closes_one_trade_and_opens_another():
    tally = counted([fill(1, 10, 100.0), fill(2, -20, 101.0), fill(3, 10, 102.0)])
    assert (tally.trades, tally.won) == (2, 1)


def test_what_was_traded_is_the_value_of_all_fills():
    assert counted([fill(1, 10, 100.0), fill(2, -10, 101.0)]).traded == 2010.0


def test_a_record_is_read_on_from_where_it_was_left():
    log, tally = Log(), SessionTally()
    log.add(placed(1))
    tally.advance(log)
    log.add()
    tally.advance(log)
    # The last input was not answered yet when it was read; now it is.
    log.rows[-1] = (log.rows[-1][0], (placed(2),))
    tally.advance(log)
    tally.advance(log)
    assert len(tally.placed_ns) == 2
    assert tally.placed_since(1 * S) == 1


def test_rows_without_an_order_are_not_read_again_and_again():
    log, tally = Log(), SessionTally()
    for _ in range(100):
        log.add()
    tally.advance(log)
    assert tally.read == 99


# ---------------------------------------------------------------- gauges


def session(**said):
    feed = {
        "is_connected": True, "is_behind": False, "reconnects": 2, "last_close_ns": NOW - 30 * S,
        "availability": {"able_s": 99.0, "market_s": 100.0},
    }  # fmt: skip
    standing = {
        "state": "running", "equity": 99_000.0, "orders": [1, 2], "measured_ns": NOW - 3 * S, "feed": feed,
        "latency_ms": {"p50": 2.0, "p99": None}, **said,
    }  # fmt: skip
    return SessionReading("alpha", {"mode": "live", "policies": {"cash": 100_000.0}}, standing, is_alive=True)


@pytest.fixture
def metrics():
    return HeldMetrics()


def read(metrics, gauge, **labels):
    return metrics.value(gauge, session="alpha", mode="live", **labels)


def meter(metrics, *sessions, **parts):
    return HouseMeter(metrics, lambda: list(sessions), lambda _: counted([fill(1, 10, 100.0)]), **parts)


def test_a_session_is_shown_by_name_and_mode(metrics):
    meter(metrics, session()).refresh(NOW)
    assert read(metrics, gauges.PNL) == -1000.0
    assert read(metrics, gauges.DRAWDOWN) == pytest.approx(0.01)
    assert read(metrics, gauges.TURNOVER) == 0.01
    assert read(metrics, gauges.FILL_RATE) == 1.0
    assert read(metrics, gauges.WIN_RATE) is None
    assert read(metrics, gauges.OPEN_ORDERS) == 2
    assert read(metrics, gauges.MEASURED_AGE) == 3.0
    assert read(metrics, gauges.FEED_AGE) == 30.0
    assert read(metrics, gauges.FEED_AVAILABILITY) == 0.99
    assert read(metrics, gauges.ORDER_LATENCY, quantile="0.5") == 0.002
    assert read(metrics, gauges.ORDER_LATENCY, quantile="0.99") is None
    assert read(metrics, gauges.LATCHED) is None


def test_the_largest_drawdown_stays(metrics):
    equities = iter((100_000.0, 110_000.0, 99_000.0, 110_000.0))
    each = HouseMeter(metrics, lambda: [session(equity=next(equities))], lambda _: SessionTally())
    for _ in range(4):
        each.refresh(NOW)
    assert read(metrics, gauges.MAX_DRAWDOWN) == pytest.approx(0.1)
    assert read(metrics, gauges.DRAWDOWN) == 0.0


def test_how_an_account_stands_is_one_or_zero(metrics):
    account = {"unknown_orders": 2, "is_latched": True, "is_paused": False, "is_halted": False}
    meter(metrics, session(account=account)).refresh(NOW)
    assert (read(metrics, gauges.LATCHED), read(metrics, gauges.PAUSED)) == (1.0, 0.0)
    assert read(metrics, gauges.UNKNOWN_ORDERS) == 2


def test_a_session_that_is_over_is_shown_no_longer(metrics):
    meter(metrics, session()).refresh(NOW)
    meter(metrics, session(state="ended")).refresh(NOW)
    assert read(metrics, gauges.PNL) is None
    assert read(metrics, gauges.FEED_AGE) is None


def test_jobs_are_shown_by_kind_and_state_and_zero_is_a_number(metrics):
    def page(query, piece):
        is_it = (query.kinds, query.states) == ({JobKind.BACKTEST}, {JobState.QUEUED})
        return SimpleNamespace(total=3 if is_it else 0, items=[])

    meter(metrics, jobs=SimpleNamespace(page=page)).refresh(NOW)
    assert metrics.value(gauges.JOBS, kind="backtest", state="queued") == 3
    assert metrics.value(gauges.JOBS, kind="live", state="failed") == 0


def test_the_disk_with_the_least_left_is_shown(metrics):
    meter(metrics, disks=lambda: [DiskReading("a", 7, 9), DiskReading("b", 5, 9)]).refresh(NOW)
    assert metrics.value(gauges.DISK_FREE) == 5

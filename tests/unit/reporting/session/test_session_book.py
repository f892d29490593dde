"""What a session came to is read off its record: the same money as its engine's, and each order's steps."""

from __future__ import annotations

import numpy as np
import pytest
from tests.live_rows import history_before, rows_from
from tests.markets import daily

from tradewright.domain.live.session import Ended, Filled, Placed, Standing
from tradewright.domain.timeframe import NS_PER_DAY
from tradewright.engine.live.session import BROKER, SIMULATED, SessionEngine
from tradewright.engine.plan import RunPlan
from tradewright.reporting.series import Window
from tradewright.reporting.session.book import SessionBook, book_of
from tradewright.reporting.session.curves import course_of, drawn_courses, drawn_session
from tradewright.reporting.session.figures import session_figures
from tradewright.risk.limits import Limits
from tradewright.simulation.costs import Costs, Margin, PerTrade
from tradewright.strategy.adapt import as_strategy

PRICES = (100.0, 101.0, 99.0, 103.0, 108.0, 104.0, 97.0, 99.0, 105.0, 111.0, 109.0, 112.0)
TARGETS = {103.0: 20.0, 104.0: 5.0, 97.0: -15.0, 105.0: 10.0, 111.0: 0.0}
ABOUT = {"fills": "simulated", "instruments": [{"symbol": "ACME"}], "policies": {"cash": 10_000.0}}


def turns(ctx):
    """Long, flat, short, flat, in turn."""
    if ctx.close() in TARGETS:
        ctx.target_quantity(TARGETS[ctx.close()])


def worked(filling=SIMULATED, script=turns, **costs) -> tuple[SessionEngine, SessionBook, list[float]]:
    """An engine after all its rows, the book of its record, and the equity that the engine had after each row."""
    series = {"ACME": daily(PRICES)}
    before = history_before(series, 3)
    assert before is not None
    plan = RunPlan(
        [as_strategy(script, None)], before, costs=Costs(slippage_bps=10, commission=PerTrade(1.0), **costs),
        cash=10_000.0, margin=Margin(), limits=Limits.of("none"),
    )  # fmt: skip
    fills = "simulated" if filling is SIMULATED else "venue"
    policies = {**ABOUT["policies"], "costs": costs}
    engine, book = SessionEngine(plan, filling), book_of({**ABOUT, "fills": fills, "policies": policies})
    seen = []
    for row in rows_from(series, 3):
        book.take(row, engine.take(row))
        seen.append(engine.standings().equity)
    return engine, book, seen


@pytest.mark.parametrize("taxes", [{}, {"tax_buy": 0.002, "tax_sell": 0.005}], ids=["no tax", "taxes"])
def test_the_money_of_every_row_is_that_of_the_engine(taxes) -> None:
    _, book, seen = worked(**taxes)
    assert len(book.orders.executions) >= 4
    np.testing.assert_allclose([row.equity for row in book.money], seen, rtol=0, atol=1e-8)


def test_the_figures_add_up_to_what_was_measured() -> None:
    engine, book, _ = worked()
    measured = engine.standings().equity - 3.5
    told = session_figures(book, measured)
    assert told.start + told.realised + told.unrealised - told.costs == pytest.approx(measured)
    assert told.costs == pytest.approx(book.purse.costs + 3.5)
    realised = sum(each[5] for each in engine.standings().positions)
    assert told.realised == pytest.approx(realised)


def test_the_change_of_the_day_counts_from_the_session_before() -> None:
    _, book, seen = worked()
    told = session_figures(book, None)
    assert told.day == pytest.approx(seen[-1] - seen[-2])
    assert told.drawdown == pytest.approx(seen[-1] / max(10_000.0, *seen) - 1.0)


def test_a_row_before_the_first_decision_has_no_money() -> None:
    _, book, _ = worked()
    early = book_of(ABOUT)
    assert session_figures(early, None).day is None
    assert session_figures(early, None).drawdown is None
    assert not np.isnan(book.money[0].equity)


def test_simulated_orders_are_acknowledged_as_they_are_decided_and_slip_as_assumed() -> None:
    _, book, _ = worked()
    first = next(iter(book.orders.tickets.values()))
    assert (first.status, first.acknowledged_ns) == ("filled", first.decided_ns)
    assert first.filled == first.placed.quantity
    assert first.ended_ns is not None
    assert first.ended_ns > first.decided_ns


def test_an_order_at_a_venue_is_sent_then_acknowledged_then_filled() -> None:
    def once(ctx):
        if not ctx.has_position() and not ctx.open_orders():
            ctx.buy(10)

    engine, book, _ = worked(BROKER, once)
    (ticket,) = book.orders.tickets.values()
    assert (ticket.status, ticket.acknowledged_ns, ticket.is_open) == ("sent", None, True)
    for given, status in (
        (Standing(1, "unknown", 50), "unknown"),
        (Standing(1, "submitted", 60), "acknowledged"),
        (Filled(1, 4.0, 100.0, 0.5, 70, "f1", half_spread=0.05), "acknowledged"),
        (Filled(1, 6.0, 110.0, 0.5, 80, "f2", half_spread=0.05), "filled"),
        (Standing(1, "submitted", 90), "filled"),
    ):
        book.take(given, engine.take(given))
        assert book.orders.tickets[1].status == status
    done = book.orders.tickets[1]
    assert (done.acknowledged_ns, done.ended_ns, done.average) == (60, 80, pytest.approx(106.0))
    assert [each.slippage for each in book.orders.executions] == [
        pytest.approx(100.0 / done.reference - 1.0), pytest.approx(110.0 / done.reference - 1.0),
    ]  # fmt: skip
    assert [each.spread for each in book.orders.executions] == [pytest.approx(0.05 / 100), pytest.approx(0.05 / 110)]
    assert done.spread == pytest.approx(0.05 / 106)
    # Each fill counts by what it traded: two times a half spread over four and six units.
    assert session_figures(book, None).spread == pytest.approx(0.05 * 10 / 1060)


def test_an_order_that_the_venue_refuses_keeps_its_reason() -> None:
    engine, book, _ = worked(BROKER, lambda ctx: ctx.buy(10) if not ctx.open_orders() else None)
    given = Ended(1, "rejected", "No such market.", 99)
    book.take(given, engine.take(given))
    ended = book.orders.tickets[1]
    assert (ended.status, ended.reason, ended.ended_ns) == ("rejected", "No such market.", 99)


def test_a_copy_goes_on_without_its_original() -> None:
    _, book, _ = worked()
    before = (len(book.money), book.purse.realised, dict(book.orders.tickets))
    copy = book.copy()
    copy.take(Standing(99, "submitted", 1), (Placed(99, 0, "ACME", 1, 1.0, "market", "day"),))
    copy.purse.realised += 5.0
    assert (len(book.money), book.purse.realised, book.orders.tickets) == before


def test_curves_are_the_rows_and_the_drawdown_never_rises_above_nought() -> None:
    _, book, seen = worked()
    drawn = drawn_session(book, ["equity", "drawdown", "bars"], NS_PER_DAY, Window(1000))
    np.testing.assert_allclose(drawn.lines["equity"].last, seen)
    assert drawn.lines["drawdown"].last.max() <= 0.0
    assert drawn.bars is not None
    np.testing.assert_allclose(drawn.bars["close"], PRICES[3:])


def test_what_several_sessions_are_worth_ends_at_what_they_are_worth_now() -> None:
    _, book, seen = worked()
    course = course_of(book)
    late = course._replace(times=course.times[4:], earned=course.earned[4:])
    drawn = drawn_courses({"PAPER": (50_000.0, [course, late])}, 1, Window(1000))
    line = drawn.lines["PAPER"].last
    assert line[-1] == pytest.approx(50_000.0)
    earned = np.array(seen) - 10_000.0
    assert line[0] == pytest.approx(50_000.0 - 2 * earned[-1] + earned[0])

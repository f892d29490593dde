"""Closed trades and open lots from the event log."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from tests.exchange_harness import Floor

from tradewright.domain.events import EventKind
from tradewright.domain.portfolio import FillPhase, Lot
from tradewright.domain.record import EVENT_COLUMNS, TRADE_COLUMNS
from tradewright.simulation.costs import Costs, Margin, PerTrade
from tradewright.simulation.rules import constants as c
from tradewright.simulation.trades import Tape, open_basis, open_lots, pair_trades

PHASE = {phase: float(number) for number, phase in enumerate(FillPhase)}
OPEN, INSIDE, CLOSE = PHASE[FillPhase.OPEN], PHASE[FillPhase.LIMIT], PHASE[FillPhase.CLOSE]
NAN = np.nan


class Log:
    """An event table written by hand; positions follow from the quantities."""

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []
        self.held: dict[int, float] = {}

    def add(self, kind: EventKind, row: int, quantity: float, price: float = 0.0, book: int = 0, **more: float) -> Log:
        if kind is EventKind.SPLIT:
            self.held[book] = self.held.get(book, 0.0) * quantity
        elif kind in {EventKind.FILL, EventKind.EXPIRY, EventKind.CASH_IN_LIEU}:
            self.held[book] = self.held.get(book, 0.0) + quantity
        values = {"kind": float(kind), "row": row, "book": book, "quantity": quantity, "price": price, "fx": 1.0}
        self.rows.append({**values, "position": self.held.get(book, 0.0), **more})
        return self

    def fill(self, row: int, quantity: float, price: float, **more: float) -> Log:
        """A fill at the open unless a phase is named; its order number is its place among the events."""
        return self.add(EventKind.FILL, row, quantity, price, **{"order_id": len(self.rows) + 1, **more})

    @property
    def table(self) -> dict[str, np.ndarray]:
        return {name: np.array([row.get(name, 0.0) for row in self.rows], np.float64) for name in EVENT_COLUMNS}


def tape(
    high: Sequence[float], low: Sequence[float], close: Sequence[float] | None = None, multiplier: float = 1.0
) -> Tape:
    """One symbol; row `j` opens at 100 j and closes at 100 j + 60."""
    opens = np.arange(len(high), dtype=np.int64) * 100
    middle = [(top + bottom) / 2 for top, bottom in zip(high, low, strict=True)] if close is None else close
    columns = [[np.array(column, np.float64)] for column in (high, low, middle)]
    return Tape(opens, opens + 60, *columns, [multiplier])


LEVEL = tape([10.0] * 8, [10.0] * 8)


def trades(log: Log, bars: Tape = LEVEL, method: str = "fifo") -> list[dict[str, float]]:
    """The trades as rows."""
    table = pair_trades(log.table, bars, method)
    return [{name: column[place].item() for name, column in table.items()} for place in range(len(table["net"]))]


class TestPairing:
    def test_columns_are_those_of_the_record(self) -> None:
        assert tuple(pair_trades(Log().table, LEVEL)) == TRADE_COLUMNS

    def test_no_events_no_trades(self) -> None:
        assert trades(Log()) == []
        assert open_lots(Log().table, LEVEL) == {}

    def test_long_round_trip(self) -> None:
        log = Log().fill(1, 100, 10, fee=1.0, slippage=2.0).fill(4, -100, 12, fee=3.0, tax=4.0, slippage=0.5)
        (trade,) = trades(log)
        assert trade == {
            "book": 0, "side": 1, "quantity": 100, "entry_row": 1, "exit_row": 4, "entry_time": 100, "exit_time": 400,
            "entry_price": 10, "exit_price": 12, "entry_order": 1, "exit_order": 2, "gross": 200, "commission": 4,
            "tax": 4, "financing": 0, "slippage": 2.5, "net": 192, "return": 0.192, "mae": 0, "mfe": pytest.approx(0.2),
            "bars": 3,
        }  # fmt: skip

    def test_short_round_trip_gains_as_the_price_falls(self) -> None:
        (trade,) = trades(Log().fill(1, -100, 10).fill(2, 100, 8))
        assert (trade["side"], trade["gross"], trade["return"]) == (-1, 200, 0.2)

    def test_turning_fill_closes_one_trade_and_opens_the_next_sharing_its_costs(self) -> None:
        log = Log().fill(0, 100, 10).fill(1, -150, 12, fee=3.0).fill(2, 50, 11, fee=1.0)
        first, second = trades(log)
        assert (first["side"], first["quantity"], first["gross"], first["commission"]) == (1, 100, 200, 2)
        assert (second["side"], second["quantity"], second["gross"], second["commission"]) == (-1, 50, 50, 2)
        assert (first["exit_order"], second["entry_order"]) == (2, 2)

    def test_first_in_is_first_out(self) -> None:
        log = Log().fill(0, 100, 10, fee=1.0).fill(1, 50, 11).fill(2, -120, 12, fee=1.2).fill(3, -30, 13)
        rows = [(t["quantity"], t["entry_price"], t["exit_price"], t["commission"]) for t in trades(log)]
        assert rows == [(100, 10, 12, 2.0), (20, 11, 12, pytest.approx(0.2)), (30, 11, 13, 0)]

    def test_last_in_is_first_out_where_chosen(self) -> None:
        log = Log().fill(0, 100, 10).fill(1, 50, 11).fill(2, -120, 12).fill(3, -30, 13)
        rows = [(t["quantity"], t["entry_price"], t["exit_price"]) for t in trades(log, method="lifo")]
        assert rows == [(50, 11, 12), (70, 10, 12), (30, 10, 13)]

    @pytest.mark.parametrize(("side", "first"), [(1, 12), (-1, 10)])
    def test_highest_cost_closes_the_lot_with_the_least_gain(self, side: int, first: float) -> None:
        log = Log().fill(0, side * 10, 11).fill(1, side * 10, 12).fill(2, side * 10, 10).fill(3, -side * 10, 9)
        assert trades(log, method="highest_cost")[0]["entry_price"] == first

    def test_unknown_method_is_refused(self) -> None:
        with pytest.raises(ValueError, match="middle_out"):
            pair_trades(Log().table, LEVEL, "middle_out")

    def test_lot_closed_in_parts_gives_each_its_share_of_the_entry_fee(self) -> None:
        log = Log().fill(0, 100, 10, fee=10.0).fill(1, -30, 10).fill(2, -70, 10)
        assert [t["commission"] for t in trades(log)] == [3, 7]

    def test_trades_stand_in_order_of_their_exits_over_all_books(self) -> None:
        log = Log().fill(0, 1, 10).fill(0, 1, 10, book=1).fill(1, 2, 10)
        log.fill(2, -1, 10, book=1).fill(3, -3, 10)
        two = Tape(LEVEL.open_time, LEVEL.close_time, LEVEL.high * 2, LEVEL.low * 2, LEVEL.close * 2, [1.0, 1.0])
        assert [(t["book"], t["exit_row"]) for t in trades(log, two)] == [(1, 2), (0, 3), (0, 3)]

    def test_book_of_a_second_strategy_trades_the_same_symbol(self) -> None:
        log = Log().fill(0, 1, 10, book=1).fill(1, -1, 12, book=1)
        assert trades(log, tape([10, 13], [9, 9], multiplier=5.0))[0]["gross"] == 10

    def test_multiplier_and_both_rates_count_in_gross_and_return(self) -> None:
        log = Log().fill(0, 2, 100, fx=1.25).fill(1, -2, 110, fx=1.5)
        (trade,) = trades(log, tape([110, 110], [90, 90], multiplier=10.0))
        assert trade["gross"] == 2 * 10 * (110 * 1.5 - 100 * 1.25)
        assert trade["return"] == trade["gross"] / 2500

    def test_fractional_dust_leaves_no_lot(self) -> None:
        log = Log().fill(0, 0.1, 10).fill(1, 0.2, 10).fill(2, -0.3, 10).fill(3, 1, 10)
        log.rows[2]["position"], log.rows[3]["position"] = 0.0, 1.0
        assert [t["quantity"] for t in trades(log)] == [0.1, 0.2]
        log = Log().fill(0, 0.1, 10).fill(1, 0.2, 10).fill(1, 1.0, 10).fill(2, -0.3, 10)
        assert [lot.quantity for lot in open_lots(log.table, LEVEL)[0]] == [1.0]


class TestTimes:
    def test_fill_at_the_open_has_the_time_of_the_open_any_other_that_of_the_close(self) -> None:
        log = Log().fill(1, 1, 10, phase=INSIDE).fill(2, -1, 10).fill(3, 1, 10).fill(4, -1, 10, phase=CLOSE)
        assert [(t["entry_time"], t["exit_time"]) for t in trades(log)] == [(160, 200), (300, 460)]

    def test_times_are_whole_nanoseconds(self) -> None:
        table = pair_trades(Log().fill(1, 1, 10).fill(2, -1, 10).table, LEVEL)
        assert table["entry_time"].dtype == table["exit_time"].dtype == np.int64


class TestFinancing:
    def test_dividends_are_a_negative_cost_and_borrowing_a_positive_one(self) -> None:
        log = Log().fill(0, 100, 10).add(EventKind.DIVIDEND, 1, 50.0).fill(2, -100, 10)
        log.fill(3, -100, 10).add(EventKind.BORROW, 4, -3.0).add(EventKind.FUNDING, 4, -1.0).fill(5, 100, 10)
        assert [(t["financing"], t["net"]) for t in trades(log)] == [(-50, 50), (4, -4)]

    def test_financing_is_shared_by_quantity_over_the_lots_open_at_the_time(self) -> None:
        log = Log().fill(0, 100, 10).fill(1, 50, 10).add(EventKind.DIVIDEND, 2, 30.0).fill(3, 50, 10).fill(4, -200, 10)
        assert [t["financing"] for t in trades(log)] == [-20, -10, 0]

    def test_lot_closed_in_parts_shares_its_financing(self) -> None:
        log = Log().fill(0, 100, 10).add(EventKind.INTEREST, 1, -10.0).fill(2, -40, 10).fill(3, -60, 10)
        assert [t["financing"] for t in trades(log)] == [4, 6]

    def test_interest_of_a_flat_book_belongs_to_no_trade(self) -> None:
        log = Log().add(EventKind.INTEREST, 0, -5.0).fill(1, 1, 10).fill(2, -1, 10).add(EventKind.INTEREST, 3, -5.0)
        assert [t["financing"] for t in trades(log)] == [0]


class TestSplitsAndEnds:
    def test_split_restates_the_units_and_the_entry_price(self) -> None:
        log = Log().fill(0, 100, 70).add(EventKind.SPLIT, 1, 7.0).fill(2, -700, 11)
        (trade,) = trades(log)
        assert (trade["quantity"], trade["entry_price"], trade["gross"]) == (700, 10, 700)

    def test_excursions_of_a_split_trade_are_in_one_scale(self) -> None:
        log = Log().fill(0, 100, 70).add(EventKind.SPLIT, 2, 7.0).fill(3, -700, 11)
        (trade,) = trades(log, tape([77, 84, 12.6, 99], [63, 70, 9.1, 1]))
        assert (trade["mfe"], trade["mae"]) == (pytest.approx(0.26), pytest.approx(-0.1))

    def test_cash_in_lieu_is_a_trade_without_an_order_before_the_open(self) -> None:
        log = Log().fill(0, 15, 100, fee=3.0).add(EventKind.SPLIT, 1, 0.1).add(EventKind.CASH_IN_LIEU, 1, -0.5, 1100)
        (trade,) = trades(log)
        assert (trade["quantity"], trade["entry_price"], trade["gross"]) == (0.5, 1000, 50)
        assert (trade["exit_order"], trade["exit_time"], trade["commission"]) == (0, 100, 1)
        assert open_lots(log.table, LEVEL) == {0: (Lot(1.0, 1000.0, 0),)}

    def test_expiry_closes_like_a_fill_at_the_close(self) -> None:
        log = Log().fill(0, 2, 10).add(EventKind.EXPIRY, 3, -2, 12, phase=PHASE[FillPhase.EVENT])
        (trade,) = trades(log, tape([10, 14, 11, 15], [9, 9, 9, 8]))
        assert (trade["exit_order"], trade["exit_time"], trade["gross"]) == (0, 360, 4)
        assert (trade["mfe"], trade["mae"]) == (pytest.approx(0.5), pytest.approx(-0.2))

    def test_ended_orders_are_no_trades(self) -> None:
        log = Log().fill(0, 1, 10).add(EventKind.CANCELLED, 1, 5.0).fill(2, -1, 10)
        assert len(trades(log)) == 1


class TestExcursions:
    BARS = tape([11, 12, 16, 20], [9, 8, 7, 5], [10, 10, 12, 12])

    def excursions(
        self, side: int, entry: float, leave: float, price: float = 10, end: float = 10
    ) -> tuple[float, float]:
        """Worst and best of a trade from row 0 to row 2."""
        log = Log().fill(0, side, price, phase=entry).fill(2, -side, end, phase=leave)
        (trade,) = trades(log, self.BARS)
        return round(trade["mae"], 12), round(trade["mfe"], 12)

    def test_entry_and_exit_at_opens_count_the_bars_between(self) -> None:
        assert self.excursions(1, OPEN, OPEN) == (-0.2, 0.2)

    def test_exit_price_counts(self) -> None:
        assert self.excursions(1, OPEN, OPEN, end=13) == (-0.2, 0.3)
        assert self.excursions(1, OPEN, OPEN, end=7.5) == (-0.25, 0.2)

    def test_exit_inside_its_bar_counts_the_adverse_side_alone(self) -> None:
        assert self.excursions(1, OPEN, INSIDE) == (-0.3, 0.2)

    def test_exit_at_the_close_counts_the_whole_bar(self) -> None:
        assert self.excursions(1, OPEN, CLOSE) == (-0.3, 0.6)

    def test_entry_inside_its_bar_counts_only_its_close(self) -> None:
        bars = tape([30, 11, 11], [1, 9.5, 9.5], [9, 10, 10])
        (trade,) = trades(Log().fill(0, 1, 10, phase=INSIDE).fill(2, -1, 10), bars)
        assert (trade["mae"], trade["mfe"]) == (pytest.approx(-0.1), pytest.approx(0.1))

    def test_trade_inside_one_bar_knows_its_two_prices_alone(self) -> None:
        log = Log().fill(0, 1, 10, phase=INSIDE).fill(0, -1, 9.5, phase=PHASE[FillPhase.BORN])
        (trade,) = trades(log, self.BARS)
        assert (trade["mae"], trade["mfe"], trade["bars"]) == (pytest.approx(-0.05), 0, 0)

    def test_short_mirrors_the_long(self) -> None:
        assert self.excursions(-1, OPEN, OPEN) == (-0.2, 0.2)
        assert self.excursions(-1, OPEN, INSIDE) == (-0.6, 0.2)
        assert self.excursions(-1, OPEN, CLOSE) == (-0.6, 0.3)

    def test_rows_without_a_bar_of_the_symbol_are_passed_over(self) -> None:
        bars = tape([11, NAN, 11, 20], [9, NAN, 9, 5], [10, NAN, 10, 12])
        (trade,) = trades(Log().fill(0, 1, 10).fill(3, -1, 10), bars)
        assert (trade["mae"], trade["mfe"], trade["bars"]) == (pytest.approx(-0.1), pytest.approx(0.1), 3)


class TestOpenLots:
    def test_what_is_left_oldest_first_signed(self) -> None:
        log = Log().fill(0, -100, 10).fill(1, -50, 11, phase=INSIDE).fill(2, 30, 12)
        assert open_lots(log.table, LEVEL) == {0: (Lot(-70, 10, 0), Lot(-50, 11, 160))}

    def test_method_decides_what_is_left(self) -> None:
        log = Log().fill(0, 100, 10).fill(1, 50, 11).fill(2, -60, 12)
        assert open_lots(log.table, LEVEL, "lifo") == {0: (Lot(90, 10, 0),)}

    def test_basis_is_signed_at_the_rates_of_the_fills(self) -> None:
        log = Log().fill(0, -2, 10, fx=1.25).fill(1, -1, 11, fx=1.5).fill(2, 1, 12)
        assert open_basis(log.table, tape([12] * 3, [9] * 3, multiplier=10.0)) == {0: -(1 * 125 + 1 * 165)}

    def test_flat_books_are_left_out(self) -> None:
        log = Log().fill(0, 1, 10).fill(1, -1, 10).fill(1, 5, 10, book=2)
        assert list(open_lots(log.table, LEVEL)) == [2]


def test_trades_of_a_run_add_up_to_its_profit() -> None:
    floor = Floor(margin=Margin(), costs=Costs(commission=PerTrade(1.0), slippage_bps=10, tax_sell=0.001))
    for quantity, price in ((100, 10), (50, 11), (-200, 12), (80, 10), (-30, 9)):
        floor.order(c.MARKET, 1 if quantity > 0 else -1, abs(quantity))
        floor.flat(price)
    assert floor.position == 0
    net = pair_trades(floor.events, LEVEL)["net"]
    assert len(net) == 4
    assert floor.exchange.cash - 100_000 == pytest.approx(net.sum())

"""Values that every room speaks in are born valid or not at all."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from decimal import Decimal
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.markets import daily, intraday, share

import tradewright as tw
from tradewright.domain import errors
from tradewright.domain.bars import Actions, Bar, Bars, SessionIndex
from tradewright.domain.errors import (
    BadRowsError,
    ConfigError,
    DataError,
    DataNotAvailableError,
    InstrumentError,
    OrderError,
    OrderStateError,
    TradewrightError,
)
from tradewright.domain.events import EventKind, Reason
from tradewright.domain.grid import decimal_text, limit_on_grid, lots_of, stop_on_grid
from tradewright.domain.instrument import Instrument, InstrumentKind
from tradewright.domain.order import (
    TERMINAL,
    TRANSITIONS,
    Order,
    OrderRequest,
    OrderRole,
    OrderSide,
    OrderStatus,
    OrderType,
    TimeInForce,
    require_transition,
)
from tradewright.domain.portfolio import Account, Position
from tradewright.domain.timeframe import Timeframe, TimeUnit


class TestInstruments:
    def test_full_name(self) -> None:
        assert tw.Equity("AAPL", "XNAS").id == str(tw.Equity("AAPL", "XNAS")) == "XNAS:AAPL"

    @pytest.mark.parametrize("name", ["", " A", "A ", "A:B"])
    @pytest.mark.parametrize("field", ["symbol", "exchange", "currency"])
    def test_names_without_colon_or_blanks(self, field: str, name: str) -> None:
        with pytest.raises(InstrumentError, match=field):
            Instrument(**{"symbol": "A", "exchange": "X", field: name})

    @pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
    @pytest.mark.parametrize("field", ["lot", "tick", "multiplier", "margin", "maintenance"])
    def test_steps_and_margins_are_positive_and_finite(self, field: str, value: float) -> None:
        with pytest.raises(InstrumentError, match=f"The {field} of X:A"):
            Instrument("A", "X", **{field: value})

    def test_kinds(self) -> None:
        assert tw.Equity("A").lot == 1.0
        assert tw.Equity("A", fractional=True).lot == 1e-6
        assert tw.Equity("A", "XNAS").calendar == "XNAS"
        pair = tw.FxPair("EURUSD")
        assert (pair.currency, pair.has_volume, pair.sessions_per_year) == ("USD", False, 260)
        coin = tw.Crypto("BTC")
        assert (coin.calendar, coin.sessions_per_year, coin.kind) == ("24/7", 365, InstrumentKind.CRYPTO)
        future = tw.Future("ES", "XCME", multiplier=50.0, margin=1_000.0)
        assert (future.is_margined, future.maintenance, future.sessions_per_year) == (True, 1_000.0, 252)
        assert not tw.Equity("A").is_margined

    def test_declared_without_volume(self) -> None:
        assert tw.Equity("A").without_volume().has_volume is False

    def test_plain_values_build_it_again(self) -> None:
        future = tw.Future("ES", "XCME", multiplier=50.0, margin=1_000.0, expiry_ns=5)
        assert Instrument(**future.to_dict()) == future

    def test_does_not_change(self) -> None:
        with pytest.raises(FrozenInstanceError):
            tw.Equity("A").lot = 2.0


class TestTimeframes:
    @pytest.mark.parametrize(
        ("text", "canonical"),
        [
            ("1m", "1m"),
            ("5min", "5m"),
            ("1 Day", "1d"),
            ("daily", "1d"),
            ("1M", "1mo"),
            ("W", "1w"),
            ("4H", "4h"),
            ("15T", "15m"),
        ],
    )
    def test_spellings(self, text: str, canonical: str) -> None:
        assert str(Timeframe.parse(text)) == canonical

    @pytest.mark.parametrize("text", ["", "5", "fortnight", "1x", "m5", "-1d"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(ConfigError, match="is not a timeframe"):
            Timeframe.parse(text)

    def test_counts_at_least_one(self) -> None:
        with pytest.raises(ConfigError, match="at least one unit"):
            Timeframe(0, TimeUnit.DAY)

    def test_length_and_order(self) -> None:
        assert Timeframe.parse("1h").nanoseconds == 3_600_000_000_000
        assert Timeframe.parse("1h") < Timeframe.parse("1d") < Timeframe.parse("1w")
        assert Timeframe.parse("1h").is_intraday
        assert not Timeframe.parse("1d").is_intraday

    def test_reads_itself(self) -> None:
        frame = Timeframe.parse("5m")
        assert Timeframe.parse(frame) is frame


class TestBar:
    GOOD: ClassVar = {
        "symbol": "A",
        "open_time": 0,
        "close_time": 1,
        "open": 2.0,
        "high": 3.0,
        "low": 1.0,
        "close": 2.5,
        "volume": 0.0,
    }

    def test_a_possible_bar(self) -> None:
        assert Bar(**self.GOOD).close == 2.5

    @pytest.mark.parametrize(
        ("change", "sentence"),
        [
            ({"close_time": 0}, "not after it opens"),
            ({"open": math.nan}, "a price is missing"),
            ({"high": math.inf}, "a price is missing"),
            ({"high": 2.4}, "do not enclose"),
            ({"low": 2.1}, "do not enclose"),
            ({"volume": -1.0}, "negative or missing"),
            ({"volume": math.nan}, "negative or missing"),
        ],
    )
    def test_an_impossible_bar(self, change: dict[str, float], sentence: str) -> None:
        with pytest.raises(DataError, match=sentence):
            Bar(**{**self.GOOD, **change})


class TestBars:
    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ((10.0, 9.0, 8.0, 8.5), "high below its open"),
            ((10.0, 11.0, 10.5, 10.8), "low above its open"),
            ((10.0, 11.0, -1.0, 10.0), "negative price"),
            ((10.0, 11.0, 0.0, 10.0), "price of zero"),
            ((10.0, math.nan, 9.0, 10.0), "missing high"),
            ((10.0, 11.0, 9.0, 10.0, -5.0), "negative or missing volume"),
        ],
    )
    def test_an_impossible_row_is_named(self, row: tuple[float, ...], sentence: str) -> None:
        with pytest.raises(BadRowsError, match=sentence) as caught:
            daily([10.0, row, 10.0])
        assert caught.value.rows[0][0] == 1

    def test_rows_come_in_order(self) -> None:
        bars = daily([10.0, 10.0])
        with pytest.raises(BadRowsError, match="does not come after"):
            Bars(**{**_fields(bars), "open_time": bars.open_time[::-1], "close_time": bars.close_time[::-1]})

    def test_rows_close_after_they_open(self) -> None:
        bars = daily([10.0, 10.0])
        with pytest.raises(BadRowsError, match="closes at or before it opens"):
            Bars(**{**_fields(bars), "close_time": bars.open_time})

    def test_columns_are_equally_long(self) -> None:
        with pytest.raises(DataError, match="differ in length"):
            Bars(**{**_fields(daily([10.0, 10.0])), "close": np.array([10.0])})

    def test_no_rows_are_no_bars(self) -> None:
        with pytest.raises(DataNotAvailableError, match="There are no bars"):
            daily([10.0]).rows(0, 0)

    def test_columns_cannot_be_written_but_the_callers_can(self) -> None:
        mine = np.array([10.0, 10.0])
        bars = Bars(**{**_fields(daily([10.0, 10.0])), "close": mine})
        with pytest.raises(ValueError, match="read-only"):
            bars.close[0] = 1.0
        mine[0] = 10.0

    def test_equal_bars_have_equal_fingerprints_and_other_bars_others(self) -> None:
        assert daily([10.0, 11.0]).fingerprint == daily([10.0, 11.0]).fingerprint
        others = [daily([10.0, 11.5]), daily([10.0, 11.0], share("B")), daily([10.0, 11.0], volume=5.0)]
        assert len({bars.fingerprint for bars in [daily([10.0, 11.0]), *others]}) == 4

    def test_a_cut_keeps_its_sessions(self) -> None:
        bars = intraday([[1.0] * 3, [2.0] * 3, [3.0] * 3])
        part = bars.rows(2, 7)
        assert part.close.tolist() == [1.0, 2.0, 2.0, 2.0, 3.0]
        assert part.sessions.first_rows.tolist() == [0, 1, 4]
        assert part.sessions.labels.tolist() == bars.sessions.labels.tolist()
        assert part.bar(0) == bars.bar(2)

    def test_labels_are_dates_of_days_and_opens_of_minutes(self) -> None:
        bars = daily([1.0])
        assert np.datetime64(int(bars.labels()[0]), "ns") == np.datetime64("2020-01-06")
        minutes = intraday([[1.0]])
        assert minutes.labels()[0] == minutes.open_time[0]

    def test_sessions_of_labels(self) -> None:
        index = SessionIndex.of_labels(np.array([5, 5, 7, 9, 9]))
        assert (index.labels.tolist(), index.first_rows.tolist()) == ([5, 7, 9], [0, 2, 3])
        assert index.last_rows(5).tolist() == [1, 2, 4]
        assert index.row_labels(5).tolist() == [5, 5, 7, 9, 9]
        assert len(SessionIndex.of_labels(np.array([], np.int64)).labels) == 0

    def test_says_what_it_is(self) -> None:
        bars = daily([1.0, 1.0])
        assert repr(bars) == "<Bars XNYS:ACME 1d, 2 rows, 2020-01-06T00:00 … 2020-01-07T00:00>"
        assert bars.with_instrument(share("B")).symbol == "B"

    @pytest.mark.parametrize("ratio", [0.0, -2.0, math.nan])
    def test_a_split_multiplies(self, ratio: float) -> None:
        with pytest.raises(DataError, match="must be positive"):
            Actions(split_days=np.array([1]), split_ratios=np.array([ratio]))

    def test_a_dividend_is_finite(self) -> None:
        with pytest.raises(DataError, match="finite"):
            Actions(dividend_days=np.array([1]), dividends=np.array([math.inf]))
        assert Actions().is_empty


def _fields(bars: Bars) -> dict[str, object]:
    names = ("instrument", "timeframe", "open_time", "close_time", "open", "high", "low", "close", "volume", "sessions")
    return {name: getattr(bars, name) for name in names}


class TestRequests:
    GOOD: ClassVar = {"symbol": "A", "side": OrderSide.BUY, "quantity": 1.0}

    @pytest.mark.parametrize(
        "terms",
        [
            {},
            {"order_type": OrderType.LIMIT, "limit_price": 5.0},
            {"order_type": OrderType.STOP, "stop_price": 5.0},
            {"order_type": OrderType.STOP_LIMIT, "stop_price": 5.0, "limit_price": 5.1},
            {"order_type": OrderType.TRAILING_STOP, "trail_amount": 1.0},
            {"order_type": OrderType.TRAILING_STOP, "trail_percent": 1.0},
            {"time_in_force": TimeInForce.GTD, "expires_ns": 7},
            {"stop_loss": 4.0, "take_profit": 6.0},
        ],
    )
    def test_possible(self, terms: dict[str, object]) -> None:
        assert OrderRequest(**self.GOOD, **terms).quantity == 1.0

    @pytest.mark.parametrize(
        ("terms", "sentence"),
        [
            ({"quantity": 0.0}, "quantity"),
            ({"quantity": math.nan}, "quantity"),
            ({"quantity": math.inf}, "quantity"),
            ({"order_type": OrderType.LIMIT}, "needs limit_price"),
            ({"limit_price": 5.0}, "has no use for limit_price"),
            ({"order_type": OrderType.LIMIT, "limit_price": -5.0}, "limit_price"),
            ({"order_type": OrderType.STOP}, "needs stop_price"),
            ({"order_type": OrderType.TRAILING_STOP}, "0 trail distances"),
            ({"order_type": OrderType.TRAILING_STOP, "trail_amount": 1.0, "trail_percent": 1.0}, "2 trail distances"),
            ({"trail_amount": 1.0}, "1 trail distances"),
            ({"expires_ns": 7}, "has no use for expires_ns"),
            ({"time_in_force": TimeInForce.GTD}, "needs expires_ns"),
            ({"stop_loss": 6.0, "take_profit": 4.0}, "losing side"),
            ({"side": OrderSide.SELL, "stop_loss": 4.0, "take_profit": 6.0}, "losing side"),
            ({"display_quantity": 0.0}, "display_quantity"),
        ],
    )
    def test_impossible(self, terms: dict[str, object], sentence: str) -> None:
        with pytest.raises(OrderError, match=sentence):
            OrderRequest(**{**self.GOOD, **terms})


class TestStateMachine:
    @pytest.mark.parametrize("before", list(OrderStatus))
    @pytest.mark.parametrize("after", list(OrderStatus))
    def test_every_step_is_allowed_or_refused(self, before: OrderStatus, after: OrderStatus) -> None:
        if after in TRANSITIONS[before]:
            require_transition(before, after)
        else:
            with pytest.raises(OrderStateError, match=f"{before} cannot become {after}"):
                require_transition(before, after)

    def test_an_ended_order_never_comes_back(self) -> None:
        assert all(TRANSITIONS[status] == frozenset() for status in TERMINAL)

    def test_every_living_order_can_end(self) -> None:
        assert all(TRANSITIONS[status] & TERMINAL for status in set(OrderStatus) - TERMINAL)

    def test_leaves(self) -> None:
        order = Order(
            id=1, symbol="A", side=OrderSide.BUY, order_type=OrderType.MARKET, quantity=5.0, filled=2.0,
            status=OrderStatus.PARTIALLY_FILLED, role=OrderRole.PLAIN, time_in_force=TimeInForce.GTC, limit_price=None,
            stop_price=None, average_fill_price=10.0, reason=None, tag=None, client_order_id=None,
        )  # fmt: skip
        assert order.leaves == 3.0

    def test_every_reason_has_a_sentence_and_numbers_stay(self) -> None:
        assert all(reason.sentence.endswith(".") for reason in Reason if reason is not Reason.NONE)
        assert Reason.NONE.sentence == ""
        assert (EventKind.FILL, EventKind.MARGIN_CALL, Reason.REPLACED) == (1, 15, 20)


class TestPortfolio:
    def position(self, quantity: float) -> Position:
        return Position("A", quantity, 10.0, 12.0, quantity * 12.0, quantity * 2.0, 0.0)

    @pytest.mark.parametrize(("quantity", "side"), [(3.0, "long"), (-3.0, "short"), (0.0, "flat")])
    def test_side(self, quantity: float, side: str) -> None:
        position = self.position(quantity)
        assert position.side == side
        assert bool(position) is (quantity != 0)

    def test_profit_as_a_fraction_of_the_cost(self) -> None:
        assert self.position(3.0).unrealized_pnl_percent == pytest.approx(0.2)
        assert self.position(-3.0).unrealized_pnl_percent == pytest.approx(-0.2)
        assert self.position(0.0).unrealized_pnl_percent is None
        assert self.position(3.0).cost_basis == 30.0

    def test_portfolio_value_is_equity(self) -> None:
        assert Account("USD", 1.0, 2.0, 1.0, 0.0, 1.0).portfolio_value == 2.0


class TestGrid:
    def test_limits_never_ask_for_more(self) -> None:
        assert limit_on_grid(10.019, 1, 0.01) == 10.01
        assert limit_on_grid(10.011, -1, 0.01) == 10.02

    def test_stops_never_trigger_sooner(self) -> None:
        assert stop_on_grid(10.011, 1, 0.01) == 10.02
        assert stop_on_grid(10.019, -1, 0.01) == 10.01

    def test_what_is_on_the_grid_stays(self) -> None:
        for side in (1, -1):
            assert limit_on_grid(0.3, side, 0.1) == stop_on_grid(0.3, side, 0.1) == 0.3

    def test_lots_round_down_and_forgive_a_rounding_error(self) -> None:
        assert lots_of(2.999, 1.0) == 2.0
        assert lots_of(3 * 0.1, 0.1) == 0.3
        assert lots_of(0.7 + 0.1 + 0.1 + 0.1, 0.1) == 1.0

    @given(st.integers(1, 10**7), st.sampled_from([1.0, 0.5, 0.25, 0.1, 0.05, 0.01, 0.001, 1e-5, 1e-8]))
    def test_multiples_of_a_step_come_back_as_their_decimal(self, steps: int, step: float) -> None:
        exact = steps * Decimal(str(step))
        assert lots_of(float(exact), step) == float(exact)
        assert Decimal(decimal_text(float(exact), step)) == exact

    @given(st.floats(0.01, 1e6), st.sampled_from([1.0, 0.25, 0.05, 0.01, 1e-5]))
    def test_rounding_stays_within_one_step_and_on_its_side(self, price: float, tick: float) -> None:
        slack = tick * 1e-6 + price * 1e-9
        assert price - tick - slack <= limit_on_grid(price, 1, tick) <= price + slack
        assert price - slack <= limit_on_grid(price, -1, tick) <= price + tick + slack

    def test_text_has_the_decimals_of_the_step(self) -> None:
        assert decimal_text(10.0, 0.01) == "10.00"
        assert decimal_text(1e-8, 1e-8) == "0.00000001"
        assert decimal_text(250.0, 50.0) == "250"


class TestErrors:
    def test_one_tree(self) -> None:
        for name in errors.__all__:
            assert issubclass(getattr(errors, name), TradewrightError)

    def test_message_and_hint_are_one_text(self) -> None:
        assert str(TradewrightError("Wrong.", hint="Do right.")) == "Wrong. Do right."
        assert str(TradewrightError("Wrong.")) == "Wrong."

    def test_a_venues_answer_carries_its_code(self) -> None:
        error = errors.RateLimitError("Slow down.", broker_code="429", retry_after_s=2.0)
        assert (error.broker_code, error.retry_after_s) == ("429", 2.0)

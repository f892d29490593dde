"""What was known of bars on a date, and the end of what is traded no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.feed_stage import at
from tests.markets import daily, intraday, share, split_on

import tradewright as tw
from tradewright.domain.actions import ActionKind, CorporateAction, actions_of
from tradewright.domain.errors import DataError, DataNotAvailableError
from tradewright.marketdata.adjust import adjust
from tradewright.marketdata.point_in_time import as_known_on, with_end

MONDAY = 18_267  # 2020-01-06
PRICES = [100.0, 101.0, 102.0, 51.0, 52.0]


def said(kind: str, day: int, **more: Any) -> CorporateAction:
    return CorporateAction(kind=ActionKind(kind), symbol="ACME", day=MONDAY + day, source="vendor", **more)


SPLIT = said("split", 3, ratio=2.0, known_ns=at("2020-01-02T12:00:00"))
LATER = said("split", 3, ratio=4.0, known_ns=at("2020-01-20T12:00:00"))


def series(*announced: CorporateAction) -> tw.Bars:
    return daily(PRICES, actions=actions_of(announced, "USD"))


def test_bars_that_had_not_closed_are_not_seen() -> None:
    seen = as_known_on(series(SPLIT), MONDAY + 2)
    assert seen.close.tolist() == [100, 101, 102]
    tape = intraday([[100.0] * 3, [101.0] * 3])
    assert len(as_known_on(tape, MONDAY)) == 3


def test_what_was_announced_and_has_not_happened_changes_no_price() -> None:
    seen = as_known_on(series(SPLIT), MONDAY + 2)
    assert seen.actions.announced == (SPLIT,)
    assert adjust(seen, "split").close.tolist() == [100, 101, 102]


@pytest.mark.parametrize(("day", "first"), [(8, 50.0), (13, 50.0), (14, 25.0)])
def test_an_action_is_seen_as_it_was_said_then(day: int, first: float) -> None:
    assert adjust(as_known_on(series(SPLIT, LATER), MONDAY + day), "split").close[0] == first


def test_an_action_that_was_found_later_is_not_seen_before() -> None:
    late = replace(SPLIT, known_ns=at("2020-01-20T12:00:00"))
    assert as_known_on(series(late), MONDAY + 8).actions.is_empty
    assert not as_known_on(series(late), MONDAY + 14).actions.is_empty


def test_columns_alone_are_known_when_they_take_effect() -> None:
    bars = daily(PRICES, actions=split_on(3, 2.0))
    assert as_known_on(bars, MONDAY + 2).actions.is_empty
    assert not as_known_on(bars, MONDAY + 3).actions.is_empty


def test_the_view_says_how_to_get_it_again() -> None:
    bars = replace(series(SPLIT), origin={"kind": "store"})
    assert as_known_on(bars, MONDAY + 2).origin == {"kind": "store", "then": [{"as_of": "2020-01-08"}]}


def test_before_the_first_close_there_is_nothing_and_adjusted_prices_do_not_tell() -> None:
    with pytest.raises(DataNotAvailableError, match="No bar of ACME had closed on 2020-01-05"):
        as_known_on(series(SPLIT), MONDAY - 1)
    with pytest.raises(DataError, match="do not tell what was known on 2020-01-08"):
        as_known_on(adjust(series(SPLIT), "split"), MONDAY + 2)


# ---------------------------------------------------------------- ends


def test_an_instrument_that_ended_expires_with_its_last_session() -> None:
    bars = series(said("delisting", 5))
    assert with_end(bars, MONDAY + 4).instrument.expiry_ns == int(bars.close_time[-1])


def test_one_that_stood_still_before_its_end_expires_with_its_last_bar() -> None:
    bars = series(said("delisting", 30))
    assert with_end(bars, MONDAY + 4).instrument.expiry_ns == int(bars.close_time[-1])


def test_a_part_of_a_series_ends_where_the_series_does() -> None:
    bars = series(said("delisting", 5))
    assert with_end(bars.rows(0, 2), MONDAY + 4).instrument.expiry_ns == int(bars.close_time[-1])


@pytest.mark.parametrize("announced", [(), (SPLIT,), (said("delisting", 5), said("delisting", 5, is_withdrawn=True))])
def test_what_goes_on_does_not_expire(announced: tuple[CorporateAction, ...]) -> None:
    bars = series(*announced)
    assert with_end(bars, MONDAY + 4) is bars


def test_a_position_in_what_ended_is_settled_at_its_last_close_and_nothing_is_traded_after() -> None:
    class Holder(tw.Strategy):
        def on_bar(self, ctx: Any) -> None:
            if not ctx.position("ACME"):
                ctx.buy(10, "ACME")

    ended = with_end(series(said("delisting", 5)), MONDAY + 4)
    other = daily([10.0] * 12, share("BOLT"))
    result = tw.backtest(Holder, {"ACME": ended, "BOLT": other}, costs=tw.Costs.none())
    (trade,) = result.trades.to_dict("records")
    assert (trade["entry_price"], trade["exit_price"], trade["quantity"]) == (101, 52, 10)
    assert result.equity["equity"].iloc[-1] == 100_000 - 10 * 101 + 10 * 52

"""`tw.backtest` refuses what it cannot use in one sentence, before anything runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from tests.markets import daily, fills, play

import tradewright as tw
from tradewright.domain.errors import ConfigError, DataError

BARS = daily([100.0] * 6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("start", 2020), ("end", dt.datetime(2020, 1, 2, tzinfo=dt.UTC)), ("cash", "much"), ("cash", None),
        ("currency", 5), ("costs", "none"), ("costs", 5), ("costs", 0), ("margin", True), ("limits", {"drawdown": 0.1}),
        ("seed", -1), ("seed", "x"), ("seed", 1.5), ("risk_free", "low"), ("risk_free", float("nan")),
        ("fx", {"EUR": 0}), ("fx", {"EUR": -1.1}), ("fx", {"EUR": "x"}), ("fx", {"EUR": float("inf")}),
    ],
)  # fmt: skip
def test_an_argument_of_another_kind_is_refused_by_name(name: str, value: Any) -> None:
    with pytest.raises(ConfigError) as refused:
        play(BARS, {}, **{name: value})
    assert refused.value.message.startswith(name)
    assert refused.value.hint


@pytest.mark.parametrize("bars", [pd.DataFrame(), None, {"ACME": 5}, [5]])
def test_what_is_not_bars_is_refused(bars: Any) -> None:
    with pytest.raises(DataError):
        play(bars, {})


@pytest.mark.parametrize("detail", [BARS, {"OTHER": BARS}])
def test_detail_that_is_not_finer_bars_of_a_traded_symbol_is_refused(detail: Any) -> None:
    with pytest.raises(ConfigError, match="detail has"):
        play(BARS, {0: lambda ctx: ctx.buy(1)}, detail=detail)


def test_a_date_may_be_a_date() -> None:
    third = dt.date(1970, 1, 1) + dt.timedelta(days=int(BARS.sessions.labels[2]))
    by_date = play(BARS, {2: lambda ctx: ctx.buy(1)}, start=third, end=third + dt.timedelta(days=1))
    by_text = play(BARS, {2: lambda ctx: ctx.buy(1)}, start=str(third), end=str(third + dt.timedelta(days=1)))
    assert fills(by_date) == [(3, 1.0, 100.0)]
    assert by_date.hash == by_text.hash


def test_a_synthetic_market_refuses_a_seed_below_zero() -> None:
    with pytest.raises(ConfigError, match="seed=-1"):
        tw.synthetic_bars(bars=5, calendar="24/7", seed=-1)


def test_the_commission_of_a_venue_is_to_be_had_by_its_name() -> None:
    costs = tw.Costs(commission=tw.venue_commission("interactive_brokers"), slippage=tw.NoSlippage())
    assert play(BARS, {0: lambda ctx: ctx.buy(400)}, costs=costs).fills["fee"].tolist() == [2.0]


def test_independent_runs_share_arguments_and_keep_their_own() -> None:
    def buy_one(ctx: Any) -> None:
        if not ctx.open_orders() and not ctx.positions:
            ctx.buy(1)

    one, other = tw.backtest_many([{"strategy": buy_one}, {"strategy": buy_one, "cash": 50.0}], bars=BARS, seed=7)
    assert one.hash == tw.backtest(buy_one, BARS, seed=7).hash
    assert (len(one.fills), other.config.cash, len(other.fills)) == (1, 50.0, 0)


@pytest.mark.parametrize("name", tw.__all__)
def test_every_name_of_the_face_is_there_and_says_what_it_is(name: str) -> None:
    assert getattr(tw, name).__doc__

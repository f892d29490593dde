"""The example strategies on fixed bars: their numbers and their orders do not move unless the engine does.

The pins are what the engine gave when they were written; beside them each example is held to what its text promises.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tradewright.face.backtest import backtest
from tradewright.face.bars import DroppedRowsWarning, read_bars, synthetic_bars
from tradewright.quant import indicators as ta
from tradewright.strategy.registry import load_strategy

UNIVERSE = ("AA", "BB", "CC", "DD", "EE", "FF")
DJIA = ("AXP", "CAT", "DIS", "GS", "HD", "IBM", "JNJ", "KO", "MCD", "MMM", "NKE", "PFE", "UTX", "VZ", "XOM")


@pytest.fixture(scope="module")
def synthetic():
    return synthetic_bars(list(UNIVERSE), bars=2000, seed=3)


@pytest.fixture(scope="module")
def minutes():
    return synthetic_bars("MIN", timeframe="15m", bars=26 * 120, seed=5)


@pytest.fixture(scope="module")
def google(shared_data):
    return read_bars(shared_data / "daily/GOOG_1d_2004_2013.csv", symbol="GOOG", calendar="XNAS", timeframe="1d")


@pytest.fixture(scope="module")
def djia(shared_data):
    return {symbol: djia_bars(shared_data, symbol) for symbol in DJIA}


def djia_bars(folder, symbol):
    with pytest.warns(DroppedRowsWarning):
        return read_bars(
            folder / f"universe_djia/{symbol}_1d_2006_2014.csv.gz",
            symbol=symbol, calendar="XNYS", timeframe="1d", adjustment="split", bad_rows="drop",
        )  # fmt: skip


def example(project: Path, name: str):
    return load_strategy(str(project / "strategies" / f"{name}.py"))


def order_hash(result) -> str:
    """Hash of every order: when, which way, how much, and what became of it."""
    orders = result.record.orders
    columns = [orders[name] for name in ("row", "book", "side", "quantity", "filled", "price", "status")]
    lines = [" ".join(f"{value:.6f}" for value in order) for order in zip(*columns, strict=True)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def numbers(result) -> tuple:
    metrics = result.metrics
    rounded = [round(metrics[name], 9) for name in ("total_return", "sharpe", "max_drawdown")]
    return (len(result.trades), *rounded, order_hash(result))


PINNED_SYNTHETIC = {
    "sma_cross": (36, 0.278041929, 0.324225032, -0.218545842, "3e98fa58aaf4a0fb"),
    "mean_reversion": (9, -0.143976761, -0.572698935, -0.173658945, "eb98ceb5343e231d"),
    "breakout_bracket": (23, 0.113738907, 0.417586383, -0.051877976, "7cfce36723b24d57"),
    "multi_timeframe": (38, -0.051032225, -0.084136478, -0.128307397, "f2670317108e537f"),
    "momentum_rotation": (148, 0.977111375, 0.766630614, -0.362506441, "ad23eb65b5e925e0"),
    "pairs": (74, -0.095043773, -0.20049298, -0.199251207, "74095f7811f8ae7e"),
    "multi_timeframe on days": (56, -0.094833981, -1.983973475, -0.124162806, "3758424fd02ab764"),
}

PINNED_REAL = {
    "sma_cross": (32, 4.102378992, 0.999848352, -0.292555222, "8bf88c6daccd365f"),
    "mean_reversion": (22, 0.088334875, 0.157944201, -0.205174134, "f12d3b82147a14b8"),
    "breakout_bracket": (34, 0.179021486, 0.570322769, -0.076099418, "36ee77cf2b8bec0f"),
    "multi_timeframe": (45, -0.177871323, -0.147423405, -0.435577911, "766218b33b07da78"),
    "momentum_rotation": (442, 1.106166787, 0.623633424, -0.305256522, "9163c294f5f7d026"),
    "pairs": (76, 0.007705858, 0.041931263, -0.095024073, "7215ce65a4e42662"),
}


@pytest.mark.parametrize("name", ["sma_cross", "mean_reversion", "breakout_bracket", "multi_timeframe"])
def test_one_symbol_examples_keep_their_numbers_on_synthetic_bars(project, synthetic, name):
    assert numbers(backtest(example(project, name), synthetic["AA"])) == PINNED_SYNTHETIC[name]


@pytest.mark.parametrize("name", ["sma_cross", "mean_reversion", "breakout_bracket", "multi_timeframe"])
def test_one_symbol_examples_keep_their_numbers_on_real_bars(project, google, name):
    assert numbers(backtest(example(project, name), google)) == PINNED_REAL[name]


def test_the_rotation_keeps_its_numbers_on_synthetic_bars(project, synthetic):
    result = backtest(example(project, "momentum_rotation"), synthetic, params={"names": 2})
    assert numbers(result) == PINNED_SYNTHETIC["momentum_rotation"]


def test_the_rotation_keeps_its_numbers_on_real_bars(project, djia):
    assert numbers(backtest(example(project, "momentum_rotation"), djia)) == PINNED_REAL["momentum_rotation"]


def test_the_pair_keeps_its_numbers_on_synthetic_bars(project, synthetic):
    pair = {name: synthetic[name] for name in ("AA", "BB")}
    assert numbers(backtest(example(project, "pairs"), pair, shorts=True)) == PINNED_SYNTHETIC["pairs"]


def test_the_pair_keeps_its_numbers_on_real_bars(project, djia):
    pair = {name: djia[name] for name in ("JNJ", "PFE")}
    assert numbers(backtest(example(project, "pairs"), pair, shorts=True)) == PINNED_REAL["pairs"]


def test_days_filter_minutes_with_the_same_numbers(project, minutes):
    result = backtest(example(project, "multi_timeframe"), minutes, params={"trend_timeframe": "1d"})
    assert numbers(result) == PINNED_SYNTHETIC["multi_timeframe on days"]


# What the texts promise.


def test_the_cross_decides_exactly_where_the_averages_cross(project, google):
    result = backtest(example(project, "sma_cross"), google)
    gap = ta.sma(google.close, 10) - ta.sma(google.close, 30)
    turns = [row for row in range(30, len(gap)) if (gap[row] > 0) != (gap[row - 1] > 0) and gap[row - 1] != 0]
    rows = result.record.orders["row"].astype(int).tolist()
    # The first cross may be a fall, with nothing to close.
    assert rows == (turns if gap[turns[0]] > 0 else turns[1:])


def test_the_reversion_buys_only_below_its_band_and_above_its_trend(project, google):
    result = backtest(example(project, "mean_reversion"), google)
    orders = result.record.orders
    bought = orders["row"][orders["side"] > 0].astype(int)
    lower, trend = ta.bollinger(google.close, 20, 2.0).lower, ta.sma(google.close, 200)
    assert len(bought) > 10
    assert np.all(google.close[bought] < lower[bought])
    assert np.all(google.close[bought] > trend[bought])


def test_the_reversion_holds_no_longer_than_its_patience(project, google):
    result = backtest(example(project, "mean_reversion"), google, params={"patience": 4})
    # The entry bar does not count, and the exit fills one bar after the decision.
    assert result.record.trades["bars"].max() <= 5


def test_the_breakout_buys_only_above_its_channel_and_leaves_by_its_legs(project, google):
    result = backtest(example(project, "breakout_bracket"), google)
    orders = result.record.orders
    entries = orders["row"][orders["parent"] == 0].astype(int)
    highest = np.array([google.high[row - 55 : row].max() for row in entries])
    assert np.all(google.close[entries] > highest)
    assert set(result.record.trades["exit_order"]) <= set(orders["id"][orders["parent"] > 0])


def test_the_breakout_loses_about_its_risk_at_the_stop(project, google):
    result = backtest(example(project, "breakout_bracket"), google)
    trades, orders = result.record.trades, result.record.orders
    role_of = dict(zip(orders["id"], orders["role"], strict=True))
    stopped = np.array([role_of[number] == 1 for number in trades["exit_order"]])
    gapless = trades["net"][stopped] / 100_000
    assert stopped.sum() > 5
    assert np.median(gapless) == pytest.approx(-0.01, abs=0.004)


def test_the_rotation_never_holds_more_names_than_it_may(project, synthetic):
    # Every symbol has every bar here; where one has none, a sale waits for the next while the purchases go on.
    result = backtest(example(project, "momentum_rotation"), synthetic, params={"names": 3})
    assert held_by_row(result).sum(axis=1).max() == 3


def test_the_rotation_decides_on_the_first_session_of_a_month_only(project, djia):
    result = backtest(example(project, "momentum_rotation"), djia)
    days = result.record.timeline.sessions.labels.astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    rows = np.unique(result.record.orders["row"].astype(int))
    assert np.all(months[rows] != months[rows - 1])


def test_the_rotation_never_buys_a_name_without_a_bar(project, synthetic):
    late = synthetic_bars("LATE", start="2019-01-02", bars=800, seed=9, volatility=3.0)
    gapped = without_rows(synthetic["BB"], 500, 700)
    bars = {**synthetic, "BB": gapped, "LATE": late}
    result = backtest(example(project, "momentum_rotation"), bars, params={"names": 2})
    frame = result.orders
    bought = frame[(frame["side"] == "buy") & (frame["symbol"] == "LATE")]
    first = np.datetime64(int(late.close_time[126]), "ns")
    assert len(bought) > 0
    assert bought["time"].dt.tz_localize(None).min() >= first
    own = set(gapped.close_time.tolist())
    of_gapped = result.record.orders["book"] == list(bars).index("BB")
    decided = result.record.orders["row"][of_gapped].astype(int)
    assert all(int(result.record.timeline.close_time[row]) in own for row in decided)


def test_the_pair_stands_on_opposite_sides_in_equal_amounts(project, synthetic):
    pair = {name: synthetic[name] for name in ("AA", "BB")}
    record = backtest(example(project, "pairs"), pair, shorts=True).record
    events = record.events
    filled = {}
    for row, book, units, price in zip(events["row"], events["book"], events["position"], events["price"], strict=True):
        filled.setdefault(int(row), {})[int(book)] = units * price
    opened = [sides for sides in filled.values() if len(sides) == 2 and all(sides.values())]
    assert len(opened) > 10
    for sides in opened:
        assert sides[0] * sides[1] < 0
        assert abs(sides[0]) == pytest.approx(abs(sides[1]), rel=0.05)


def test_the_longer_timeframe_is_never_read_before_its_bar_is_complete(project, minutes):
    strategy = example(project, "multi_timeframe")
    short = replace_tail(minutes, 26 * 110 + 13)
    whole = backtest(strategy, minutes, params={"trend_timeframe": "1d"}).record.orders
    cut = backtest(strategy, short, params={"trend_timeframe": "1d"}).record.orders
    count = len(cut["row"])
    assert count > 10
    assert np.array_equal(whole["row"][:count], cut["row"])
    assert np.array_equal(whole["quantity"][:count], cut["quantity"])


def held_by_row(result) -> np.ndarray:
    """Which book holds anything after each row, rows by books."""
    record = result.record
    held = np.zeros((len(record.timeline), int(record.events["book"].max()) + 1), bool)
    for row, book, units in zip(record.events["row"], record.events["book"], record.events["position"], strict=True):
        held[int(row) :, int(book)] = units != 0
    return held


def without_rows(bars, first, stop):
    """The bars without some of their rows, each row a session of its own."""
    keep = np.r_[0:first, stop : len(bars)]
    columns = {name: column[keep] for name, column in bars.columns().items()}
    sessions = type(bars.sessions)(bars.sessions.labels[keep], np.arange(len(keep), dtype=np.int64))
    return replace(bars, **columns, sessions=sessions)


def replace_tail(bars, rows):
    """The first rows only."""
    columns = {name: column[:rows] for name, column in bars.columns().items()}
    return replace(bars, **columns, sessions=bars.sessions.cut(0, rows))

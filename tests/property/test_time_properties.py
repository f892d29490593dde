"""What holds for resampling and adjusting any bars: nothing is seen early, nothing lost, no return changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.timed_bars import sessions_of, timed

import tradewright as tw
from tradewright.domain.bars import Actions, Bars, SessionIndex
from tradewright.domain.errors import DataNotAvailableError
from tradewright.domain.timeframe import Timeframe
from tradewright.marketdata.adjust import adjust
from tradewright.marketdata.market import Market
from tradewright.marketdata.placement import Hours
from tradewright.marketdata.resample import resample

# Weeks with half days, changes of the clock, lunch, holidays and the end of a year.
WEEKS = [
    (tw.Equity("X", "XNYS"), "2023-11-20", "2023-12-01"),
    (tw.Equity("X", "XNYS"), "2024-10-28", "2024-11-08"),
    (tw.Equity("X", "XETR"), "2023-12-18", "2024-01-05"),
    (tw.Equity("X", "XHKG"), "2024-02-05", "2024-02-16"),
    (tw.Equity("X", "XTKS"), "2024-10-31", "2024-11-08"),
    (tw.FxPair("EURUSD"), "2023-12-28", "2024-01-05"),
    (tw.Crypto("BTCUSD"), "2023-12-28", "2024-01-05"),
]
FRAMES = ["15m", "30m", "1h", "4h", "1d", "2d", "1w", "1mo"]
CASES = [(sessions_of(instrument, "5m", first, last), frame) for instrument, first, last in WEEKS for frame in FRAMES]


def thinned(bars: Bars, kept: np.ndarray) -> Bars:
    """Some of the rows, as an illiquid market has them."""
    rows = np.flatnonzero(kept)
    columns = {name: column[rows] for name, column in bars.columns().items()}
    labels = bars.sessions.row_labels(len(bars))[rows]
    return replace(bars, **columns, sessions=SessionIndex.of_labels(labels))


@st.composite
def market(draw):
    bars, frame = draw(st.sampled_from(CASES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    share = draw(st.sampled_from([1.0, 0.7, 0.1]))
    kept = rng.random(len(bars)) < share
    kept[rng.integers(len(bars))] = True
    walk = 100.0 * np.exp(np.cumsum(rng.normal(0, 0.01, len(bars))))
    prices = {"open": walk, "high": walk * 1.01, "low": walk * 0.99, "close": walk}
    return thinned(replace(bars, **prices), kept), frame


@settings(max_examples=150, deadline=None)
@given(market(), st.floats(0, 1))
def test_what_is_visible_at_a_bar_is_what_its_past_alone_adds_up_to(case, share):
    bars, frame = case
    row = int(share * (len(bars) - 1))
    assume(_completes(bars, frame))
    series, last = Market({"X": bars}).pace(0, Timeframe.parse(frame))
    past = bars.rows(0, row + 1)
    if last[row] < 0:
        assert not _completes(past, frame)
        return
    seen = series.rows(0, int(last[row]) + 1)
    assert resample(past, frame).fingerprint == seen.fingerprint
    assert seen.close_time[-1] <= bars.close_time[row]


def _completes(bars: Bars, frame: str) -> bool:
    try:
        resample(bars, frame)
    except DataNotAvailableError:
        return False
    return True


@settings(max_examples=100, deadline=None)
@given(market())
def test_every_row_is_in_one_longer_bar(case):
    bars, frame = case
    longer = resample(bars, frame, keep_incomplete=True)
    place = np.searchsorted(longer.open_time, bars.open_time, "right") - 1
    assert (bars.close_time <= longer.close_time[place]).all()
    assert np.bincount(place, bars.volume, len(longer)) == pytest.approx(longer.volume)
    assert (longer.high[place] >= bars.high).all()
    assert (longer.low[place] <= bars.low).all()


@settings(max_examples=60, deadline=None)
@given(market())
def test_a_bar_below_a_day_spans_no_session_and_is_no_longer_than_it_says(case):
    bars, _ = case
    longer = resample(bars, "1h", keep_incomplete=True)
    assert (longer.close_time - longer.open_time <= Timeframe.parse("1h").nanoseconds).all()
    place = np.searchsorted(longer.open_time, bars.open_time, "right") - 1
    label = longer.sessions.row_labels(len(longer))
    assert (label[place] == bars.sessions.row_labels(len(bars))).all()


@settings(max_examples=60, deadline=None)
@given(market(), st.floats(0, 0.9))
def test_bars_do_not_depend_on_where_the_data_begin(case, share):
    """All but the first, which may begin in the middle."""
    bars, frame = case
    late = bars.rows(int(share * (len(bars) - 1)), len(bars))
    whole, part = (resample(each, frame, keep_incomplete=True) for each in (bars, late))
    assume(len(part) > 1)
    assert part.rows(1, len(part)).fingerprint == whole.rows(len(whole) - len(part) + 1, len(whole)).fingerprint


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(["5m", "1d"]))
def test_hours_around_the_session_are_never_seen_early(seed, frame):
    rng = np.random.default_rng(seed)
    stamps = np.arange(
        np.datetime64("2023-11-22T09:00", "ns"), np.datetime64("2023-11-23T00:30", "ns"), 300_000_000_000
    )
    chosen = np.sort(rng.choice(stamps.astype(np.int64), 20, replace=False))
    friday = np.datetime64("2023-11-24T09:00", "ns").astype(np.int64)
    bars = timed(tw.Equity("X", "XNYS"), "5m", np.append(chosen, friday), Hours.EXTENDED)
    days = resample(bars, "1d")
    assert days.close_time[0] == np.datetime64("2023-11-23T05:00", "ns").astype(np.int64)
    assert len(resample(bars, frame, keep_incomplete=True)) >= 1


@st.composite
def unadjusted(draw):
    bars = sessions_of(tw.Equity("X", "XNYS"), draw(st.sampled_from(["1d", "30m"])), "2023-11-13", "2023-12-08")
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    days = bars.sessions.labels
    chosen = st.lists(st.integers(int(days[0]) - 3, int(days[-1]) + 3), max_size=4, unique=True)
    splits, paid = (np.sort(np.array(draw(chosen), np.int64)) for _ in range(2))
    ratios = rng.choice([0.1, 0.5, 1.5, 2.0, 7.0], len(splits))
    walk = 100.0 * np.exp(np.cumsum(rng.normal(0, 0.01, len(bars))))
    prices = {"open": walk, "high": walk * 1.01, "low": walk * 0.99, "close": walk}
    return replace(bars, **prices, actions=Actions(splits, ratios, paid, rng.uniform(0.01, 2.0, len(paid))))


@settings(max_examples=80, deadline=None)
@given(unadjusted(), st.sampled_from(["split", "full"]))
def test_returns_inside_a_session_are_unchanged(bars, to):
    adjusted = adjust(bars, to)
    same = np.diff(bars.sessions.row_labels(len(bars))) == 0
    one, other = (each.close[1:] / each.close[:-1] for each in (bars, adjusted))
    assert other[same] == pytest.approx(one[same], rel=1e-12)
    assert adjusted.high / adjusted.low == pytest.approx(bars.high / bars.low, rel=1e-12)


@settings(max_examples=80, deadline=None)
@given(unadjusted())
def test_a_split_changes_neither_turnover_nor_the_last_session(bars):
    adjusted = adjust(bars, "split")
    assert adjusted.close * adjusted.volume == pytest.approx(bars.close * bars.volume, rel=1e-12)
    last = slice(int(bars.sessions.first_rows[-1]), None)
    assert adjusted.close[last].tolist() == bars.close[last].tolist()


@settings(max_examples=80, deadline=None)
@given(unadjusted())
def test_two_steps_are_one_and_again_is_nothing(bars):
    full = adjust(bars, "full")
    assert adjust(adjust(bars, "split"), "full").close == pytest.approx(full.close, rel=1e-12)
    assert adjust(full, "full") is full


@settings(max_examples=40, deadline=None)
@given(unadjusted())
def test_one_unit_held_through_splits_and_dividends_earns_what_adjusted_prices_earn(bars):
    """Total return with dividends reinvested at the close before: the meaning of the factor."""
    full, days = adjust(bars, "full"), bars.sessions.labels
    last = bars.sessions.last_rows(len(bars))
    units = 1.0
    for number in range(1, len(days)):
        between = (bars.actions.split_days > days[number - 1]) & (bars.actions.split_days <= days[number])
        paid = (bars.actions.dividend_days > days[number - 1]) & (bars.actions.dividend_days <= days[number])
        cash = 0.0
        for on, amount in zip(bars.actions.dividend_days[paid], bars.actions.dividends[paid], strict=True):
            until = between & (bars.actions.split_days <= on)
            cash += amount * np.prod(bars.actions.split_ratios[until])
        close = bars.close[last[number - 1]]
        units *= np.prod(bars.actions.split_ratios[between]) * close / (close - cash)
    earned = units * bars.close[-1] / bars.close[last[0]]
    assert full.close[-1] / full.close[last[0]] == pytest.approx(earned, rel=1e-10)

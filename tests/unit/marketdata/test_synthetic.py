from __future__ import annotations

import numpy as np
import pytest

from tradewright.domain.errors import CalendarError, ConfigError
from tradewright.domain.instrument import Crypto, Equity
from tradewright.domain.timeframe import Timeframe
from tradewright.face.bars import synthetic_bars
from tradewright.marketdata.synthetic import MarketModel, synthetic_market


def returns(bars) -> np.ndarray:
    return np.diff(np.log(bars.close))


def test_the_same_seed_gives_the_same_market_and_another_another():
    first, again, other = (synthetic_bars(bars=300, seed=seed) for seed in (5, 5, 6))
    assert first.fingerprint == again.fingerprint != other.fingerprint


def test_a_longer_market_begins_with_the_shorter_one():
    short, long = (synthetic_bars(timeframe="1h", bars=count) for count in (200, 20_000))
    assert np.array_equal(short.close, long.close[:200])
    assert np.array_equal(short.volume, long.volume[:200])


def test_bars_are_marked_synthetic_with_their_seed():
    bars = synthetic_bars(bars=5, seed=42)
    assert bars.synthetic
    assert bars.source == "SYNTHETIC seed=42"
    assert bars.instrument.id == "SYNTHETIC:SYN"


def test_prices_are_multiples_of_the_tick_and_volumes_whole():
    bars = synthetic_bars(bars=2000, tick=0.05)
    for column in (bars.open, bars.high, bars.low, bars.close):
        assert np.abs(column / 0.05 - np.round(column / 0.05)).max() < 1e-9
    assert np.array_equal(bars.volume, np.round(bars.volume))
    assert bars.volume.min() >= 1


def test_high_and_low_reach_beyond_the_body():
    bars = synthetic_bars(bars=2000)
    beyond = (bars.high > np.maximum(bars.open, bars.close)) | (bars.low < np.minimum(bars.open, bars.close))
    assert beyond.mean() > 0.9


def test_days_follow_the_exchange_calendar():
    bars = synthetic_bars(start="2023-11-20", end="2023-11-27")
    labels = bars.labels().view("datetime64[ns]").astype("datetime64[D]").astype(str).tolist()
    assert labels == ["2023-11-20", "2023-11-21", "2023-11-22", "2023-11-24", "2023-11-27"]
    assert str(bars.close_time.view("datetime64[ns]")[3])[:16] == "2023-11-24T18:00"


@pytest.mark.parametrize("timeframe", ["1m", "7m", "30m", "1h", "4h", "1d", "2d", "1w", "1mo", "3mo"])
@pytest.mark.parametrize("calendar", ["XNYS", "24/7", "24/5"])
def test_every_timeframe_gives_the_number_of_bars_asked_for(timeframe, calendar):
    assert len(synthetic_bars(timeframe=timeframe, bars=40, calendar=calendar)) == 40


@pytest.mark.parametrize("timeframe", ["5m", "1d"])
def test_volatility_is_about_a_fifth_a_year_whatever_the_timeframe(timeframe):
    bars = synthetic_bars(timeframe=timeframe, start="2010-01-01", end="2019-12-31")
    per_year = len(bars) / 10
    assert 0.15 < returns(bars).std() * np.sqrt(per_year) < 0.28


def test_volatility_scales_the_moves():
    calm, wild = (returns(synthetic_bars(volatility=scale)).std() for scale in (1.0, 2.0))
    assert wild == pytest.approx(2 * calm, rel=0.05)


def test_returns_have_fat_tails_from_switching_regimes():
    moves = returns(synthetic_bars(bars=5000))
    assert ((moves - moves.mean()) ** 4).mean() / moves.var() ** 2 > 4


def test_sessions_gap_overnight_and_markets_around_the_clock_do_not():
    def gaps(calendar):
        bars = synthetic_bars(timeframe="1h", bars=2000, calendar=calendar)
        first = bars.sessions.first_rows[1:]
        return np.abs(bars.open[first] - bars.close[first - 1])

    assert np.median(gaps("XNYS")) > 0.1
    assert gaps("24/7").max() == 0


def test_volume_is_highest_at_the_open_and_the_close():
    bars = synthetic_bars(timeframe="30m", bars=13 * 500)
    by_slot = bars.volume[: len(bars) // 13 * 13].reshape(-1, 13)[:200].mean(axis=0)
    assert min(by_slot[0], by_slot[-1]) > 1.5 * by_slot[6]


@pytest.mark.parametrize("correlation", [0.0, 0.7])
def test_symbols_share_moves_as_asked(correlation):
    market = synthetic_bars(["A", "B"], bars=4000, correlation=correlation)
    found = np.corrcoef(returns(market["A"]), returns(market["B"]))[0, 1]
    assert found == pytest.approx(correlation, abs=0.06)


def test_one_more_symbol_leaves_the_others_as_they_were():
    two, three = synthetic_bars(["A", "B"], bars=50), synthetic_bars(["A", "B", "C"], bars=50)
    assert np.array_equal(two["A"].close, three["A"].close)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"bars": 0}, "at least one bar, not 0"),
        ({"bars": 5, "end": "2020-01-01"}, "not both"),
        ({"end": "2010-01-01"}, "ends before it starts"),
        ({"start": "yesterday"}, "start='yesterday' is not a date"),
        ({"correlation": 2.0}, "correlation of a synthetic market lies between 0 and 1, not at 2.0"),
        ({"volatility": 0.0}, "volatility of a synthetic market must be positive, not 0.0"),
        ({"symbol": ["A", "A"]}, "symbols that differ"),
    ],
)
def test_impossible_markets_are_refused(said, reason):
    with pytest.raises(ConfigError, match=reason):
        synthetic_bars(**said)


def test_a_span_without_sessions_is_refused():
    with pytest.raises(CalendarError, match="no session between"):
        synthetic_bars(start="2024-01-06", end="2024-01-07")


def test_symbols_of_different_calendars_are_refused():
    with pytest.raises(ConfigError, match="share one calendar"):
        synthetic_market(
            [Crypto("A"), Equity("B")],
            Timeframe.parse("1d"),
            (0, None, 5),
            rng=np.random.default_rng(0),
            model=MarketModel(),
        )


def test_nothing_trades_during_lunch():
    bars = synthetic_bars(timeframe="1h", start="2024-02-08", end="2024-02-09", calendar="XHKG")
    assert [str(stamp)[:16] for stamp in bars.open_time.view("datetime64[ns]")] == [
        *(f"2024-02-08T{clock}" for clock in ("01:30", "02:30", "03:30", "05:00", "06:00", "07:00")),
        *(f"2024-02-09T{clock}" for clock in ("01:30", "02:30", "03:30")),
    ]

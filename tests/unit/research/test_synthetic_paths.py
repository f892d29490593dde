"""Prices made of the moves of real bars: shapes are kept, order is not."""

import numpy as np
import pytest

from tradewright.domain.bars import SessionIndex
from tradewright.domain.errors import ConfigError, DataError
from tradewright.research.synthetic_paths import PriceColumns, resampled_prices, rows_of_bars, rows_of_sessions


def rng(seed=3):
    return np.random.default_rng(seed)


def market(rows=200, seed=0):
    source = rng(seed)
    close = 100.0 * np.exp(np.cumsum(source.normal(0, 0.02, rows)))
    opens = np.concatenate([[100.0], close[:-1]]) * np.exp(source.normal(0, 0.005, rows))
    high = np.maximum(opens, close) * np.exp(np.abs(source.normal(0, 0.01, rows)))
    low = np.minimum(opens, close) * np.exp(-np.abs(source.normal(0, 0.01, rows)))
    return PriceColumns(opens, high, low, close, source.integers(1, 1_000, rows).astype(np.float64))


def test_the_rows_in_their_own_order_give_the_same_market():
    given = market()
    made = resampled_prices({"A": given}, np.arange(200))["A"]
    for before, after in zip(given, made, strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-12)


def test_every_bar_keeps_its_shape_gap_and_volume():
    given, rows = market(), rows_of_bars(200, 8.0, rng())
    made = resampled_prices({"A": given}, rows)["A"]
    np.testing.assert_allclose(made.high / made.open, (given.high / given.open)[rows])
    np.testing.assert_allclose(made.low / made.open, (given.low / given.open)[rows])
    np.testing.assert_allclose(made.close / made.open, (given.close / given.open)[rows])
    assert np.array_equal(made.volume, given.volume[rows])
    gaps = np.concatenate([[1.0], given.open[1:] / given.close[:-1]])[rows]
    np.testing.assert_allclose(made.open[1:] / made.close[:-1], gaps[1:])


def test_every_new_bar_is_possible_and_the_first_opens_where_the_market_did():
    given = market()
    for seed in range(20):
        made = resampled_prices({"A": given}, rows_of_bars(200, 3.0, rng(seed)))["A"]
        assert (made.low <= np.minimum(made.open, made.close)).all()
        assert (made.high >= np.maximum(made.open, made.close)).all()
        assert (made.low > 0).all()
        assert made.open[0] == pytest.approx(given.open[0])


def test_markets_drawn_together_keep_what_they_have_in_common():
    one, other = market(seed=1), market(seed=1)
    made = resampled_prices({"A": one, "B": other}, rows_of_bars(200, 5.0, rng()))
    assert np.array_equal(made["A"].close, made["B"].close)


def sessions(*lengths):
    first_rows = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    return SessionIndex(np.arange(len(lengths)) + 18_000, first_rows), sum(lengths)


def test_shorter_bars_are_drawn_by_whole_sessions_so_that_opens_fall_on_opens():
    index, rows = sessions(4, 4, 4, 4, 4)
    drawn = rows_of_sessions(index, rows, 2.0, rng())
    assert set(drawn[index.first_rows]) <= set(index.first_rows)
    assert (np.diff(drawn.reshape(5, 4), axis=1) == 1).all()


def test_a_half_day_takes_the_first_bars_and_gives_none_to_a_full_day():
    index, rows = sessions(4, 2, 4, 4)
    for seed in range(30):
        drawn = rows_of_sessions(index, rows, 1.0, rng(seed))
        assert {int(each) for each in drawn[[0, 6, 10]]} <= {0, 6, 10}
        assert drawn[5] == drawn[4] + 1


def test_markets_of_other_lengths_are_refused():
    with pytest.raises(ConfigError, match=r"The columns of B have \[150\] rows, not 200"):
        resampled_prices({"A": market(), "B": market(150)}, np.arange(200))


def test_prices_without_a_logarithm_are_refused():
    given = market()
    given.low[7] = 0.0
    with pytest.raises(DataError, match="A price of A is not above zero"):
        resampled_prices({"A": given}, np.arange(200))

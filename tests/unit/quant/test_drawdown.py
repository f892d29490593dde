import numpy as np
import pytest

from tradewright.quant import drawdown
from tradewright.quant.undefined import Undefined

# Down 20 % and back in three periods, up, then down 10 % and not back.
EQUITY = np.array([100.0, 90.0, 80.0, 100.0, 120.0, 108.0, 114.0])
RISING = np.array([100.0, 100.0, 101.0])


def test_the_series_is_zero_at_peaks_and_negative_elsewhere():
    np.testing.assert_allclose(drawdown.drawdown_series(EQUITY), [0.0, -0.1, -0.2, 0.0, 0.0, -0.1, -0.05])


def test_max_drawdown_is_never_positive():
    assert drawdown.max_drawdown(EQUITY) == pytest.approx(-0.2)
    assert drawdown.max_drawdown(RISING) == 0.0


def test_a_loss_in_the_first_period_counts_from_the_starting_capital():
    assert drawdown.max_drawdown(np.array([100.0, 75.0])) == -0.25


def test_episodes_run_from_peak_to_recovery_or_to_the_end():
    episodes = drawdown.drawdown_episodes(EQUITY)
    assert episodes.peak.tolist() == [0, 4]
    assert episodes.trough.tolist() == [2, 5]
    assert episodes.end.tolist() == [3, 6]
    assert episodes.recovered.tolist() == [True, False]
    np.testing.assert_allclose(episodes.depth, [-0.2, -0.1])


def test_average_drawdown_counts_each_drawdown_once():
    assert drawdown.average_drawdown(EQUITY) == pytest.approx(-0.15)


def test_durations_are_counted_in_periods_from_the_peak():
    assert drawdown.max_drawdown_duration(EQUITY) == 3
    assert drawdown.average_drawdown_duration(EQUITY) == 2.5
    assert drawdown.max_drawdown_duration(RISING) == 0


def test_ulcer_index_is_the_root_mean_square_of_the_series():
    assert drawdown.ulcer_index(EQUITY) == pytest.approx(np.sqrt((0.01 + 0.04 + 0.01 + 0.0025) / 7))


@pytest.mark.parametrize("metric", [drawdown.average_drawdown, drawdown.average_drawdown_duration])
def test_equity_that_never_fell_has_no_average_drawdown(metric):
    with pytest.raises(Undefined, match="equity never fell below a peak"):
        metric(RISING)


@pytest.mark.parametrize(
    ("equity", "reason"),
    [
        (np.array([]), "there are 0 equity values"),
        (np.array([0.0, 1.0]), "the starting capital is not positive"),
        (np.array([1.0, np.nan]), "the equity values are not finite at position 1"),
    ],
)
def test_what_has_no_drawdown_says_why(equity, reason):
    with pytest.raises(Undefined, match=reason):
        drawdown.max_drawdown(equity)

import numpy as np
import pytest

from tradewright.domain.errors import TradewrightError
from tradewright.quant import statistics
from tradewright.quant.arrays import divided, sequential_mean, sequential_sum
from tradewright.quant.undefined import Undefined

SAMPLE = np.array([1.0, 2.0, 3.0, 10.0])


def test_sums_run_from_first_to_last_as_a_loop_does():
    values = np.random.default_rng(5).normal(size=10_001) * 1e6
    total = 0.0
    for value in values.tolist():
        total += value
    assert sequential_sum(values) == total
    assert sequential_mean(values) == total / 10_001
    assert sequential_sum(np.array([])) == 0.0


def test_a_quotient_by_nothing_is_missing():
    np.testing.assert_array_equal(divided(np.array([1.0, 1.0, 1.0]), np.array([2.0, 0.0, -1.0])), [0.5, np.nan, np.nan])


def test_missing_values_are_dropped_or_zero_as_the_caller_says():
    gappy = np.array([np.nan, 0.1, np.nan])
    np.testing.assert_array_equal(statistics.drop_missing(gappy), [0.1])
    np.testing.assert_array_equal(statistics.missing_as_zero(gappy), [0.0, 0.1, 0.0])


def test_mean_and_deviation_by_hand():
    assert statistics.mean(SAMPLE) == 4.0
    assert statistics.deviation(SAMPLE, 0) == pytest.approx(np.sqrt(50.0 / 4.0))
    assert statistics.deviation(SAMPLE, 1) == pytest.approx(np.sqrt(50.0 / 3.0))


def test_skewness_and_kurtosis_by_hand():
    assert statistics.skewness(SAMPLE) == pytest.approx((-27.0 - 8.0 - 1.0 + 216.0) / 4.0 / 12.5**1.5)
    assert statistics.kurtosis(SAMPLE) == pytest.approx((81.0 + 16.0 + 1.0 + 1296.0) / 4.0 / 12.5**2)


def test_a_two_point_distribution_has_the_smallest_kurtosis():
    assert statistics.kurtosis(np.array([-1.0, 1.0, -1.0, 1.0])) == pytest.approx(1.0)


@pytest.mark.parametrize("values", [np.zeros(5), np.full(1_000_000, 0.1), np.full(7, -3.3)])
def test_constant_values_do_not_vary_whatever_rounding_leaves(values):
    with pytest.raises(Undefined, match="the returns do not vary"):
        statistics.varying_deviation(values)


def test_small_variation_around_zero_is_variation():
    assert statistics.varying_deviation(np.array([1e-12, -1e-12])) > 0.0


def test_the_size_of_the_parts_decides_whether_their_differences_vary():
    differences = np.array([1e-17, -1e-17, 2e-17])
    assert statistics.varying_deviation(differences) > 0.0
    with pytest.raises(Undefined, match="do not vary"):
        statistics.varying_deviation(differences, magnitude=0.01)


def test_undefined_belongs_to_the_error_tree_and_keeps_its_reason():
    error = Undefined("there are no closed trades")
    assert isinstance(error, TradewrightError)
    assert error.reason == str(error) == "there are no closed trades"

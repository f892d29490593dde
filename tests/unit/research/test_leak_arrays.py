"""Cuts, other futures, comparisons, memory and foresight: what the check for bias knows of arrays."""

from __future__ import annotations

import numpy as np
import pytest

from tradewright.research.leak_compare import changed_rows, first_difference, nearly_same, same
from tradewright.research.leak_cuts import cut_rows
from tradewright.research.leak_foresight import foresight, sample_statistics, whole_sample_scale
from tradewright.research.leak_futures import Future, altered, flat
from tradewright.research.leak_memory import MemoryKind, memory_of

RNG = np.random.default_rng


def walk(rows: int = 400, seed: int = 1) -> np.ndarray:
    return 100 * np.exp(np.cumsum(RNG(seed).normal(0, 0.01, rows)))


def prices(rows: int = 50) -> tuple[np.ndarray, np.ndarray]:
    close = walk(rows)
    opened = np.append(close[0], close[:-1])
    top, bottom = np.maximum(opened, close) * 1.01, np.minimum(opened, close) * 0.99
    return np.stack((opened, top, bottom, close)), np.arange(1.0, rows + 1)


def mean(close: np.ndarray, window: int, *, least: int) -> np.ndarray:
    out = np.full(len(close), np.nan)
    for row in range(least - 1, len(close)):
        out[row] = close[max(0, row - window + 1) : row + 1].mean()
    return out


def faded(close: np.ndarray, share: float) -> np.ndarray:
    out = np.empty(len(close))
    level = close[0]
    for row, value in enumerate(close):
        level += share * (value - level)
        out[row] = level
    return out


@pytest.mark.parametrize("future", Future)
@pytest.mark.parametrize("first", [0, 20, 49])
def test_another_future_is_possible_and_leaves_the_past_alone(future: Future, first: int) -> None:
    before, volume = prices()
    made, traded = altered(before, volume, first, future, RNG(3))
    opened, top, bottom, close = made
    assert np.array_equal(made[:, :first], before[:, :first])
    assert np.array_equal(traded[:first], volume[:first])
    assert not np.array_equal(made[:, first:], before[:, first:])
    assert (bottom > 0).all()
    assert (bottom <= np.minimum(opened, close)).all()
    assert (top >= np.maximum(opened, close)).all()


def test_a_crash_is_far_below_and_a_boom_far_above() -> None:
    before, volume = prices()
    crash, boom = (altered(before, volume, 25, future, RNG(3))[0] for future in (Future.CRASH, Future.BOOM))
    assert crash[3, 25:].max() < 0.8 * before[3, 24]
    assert boom[3, 25:].min() > 1.1 * before[3, 24]


def test_nothing_happens_in_flat_bars() -> None:
    made, traded = flat(*prices(), 30)
    assert np.unique(made[:, 30:]).tolist() == [prices()[0][3, 29]]
    assert np.unique(traded[30:]).tolist() == [30.0]


def test_cuts_lie_at_decisions_at_rare_rows_and_everywhere() -> None:
    rows = cut_rows(10, 1000, np.array([100, 500]), 40, RNG(0), np.array([777]))
    assert {100, 500, 777, 10, 999} <= set(rows)
    assert rows == sorted(set(rows))
    assert len(rows) < 60
    assert max(np.diff(rows)) < 150


def test_cuts_are_the_same_every_time() -> None:
    decided = np.arange(0, 1000, 7)
    assert cut_rows(0, 1000, decided, 30, RNG(5)) == cut_rows(0, 1000, decided, 30, RNG(5))


def test_a_missing_value_that_appears_is_a_change_and_a_rounding_is_none() -> None:
    known, later = np.array([np.nan, np.nan, 1.0, 2.0]), np.array([np.nan, 5.0, 1.0 + 1e-13, 2.1])
    assert changed_rows(known, later).tolist() == [1, 3]


def test_values_are_the_same_with_missing_numbers_inside() -> None:
    assert same((1, {"a": float("nan")}), (1, {"a": float("nan")}))
    assert not same((1, 2.0), (1, 2.1))
    assert first_difference([1, 2, 3], [1, 2]) == 2
    assert nearly_same((1, 100.0), (1, 101.0), 0.02)
    assert not nearly_same((1, 100.0), (1, 103.0), 0.02)


def test_a_window_is_forgotten_all_at_once() -> None:
    close = walk()
    later = [(row, mean(close[row:], 30, least=1)) for row in (50, 120, 180)]
    assert memory_of(mean(close, 30, least=1), later).kind is MemoryKind.EXACT
    assert memory_of(mean(close, 30, least=1), later).bars == 29


def test_a_window_with_missing_values_at_its_head_has_nothing_to_forget() -> None:
    close = walk()
    assert memory_of(mean(close, 30, least=30), [(60, mean(close[60:], 30, least=30))]).bars == 0


def test_an_exponential_average_fades_and_a_mean_of_everything_lasts() -> None:
    close = walk()
    fading = memory_of(faded(close, 0.05), [(row, faded(close[row:], 0.05)) for row in (60, 120, 180)])
    lasting = memory_of(mean(close, 999, least=1), [(row, mean(close[row:], 999, least=1)) for row in (60, 120, 180)])
    assert fading.kind is MemoryKind.FADING
    assert 30 < fading.bars < 200
    assert lasting.kind is MemoryKind.LASTING


@pytest.mark.parametrize(
    "made",
    [
        lambda c: np.append(c[1:], c[-1]),
        lambda c: np.append(np.sign(np.diff(c)), 0.0),
        lambda c: np.convolve(c, np.ones(7) / 7, "same"),
        lambda c: np.append(c[3:] / c[:-3] - 1, np.zeros(3)),
    ],
)
def test_columns_with_the_future_in_them_foretell(made: object) -> None:
    assert foresight(made(walk()), walk()) is not None  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(8))
def test_columns_of_the_past_foretell_nothing(seed: int) -> None:
    close = walk(seed=seed)
    noise = RNG(seed + 100).normal(size=len(close))
    for column in (close, np.append(0.0, np.diff(close)), faded(close, 0.1), mean(close, 20, least=1), noise):
        assert foresight(column, close) is None


def test_scaling_by_the_whole_sample_is_named() -> None:
    close = walk()
    assert "deviation" in str(whole_sample_scale((close - close.mean()) / close.std(), {"close": close}))
    assert "extremes" in str(whole_sample_scale((close - close.min()) / np.ptp(close), {"close": close}))
    assert whole_sample_scale(close / close[0], {"close": close}) is None


def test_statistics_of_the_sample_have_names() -> None:
    found = dict(sample_statistics({"close": walk()}))
    assert found["the mean of the closes"] == walk().mean()
    assert found["the 25 % quantile of the closes"] == np.quantile(walk(), 0.25)

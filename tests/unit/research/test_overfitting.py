"""Combinatorially symmetric cross-validation: hand-computed cases, a naive second reading, and what it refuses."""

import math
import tracemalloc
from itertools import combinations

import numpy as np
import pytest

from tradewright.domain.errors import ConfigError
from tradewright.quant.ratios import sharpe
from tradewright.quant.undefined import Undefined
from tradewright.research import overfitting
from tradewright.research.overfitting import mean_performance, probability_of_overfitting


def noise(rows, trials, seed=0):
    return np.random.default_rng(seed).normal(0.0, 0.01, (rows, trials))


def naive(returns, blocks, score):
    """The paper's five steps, written down with loops: logits and both performances per split, in any order."""
    parts = np.array_split(returns[len(returns) % blocks :], blocks)
    found = []
    for chosen in combinations(range(blocks), blocks // 2):
        inside = np.concatenate([parts[b] for b in chosen])
        outside = np.concatenate([parts[b] for b in range(blocks) if b not in chosen])
        scores = [score(inside[:, n]) for n in range(returns.shape[1])]
        best = scores.index(max(scores))
        others = [score(outside[:, n]) for n in range(returns.shape[1])]
        rank = sum(each < others[best] for each in others) + 1
        share = rank / (len(others) + 1)
        found.append((math.log(share / (1 - share)), scores[best], others[best]))
    return sorted(found)


def splits_of(result):
    return sorted(zip(result.logits, result.in_sample, result.out_of_sample, strict=True))


@pytest.mark.parametrize(("rows", "trials", "blocks"), [(40, 5, 4), (67, 8, 6), (100, 3, 8)])
def test_it_is_the_procedure_of_the_paper_written_with_loops(rows, trials, blocks):
    returns = noise(rows, trials, seed=rows)
    result = probability_of_overfitting(returns, blocks)
    expected = naive(returns, blocks, lambda column: sharpe(column, 1.0))
    np.testing.assert_allclose(splits_of(result), expected, rtol=1e-9, atol=1e-12)


def test_another_performance_is_the_same_procedure():
    returns = noise(60, 6, seed=5)
    result = probability_of_overfitting(returns, 6, performance=mean_performance)
    np.testing.assert_allclose(splits_of(result), naive(returns, 6, np.mean), rtol=1e-9, atol=1e-14)


def by_block(*columns):
    """Rows of five per block: the value of the block, with a wiggle that cancels over it; exact in binary."""
    wiggle = np.array([-1, 1, 0, 1, -1]) / 64
    return np.column_stack([np.concatenate([value + wiggle for value in column]) for column in columns])


def test_two_trials_that_earn_in_turns_are_overfit_whenever_the_halves_differ():
    # A earns in blocks 0 and 1, B in 2 and 3. {0,1} picks A, {2,3} picks B: each is the worse one in the other half.
    # In the other four splits both earn 2 of 4, a tie: the first is taken and shares the middle rank, a logit of 0.
    result = probability_of_overfitting(by_block((2, 2, 0, 0), (0, 0, 2, 2)), 4, performance=mean_performance)
    assert result.splits == 6
    assert result.probability == 1.0
    worst = math.log((1 / 3) / (2 / 3))
    assert sorted(result.logits) == pytest.approx([worst, worst, 0.0, 0.0, 0.0, 0.0])
    assert sorted(result.in_sample) == pytest.approx([1.0, 1.0, 1.0, 1.0, 2.0, 2.0])
    assert sorted(result.out_of_sample) == pytest.approx([0.0, 0.0, 1.0, 1.0, 1.0, 1.0])
    assert result.degradation() == pytest.approx(-1.0)
    assert result.probability_of_loss == 0.0


def test_a_trial_that_is_better_in_every_block_is_never_overfit():
    result = probability_of_overfitting(by_block((3, 4, 3, 4), (1, 2, 1, 2), (0, -1, 0, -1)), 4)
    assert result.probability == 0.0
    assert list(result.logits) == pytest.approx([math.log(0.75 / 0.25)] * 6)


def test_the_share_of_splits_with_a_loss_out_of_sample():
    # The best two blocks of A are 0 and 1; outside it loses. B always earns a little.
    result = probability_of_overfitting(by_block((5, 5, -1, -1), (1, 1, 1, 1)), 4, performance=mean_performance)
    # {0,1} picks A, which then loses; {2,3} picks B; in the mixed splits A earns 2 in both halves.
    assert result.probability_of_loss == pytest.approx(1 / 6)


def test_rows_that_do_not_fill_the_blocks_are_left_out_at_the_beginning():
    returns = noise(43, 4)
    result, shorter = probability_of_overfitting(returns, 8), probability_of_overfitting(returns[3:], 8)
    assert (result.rows, result.rows_left_out) == (40, 3)
    assert np.array_equal(result.logits, shorter.logits)


def test_trials_that_never_vary_are_left_out_and_counted():
    returns = noise(64, 4)
    padded = np.insert(returns, [0, 2, 4], [0.0, 0.001, -0.002], axis=1)
    result = probability_of_overfitting(padded, 8)
    assert (result.trials, result.trials_left_out) == (4, 3)
    assert np.array_equal(result.logits, probability_of_overfitting(returns, 8).logits)


def test_a_trial_that_did_nothing_in_one_half_scores_as_cash_does():
    # B trades in the first two blocks only; where the others lost, cash is the better choice and is chosen.
    losing = by_block((-1, -1, -1, -1))
    still = by_block((-2, -2, 0, 0))
    still[10:] = 0.0
    result = probability_of_overfitting(np.column_stack([losing, still]), 4)
    assert 0.0 in result.in_sample
    assert np.isfinite(result.logits).all()


def test_of_trials_that_tie_in_sample_the_first_is_chosen(monkeypatch):
    # Neither of the last two trades in the first half, which the other one loses; outside one earns, the other loses.
    losing, earns, loses = by_block((-1, -1, -1, -1)), by_block((0, 0, 1, 1)), by_block((0, 0, -1, -1))
    earns[:10], loses[:10] = 0.0, 0.0
    for width in (10, 1):
        monkeypatch.setattr(overfitting, "_TILE_BYTES", 8 * 4 * 4 * width)
        found = probability_of_overfitting(np.column_stack([losing, earns, loses]), 4)
        assert found.out_of_sample[found.in_sample == 0.0] > 0.0


def test_constant_returns_in_one_half_are_no_infinite_sharpe_ratio():
    # Whatever the constant, rounding leaves some variance or less than none: neither may count.
    for constant in (0.1, 0.07, 0.013, 0.0003):
        returns = noise(40, 3, seed=2)
        returns[20:, 0] = constant
        assert np.abs(probability_of_overfitting(returns, 4).in_sample).max() < 2.0


def test_the_number_of_tiles_changes_no_bit(monkeypatch):
    returns = noise(64, 50)
    whole = probability_of_overfitting(returns, 8)
    monkeypatch.setattr(overfitting, "_TILE_BYTES", 8 * (64 + 4 * 16) * 7)
    monkeypatch.setattr(overfitting, "_CHUNK_BYTES", 8 * 7 * 3)
    tiled = probability_of_overfitting(returns, 8)
    assert np.array_equal(whole.logits, tiled.logits)
    assert np.array_equal(whole.out_of_sample, tiled.out_of_sample)


def test_memory_is_bounded_for_many_trials():
    returns = noise(3_000, 1_000)
    tracemalloc.start()
    probability_of_overfitting(returns, 10)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64e6


def test_the_number_of_splits_is_that_of_the_paper():
    result = probability_of_overfitting(noise(160, 3))
    assert (result.blocks, result.splits) == (16, 12_870)


@pytest.mark.parametrize(("rows", "blocks"), [(1000, 16), (80, 16), (79, 14), (59, 10), (20, 4)])
def test_fewer_rows_make_fewer_blocks(rows, blocks):
    assert overfitting.blocks_for(rows) == blocks


def test_too_few_rows_say_how_many_are_needed():
    with pytest.raises(Undefined, match="19 returns for each trial and at least 20"):
        probability_of_overfitting(noise(19, 4))
    with pytest.raises(Undefined, match="64 returns for each trial and 16 blocks need at least 80"):
        probability_of_overfitting(noise(64, 4), 16)


@pytest.mark.parametrize("blocks", [2, 7, 22])
def test_an_impossible_number_of_blocks_is_refused(blocks):
    with pytest.raises(ConfigError, match=f"over {blocks} blocks"):
        probability_of_overfitting(noise(500, 4), blocks)


def test_one_trial_is_no_choice():
    with pytest.raises(Undefined, match="there are 1 trials to choose from and at least 2"):
        probability_of_overfitting(noise(100, 1))
    with pytest.raises(Undefined, match="there are 0 trials to choose from"):
        probability_of_overfitting(np.empty((100, 0)))
    with pytest.raises(Undefined, match=r"1 trials to choose from \(2 more never vary\)"):
        probability_of_overfitting(np.column_stack([noise(100, 1), np.zeros((100, 2))]))


def test_identical_trials_are_no_choice_either():
    with pytest.raises(Undefined, match="all 3 trials have the same returns"):
        probability_of_overfitting(np.repeat(noise(100, 1), 3, axis=1))


def test_a_missing_return_is_named():
    returns = noise(100, 3)
    returns[7, 2] = np.nan
    with pytest.raises(Undefined, match="trial 2 is not finite in period 7"):
        probability_of_overfitting(returns)


def test_returns_of_one_trial_alone_are_no_matrix():
    with pytest.raises(ConfigError, match="1 dimensions, not 2"):
        probability_of_overfitting(np.zeros(100))


def test_degradation_needs_performances_that_differ():
    result = probability_of_overfitting(by_block((3, 3, 3, 3), (1, 1, 1, 1)), 4)
    with pytest.raises(Undefined, match="performed alike in every split"):
        result.degradation()


def test_the_returns_are_left_as_they_were():
    returns = noise(64, 4)
    before = returns.copy()
    probability_of_overfitting(returns)
    assert np.array_equal(returns, before)

"""Plateaus and peaks on grids and in samples, choices over folds, and what is kept out of sample."""

import math

import numpy as np
import pytest

from tradewright.domain.space import Range, Space
from tradewright.quant.undefined import Undefined
from tradewright.research.stability import Surroundings, overall_efficiency, parameter_stability, walk_efficiency

GRID = Space({"fast": [5, 10, 50], "slow": [100, 200, 300]})
EVERY = [GRID.at(number) for number in range(9)]


def on_grid(*rows):
    return Surroundings(GRID, EVERY, [value for row in rows for value in row])


def test_on_a_grid_neighbours_are_one_step_away_in_the_order_of_values():
    middle = on_grid((1, 2, 3), (4, 9, 6), (7, 8, 5)).of(4)
    assert middle.neighbours == (0, 1, 2, 3, 5, 6, 7, 8)
    assert middle.by_steps
    corner = on_grid((9, 2, 3), (4, 1, 6), (7, 8, 5)).of(0)
    assert corner.neighbours == (1, 3, 4)
    assert corner.values == (2, 4, 1)


def test_what_surrounds_a_trial_in_numbers():
    around = on_grid((1, 2, -3), (4, 10, 6), (7, 8, 0)).of(4)
    assert around.mean == pytest.approx(25 / 8)
    assert around.median == 3.0
    assert around.worst == -3
    assert around.share_positive == 6 / 8
    assert around.share_within() == 3 / 8
    assert around.share_within(0.8) == 1 / 8


def test_a_neighbour_without_a_value_keeps_nothing_and_is_no_number():
    around = on_grid((math.nan, 8, 8), (8, 10, 8), (8, 8, 8)).of(4)
    assert around.mean == 8.0
    assert around.share_within() == 7 / 8
    assert around.share_positive == 7 / 8


def test_the_order_in_which_values_are_listed_makes_no_neighbours():
    space = Space({"n": [50, 5, 10]})
    around = Surroundings(space, [{"n": 5}, {"n": 10}, {"n": 50}], [1, 2, 3]).of(2)
    assert around.neighbours == (1,)


def test_with_many_parameters_at_most_two_move_at_once():
    space = Space({name: [1, 2, 3] for name in "abc"})
    params = [space.at(number) for number in range(27)]
    assert len(Surroundings(space, params, [0.0] * 27).of(13).neighbours) == 2 * 3 * 3


def test_kinds_have_no_steps_so_neighbours_are_of_the_same_kind():
    space = Space({"n": [1, 2, 3], "kind": ["sma", "ema"], "on": [True, False]})
    params = [space.at(number) for number in range(12)]
    around = Surroundings(space, params, range(12)).of(4)
    assert around.neighbours == (0, 8)


def test_ranges_with_steps_are_grids_too():
    space = Space({"x": Range(0.1, 0.5, step=0.1)})
    params = [space.at(number) for number in range(5)]
    assert Surroundings(space, params, range(5)).of(2).neighbours == (1, 3)


def test_in_a_sample_neighbours_are_the_nearest_trials():
    space = Space({"x": Range(0.0, 1.0), "y": Range(0.0, 100.0)})
    points = [(0.5, 50), (0.6, 50), (0.5, 65), (0.1, 50), (0.5, 30), (0.5, 52), (0.9, 90)]
    around = Surroundings(space, [{"x": x, "y": y} for x, y in points], [7, 6, 5, 4, 3, 2, 1]).of(0)
    assert around.neighbours == (1, 2, 4, 5)
    assert not around.by_steps


def test_logarithmic_ranges_measure_distance_in_the_logarithm():
    space = Space({"x": Range(1.0, 10_000.0, log=True)})
    params = [{"x": x} for x in (100.0, 1.0, 900.0, 2_000.0, 9.0)]
    assert Surroundings(space, params, [5, 4, 3, 2, 1]).of(0).neighbours == (2, 4)


def test_a_thin_sample_of_a_grid_is_judged_by_its_nearest_trials():
    space = Space({"a": range(100), "b": range(100)})
    params = [{"a": 50, "b": 50}, {"a": 50, "b": 51}, {"a": 10, "b": 90}, {"a": 60, "b": 60}]
    around = Surroundings(space, params, [3, 2, 1, 0]).of(0)
    assert not around.by_steps
    assert around.neighbours == (1, 2, 3)


def test_one_parameter_that_cannot_move_is_no_axis():
    space = Space({"n": [1, 2, 3], "fixed": [7]})
    around = Surroundings(space, [space.at(number) for number in range(3)], [1, 2, 3]).of(2)
    assert around.by_steps
    assert around.neighbours == (1,)


def test_a_plateau_scores_above_a_higher_peak():
    surroundings = on_grid((10, 0, 0), (0, 6, 7), (0, 7, 7))
    scores = surroundings.plateau_scores()
    assert surroundings.best() == 0
    assert int(np.argmax(scores)) == 8
    assert scores[0] == pytest.approx((10 + 0 + 0 + 6) / 4)
    assert scores[8] == pytest.approx((6 + 7 + 7 + 7) / 4)


def test_the_edge_of_what_works_is_no_plateau():
    scores = on_grid((math.nan, 5, 5), (5, 5, 5), (5, 5, 1)).plateau_scores()
    assert math.isnan(scores[0])
    assert scores[1] == pytest.approx((5 + 1 + 4 * 5) / 6)


def test_where_nothing_is_near_nothing_is_said():
    space = Space({"kind": ["sma", "ema"]})
    with pytest.raises(Undefined, match="no parameter takes more than one number"):
        Surroundings(space, [{"kind": "sma"}, {"kind": "ema"}], [1, 2]).of(0)


def test_a_trial_alone_of_its_kind_has_no_neighbours():
    space = Space({"x": Range(0.0, 1.0), "kind": ["sma", "ema"]})
    around = Surroundings(space, [{"x": 0.1, "kind": "sma"}, {"x": 0.1, "kind": "ema"}], [1, 2]).of(1)
    for question in ("mean", "median", "worst", "share_positive"):
        with pytest.raises(Undefined, match="the trial has no neighbours"):
            getattr(around, question)


def test_a_share_of_a_loss_means_nothing():
    with pytest.raises(Undefined, match="not above zero"):
        on_grid((-1, -2, -3), (-4, 0, -6), (-7, -8, -5)).of(4).share_within()


def test_without_any_value_nothing_is_best():
    with pytest.raises(Undefined, match="no trial has a value"):
        on_grid(*[[math.nan] * 3] * 3).best()
    alone = Surroundings(Space({"n": [1, 2]}), [{"n": 1}, {"n": 2}], [1.0, math.nan]).of(0)
    with pytest.raises(Undefined, match="no neighbour of the trial has a value"):
        assert alone.mean


# ---------------------------------------------------------------- over the folds


def folds(*values, space=None):
    (name,) = space or Space({"n": range(101)})
    return parameter_stability(space or Space({"n": range(101)}), [None if v is None else {name: v} for v in values])[0]


def test_a_choice_that_never_moves():
    found = folds(30, 30, 30)
    assert (found.usual, found.usual_share, found.changes, found.dispersion) == (30, 1.0, 0.0, 0.0)


def test_a_choice_that_jumps_between_the_ends():
    found = folds(0, 100, 0, 100)
    assert (found.changes, found.dispersion) == (1.0, 0.5)


def test_dispersion_is_relative_to_the_range_searched():
    assert folds(20, 40).dispersion == pytest.approx(0.1)
    assert folds(20, 40, space=Space({"n": Range(20, 40)})).dispersion == 0.5


def test_folds_without_a_choice_stay_visible_and_do_not_count():
    found = folds(20, None, 20, 40)
    assert found.values == (20, None, 20, 40)
    assert found.usual_share == pytest.approx(2 / 3)
    assert found.changes == 0.5


def test_values_that_are_no_numbers_change_but_have_no_dispersion():
    found = folds("sma", "ema", "ema", space=Space({"kind": ["sma", "ema"]}))
    assert (found.usual, found.changes, found.dispersion) == ("ema", 0.5, None)
    assert found.reason == "its values are no numbers"


@pytest.mark.parametrize("values", [(), (None,), (30,), (30, None)])
def test_one_choice_shows_no_movement(values):
    found = folds(*values)
    assert (found.changes, found.dispersion, found.reason) == (None, None, "fewer than two folds chose")


def test_efficiency_is_what_is_left_of_the_return_in_training():
    assert walk_efficiency(0.06, 0.12) == 0.5
    assert walk_efficiency(-0.06, 0.12) == -0.5


@pytest.mark.parametrize("train", [0.0, -0.1])
def test_where_training_earned_nothing_there_is_no_efficiency(train):
    with pytest.raises(Undefined, match="the return in training is not above zero"):
        walk_efficiency(0.1, train)


def test_overall_efficiency_is_not_ruled_by_one_poor_fold():
    assert overall_efficiency([0.05, 0.10], [0.001, 0.299]) == pytest.approx(0.5)
    with pytest.raises(Undefined, match="nothing was chosen in any fold"):
        overall_efficiency([], [])

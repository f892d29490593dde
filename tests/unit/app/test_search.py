"""Searching parameters: what a trial is, what becomes of those that fail, what is refused, and what is the same."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.compiled_worlds import load
from tests.search_rows import differences

import tradewright as tw
from tradewright import Param, Strategy
from tradewright import indicators as ta
from tradewright.adapters.storage.memory.trial_ledger import MemoryTrialLedger
from tradewright.domain.errors import (
    ConfigError,
    DataNotAvailableError,
    DataQualityError,
    ResourceError,
    TradewrightError,
)
from tradewright.domain.search import Trial, TrialState
from tradewright.ports.trial_ledger import KeptTrial
from tradewright.quant.ratios import per_period
from tradewright.research.overfitting import probability_of_overfitting

BARS = tw.synthetic_bars(["ACME"], bars=150, seed=3)
SPACE = {"fast": [2, 3, 4, 5], "slow": [8, 10, 12]}


class Cross(Strategy):
    """Long while the fast average is above the slow one."""

    fast = Param(3)
    slow = Param(9)
    weight = Param(0.5)

    def setup(self) -> None:
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.sma, "close", self.slow)

    def on_bar(self, ctx: Any) -> None:
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(self.weight)
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.close_position()


def search(strategy: Any = Cross, bars: Any = BARS, **options: Any) -> Any:
    usual = {"params": SPACE, "ledger": False, "executor": "threads", "workers": 1, "engine": "python"}
    return tw.optimize(strategy, bars, **{**usual, **options})


def row(search: Any, number: int) -> Any:
    return search.record.trials[number]


# ---------------------------------------------------------------- what a trial is


def test_every_trial_is_scored_from_the_largest_warm_up_of_the_space() -> None:
    found = search(params={"fast": [2], "slow": [8, 40]})
    labels = BARS["ACME"].labels().astype("datetime64[ns]").astype("datetime64[D]")
    assert found.record.warmup_bars == 41
    assert found.start == found.record.config.start == str(labels[40])
    assert len(found.record.returns) == len(labels) - 40


@pytest.mark.parametrize("counted", ["ready", "start"])
def test_a_trial_that_is_ready_later_than_the_corners_of_its_space_held_cash_until_then(counted: str) -> None:
    class Arch(Cross):
        bow = Param(0.5)

        def setup(self) -> None:
            self.fast_ma = self.use(ta.sma, "close", 2)
            self.slow_ma = self.use(ta.sma, "close", int(5 + 100 * self.bow * (1 - self.bow)))

    found = search(Arch, params={"bow": tw.Range(0.0, 1.0)}, method="random", trials=6, metrics_from=counted)
    lengths = [np.flatnonzero(found.record.returns_of(each))[0] for each in found.record.trials]
    assert len(found.record.returns) == len(found.record.labels)
    assert max(lengths) > min(lengths)
    for trial in found.record.trials:
        alone = tw.backtest(Arch, BARS, params=trial.params, start=found.start, metrics_from=counted)
        assert trial.metrics["sharpe"] == alone.metrics["sharpe"]


def test_combinations_that_make_no_sense_do_not_decide_the_start() -> None:
    found = search(params={"fast": [2, 50], "slow": [8, 40]}, where=lambda p: p["fast"] < p["slow"])
    assert found.record.warmup_bars == 41


def test_a_start_that_was_said_is_kept_where_it_is_late_enough() -> None:
    late = str(BARS["ACME"].labels().astype("datetime64[ns]").astype("datetime64[D]")[60])
    assert search(start=late).start == late


def test_best_result_is_the_plain_backtest_and_knows_its_trials() -> None:
    found = search()
    result = found.best_result
    assert result.hash == tw.backtest(Cross, BARS, params=found.best_params, start=found.start).hash
    assert result.evidence.trials == 12
    assert result.metrics["sharpe"] == found.best.value


def test_indicators_are_evaluated_once_for_each_set_of_arguments() -> None:
    calls: list[int] = []

    def counted(close: Any, period: int) -> Any:
        calls.append(period)
        return ta.sma(close, period)

    class Counting(Cross):
        def setup(self) -> None:
            self.fast_ma = self.use(counted, "close", self.fast)
            self.slow_ma = self.use(counted, "close", self.slow)

    found = search(Counting, workers=3)
    assert sorted(calls) == [2, 3, 4, 5, 8, 10, 12]
    assert differences(found, Counting, BARS) == []


def test_progress_tells_trials_done_all_and_the_best_so_far() -> None:
    told: list[Any] = []
    found = search(progress=lambda done, total, best: told.append((done, total, best)))
    assert told[-1] == (12, 12, found.best)
    assert told[0][0] == 0


@pytest.mark.parametrize("workers", [1, 3])
def test_the_record_does_not_hang_on_the_number_of_threads(workers: int) -> None:
    one, other = search(), search(workers=workers)
    assert one.to_json() == other.to_json()
    assert one.record.returns.tobytes() == other.record.returns.tobytes()


@pytest.mark.parametrize("method", ["random", "stratified", "tpe", "nsga2"])
def test_trials_that_are_drawn_are_the_same_again_and_by_any_number_of_workers(method: str) -> None:
    space = {"fast": tw.Range(2, 6), "slow": tw.Range(8, 20), "weight": tw.Range(0.1, 0.9)}
    drawn = [
        search(params=space, method=method, trials=12, seed=seed, workers=w) for seed, w in ((1, 1), (1, 3), (2, 1))
    ]
    params = [[trial.params for trial in each.record.trials] for each in drawn]
    assert params[0] == params[1] != params[2]


@pytest.mark.parametrize("timeframe", ["1w", "1d", "15m"])
def test_symbols_with_unlike_times_are_searched_as_they_are_run(timeframe: str) -> None:
    class Several(Cross):
        def on_bar(self, ctx: Any) -> None:
            for symbol in ctx.symbols:
                if self.fast_ma[symbol].crossed_above(self.slow_ma[symbol]):
                    ctx.target_percent(self.weight / 2, symbol)
                elif self.fast_ma[symbol].crossed_below(self.slow_ma[symbol]):
                    ctx.close_position(symbol)

    bars = tw.synthetic_bars(["A", "B"], bars=90, seed=5, timeframe=timeframe)
    bars = {"A": bars["A"], "B": bars["B"].rows(30, 80)}
    found = search(Several, bars, params={"fast": [2, 4], "slow": [8, 11]})
    assert {trial.state for trial in found.record.trials} == {TrialState.DONE}
    assert differences(found, Several, bars) == []


@pytest.mark.parametrize("space", [{"n": [1, 2]}, {"levels": [[2], [3]]}], ids=["the default", "the space"])
@pytest.mark.parametrize("kind", ["class", "function"])
def test_what_a_trial_puts_into_a_list_is_not_there_for_the_next(space: dict[str, Any], kind: str) -> None:
    class Growing(Strategy):
        levels = Param([1])
        n = Param(1)

        def on_bar(self, ctx: Any) -> None:
            self.levels.append(1)
            ctx.target_percent(0.9 if len(self.levels) % 7 else 0.1)

    def growing(ctx: Any, levels: Any = [1], n: int = 1) -> None:  # noqa: B006 - that is the point
        levels.append(1)
        ctx.target_percent(0.9 if len(levels) % 7 else 0.1)

    found = search(Growing if kind == "class" else growing, params=space)
    assert len({trial.value for trial in found.record.trials}) == 1
    assert [dict(trial.params) for trial in found.record.trials] == [
        {name: values[place]} for name, values in space.items() for place in range(2)
    ]
    assert found.best_result.record.strategies[0].params["levels"] in ([1], [2], [3])


# ---------------------------------------------------------------- what fails, fails alone


def test_a_trial_that_raises_fails_with_file_and_line_and_the_others_go_on(tmp_path: Path) -> None:
    text = (
        "from tradewright import Param, Strategy\n\n\nclass Picky(Strategy):\n    fast = Param(1)\n\n"
        "    def on_bar(self, ctx):\n        if self.fast == 2:\n            raise ValueError('not two')\n"
    )
    found = search(load(text, tmp_path / "picky.py", "Picky"), params={"fast": [1, 2, 3]})
    assert [trial.state for trial in found.record.trials] == ["done", "failed", "done"]
    assert "picky.py:9" in row(found, 1).reason.replace(", line ", ":")
    assert "not two" in row(found, 1).reason
    assert found.record.columns.tolist() == [0, 2]


@pytest.mark.parametrize("engine", ["python", "auto"])
@pytest.mark.parametrize("bad", [2, 3])
def test_a_combination_that_cannot_be_set_up_fails_alone_also_the_first(bad: int, engine: str) -> None:
    class Picky(Cross):
        def setup(self) -> None:
            if self.fast == bad:
                raise ValueError("not this one")
            super().setup()

    found = search(Picky, params={"fast": [2, 3]}, engine=engine)
    assert [trial.params["fast"] for trial in found.record.trials if trial.state is TrialState.FAILED] == [bad]
    assert "not this one" in row(found, bad - 2).reason


def test_a_strategy_that_cannot_be_made_fails_its_trial_alone() -> None:
    class Picky(Cross):
        def __init__(self, **params: Any) -> None:
            super().__init__(**params)
            if self.fast == 3:
                raise ValueError("not three")

    found = search(Picky, params={"fast": [2, 3]})
    assert [trial.state for trial in found.record.trials] == ["done", "failed"]
    assert row(found, 1).reason.startswith("Picky.__init__ raised ValueError: not three.")


def test_a_value_that_a_parameter_does_not_take_fails_that_trial() -> None:
    class Bounded(Cross):
        fast = Param(3, low=2, high=4)

    found = search(Bounded, params={"fast": [3, 5]})
    assert row(found, 1).state is TrialState.FAILED
    assert row(found, 1).reason == "fast=5 is outside 2 … 4."


def test_trials_that_all_fail_leave_a_search_without_a_best() -> None:
    class Broken(Cross):
        def on_bar(self, ctx: Any) -> None:
            raise RuntimeError("no")

    found = search(Broken)
    assert found.best is None
    assert found.best_params is None
    with pytest.raises(ConfigError, match="No trial of the search has a value"):
        _ = found.best_result
    assert "None of 12 trials has a value" in found.summary()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "the objective own gave nan"), (float("inf"), "the objective own gave inf"),
        (None, "the objective own raised TypeError"), ("much", "the objective own raised ValueError"),
    ],
)  # fmt: skip
def test_an_objective_that_is_no_number_is_no_value(value: Any, said: str) -> None:
    def own(result: Any) -> Any:
        return value if result.record.strategies[0].params["fast"] == 3 else result.metrics["sharpe"]

    found = search(objective=own, params={"fast": [2, 3]})
    assert (row(found, 1).value, row(found, 1).state) == (None, TrialState.DONE)
    assert row(found, 1).reason.startswith(said)
    assert found.best.number == 0


def test_an_objective_that_raises_says_what() -> None:
    def own(result: Any) -> float:
        raise KeyError("sharp")

    assert row(search(objective=own), 0).reason == "the objective own raised KeyError: 'sharp'"


def test_a_trial_without_trades_says_so() -> None:
    class Idle(Cross):
        def on_bar(self, ctx: Any) -> None:
            pass

    found = search(Idle)
    assert found.best is None
    assert row(found, 0).reason == "no trade was closed; sharpe is undefined because the returns do not vary"


def test_what_is_outside_its_bounds_has_no_value_and_a_reason() -> None:
    found = search(constraints={"max_drawdown": (-0.0001, None), "trades": (None, 9_999)})
    assert found.best is None
    assert "max_drawdown" in row(found, 0).reason
    assert "is below -0.0001" in row(found, 0).reason
    assert row(found, 0).metrics["sharpe"] is not None


def test_min_trades_and_bounds_of_trades_hold_together() -> None:
    trades = {trial.number: trial.metrics["trades"] for trial in search().record.trials}
    least = sorted(trades.values())[len(trades) // 2]
    for options in ({"min_trades": 1, "constraints": {"trades": (least, None)}}, {"min_trades": least}):
        found = search(**options)
        assert {trial.number for trial in found.record.trials if trial.value is not None} == {
            number for number, count in trades.items() if count >= least
        }


# ---------------------------------------------------------------- what is refused


def cagr(result: Any) -> float:
    return float(result.metrics["total_return"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"params": {}}, "A search needs parameters to vary"),
        ({"params": {"fats": [2]}}, "no parameter 'fats'"),
        ({"params": {"fast": []}}, "The values of 'fast' are empty"),
        ({"params": {"fast": [2, 2]}}, "hold one twice"),
        ({"params": {"fast": 3}}, "is given no values to try"),
        ({"params": [("fast", [1])]}, "params"),
        ({"params": {"weight": tw.Range(0.5, 2.0)}}, "has no steps"),
        ({"fixed": {"slwo": 8}}, "no parameter 'slwo'"),
        ({"fixed": {"fast": 8}}, "'fast' is searched and fixed"),
        ({"objective": "sharp"}, "Did you mean 'sharpe'"),
        ({"objective": []}, "needs an objective"),
        ({"objective": 3}, "There is no metric 3"),
        ({"metrics": ["cagrr"]}, "Did you mean 'cagr'"),
        ({"method": "girdd"}, "There is no sampler 'girdd'"),
        ({"executor": "proceses"}, "There is no executor 'proceses'"),
        ({"workers": 0}, "worker"),
        ({"method": "random", "trials": 0}, "finds nothing"),
        ({"where": lambda p: p["fats"] > 2}, "The condition 'where' raised KeyError"),
        ({"where": lambda p: False}, "satisfies the condition 'where'"),
        ({"constraints": {"sharp": (0, None)}}, "There is no metric 'sharp'"),
        ({"constraints": {"sharpe": 1}}, "is no pair of bounds"),
        ({"constraints": {"sharpe": (None, None)}}, "is no pair of bounds"),
        ({"constraints": {"sharpe": (float("nan"), None)}}, "constraints['sharpe']"),
        ({"constraints": {"sharpe": (2, 1)}}, "nothing lies between"),
        ({"prune": 0.0}, "is no part of the period"),
        ({"prune": 0.5, "objective": ["sharpe", "cagr"]}, "pruned by one objective"),
        ({"cahs": 5.0}, "Did you mean 'cash'"),
        ({"quality": "refused"}, "quality='refused' is not a choice"),
        ({"family": ""}, "family"),
        ({"family": 3}, "family=3"),
        ({"ledger": ""}, "ledger='' is no folder"),
        ({"ledger": 3}, "ledger=3 is no folder"),
        ({"params": {"fast": {2, 3}}}, "are a set, which has no order"),
        ({"params": {"fast": [2, 2.0]}}, "hold one twice"),
        ({"fixed": [1]}, "fixed=[1] is no mapping"),
        ({"objective": ["sharpe", "sharpe"]}, "Two objectives are called 'sharpe'"),
        ({"objective": [lambda r: 1.0, lambda r: 2.0]}, "Two objectives are called '<lambda>'"),
        ({"objective": cagr}, "The objective function 'cagr' has the name of a metric"),
        ({"maximize": "no"}, "maximize='no'"),
        ({"metrics": "cagr"}, "metrics='cagr' is no list"),
        ({"method": None}, "method=None is no sampler"),
        ({"method": "random", "trials": 2.5}, "trials=2.5 is no number of trials"),
        ({"method": "random", "trials": True}, "trials=True is no number of trials"),
        ({"constraints": ["sharpe"]}, "constraints=['sharpe'] is no mapping"),
        ({"min_trades": -1}, "min_trades=-1 is less than none"),
        ({"prune": "half"}, "prune='half'"),
        ({"executor": None}, "executor=None"),
        ({"workers": "2"}, "workers='2' is no number of workers"),
        ({"workers": 1.5}, "workers=1.5 is no number of workers"),
        ({"benchmark": "SPY"}, "benchmark='SPY'"),
        ({"progress": 3}, "progress=3 cannot be called"),
        ({"start": "2090-01-01"}, "No session is left to score from 2090-01-01 on"),
    ],
)  # fmt: skip
def test_what_cannot_be_searched_is_refused_in_a_sentence(options: dict[str, Any], said: str) -> None:
    with pytest.raises(TradewrightError) as refused:
        search(**options)
    assert said in str(refused.value)


def test_too_few_bars_for_the_largest_warm_up_are_said_with_both_numbers() -> None:
    with pytest.raises(DataNotAvailableError, match="need 501 bars and there are 150"):
        search(params={"fast": [2], "slow": [8, 500]})


def test_several_strategies_are_not_searched_together() -> None:
    with pytest.raises(ConfigError, match="A search has one strategy"):
        search([Cross, Cross])


def test_a_grid_without_end_is_refused_at_once_and_takes_no_memory() -> None:
    with pytest.raises(ConfigError, match="1,000,000,000 combinations"):
        search(params={"fast": tw.Range(1, 1_000_000_000)}, where=lambda p: False)
    with pytest.raises(ConfigError, match="combinations"):
        search(
            params={name: range(1, 1_001) for name in ("fast", "slow")}
            | {"weight": [n / 1000 for n in range(1, 1_001)]}
        )


def test_a_space_without_end_is_drawn_from_without_being_listed() -> None:
    space = {"weight": tw.Range(1, 10**12, step=1)}
    found = search(params=space, method="random", trials=3)
    assert len(found.record.trials) == 3


def test_returns_that_would_not_fit_are_refused_with_the_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    from tradewright.app.search import optimise

    monkeypatch.setattr(optimise, "free_memory", lambda: 20_000)
    with pytest.raises(ResourceError, match="The returns of 12 trials need about"):
        search()
    assert len(search(params={"fast": [2, 3]}).record.trials) == 2


def test_doubtful_bars_are_refused_where_that_is_asked_for() -> None:
    broken = tw.synthetic_bars(["ACME"], bars=150, seed=3, start_price=100.0)["ACME"]
    halved = replace(
        broken,
        open=_halved(broken.open),
        high=_halved(broken.high),
        low=_halved(broken.low),
        close=_halved(broken.close),
    )
    with pytest.raises(DataQualityError, match="refused for the quality"):
        search(bars=halved, quality="refuse")
    assert search(bars=halved).best is not None


def _halved(column: Any) -> Any:
    """From the seventieth row on, as after a split that nobody tells of."""
    found = column.copy()
    found[70:] *= 0.5
    return found


# ---------------------------------------------------------------- going on


class Clock:
    """Time that passes a second at every look, so that every trial is kept at once."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1.0
        return self.now


@pytest.mark.parametrize(
    "options",
    [{}, {"method": "random", "trials": 9}, {"method": "tpe", "trials": 12}, {"prune": 0.5},
     {"prune": 0.4, "method": "random", "trials": 10}],
    ids=["grid", "random", "tpe", "pruned", "pruned at random"],
)  # fmt: skip
@pytest.mark.parametrize("after", [1, 5, 8])
def test_a_search_that_is_broken_off_goes_on_and_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any], after: int
) -> None:
    from tradewright.app.search import rounds

    whole = search(ledger=str(tmp_path / "whole"), **options)
    keep, kept = rounds.Rounds._keep, []

    def stop(self: Any, number: int, *rest: Any) -> None:
        if len(kept) == after:
            raise KeyboardInterrupt
        kept.append(number)
        keep(self, number, *rest)

    monkeypatch.setattr(rounds.Rounds, "_keep", stop)
    with pytest.raises(KeyboardInterrupt):
        search(ledger=str(tmp_path / "broken"), **options)
    again: list[int] = []

    def go_on(self: Any, number: int, *rest: Any) -> None:
        again.append(number)
        keep(self, number, *rest)

    monkeypatch.setattr(rounds.Rounds, "_keep", go_on)
    found = search(ledger=str(tmp_path / "broken"), **options)
    assert found.record.meta["resumed"] == after
    assert found.to_json() == whole.to_json()
    assert found.record.returns.tobytes() == whole.record.returns.tobytes()
    assert not set(again) & set(kept)


def test_what_was_kept_is_not_taken_for_another_condition_objective_or_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tradewright.app.search import rounds

    def goal(by: float) -> Any:
        return lambda result: result.metrics["sharpe"] * by

    keep = rounds.Rounds._keep

    def stop(self: Any, number: int, *rest: Any) -> None:
        keep(self, number, *rest)
        raise KeyboardInterrupt

    monkeypatch.setattr(rounds.Rounds, "_keep", stop)
    with pytest.raises(KeyboardInterrupt):
        search(ledger=str(tmp_path), where=lambda p: p["fast"] < 4, objective=goal(1.0))
    monkeypatch.setattr(rounds.Rounds, "_keep", keep)
    for where, by in ((lambda p: p["fast"] > 3, 1.0), (lambda p: p["fast"] < 4, 2.0)):
        found = search(ledger=str(tmp_path), where=where, objective=goal(by))
        assert found.record.meta["resumed"] == 0
        assert row(found, 0).value == pytest.approx(row(found, 0).metrics["sharpe"] * by)


def test_the_worse_half_is_given_up_on_the_first_part_whoever_does_it() -> None:
    one, other = search(prune=0.5), search(prune=0.5, workers=3)
    assert one.to_json() == other.to_json()
    states = [trial.state for trial in one.record.trials]
    assert 0 < states.count(TrialState.PRUNED) <= len(states) // 2
    pruned = next(trial for trial in one.record.trials if trial.state is TrialState.PRUNED)
    assert "on the first 50% is worse than the median" in pruned.reason
    assert one.record.returns_of(pruned) is None


def test_what_is_given_up_may_be_swept_by_machine_code() -> None:
    job = search(prune=0.5, engine="auto")
    assert "has already run" not in str(job.record.meta.get("not_compiled"))
    assert job.to_json() == search(prune=0.5).to_json()


def test_what_needs_the_returns_of_all_trials_is_left_out_where_some_were_given_up() -> None:
    honesty = search(prune=0.5).honesty
    assert (honesty.pbo, honesty.reality_check, honesty.spa) == (None, None, None)
    assert "were given up early" in honesty.reasons["pbo"]
    assert honesty.deflated_sharpe is not None


def test_cash_earns_the_risk_free_rate_in_every_number_about_luck() -> None:
    plain, dear = search(), search(risk_free=0.9)
    excess = plain.record.returns - per_period(0.9, plain.record.periods_per_year)
    assert dear.honesty.pbo == probability_of_overfitting(excess).probability
    assert dear.honesty.spa > plain.honesty.spa


def test_the_part_on_which_trials_are_given_up_is_the_first_of_the_scored_sessions() -> None:
    one = search(prune=0.5)
    labels = one.record.labels.astype("datetime64[D]")
    end = str(labels[len(labels) // 2 - 1])
    for trial in one.record.trials:
        part = tw.backtest(Cross, BARS, params=dict(trial.params), start=one.start, end=end).metrics["sharpe"]
        assert trial.metrics["first_part"] == part


def rises(p: Any) -> bool:
    return bool(p["fast"] < p["slow"])


@pytest.mark.parametrize(
    "options",
    [
        {"bars": tw.synthetic_bars(["ACME"], bars=150, seed=4)},
        {"params": {**SPACE, "slow": [8, 10, 13]}},
        {"seed": 5},
        {"risk_free": 0.01},
        {"constraints": {"sharpe": (-9.0, None)}},
        {"min_trades": 1},
        {"metrics": ["cagr"]},
        {"objective": "cagr"},
        {"maximize": False},
        {"where": rises},
        {"prune": 0.5},
        {"fixed": {"weight": 0.4}},
        {"benchmark": BARS["ACME"]},
        {"cash": 50_000.0},
        {"end": "2020-05-01"},
        {"family": "crosses"},
        {"method": "random", "trials": 9},
        {"method": "stratified", "trials": 10},
        {"method": "random", "trials": 10, "seed": 1},
    ],
    ids=", ".join,
)
def test_whatever_could_change_a_trial_makes_it_another_search(options: dict[str, Any]) -> None:
    usual = {"method": "random", "trials": 10} if "method" in options else {}
    assert search(**options).record.header.id != search(**usual).record.header.id


@pytest.mark.parametrize("options", [{"workers": 3}, {"engine": "auto"}, {"progress": print}], ids=str)
def test_who_carries_trials_out_makes_it_no_other_search(options: dict[str, Any]) -> None:
    assert search(**options).record.header.id == search().record.header.id


def test_a_kept_trial_of_other_parameters_is_evaluated_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    class Strange(MemoryTrialLedger):
        def open(self, header: Any) -> list[KeptTrial]:
            super().open(header)
            return [KeptTrial(Trial(0, {"fast": 99, "slow": 8}, TrialState.DONE, (7.0,)), None)]

    monkeypatch.setattr("tradewright.face.search.ledger_of", lambda _: Strange())
    found = row(search(), 0)
    assert (found.params, found.value != 7.0) == ({"fast": 2, "slow": 8}, True)


def test_trials_are_kept_while_a_later_one_lets_everybody_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, all_others = [], threading.Event()

    class Watched(MemoryTrialLedger):
        def record(self, header: Any, trials: Any) -> None:
            super().record(header, trials)
            kept.extend(each.trial.number for each in trials)
            if len(kept) == 2:
                all_others.set()

    class Waits(Cross):
        def on_bar(self, ctx: Any) -> None:
            if self.fast == 4:
                assert all_others.wait(60.0), f"Only {kept} were kept."
            super().on_bar(ctx)

    monkeypatch.setattr("tradewright.face.search.ledger_of", lambda _: Watched())
    monkeypatch.setattr("tradewright.app.search.rounds._RUN_BARS", 1)
    found = search(Waits, params={"fast": [2, 3, 4], "slow": [9]})
    assert [each.state for each in found.record.trials] == [TrialState.DONE] * 3
    assert kept == [0, 1, 2]


def test_threads_that_ask_at_once_get_the_same_rows() -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(search(workers=2).to_json())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1


def test_returns_are_those_of_the_sessions_that_the_labels_name() -> None:
    found = search()
    assert found.record.returns.shape == (len(found.record.labels), 12)
    assert np.isfinite(found.record.returns).all()

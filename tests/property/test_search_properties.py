"""A trial's row is what a plain backtest of its parameters says, whoever carried it out and in whichever tier."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests import twin_interpreted
from tests.command_line import SMA
from tests.compiled_worlds import COSTS, LIMITS, MARGINS, Author, load, world
from tests.search_rows import differences

import tradewright as tw
from tradewright import Param, Strategy
from tradewright import indicators as ta

SPACE = {"size": [5, 12, 30], "weight": [0.1, 0.7]}
QUIET = {"ledger": False, "executor": "threads", "workers": 1}


class Free(Strategy):
    """Outside the compiled subset: it keeps a dictionary."""

    fast = Param(3, low=1, high=30)
    slow = Param(8, low=2, high=60)
    weight = Param(0.5)

    def setup(self) -> None:
        self.fast_ma = self.use(ta.sma, "close", self.fast)
        self.slow_ma = self.use(ta.ema, "close", self.slow)
        self.seen: dict[str, int] = {}

    def on_bar(self, ctx: Any) -> None:
        self.seen[str(ctx.timestamp.weekday())] = 1
        if self.fast_ma.crossed_above(self.slow_ma):
            ctx.target_percent(self.weight * (1.0 if ctx.rng.random() < 0.8 else 0.5))
        elif self.fast_ma.crossed_below(self.slow_ma):
            ctx.target_percent(0.0 if len(self.seen) < 4 else 0.1)


def tiers_of(folder: Path, seed: int, *, several: bool) -> tuple[list[str], str]:
    """What differs between the trials of a random strategy and its backtests, and the tier of the sweep."""
    strategy = load(Author(seed, several=several).text(), folder / f"searched_{seed}_{several}.py")
    options = world(seed, several=several)
    bars = options.pop("series")
    if options["margin"] is None or seed % 4:
        options.pop("margin")
    swept = tw.optimize(strategy, bars, params=SPACE, engine="compiled", **QUIET, **options)
    run = tw.optimize(strategy, bars, params=SPACE, engine="python", **QUIET, **options)
    assert [trial.metrics for trial in swept.record.trials] == [trial.metrics for trial in run.record.trials]
    found = differences(swept, strategy, bars, **options) + differences(run, strategy, bars, **options)
    return found, swept.record.meta["engine"]


@pytest.mark.slow
@pytest.mark.parametrize("several", [False, True], ids=["one symbol", "several"])
def test_the_text_of_a_sweep_says_of_random_strategies_what_their_backtests_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, several: bool
) -> None:
    twin_interpreted.use(monkeypatch)
    tiers = []
    for seed in (30, 31, 12, 26, 27):
        found, tier = tiers_of(tmp_path, seed, several=several)
        assert found == [], seed
        tiers.append(tier)
    assert tiers.count("compiled") >= 3


@pytest.mark.slow
@pytest.mark.parametrize("several", [False, True], ids=["one symbol", "several"])
def test_machine_code_says_of_random_strategies_what_their_backtests_say(tmp_path: Path, several: bool) -> None:
    for seed in (26, 27):
        found, tier = tiers_of(tmp_path, seed, several=several)
        assert (found, tier) == ([], "compiled")


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.differing_executors])
@given(data=st.data())
def test_rows_of_any_strategy_are_those_of_its_backtests(data: st.DataObject) -> None:
    draw = data.draw
    timeframe, count = draw(st.sampled_from([("1d", 150), ("15m", 300), ("1w", 90), ("1h", 200)]))
    bars = tw.synthetic_bars(["A"], bars=count, seed=draw(st.integers(0, 9)), timeframe=timeframe, volatility=3)
    days = sorted({str(day)[:10] for day in bars["A"].labels().astype("datetime64[ns]")})
    options: dict[str, Any] = {
        "costs": draw(st.sampled_from(COSTS)), "limits": draw(st.sampled_from(LIMITS)),
        "margin": draw(st.sampled_from(MARGINS)), "metrics_from": draw(st.sampled_from(["start", "ready"])),
        "lots": draw(st.sampled_from(["fifo", "lifo"])), "finalize": draw(st.booleans()),
        "fill_at": draw(st.sampled_from(["open", "close"])), "seed": draw(st.integers(0, 3)),
        "end": draw(st.sampled_from([None, days[-2]])),
    }  # fmt: skip
    space = {"fast": [1, 4], "slow": draw(st.sampled_from([[6], [5, 20], [9, 2]])), "weight": [0.3, 0.9]}
    objective = draw(st.sampled_from(["sharpe", "total_return", "win_rate", "max_drawdown"]))
    search = tw.optimize(
        Free, bars, params=space, objective=objective,
        start=draw(st.sampled_from([None, days[3], days[len(days) // 2]])), metrics=["cagr", "turnover"],
        **QUIET, **options,
    )  # fmt: skip
    assert differences(search, Free, bars, **options) == []


@pytest.mark.slow
def test_a_sweep_says_the_same_by_any_number_of_threads_in_processes_and_interpreted(tmp_path: Path) -> None:
    strategy = load(SMA.replace("high=60", "high=90"), tmp_path / "swept_sma.py", "SmaCross")
    bars = tw.synthetic_bars(["A"], bars=3_000, seed=2, timeframe="15m")
    space = {"fast": range(2, 22, 2), "slow": range(24, 84, 6)}
    said = set()
    for engine, executor, workers in (
        ("compiled", "threads", 1), ("compiled", "threads", 3), ("compiled", "processes", 2), ("python", "threads", 1),
    ):  # fmt: skip
        search = tw.optimize(
            strategy, bars, params=space, ledger=False, engine=engine, executor=executor, workers=workers
        )
        assert search.record.meta["engine"] == engine
        said.add((search.to_json(), search.record.returns.tobytes()))
    assert len(said) == 1

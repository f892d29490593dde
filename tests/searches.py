"""Searches for the tests: made by hand, fast and to the point, or really run, one backtest a trial."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
from tests.builders import config, random_walk, round_trips, run_record

import tradewright as tw
from tradewright.domain.errors import TradewrightError
from tradewright.domain.honesty import SearchHonesty
from tradewright.domain.record import DataKey
from tradewright.domain.search import (
    DataSpan,
    Objective,
    SearchHeader,
    SearchRecord,
    Trial,
    TrialCount,
    TrialState,
)
from tradewright.domain.space import Space
from tradewright.quant import significance
from tradewright.quant.undefined import Undefined
from tradewright.reporting.curves import session_equity
from tradewright.reporting.result import Result
from tradewright.reporting.search.result import SearchResult
from tradewright.research.overfitting import Overfitting, probability_of_overfitting

SESSIONS = 504
SHARPE = Objective("sharpe")
NOT_MADE = ("reality_check", "spa", "effective_trials", "break_even_bps")
ROWS = ("total_return", "sharpe", "max_drawdown", "trades")


def data_key(*, synthetic: bool = False, symbol: str = "ACME") -> DataKey:
    """Bars of one symbol."""
    return DataKey(symbol, "1d", "f" * 64, SESSIONS, "2020-01-06", "2021-12-09", "raw", f"{symbol}.csv", synthetic)


def header(strategy: str = "SmaCross") -> SearchHeader:
    """Of a search on one symbol."""
    span = DataSpan(("XNYS:ACME",), "1d", "2020-01-06", "2021-12-09")
    return SearchHeader("a" * 64, "search", strategy, strategy, span, "b" * 64)


def made_trial(number: int, params: Mapping[str, Any], value: float | None, **changes: Any) -> Trial:
    """A trial that was done; of its value everything else follows."""
    metrics = {} if value is None else {
        "total_return": value / 5, "sharpe": value, "max_drawdown": -0.3 + value / 10, "trades": 60, "cagr": value / 10,
    }  # fmt: skip
    fields: dict[str, Any] = {
        "state": TrialState.DONE, "values": (value,), "metrics": metrics,
        "sharpe": None if value is None else value / math.sqrt(252),
    }  # fmt: skip
    return Trial(number, dict(params), **{**fields, **changes})


def search_record(
    trials: Iterable[Trial], space: Mapping[str, Any], *, objectives: Sequence[Objective] = (SHARPE,), **changes: Any
) -> SearchRecord:
    """A record of trials made by hand; their returns are noise about what their Sharpe ratios say."""
    listed = tuple(trials)
    done = [trial for trial in listed if trial.state is TrialState.DONE and trial.sharpe is not None]
    generator = np.random.default_rng(5)
    noise = generator.normal(0.0, 0.01, (SESSIONS, len(done)))
    returns = noise + 0.01 * np.array([trial.sharpe for trial in done], float) if done else noise
    ratios = [trial.sharpe for trial in done if trial.sharpe is not None]
    variance = float(np.var(ratios, ddof=1)) if len(ratios) > 1 else None
    fields: dict[str, Any] = {
        "header": header(), "space": Space(space).describe(), "method": "grid", "seed": 7,
        "objectives": tuple(objectives),
        "config": config(), "data": (data_key(),), "defaults": {"stop": 0.1}, "trials": listed, "returns": returns,
        "columns": np.array([trial.number for trial in done], np.int64),
        "labels": np.arange(SESSIONS, dtype=np.int64) + 18_267, "periods_per_year": 252.0,
        "count": TrialCount("SmaCross", len(listed), variance, len(ratios)), "code_version": "0.1.0", "warmup_bars": 30,
        "meta": {"executor": "serial", "seconds": 1.5},
    }  # fmt: skip
    return SearchRecord(**{**fields, **changes})


def honesty(**changes: Any) -> SearchHonesty:
    """Numbers that read as doubtful."""
    fields: dict[str, Any] = {
        "trials": 430, "trials_variance": 0.0012, "expected_best_sharpe": 1.62, "best_sharpe": 1.9,
        "deflated_sharpe": 0.71,
        "probabilistic_sharpe": 0.998, "pbo": 0.34, "pbo_splits": 12_870,
        "out_of_sample_sharpe": 0.4, "reality_check": 0.08, "spa": 0.06,
        "track_record_years": 1.4, "years": 2.0, "neighbours": 8, "neighbour_median": 1.5, "neighbour_share": 0.875,
        "break_even_bps": 24.0, "effective_trials": 31.5,
    }  # fmt: skip
    return SearchHonesty(**{**fields, **changes})


def hill(fast: float, slow: float) -> float:
    """A smooth objective with its top at 20 and 120."""
    return 1.6 - ((fast - 20) / 25) ** 2 - ((slow - 120) / 110) ** 2


def grid_trials(fasts: Sequence[int], slows: Sequence[int]) -> list[Trial]:
    """Trials of a grid in which fast is below slow, the value of each from `hill`."""
    pairs = [(fast, slow) for fast, slow in product(fasts, slows) if fast < slow]
    return [made_trial(n, {"fast": fast, "slow": slow}, hill(fast, slow)) for n, (fast, slow) in enumerate(pairs)]


def made_search(record: SearchRecord | None = None, said: SearchHonesty | None = None, **changes: Any) -> SearchResult:
    """A search made by hand, whose best runs as a made-up record."""
    if record is None:
        fasts, slows = range(5, 60, 5), range(20, 250, 20)
        record = search_record(grid_trials(fasts, slows), {"fast": fasts, "slow": slows}, **changes)
    return SearchResult(record, lambda: said or honesty(), made_run)


def made_run(params: Mapping[str, Any]) -> Result:
    """A run of any parameters."""
    closes = random_walk(SESSIONS)
    return Result(run_record(closes, round_trips(closes)))


# ---------------------------------------------------------------- really run


def run_search(
    strategy: Any,
    bars: Any,
    params: Mapping[str, Sequence[Any]],
    *,
    where: Callable[[dict[str, Any]], bool] = lambda params: True,
    objectives: Sequence[Objective] = (SHARPE,),
    earlier: int = 0,
    **options: Any,
) -> SearchResult:
    """Every combination of a grid, one backtest each, and what is said of its best."""
    names = list(params)
    points = [dict(zip(names, values, strict=True)) for values in product(*params.values())]
    trials, columns, last = [], [], None

    def run(chosen: Mapping[str, Any]) -> Result:
        return tw.backtest(strategy, bars, params=dict(chosen), **options)

    for number, point in enumerate(filter(where, points)):
        try:
            last = run(point)
        except TradewrightError as error:
            trials.append(Trial(number, point, TrialState.FAILED, (None,) * len(objectives), {}, error.message))
            continue
        trial, returns = _measured(number, point, last, objectives)
        trials.append(trial)
        columns.append((number, returns))
    assert last is not None
    record = _record(trials, columns, last, params, objectives, earlier)
    overfitting = _overfitting(record)
    return SearchResult(record, lambda: honesty_of(record, overfitting), run, splits=lambda: overfitting)


def _measured(
    number: int, point: dict[str, Any], result: Result, objectives: Sequence[Objective]
) -> tuple[Trial, np.ndarray]:
    equity = session_equity(result.record)
    returns = np.diff(equity) / equity[:-1]
    spread = float(np.std(returns, ddof=1))
    values = tuple(result.metrics[objective.name] for objective in objectives)
    reason = next((result.metrics.reason(each.name) for each in objectives if result.metrics[each.name] is None), None)
    metrics = {key: result.metrics[key] for key in (*ROWS, "cagr", "total_costs")}
    sharpe = float(np.mean(returns)) / spread if spread else None
    return Trial(number, point, TrialState.DONE, values, metrics, reason, sharpe), returns


def _record(
    trials: list[Trial],
    columns: list[tuple[int, np.ndarray]],
    last: Result,
    params: Mapping[str, Sequence[Any]],
    objectives: Sequence[Objective],
    earlier: int,
) -> SearchRecord:
    record = last.record
    line = record.timeline
    labels = line.sessions.row_labels(len(line))[line.session_closes()].astype(np.int64)
    first, end = (str(np.datetime64(int(labels[place]), "D")) for place in (0, -1))
    ratios = [trial.sharpe for trial in trials if trial.sharpe is not None]
    name = record.strategies[0].name
    span = DataSpan(tuple(sorted(each.id for each in record.instruments)), record.data[0].timeframe, first, end)
    return SearchRecord(
        header=SearchHeader("a" * 64, "search", name, name, span, "b" * 64),
        space=Space(params).describe(), method="grid", seed=7, objectives=tuple(objectives), config=record.config,
        data=record.data, defaults={}, trials=tuple(trials),
        returns=np.column_stack([returns for _, returns in columns]),
        columns=np.array([number for number, _ in columns], np.int64), labels=labels, periods_per_year=252.0,
        count=TrialCount(name, len(trials) + earlier, float(np.var(ratios, ddof=1)), len(ratios)),
        code_version=record.code_version,
    )  # fmt: skip


def _overfitting(record: SearchRecord) -> Overfitting | None:
    try:
        return probability_of_overfitting(record.returns, blocks=10)
    except Undefined:
        return None


def honesty_of(record: SearchRecord, overfitting: Overfitting | None) -> SearchHonesty:
    """What is said of a search's best, from its trials."""
    best, variance, year = record.best, record.count.variance, math.sqrt(record.periods_per_year)
    assert best is not None
    assert best.sharpe is not None
    returns = record.returns_of(best)
    assert returns is not None
    assert variance is not None
    ratio, skew, kurt = best.sharpe, _moment(returns, 3), _moment(returns, 4)
    count = record.count.configurations
    found = SearchHonesty(
        trials=count, trials_variance=variance, best_sharpe=ratio * year,
        expected_best_sharpe=significance.expected_maximum_sharpe(count, variance) * year,
        deflated_sharpe=significance.deflated_sharpe(
            ratio, len(returns), skew, kurt, trials=count, trials_variance=variance
        ),
        probabilistic_sharpe=significance.probabilistic_sharpe(ratio, len(returns), skew, kurt),
        years=len(returns) / record.periods_per_year, **_around(record, best),
        reasons=dict.fromkeys(NOT_MADE, "the test was not made")
        | {"track_record_years": "the Sharpe ratio is not above zero", "pbo": "the trials are too few"},
    )  # fmt: skip
    if ratio > 0:
        needed = significance.minimum_track_record_length(ratio, skew, kurt) / record.periods_per_year
        found = replace(found, track_record_years=needed)
    if overfitting is None:
        return found
    return replace(found, pbo=overfitting.probability, pbo_splits=overfitting.splits)


def _moment(returns: np.ndarray, order: int) -> float:
    centred = returns - returns.mean()
    return float(np.mean(centred**order) / np.mean(centred**2) ** (order / 2))


def _around(record: SearchRecord, best: Trial) -> dict[str, Any]:
    """Trials one step from the best in every dimension."""
    places = {name: list(described["values"]) for name, described in record.space.items()}
    near = [
        trial.value
        for trial in record.trials
        if trial is not best
        and trial.value is not None
        and all(abs(row.index(trial.params[name]) - row.index(best.params[name])) <= 1 for name, row in places.items())
    ]
    if not near or best.value is None:
        return {}
    share = float(np.mean([value >= best.value / 2 for value in near]))
    return {"neighbours": len(near), "neighbour_median": float(np.median(near)), "neighbour_share": share}

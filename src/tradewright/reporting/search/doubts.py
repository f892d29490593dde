"""What a reader must know before believing the best of a search: each one sentence with numbers, in a fixed order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tradewright.domain.search import TrialState
from tradewright.reporting import formatting, wording
from tradewright.reporting.doubt import Found, ResultWarning, Severity
from tradewright.reporting.search.space import border, idle
from tradewright.reporting.search.trials import is_valued
from tradewright.reporting.trust import State
from tradewright.reporting.warnings import FEW_TRADES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.honesty import SearchHonesty
    from tradewright.domain.search import SearchRecord, Trial

__all__ = ["FEW_TRIALS", "Surroundings", "find_doubts", "surroundings"]

FEW_TRIALS = 20
LEAST_NEIGHBOURS = 2
HELD = 0.5


class Surroundings(NamedTuple):
    """What lies around the best: a state, how it is written, and the sentence."""

    state: State
    text: str
    sentence: str


def surroundings(honesty: SearchHonesty, written: Callable[[float | None], str]) -> Surroundings:
    """Whether the best is a peak or a plateau; `written` writes a value of the objective."""
    share, count = honesty.neighbour_share, honesty.neighbours
    if share is None or count < LEAST_NEIGHBOURS:
        why = honesty.reasons.get("neighbour_share", "fewer than two combinations next to the best were tried")
        return Surroundings(State.NOT_COMPUTED, formatting.NOT_AVAILABLE, f"Neighbours: not computed, because {why}.")
    text = written(honesty.neighbour_median)
    isolated = share < HELD
    said = "a peak, not a plateau" if isolated else "a plateau"
    sentence = (
        f"Neighbours {text}: {said}; {formatting.percent(share)} of {wording.plural(count, 'neighbour')} keep half of"
        " the best value."
    )
    return Surroundings(State.WARN if isolated else State.OK, text, sentence)


class Looked(NamedTuple):
    """A search as the rules see it."""

    record: SearchRecord
    honesty: SearchHonesty
    best: Trial | None
    written: Callable[[float | None], str]


def find_doubts(
    record: SearchRecord, honesty: SearchHonesty, written: Callable[[float | None], str]
) -> tuple[ResultWarning, ...]:
    """Everything to warn of, always in the same order; `written` writes a value of the objective."""
    looked = Looked(record, honesty, record.best, written)
    found = (rule(looked) for rule in _RULES)
    return tuple(warning for warning in found if warning is not None)


def _synthetic(looked: Looked) -> Found:
    names = tuple(key.symbol for key in looked.record.data if key.synthetic)
    if not names:
        return None
    return ResultWarning(
        "synthetic_data",
        Severity.WARN,
        f"The data is SYNTHETIC ({wording.listed(names)}): the search says nothing about any market.",
    )


def _no_best(looked: Looked) -> Found:
    if looked.best is not None:
        return None
    reasons = Counter(trial.reason for trial in looked.record.trials if trial.reason)
    most = f", most often ({reasons.most_common(1)[0][1]:,} ×): {reasons.most_common(1)[0][0]}" if reasons else ""
    return ResultWarning(
        "no_best",
        Severity.FAIL,
        f"None of {wording.plural(len(looked.record.trials), 'trial')} has a value{most}".rstrip(".") + ".",
    )


def _luck(looked: Looked) -> Found:
    best, luck = looked.honesty.best_sharpe, looked.honesty.expected_best_sharpe
    if best is None or luck is None or best > luck:
        return None
    return ResultWarning(
        "luck",
        Severity.FAIL,
        f"The best Sharpe of {formatting.ratio(best)} is not above {formatting.ratio(luck)}, which the best of"
        f" {wording.plural(looked.honesty.trials, 'trial')} without skill would be expected to show.",
    )


def _short_record(looked: Looked) -> Found:
    needed, years = looked.honesty.track_record_years, looked.honesty.years
    if needed is None or needed <= years:
        return None
    return ResultWarning(
        "short_record",
        Severity.WARN,
        f"A Sharpe of {formatting.ratio(looked.honesty.best_sharpe)} needs {formatting.number(needed, 1)} years to be"
        f" above zero at 95 %, and there are {formatting.number(years, 1)}.",
    )


def _isolated_peak(looked: Looked) -> Found:
    share, count = looked.honesty.neighbour_share, looked.honesty.neighbours
    if share is None or count < LEAST_NEIGHBOURS or share >= HELD:
        return None
    return ResultWarning(
        "isolated_peak",
        Severity.WARN,
        f"A peak, not a plateau: {formatting.percent(share)} of {wording.plural(count, 'neighbour')} keep half of the"
        f" best value (their median is {looked.written(looked.honesty.neighbour_median)}).",
    )


def _at_border(looked: Looked) -> Found:
    found = border(looked.record, looked.best) if looked.best is not None else []
    if not found:
        return None
    return ResultWarning(
        "at_border",
        Severity.WARN,
        f"The best lies on the border of the space ({'; '.join(found)}): what lies beyond was not tried.",
    )


def _idle(looked: Looked) -> Found:
    found = idle(looked.record)
    if not found:
        return None
    return ResultWarning(
        "idle_parameters",
        Severity.NOTICE,
        f"{wording.listed(tuple(found))}: trials that differ in nothing else all came to the same, so there was nothing"
        " to search in it.",
    )


def _few_trades(looked: Looked) -> Found:
    trades = looked.best.metrics.get("trades") if looked.best is not None else None
    if trades is None or trades >= FEW_TRADES:
        return None
    return ResultWarning(
        "few_trades",
        Severity.WARN,
        f"The best made {wording.plural(trades, 'closed trade')}: under {FEW_TRADES}, luck explains most differences.",
    )


def _failed(looked: Looked) -> Found:
    trials = looked.record.trials
    failed = [trial for trial in trials if trial.state is TrialState.FAILED]
    if not failed:
        return None
    sentence, most = Counter(trial.reason or "no reason was recorded" for trial in failed).most_common(1)[0]
    grave = 2 * len(failed) >= len(trials)
    return ResultWarning(
        "failed_trials",
        Severity.WARN if grave else Severity.NOTICE,
        f"{len(failed):,} of {wording.plural(len(trials), 'trial')} failed, most often ({most:,} ×):"
        f" {sentence.rstrip('.')}.",
    )


def _without_value(looked: Looked) -> Found:
    done = [trial for trial in looked.record.trials if trial.state is TrialState.DONE]
    empty = [trial for trial in done if not is_valued(trial)]
    if not empty or looked.best is None:
        return None
    sentence, most = Counter(trial.reason or "no reason was recorded" for trial in empty).most_common(1)[0]
    return ResultWarning(
        "trials_without_value",
        Severity.WARN if 2 * len(empty) >= len(looked.record.trials) else Severity.NOTICE,
        f"{len(empty):,} of {wording.plural(len(done), 'trial')} have no value, most often ({most:,} ×):"
        f" {sentence.rstrip('.')}.",
    )


def _few_trials(looked: Looked) -> Found:
    valued = sum(map(is_valued, looked.record.trials))
    if not 0 < valued < FEW_TRIALS:
        return None
    return ResultWarning(
        "few_trials",
        Severity.NOTICE,
        f"{wording.plural(valued, 'trial')} with a value say little about the space, and the numbers about luck are"
        " rough.",
    )


def _earlier(looked: Looked) -> Found:
    own, all_of_them = len(looked.record.trials), looked.honesty.trials
    if all_of_them <= own:
        return None
    return ResultWarning(
        "earlier_trials",
        Severity.NOTICE,
        f"{all_of_them:,} configurations of '{looked.record.header.family}' were tried on overlapping data,"
        f" {own:,} of them in this search: all of them count.",
    )


_RULES: tuple[Callable[[Looked], Found], ...] = (
    _synthetic,
    _no_best,
    _luck,
    _short_record,
    _isolated_peak,
    _at_border,
    _idle,
    _few_trades,
    _failed,
    _without_value,
    _few_trials,
    _earlier,
)

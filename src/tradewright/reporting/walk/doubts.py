"""What a reader must know before believing a walk-forward, and what it comes to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from tradewright.reporting import formatting, wording
from tradewright.reporting.doubt import Found, ResultWarning, Severity
from tradewright.reporting.trust import State
from tradewright.reporting.verdict import Verdict
from tradewright.reporting.walk.folds import idle, positive_share

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.domain.walk import WalkRecord
    from tradewright.reporting.walk.numbers import WalkNumbers

__all__ = ["FEW_FOLDS", "find_doubts", "verdict"]

FEW_FOLDS = 5
KEPT = 0.5
"""Share of the return in training that should be left out of sample (Pardo 2008, chapter 11)."""

IDLE = 0.2
"""Share of folds without a trade from which on the walk is warned of."""

AS_CHANCE = 0.289
"""Deviation of choices drawn evenly from a range of 1: √(1/12)."""


class Walked(NamedTuple):
    """A walk as the rules see it."""

    record: WalkRecord
    numbers: WalkNumbers
    total_return: float | None


def find_doubts(record: WalkRecord, numbers: WalkNumbers, total_return: float | None) -> tuple[ResultWarning, ...]:
    """Everything to warn of, always in the same order."""
    walked = Walked(record, numbers, total_return)
    found = (rule(walked) for rule in _RULES)
    return tuple(warning for warning in found if warning is not None)


def verdict(record: WalkRecord, numbers: WalkNumbers, total_return: float | None) -> Verdict:
    """Whether what was chosen in training held out of sample: ``holds``, ``doubtful``, ``fails`` or ``nothing tested``.

    It fails where it earned nothing out of sample, or nothing of training was left; it holds where at least half was
    left and most of at least five folds earned something.
    """
    good, folds = positive_share(record)
    if not folds:
        return Verdict(State.NOT_COMPUTED, "nothing tested", "No fold chose any parameters.")
    said = _said(numbers, total_return, good, folds)
    kept = numbers.efficiency
    if (total_return is not None and total_return <= 0) or (kept is not None and kept <= 0):
        return Verdict(State.FAIL, "fails", f"It does not hold out of sample: {said}.")
    if kept is not None and kept >= KEPT and 2 * good > folds >= FEW_FOLDS:
        return Verdict(State.OK, "holds", f"It holds out of sample: {said}.")
    return Verdict(State.WARN, "doubtful", f"It is not clear that it holds: {said}.")


def _said(numbers: WalkNumbers, total_return: float | None, good: int, folds: int) -> str:
    kept = "not computed" if numbers.efficiency is None else formatting.percent(numbers.efficiency)
    return (
        f"{formatting.returns(total_return)} in all, {good} of {wording.plural(folds, 'fold')} with a gain, efficiency"
        f" {kept}"
    )


def _few_folds(walked: Walked) -> Found:
    count = len(walked.record.folds)
    if count >= FEW_FOLDS:
        return None
    return ResultWarning(
        "few_folds", Severity.WARN, f"{wording.plural(count, 'fold')} say little: under {FEW_FOLDS}, one decides."
    )


def _low_efficiency(walked: Walked) -> Found:
    kept = walked.numbers.efficiency
    if kept is None or kept >= KEPT:
        return None
    return ResultWarning(
        "low_efficiency",
        Severity.FAIL if kept <= 0 else Severity.WARN,
        f"Of the annual return in training {formatting.percent(kept)} was left out of sample; under one half, most of"
        " what training showed was fitted.",
    )


def _no_efficiency(walked: Walked) -> Found:
    if walked.numbers.efficiency is not None:
        return None
    reason = walked.numbers.efficiency_reason or "it was not computed"
    return ResultWarning("no_efficiency", Severity.WARN, f"There is no efficiency: {reason}.")


def _without_choice(walked: Walked) -> Found:
    reasons = Counter(fold.reason or "no reason was recorded" for fold in walked.record.folds if fold.params is None)
    if not reasons:
        return None
    sentence, most = reasons.most_common(1)[0]
    count, folds = sum(reasons.values()), len(walked.record.folds)
    return ResultWarning(
        "folds_without_choice",
        Severity.WARN,
        f"{count:,} of {wording.plural(folds, 'fold')} held cash, for no trial qualified ({most:,} ×:"
        f" {sentence.rstrip('.')}).",
    )


def _idle(walked: Walked) -> Found:
    count, folds = sum(map(idle, walked.record.folds)), len(walked.record.folds)
    if not count:
        return None
    return ResultWarning(
        "idle_folds",
        Severity.WARN if count >= IDLE * folds else Severity.NOTICE,
        f"{count:,} of {wording.plural(folds, 'fold')} never traded out of sample: each test begins flat, and a"
        " strategy that waits for its moment may not see one in so short a test.",
    )


def _restless(walked: Walked) -> Found:
    restless = [
        f"{each.name} ({formatting.number(each.dispersion, 2)})"
        for each in walked.numbers.stability
        if each.dispersion is not None and each.dispersion >= AS_CHANCE
    ]
    if not restless:
        return None
    return ResultWarning(
        "restless_parameters",
        Severity.WARN,
        f"The choice of {', '.join(restless)} moves over the folds as much as chance would ({AS_CHANCE:.2f}): there is"
        " no best value to find.",
    )


def _partial(walked: Walked) -> Found:
    last = walked.record.folds[-1] if walked.record.folds else None
    if last is None or not last.window.is_partial:
        return None
    return ResultWarning(
        "partial_fold",
        Severity.NOTICE,
        f"The last test, {last.window.test_start} … {last.window.test_end}, is shorter than asked for: the data end.",
    )


_RULES: tuple[Callable[[Walked], Found], ...] = (
    _few_folds,
    _low_efficiency,
    _no_efficiency,
    _without_choice,
    _idle,
    _restless,
    _partial,
)

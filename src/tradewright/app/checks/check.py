"""The use case: check a strategy for bias over stored bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.app.backtest import backtest
from tradewright.domain.errors import ConfigError, TradewrightError
from tradewright.domain.leaks import Gravity, LeakKind
from tradewright.engine.compiled.ahead import compiles

from .held_data import HeldData
from .look_ahead import LookAhead
from .luck import foretelling_orders
from .origin import refuse_inside_itself
from .report import Answer, Check, CheckReport
from .stability import stability
from .subject import Subject
from .universe import optimism, survivorship
from .warm_up import WarmUp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.bars import Bars
    from tradewright.domain.leaks import LeakFinding
    from tradewright.engine.plan import RunPlan

__all__ = ["CUTS", "check"]

CUTS = 48
"""Bars after which a history is cut, unless another number is asked for."""

_GRAVEST_FIRST = tuple(reversed(Gravity))


def check(
    make: Callable[[], RunPlan],
    *,
    remake: Callable[[Mapping[str, Bars]], RunPlan | None] | None = None,
    cuts: int = CUTS,
    progress: Callable[[int, int], None] | None = None,
) -> CheckReport:
    """Check the strategies of a plan.

    Parameters
    ----------
    make : callable
        Gives the plan anew, with strategies that have not run.
    remake : callable, optional
        Gives it with the strategies as their own text makes them on other bars; None where that cannot be run again.
    cuts : int
        About how many bars the history is cut after.
    progress : callable, optional
        Called with (cuts done, cuts).

    Raises
    ------
    TradewrightError
        When the strategy cannot be run over the bars at all.
    """
    if cuts < 1:
        raise ConfigError(f"A check with {cuts} cuts compares nothing.", hint="Give a number from 1 up.")
    refuse_inside_itself()
    subject = Subject(make, remake)
    subject.outside.restore()
    result = backtest(subject.make())
    subject.outside.restore()
    steady = stability(subject)
    search = LookAhead(subject, cuts, with_decisions=steady.decisions, with_logs=steady.logs)
    warm_up = WarmUp(subject)
    findings = [*search.findings(progress), *HeldData(subject).findings()]
    findings += () if findings else foretelling_orders(subject)
    findings += warm_up.findings() if steady.decisions else ()
    findings += [steady.finding] if steady.finding else []
    findings += [*survivorship(subject), *optimism(subject)]
    findings.sort(key=lambda each: (_GRAVEST_FIRST.index(each.gravity), tuple(LeakKind).index(each.kind)))
    notes = {
        LeakKind.LOOK_AHEAD: f"{search.replays} replays of other histories, {_decisions(subject)} in the run",
        LeakKind.REPAINTING: f"{len(subject.whole.lines)} indicators, {search.replays} replays",
        LeakKind.WARM_UP: f"{warm_up.compared} comparisons with less history, {subject.warmup:,} bars declared",
        LeakKind.UNSTABLE: "the same run again, and on another day",
        LeakKind.SURVIVORSHIP: f"{len(subject.market.symbols)} symbols",
        LeakKind.OPTIMISM: "fills, sizes and limits of the run",
    }
    unmade = set() if steady.decisions else {LeakKind.LOOK_AHEAD, LeakKind.WARM_UP}
    unmade |= set() if warm_up.compared else {LeakKind.WARM_UP}
    checks = tuple(_check(kind, findings, notes[kind], is_made=kind not in unmade) for kind in LeakKind)
    leaks = [each for each in findings if each.kind in (LeakKind.LOOK_AHEAD, LeakKind.REPAINTING)]
    result = result.with_evidence(leaks=len(leaks), leak_summary=leaks[0].sentence if leaks else "")
    name = ", ".join(strategy.name for strategy in subject.plan.strategies)
    return CheckReport(name, checks, tuple(findings), result, _why_interpreted(subject))


def _why_interpreted(subject: Subject) -> str | None:
    """Why the strategy would not run as machine code; None where it would."""
    strategies = subject.fresh_plan().strategies
    if len(strategies) > 1:
        return "Several strategies share the account."
    try:
        with subject.still():
            return compiles(strategies[0], subject.series)
    except TradewrightError as error:
        return error.message


def _decisions(subject: Subject) -> str:
    count = len(subject.whole.intents)
    return f"{count:,} decision{'' if count == 1 else 's'}"


def _check(kind: LeakKind, findings: list[LeakFinding], note: str, *, is_made: bool) -> Check:
    """How one question ended."""
    found = [finding for finding in findings if finding.kind is kind]
    failed = sum(finding.is_failure for finding in found)
    if failed:
        return Check(str(kind), Answer.FAILED, f"{failed} finding{'' if failed == 1 else 's'} ({note})")
    if not is_made:
        return Check(str(kind), Answer.NOT_MADE, _WHY_NOT[kind])
    if found:
        return Check(str(kind), Answer.NOTICE, found[0].sentence)
    return Check(str(kind), Answer.PASSED, note)


_WHY_NOT = {
    LeakKind.LOOK_AHEAD: "Decisions cannot be compared: the same run decides differently each time.",
    LeakKind.WARM_UP: "There are too few bars, or the strategy counts them from the first one.",
}

"""The use case: check a strategy for bias over stored bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.app.backtest import backtest
from tradewright.domain.leaks import LeakKind

from .look_ahead import look_ahead
from .report import Answer, Check, CheckReport
from .subject import Subject

if TYPE_CHECKING:
    from collections.abc import Callable

    from tradewright.engine.plan import RunPlan

__all__ = ["CUTS", "check"]

CUTS = 48
"""Bars after which a history is cut, unless another number is asked for."""


def check(
    make: Callable[[], RunPlan], *, cuts: int = CUTS, progress: Callable[[int, int], None] | None = None
) -> CheckReport:
    """Check the strategies of a plan.

    Parameters
    ----------
    make : callable
        Gives the plan anew, with strategies that have not run.
    cuts : int
        How many bars the history is cut after.
    progress : callable, optional
        Called with (cuts done, cuts).
    """
    subject = Subject(make)
    result = backtest(subject.make())
    seen = look_ahead(subject, cuts, progress)
    findings = tuple(seen.findings)
    checks = []
    for kind in (LeakKind.LOOK_AHEAD, LeakKind.REPAINTING):
        count = sum(finding.kind is kind for finding in findings)
        answer = Answer.FAILED if count else Answer.PASSED
        checks.append(Check(str(kind), answer, f"{count} found in {seen.replays} replays"))
    summary = findings[0].sentence if findings else ""
    result = result.with_evidence(leaks=len(findings), leak_summary=summary)
    name = ", ".join(strategy.name for strategy in subject.plan.strategies)
    return CheckReport(name, tuple(checks), findings, result)

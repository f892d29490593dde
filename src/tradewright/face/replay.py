"""`tw.replay`: a recorded session once more, decision by decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.face.backtest import strategies_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradewright.app.live.replay import FillDrift, ReplayReport
    from tradewright.reporting.result import Result
    from tradewright.strategy.base import Strategy

__all__ = ["Replay", "compare_fills", "replay"]


class Replay:
    """What a replay came to.

    Attributes
    ----------
    report : ReplayReport
        Inputs, rows and decisions that were gone through, and the first difference.
    """

    def __init__(self, session: str, report: ReplayReport) -> None:
        self.session = session
        self.report = report

    @property
    def is_identical(self) -> bool:
        """Whether every decision was the one of the day."""
        return self.report.difference is None

    @property
    def difference(self) -> str | None:
        """Bar, field and both values of the first difference; None where there is none."""
        return None if self.report.difference is None else str(self.report.difference)

    @property
    def result(self) -> Result:
        """The session as the result of a run.

        Raises
        ------
        ParityError
            Where the replay came to something else.
        """
        from tradewright.domain.errors import ParityError
        from tradewright.reporting.result import Result

        if self.report.record is None:
            raise ParityError(f"The session {self.session} cannot be shown: {self.difference or 'it saw no bar.'}")
        return Result(self.report.record)

    def __repr__(self) -> str:
        found = "identical" if self.is_identical else self.difference
        return f"<Replay of {self.session}: {self.report.inputs} inputs, {self.report.decisions} orders, {found}>"


def replay(
    session: str, strategy: Any = None, *, params: Any = None, progress: Callable[[int], None] | None = None
) -> Replay:
    """Give the recorded bars, fills and acknowledgements of a session to a fresh engine, at their recorded places.

    Parameters
    ----------
    session : str
        Its name.
    strategy : Strategy class, function, or a list of them, optional
        To hold other code against the record; the recorded text by default.
    params : mapping, optional
        Of that other code.
    progress : callable, optional
        Called with the number of inputs done.

    Raises
    ------
    DataNotAvailableError
        When there is no session of that name.
    """
    from tradewright.app.live.about import opening_again
    from tradewright.app.live.replay import replay as replay_log
    from tradewright.bootstrap.session_logs import session_logs

    log = session_logs().read(session)
    return Replay(session, replay_log(log, opening_again(log.about, _maker(strategy, params)), progress))


def compare_fills(session: str) -> FillDrift:
    """Run the recorded bars of a session on simulated fills, and compare them with those of the day."""
    from tradewright.app.live.about import opening_again
    from tradewright.app.live.replay import compare_fills as compare
    from tradewright.bootstrap.session_logs import session_logs

    log = session_logs().read(session)
    return compare(log, opening_again(log.about))


def _maker(strategy: Any, params: Any) -> Callable[[], Sequence[Strategy]] | None:
    return None if strategy is None else (lambda: strategies_of(strategy, params))

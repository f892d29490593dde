"""The engine of a session in this process: `tradewright.ports.session_core.SessionCore` without a deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.live.session import Row
from tradewright.engine.live.words import plain_standings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradewright.domain.live.session import Input, Output
    from tradewright.domain.record import RunRecord
    from tradewright.engine.live.session import SessionEngine

    from .opening import Opening

__all__ = ["LocalCore"]


class LocalCore:
    """Takes inputs as they come; the engine opens with the history that came before the first row that acts.

    Parameters
    ----------
    opening : Opening
    remembers : bool
        Whether everything stays in memory, so that `record` can be asked for; else what is over leaves it.
    """

    def __init__(self, opening: Opening, *, remembers: bool = False) -> None:
        self._opening = opening
        self._remembers = remembers
        self._history: list[Row] = []
        self._engine: SessionEngine | None = None
        self._say: Callable[[int], None] | None = None

    def answer(self, given: Input) -> tuple[Output, ...]:
        """Take the next input; see `SessionCore.take`."""
        if self._engine is None and isinstance(given, Row) and not given.acts:
            self._history.append(given)
            return ()
        return self.engine().take(given)

    def watched_by(self, say: Callable[[int], None]) -> None:
        """Let somebody know which strategy is about to run, and -1 when none is."""
        self._say = say
        if self._engine is not None:
            self._engine.loop.asking = say

    def engine(self) -> SessionEngine:
        """The engine, opened where it was not yet; errors as of `Opening.engine`."""
        if self._engine is None:
            self._engine = self._opening.engine(self._history, remembers=self._remembers)
            if self._say is not None:
                self._engine.loop.asking = self._say
            self._history = []
        return self._engine

    def standing(self) -> Mapping[str, Any]:
        """How the session stands; see `SessionCore.standings`."""
        if self._engine is None and not self._opening.is_possible(self._history):
            return {}
        return plain_standings(self.engine().standings())

    def finish(self) -> tuple[Output, ...]:
        """There are no more rows; see `SessionCore.stop`. Before the first that acts nobody was asked anything."""
        return () if self._engine is None else self._engine.stop()

    def record(self) -> RunRecord:
        """The record of everything up to now, as of a backtest; errors as of `SessionEngine.record`."""
        return self.engine().record()

    async def take(self, given: Input) -> tuple[Output, ...]:
        """See `SessionCore.take`."""
        return self.answer(given)

    async def standings(self) -> Mapping[str, Any]:
        """See `SessionCore.standings`."""
        return self.standing()

    async def stop(self) -> tuple[Output, ...]:
        """See `SessionCore.stop`."""
        return self.finish()

    def close(self) -> None:
        """Nothing is held that would not go by itself."""

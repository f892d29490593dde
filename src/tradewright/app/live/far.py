"""The engine of a session in a process of its own, which is ended when a strategy does not come back."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ResourceError, StrategyHungError
from tradewright.ports.executor import Work

from .about import opening_again
from .core import LocalCore
from .parcels import packed, packed_all, unpacked, unpacked_all
from .practice import practice_opening

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.session_core import SessionCore
    from tradewright.ports.solo import Solo

__all__ = ["FarCore", "far_work", "opens_beside"]


def far_work(words: Mapping[str, Any]) -> Work:
    """The work of the other process."""
    return Work(make=_opened, given=dict(words))


def _opened(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Callable[[Any], Any]:
    opening, board = opening_again(words), arrays["board"]
    core, practising = LocalCore(opening), LocalCore(opening)

    def say(strategy: int) -> None:
        board[0] = strategy

    def answer(task: tuple[str, Any]) -> Any:
        nonlocal practising
        what, given = task
        if what in (PRACTISE_ANEW, PRACTISE):
            if what == PRACTISE_ANEW:
                practising = LocalCore(practice_opening(opening))
            return packed_all(practising.answer(unpacked(given)))
        if what == "take":
            core.watched_by(say)
            return packed_all(core.answer(unpacked(given)))
        core.watched_by(say)
        return core.standing() if what == "standings" else packed_all(core.finish())

    return answer


PRACTISE, PRACTISE_ANEW = "practise", "practise anew"


class FarCore:
    """See `tradewright.ports.session_core.SessionCore`.

    Parameters
    ----------
    solo : Solo
        Made for `far_work`.
    deadline_s : float
        How long one strategy may take over one callback.
    names : sequence of str
        Of the strategies, for sentences.
    """

    def __init__(self, solo: Solo, deadline_s: float, names: tuple[str, ...]) -> None:
        self._solo = solo
        self._deadline_s = deadline_s
        self._names = names
        self._turn = asyncio.Lock()
        self._lost: StrategyHungError | None = None

    async def take(self, given: Input) -> tuple[Output, ...]:
        """See `SessionCore.take`."""
        return unpacked_all(await self._ask("take", packed(given)))

    async def standings(self) -> Mapping[str, Any]:
        """See `SessionCore.standings`."""
        found: Mapping[str, Any] = await self._ask("standings", None)
        return found

    async def stop(self) -> tuple[Output, ...]:
        """See `SessionCore.stop`."""
        return unpacked_all(await self._ask("stop", None))

    def practising(self) -> SessionCore:
        """Another engine in the same process, which practises."""
        return _PractisingCore(self._ask)

    async def _ask(self, what: str, given: Any) -> Any:
        async with self._turn:
            return await self._asked(what, given)

    async def _asked(self, what: str, given: Any) -> Any:
        if self._lost is not None:
            raise self._lost
        try:
            return await self._solo.ask((what, given), self._deadline_s)
        except TimeoutError:
            number = self._solo.board
            self._solo.kill()
            # Whoever asks next hears the same, be it the session or its practice.
            self._lost = StrategyHungError(
                f"{self._name(number)} did not come back within {self._deadline_s:g} s.", strategy=number
            )
            raise self._lost from None
        except ResourceError as error:
            number = self._solo.board
            self._lost = StrategyHungError(f"{self._name(number)} ended its process: {error.message}", strategy=number)
            raise self._lost from error

    def _name(self, number: int) -> str:
        return self._names[number] if 0 <= number < len(self._names) else "The engine"

    def close(self) -> None:
        """See `SessionCore.close`."""
        self._solo.kill()


def opens_beside(core: SessionCore) -> Callable[[], SessionCore] | None:
    """What opens an engine that practises in the process of another one; None where that is this process."""
    return core.practising if isinstance(core, FarCore) else None


class _PractisingCore:
    """Takes what is practised; the first of it begins anew over there."""

    def __init__(self, ask: Callable[[str, Any], Awaitable[Any]]) -> None:
        self._ask = ask
        self._has_begun = False

    async def take(self, given: Input) -> tuple[Output, ...]:
        """See `SessionCore.take`."""
        what, self._has_begun = PRACTISE if self._has_begun else PRACTISE_ANEW, True
        return unpacked_all(await self._ask(what, packed(given)))

    async def standings(self) -> Mapping[str, Any]:
        """Nobody asks how practice stands."""
        return {}

    async def stop(self) -> tuple[Output, ...]:
        """Nobody is told."""
        return ()

    def close(self) -> None:
        """The process is the session's."""

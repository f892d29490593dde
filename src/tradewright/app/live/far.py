"""The engine of a session in a process of its own, which is ended when a strategy does not come back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import ResourceError, StrategyHungError
from tradewright.ports.executor import Work

from .about import opening_again
from .core import LocalCore
from .parcels import packed, packed_all, unpacked, unpacked_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from tradewright.domain.live.session import Input, Output
    from tradewright.ports.solo import Solo

__all__ = ["FarCore", "far_work"]


def far_work(words: Mapping[str, Any]) -> Work:
    """The work of the other process."""
    return Work(make=_opened, given=dict(words))


def _opened(words: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Callable[[Any], Any]:
    core, board = LocalCore(opening_again(words)), arrays["board"]

    def say(strategy: int) -> None:
        board[0] = strategy

    def answer(task: tuple[str, Any]) -> Any:
        what, given = task
        if what == "take":
            core.watched_by(say)
            return packed_all(core.answer(unpacked(given)))
        core.watched_by(say)
        return core.standing() if what == "standings" else packed_all(core.finish())

    return answer


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

    async def _ask(self, what: str, given: Any) -> Any:
        try:
            return await self._solo.ask((what, given), self._deadline_s)
        except TimeoutError:
            number = self._solo.board
            self._solo.kill()
            raise StrategyHungError(
                f"{self._name(number)} did not come back within {self._deadline_s:g} s.", strategy=number
            ) from None
        except ResourceError as error:
            number = self._solo.board
            raise StrategyHungError(
                f"{self._name(number)} ended its process: {error.message}", strategy=number
            ) from error

    def _name(self, number: int) -> str:
        return self._names[number] if 0 <= number < len(self._names) else "The engine"

    def close(self) -> None:
        """See `SessionCore.close`."""
        self._solo.kill()

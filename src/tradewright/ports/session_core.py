"""The socket for the engine of a session: in this process, or in one of its own that can be ended when it hangs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradewright.domain.live.session import Input, Output

__all__ = ["SessionCore"]


class SessionCore(Protocol):
    """Takes inputs one after the other.

    Raises
    ------
    StrategyHungError
        From every method, when a strategy did not come back in time; then nothing more can be asked of this core, and
        another one is to be opened and given the record.
    StrategyError
        When the core came to its end by itself.
    """

    async def take(self, given: Input) -> tuple[Output, ...]:
        """Take the next input; what the engine says to it."""
        ...

    async def standings(self) -> Mapping[str, Any]:
        """How the session stands, as JSON words: money, positions, orders, who is retired or paused.

        Empty before every symbol has had a bar.
        """
        ...

    async def stop(self) -> tuple[Output, ...]:
        """There are no more rows: tell the strategies; what they still say."""
        ...

    def close(self) -> None:
        """End it, whatever it does."""
        ...

"""The socket for whoever decides which parameters are tried next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradewright.domain.search import Trial

__all__ = ["Sampler"]


class Sampler(Protocol):
    """Asks for trials, batch by batch, and is told what came of them.

    Its questions depend on its seed and on what it was told, in the order of trial numbers, on nothing else: a search
    that goes on after a crash replays the answers and is asked the same questions.
    """

    @property
    def name(self) -> str:
        """``"grid"``, ``"random"``, ``"tpe"``, ``"nsga2"``, or what a plug-in calls itself."""
        ...

    @property
    def batch(self) -> int | None:
        """Questions that may be asked before answers are needed; None where answers do not matter."""
        ...

    @property
    def total(self) -> int | None:
        """How many trials there will be, at most; None where it is not known."""
        ...

    def ask(self, most: int) -> list[Mapping[str, Any]]:
        """The next parameters, at most so many; empty when there are no more."""
        ...

    def tell(self, trials: Sequence[Trial]) -> None:
        """What came of what was asked, in order of number."""
        ...

"""What is said of a walk as a whole: how much of training was left out of sample, how the parameters moved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Steadiness", "WalkNumbers"]


class Steadiness(Protocol):
    """How the choice of one parameter moved over the folds; `dispersion` and `changes` are None for a reason."""

    @property
    def name(self) -> str:
        """Of the parameter."""

    @property
    def values(self) -> Sequence[Any]:
        """The choice of each fold; None where nothing was chosen."""

    @property
    def usual(self) -> Any:
        """The most frequent choice."""

    @property
    def usual_share(self) -> float:
        """Share of the choices that took it."""

    @property
    def changes(self) -> float | None:
        """Share of the steps from one choice to the next at which it changed."""

    @property
    def dispersion(self) -> float | None:
        """Deviation of the choices, with the range searched as 1: 0 never moved, 0.29 is what chance would do."""

    @property
    def reason(self) -> str | None:
        """Why there is no dispersion."""


@dataclass(frozen=True, slots=True)
class WalkNumbers:
    """Efficiency and stability of a walk.

    Parameters
    ----------
    efficiency : float or None
        Annualised return out of sample over that in training, over all folds together.
    efficiency_reason : str or None
        Why there is none.
    stability : sequence of Steadiness
        One per parameter.
    """

    efficiency: float | None = None
    efficiency_reason: str | None = None
    stability: Sequence[Steadiness] = ()

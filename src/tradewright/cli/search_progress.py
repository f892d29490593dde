"""Progress of a search: how many trials, how fast, how long still, and the best so far with how many were tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from .channel import channel
from .progress import Progress

if TYPE_CHECKING:
    from types import TracebackType

    from tradewright.domain.search import Trial

__all__ = ["SearchProgress"]


class SearchProgress:
    """Called as `tradewright.optimize` calls its progress.

    Parameters
    ----------
    label : str
        What the search looks for, as it is shown beside the best so far.
    quiet : bool
        Whether nothing is shown.
    progress : Progress, optional
    """

    def __init__(self, label: str, *, quiet: bool = False, progress: Progress | None = None) -> None:
        self._label = label
        self._progress = progress or Progress("Searching", "trials", quiet=quiet)
        self.done: int | None = None

    def __enter__(self) -> Self:
        self._progress.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._progress.__exit__(kind, error, where)

    def begun(self, search_id: str) -> None:
        """Tell whoever started it under which id its trials are counted."""
        channel().search(search_id)

    def __call__(self, done: int, total: int | None, best: Trial | None) -> None:
        """Tell how many trials are done, of how many where that is known, and the best of them."""
        if self.done is None:
            # What was kept of an earlier time cost no time now.
            self._progress.begin_at(done)
        self.done = done
        self._progress(done, total, self._best(best, done))

    def _best(self, best: Trial | None, done: int) -> str:
        if best is None or best.value is None:
            return ""
        params: dict[str, Any] = dict(best.params)
        found = ", ".join(f"{name}={value:.6g}" if isinstance(value, float) else f"{name}={value}"
                          for name, value in params.items())  # fmt: skip
        return f"best {self._label} of {done:,} trials {best.value:.4g} ({found})"

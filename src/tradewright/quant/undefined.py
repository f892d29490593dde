"""The refusal of a number that does not exist."""

from __future__ import annotations

from tradewright.domain.errors import TradewrightError

__all__ = ["Undefined"]


class Undefined(TradewrightError):  # noqa: N818 - an answer of mathematics, not a mistake of the caller
    """A metric has no value for these inputs.

    Reporting turns it into ``None`` beside the reason; no metric ever answers 0, infinity or a placeholder instead.

    Parameters
    ----------
    reason : str
        One clause that reads after "undefined because", e.g. ``"there are no closed trades"``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

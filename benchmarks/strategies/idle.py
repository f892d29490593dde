"""P1b: a strategy that does nothing."""

from __future__ import annotations

from tradewright import Strategy


class Idle(Strategy):
    """Is called on every bar and never trades: what remains is the engine's own cost."""

    def on_bar(self, ctx) -> None:  # noqa: ANN001 - as in the interface's example
        """Do nothing."""

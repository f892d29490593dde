"""From whatever an author wrote to a `Strategy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradewright.domain.errors import StrategyError

from .base import Strategy

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["as_strategy"]


def as_strategy(source: Any, params: Mapping[str, Any] | None = None) -> Strategy:
    """Make a fresh strategy from a class, with parameters in place of its defaults.

    Raises
    ------
    StrategyError
        When the source is nothing that can trade.
    ConfigError
        For a parameter it does not have.
    """
    if isinstance(source, type) and issubclass(source, Strategy):
        return source.with_params(params or {})
    raise StrategyError(
        f"{source!r:.80} is not a strategy.", hint="Pass a Strategy class, a function of ctx, or a list of them."
    )

"""Margin accounts in words, as options and settings write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradewright.domain.errors import ConfigError

if TYPE_CHECKING:
    from tradewright.simulation.costs import Margin

__all__ = ["margin_of"]


def margin_of(text: str, *, shorts: bool = True) -> Margin:
    """A margin account in words.

    Parameters
    ----------
    text : str
        ``INITIAL`` or ``INITIAL,MAINTENANCE``, each a fraction; the maintenance is 0.25 unless given.
    shorts : bool
        Whether it may sell short.

    Raises
    ------
    ConfigError
        When it is neither, or the fractions cannot be used.
    """
    from tradewright.simulation.costs import Margin

    try:
        initial, *rest = [float(part) for part in text.split(",")]
        (maintenance,) = rest or [0.25]
    except ValueError:
        raise ConfigError(f"The margin '{text}' cannot be read.", hint="Write initial,maintenance: 0.5,0.25.") from None
    return Margin(initial, maintenance, shorts)

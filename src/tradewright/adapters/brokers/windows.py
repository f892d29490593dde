"""Windows of a venue as settings name them: how late it may accept, show, and give a sign of life."""

from __future__ import annotations

import math

from tradewright.domain.errors import ConfigError

__all__ = ["WINDOWS", "seconds_of"]

WINDOWS = ("accept_delay_s", "index_lag_s", "heartbeat_s")
"""Names of the options, those of `tradewright.domain.live.venue.Capabilities`."""


def seconds_of(name: str, text: str) -> float:
    """A window from its text.

    Raises
    ------
    ConfigError
        When it is no positive number of seconds.
    """
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.0 < seconds < math.inf:
        raise ConfigError(f"The option {name} of a broker cannot be '{text}'.", hint="Give seconds, as 30.")
    return seconds

"""From how many symbol bars on machine code is over sooner than the interpreter, by what lies in the cache."""

from __future__ import annotations

__all__ = ["PAYS_WHEN_CACHED", "PAYS_WHEN_COLD", "PAYS_WHEN_NEW"]

PAYS_WHEN_CACHED = 2_000_000
"""Symbol bars from which loading machine code costs less than it saves."""

PAYS_WHEN_NEW = 4_000_000
"""Symbol bars from which compiling a strategy does, where the rules lie in the cache."""

PAYS_WHEN_COLD = 40_000_000
"""Symbol bars from which compiling the rules as well does: that takes up to a quarter of a minute."""

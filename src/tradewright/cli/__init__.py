"""The command line, thin over the wiring and the use cases.

Commands and their libraries load when they are called, and a mistake gets one sentence and a hint. No computation
lives here, and nothing may import this room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line; see `entry.main`."""
    try:
        from .entry import main as run
    except KeyboardInterrupt:
        # Stopped before the program itself was there: the exit code is the same, there is nothing to tell.
        return 130
    return run(args)

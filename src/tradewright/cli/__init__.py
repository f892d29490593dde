"""The command line, thin over the wiring and the use cases.

Commands and their libraries load when they are called, and a mistake gets one sentence and a hint. No computation
lives here, and nothing may import this room.
"""

from __future__ import annotations

from .entry import main

__all__ = ["main"]

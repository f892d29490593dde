"""The fixtures of the command line."""

from __future__ import annotations

from tests.command_line import desk, tw

__all__ = ["desk", "tw"]

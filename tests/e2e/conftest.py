"""The fixtures of the command line, and the browser."""

from __future__ import annotations

from tests.browser import running
from tests.command_line import desk, tw

__all__ = ["desk", "running", "tw"]

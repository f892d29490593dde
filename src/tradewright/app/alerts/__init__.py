"""What a person is told of: rules look at events and readings, a desk raises and resolves, a post room sends.

Rules and channels are data that the settings say. Nothing here opens a channel's line, reads a clock or knows where a
job or a session runs: all of it comes by ports, and `AlertWatch.run_once` is the one thing that is called, again and
again.
"""

from __future__ import annotations

__all__: list[str] = []

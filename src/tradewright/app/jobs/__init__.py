"""Jobs: work that is queued, runs in a process of its own, and is told step by step.

A job is a command line, so that its numbers are those of the command line. What stands here decides what is run, when
it is stopped, and what is said of its end; processes, queue and clock come through ports.
"""

from __future__ import annotations

__all__: list[str] = []

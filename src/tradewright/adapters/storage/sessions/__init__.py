"""The record of paper and live sessions on a disk: a folder each, with every input and output in frames.

What a process wrote survives its death, for the system has it; nothing is forced onto the disk, for after a loss of
power the journal of orders says what is true, not the record of a session.
"""

from __future__ import annotations

__all__: list[str] = []

"""Where log lines go: a file that several processes write, and that is changed for a new one when it has grown.

What a line says, and what is taken out of it, is not decided here.
"""

from __future__ import annotations

__all__: list[str] = []

"""What an author imports: the strategy, its parameters, its context and lines, and the other forms it may take.

Each form is recognised when it is loaded and adapted to one contract, so that the engine knows only one. Nothing here
knows how orders are matched, where bars come from or in which mode it runs.
"""

from __future__ import annotations

__all__: list[str] = []

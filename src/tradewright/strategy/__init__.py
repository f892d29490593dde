"""What an author imports: strategies, their parameters, indicator lines and the context they act through.

Strategies come as classes, functions, coroutines, signal plug-ins and the forms of other platforms; each is adapted to
one `Strategy` here, so that the engine knows only that. Nothing here sends, fills or files anything: orders leave
through the desk that the engine provides.
"""

from __future__ import annotations

__all__: list[str] = []

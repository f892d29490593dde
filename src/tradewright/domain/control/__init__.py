"""The words of the control room: who may do what, work that runs by itself, what happened, and what a person must know.

Values only. How they are kept is told by the ports, what may follow from what is decided in `app`; no clock, no web and
no database is known here.
"""

from __future__ import annotations

__all__: list[str] = []

"""Processes of their own for jobs: started with limits, read without waiting, ended with all that they started.

They need a POSIX system. What a job is, and what becomes of it, is not known here.
"""

from __future__ import annotations

__all__: list[str] = []

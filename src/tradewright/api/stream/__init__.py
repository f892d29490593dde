"""What happens, told as it happens: one socket to a reader, events numbered by topic, taken up where it stopped."""

from __future__ import annotations

__all__: list[str] = []

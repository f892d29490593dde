"""Who decides which parameters are tried next, where a library decides it; behind `tradewright.ports.sampler`."""

from __future__ import annotations

__all__: list[str] = []

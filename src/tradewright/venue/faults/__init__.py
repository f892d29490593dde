"""Faults on purpose: what a network and a tired venue do to requests, answers and events, by seed."""

from __future__ import annotations

__all__: list[str] = []
